"""An indaba shows what was laid on its table, to those who sat there, as far as its hours go and when it sits."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases import MONTH
from igrsim.phases.commit import commit
from igrsim.phases.engagement import Engagement
from igrsim.phases.indaba import on_hand
from igrsim.phases.knowing import Pairs, on_the_table, sight
from igrsim.phases.meet import meet
from igrsim.phases.need import need
from igrsim.phases.plan import draft, eligible, intended, plan
from igrsim.phases.seen_drafts import others_mean
from igrsim.phases.travel import travel
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.indaba import Indaba
from igrsim.plans.pipeline import Disputes, Planning, Programme
from igrsim.runs.validation.small_worlds import begin, believe, decree, of_levers, small_model, sums
from igrsim.world.world import World


def seated(month: int, everyone: bool = True, rule: float = 1.0, **numbers: float) -> World:
    """A district whose indaba sits in a month of the study, which begins in April; everybody maps and tables all of theirs."""
    params = {"idp-indaba.month": float((3 + month) % 12 + 1)}
    world = small_model(scope=["DC36"], months=40, citizens=50, params=params).world
    come = 1.0 if everyone else 0.0
    believe(world, Engagement, base_attendance=9.0, department_attendance=come, national_attendance=come, overrun=1.0)
    believe(world, Planning, tables_drafts=1.0, municipality_tables=1.0, referenced=1.0, joint_sight=1.0, tie_sight=0.0, published=0.0, yields=1.0, postpones=0.0)  # fmt: skip
    believe(world, Indaba, **({"minutes_a_project": 1e-3} | numbers))
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    believe(world, Programme, inherited=0.0)
    begin(world, 0)
    need(world)
    decree(world, idp_indaba=rule)
    return world


def meets(world: World, month: int) -> World:
    begin(world, month)
    meet(world)
    return world


def mine(world: World, sphere: str) -> np.ndarray:
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    return np.asarray((slots >= 0) & (money.municipal[slots] == (sphere == "municipalities")) & ~money.private[slots])


def test_it_sits_once_a_year_in_its_month() -> None:
    world = seated(5)
    indaba = next(f for f in world.forums if f.rule == "idp_indaba")
    assert [indaba.due(m) for m in range(1, 13)] == [int(m == 9) for m in range(1, 13)]
    meets(world, 4)
    assert not world.sat.any()
    meets(world, 5)
    assert world.sat.any()
    departments = len(world.institutions.departments)
    there = world.sat[0]
    assert there[departments:].sum() >= 0.5 * len(world.municipalities)
    assert there[[d.code for d in world.institutions.departments].index("PCOGTA")]
    assert not any(there[k] for k, d in enumerate(world.institutions.departments) if d.sphere == "private")


def test_before_departments_draft_it_shows_what_municipalities_committed_and_mean_to_do() -> None:
    world = seated(5)
    begin(world, 3)
    commit(world)
    items = world.pipeline
    committed = items.funded & mine(world, "municipalities")
    begin(world, 5)
    means = intended(world, MUNICIPALITIES)
    meets(world, 5)
    assert committed.any()
    sat = _by_those_who_sat(world)
    np.testing.assert_array_equal(
        items.shown & mine(world, "municipalities"), (committed | means) & mine(world, "municipalities") & sat
    )
    departments = eligible(world, DEPARTMENTS)
    left = others_mean(world, departments)
    assert left.any()
    # each of them is left to somebody who means to do it, and has the larger mandate or is as large
    assert items.shown[departments.item[left]].any(axis=1).all()
    draft(world, DEPARTMENTS)
    assert not items.drafted[departments.item[left], departments.slot[left]].any()


def _by_those_who_sat(world: World) -> np.ndarray:
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    return np.asarray(world.sat[items.space[:, None], money.actor[slots]] & (slots >= 0))


def test_once_both_have_committed_nothing_of_that_year_can_move() -> None:
    committed = []
    for rule in (0.0, 1.0):
        # April's, July's commitments; an indaba in August
        world = seated(4, rule=rule)
        for month in range(5):
            meets(world, month)
            plan(world)
            commit(world)
        committed.append(world.pipeline.funded.copy())
        assert not world.pipeline.drafted.any()
        if rule:
            assert world.pipeline.shown.any()
            # what departments already committed is shown, and is theirs still
            assert not others_mean(world, eligible(world, MUNICIPALITIES)).all()
    np.testing.assert_array_equal(*committed)


def test_a_session_in_april_finds_overlaps_of_both_spheres_drafts() -> None:
    found = []
    for rule in (0.0, 1.0):
        world = seated(12, rule=rule)
        for cycle in (DEPARTMENTS, MUNICIPALITIES):
            begin(world, 11)
            draft(world, cycle)
            world.drafted_in[cycle.sphere] = 11
        both = (world.pipeline.drafted & mine(world, "departments")).any(axis=1)
        both &= (world.pipeline.drafted & mine(world, "municipalities")).any(axis=1)
        assert both.any()
        meets(world, 12)
        commit(world)
        found.append(int((world.now.by_municipality["overlap_found_cents"]).sum()))
    assert found[0] < found[1]


def test_only_who_sat_there_sees_and_only_what_was_laid() -> None:
    world = meets(seated(5), 5)
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    item, slot = np.nonzero(items.shown)
    theirs = slots[item, slot]
    other = np.argmax((slots[item] >= 0) & (np.arange(items.slots) != slot[:, None]), axis=1)
    reader = slots[item, other]
    there = world.sat[items.space[item], money.actor[reader]]
    np.testing.assert_array_equal(on_the_table(world, item, reader, theirs), there)
    assert there.any()
    assert not there.all()
    seen = sight(world, item, reader, theirs, drafts=True)
    agent = money.agency[reader] | money.agency[theirs]
    assert (seen[there] == 1).all()
    assert (seen[~there & ~agent] == 0).all()
    # nobody sees what was not laid
    hidden, place = np.nonzero((slots >= 0) & ~items.shown)
    assert not on_the_table(world, hidden, slots[hidden, place], slots[hidden, place]).any()


@pytest.mark.parametrize("room", [1, 7, 40])
def test_it_has_hours_for_so_many_projects_the_largest_first(room: int) -> None:
    world = seated(5)
    hours = world.params[Indaba].hours
    believe(world, Indaba, minutes_a_project=60 * hours / room)
    meets(world, 5)
    items = world.pipeline
    assert items.shown.sum() == room
    laid = np.nonzero(items.shown)[0]
    could = np.nonzero(on_hand(world) & _by_those_who_sat(world) & ~items.shown)[0]
    assert items.cents[laid].min() >= items.cents[could].max()


def test_without_a_quorum_nothing_is_shown() -> None:
    world = seated(5)
    believe(world, Engagement, base_attendance=-9.0, statutory_pull=0.0, usefulness_pull=0.0)
    believe(world, Engagement, quorum=1.0)
    meets(world, 5)
    assert not world.sat.any()
    assert not world.pipeline.shown.any()


def test_half_an_indaba_shows_less() -> None:
    half, whole = (int(meets(seated(5, rule=rule), 5).pipeline.shown.sum()) for rule in (0.5, 1.0))
    assert 0.3 * whole < half < 0.7 * whole


def test_what_was_shown_of_a_draft_is_forgotten_with_the_draft_and_of_a_commitment_is_not() -> None:
    world = seated(5)
    begin(world, 3)
    commit(world)
    meets(world, 5)
    items = world.pipeline
    shown = items.shown.copy()
    draft(world, MUNICIPALITIES)
    theirs = mine(world, "municipalities")
    np.testing.assert_array_equal(items.shown & theirs, shown & theirs & (items.funded | items.drafted))
    np.testing.assert_array_equal(items.shown & ~theirs, shown & ~theirs)


def test_members_find_it_useful_where_two_laid_the_same() -> None:
    for room, useful in ((40.0, True), (0.0, False)):
        world = seated(5)
        believe(world, Indaba, minutes_a_project=1e-3 if room else 1e9)
        meets(world, 5)
        indaba = next(f for f in world.forums if f.rule == "idp_indaba")
        assert (world.pipeline.shown.sum(axis=1) > 1).any() == useful
        assert (indaba.useful > 0.5) == useful


def test_the_month_is_what_hangs_on_policy() -> None:
    found = {}
    for month in (2.0, 9.0):
        model = small_model(
            of_levers("idp-indaba"), ["DC36"], months=26, citizens=50, params={"idp-indaba.month": month}
        )
        model.phases = tuple(phase for phase in MONTH if phase is not travel)
        found[month] = sums(model)
    assert found[2.0]["duplicate_cents"] != found[9.0]["duplicate_cents"]


def test_nobody_yields_more_than_without_it() -> None:
    world = seated(5)
    believe(world, Planning, yields=0.0)
    meets(world, 5)
    pairs: Pairs = eligible(world, DEPARTMENTS)
    assert world.pipeline.shown.any()
    assert not others_mean(world, pairs).any()


def test_what_was_shown_in_the_month_of_drafting_is_known_of_when_others_draft() -> None:
    world = seated(5)
    items = world.pipeline
    meets(world, 5)
    shown = items.shown & mine(world, "departments")
    plan(world)
    drafted = items.drafted & mine(world, "departments")
    assert (shown & drafted).any()
    np.testing.assert_array_equal(items.shown & drafted, shown & drafted)
    assert not (items.shown & mine(world, "departments") & ~drafted & ~items.funded).any()
    begin(world, 11)
    left = others_mean(world, eligible(world, MUNICIPALITIES))
    assert left.any()
