"""The report answers first, warns before the numbers, fetches nothing and escapes everything."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from igrsim.places.outlines import load_outlines
from igrsim.report import write_report
from igrsim.report.evidence import footing, grades, spread
from igrsim.report.wording import Finding, answer, in_short
from igrsim.results.results import Results
from igrsim.views.metric import metric_of, metrics_of
from made_up_study import write_study

ARM = "district-hub-core"


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return write_report(results.folder).read_text(encoding="utf-8")


class _Tags(HTMLParser):
    """Every tag opened must be closed; addresses are collected."""

    empty = frozenset({"meta", "img", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href")]
        if tag not in self.empty:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_self_contained_and_well_formed(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert all(address.startswith(("data:image/svg+xml;base64,", "#")) for address in tags.addresses)
    assert not re.search(r"<script|url\(|@import", page)
    assert "<img" in page
    assert 'alt=""' not in page


def test_order_of_the_sections(page: str) -> None:
    wanted = ["answer", "caveat", "arms", "numbers", "time", "maps", "ledger", "losers", "evidence", "sources", "again"]
    assert re.findall(r'<section[^>]* id="(\w+)"', page) == wanted


def test_everything_is_escaped(page: str) -> None:
    assert "&lt;duplication&gt; &amp; $burden$" in page
    assert "<duplication>" not in page


def test_answer_and_caveat_come_before_any_table(page: str) -> None:
    assert page.index("exactly no difference") < page.index('id="caveat"') < page.index("<table")


def test_every_metric_is_in_the_table_with_its_verdict(page: str, results: Results) -> None:
    for metric in metrics_of(results):
        assert f">{metric.title}<" in page
    for verdict in results.effects()["verdict"].unique():
        assert verdict in page


def test_share_of_assumed_numbers_is_said(page: str) -> None:
    assert "4 of the 8 numbers the model rests on (50.0\u202f%) are assumptions" in page


def test_figures_lie_beside_the_report(page: str, results: Results) -> None:
    names = {file.name for file in (results.folder / "figures").iterdir()}
    assert {"contrasts.svg", "contrasts.png", "over_time.svg", "ledger.png", f"maps-meeting_hours-{ARM}.svg"} <= names


def test_same_bytes_again_and_no_trace_of_the_run(page: str, results: Results) -> None:
    manifest = json.loads((results.folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["run"] = {"seconds": 98765.4, "workers": 77}
    (results.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert write_report(results.folder).read_text(encoding="utf-8") == page
    assert str(results.folder) not in page


def test_failed_checks_are_not_hidden(page: str) -> None:
    assert "<td>NO</td>" in page


def test_own_boundaries_are_drawn_and_the_caveat_goes(page: str, tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "MultiPolygon", "coordinates": [[np.round(ring, 1).tolist()] for ring in rings]},
        }
        for code, rings in load_outlines().items()
    ]
    boundaries = tmp_path / "official.geojson"
    boundaries.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    study = write_study(tmp_path / "study")
    own = write_report(study, boundaries=boundaries).read_text(encoding="utf-8")
    assert "not legal boundaries" in page
    assert "not legal boundaries" not in own
    assert own != page


@pytest.mark.parametrize(
    "study",
    [
        {"worlds": 1, "spaces": ["TT"], "months": 14},
        {"arms": ("siloed", "one-stop", ARM), "months": 14, "worlds": 2, "spaces": ["TT"]},
        {"same": True, "months": 14, "spaces": ["TT"]},
        {"arms": ("siloed",), "months": 14, "spaces": ["TT"]},
    ],
    ids=["one invented space and one pair", "three arms", "A against A", "reference alone"],
)
def test_unusual_studies_are_reported(study: dict[str, object], tmp_path: Path) -> None:
    page = write_report(write_study(tmp_path, **study)).read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert page.rstrip().endswith("</html>")
    assert not re.search(r"\bnan\b|\bNone\b|Undefined", re.sub(r"base64,[^\"]*", "", page))


def _finding(results: Results, **given: object) -> Finding:
    found = Finding(metric_of(results, "meeting_hours"), ARM, "siloed", 121.0, 3.0, 1.0, 5.0, 1.0, 8, "higher, worse")
    return replace(found, **given)  # type: ignore[arg-type]


def test_answers_in_words(results: Results) -> None:
    nan = float("nan")
    said = answer(_finding(results))
    assert "118 under siloed: 3.00 hours per municipality and month higher, 2.5\u202f% of its level" in said
    assert "(95 % interval +1.00 to +5.00)." in said
    assert "75\u202f% of 8 pairs of runs are higher" in answer(_finding(results, low=-1.0, agree=0.75))
    assert "under both" in answer(_finding(results, difference=0.0, low=0.0, high=0.0))
    assert "A single pair" in answer(_finding(results, low=nan, high=nan, pairs=1))
    assert "nothing to measure" in answer(_finding(results, mean=nan, difference=nan))


def test_in_short_says_what_an_arm_does(results: Results) -> None:
    verdicts = ["lower, better", "probably higher, worse", "exactly no difference", "cannot tell"]
    on_average = ["lower on average, better", "no material difference on average", "probably no material difference"]
    said = in_short(_finding(results, verdict=verdict) for verdict in on_average)
    assert "lowers " in said or "raises " in said
    assert said.count(" on average") == 2
    assert "probably makes no material difference to" in said
    said = in_short(_finding(results, verdict=verdict) for verdict in verdicts)
    for words in ("raises", "probably", "exactly as it was", "leaves open"):
        assert words in said
    assert said.count(".") == 1


def test_grades_and_widest_assumptions(results: Results) -> None:
    params = results.manifest["params"]
    assert grades(params).counts == {"seed": 2, "measured": 1, "derived": 1, "assumed": 4}
    rests = footing(metric_of(results, "duplicate_spend_share"), params)
    assert [param["name"] for param in rests.widest] == ["sight.decay", "planning.notice"]
    assert spread({"low": 1, "high": 3, "default": 0}) == float("inf")
    assert grades([]).share("seed") == 0
