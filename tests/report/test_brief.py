"""The brief: every number of both pages is its table's, one A4 sheet whatever the study, and a null reads as a null."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography
from igrsim.report.brief import write_brief
from igrsim.report.brief.drawing import DARK, LIGHT, WHITE
from igrsim.report.brief.measures import MOST, advised_on, by_rule, measured
from igrsim.report.brief.naming import arm_called
from igrsim.report.brief.traced import Number, told
from igrsim.results.effects import effect
from igrsim.results.results import Results
from made_up_study import METRICS, SIX, write_rivals, write_sensed, write_study

BETTER = {str(m["name"]): str(m["better"]) for m in METRICS}
UNIT = {str(m["name"]): str(m["unit"]) for m in METRICS}
ALL_SPACES = tuple(load_geography().spaces.codes)


@dataclass
class Page(HTMLParser):
    """A written page: its text in order, its traced numbers, and the text that is traced to nothing."""

    text: list[str] = field(default_factory=list)
    numbers: list[tuple[dict[str, str], str]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    judged: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in ("meta", "rect"):
            return
        self._open.append((tag, given))
        if given.get("class") == "measure":
            self.measures.append(given["data-metric"])

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "rect"):
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if "main" not in tags:
            return
        self.text.append(data)
        tag, given = self._open[-1]
        if "data-how" in given:
            self.numbers.append((given | {"value": given.get("value", given.get("data-value", ""))}, data))
        elif given.get("class") != "name":
            self.loose.append(data)
        for _, outer in self._open:
            if "data-verdict" in outer and tag == "b":
                self.judged.append((outer, data))


def opened(file: Path) -> Page:
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def printed(file: Path) -> tuple[str, list[Any]]:
    reader = PdfReader(io.BytesIO(file.read_bytes()))
    return "".join(page.extract_text() for page in reader.pages), list(reader.pages)


def assert_one_sheet(file: Path) -> None:
    _, pages = printed(file)
    assert len(pages) == 1
    box = pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((595.28, 841.89), abs=0.01)


class Looked:
    """Numbers looked up in a study's tables by what the page says of them, without the code that wrote it."""

    def __init__(self, folder: Path, page: Page) -> None:
        self.folder, self.page = folder, page
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.reference = self.manifest["reference"]
        self.effects = pd.read_csv(folder / "effects.csv")
        self.names = [m["name"] for m in self.manifest["metrics"]]

    def up(self, given: dict[str, str]) -> float:
        row = dict(part.split("=", 1) for part in given["data-row"].split("; ")) if given["data-row"] else {}
        find = getattr(self, "_" + Path(given["data-table"]).stem.replace("-", "_"))
        return float(find(row, given["data-column"], given["data-how"]))

    def _effects(self, row: dict[str, str], column: str, how: str) -> float:
        mine = self.effects[self.effects["arm"] == row["arm"]]
        if "metric" in row:
            found = mine[mine["metric"] == row["metric"]]
            assert len(found) == 1
            one = found.iloc[0]
            return {"as it stands": lambda: one[column], "mean less difference": lambda: one["mean"] - one["difference"],
                    "one less the share": lambda: 1 - one[column]}[how]()  # fmt: skip
        others = mine[~mine["metric"].isin(self.page.measures)]
        bad = others[others["verdict"].str.endswith("worse")]
        return {
            "most of any metric": lambda: mine["pairs"].max(),
            "metrics not shown": lambda: len(others),
            "metrics not shown whose verdict is worse": lambda: len(bad),
            "metrics not shown whose verdict is worse, surely": lambda: bad["verdict"].str.match("higher, |lower, ").sum(),
        }[how]()  # fmt: skip

    def _pairs(self, frame: pd.DataFrame, keys: list[str], column: str, arm: str) -> dict[Any, pd.Series]:
        means = frame.groupby([*keys, "world", "future", "arm"])[column].mean().unstack("arm")
        return {key: pairs for key, pairs in means.groupby(level=keys)}  # noqa: C416

    def _judged_by(self, frame: pd.DataFrame, keys: list[str], column: str, how: str, row: dict[str, str]) -> float:
        arm = row["arm"]
        pairs = self._pairs(frame, keys, column, arm)
        if how == "mean paired difference":
            one = pairs[tuple(row[key] for key in keys)] if len(keys) > 1 else pairs[(row[keys[0]],)]
            return float((one[arm] - one[self.reference]).mean())
        verdicts = [
            effect(
                one[arm].to_numpy(float), one[self.reference].to_numpy(float), BETTER[column],
                futures=one.index.get_level_values("future").to_numpy(int),
                worlds=one.index.get_level_values("world").to_numpy(int),
            ).verdict
            for one in pairs.values()
        ]  # fmt: skip
        if how in ("spaces compared", "spaces of the study"):
            return len(pairs)
        said = "surely" in how
        return sum(v.endswith("worse") and (not said or not v.startswith("probably")) for v in verdicts)

    def _spaces(self, row: dict[str, str], column: str, how: str) -> float:
        return self._judged_by(pd.read_parquet(self.folder / "spaces.parquet"), ["space"], column, how, row)

    def _people(self, row: dict[str, str], column: str, how: str) -> float:
        frame = pd.read_parquet(self.folder / "people.parquet")
        return self._judged_by(frame, ["dimension", "group"], column, how, row)

    def _ledger(self, row: dict[str, str], column: str, how: str) -> float:
        assert "items funded twice left out" in how
        frame = pd.read_parquet(self.folder / "ledger.parquet")
        frame = frame[(frame["bearer"] == row["bearer"]) & (frame["account"] != "items funded twice")]
        by_arm = frame.groupby("arm")["rand"].sum()
        cells = frame.groupby("arm")["cell"].nunique()
        each = by_arm / cells / (self.manifest["months"] / 12) / 1e6
        return float(each[row["arm"]] - each[self.reference])

    def _runs(self, row: dict[str, str], column: str, how: str) -> float:
        assert how == "mean paired difference"
        wide = pd.read_parquet(self.folder / "runs.parquet").pivot(
            index=["world", "future"], columns="arm", values=column
        )
        return float((wide[row["arm"]] - wide[row["against"]]).mean())

    def _milestones(self, row: dict[str, str], column: str, how: str) -> float:
        table = pd.read_parquet(self.folder / "milestones.parquet")
        table = table[(table["arm"] == row["arm"]) & (table["milestone"] == row["milestone"])]
        assert (self.manifest["start"], self.manifest["months"]) == ("2019-04", 24)
        table = table[table["planned"] < "2021-04"]
        reached = table["reached"].notna()
        return {
            "planned within the study": lambda: len(table),
            "planned within the study and not reached": lambda: (~reached).sum(),
            "mean of those planned within the study and reached": lambda: table["months_late"][reached].mean(),
        }[how]()  # fmt: skip

    def _manifest(self, row: dict[str, str], column: str, how: str) -> float:
        if how == "as it stands":
            return float(self.manifest[column])
        if how == "how many":
            return len(self.manifest[column])
        if how == "schedules beyond those shown":
            return len(self.manifest["arms"]) - 2 - 8
        if how == "arms beyond those named":
            return len(self.manifest["arms"]) - 2 - 4
        assert how == "numbers of a grade"
        params = self.manifest["params"]
        if row["of"] != "all":
            metrics = row["of"].removeprefix("rests_on=").split(",")
            assert metrics == self.page.measures
            groups = {g for m in self.manifest["metrics"] if m["name"] in metrics for g in m["rests_on"]}
            params = [p for p in params if p["name"].split(".")[0] in groups]
        return sum(row["grade"] in ("any", p["grade"]) for p in params)

    def _design(self, row: dict[str, str], column: str, how: str) -> float:
        design = pd.read_parquet(self.folder / "design.parquet")
        return {
            "cells": lambda: len(design), "cells not done": lambda: (design["status"] != "done").sum(),
            "columns that are parameters": lambda: sum("." in c for c in design.columns),
        }[how]()  # fmt: skip

    def _sensitivity(self, row: dict[str, str], column: str, how: str) -> float:
        table = pd.read_csv(self.folder / "sensitivity.csv")
        mine = table[
            (table["arm"] == row["arm"]) & table["metric"].isin(row["metric"].split(",")) & table["beyond_chance"]
        ]
        mine = mine[mine["of"] == "difference"].drop_duplicates("parameter")
        return len(mine) if column == "parameter" else (mine["grade"] == "assumed").sum()


def assert_rounded(text: str, value: float, rounding: str) -> None:
    """What is printed is the value to the digits it says, and no other."""
    plain = text.replace("\u202f", "").replace("\u2212", "-").replace("%", "")
    shown = value * (100 if "per cent" in rounding else 1)
    if rounding == "none":
        assert plain == str(int(value))
        return
    digits = int(re.match(r"(\d+) significant", rounding).group(1))  # type: ignore[union-attr]
    assert float(plain) == float(f"{shown:.{digits - 1}e}")
    if text[:1] == "+":
        assert value > 0


@dataclass
class Written:
    folder: Path
    html: Path
    pdf: Path
    page: Page

    @property
    def answer(self) -> str:
        return re.search(r'<h1 class="answer">(.*?)</h1>', self.html.read_text(encoding="utf-8")).group(1)  # type: ignore[union-attr]


def brief_for(folder: Path, into: Path | None = None, **asked: Any) -> Written:
    html, pdf, _ = write_brief(Results(folder), into or folder, **asked)
    return Written(folder, html, pdf, opened(html))


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    change(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _long(manifest: dict[str, Any]) -> None:
    manifest["title"] = "Whether <hubs> & everything else, " * 40
    manifest["reproduce"]["command"] = "igrsim run " + "a-long-path/" * 90 + "study.toml"
    manifest["scope"] = ",".join(ALL_SPACES)


def _rolled_out(manifest: dict[str, Any]) -> None:
    for i, arm in enumerate(manifest["arms"][1:]):
        arm |= {"regime": "district-hub", "rollout": f"schedule-{i}"}


def with_milestones(folder: Path) -> Path:
    """Plans that come later the later a space stands in the list; in one they never come, in the last none is due."""
    design = pd.read_parquet(folder / "design.parquet")
    rows = [
        {**{k: cell[k] for k in ("cell", "arm", "future", "world")}, "space": space, "milestone": milestone,
         "planned": "2021-04" if i == 5 else "2021-03", "reached": None if i >= 4 else "2021-03",
         "months_late": None if i >= 4 else i + cell["world"] if milestone == "One Plan" else 99}
        for cell in design.to_dict("records") if cell["arm"] != "siloed"
        for milestone in ("taken in", "One Plan") for i, space in enumerate(SIX)
    ]  # fmt: skip
    pd.DataFrame(rows).astype({"months_late": "Int64"}).to_parquet(folder / "milestones.parquet")
    return folder


def _invented(manifest: dict[str, Any]) -> None:
    manifest["scope"] = "two-towns"


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """Studies of every kind that has broken a page: many arms and spaces, nothing at all, no map, and what else they can hold."""
    base = tmp_path_factory.mktemp("studies")
    many = tuple(f"an-arm-with-quite-a-long-name-number-{i}" for i in range(11))
    wide = write_study(base / "whole", arms=many[:3], spaces=ALL_SPACES, worlds=2, months=13)
    plain = write_study(base / "plain", worlds=8, futures=2)
    full = write_rivals(write_sensed(write_study(base / "full", arms=("siloed", "district-hub"), worlds=8)))
    ten = write_study(base / "many", arms=many, worlds=2, months=13)
    shutil.copytree(ten, base / "schedules")
    found = {
        "plain": brief_for(plain),
        "whole": brief_for(changed(wide, _long)),
        "many": brief_for(changed(ten, _long)),
        "schedules": brief_for(changed(changed(base / "schedules", _long), _rolled_out), arm=many[4]),
        "full": brief_for(full, metrics=["meeting_hours", "duplicate_spend_share", "hours_per_need", "ties"]),
        "same": brief_for(write_study(base / "same", arms=("siloed", "siloed-again"), same=True)),
        "single": brief_for(write_study(base / "single", worlds=1)),
        "rolled": brief_for(
            with_milestones(
                changed(write_study(base / "rolled", arms=("siloed", "plan", "other", "third"), worlds=6), _rolled_out)
            ),
            metrics=["meeting_hours", "cost_of_coordination", "hours_per_need", "ties"],
        ),
        "invented": brief_for(changed(write_study(base / "invented", spaces=("T1", "T2"), months=13), _invented)),
    }
    return found


KINDS = ("plain", "whole", "many", "schedules", "full", "same", "single", "rolled", "invented")


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_its_table_s(studies: dict[str, Written], kind: str) -> None:
    one = studies[kind]
    looked = Looked(one.folder, one.page)
    assert len(one.page.numbers) > 15
    for given, text in one.page.numbers:
        value = looked.up(given)
        assert float(given["value"]) == pytest.approx(value, rel=1e-9, abs=1e-12), given
        assert_rounded(text, value, given["data-rounding"])


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_stands_on_the_page_untraced(studies: dict[str, Written], kind: str) -> None:
    loose = [text for text in studies[kind].page.loose if any(c.isdigit() for c in text)]
    # what an effects table's verdict is drawn as has no digits either
    assert loose == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_print_says_what_the_page_says(studies: dict[str, Written], kind: str) -> None:
    text, _ = printed(studies[kind].pdf)
    assert bare(text) == bare("".join(studies[kind].page.text))


@pytest.mark.parametrize("kind", KINDS)
def test_one_sheet_of_a4(studies: dict[str, Written], kind: str) -> None:
    assert_one_sheet(studies[kind].pdf)


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_the_effects_table_s(studies: dict[str, Written], kind: str) -> None:
    one = studies[kind]
    effects = pd.read_csv(one.folder / "effects.csv").set_index(["arm", "metric"])["verdict"]
    assert len(one.page.judged) == len(one.page.measures) <= MOST
    for (given, words), metric in zip(one.page.judged, one.page.measures, strict=True):
        row = dict(part.split("=", 1) for part in given["data-row"].split("; "))
        assert row["metric"] == metric
        verdict = effects[row["arm"], metric]
        assert given["data-verdict"] == verdict
        for side in ("better", "worse"):
            assert (side in words) == verdict.endswith(side)
        assert ("probably" in words) == verdict.startswith("probably")


def test_a_null_reads_as_a_null(studies: dict[str, Written]) -> None:
    one = studies["same"]
    assert one.answer.startswith("Nothing differs: ")
    text = "".join(one.page.text)
    assert "none is found worse off" in text
    assert "it is worse on none" in text
    assert "nobody, in the mean over runs" in text
    assert "there is no difference to map" in text
    for judged in one.page.judged:
        assert judged[1] == "exactly the same"


def test_what_cannot_be_told_is_not_told(studies: dict[str, Written]) -> None:
    one = studies["single"]
    assert one.answer.startswith("Not everything can be judged: in the model, ")
    assert not re.search(r"lowers|raises|better|worse", one.answer)
    assert "interval: not known" in "".join(one.page.text)


def test_what_was_looked_at_is_told_and_the_rest_named(studies: dict[str, Written]) -> None:
    plain, full = ("".join(studies[kind].page.text) for kind in ("plain", "full"))
    lack = "which numbers of the model decide it, rival theories of how officials decide and futures in which it loses"
    assert lack in plain
    assert lack not in full
    assert "hangs most on engagement.hours (derived)" in full
    assert "differ: lower under need-ranked" in full
    assert "of the 2 are assumed" not in full
    assert re.search(r"Of those that matter: ?0 of 2 are assumed", full)


def test_schedules_are_held_beside_the_one_advised_on(studies: dict[str, Written]) -> None:
    one = studies["rolled"]
    text = "".join(one.page.text)
    assert "Beside the other schedules" in text
    assert "No advice here" not in text
    # worse than the schedule advised on is not worse than silos
    assert "Held against that schedule, not against “Siloed”: “third” raises what coordinating costs (worse)" in text
    assert ", and “other” differs too little to matter, surely or probably." in text
    assert "third" not in one.answer
    rows = [given["data-row"] for given, _ in one.page.numbers if given["data-table"] == "runs.parquet"]
    assert len(rows) == 2 * 4
    assert {row.partition("; ")[0] for row in rows} == {"arm=other", "arm=third"}
    assert "Beside the other schedules" not in "".join(studies["whole"].page.text)
    # what is not due in the months simulated is not late
    assert "where adopted, +4.00 months against the schedule on average; not adopted in the months" in text
    assert "in 6 of the 30 spaces and runs that plan it" in text


def test_schedules_that_do_not_differ_read_as_a_null(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", arms=("siloed", "plan", "other"), months=13, same=True)
    text = "".join(brief_for(changed(folder, _rolled_out)).page.text)
    assert "as under “Siloed”." in text
    assert (
        "Held against that schedule, not against “Siloed”: “other” differs too little to matter, surely or probably."
        in text
    )


def test_no_null_is_claimed_where_another_schedule_differs(tmp_path: Path) -> None:
    """The schedule advised on does nothing, the other does: the answer must not begin with "Nothing differs"."""
    folder = changed(write_study(tmp_path / "s", arms=("siloed", "plan", "other"), worlds=6), _rolled_out)
    runs = pd.read_parquet(folder / "runs.parquet")
    names = [str(m["name"]) for m in METRICS]
    runs.loc[runs["arm"] == "plan", names] = runs.loc[runs["arm"] == "siloed", names].to_numpy()
    runs.to_parquet(folder / "runs.parquet")
    effects = pd.read_csv(folder / "effects.csv")
    effects.loc[effects["arm"] == "plan", ["difference", "low", "high"]] = 0.0
    effects.loc[effects["arm"] == "plan", "verdict"] = "exactly no difference"
    effects.to_csv(folder / "effects.csv", index=False)
    one = brief_for(folder, metrics=["cost_of_coordination", "hours_per_need"])
    answer = re.sub(r"<[^>]*>", "", one.answer)
    assert answer.startswith(
        "In the model, against “Siloed”, “plan” leaves what coordinating costs and citizens’ hours"
    )
    assert ": “other” raises what coordinating costs (worse)" in "".join(one.page.text)


def test_arms_go_by_titles_a_reader_knows(tmp_path: Path) -> None:
    """A regime as it stands by its title, a named schedule by its own; whatever shares its title by its name."""
    arms = ("siloed", "district-hub", "all-at-once", "mine", "yours")
    folder = write_study(tmp_path / "s", arms=arms, months=13)

    def entitled(manifest: dict[str, Any]) -> None:
        for each in manifest["arms"][2:]:
            each |= {"regime": "mandated-hub", "title": "Mandated hubs"}
        manifest["arms"][0]["title"], manifest["arms"][1]["title"] = "Silos", "District hubs as designed"
        manifest["arms"][2]["rollout"] = "all-at-once"

    results = Results(changed(folder, entitled))
    called = [arm_called(results, arm).text for arm in arms]
    assert called == ["“Silos”", "“District hubs as designed”", "“All spaces at once”", "“mine”", "“yours”"]
    answer = re.sub(r"<[^>]*>", "", brief_for(folder).answer)
    assert "n the model, against “Silos”, “District hubs as designed” " in answer


def test_the_same_bytes_twice(studies: dict[str, Written], tmp_path: Path) -> None:
    one = studies["plain"]
    again = brief_for(one.folder, tmp_path / "made" / "anew")
    assert again.html.read_bytes() == one.html.read_bytes()
    assert again.pdf.read_bytes() == one.pdf.read_bytes()
    names = ("brief.html", "brief.pdf", "brief_numbers.csv")
    assert sorted(f.name for f in (tmp_path / "made" / "anew").iterdir()) == sorted(names)


def test_the_list_of_numbers_holds_them_all_and_no_formula(studies: dict[str, Written]) -> None:
    one = studies["many"]
    with (one.folder / "brief_numbers.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["printed"].removeprefix("'") for row in rows] == [text for _, text in one.page.numbers]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("+", "=", "@")]


def test_nothing_is_fetched_and_all_is_escaped(studies: dict[str, Written]) -> None:
    text = studies["plain"].html.read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|<link|url\(|\bsrc=", text)
    assert "&lt;duplication&gt; &amp; $burden$" in text


def test_a_failed_check_stands_first(studies: dict[str, Written]) -> None:
    text = "".join(studies["plain"].page.text)
    assert text.index("Do not sign: a check failed") < text.index("In the model, against “Siloed”")
    assert "hours conserved" in text


def test_a_map_of_many_spaces_needs_no_colour(studies: dict[str, Written], tmp_path: Path) -> None:
    folder = shutil.copytree(studies["whole"].folder, tmp_path / "made worse")
    spaces = pd.read_parquet(folder / "spaces.parquet")
    keys = ["space", "world", "future"]
    base = spaces[spaces["arm"] == "an-arm-with-quite-a-long-name-number-0"].set_index(keys)["duplicate_spend_share"]
    level = base.loc[list(spaces[keys].itertuples(index=False, name=None))].to_numpy()
    bad, same = spaces["space"].isin(ALL_SPACES[:10]), spaces["space"].isin(ALL_SPACES[10:15])
    other = spaces["arm"] != "an-arm-with-quite-a-long-name-number-0"
    changes = np.where(bad, 1.5, np.where(same, 1.0, 0.5)) + 0.001 * spaces["world"]
    spaces["duplicate_spend_share"] = np.where(other & ~same, level * changes, level)
    spaces.to_parquet(folder / "spaces.parquet")
    one = brief_for(folder)
    svg = one.html.read_text(encoding="utf-8").split("<svg")[1].split("</svg>")[0]
    tiles = [(given, text) for given, text in one.page.numbers if given["data-how"] == "mean paired difference" and "data-value" in given]  # fmt: skip
    assert len(tiles) == len(ALL_SPACES)
    assert all(text[0] in "+\u2212" or text == "0" for _, text in tiles)
    assert {f'fill="{fill}"' in svg for fill in (DARK, LIGHT, WHITE)} == {True}
    grey = {fill: np.dot([int(fill[i : i + 2], 16) for i in (1, 3, 5)], [0.299, 0.587, 0.114]) / 255 for fill in (DARK, LIGHT)}  # fmt: skip
    assert grey[LIGHT] - grey[DARK] > 0.4
    # a tile is dark where it is worse, light where it is better, white where it is the same
    fills = re.findall(r'<rect [^>]*fill="(#\w+)"', svg)
    for (given, text), fill in zip(tiles, fills, strict=False):
        space = given["data-row"].rpartition("space=")[2]
        place = ALL_SPACES.index(space)
        assert (fill, text[0]) == ((DARK, "+") if place < 10 else (WHITE, "0") if place < 15 else (LIGHT, "\u2212"))


def test_arm_and_measures_are_chosen_without_a_look_at_results(tmp_path: Path) -> None:
    arms = ("siloed", "second", "third")
    folder = write_study(tmp_path / "s", arms=arms, months=13)
    before = [m.metric.name for m in measured(Results(folder), "second", None)]
    assert advised_on(Results(folder), None) == "second"
    effects = pd.read_csv(folder / "effects.csv")
    for column in ("difference", "low", "high"):
        effects[column] = -effects[column].to_numpy()[::-1]
    effects["verdict"] = effects["verdict"].to_numpy()[::-1]
    effects.to_csv(folder / "effects.csv", index=False)
    assert advised_on(Results(folder), None) == "second"
    assert [m.metric.name for m in measured(Results(folder), "second", None)] == before
    assert before == ["duplicate_spend_share", "hours_per_need", "meeting_hours", "cost_of_coordination"]


def test_the_price_always_has_a_seat(tmp_path: Path) -> None:
    def every(manifest: dict[str, Any]) -> None:
        for metric in manifest["metrics"]:
            metric["headline"] = metric["name"] != "cost_of_coordination"

    results = Results(changed(write_study(tmp_path / "s", months=13), every))
    names = by_rule(results, [str(m["name"]) for m in METRICS])
    assert names[-1] == "cost_of_coordination"
    assert len(names) == MOST
    assert by_rule(results, ["ties"]) == ["ties"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"arm": "district-hub"}, "E341"),
        ({"arm": "siloed"}, "E342"),
        ({"metrics": []}, "E344"),
        ({"metrics": [str(m["name"]) for m in METRICS[:5]]}, "E344"),
        ({"metrics": ["ties", "ties"]}, "E345"),
        ({"metrics": ["meeting_hour"]}, "E346"),
    ],
)
def test_what_cannot_be_asked(studies: dict[str, Written], tmp_path: Path, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        brief_for(studies["plain"].folder, tmp_path / "none", **asked)
    assert refused.value.code == code
    assert not (tmp_path / "none").exists()
    if asked == {"metrics": ["meeting_hour"]}:
        assert "did you mean 'meeting_hours'?" in str(refused.value)


def test_an_arm_of_which_nothing_was_computed(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", months=13)
    design = pd.read_parquet(folder / "design.parquet")
    design.loc[design["arm"] == "district-hub-core", "status"] = "failed"
    design.to_parquet(folder / "design.parquet")
    with pytest.raises(InputError) as refused:
        brief_for(folder)
    assert refused.value.code == "E343"

    def alone(manifest: dict[str, Any]) -> None:
        del manifest["arms"][1:]

    with pytest.raises(InputError) as refused:
        brief_for(changed(folder, alone))
    assert refused.value.code == "E340"


def test_a_number_without_its_table_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="without its table"):
        told("lower by 3 points")
    assert told("lower by ", Number("3", 3.0, "effects.csv", "difference"))


def _rows() -> Iterator[tuple[str, str, str]]:
    for way in ("higher", "lower"):
        for tail in ("", ", better", ", worse"):
            side = tail[2:] or way
            yield f"{way}{tail}", side, side
            yield f"probably {way}{tail}", f"probably {side}", side
            yield f"{way} on average{tail}", f"{side} on average", side
    for words in ("no material difference", "probably no material difference", "no material difference on average"):
        yield words, words, ""
    yield "cannot tell", "cannot tell", ""
    yield "exactly no difference", "exactly the same", ""
    for words in (
        "undefined: nothing to measure here", "only in this arm: nothing to compare with", "nan",
        "one pair only: lower, not known how surely", "not judged: a screening design",
    ):  # fmt: skip
        yield words, "not judged", ""


@pytest.mark.parametrize(("verdict", "words", "side"), list(_rows()))
def test_the_scale(verdict: str, words: str, side: str) -> None:
    from igrsim.report.brief.scale import SCALE, SURE, on_scale

    found = on_scale(verdict)
    assert (found.words, found.side) == (words, side)
    assert found.step in SCALE
    # only the bare word is the surest step
    assert (found.step is SURE) == (words == side)
    assert ("raises" in found.phrase or "lowers" in found.phrase) == bool(side)
    assert ("better" in found.phrase, "worse" in found.phrase) == (side == "better", side == "worse")
