"""Hubs do what their hours allow: convene, compare drafts, keep the agenda, pass on requests, prepare support, profile, plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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

F64 = NDArray[np.float64]
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
    if not world.hubs:
        return
    work, items, problems = world.params[HubWork], world.pipeline, world.problems
    disputed = np.bincount(items.space[to_hear(world)], minlength=world.spaces)
    fresh = np.bincount(problems.space[problems.born == world.month - 1], minlength=world.spaces)
    named: dict[int, float] = {}
    for space in world.visit(sorted(world.hubs)):
        hub = world.hubs[space]
        ruling = world.rules[space]
        if hub.filled <= 0:
            hub.convenes = False
            _profile(world, hub, ruling.profile, work)
            named[space] = _one_plan(world, hub, ruling.one_plan, work)
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
        named[space] = _one_plan(world, hub, ruling.one_plan, work)
    _name_owners(world, {space: extent for space, extent in named.items() if extent > 0})


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
            items = world.pipeline
            here = np.flatnonzero((items.space == hub.space) & items.open(world.month))
            # a survey covers what stands open; a partial one covers the share of items its draw falls on
            covered = world.draws["profiled item"].uniform(items.key[here]) < extent
            items.surveyed[here[covered]] = world.month


def _one_plan(world: World, hub: Hub, extent: float, work: HubWork) -> float:
    """Work on a plan, or on its review; says to what extent owners are to be named for its items now."""
    if extent <= 0:
        return 0.0
    if hub.plan_adopted >= 0:
        hub.work("one plan", round(60 * work.review_hours * extent), keep=False)
        reviewed = (world.month - hub.plan_adopted) % 12 == 0 and hub.coverage["one plan"] >= 0.5
        return extent if reviewed else 0.0
    if any(hub.steps.values()) or (hub.profile_made < 0 and world.rules[hub.space].profile > 0):
        # consulted, profiled, launched, its skills known: only then is a plan begun
        return 0.0
    whole = work.plan_hours * extent * (1.0 if hub.established >= 0 else work.desk_plan)
    brought = hub.next_phase(round(60 * whole))
    if brought < 0:
        hub.plan_adopted = world.month
        return extent
    if brought:
        _take_part(world, hub, extent, work)
    hub.work("one plan", brought, keep=True)
    hub.awaits = hub.backlog["one plan"] == 0
    return 0.0


def _take_part(world: World, hub: Hub, extent: float, work: HubWork) -> None:
    """A phase of a plan takes hours of everyone who has a part in it, as much of them as it is a plan."""
    mine = np.flatnonzero(world.municipality_space == hub.space)
    each = round(60 * work.phase_municipal * extent)
    world.now.by_municipality["plan_minutes"][mine] += each
    world.charge("plans", "municipality", hub.space, each * len(mine))
    for sphere, bearer in (("national", "nation"), ("provincial", "province")):
        members = sum(d.sphere == sphere for d in world.institutions.departments)
        world.charge("plans", bearer, hub.space, round(60 * work.phase_department * extent * members))


def _name_owners(world: World, plans: Mapping[int, float]) -> None:
    """Adopt or review joint pipelines: an owner and a year for the most severe items as hubs see them.

    Parameters
    ----------
    plans : mapping of int to float
        Spaces whose pipeline it is, and to what extent a plan is made there.
    """
    if not plans:
        return
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    where, extent = np.zeros(world.spaces, np.bool_), np.zeros(world.spaces)
    where[list(plans)] = True
    extent[list(plans)] = list(plans.values())
    extent *= 1 - world.params[Frozen].benefits
    mine = np.flatnonzero(where[items.space])
    mine = mine[~items.funded[mine].any(axis=1)]
    owned = items.owner[mine] >= 0
    # what a dispute blocks nobody may fund, so nobody can be named for it
    free = (items.delivered_by[mine] > world.month) & ~owned & (items.dispute[mine] != BLOCKED)
    here, kept = mine[free], mine[owned]
    noise = world.draws["severity seen by the hub"].normal(items.key[here])
    seen = np.log(items.severity[here]) + planning.error * profile_clarity(world, here) * noise
    order = here[np.argsort(-seen, kind="stable")]
    whole = planning.plan_years * extent[money.space] * money.cents
    left = whole.copy()
    np.subtract.at(
        left, money.slots[items.municipality[kept], items.sector[kept], items.owner[kept]], items.cents[kept]
    )
    item, slot, unnamed = _share_out(world, order, left)
    paying = money.slots[items.municipality[item], items.sector[item], slot]
    year = ((whole[paying] - unnamed) / np.maximum(money.cents[paying], 1)).astype(np.int64)
    items.owner[item] = slot
    items.agreed[item] = np.minimum(world.month + 12 * (year + 1), NEVER)


def _share_out(world: World, order: I64, left: F64) -> tuple[I64, I64, F64]:
    """Name an owner for items in their order, as far as money goes: of those who might, the one with most of its money left.

    Parameters
    ----------
    left : (portfolios,) float
        Cents of the plan's years that nobody is named for yet.

    Returns
    -------
    item, slot : (n,) int
        Items that have an owner now, and which of those who might fund it.
    unnamed : (n,) float
        What is left of the owner's money then.
    """
    items, money = world.pipeline, world.portfolios
    might = money.slots[items.municipality[order], items.sector[order]]
    # portfolios by their place among those concerned
    among = np.zeros(len(left) + 1, np.bool_)
    among[might] = True
    among[-1] = False
    place_of = np.where(among, np.cumsum(among) - 1, -1)
    # one long list: many small ones would keep the garbage collector busy
    slots, most_slots, cents = place_of[might].ravel().tolist(), might.shape[1], items.cents[order].tolist()
    concerned = np.flatnonzero(among)
    a_year = np.maximum(money.cents[concerned], 1)
    purse, share = left[concerned].tolist(), (left[concerned] / a_year).tolist()
    a_year = a_year.tolist()
    named = [-1] * len(order)
    unnamed = [0.0] * len(order)
    for place in _in_sequence(world, order, named):
        best, paying, most = -1, -1, 0.0
        begin = place * most_slots
        for slot, portfolio in enumerate(slots[begin : begin + most_slots]):
            if portfolio >= 0 and share[portfolio] > most:
                best, paying, most = slot, portfolio, share[portfolio]
        if paying < 0 or purse[paying] < cents[place]:
            continue
        purse[paying] -= cents[place]
        share[paying] = purse[paying] / a_year[paying]
        named[place] = best
        unnamed[place] = purse[paying]
    found = np.array(named, dtype=np.int64)
    done = found >= 0
    return order[done], found[done], np.array(unnamed)[done]


def _in_sequence(world: World, order: I64, named: list[int]) -> Iterator[int]:
    """Places of items in their order that have no owner yet, each preceded by that of the item it needs, if nobody has that in hand.

    Parameters
    ----------
    named : list of int
        Who was named for each so far; -1 if nobody.
    """
    place = np.full(len(world.pipeline) + 1, -1)
    place[order] = np.arange(len(order))
    # what an item needs stands in the same place: it waits too, if it is among these
    for now, first in enumerate(place[world.pipeline.needs[order]].tolist()):
        if first >= 0 and named[first] < 0:
            yield first
        if named[now] < 0:
            yield now
