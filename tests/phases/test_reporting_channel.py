"""The single reporting channel: what its database answers, its queue, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.government.reporting_channel import ChannelWork, ReportingChannel
from igrsim.phases.reporting_channel import _parts
from igrsim.phases.request import Reporting, request
from igrsim.places.institutions import load_institutions
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model, staff_hubs
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def opened(hours: float = 1e6, setup_months: float = 0.0, **rules: float) -> World:
    """A small world whose province has one entry point, with hours for whatever comes in unless said otherwise."""
    world = small_model(scope=["DC36"], citizens=50).world
    decree(world, **({"reporting_channel": 1.0} | rules))
    believe(world, ChannelWork, hours=hours, setup_months=setup_months)
    believe(world, Reporting, calls_meeting=1.0)
    return world


def year(world: World, months: int = 12) -> dict[str, int]:
    total: dict[str, int] = {"called": 0, "worked": 0, "cents": 0}
    for month in range(months):
        begin(world, month)
        request(world)
        for name, values in world.now.by_municipality.items():
            total[name] = total.get(name, 0) + int(values.sum())
        total["worked"] += int(world.now.minutes["reporting channel", "province"].sum())
        total["cents"] += int(world.now.cents["reporting channel", "province"].sum())
        for forum in world.ad_hoc.values():
            total["called"] += forum.called
            forum.called = 0
    return total


def test_what_was_given_once_is_answered_from_the_database() -> None:
    silos, channel = year(opened(reporting_channel=0.0)), year(opened())
    assert channel["asks"] < silos["asks"]
    assert channel["repeats"] < silos["repeats"]
    assert channel["report_minutes"] < silos["report_minutes"]
    assert silos["worked"] == silos["cents"] == 0 < channel["worked"]


def test_what_an_act_owes_a_department_stays_owed() -> None:
    world, plain = opened(), opened(reporting_channel=0.0)
    lawful = tuple(r for r in load_institutions().requests if r.statutory)
    world.institutions = plain.institutions = replace(world.institutions, requests=lawful)
    one, other = year(world), year(plain)
    assert one["asks"] == other["asks"]
    assert one["report_minutes"] == other["report_minutes"]
    # they are entered all the same
    assert one["worked"] > 0


def test_without_hours_its_answers_come_late_and_departments_ask_again() -> None:
    quick, slow = opened(), opened(hours=4.0)
    enough, short = year(quick), year(slow)
    assert quick.channels[0].wait == 0
    assert slow.channels[0].wait > 1
    assert enough["asks"] < short["asks"] <= year(opened(reporting_channel=0.0))["asks"] * 1.02
    assert enough["called"] <= short["called"]
    assert short["worked"] < enough["worked"]


def test_staleness_alone_makes_departments_doubt_and_call_meetings() -> None:
    found = []
    for staleness in (0.0, 0.4):
        world = opened(hours=4.0)
        believe(world, ChannelWork, hours=4.0, setup_months=0.0, patience=1e9, staleness=staleness)
        found.append(year(world, 24))
    fresh, stale = found
    assert fresh["asks"] < stale["asks"]
    assert fresh["called"] < stale["called"]


def test_before_its_database_stands_it_costs_and_answers_nothing() -> None:
    early, silos = year(opened(setup_months=24.0)), year(opened(reporting_channel=0.0))
    assert early.pop("cents") > silos.pop("cents") == 0
    assert early == silos


def test_the_database_is_paid_once() -> None:
    one, two = year(opened(setup_months=99.0), 1), year(opened(setup_months=99.0), 12)
    assert one["cents"] == two["cents"]


@pytest.mark.parametrize("retired", [0.0, 0.3, 1.0])
def test_what_a_hub_answers_is_not_answered_twice(retired: float) -> None:
    both, hub = opened(channels_retired=retired), opened(channels_retired=retired, reporting_channel=0.0)
    alone = opened()
    for world in (both, hub):
        staff_hubs(world)
    together, only, channel = year(both), year(hub), year(alone)
    assert together["asks"] == pytest.approx(channel["asks"], rel=0.01)
    assert together["asks"] <= only["asks"]
    # the more hubs take over, the less there is for the channel to answer
    assert together["worked"] <= channel["worked"]
    if retired:
        assert together["worked"] < channel["worked"]


def test_other_departments_read_as_much_as_before() -> None:
    read = []
    for extent in (0.0, 1.0):
        world = opened(reporting_channel=extent)
        for town in world.municipalities:
            town.data_quality = 1.0
        begin(world, 0)
        request(world)
        read.append(int(world.now.minutes["reports", "nation"].sum() + world.now.minutes["reports", "province"].sum()))
    assert read[1] == pytest.approx(read[0], rel=0.02)


DESK = ReportingChannel(small_model(), code="made-up")


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=30))
def test_work_is_done_or_waits(months: list[tuple[int, int]]) -> None:
    DESK.backlog = 0
    done = sum(DESK.work(brought, minutes) for brought, minutes in months)
    assert done + DESK.backlog == sum(brought for brought, _ in months)
    assert DESK.wait >= 0


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=8))
def test_parts_add_up(whole: int, weights: list[int]) -> None:
    parts = _parts(whole, np.array(weights, dtype=np.int64))
    assert parts.sum() == whole
    assert (parts >= 0).all()


@pytest.mark.parametrize("posts", [0.0, 1000.0])
@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_a_hub_that_replaces_nothing_leaves_all_to_the_channel(posts: float, frozen: float) -> None:
    found = []
    for retired in (0.0, 1.0):
        world = opened(channels_retired=retired)
        believe(world, Frozen, benefits=frozen)
        staff_hubs(world)
        for hub in world.hubs.values():
            hub.filled = posts
        found.append(year(world))
    alone, beside = found
    if posts:
        # in the frozen world too the channel has less to do beside a hub that keeps up
        assert beside["worked"] < alone["worked"]
    else:
        assert beside == alone
