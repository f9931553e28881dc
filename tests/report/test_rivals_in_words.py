"""Where theories agree, in sentences and on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.report import write_report
from igrsim.report.caveats import caveats
from igrsim.report.rivals_in_words import in_sum, rivals_in_words, theories
from igrsim.results.results import Results
from made_up_study import write_rivals, write_study


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(write_rivals(write_study(tmp_path_factory.mktemp("rivals"))))


def test_each_contrast_has_a_sentence(tried: Results) -> None:
    hours, duplicates, travel = (one.sentence for one in rivals_in_words(tried))
    assert hours == (
        "Meeting hours, district-hub-core against siloed: differ: lower under need-ranked; higher under incentive-based; cannot "
        "tell under garbage-can. The mean difference lies between −9.00 (need-ranked) and +6.00 (incentive-based) hours per "
        "municipality and month. Weaker under garbage-can and incentive-based than under need-ranked."
    )
    assert "agree in direction: lower, better; cannot tell under incentive-based. The mean difference" in duplicates
    assert "percentage points" in duplicates
    assert travel == "Hours per need, district-hub-core against siloed: all rules agree: exactly no difference."


def test_the_sum_names_what_is_in_dispute(tried: Results) -> None:
    said = in_sum(rivals_in_words(tried))
    assert said == (
        "Of 3 contrasts the theories agree on 1; on 1 they point the same way, but not all can tell; they contradict each other on "
        "meeting hours of district-hub-core."
    )
    assert said in dict(caveats(tried))["How officials decide"]


def test_the_page_shows_every_theory_and_contrast(tried: Results) -> None:
    page = write_report(tried.folder).read_text(encoding="utf-8")
    assert 'id="rivals"' in page
    assert 'href="#rivals"' in page
    for name in ("need-ranked", "garbage-can", "incentive-based"):
        assert f"officials are {name}" in page
    assert theories(tried.manifest)[:40] in page
    assert (tried.folder / "figures" / "rivals-meeting_hours-district-hub-core.svg").exists()


def test_without_rivals_the_page_says_that_none_was_tried(tmp_path: Path) -> None:
    results = Results(write_study(tmp_path))
    assert rivals_in_words(results) == []
    assert 'id="rivals"' not in write_report(results.folder).read_text(encoding="utf-8")
    results.manifest["planners"] = "need-ranked"
    assert "was not tried here" in dict(caveats(results))["How officials decide"]
