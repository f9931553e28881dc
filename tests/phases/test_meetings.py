"""Forums: who comes, what is decided, what retiring channels does."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.hub import HubWork
from igrsim.government.municipality import Administration
from igrsim.phases.engagement import Engagement
from igrsim.phases.learn import Memory, learn
from igrsim.phases.meet import _called, meet
from igrsim.phases.need import need
from igrsim.runs.validation.small_worlds import Settled, begin, believe, decree, small_model, staff_hubs
from igrsim.world.world import World


def year(world: World, months: int = 12) -> dict[str, int]:
    """Problems arise and forums meet; sums over the months."""
    total: dict[str, int] = {}
    for month in range(months):
        begin(world, month)
        need(world)
        meet(world)
        for name, values in (*world.now.by_municipality.items(), *world.now.by_space.items()):
            total[name] = total.get(name, 0) + int(values.sum())
    return total


def test_nobody_willing_means_no_quorum_and_no_decision() -> None:
    world = small_model().world
    believe(world, Engagement, base_attendance=-5.0)
    for forum in world.forums:
        if not len(forum.municipalities):
            forum.a_year = 0
    found = year(world)
    assert found["attended"] < 0.1 * found["invited"]
    assert found.get("decisions", 0) < 0.2 * year(small_model().world)["decisions"]


def test_an_inquorate_meeting_is_called_again() -> None:
    world = small_model().world
    believe(world, Engagement, quorum=2.0)
    begin(world, 0)
    first = {m.forum for m in _called(world)}
    meet(world)
    again = {i for i, f in enumerate(world.forums) if f.rescheduled}
    assert first == again
    assert world.now.by_space["quorate"].sum() == 0
    assert world.ties.max() == world.peer_ties.max() == 0


def test_retired_channels_do_not_meet() -> None:
    world = small_model().world
    decree(world, channels_retired=1.0)
    staff_hubs(world)
    for forum in world.forums:
        forum.called = 1
    for month in range(12):
        begin(world, month)
        for meeting in _called(world):
            forum = world.forums[meeting.forum]
            assert not (forum.retirable and forum.level == "space")
            assert not forum.ad_hoc


def test_channels_without_a_hub_to_replace_them_stay() -> None:
    called = []
    for retired in (0.0, 1.0):
        world = small_model().world
        decree(world, channels_retired=retired)
        begin(world, 3)
        called.append(len(_called(world)))
    assert called[0] == called[1] > 0


def test_a_hub_forum_meets_only_when_its_hub_convenes() -> None:
    model = small_model("district-hub-core", rollout="all-at-once", months=50)
    held, planning = [], []
    while model.month < 50:
        planning.append(not model.world.hubs or model.world.hubs[0].plan_adopted < 0)
        model.step()
        held.append(model.world.hubs[0].convenes)
    adopted = planning.index(False)
    # every month while the One Plan is made and hours suffice, then in its own rhythm
    assert sum(held[adopted - 6 : adopted]) == 6
    later = held[adopted + 1 : adopted + 13]
    assert sum(later) == round(model.world.params[HubWork].meetings)


def test_effort_in_one_forum_counts_for_nothing_in_another() -> None:
    world = small_model().world
    believe(world, Engagement, effort=1e9)
    assert year(world)["decisions"] == 0
    assert world.problems.spent.max() > 0


def test_a_lighter_problem_is_decided_sooner() -> None:
    decisions = []
    for effort in (1.5, 6.0):
        world = small_model().world
        believe(world, Engagement, effort=effort)
        decisions.append(year(world)["decisions"])
    assert decisions[0] > decisions[1]


def test_ties_form_at_quorate_meetings_and_fade_by_their_share() -> None:
    world = small_model().world
    year(world, 3)
    for ties in (world.ties, world.peer_ties):
        assert ties.min() >= 0
        assert 0 < ties.max() < 1
    np.testing.assert_array_equal(world.peer_ties, world.peer_ties.transpose(0, 2, 1))
    believe(world, Memory, officials_change=-1.0, tie_fades=0.25)
    world.draws = Settled(world.draws)
    before = world.peer_ties.copy()
    learn(world)
    np.testing.assert_allclose(world.peer_ties, 0.75 * before)


def test_a_new_official_knows_nobody() -> None:
    world = small_model().world
    year(world, 3)
    believe(world, Memory, officials_change=2.0)
    learn(world)
    assert world.ties.max() == world.peer_ties.max() == 0


def test_a_municipal_official_who_leaves_takes_the_ties_along() -> None:
    world = small_model().world
    year(world, 3)
    peers = world.peer_ties.copy()
    believe(world, Administration, turnover=2.0)
    believe(world, Memory, officials_change=-1.0, tie_fades=0.0)
    learn(world)
    assert world.ties.max() == 0
    np.testing.assert_array_equal(world.peer_ties, peers)


def test_load_follows_what_was_spent() -> None:
    world = small_model().world
    believe(world, Memory, load_memory=1.0, data_drift=1.0)
    begin(world, 0)
    town = world.municipalities[1]
    world.now.by_municipality["meeting_minutes"][1] = town.minutes // 2
    world.now.by_municipality["report_overload_ppm"][1] = 2_000_000
    learn(world)
    assert town.load == pytest.approx(0.5)
    assert town.data_quality == pytest.approx(town.condition / 1.5)
    assert world.municipalities[2].data_quality == world.municipalities[2].condition


@pytest.mark.parametrize("extent", [0.0, 0.1, 0.5, 1.0])
def test_a_task_team_sits_and_follows_up_as_often_as_it_is_in_force(extent: float) -> None:
    world = small_model(months=60).world
    believe(world, Engagement, base_attendance=9.0, quorum=0.0)
    decree(world, task_teams=extent)
    team = next(i for i, f in enumerate(world.forums) if f.rule == "task_teams")
    sat, raised = [], []
    for month in range(48):
        begin(world, month)
        sat.append(any(m.forum == team for m in _called(world)))
        before = world.salience.copy()
        meet(world)
        raised.append(bool((world.salience > before).any()))
    assert raised == sat
    assert np.mean(sat) == pytest.approx(extent, abs=0.15 if 0 < extent < 1 else 0)
    assert any(sat) == (extent > 0)


def test_an_inquorate_task_team_is_called_once_more_and_no_oftener_where_it_is_partly_in_force() -> None:
    world = small_model(months=60).world
    believe(world, Engagement, quorum=2.0)
    decree(world, task_teams=0.5)
    team = next(f for f in world.forums if f.rule == "task_teams")
    again = []
    for month in range(24):
        begin(world, month)
        meet(world)
        again.append(team.rescheduled)
    assert 0 < sum(again) < 20


def test_forums_that_silos_do_not_have_decide_nothing_in_the_frozen_world() -> None:
    decided = []
    for benefits in (0.0, 1.0):
        world = small_model(params={"frozen.benefits": benefits}).world
        decree(world, joint_arena=1.0, task_teams=1.0, hub_posts=10.0)
        staff_hubs(world)
        for forum in world.forums:
            if not (forum.of_hub or forum.rule):
                forum.a_year = 0
        for hub in world.hubs.values():
            hub.convenes = True
        decided.append(year(world).get("decisions", 0))
    assert decided[0] > decided[1] == 0
