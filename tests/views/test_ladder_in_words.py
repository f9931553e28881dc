"""What each lever contributes, in sentences that stay true whatever the signs and however sure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from igrsim.report import write_report
from igrsim.results.results import Results
from igrsim.views.ladder_in_words import Rung, how, ladder_in_words, sentences
from igrsim.views.metric import Metric
from made_up_study import write_ladder, write_study

HOURS = Metric("meeting_hours", "load", "hours per municipality and month", "lower", "", (), True, False)


def rung(lever: str, size: float, half: float = 0.1, words: str = "cannot tell") -> Rung:
    return Rung(lever, size, size - half, size + half, 0.0, size, size, words)


def said(*rungs: Rung, half: float = 0.5, metric: Metric = HOURS, pairs: int = 5) -> str:
    total = sum(r.contribution for r in rungs)
    return " ".join(sentences(metric, rungs, rung("all levers", total, half), "hubs", "siloed", pairs))


def test_of_31_fewer_hours_19_come_from_one_lever() -> None:
    words = said(rung("a", -19), rung("b", -8), rung("c", -4.0, 9))
    assert words.startswith(
        "Meeting hours, hubs against siloed: of 31 fewer hours per municipality and month, "
        "19 come from a, 8 from b and 4 from c. "
    )
    assert "The 95 % interval of the whole is −31.5 to −30.5. The interval of c holds nought." in words


def test_levers_against_each_other_do_not_come_from_a_whole_that_is_smaller() -> None:
    words = said(rung("task-teams", 6.1), rung("spatial-budgeting", -2.0), rung("d", 0.5, 2), rung("e", 0.3, 2))
    assert words.startswith(
        "Meeting hours, hubs against siloed: 4.9 more hours per municipality and month; "
        "task-teams adds 6.1, d adds 0.5 and e adds 0.3; spatial-budgeting takes 2 away. "
    )
    assert "The intervals of d and e hold nought." in words
    assert " of 4.9" not in words


def test_the_largest_are_named_and_those_that_are_not_sure_are_said() -> None:
    words = said(rung("a", -3.0), *(rung(f"l{n}", 1.0, 2) for n in range(7)))
    assert "; l0 adds 1, l1 adds 1 and l2 adds 1; a takes 3 away; the other 4 levers together add 4." in words
    assert "The intervals of l0, l1, l2 and 4 others hold nought." in words


def test_a_whole_that_cannot_be_told_says_so() -> None:
    words = said(rung("a", 3.0), rung("b", -2.9), half=5)
    assert "−4.90 to +5.10: it holds nought, so that even its direction cannot be told." in words


def test_no_lever_that_can_be_told() -> None:
    words = said(rung("a", -1.0, 2), rung("b", -0.9, 2))
    assert "The interval of every lever that touches it holds nought: no single one's part can be told." in words


def test_levers_that_cancel_to_the_digit() -> None:
    assert "no difference on the whole; a adds 1; b takes 1 away." in said(rung("a", 1.0), rung("b", -1.0))


def test_one_pair_of_runs_says_nothing_of_how_surely() -> None:
    nan = float("nan")
    alone = [replace(r, low=nan, high=nan) for r in (rung("a", -2.0), rung("b", -1.0))]
    words = " ".join(
        sentences(HOURS, tuple(alone), replace(rung("all levers", -3.0), low=nan, high=nan), "hubs", "siloed", 1)
    )
    assert "2 come from a and 1 from b" in words
    assert "1 pair of runs cannot say how surely." in words
    assert "nought" not in words


def test_a_lever_too_small_to_matter_is_not_named_for_being_sure() -> None:
    assert "5.01 more hours per municipality and month, 5 come from a and 0.01 from the other 1 lever" in said(
        rung("a", 5.0), rung("b", 0.01, 0.001)
    )


def test_levers_that_do_nothing_are_counted_apart() -> None:
    assert "2 levers do not touch it at all." in said(rung("a", 1.0), rung("b", 0.0, 0), rung("c", 0.0, 0))


def test_overlap_and_help_are_named() -> None:
    words = said(
        rung("a", -1.0, 0.1, "less beside the others"),
        rung("b", -1.0, 0.1, "less beside the others"),
        rung("c", -1.0, 0.1, "more beside the others"),
    )
    assert words.endswith("A and b do less beside the others than alone; c does more beside the others than alone.")


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("share", -0.031, "3.1 percentage points less"),
        ("index 0-1", 0.12, "0.12 more (index 0-1)"),
        ("rand million a year", -12.0, "12 million rand a year less"),
        ("km per need", -12.0, "12 km per need less"),
    ],
)
def test_units(unit: str, value: float, words: str) -> None:
    assert words in said(rung("a", value, 0.001), half=0.001, metric=replace(HOURS, unit=unit))


def test_the_page_tells_of_every_metric_and_explains_itself(tmp_path: Path) -> None:
    results = Results(write_ladder(write_study(tmp_path)))
    told = {shared.metric.name: shared for shared in ladder_in_words(results)}
    assert [bool(shared.why_not) for shared in told.values()] == [False, True, True]
    page = write_report(results.folder).read_text(encoding="utf-8")
    assert page.index('id="maps"') < page.index('id="ladder"') < page.index('id="ledger"')
    assert "8 drawn by lot, and each backwards" in page
    assert how(results.manifest).count("Shapley") == 1
    assert "task-teams adds 6.1" in page
    assert "No lever touches it in these months." in page
    assert "not defined in every combination" in page


def test_a_study_without_a_ladder_says_nothing_of_one(tmp_path: Path) -> None:
    results = Results(write_study(tmp_path))
    assert ladder_in_words(results) == []
    assert "#ladder" not in write_report(results.folder).read_text(encoding="utf-8")
