"""Audits of forums: how long they take, what they merge, what hosts carry, and what departments do without."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.centre import CentreWork
from igrsim.kernel.params import ParamSet
from igrsim.levers._base import levers
from igrsim.phases.decide import _brought_by_guests
from igrsim.phases.engagement import Engagement, retired
from igrsim.phases.forum_audit import AuditWork, audit_forums
from igrsim.phases.meet import _called, meet
from igrsim.phases.need import need
from igrsim.phases.roll_out import roll_out
from igrsim.regimes.regime import fold
from igrsim.runs.validation.small_worlds import begin, believe, decree, of_levers, small_model, staff_hubs
from igrsim.world.framework import NEVER
from igrsim.world.frozen import Frozen
from igrsim.world.ruling import SILOS
from igrsim.world.world import World

PILOTS = ["DC15", "DC36", "ETH"]


def audited(merged: float = 1.0, months: int = 3, **rules: float) -> World:
    """The pilots under a framework that stands from the second month."""
    world = small_model(scope=PILOTS, citizens=50).world
    believe(world, AuditWork, audit_hours=0.0, framework_hours=0.3, framework_months=1.0)
    decree(world, **({"forum_audit": 1.0, "forums_merged": merged} | rules))
    for month in range(months):
        begin(world, month)
        audit_forums(world)
    return world


def test_hosts_are_the_statutory_forums_for_all_matters_of_the_same_place() -> None:
    world = audited()
    for forum, host in zip(world.forums, world.framework.host.tolist(), strict=True):
        if host < 0:
            continue
        into = world.forums[host]
        assert into.code.partition("@")[0] in ("PCF", "PCF-TECH", "DIF", "DIF-TECH", "METRO-IGF")
        assert into.code.partition("@")[2] == forum.code.partition("@")[2]
        assert into.statutory > 0
        assert forum.retirable
        assert forum.statutory == 0
    assert {world.forums[h].code for h in world.framework.host if h >= 0} >= {"DIF@DC15", "PCF@EC", "METRO-IGF@ETH"}


def test_an_audit_takes_months_and_every_hour_is_charged() -> None:
    model = small_model(of_levers("forum-audit"), PILOTS, months=20, citizens=50)
    spent = np.zeros(3, np.int64)
    before = after = 0
    while model.month < 20:
        model.step()
        world = model.world
        spent += world.now.minutes["forum audit", "province"]
        if model.month == 1:
            before = world.framework.left.sum() + spent.sum()
        if world.framework.merged.any() and not after:
            after = model.month
    assert 8 < after < 20
    keeping = world.params[AuditWork].keeping_hours
    kept = sum(60 * keeping * (20 - month) for month in world.framework.stands.tolist())
    assert spent.sum() == before + kept


def test_a_centre_without_hours_never_ends_its_audit() -> None:
    world = small_model(scope=PILOTS, citizens=50).world
    believe(world, CentreWork, provincial_hours=0.0)
    decree(world, forum_audit=1.0, forums_merged=1.0)
    for month in range(12):
        begin(world, month)
        audit_forums(world)
    assert not world.framework.merged.any()
    assert (world.framework.place == NEVER).all()


def test_what_an_audit_takes_spaces_on_their_way_to_a_plan_lack() -> None:
    left = []
    for extent in (0.0, 1.0):
        world = small_model(scope=["DC36"], citizens=50).world
        believe(world, CentreWork, national_hours=0.0)
        decree(world, forum_audit=extent, one_plan=1.0)
        begin(world, 0)
        audit_forums(world)
        roll_out(world)
        left.append(sum(world.hubs[0].steps.values()))
    assert left[0] < left[1]


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_those_that_decide_nothing_go_first(share: float) -> None:
    world = small_model(scope=PILOTS, citizens=50).world
    believe(world, AuditWork, audit_hours=0.0, framework_hours=0.3, framework_months=0.0)
    decree(world, forum_audit=1.0, forums_merged=share)
    for forum in world.forums:
        forum.held, forum.fruitful = np.eye(12, dtype=int)[0], np.eye(12, dtype=int)[0] * (forum.key % 2 == 0)
    begin(world, 0)
    audit_forums(world)
    found = np.flatnonzero(world.framework.host >= 0)
    gone = world.framework.merged[found].any(axis=1)
    works = np.array([world.forums[f].functional for f in found])
    for place in {world.forums[f].code.partition("@")[2] for f in found}:
        mine = np.array([world.forums[f].code.endswith(f"@{place}") for f in found])
        if (gone & works & mine).any():
            assert gone[mine & ~works].all()
    assert 0 < gone.mean() < 1


def test_hosts_carry_what_they_take_in_to_the_minute() -> None:
    world = audited()
    p = world.params[AuditWork]
    for host in {int(h) for h in world.framework.host if h >= 0}:
        into = world.forums[host]
        guests = [f for f, h in zip(world.forums, world.framework.host, strict=True) if h == host]
        a_year, minutes, preparation, seats = into.own_a_year, into.own_minutes, into.own_preparation, into.own_seats
        sitting = a_year * minutes + p.carried * sum(g.a_year * g.minutes for g in guests)
        prepared = a_year * preparation + p.carried * sum(g.a_year * g.preparation for g in guests)
        assert into.a_year * into.minutes == pytest.approx(sitting, abs=into.a_year)
        assert into.a_year * into.preparation == pytest.approx(prepared, abs=into.a_year)
        assert into.minutes <= 60 * p.longest_hours
        assert into.a_year >= a_year
        assert (into.seats >= seats).all()
        assert all((into.seats >= g.seats).all() for g in guests)


def test_without_merging_every_forum_is_as_it_was() -> None:
    world = audited()
    decree(world, forum_audit=1.0)
    begin(world, 3)
    audit_forums(world)
    for forum in world.forums:
        own = forum.own_a_year, forum.own_minutes, forum.own_preparation
        assert (forum.a_year, forum.minutes, forum.preparation) == own
        np.testing.assert_array_equal(forum.seats, forum.own_seats)


def test_merged_forums_do_not_meet_and_their_problems_come_before_the_host() -> None:
    world = audited(months=2)
    items = {}
    for month in range(2, 14):
        begin(world, month)
        audit_forums(world)
        called = {m.forum for m in _called(world)}
        assert not called & set(np.flatnonzero(world.framework.merged.any(axis=1)).tolist())
    for share in (0.0, 1.0):
        world = audited(share, months=2)
        total = repeats = 0
        for month in range(2, 14):
            begin(world, month)
            audit_forums(world)
            need(world)
            meet(world)
            total += int(world.now.by_space["agenda_items"].sum())
            repeats += int(world.now.by_space["agenda_repeats"].sum())
        items[share] = repeats / total
    assert items[1.0] < items[0.0]


def test_hub_and_framework_each_retire_and_neither_order_matters() -> None:
    both, hub, framework = (
        audited(merged, channels_retired=channels) for merged, channels in ((0.5, 0.5), (0.0, 0.5), (0.5, 0.0))
    )
    for world in (both, hub, framework):
        staff_hubs(world)
    np.testing.assert_array_equal(retired(both), retired(hub) | retired(framework))
    pair = [levers[name](ParamSet({"district-hub.retire": 0.5})) for name in ("district-hub", "forum-audit")]
    one = fold([(lever, 0.7) for lever in pair], SILOS)[-1][2]
    other = fold([(lever, 0.7) for lever in pair[::-1]], SILOS)[-1][2]
    assert one == other


def test_a_department_that_hears_nothing_through_the_host_calls_a_meeting() -> None:
    called = []
    for heard in (True, False):
        world = audited(months=2)
        believe(world, AuditWork, audit_hours=0.0, framework_hours=0.3, framework_months=1.0, recalls=1.0)
        number = 0
        for month in range(2, 14):
            begin(world, month)
            for forum in world.forums:
                forum.heard[:] = month if heard else -99
            audit_forums(world)
            for forum in world.ad_hoc.values():
                number += forum.called
                forum.called = 0
        called.append(number)
    # where only the district sits in the host, departments hear part of what locals say
    assert 0 < called[0] < called[1]


def test_hubs_that_replaced_a_forum_leave_nothing_to_call_for() -> None:
    world = audited(months=2, channels_retired=1.0)
    staff_hubs(world)
    for forum in world.ad_hoc.values():
        forum.called = 0
    believe(world, AuditWork, recalls=1.0)
    for month in range(2, 14):
        begin(world, month)
        audit_forums(world)
    assert not any(forum.called for forum in world.ad_hoc.values())


def test_a_host_that_sits_longer_has_no_more_strength_for_what_comes_before_it() -> None:
    efforts = []
    for minutes in (180, 480):
        world = small_model().world
        begin(world, 0)
        need(world)
        for forum in world.forums:
            # a meeting of eight hours where three were the rule
            forum.own_minutes = 180
            forum.minutes = minutes
            forum.delegates = 0
        believe(
            world, Engagement, effort=1e9, raised=1.0, department_travel=0.0, provincial_hours=1e9, national_hours=1e9
        )
        meet(world)
        efforts.append(float(world.problems.spent.sum()))
    assert efforts[0] == pytest.approx(efforts[1])


def test_frozen_hosts_decide_as_in_silos() -> None:
    found = []
    for share in (0.0, 1.0):
        world = audited(share, months=2)
        # nobody tires, and there are hours for all of it
        believe(world, Frozen, benefits=1.0)
        believe(
            world, Engagement, fatigue=0.0, usefulness_pull=0.0, overrun=1.0, provincial_hours=1e9, national_hours=1e9
        )
        decided = met = 0
        for month in range(2, 14):
            begin(world, month)
            audit_forums(world)
            need(world)
            meet(world)
            decided += int(world.now.by_space["decisions"].sum())
            met += int(world.now.by_space["meetings_ppm"].sum())
        found.append((decided, met))
    assert found[0][0] == found[1][0] > 0
    assert found[0][1] < found[1][1]


@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_hosts_do_not_carry_what_hubs_replaced(frozen: float) -> None:
    world = audited(months=2, channels_retired=1.0)
    believe(world, Frozen, benefits=frozen)
    staff_hubs(world)
    begin(world, 2)
    audit_forums(world)
    for forum in world.forums:
        own = forum.own_a_year, forum.own_minutes, forum.own_preparation
        assert (forum.a_year, forum.minutes, forum.preparation) == own
        np.testing.assert_array_equal(forum.seats, forum.own_seats)
    world.framework.merged |= world.framework.host[:, None] >= 0
    need(world)
    row, forum_of = (x.ravel() for x in np.indices((len(world.problems.open), len(world.forums))))
    assert _brought_by_guests(world, row, forum_of).any() == bool(frozen)


def test_an_audit_that_is_extended_is_paid_for_and_merges_no_more_before_it_ends() -> None:
    spent, merged = [], []
    for first in (1.0, 0.25):
        world = small_model(scope=PILOTS, citizens=50).world
        believe(world, AuditWork, framework_months=0.0, keeping_hours=0.0)
        believe(world, CentreWork, provincial_hours=1e6)
        minutes, found = 0, []
        for month in range(4):
            extent = first if month < 2 else 1.0
            # in the third month the centres have no hours
            believe(world, CentreWork, provincial_hours=0.0 if month == 2 else 1e6)
            decree(world, forum_audit=extent, forums_merged=0.8 * extent)
            begin(world, month)
            audit_forums(world)
            minutes += sum(int(a.sum()) for a in world.now.minutes.values())
            found.append(int(world.framework.merged.sum()))
        spent.append(minutes)
        merged.append(found)
    assert spent[0] == spent[1]
    assert merged[0][1] == merged[0][3] == merged[1][3]
    assert 0 < merged[1][1] == merged[1][2] < merged[1][3]
