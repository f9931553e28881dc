"""What a hub does with its hours: phases of a plan, the profile's calls, owners within their money."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.centre import CentreWork
from igrsim.government.hub import PLAN_PHASES, Hub, HubWork
from igrsim.kernel.params import ParamSet
from igrsim.phases.coordinate import DataCalls, _in_sequence, _name_owners, coordinate
from igrsim.phases.need import need
from igrsim.phases.roll_out import roll_out
from igrsim.plans.pipeline import BLOCKED, DOUBLED, FREE, Disputes, Planning, Programme
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.world import World

WORK = ParamSet()[HubWork]


def ready(posts: float = 1000.0, **rules: float) -> tuple[World, Hub]:
    """A space whose hub has all steps behind it, hours for anything and no specialists to help."""
    world = small_model(months=60).world
    believe(world, CentreWork, national_hours=0.0, provincial_hours=0.0)
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    decree(world, hub_posts=posts, **rules)
    roll_out(world)
    hub = world.hubs[0]
    hub.steps = dict.fromkeys(hub.steps, 0)
    return world, hub


def month(world: World, number: int, sat: bool) -> None:
    begin(world, number)
    roll_out(world)
    coordinate(world)
    world.hubs[0].sat = sat


@pytest.mark.parametrize("sits", [True, False])
def test_each_phase_of_a_plan_waits_for_a_forum_that_can_decide(sits: bool) -> None:
    world, hub = ready(one_plan=1.0)
    phases = []
    for number in range(1, 12):
        month(world, number, sits)
        phases.append(hub.plan_phase)
    if not sits:
        assert set(phases) == {0}
        assert hub.plan_adopted < 0
        return
    assert phases[: len(PLAN_PHASES)] == list(range(len(PLAN_PHASES)))
    assert hub.plan_adopted == 1 + len(PLAN_PHASES)
    assert (world.pipeline.owner >= 0).any()


def test_a_forum_that_sat_before_the_phase_was_over_has_not_taken_note_of_it() -> None:
    world, hub = ready(posts=0.01, one_plan=1.0)
    for number in range(1, 6):
        month(world, number, sat=True)
    assert hub.plan_phase == 0
    assert hub.backlog["one plan"] > 0


def test_phases_bring_the_whole_plan_and_no_more() -> None:
    world, hub = ready(one_plan=1.0)
    done = 0
    for number in range(1, 8):
        month(world, number, sat=True)
        done += hub.done["one plan"] * (hub.plan_adopted < 0)
    assert done == round(60 * WORK.plan_hours)
    assert sum(part for _, part in PLAN_PHASES) == pytest.approx(1.0)


def test_specialists_without_a_hub_make_a_plan_in_fewer_hours() -> None:
    for posts, part in ((0.0, WORK.desk_plan), (1.0, 1.0)):
        world, hub = ready(posts=posts, one_plan=1.0)
        brought = []
        for number in range(1, 1 + len(PLAN_PHASES)):
            month(world, number, sat=True)
            brought.append(hub.backlog["one plan"] + hub.done["one plan"])
            # somebody does it
            hub.backlog["one plan"], hub.awaits = 0, True
        assert brought == [round(round(60 * WORK.plan_hours * part) * share) for _, share in PLAN_PHASES]


@pytest.mark.parametrize("posts", [0.0, 1000.0])
def test_a_phase_of_a_plan_takes_hours_of_everyone_once(posts: float) -> None:
    world, hub = ready(posts=posts, one_plan=1.0)
    each = round(60 * WORK.phase_municipal)
    members = {
        bearer: sum(d.sphere == sphere for d in world.institutions.departments)
        for sphere, bearer in (("national", "nation"), ("provincial", "province"))
    }
    municipalities = len(world.municipalities)
    for number in range(1, 4 + 2 * len(PLAN_PHASES)):
        before = hub.plan_phase
        # a forum sits every other month, so that phases last for two
        month(world, number, sat=number % 2 == 0)
        if hub.filled <= 0:
            hub.backlog["one plan"], hub.awaits = 0, True
        begun = hub.plan_phase > before
        assert world.now.by_municipality["plan_minutes"].tolist() == [each * begun] * municipalities
        assert world.now.minutes["plans", "municipality"].sum() == each * begun * municipalities
        for bearer, many in members.items():
            found = world.now.minutes["plans", bearer].sum()
            assert found == round(60 * WORK.phase_department * many) * begun
    assert hub.plan_adopted > 0
    assert min(members.values()) > 0


def test_a_plan_waits_for_its_steps_and_its_profile() -> None:
    world, hub = ready(one_plan=1.0)
    hub.steps["skills gap"] = 1
    month(world, 1, sat=True)
    assert hub.plan_phase == -1
    hub.steps["skills gap"] = 0
    believe(world, HubWork, profile_hours=10**7)
    decree(world, hub_posts=1000.0, one_plan=1.0, profile=1.0)
    month(world, 2, sat=True)
    assert hub.plan_phase == -1
    hub.profile_made = 2
    month(world, 3, sat=True)
    assert hub.plan_phase == 0


def test_a_profile_asks_once_of_everyone_and_covers_what_stands_open() -> None:
    world, hub = ready(posts=0.01, profile=1.0)
    calls = ParamSet()[DataCalls]
    asked = []
    for number in range(1, 5):
        month(world, number, sat=False)
        asked.append(world.now.by_municipality["profile_minutes"].tolist())
    each = round(60 * calls.municipality_hours)
    assert asked == [[each] * len(world.municipalities)] + [[0] * len(world.municipalities)] * 3
    assert hub.profile_made < 0
    world.pipeline.delivered_by[:3] = 0
    decree(world, hub_posts=10**6, profile=1.0)
    month(world, 5, sat=False)
    assert hub.profile_made == 5
    surveyed = world.pipeline.surveyed == 5
    np.testing.assert_array_equal(surveyed, world.pipeline.open(5))
    month(world, 6, sat=False)
    assert (world.pipeline.surveyed[surveyed] == 5).all()


def test_a_partial_profile_covers_its_share() -> None:
    world = small_model(scope=["DC15"], citizens=100).world
    begin(world, 0)
    need(world)
    decree(world, hub_posts=10**6, profile=0.4)
    roll_out(world)
    coordinate(world)
    open_now = world.pipeline.open(0)
    assert (world.pipeline.surveyed[open_now] == 0).mean() == pytest.approx(0.4, abs=0.06)


def test_owners_come_in_the_order_in_which_items_need_each_other() -> None:
    world, hub = ready(one_plan=1.0)
    items = world.pipeline
    items.needs[:] = -1
    items.needs[0], items.needs[1] = 2, 3
    items.funded[3, 0] = True
    assert list(_in_sequence(world, np.array([0, 1, 2]), [-1] * 3)) == [2, 0, 1, 2]
    believe(world, Planning, plan_years=100.0)
    _name_owners(world, {hub.space: 1.0})
    assert items.owner[0] >= 0
    assert items.owner[2] >= 0


def test_owners_have_mandate_money_and_a_date() -> None:
    world, hub = ready(one_plan=1.0)
    items, money = world.pipeline, world.portfolios
    year = world.params[Planning].plan_years
    for number in (3, 15, 27):
        world.month = number
        _name_owners(world, {hub.space: 1.0})
        owned = np.flatnonzero(items.owner >= 0)
        portfolio = money.slots[items.municipality[owned], items.sector[owned], items.owner[owned]]
        assert (portfolio >= 0).all()
        agreed = np.bincount(portfolio, weights=items.cents[owned], minlength=len(money.cents))
        assert (agreed <= year * money.cents).all()
        assert (items.agreed[owned] <= number + 12 * (year + 1)).all()
    # nothing is paid, so what was agreed first still takes up the money
    assert len(owned)


def test_nobody_is_named_for_what_a_dispute_blocks() -> None:
    world, hub = ready(one_plan=1.0)
    items = world.pipeline
    items.needs[:] = -1
    items.needs[1] = 0
    believe(world, Planning, plan_years=100.0)
    items.dispute[::2] = BLOCKED
    items.dispute[1::4] = DOUBLED
    _name_owners(world, {hub.space: 1.0})
    assert (items.owner[::2] == -1).all()
    assert (items.owner[1::2] >= 0).all()
    # once settled it is agreed at the next review
    items.dispute[:] = FREE
    _name_owners(world, {hub.space: 1.0})
    assert (items.owner >= 0).all()


def test_half_a_plan_agrees_on_half_the_money() -> None:
    cents = []
    for extent in (0.5, 1.0):
        world, hub = ready(one_plan=1.0)
        _name_owners(world, {hub.space: extent})
        cents.append(int(world.pipeline.cents[world.pipeline.owner >= 0].sum()))
    assert 0 < cents[0] < 0.75 * cents[1]


def test_a_hub_without_posts_convenes_nothing() -> None:
    world, hub = ready(posts=0.0, one_plan=1.0)
    hub.convenes = True
    month(world, 1, sat=True)
    assert not hub.convenes
    assert sum(hub.done.values()) == 0
    # the desk is there, for specialists to fill
    assert hub.backlog["one plan"] > 0


def test_a_partial_plan_takes_its_share_of_hours() -> None:
    taken: list[list[int]] = []
    for extent in (1.0, 0.25):
        world, hub = ready(one_plan=extent)
        month(world, 1, sat=True)
        begun = [hub.backlog["one plan"] + hub.done["one plan"], int(world.now.by_municipality["plan_minutes"].sum())]
        begun += [int(world.now.minutes["plans", b].sum()) for b in ("nation", "province", "municipality")]
        hub.plan_adopted = 1
        month(world, 2, sat=True)
        taken.append([*begun, hub.done["one plan"]])
    assert min(taken[1]) > 0
    assert taken[1] == pytest.approx([whole / 4 for whole in taken[0]], abs=2)


def test_a_partial_profile_asks_for_its_share_of_data() -> None:
    asked: list[list[int]] = []
    for extent in (1.0, 0.25):
        world, _ = ready(profile=extent)
        month(world, 1, sat=True)
        calls = [int(world.now.minutes["profiles", bearer].sum()) for bearer in ("nation", "province")]
        asked.append([int(world.now.by_municipality["profile_minutes"].sum()), *calls])
    assert min(asked[1]) > 0
    assert asked[1] == pytest.approx([whole / 4 for whole in asked[0]], abs=2)
