"""Hubs do what their hours allow: convene, compare drafts, keep the agenda, pass on requests, prepare support, profile, plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import Hub, HubWork
from igrsim.kernel.params import Params, param
from igrsim.phases.knowing import profile_clarity
from igrsim.phases.settle import to_hear
from igrsim.plans.calendars import CYCLES
from igrsim.plans.pipeline import BLOCKED, NEVER, Disputes, Planning
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

I64 = NDArray[np.int64]


class DataCalls(Params, group="data-calls"):
    """What a profile asks of others."""

    municipality_hours: float = param(
        60, unit="hours", low=20, high=160, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of each municipality of the space for one profile",
    )  # fmt: skip
    department_hours: float = param(
        16, unit="hours", low=4, high=40, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of each department for one profile of a space",
    )  # fmt: skip


def coordinate(world: World) -> None:
    """Let every hub work through its month."""
    work, items, problems = world.params[HubWork], world.pipeline, world.problems
    disputed = np.bincount(items.space[to_hear(world)], minlength=world.spaces)
    fresh = np.bincount(problems.space[problems.born == world.month - 1], minlength=world.spaces)
    for space in world.visit(sorted(world.hubs)):
        hub = world.hubs[space]
        ruling = world.rules[space]
        if hub.filled <= 0:
            hub.convenes = False
            _profile(world, hub, ruling.profile, work)
            _one_plan(world, hub, ruling.one_plan, work)
            continue
        planning = ruling.one_plan > 0 and hub.plan_adopted < 0
        a_year = 12.0 if planning else work.meetings
        since = world.month - hub.opened
        due = int((since + 1) * a_year / 12) - int(since * a_year / 12) > 0
        hub.convenes = due and hub.work("convening", round(60 * work.convening_hours), keep=False) >= 0.5
        for cycle in CYCLES:
            hub.work(f"comparing {cycle.sphere}' drafts", 0, keep=True)
        # nobody brings a dispute to a hub where plans are not laid side by side
        hub.backlog["disputes"] = round(60 * world.params[Disputes].hours * ruling.joint_arena * int(disputed[space]))
        # what is begun needs only the rest
        hub.backlog["disputes"] = max(hub.backlog["disputes"] - hub.heard, 0)
        hub.work("disputes", 0, keep=True)
        if ruling.joint_arena > 0:
            hub.work("agenda", round(60 * work.agenda_hours * int(fresh[space])), keep=False)
        if ruling.channels_retired > 0:
            asked = int(world.totals[f"pooled requests {space}"])
            hub.work("requests", round(60 * work.request_hours * asked), keep=True)
        if ruling.support_framework > 0:
            # a twelfth each month of what the next common agenda takes
            wanted = round(60 * work.support_hours * len(world.skills.capacity.programmes) / 12)
            world.skills.prepared[space] += round(wanted * hub.work("support", wanted, keep=False))
        if ruling.shared_skills > 0:
            hub.work("shared skills", round(60 * work.sharing_hours), keep=False)
        _profile(world, hub, ruling.profile, work)
        _one_plan(world, hub, ruling.one_plan, work)


def _profile(world: World, hub: Hub, extent: float, work: HubWork) -> None:
    if extent <= 0:
        return
    stale = hub.profile_made < 0 or world.month - hub.profile_made >= work.profile_months
    brought = 0
    if hub.steps["consultation"] > 0:
        return
    if stale and hub.backlog["profile"] == 0 and not hub.surveying:
        hub.surveying = True
        brought = round(60 * work.profile_hours * extent)
        calls = world.params[DataCalls]
        mine = np.flatnonzero(world.municipality_space == hub.space)
        world.now.by_municipality["profile_minutes"][mine] += round(60 * calls.municipality_hours * extent)
        for sphere, bearer in (("national", "nation"), ("provincial", "province")):
            asked = sum(d.sphere == sphere for d in world.institutions.departments)
            world.charge("profiles", bearer, hub.space, round(60 * calls.department_hours * extent * asked))
    if stale:
        hub.work("profile", brought, keep=True)
        if hub.backlog["profile"] == 0:
            hub.profile_made, hub.surveying = world.month, False
            here = (world.pipeline.space == hub.space) & world.pipeline.open(world.month)
            # a survey covers what stands open; a partial one covers the share of items its draw falls on
            covered = world.draws["profiled item"].uniform(world.pipeline.key) < extent
            world.pipeline.surveyed[here & covered] = world.month


def _one_plan(world: World, hub: Hub, extent: float, work: HubWork) -> None:
    if extent <= 0:
        return
    if hub.plan_adopted >= 0:
        hub.work("one plan", round(60 * work.review_hours * extent), keep=False)
        if (world.month - hub.plan_adopted) % 12 == 0 and hub.coverage["one plan"] >= 0.5:
            _name_owners(world, hub, extent)
        return
    if any(hub.steps.values()) or (hub.profile_made < 0 and world.rules[hub.space].profile > 0):
        # consulted, profiled, launched, its skills known: only then is a plan begun
        return
    whole = work.plan_hours * extent * (1.0 if hub.established >= 0 else work.desk_plan)
    brought = hub.next_phase(round(60 * whole))
    if brought < 0:
        hub.plan_adopted = world.month
        _name_owners(world, hub, extent)
        return
    if brought:
        _take_part(world, hub, extent, work)
    hub.work("one plan", brought, keep=True)
    hub.awaits = hub.backlog["one plan"] == 0


def _take_part(world: World, hub: Hub, extent: float, work: HubWork) -> None:
    """A phase of a plan takes hours of everyone who has a part in it, as much of them as it is a plan."""
    mine = np.flatnonzero(world.municipality_space == hub.space)
    each = round(60 * work.phase_municipal * extent)
    world.now.by_municipality["plan_minutes"][mine] += each
    world.charge("plans", "municipality", hub.space, each * len(mine))
    for sphere, bearer in (("national", "nation"), ("provincial", "province")):
        members = sum(d.sphere == sphere for d in world.institutions.departments)
        world.charge("plans", bearer, hub.space, round(60 * work.phase_department * extent * members))


def _name_owners(world: World, hub: Hub, extent: float) -> None:
    """Adopt or review the joint pipeline: an owner and a year for the most severe items as the hub sees them."""
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    extent = extent * (1 - world.params[Frozen].benefits)
    mine = np.flatnonzero(items.space == hub.space)
    mine = mine[~items.funded[mine].any(axis=1)]
    owned = items.owner[mine] >= 0
    # what a dispute blocks nobody may fund, so nobody can be named for it
    free = items.open(world.month)[mine] & ~owned & (items.dispute[mine] != BLOCKED)
    here, kept = mine[free], mine[owned]
    noise = world.draws["severity seen by the hub"].normal(items.key[here])
    seen = np.log(items.severity[here]) + planning.error * profile_clarity(world, here) * noise
    order = here[np.argsort(-seen, kind="stable")]
    a_year = money.cents.tolist()
    left = {p: planning.plan_years * extent * a_year[p] for p in np.flatnonzero(money.space == hub.space).tolist()}
    for item in kept:
        slot = money.slots[items.municipality[item], items.sector[item], items.owner[item]]
        left[int(slot)] -= int(items.cents[item])
    for item in _in_sequence(world, order):
        if items.owner[item] >= 0:
            continue
        slots = money.slots[items.municipality[item], items.sector[item]].tolist()
        share, slot = max(
            ((left[p] / max(a_year[p], 1), k) for k, p in enumerate(slots) if p >= 0), key=lambda r: (r[0], -r[1])
        )
        paying, cents = slots[slot], int(items.cents[item])
        if left[paying] < cents or share <= 0:
            continue
        left[paying] -= cents
        used = planning.plan_years * extent * a_year[paying] - left[paying]
        year = int(used / max(a_year[paying], 1))
        items.owner[item] = slot
        items.agreed[item] = min(world.month + 12 * (year + 1), NEVER)


def _in_sequence(world: World, order: I64) -> Iterator[int]:
    """Items in their order, each preceded by the item it needs, if nobody has that in hand."""
    items = world.pipeline
    # what an item needs stands in the same place: it waits too, if it is among these
    waits = set(order.tolist())
    for item in order.tolist():
        first = int(items.needs[item])
        if first in waits and items.owner[first] < 0:
            yield first
        yield item
