"""Powers and functions that two claim: what blocks, what doubles, who settles."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.hub import HubWork
from igrsim.phases.commit import commit
from igrsim.phases.coordinate import coordinate
from igrsim.phases.need import need
from igrsim.phases.plan import eligible, others_known
from igrsim.phases.settle import settle, to_hear
from igrsim.plans.calendars import CYCLES
from igrsim.plans.pipeline import BLOCKED, DOUBLED, FREE, Disputes, Planning, Programme
from igrsim.runs.validation.small_worlds import Settled, begin, believe, decree, small_model, staff_hubs
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def disputed(*scope: str, **numbers: float) -> World:
    """A district with its opening items, some under dispute, none of which ends by itself."""
    world = small_model(scope=list(scope) or ["DC15"], citizens=100, months=60).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, **({"settles": 0.0, "accepted": 1.0} | numbers))
    begin(world, 0)
    need(world)
    return world


def hearing(world: World, disputes: int, arena: float = 1.0) -> None:
    """A hub with hours for so many disputes."""
    decree(world, joint_arena=arena, hub_posts=1.0)
    staff_hubs(world)
    hub = world.hubs[0]
    hub.minutes = round(60 * world.params[Disputes].hours * disputes)
    believe(world, HubWork, agenda_hours=0.0, convening_hours=0.0)


def test_disputes_are_where_two_claim_and_as_many_as_said() -> None:
    world = disputed("DC15", "ETH", "DC36", "CPT", "JHB")
    items, money, p = world.pipeline, world.portfolios, world.params[Disputes]
    slots = money.slots[items.municipality, items.sector]
    quarrel = ((slots >= 0) & money.disputed[np.maximum(slots, 0)]).sum(axis=1) > 1
    assert quarrel.any()
    assert not quarrel.all()
    assert (items.dispute[~quarrel] == FREE).all()
    for kind, share in ((BLOCKED, p.blocked), (DOUBLED, p.doubled)):
        assert (items.dispute[quarrel] == kind).mean() == pytest.approx(share, abs=0.06)


def test_nobody_funds_what_is_blocked_until_it_is_settled() -> None:
    world = disputed()
    items = world.pipeline
    blocked = items.dispute == BLOCKED
    assert blocked.any()
    for cycle in CYCLES:
        assert not blocked[eligible(world, cycle).item].any()
    for month in range(16):
        begin(world, month)
        commit(world)
    assert not items.funded[: len(blocked)][blocked].any()
    believe(world, Disputes, settles=1.0)
    settle(world)
    assert not items.dispute.any()
    begin(world, 24)
    world.drafted_in.clear()
    commit(world)
    assert items.funded[: len(blocked)][blocked].any()


def test_who_goes_ahead_whatever_the_other_does() -> None:
    world = disputed()
    items, money = world.pipeline, world.portfolios
    believe(world, Planning, tie_sight=2.0, district_tie=1.0)
    world.ties[:] = world.peer_ties[:] = 1.0
    slots = money.slots[items.municipality, items.sector]
    items.funded[:] = slots >= 0
    pairs = [eligible(world, c) for c in CYCLES]
    assert all(len(p.item) == 0 for p in pairs)
    for kind in (FREE, DOUBLED):
        items.dispute[:] = kind
        for cycle in CYCLES:
            items.funded[:] = False
            mine = eligible(world, cycle)
            # the first of the pairs' slots is another's
            for other in range(items.slots):
                items.funded[:] = False
                items.funded[:, other] = slots[:, other] >= 0
                there = items.funded[mine.item, other] & (mine.slot != other)
                known = others_known(world, mine)
                stubborn = money.disputed[mine.portfolio] & (kind == DOUBLED)
                np.testing.assert_array_equal(known[there], ~stubborn[there])


@pytest.mark.parametrize("hours_for", [0, 1, 3])
def test_a_hub_hears_the_oldest_first_as_far_as_its_hours_go(hours_for: int) -> None:
    world = disputed()
    hearing(world, hours_for)
    items = world.pipeline
    open_ones = np.flatnonzero(items.dispute != FREE)
    items.born[open_ones] = np.arange(len(open_ones))[::-1]
    coordinate(world)
    settle(world)
    still = items.dispute[open_ones] != FREE
    assert (~still).sum() == hours_for
    assert not still[len(open_ones) - hours_for :].any()
    np.testing.assert_array_equal(np.flatnonzero(items.heard == 0), np.sort(open_ones[~still]))


def test_hours_for_many_settle_all() -> None:
    world = disputed()
    hearing(world, 10**4)
    coordinate(world)
    settle(world)
    assert not world.pipeline.dispute.any()


@pytest.mark.parametrize(("arena", "benefits", "accepted"), [(0.0, 0.0, 1.0), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0)])
def test_no_dispute_ends_without_an_arena_its_good_or_consent(arena: float, benefits: float, accepted: float) -> None:
    world = disputed(accepted=accepted)
    believe(world, Frozen, benefits=benefits)
    before = world.pipeline.dispute.copy()
    hearing(world, 50, arena)
    coordinate(world)
    settle(world)
    np.testing.assert_array_equal(world.pipeline.dispute, before)
    # the hours are spent all the same where there is an arena
    assert (world.pipeline.heard == 0).sum() == (50 if arena else 0)
    assert (world.hubs[0].done["disputes"] > 0) == bool(arena)


def sit(world: World, month: int, disputes: int, accepted: float) -> list[int]:
    """A month in which a hub has hours for so many disputes; which it heard."""
    begin(world, month)
    believe(world, Disputes, accepted=accepted)
    hearing(world, disputes)
    coordinate(world)
    settle(world)
    return sorted(np.flatnonzero(world.pipeline.heard == month).tolist())


def test_a_refused_award_rests_a_year_and_is_heard_again() -> None:
    world = disputed()
    items = world.pipeline
    open_ones = np.flatnonzero(items.dispute != FREE)
    # all of them but three end, so that a hub has hours for every one
    items.dispute[open_ones[3:]] = FREE
    three = open_ones[:3].tolist()
    assert sit(world, 2, 10, accepted=0.0) == three
    assert (items.dispute[three] != FREE).all()
    for month in range(3, 14):
        # nothing is brought to it that would take its hours
        assert sit(world, month, 10, accepted=1.0) == []
        assert world.hubs[0].done["disputes"] == 0
    assert sit(world, 14, 10, accepted=1.0) == three
    assert (items.dispute[three] == FREE).all()


def test_while_a_refused_award_rests_the_next_one_is_heard() -> None:
    world = disputed()
    items = world.pipeline
    open_ones = np.flatnonzero(items.dispute != FREE)
    items.born[open_ones] = -np.arange(len(open_ones))[::-1]
    assert sit(world, 0, 2, accepted=0.0) == open_ones[:2].tolist()
    assert sit(world, 1, 2, accepted=1.0) == open_ones[2:4].tolist()
    assert (items.dispute[open_ones[:2]] != FREE).all()
    assert (items.dispute[open_ones[2:4]] == FREE).all()
    assert to_hear(world).sum() == len(open_ones) - 4


def test_an_award_that_is_likely_at_all_is_accepted_where_luck_is_lowest() -> None:
    world = disputed()
    world.draws = Settled(world.draws, "award accepted")
    before = int((world.pipeline.dispute != FREE).sum())
    sit(world, 0, 2, accepted=0.5)
    assert (world.pipeline.dispute != FREE).sum() == before - 2


def test_some_end_by_themselves() -> None:
    world = disputed(settles=0.01)
    world.pipeline.dispute[:] = DOUBLED
    whole = len(world.pipeline)
    for month in range(24):
        begin(world, month)
        settle(world)
    left = (world.pipeline.dispute != FREE).sum() / whole
    assert left == pytest.approx(0.99**24, abs=0.05)


def test_work_on_a_dispute_is_not_lost_at_the_end_of_the_month() -> None:
    world = disputed()
    hearing(world, 0)
    half = round(30 * world.params[Disputes].hours)
    before = int((world.pipeline.dispute != FREE).sum())
    for month in range(4):
        begin(world, month)
        world.hubs[0].minutes = half
        world.hubs[0].done["disputes"] = 0
        coordinate(world)
        settle(world)
    assert (world.pipeline.dispute != FREE).sum() == before - 2
