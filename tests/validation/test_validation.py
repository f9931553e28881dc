"""What `igrsim validate` tries must hold, and its table must be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import pytest

from igrsim.runs.futures import design
from igrsim.runs.study import FuturesPart
from igrsim.runs.validation import COLUMNS, validate
from igrsim.runs.validation.access_patterns import (
    centres_save_time_near_them,
    centres_without_anchors_save_nothing,
    promised_presence_decays,
    visits_clear_a_stock_that_rebuilds,
)
from igrsim.runs.validation.conservation import conservation
from igrsim.runs.validation.finding import ANSWER, NULL, PATTERN, Finding, exact, holds, near
from igrsim.runs.validation.known_answers import funding
from igrsim.runs.validation.nulls import differing, frozen, frozen_nulls, headlines
from igrsim.runs.validation.patterns_calendar import lag_of_two_years
from igrsim.runs.validation.patterns_government import (
    agendas,
    bounded_by_staff,
    load_on_load,
    meetings_upon_meetings,
    requests_and_data,
)
from igrsim.runs.validation.patterns_money import late_knowledge, silos_and_maps, underspending
from igrsim.runs.validation.patterns_people import (
    far_and_poor,
    logit_slope,
    papers_multiply_visits,
    use_falls_with_minutes,
)
from igrsim.runs.validation.patterns_plans import paper_ahead_of_money, partnership_and_champions
from igrsim.runs.validation.relations import relations


def failing(found: Iterable[Finding]) -> list[str]:
    return [f"{f.name}: {f.expected} expected, {f.found} found" for f in found if not f.passed]


def test_known_answers_and_nulls_hold() -> None:
    table = validate(quick=True)
    assert list(table.columns) == list(COLUMNS)
    assert set(table["kind"]) == {ANSWER, NULL}
    assert table["passed"].dtype == bool
    assert table["name"].is_unique

    missed = table[~table["passed"]]
    assert missed.empty, missed.to_string()


def test_what_must_be_conserved_is() -> None:
    assert failing(conservation()) == []


def test_patterns_of_people_hold() -> None:
    assert failing([*papers_multiply_visits(), use_falls_with_minutes()]) == []


MISSED = (
    "fact 4: minutes for each need resolved, rural people over others",
    "fact 14: the same with old channels retired, hubs as designed",
    "fact 19: least lead",
    "staffing (a test of our own): gain of hubs over silos without posts",
    "staffing (a test of our own): gain of hubs over silos with 0, 2, 5, 11 and 22 posts (billion",
    "fact 21: variance of",
    "fact 21: the same of budget_alignment",
    "fact 21: the same of redirected_share",
)
"""Patterns that the model does not show, by how their rows begin; one that comes out is to be struck off here."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "family",
    [
        far_and_poor,
        load_on_load,
        meetings_upon_meetings,
        requests_and_data,
        late_knowledge,
        lag_of_two_years,
        paper_ahead_of_money,
        bounded_by_staff,
        partnership_and_champions,
        silos_and_maps,
        underspending,
    ],
)
def test_patterns_of_government_hold_but_for_those_known_to_be_missed(family: Callable[[], Iterable[Finding]]) -> None:
    found = list(family())

    assert {f.name for f in found if not f.passed} == {f.name for f in found if f.name.startswith(MISSED)}, failing(
        found
    )


@pytest.mark.slow
def test_agendas_overlap_in_silos() -> None:
    assert failing([agendas()]) == []


@pytest.mark.slow
def test_relations_hold() -> None:
    assert failing(relations()) == []


@pytest.mark.slow
def test_frozen_hubs_win_nothing() -> None:
    found = list(frozen_nulls())
    assert failing(found) == []
    # hours are lost all the same: the costs are on
    lost = {f.name: float(f.found.split()[0]) for f in found if "hub wins of load_share" in f.name}
    assert len(lost) == 2
    assert max(lost.values()) < 0


def test_the_frozen_null_tells_a_benefit_that_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were drafts compared and channels pooled to any good, a frozen hub would win."""
    future = design(FuturesPart(n=3), seed=1)[2]

    def gain() -> float:
        hub, silos = (headlines(frozen(regime, future, world=1)) for regime in ("mandated-hub", "siloed"))
        return hub["duplicate_spend_share"] - silos["duplicate_spend_share"]

    assert gain() == 0
    monkeypatch.setattr("igrsim.world.world.World.good", lambda world, field: world.rules.by_space(field))
    assert gain() > 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("family", [promised_presence_decays, visits_clear_a_stock_that_rebuilds])
def test_patterns_of_presence_and_rounds_hold(family: Callable[[], Iterable[Finding]]) -> None:
    assert failing(family()) == []


@pytest.mark.slow
def test_centres_to_which_no_anchor_comes_save_no_trips() -> None:
    found = centres_without_anchors_save_nothing()
    assert found.passed
    assert int(found.found.partition("(")[2].split()[0]) > 0


@pytest.mark.slow
def test_centres_save_time_where_something_holds_their_tenants() -> None:
    found = {f.name.partition(", ")[2]: f.passed for f in centres_save_time_near_them()}
    assert found["centres held over silos, near a new anchored centre"]
    assert found["centres alone over silos, near no centre"]
    # tenants whom nothing holds come too seldom; queues shorten for others where they are held, and guides help far from
    # centres too: these stand in the table as failing


def test_a_finding_fails_when_it_should() -> None:
    assert not exact("x", ANSWER, 1, 2).passed
    assert exact("x", ANSWER, 2, 2) == Finding("x", "2", "2", True, ANSWER)
    assert not near("x", ANSWER, [1.0, 2.0], [1.0, 2.6], [0.1, 0.1]).passed
    assert near("x", ANSWER, [1.0, 2.0], [1.0, 2.4], [0.1, 0.1]).passed
    assert not holds("x", PATTERN, "a", "b", False).passed


def test_tables_that_differ_are_told_apart() -> None:
    one = {"space": pd.DataFrame({"trips": [1, 2]}), "rules": pd.DataFrame({"month": [1]})}
    other = {"space": pd.DataFrame({"trips": [1, 3]}), "rules": pd.DataFrame({"month": []})}
    assert differing(one, one) == []
    assert differing(one, other) == ["space.trips", "rules"]


def test_a_logit_slope_is_found() -> None:
    import numpy as np

    random = np.random.default_rng(1)
    minutes = random.uniform(0, 120, 40_000)
    went = random.random(40_000) < 1 / (1 + np.exp(0.03 * minutes - 2))
    assert logit_slope(minutes, went) == pytest.approx(-0.03, abs=0.002)


@pytest.mark.slow
def test_two_hundred_seeds_raise_no_false_alarm() -> None:
    assert [seed for seed in range(1000, 1200) if failing(funding(seed))] == []
