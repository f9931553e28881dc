"""The working group on alignment: problems come in, are heard as far as its hours go, and what is agreed waits for the budget.

The queue is one for all its spaces: a case of one delays those of another. What two agree about a power, a missing complement,
a procedure or a norm is put before October's expenditure committee and stands in December's letters and circulars, for the
budgets drafted from then on; that one of two withdraws needs only the next adjustments budget.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.working_group import (
    AGREED,
    CIRCULARS,
    COMPLEMENT,
    DISPUTE,
    IN_FORCE,
    LAPSED,
    MTEC,
    NORM,
    OVERLAP,
    PROCEDURE,
    REFUSED,
    RESTS,
    WAITING,
    WorkingGroupWork,
)
from igrsim.kernel.draws import code_keys, fold_array
from igrsim.phases.arrangements import Arrangements
from igrsim.phases.honouring import inclined
from igrsim.phases.keep_up import Upkeep
from igrsim.phases.letting import bound, unlike
from igrsim.phases.settle import to_hear
from igrsim.plans.pipeline import BLOCKED, FREE, Disputes
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

RULES = ("adjudication", "enabling_finance", "norms_differentiated")
"""Rules under which the working group sits."""
PPM = 1_000_000


def adjudicate(world: World) -> None:
    """Let the working group have its month."""
    _have_a_month(world)


def _have_a_month(world: World) -> None:
    docket = world.group.docket
    extent = np.max([world.rules.by_space(rule) for rule in RULES], axis=0)
    if not extent.any() and not (docket.state <= AGREED).any():
        return
    if world.calendar_month == CIRCULARS:
        _come_into_force(world)
    _take_over(world)
    _lapse(world)
    _bring(world)
    if extent.any():
        _sit(world, extent)
    waits = docket.state == WAITING
    _count(world, "cases_waiting_ppm", waits)
    _count(world, "case_months_ppm", waits, world.month - docket.entered)


def _come_into_force(world: World) -> None:
    """What was agreed by October stands in the letters and circulars of December."""
    group, docket, items = world.group, world.group.docket, world.pipeline
    due = (docket.state == AGREED) & (docket.decided <= world.month - (CIRCULARS - MTEC))
    docket.state[due] = IN_FORCE
    _count(world, "interventions_ppm", due)
    about = {kind: docket.about[due & (docket.kind == kind)] for kind in (DISPUTE, PROCEDURE, NORM)}
    items.dispute[about[DISPUTE]] = FREE
    brought = due & (docket.kind == COMPLEMENT)
    items.allotted[docket.about[brought]] = docket.slot[brought]
    group.differentiated.reshape(-1)[about[NORM]] = True
    group.given_up += len(about[PROCEDURE])


def _take_over(world: World) -> None:
    """Spaces change their ways for procedures given up, those that join later too."""
    group, p = world.group, world.params[WorkingGroupWork]
    more = np.maximum(group.given_up * world.rules.by_space("enabling_finance") - group.taken_over, 0.0)
    if more.any():
        _charge_parties(world, more, p.change_municipal, p.change_others)
        group.taken_over = group.taken_over + more


def _lapse(world: World) -> None:
    """Cases whose matter has gone, or whose space is not served any more."""
    docket, items = world.group.docket, world.pipeline
    live = docket.state <= AGREED
    gone = np.zeros(len(docket), np.bool_)
    of_item = np.isin(docket.kind, (DISPUTE, OVERLAP, COMPLEMENT))
    dispute, overlap, complement = (np.flatnonzero(live & (docket.kind == k)) for k in (DISPUTE, OVERLAP, COMPLEMENT))
    item = docket.about[dispute]
    gone[dispute] = (items.dispute[item] == FREE) | (items.delivered_by[item] <= world.month)
    item = docket.about[overlap]
    gone[overlap] = (items.funded[item].sum(axis=1) < 2) | (items.unyielded[item] < world.month - RESTS)
    gone[complement] = ~_nobodys_plan(world, docket.about[complement])
    served = world.rules.by_space("adjudication") > 0
    gone |= of_item & ~served[docket.space]
    gone |= (docket.kind == NORM) & ~(world.rules.by_space("norms_differentiated") > 0)[docket.space]
    gone |= (docket.kind == PROCEDURE) & ~world.rules.by_space("enabling_finance").any()
    gone &= live
    docket.state[gone] = LAPSED
    docket.decided[gone] = world.month
    _count(world, "cases_lapsed_ppm", gone)


def _nobodys_plan(world: World, item: I64) -> Flags:
    """Which of some items stand nowhere and are neither funded nor drafted by anyone."""
    items = world.pipeline
    planned = items.funded[item].any(axis=1) | items.drafted[item].any(axis=1)
    return np.asarray((items.delivered_by[item] > world.month) & ~planned)


def _bring(world: World) -> None:
    """New cases come in."""
    before = len(world.group.docket)
    if world.rules.by_space("adjudication").any() and len(world.pipeline):
        _bring_items(world)
    if world.rules.by_space("enabling_finance").any():
        _bring_procedures(world)
    if world.rules.by_space("norms_differentiated").any():
        _bring_norms(world)
    _count(world, "cases_brought_ppm", np.arange(len(world.group.docket)) >= before)


def _bring_items(world: World) -> None:
    docket, items, money = world.group.docket, world.pipeline, world.portfolios
    extent = world.params[WorkingGroupWork].brought * world.rules.by_space("adjudication")
    overlaps = (items.unyielded == world.month - 1) & (items.dispute == FREE)
    for kind, rows in (
        (DISPUTE, np.flatnonzero(to_hear(world))),
        (OVERLAP, np.flatnonzero(overlaps)),
        (COMPLEMENT, _missed(world)),
    ):
        luck = world.draws["brought to the working group"].uniform(items.key[rows])
        rows = rows[luck < extent[items.space[rows]]]
        rows = rows[~docket.barred(kind, rows, world.month)]
        slots = money.slots[items.municipality[rows], items.sector[rows]]
        held, weight = slots >= 0, money.weight[np.maximum(slots, 0)]
        if kind == DISPUTE:
            # who claims it and must give way
            party = np.argmax(held & money.disputed[np.maximum(slots, 0)], axis=1)
        elif kind == OVERLAP:
            # of those who fund it, the one with the least of the sector's money
            party = np.argmin(np.where(items.funded[rows], weight, np.inf), axis=1)
        else:
            # of those who might, the one with the most
            party = np.argmax(np.where(held & ~money.private[np.maximum(slots, 0)], weight, -1.0), axis=1)
        docket.add(
            kind, rows, items.space[rows], items.born[rows], world.month, party, items.severity[rows], items.key[rows]
        )  # fmt: skip


def _missed(world: World) -> I64:
    """Items that nobody plans, though others that are of no use without them are funded or stand."""
    items = world.pipeline
    dependent = np.flatnonzero(items.needs >= 0)
    begun = items.funded[dependent].any(axis=1) | (items.delivered_by[dependent] <= world.month)
    depends = np.zeros(len(items), np.bool_)
    depends[items.needs[dependent[begun]]] = True
    rows = np.flatnonzero(depends)
    rows = rows[(items.dispute[rows] != BLOCKED) & (items.allotted[rows] < 0)]
    return rows[_nobodys_plan(world, rows)]


def _bring_procedures(world: World) -> None:
    """All that are held to be unhelpful, once."""
    docket = world.group.docket
    if (docket.kind == PROCEDURE).any():
        return
    n = max(round(world.params[WorkingGroupWork].procedures), 1)
    national = np.full(n, -1)
    born = np.full(n, world.month)
    keys = code_keys(f"procedure {k}" for k in range(n))
    docket.add(PROCEDURE, np.arange(n), national, born, world.month, national, np.ones(n), keys)


def _bring_norms(world: World) -> None:
    """Each national norm in each space that has a municipality which it does not fit."""
    group, docket = world.group, world.group.docket
    odd = np.bincount(world.municipality_space, weights=unlike(world), minlength=world.spaces) > 0
    wants = (world.rules.by_space("norms_differentiated") > 0) & odd
    about = np.flatnonzero((wants[:, None] & bound(world) & ~group.differentiated).reshape(-1))
    about = about[~docket.barred(NORM, about, world.month)]
    space, sector = np.divmod(about, len(world.sector_keys))
    keys = fold_array(world.space_keys[space], world.sector_keys[sector])
    nobody = np.full(len(about), -1)
    born = np.full(len(about), world.month)
    docket.add(NORM, about, space, born, world.month, nobody, np.ones(len(about)), keys)


def _sit(world: World, extent: F64) -> None:
    """Meet, and hear cases as far as the hours go."""
    p, docket = world.params[WorkingGroupWork], world.group.docket
    outside = [max(getattr(ruling, rule) for rule in RULES) for ruling in world.rules.elsewhere]
    part = float(extent.sum() / (extent.sum() + sum(outside)))
    strength = max(float(extent.max()), *outside, 0.0) * part
    meetings = p.meeting_hours + p.platform_hours * (world.calendar_month == MTEC)
    whole = round(60 * p.hours * strength)
    spent = min(round(60 * p.members * meetings * strength), whole)
    _charge_evenly(world, spent, extent)
    where = np.arange(world.spaces)
    visits = p.visit_hours * world.rules.by_space("cross_learning") * world.rules.by_space("adjudication")
    _charge_municipal(world, np.rint(60 * visits).astype(np.int64)[where])
    rows = np.flatnonzero(docket.state == WAITING)
    need = p.minutes[docket.kind[rows]]
    own = docket.space[rows] >= 0
    easier = _easier(world)
    # a national review takes a part of the country's hours as large as the part of its spaces that is in the scope
    need = np.where(own, need * easier[docket.space[rows]], need * part)
    need = np.maximum(np.rint(need), 1).astype(np.int64)
    need = np.where(docket.left[rows] >= 0, docket.left[rows], need)
    first = -docket.severity[rows] if p.worst_first else docket.born[rows]
    order = np.lexsort((docket.key[rows], first, docket.left[rows] < 0))
    rows, need = rows[order], need[order]
    used = np.clip(whole - spent - (np.cumsum(need) - need), 0, need)
    heard = used == need
    docket.left[rows[~heard & (used > 0)]] = (need - used)[~heard & (used > 0)]
    local = docket.space[rows] >= 0
    world.charge("alignment", "nation", docket.space[rows[local]], used[local])
    _charge_evenly(world, int(used[~local].sum()), world.rules.by_space("enabling_finance"))
    _award(world, rows[heard])


def _easier(world: World) -> F64:
    """What is left of a case's hours by what is known, through others' visits, of cases settled elsewhere; by space."""
    own = world.group.settled
    p = world.params[Arrangements]
    others = world.good("cross_learning") * p.transfer * (own.sum() - own)
    return np.asarray(((1 + own) / (1 + own + others)) ** p.learning)


def _award(world: World, rows: I64) -> None:
    """What was heard is agreed, or not; those concerned gave their hours either way."""
    p, docket, items = world.params[WorkingGroupWork], world.group.docket, world.pipeline
    kind, about, space = docket.kind[rows], docket.about[rows], docket.space[rows]
    of_item = np.isin(kind, (DISPUTE, OVERLAP, COMPLEMENT))
    chance = np.zeros(len(rows))
    item = about[of_item]
    party = world.portfolios.slots[items.municipality[item], items.sector[item], docket.slot[rows[of_item]]]
    accepts = inclined(world, world.params[Disputes].accepted, space[of_item], party, compact=True)
    chance[of_item] = accepts * (1 - world.params[Frozen].benefits)
    norm = kind == NORM
    owner = _owners(world)[np.where(norm, about, 0)[norm]]
    chance[norm] = inclined(world, p.norm_agreed, space[norm], owner)
    chance[kind == PROCEDURE] = p.given_up
    luck = world.draws["award accepted"].uniform(world.ordinal, docket.key[rows])
    # a procedure that the law wants is wanted whenever it is reviewed
    luck = np.where(kind == PROCEDURE, world.draws["procedure given up"].uniform(docket.key[rows]), luck)
    agreed = luck < chance
    docket.decided[rows] = world.month
    docket.state[rows] = np.where(agreed, AGREED, REFUSED)
    items.heard[about[kind == DISPUTE]] = world.month
    np.add.at(world.group.settled, space[agreed & (space >= 0)], 1)
    # to withdraw takes no more than the next adjustments budget
    withdrawn = rows[agreed & (kind == OVERLAP)]
    docket.state[withdrawn] = IN_FORCE
    items.conceded[docket.about[withdrawn]] = True
    for name, which in (
        ("cases_agreed_ppm", rows[agreed]),
        ("cases_refused_ppm", rows[~agreed]),
        ("interventions_ppm", withdrawn),
    ):
        _count(world, name, np.isin(np.arange(len(docket)), which))
    here = items.municipality[item]
    minutes = round(60 * p.party_municipal)
    np.add.at(world.now.by_municipality["upkeep_minutes"], here, minutes)
    world.charge("alignment", "municipality", space[of_item], minutes)
    _charge_others(world, np.bincount(space[of_item], minlength=world.spaces), p.party_others)
    _charge_parties(world, np.bincount(space[norm], minlength=world.spaces), p.party_municipal, p.party_others)


def _owners(world: World) -> I64:
    """Whose word a space's standard for a sector needs: the department with the most money for it; by space and sector."""
    money = world.portfolios
    best = np.zeros(world.spaces * len(world.sector_keys), np.int64)
    theirs = np.flatnonzero(~money.municipal & ~money.private)
    theirs = theirs[np.lexsort((money.key[theirs], money.cents[theirs]))]
    best[money.space[theirs] * len(world.sector_keys) + money.sector[theirs]] = theirs
    return best


def _charge_parties(world: World, times: F64 | I64, municipal: float, others: float) -> None:
    """Hours of every municipality of a space and of departments, so many times over."""
    _charge_municipal(world, np.rint(60 * municipal * times).astype(np.int64))
    _charge_others(world, times, others)


def _charge_municipal(world: World, minutes: I64) -> None:
    """Minutes of each municipality, by space."""
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    world.charge("alignment", "municipality", np.arange(world.spaces), minutes * members)
    world.now.by_municipality["upkeep_minutes"] += minutes[world.municipality_space]


def _charge_others(world: World, times: F64 | I64, hours: float) -> None:
    leads = world.params[Upkeep].leads
    for bearer, part in (("nation", leads), ("province", 1 - leads)):
        minutes = np.rint(60 * hours * part * times).astype(np.int64)
        world.charge("alignment", bearer, np.arange(world.spaces), minutes)


def _charge_evenly(world: World, minutes: int, extent: F64) -> None:
    """Minutes of the group for all its spaces together."""
    world.charge("alignment", "nation", np.arange(world.spaces), _spread(minutes, extent))


def _spread(total: int, extent: F64) -> I64:
    """A whole number over spaces, as far as each is served."""
    if not extent.any():
        return np.zeros(len(extent), np.int64)
    return np.diff(np.rint(np.cumsum(extent) / extent.sum() * total).astype(np.int64), prepend=0)


def _count(world: World, name: str, which: Flags, times: I64 | None = None) -> None:
    """Count cases (parts per million) where they stand; those of the whole country in equal parts over the spaces served."""
    docket = world.group.docket
    rows = np.flatnonzero(which)
    value = np.full(len(rows), PPM) if times is None else PPM * times[rows]
    local = docket.space[rows] >= 0
    np.add.at(world.now.by_space[name], docket.space[rows[local]], value[local])
    world.now.by_space[name] += _spread(int(value[~local].sum()), world.rules.by_space("enabling_finance"))
