"""A space's way to its plan: steps in order, specialists divided, posts shared, what is charged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from igrsim.government.centre import CentreWork
from igrsim.government.hub import STEPS, Hub, HubWork, RollOut
from igrsim.government.skills import GOVERNANCE, PLANNING
from igrsim.kernel.params import ParamSet
from igrsim.phases.coordinate import coordinate
from igrsim.phases.need import need
from igrsim.phases.roll_out import _advance, _local_capacity, _share, roll_out
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.ruling import Ruling
from igrsim.world.world import World

WORK, STEP, CENTRE = (ParamSet()[kind] for kind in (HubWork, RollOut, CentreWork))
WITH_PROFILE = {"one_plan": 1.0, "profile": 1.0}


def world_of(scope: str | list[str] = "two-towns", **rules: float) -> World:
    world = small_model(scope=scope, citizens=100, months=60).world
    begin(world, 0)
    need(world)
    for centre in world.centres:
        centre.partnership = 0.5
    decree(world, **rules)
    return world


def hours_of(world: World, national: float, provincial: float = 0.0) -> None:
    """Specialists' hours a month for the scope as a whole, at the usual pace."""
    whole = world.spaces / world.spaces_in_country
    believe(world, CentreWork, national_hours=national / whole, provincial_hours=provincial)
    world.skills.level[:, [PLANNING, GOVERNANCE]] = 0.5
    world.skills.vacancy[:] = 0.0


def month(world: World, number: int, quorate: bool = True) -> Hub:
    begin(world, number)
    roll_out(world)
    coordinate(world)
    for hub in world.hubs.values():
        hub.sat = quorate
    return world.hubs[0]


def state(hub: Hub) -> dict[str, bool]:
    """What is over."""
    return {step: hub.steps[step] == 0 for step in STEPS} | {
        "profile": hub.profile_made >= 0,
        "begun": hub.plan_phase >= 0,
    }


def test_silos_open_no_desk() -> None:
    world = world_of()
    roll_out(world)
    assert not world.hubs
    assert not world.now.minutes


def test_a_hub_without_posts_is_none() -> None:
    world = world_of(hub_posts=0.0, joint_arena=1.0)
    roll_out(world)
    assert not world.hubs


def test_a_hub_alone_skips_the_steps_and_asks_no_specialist() -> None:
    world = world_of(hub_posts=11.0)
    hub = month(world, 0)
    assert set(hub.steps.values()) == {0}
    assert not any(account == "roll-out" for account, _ in world.now.minutes)


@pytest.mark.parametrize("posts", [0.0, 11.0])
@pytest.mark.parametrize("hours", [30.0, 170.0, 5000.0])
def test_steps_come_in_their_order_and_the_plan_after_them(posts: float, hours: float) -> None:
    world = world_of(hub_posts=posts, **WITH_PROFILE)
    hours_of(world, hours)
    over = []
    for number in range(60):
        hub = month(world, number)
        now = state(hub)
        over.append(now)
        assert now["consultation"] or not now["profile"]
        assert now["launch"] or not now["skills gap"]
        assert now["skills gap"] or not now["begun"]
        assert now["profile"] or not now["begun"]
    assert over[-1]["consultation"]
    if hours > 100:
        assert all(over[-1].values())


@pytest.mark.parametrize("hours", [170.0, 5000.0])
def test_no_launch_before_the_profile_is_made(hours: float) -> None:
    world = world_of(hub_posts=0.0, **WITH_PROFILE)
    hours_of(world, hours)
    for number in range(24):
        hub = month(world, number)
        assert hub.profile_made >= 0 or hub.steps["launch"] == round(60 * STEP.launch), number


def desk(**minutes: int) -> Hub:
    hub = Hub(small_model().world.host, space=0, code="X", opened=0)
    hub.steps = {"consultation": 10, "launch": 20, "skills gap": 30}
    hub.backlog["profile"], hub.backlog["one plan"] = 40, 50
    hub.steps |= minutes
    return hub


@pytest.mark.parametrize(
    ("minutes", "left", "steps", "profile", "plan"),
    [
        (4, 0, [6, 20, 30], 40, 50),
        (10, 0, [0, 20, 30], 40, 50),
        (45, 0, [0, 20, 30], 5, 50),
        (60, 0, [0, 10, 30], 0, 50),
        (90, 0, [0, 0, 10], 0, 50),
        (120, 0, [0, 0, 0], 0, 30),
        (160, 10, [0, 0, 0], 0, 0),
    ],
)
def test_minutes_go_to_the_first_thing_not_done(
    minutes: int, left: int, steps: list[int], profile: int, plan: int
) -> None:
    hub = desk()
    hub.surveying = True
    assert _advance(hub, minutes, True) == left
    assert list(hub.steps.values()) == steps
    assert (hub.backlog["profile"], hub.backlog["one plan"]) == (profile, plan)


def test_specialists_wait_for_a_profile_that_is_not_on_the_desk_yet() -> None:
    for profiled, left, steps in ((True, 50, [0, 20, 30]), (False, 0, [0, 0, 0])):
        hub = desk()
        hub.backlog["profile"] = hub.backlog["one plan"] = 0
        assert _advance(hub, 60, profiled) == left
        assert list(hub.steps.values()) == steps


def test_specialists_are_charged_for_what_was_used_only() -> None:
    for hours, used in ((60.0, 60.0), (10_000.0, 720.0)):
        world = world_of(one_plan=1.0)
        hours_of(world, hours)
        begin(world, 0)
        roll_out(world)
        found = int(world.now.minutes["roll-out", "nation"].sum())
        # at the pace of a middling space all three steps take 720 hours
        assert found == pytest.approx(60 * used, rel=0.01)
        world.hubs[0].plan_adopted = 0
        begin(world, 1)
        roll_out(world)
        assert not any(account == "roll-out" for account, _ in world.now.minutes)


def test_the_nation_and_the_province_bear_their_own_parts() -> None:
    world = world_of(one_plan=1.0)
    hours_of(world, 30.0, 15.0)
    begin(world, 0)
    roll_out(world)
    assert int(world.now.minutes["roll-out", "nation"].sum()) == pytest.approx(1800, abs=2)
    assert int(world.now.minutes["roll-out", "province"].sum()) == pytest.approx(900, abs=2)


def worked(world: World) -> int:
    begin(world, world.month)
    roll_out(world)
    done = sum(round(60 * h) for h in (STEP.consultation, STEP.launch, STEP.skills_gap))
    return done - sum(world.hubs[0].steps.values())


def pace(scope: Sequence[str] = ("DC15", "DC36", "ETH"), plans: int = 0, **numbers: float) -> int:
    """Minutes of work done in a month for the first space, while so many others have a plan already."""
    world = world_of(list(scope), one_plan=1.0)
    hours_of(world, 90.0)
    believe(world, CentreWork, national_hours=90.0, provincial_hours=0.0)
    believe(world, RollOut, **({"switching": 0.0, "lessons": 0.0} | numbers))
    world.spaces_in_country = world.spaces
    if plans:
        roll_out(world)
        for space in range(1, 1 + plans):
            world.hubs[space].plan_adopted = 0
        world.hubs[0].steps = dict(
            zip(STEPS, (round(60 * h) for h in (STEP.consultation, STEP.launch, STEP.skills_gap)), strict=True)
        )
    return worked(world)


def test_a_second_plan_takes_fewer_hours() -> None:
    for lessons in (0.15, 0.3):
        # two of three on their way: each has half of the hours
        assert pace(plans=1, lessons=lessons) / pace(plans=1) == pytest.approx(2**lessons, rel=0.01)
        assert pace(lessons=lessons) == pace()


def test_hours_are_divided_over_those_on_their_way() -> None:
    alone, two, three = (pace(plans=n) for n in (2, 1, 0))
    assert alone == pytest.approx(2 * two, rel=0.01)
    assert alone == pytest.approx(3 * three, rel=0.01)
    # and some are lost in serving many at once
    assert pace(switching=0.03) == pytest.approx(three / 1.06, rel=0.01)
    np.testing.assert_allclose(_share(np.array([True, False, True]), 0.5), [1 / 3, 0, 1 / 3])
    assert _share(np.zeros(2, bool), 0.5).tolist() == [0, 0]


def test_experts_and_stronger_provinces_add_hours() -> None:
    for rule, bearer, times in (
        ("expert_unit", "nation", (CENTRE.national_hours + CENTRE.expert_hours) / CENTRE.national_hours),
        ("provincial_capacity", "province", CENTRE.strengthened),
    ):
        found = []
        for extent in (0.0, 0.5, 1.0):
            world = world_of(["DC15"], one_plan=1.0, **{rule: extent})
            believe(world, RollOut, skills_gap=10**6)
            roll_out(world)
            found.append(int(world.now.minutes["roll-out", bearer].sum()))
        assert found[2] / found[0] == pytest.approx(times, rel=0.01)
        assert found[1] == pytest.approx((found[0] + found[2]) / 2, abs=2)


def test_experts_help_only_where_there_is_a_unit() -> None:
    found = []
    for here in (0.0, 1.0):
        world = world_of(["DC15", "DC36"])
        world.rules.rulings = (Ruling(one_plan=1.0, expert_unit=here), Ruling(one_plan=1.0))
        believe(world, RollOut, skills_gap=10**6)
        roll_out(world)
        found.append(world.now.minutes["roll-out", "nation"].copy())
    assert found[1][0] > found[0][0]
    assert found[1][1] == found[0][1]


def test_a_weak_space_is_slower_but_never_still() -> None:
    world = world_of("two-towns")
    for level, factor in ((0.0, 0.6), (0.5, 1.0)):
        world.skills.level[:] = level
        world.skills.vacancy[:] = 0.0
        np.testing.assert_allclose(_local_capacity(world), factor, atol=1e-9)


def test_a_shared_hub_is_divided_and_paid_for_once() -> None:
    cost, filled = {}, {}
    for shared in (1, 2):
        world = world_of(["DC15", "DC36"], hub_posts=10.0)
        world.sharing[:] = shared
        begin(world, 30)
        roll_out(world)
        for hub in world.hubs.values():
            hub.established = 0
        begin(world, 30)
        roll_out(world)
        cost[shared] = int(world.now.cents["hub posts", "nation"].sum())
        filled[shared] = [hub.filled for hub in world.hubs.values()]
        assert cost[shared] == round(100 * WORK.rand_per_post * sum(filled[shared]))
        assert world.now.minutes["hub posts", "nation"].sum() == sum(h.minutes for h in world.hubs.values())
    assert filled == {1: [10.0, 10.0], 2: [5.0, 5.0]}
    assert cost[1] == 2 * cost[2]


def test_of_a_provinces_specialists_a_part_of_it_has_its_part() -> None:
    province = ["DC1", "DC2", "DC3", "DC4", "DC5", "CPT"]
    found = {}
    for many in (1, 3, 6):
        world = world_of(province[:many], one_plan=1.0)
        hours_of(world, 0.0, 120.0)
        believe(world, RollOut, switching=0.0, lessons=0.0, consultation=10**5)
        roll_out(world)
        given = world.now.minutes["roll-out", "province"]
        found[many] = [int(m) for m in given]
    # each of them has what it would have among all the others
    assert found[1] == [1200]
    assert found[3] == [1200] * 3
    assert found[6] == [1200] * 6


def test_posts_come_to_a_desk_that_was_open_before_and_fill_from_then() -> None:
    world = world_of(hub_posts=0.0, **WITH_PROFILE)
    hours_of(world, 0.0)
    for number in range(12):
        assert month(world, number).filled == 0
    decree(world, hub_posts=13.0, **WITH_PROFILE)
    filled = [month(world, number).filled for number in range(12, 27)]
    np.testing.assert_allclose(filled, np.minimum(13.0, 13.0 * np.arange(1, 16) / WORK.months_to_staff))


def test_a_hub_that_is_given_up_keeps_its_desk_without_posts() -> None:
    world = world_of(hub_posts=10.0)
    hub = month(world, 0)
    assert hub.filled > 0
    world.rules.rulings = (Ruling(),)
    hub = month(world, 1)
    assert (hub.filled, hub.minutes) == (0.0, 0)
    assert world.now.cents["hub posts", "nation"].sum() == 0
