"""Provinces audit forums and keep a framework of them; departments' own are merged into the statutory ones.

What a merged forum dealt with is its host's from then on: its problems come before the host, whose meetings grow
longer and, once a day is full, more; its departments sit there; and a department that does not hear through the
host what it heard in its own forum calls a meeting of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.phases.engagement import replaced
from igrsim.phases.roll_out import centre_hours
from igrsim.world.framework import NEVER
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class AuditWork(Params, group="forum-framework"):
    """What an audit of forums takes, and what merging them does to their hosts."""

    audit_hours: float = param(
        6, unit="hours a forum", low=2, high=24, grade="assumed", source="assumption",
        meaning="of the provincial centre, to find out who sits in one forum of one place, on what, and with what result",
    )  # fmt: skip
    convener_hours: float = param(
        4, unit="hours a forum", low=1, high=12, grade="assumed", source="assumption",
        meaning="of its convener, to account for it",
    )  # fmt: skip
    municipal_hours: float = param(
        12, unit="hours", low=3, high=40, grade="assumed", source="assumption",
        meaning="of each municipality, to say which forums it is called to",
    )  # fmt: skip
    framework_hours: float = param(
        400, unit="hours", low=100, high=1500, grade="assumed", source="assumption",
        meaning="of a provincial centre, to draft the intergovernmental framework and consult on it",
    )  # fmt: skip
    framework_months: float = param(
        6, unit="months", low=2, high=18, grade="assumed", source="assumption",
        meaning="from the end of the audit until the Premier's coordinating forum has adopted the framework",
    )  # fmt: skip
    keeping_hours: float = param(
        6, unit="hours a month", low=1, high=24, grade="assumed", source="assumption",
        meaning="of the province for each space, to keep the framework and pass agendas to the hosts",
    )  # fmt: skip
    carried: float = param(
        0.5, unit="share", low=0.2, high=1.0, grade="assumed", source="assumption",
        meaning="of the sitting and preparation of a merged forum that its host takes on; the rest repeated what the host does",
    )  # fmt: skip
    longest_hours: float = param(
        8, unit="hours", low=6, high=10, grade="assumed", source="assumption",
        meaning="longest meeting; what a host takes on beyond it makes its meetings more",
    )  # fmt: skip
    represented: float = param(
        0.5, unit="share", low=0.0, high=1.0, grade="assumed", source="igrfa-2005",
        meaning="what a department hears of a local municipality through its district, where only the district sits in the host",
    )  # fmt: skip
    recalls: float = param(
        0.5, unit="share", low=0.1, high=0.9, grade="assumed", source="s0-wc-so10",
        meaning="meetings of a merged forum that its department calls all the same when it heard nothing through the host since the last",
    )  # fmt: skip


def audit_forums(world: World) -> None:
    """Let provinces audit as far as their centres' hours go, and let what the frameworks merge be merged."""
    for centre in world.centres:
        centre.audited = 0
    wanted = world.rules.by_space("forum_audit")
    if not wanted.any() and not (world.framework.left >= 0).any():
        return
    _begin(world, wanted)
    for province in range(len(world.centres) - 1):
        _work(world, province, wanted)
    framework = world.framework
    keeping = (framework.stands >= 0) & (world.month >= framework.stands)
    hours = world.params[AuditWork].keeping_hours * wanted * keeping
    world.charge("forum audit", "province", np.arange(world.spaces), _whole(60 * hours))
    # no more goes than was audited
    part = keeping * np.minimum(framework.audited / np.where(wanted > 0, wanted, 1.0), 1.0) * (wanted > 0)
    # hosts carry what the framework gives them and no hub has in hand, whatever good it does
    carried = _merged(world, world.rules.by_space("forums_merged") * part)
    carried &= ~replaced(world, world.channels_kept_up())
    framework.merged = _merged(world, world.good("forums_merged") * part)
    _take_in(world, carried)
    _recall(world)


def _begin(world: World, wanted: F64) -> None:
    """Where an audit is newly asked for, or for more, conveners and municipalities are asked who meets whom."""
    p, framework = world.params[AuditWork], world.framework
    before, new = framework.begun, wanted > framework.begun
    if not new.any():
        return
    bearer = np.array([{"national": "nation"}.get(d.sphere, "province") for d in world.institutions.departments])
    table = world.forums
    asked = np.flatnonzero(~(table.ad_hoc | table.of_hub | table.ruled | table.national))
    number, row = table.covers.rows(asked)
    space = table.covers.entries[row]
    # a forum of the province is audited once, a part of it with each of its spaces
    of = np.where(table.provincial[asked][number], world.spaces_in_province[world.space_province[space]], 1)
    convener = np.where(table.convener[asked] >= 0, bearer[table.convener[asked]], "municipality")[number]
    by_convener = {
        who: np.bincount(space, weights=(convener == who) / np.maximum(of, 1), minlength=world.spaces)
        for who in np.unique(convener).tolist()
    }
    forums = np.bincount(space, weights=1 / np.maximum(of, 1), minlength=world.spaces)
    spaces_there = np.maximum(world.spaces_in_province[world.space_province], 1)

    def further(hours: F64 | float) -> I64:
        return np.asarray(_whole(60 * wanted * hours) - _whole(60 * before * hours))

    whole = further(p.audit_hours * forums + p.framework_hours / spaces_there)
    framework.left[new] = np.maximum(framework.left[new], 0) + whole[new]
    here = np.flatnonzero(new)
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    for who, number in sorted(by_convener.items()):
        # what conveners account for is part of convening, which is no load of municipalities
        world.charge("convening", who, here, further(p.convener_hours * number)[here])
    each = further(p.municipal_hours) * new
    world.charge("forum audit", "municipality", here, (each * members)[here])
    world.now.by_municipality["upkeep_minutes"] += each[world.municipality_space]
    framework.begun = np.maximum(before, wanted)


def _work(world: World, province: int, wanted: F64) -> None:
    """Let a province's centre work on its audits, and find what stands at their end."""
    framework, centre = world.framework, world.centres[1 + province]
    mine = np.flatnonzero((world.space_province == province) & (framework.left > 0) & (wanted > 0))
    if not len(mine):
        return
    hours = int(60 * centre_hours(world, province))
    for space, left in zip(mine.tolist(), framework.left[mine].tolist(), strict=True):
        done = min(left, hours)
        hours -= done
        centre.audited += done
        framework.left[space] -= done
        world.charge("forum audit", "province", space, done)
        if framework.left[space] == 0:
            framework.audited[space] = framework.begun[space]
            if framework.stands[space] < 0:
                framework.stands[space] = world.month + round(world.params[AuditWork].framework_months)
            _find(world, space)


def _find(world: World, space: int) -> None:
    """Put the forums of a space in the order in which they would go: those that decide nothing first."""
    framework, forums = world.framework, world.forums
    covers = framework.covers[:, space] & (framework.host >= 0) & (framework.place == NEVER)
    functional = forums.functional()
    for level in (forums.local, forums.provincial):
        fresh = np.flatnonzero(covers & level)
        if not len(fresh):
            continue
        works = functional[fresh]
        share = np.count_nonzero(~works) / len(fresh)
        luck = world.draws["forum retired"].uniform(forums.key[fresh])
        framework.place[fresh] = np.where(works, share + (1 - share) * luck, share * luck)


def _merged(world: World, share: F64) -> Flags:
    """Forums, by space, whose place in the order the share in force there reaches."""
    framework = world.framework
    return framework.covers & (framework.place[:, None] < share[None, :])


def _take_in(world: World, merged: Flags) -> None:
    """Hosts sit longer and oftener for what they took in, and its departments sit with them."""
    framework, p = world.framework, world.params[AuditWork]
    if framework.carried is not None and np.array_equal(framework.carried, merged):
        return
    framework.carried = merged
    guests = np.flatnonzero(merged.any(axis=1))
    share = merged[guests].sum(axis=1) / world.forums.covers.count[guests]
    hosts = np.unique(framework.host[framework.host >= 0])
    world.forums.take_in(hosts, guests, framework.host[guests], p.carried * share, round(60 * p.longest_hours))


def _recall(world: World) -> None:
    """Departments that hear nothing through the host call a meeting of their own."""
    p, framework, forums = world.params[AuditWork], world.framework, world.forums
    idle = framework.merged.any(axis=1) & (forums.convener >= 0) & (forums.due(world.calendar_month) > 0)
    guest = np.flatnonzero(idle)
    if not len(guest):
        return
    host, convener = framework.host[guest], forums.convener[guest]
    heard = world.month - forums.heard[host, convener] <= np.maximum(12 // forums.a_year[guest], 1)
    # who of those concerned sits in the host, or has the district sit there
    number, row = forums.members.rows(guest)
    town = forums.members.entries[row]
    space, sits = world.municipality_space[town], forums.invites
    there, sit = (np.zeros((len(guest), world.spaces)) for _ in range(2))
    np.add.at(there, (number, space), 1.0)
    np.add.at(sit, (number, space), sits[host[number], town])
    district = np.flatnonzero([m.kind == "district" for m in world.municipalities])
    by_district = np.zeros((len(forums), world.spaces), np.bool_)
    by_district[:, world.municipality_space[district]] = sits[:, district]
    own = np.full((world.spaces, forums.seats.shape[1]), -1, np.int64)
    own[tuple(np.array(list(world.ad_hoc), dtype=np.int64).reshape(-1, 2).T)] = [f._row for f in world.ad_hoc.values()]
    g, s = np.nonzero(framework.merged[guest] & (there > 0) & (own[:, convener].T >= 0))
    told = (sit[g, s] + (there[g, s] - sit[g, s]) * p.represented * by_district[host[g], s]) / there[g, s]
    luck = world.draws["forum retired"].uniform(forums.key[guest[g]])
    unmet = (1 - told * heard[g]) * (luck >= world.channels_replaced()[s])
    chance = world.draws["meeting called for a merged forum"].uniform(
        world.ordinal, forums.key[guest[g]], world.space_keys[s]
    )
    calls = chance < p.recalls * unmet
    forums.called[own[s[calls], convener[g[calls]]]] = 1


def _whole(amounts: F64) -> I64:
    return np.rint(amounts).astype(np.int64)
