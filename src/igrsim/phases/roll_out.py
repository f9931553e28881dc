"""Spaces set out on their way to a plan: hubs fill their posts, specialists of the centres help, as far as they go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.centre import CentreWork
from igrsim.government.hub import STEPS, Hub, HubWork, RollOut
from igrsim.government.skills import GOVERNANCE, PLANNING
from igrsim.plans.calendars import CYCLES
from igrsim.world.ruling import Ruling
from igrsim.world.world import World


def roll_out(world: World) -> None:
    """Open desks, staff hubs (paid by the nation, as an extra appropriation) and lend them specialists."""
    work = world.params[HubWork]
    minutes, cents = np.zeros(world.spaces, np.int64), np.zeros(world.spaces, np.int64)
    for space in world.visit(range(world.spaces)):
        ruling = world.rules[space]
        wanted = ruling.hub_posts > 0 or ruling.one_plan > 0 or ruling.profile > 0
        if not wanted and space not in world.hubs:
            continue
        if space not in world.hubs:
            world.hubs[space] = _open(world, space)
        hub = world.hubs[space]
        if ruling.one_plan > 0 and not hub.leads_to_plan:
            _set_out(world, hub)
        if ruling.hub_posts <= 0:
            # a hub that is given up is staffed anew if it is taken up again
            hub.established = -1
        _clear(hub, ruling)
        hub.staff(ruling.hub_posts * world.manned / world.sharing[space], world.month, work)
        minutes[space], cents[space] = hub.minutes, round(100 * hub.filled * work.rand_per_post)
    where = np.array(sorted(world.hubs), dtype=np.int64)
    world.charge("hub posts", "nation", where, minutes[where], cents[where])
    _lend(world)


def _open(world: World, space: int) -> Hub:
    return Hub(world.host, space=space, code=world.geography.spaces.codes[space], opened=world.month)


def _clear(hub: Hub, ruling: Ruling) -> None:
    """Put aside what lies on a desk and is no longer asked for; an unfinished survey or phase of a plan is begun anew."""
    if ruling.profile <= 0:
        hub.backlog["profile"], hub.surveying = 0, False
    if ruling.one_plan <= 0 and hub.backlog["one plan"]:
        hub.backlog["one plan"] = 0
        hub.plan_phase -= 1
        hub.awaits = hub.plan_phase >= 0
    if ruling.joint_arena <= 0:
        for cycle in CYCLES:
            hub.backlog[f"comparing {cycle.sphere}' drafts"] = hub.brought[f"comparing {cycle.sphere}' drafts"] = 0
    # without posts nobody hears disputes or passes on requests
    if ruling.hub_posts * ruling.joint_arena <= 0:
        hub.backlog["disputes"] = hub.heard = 0
    if ruling.hub_posts * ruling.channels_retired <= 0:
        hub.backlog["requests"] = 0


def _set_out(world: World, hub: Hub) -> None:
    """Set a space out on its way to a plan; who only staffs a hub or surveys a space skips the steps that lead there."""
    p = world.params[RollOut]
    hub.leads_to_plan = True
    hub.steps = dict(zip(STEPS, (round(60 * h) for h in (p.consultation, p.launch, p.skills_gap)), strict=True))


def _lend(world: World) -> None:
    """Share each centre's hours over the spaces on their way, and let them work through their steps."""
    p = world.params[RollOut]
    on_way = np.array([_on_way(world, space) for space in range(world.spaces)])
    if not on_way.any():
        return
    # experts help where there is a unit; the centre's own specialists wherever a space is on its way
    own, experts = national_hours(world)
    unit = world.rules.by_space("expert_unit")
    national = 60 * (own * _share(on_way, p.switching) + experts * _share(unit * on_way, p.switching))
    provincial = np.zeros(world.spaces)
    for province, centre in enumerate(world.centres[1:]):
        mine = world.space_province == province
        left = 60 * centre_hours(world, province) - centre.audited
        provincial += left * mine * _share(on_way & mine, p.switching)
    plans = sum(hub.plan_adopted >= 0 for hub in world.hubs.values())
    pace = (1 + plans) ** p.lessons * (0.5 + world.partnership()) * _local_capacity(world)
    where = np.flatnonzero(on_way)
    given = np.rint([national[where], provincial[where]]).astype(np.int64)
    useful = (given.sum(axis=0) * pace[where]).astype(np.int64)
    profiled = world.rules.by_space("profile")[where] > 0
    helped = zip(where.tolist(), useful.tolist(), profiled.tolist(), strict=True)
    left = np.array([_advance(world.hubs[space], minutes, survey) for space, minutes, survey in helped])
    used = np.rint(given * (1 - left / np.maximum(useful, 1))).astype(np.int64)
    for bearer, minutes in zip(("nation", "province"), used, strict=True):
        world.charge("roll-out", bearer, where, minutes)


def national_hours(world: World) -> tuple[float, float]:
    """Hours a month of the nation's centre and of its expert unit, for as much of the country as is in the scope."""
    work, part = world.params[CentreWork], world.spaces / max(world.spaces_in_country, 1)
    return part * work.national_hours, part * work.expert_hours * float(world.rules.by_space("expert_unit").mean())


def centre_hours(world: World, province: int) -> float:
    """Hours a month of a province's centre, for as much of the province as is in the scope."""
    work, mine = world.params[CentreWork], world.space_province == province
    capacity = world.rules.by_space("provincial_capacity")[mine]
    hours = work.provincial_hours * (1 + (work.strengthened - 1) * float(capacity.mean() if mine.any() else 0))
    return hours * float(world.part_of_province()[province])


def _on_way(world: World, space: int) -> bool:
    hub = world.hubs.get(space)
    if hub is None or hub.plan_adopted >= 0:
        return False
    return world.rules[space].one_plan > 0 or hub.backlog["profile"] > 0


def _share(which: NDArray[np.bool_ | np.float64], switching: float) -> NDArray[np.float64]:
    """Each one's part of a team's hours, by how far it is served, of which serving many at once takes some."""
    return which / (which.sum() or 1) / (1 + switching * max(np.count_nonzero(which) - 1, 0))


def _local_capacity(world: World) -> NDArray[np.float64]:
    """How far a space's own municipalities can carry the work: 0.6 where they can nothing, 1.4 where they can all."""
    counts = np.bincount(world.municipality_space, minlength=world.spaces)
    able = world.skills.effective()[:, [PLANNING, GOVERNANCE]].mean(axis=1)
    mean = np.bincount(world.municipality_space, weights=able, minlength=world.spaces) / np.maximum(counts, 1)
    return 0.6 + 0.8 * mean


def _advance(hub: Hub, minutes: int, profiled: bool) -> int:
    """Work through the steps in their order; gives back what was left over.

    Parameters
    ----------
    profiled : bool
        Whether the space is to have a profile, which stands between consultation and launch.
    """
    for step in STEPS:
        if step == "launch":
            minutes = hub.help("profile", minutes)
            # in the month in which consultation ends the profile is not on the desk yet
            if hub.backlog["profile"] > 0 or (profiled and hub.profile_made < 0 and not hub.surveying):
                return minutes
        used = min(hub.steps[step], minutes)
        hub.steps[step] -= used
        minutes -= used
        if hub.steps[step] > 0:
            return 0
    return hub.help("one plan", minutes)
