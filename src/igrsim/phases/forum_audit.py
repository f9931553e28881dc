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
        _work(world, province)
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
    forums = np.zeros(world.spaces)
    by_convener: dict[str, F64] = {}
    for forum in world.forums:
        if forum.ad_hoc or forum.of_hub or forum.rule or forum.level == "national":
            continue
        # a forum of the province is audited once, a part of it with each of its spaces
        of = world.spaces_in_province[world.space_province[forum.spaces]] if forum.level == "province" else 1
        forums[forum.spaces] += 1 / np.maximum(of, 1)
        who = str(bearer[forum.convener]) if forum.convener >= 0 else "municipality"
        by_convener.setdefault(who, np.zeros(world.spaces))[forum.spaces] += 1 / np.maximum(of, 1)
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


def _work(world: World, province: int) -> None:
    """Let a province's centre work on its audits, and find what stands at their end."""
    framework, centre = world.framework, world.centres[1 + province]
    mine = np.flatnonzero((world.space_province == province) & (framework.left > 0))
    if not len(mine):
        return
    hours = int(60 * centre_hours(world, province))
    for space, wanted in zip(mine.tolist(), framework.left[mine].tolist(), strict=True):
        done = min(wanted, hours)
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
    framework = world.framework
    for level in ("space", "province"):
        found = [
            index
            for index, forum in enumerate(world.forums)
            if forum.level == level and space in forum.spaces and framework.host[index] >= 0
        ]
        fresh = [index for index in found if framework.place[index] == NEVER]
        if not fresh:
            continue
        idle = [not world.forums[index].functional for index in fresh]
        share = sum(idle) / len(fresh)
        for index, out_of_order in zip(fresh, idle, strict=True):
            luck = world.draws["forum retired"].one(world.forums[index].key)
            framework.place[index] = share * luck if out_of_order else share + (1 - share) * luck


def _merged(world: World, share: F64) -> Flags:
    """Forums, by space, whose place in the order the share in force there reaches."""
    reached = world.framework.place[:, None] < share[None, :]
    merged = np.zeros_like(reached)
    for index in np.flatnonzero(reached.any(axis=1)):
        covered = world.forums[index].spaces
        merged[index, covered] = reached[index, covered]
    return merged


def _take_in(world: World, merged: Flags) -> None:
    """Hosts sit longer and oftener for what they took in, and its departments sit with them."""
    p, guests = world.params[AuditWork], {}
    for index in np.flatnonzero(merged.any(axis=1)):
        forum = world.forums[index]
        part = float(merged[index, forum.spaces].mean())
        guests.setdefault(int(world.framework.host[index]), []).append((forum, part))
    for host in sorted({int(h) for h in world.framework.host if h >= 0}):
        world.forums[host].take_in(guests.get(host, []), p.carried, round(60 * p.longest_hours))


def _recall(world: World) -> None:
    """Departments that hear nothing through the host call a meeting of their own."""
    p, framework, by_hub = world.params[AuditWork], world.framework, world.channels_replaced()
    kinds = np.array([m.kind for m in world.municipalities])
    for index in np.flatnonzero(framework.merged.any(axis=1)):
        forum, host = world.forums[index], world.forums[int(framework.host[index])]
        if forum.convener < 0 or not forum.due(world.calendar_month):
            continue
        heard = world.month - int(host.heard[forum.convener]) <= max(12 // forum.a_year, 1)
        for space in np.flatnonzero(framework.merged[index]).tolist():
            own = world.ad_hoc.get((space, forum.convener))
            there = forum.municipalities[world.municipality_space[forum.municipalities] == space]
            if own is None or not len(there):
                continue
            sits = np.isin(there, host.municipalities)
            by_district = (kinds[host.municipalities] == "district") & (
                world.municipality_space[host.municipalities] == space
            )
            told = np.where(sits, 1.0, p.represented * by_district.any()).mean() if heard else 0.0
            luck = world.draws["forum retired"].one(forum.key)
            unmet = (1 - float(told)) * (luck >= by_hub[space])
            chance = world.draws["meeting called for a merged forum"].one(
                world.ordinal, forum.key, int(world.space_keys[space])
            )
            if chance < p.recalls * unmet:
                own.called = 1


def _whole(amounts: F64) -> I64:
    return np.rint(amounts).astype(np.int64)
