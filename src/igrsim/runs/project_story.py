"""One project's months in every arm: who drafts it, who pays, who could have known of whom, when it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError, nearest
from igrsim.model import IGRModel
from igrsim.phases.knowing import knows, referenced, sight, sight_through_ties
from igrsim.runs.chosen import Chosen, Told, arms_by_regime, month_in
from igrsim.runs.stories import Arms, Story
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

FATES = ("paid for twice", "taken back later", "paid for once", "not paid for yet")
"""What became of a project by an arm's last month; taken back is what was paid for twice and is no longer."""
AMONG = ("twice", "any")
"""Projects to choose from, by what happened in the reference: paid for twice, or paid for at all."""
LOST = 1
"""Funders beyond which a project is paid for again."""


@dataclass(frozen=True)
class Happened:
    """A change in the life of a project.

    Attributes
    ----------
    what : {"drafts", "withdraws", "commits", "takes back", "stands"}
    slot : int
        Who, as the item counts those who may fund it; -1 for nobody.
    why : str
        Of a commitment beside another's: what its officials could know.
    """

    month: int
    what: str
    slot: int
    why: str = ""


@dataclass
class _Watch:
    """Sees which projects are drafted, paid for and taken back, month by month; changes nothing."""

    model: IGRModel
    story_of: np.uint64 | None = None
    paid: dict[int, int] = field(default_factory=dict)
    twice: dict[int, int] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.drafted = self.funded = np.zeros((0, 0), np.bool_)
        self.stood = False

    def __call__(self, phase: str, world: World) -> None:
        items = world.pipeline
        if phase not in ("need", "plan", "commit", "adjust", "deliver"):
            return
        before = _as_long(self.funded, items.funded)
        if phase in ("commit", "adjust"):
            fresh = (items.funded & ~before).any(axis=1)
            for row in np.flatnonzero(fresh).tolist():
                self.paid.setdefault(row, world.month)
            for row in np.flatnonzero(fresh & (items.funded.sum(axis=1) > LOST)).tolist():
                self.twice.setdefault(row, world.month)
        if self.story_of is not None:
            for row in np.flatnonzero(items.key == self.story_of).tolist():
                self._note(world, row, _as_long(self.drafted, items.drafted), before)
        self.drafted, self.funded = items.drafted.copy(), items.funded.copy()

    def _note(self, world: World, row: int, drafted: Flags, funded: Flags) -> None:
        items, month = world.pipeline, world.month
        came, left = items.drafted[row] & ~drafted[row], drafted[row] & ~items.drafted[row]
        paid, back = items.funded[row] & ~funded[row], funded[row] & ~items.funded[row]
        # a draft ends when it is committed; a works's end frees nothing of who had paid
        left &= ~items.funded[row]
        back &= items.delivered_by[row] > month
        found = [Happened(month, "drafts", s) for s in np.flatnonzero(came).tolist()]
        found += [Happened(month, "withdraws", s) for s in np.flatnonzero(left).tolist()]
        others = np.flatnonzero(items.funded[row])
        for slot in np.flatnonzero(paid).tolist():
            rival = [s for s in others.tolist() if s != slot]
            found.append(Happened(month, "commits", slot, _could_know(world, row, slot, rival, funded[row])))
        found += [Happened(month, "takes back", s) for s in np.flatnonzero(back).tolist()]
        stands = bool(items.delivered_by[row] <= month)
        if stands and not self.stood:
            found.append(Happened(month, "stands", -1))
        self.stood = stands
        self.happened += found


def _as_long(old: Flags, new: Flags) -> Flags:
    """Earlier flags with rows for what has arisen since."""
    grown = np.zeros_like(new)
    grown[: len(old)] = old if len(old) else grown[:0]
    return grown


def _could_know(world: World, row: int, slot: int, rivals: list[int], before: Flags) -> str:
    """What the officials of who commits could know of another who pays, in words."""
    if not rivals:
        return ""
    other = rivals[0]
    items, money = world.pipeline, world.portfolios
    item = np.array([row])
    mine, theirs = (items.portfolio[item, s] for s in (slot, other))
    compared = items.compared[item, slot] & items.compared[item, other]
    site = items.building[item, other] if before[other] else None
    chance = float(sight(world, item, mine, theirs, not before[other], compared, site)[0])
    ties = float(sight_through_ties(world, item, mine, theirs)[0])
    mapped = bool(referenced(world, item, theirs)[0])
    learnt = float(knows(world, item, mine, theirs)[0]) < chance
    where = "its plan says where" if mapped else "its plan does not say where"
    side = "; a hub laid both side by side" if bool(compared[0]) else ""
    side += "; one acts for the other by agreement" if bool((money.agency[mine] | money.agency[theirs])[0]) else ""
    side += "; it was being built already" if site is not None and bool(site[0]) else ""
    came = "and did" if learnt else "and did not"
    who = name_of(world, int(money.actor[theirs[0]]))
    return f"could learn of {who} with a chance of {chance:.0%} ({ties:.0%} through ties; {where}{side}), {came}"


def name_of(world: World, actor: int) -> str:
    """A department or municipality by its name."""
    departments = world.institutions.departments
    if actor < len(departments):
        return departments[actor].name
    municipality = actor - len(departments)
    return f"{world.geography.municipalities.names[municipality]} municipality"


def project(
    arms: Arms,
    among: str = "twice",
    pick: str = "median",
    since: str | None = None,
    world: int = 0,
    **options: Any,
) -> Story:
    """One project's months in every arm, and what became of all those that it was chosen from.

    Parameters
    ----------
    arms : list of str, or dict
        As for `igrsim.compare`.
    among : {"twice", "any"}
        Projects to choose from: those that the reference arm paid for twice, or at all.
    pick : {"median", "largest"}
        Which of them, by cost.
    since : str, optional
        Only those so paid for in this month or later, ``YYYY-MM``.
    world : int
        Which replication.
    **options
        scope, months, rollout, start, seed: as for `igrsim.compare`.
    """
    for name, given, known in (("among", among, AMONG), ("pick", pick, ("median", "largest"))):
        if given not in known:
            raise InputError(f"unknown {name} '{given}'{nearest(given, known)}", code="E291")
    chosen = arms_by_regime(arms, world, **{"citizens": 200, **options})
    first = 0 if since is None else month_in(chosen.clock, since, "since")
    reference = _watched(chosen.runs[0])
    items = reference.model.world.pipeline
    when = reference.twice if among == "twice" else reference.paid
    rows = np.array([row for row, month in when.items() if month >= first], dtype=np.int64)
    if len(rows) == 0:
        raise InputError("no such project in these months: try more of them, or a larger scope", code="E292")
    rows = rows[np.argsort(items.cents[rows], kind="stable")]
    key = items.key[rows[(len(rows) - 1) // 2] if pick == "median" else rows[-1]]
    lived = [_watched(told, key) for told in chosen.runs]
    arms_lived = list(zip(chosen.runs, lived, strict=True))
    lines = pd.DataFrame([line for told, seen in arms_lived for line in _lines(told, seen, chosen)])
    sums = pd.DataFrame([_fates(told, seen, items.key[rows], first) for told, seen in arms_lived])
    return Story(_who(lived[0].model.world, key, chosen), lines, sums, _words(chosen, lived, key))


def _watched(told: Told, key: np.uint64 | None = None) -> _Watch:
    spec = told.spec
    model = IGRModel(spec.scenario(), seed=spec.seed, replication=spec.world)
    watch = _Watch(model, key)
    model.after_phase = watch
    while model.month < spec.months:
        model.step()
    return watch


def _row_of(world: World, key: np.uint64) -> int:
    return int(np.flatnonzero(world.pipeline.key == key)[0])


def _who(world: World, key: np.uint64, chosen: Chosen) -> str:
    items, row = world.pipeline, _row_of(world, key)
    sector = world.institutions.sectors[int(items.sector[row])].name
    place = chosen.geography.municipalities.names[int(items.municipality[row])]
    space = chosen.geography.spaces.names[int(items.space[row])]
    since = chosen.clock.label(int(items.born[row])) if items.born[row] > 0 else "before the study"
    return (
        f"a project in {place} ({space}), sector {sector}, R{items.cents[row] / 1e8:.1f} million, needed since {since}"
    )


def _lines(told: Told, seen: _Watch, chosen: Chosen) -> list[dict[str, Any]]:
    world = seen.model.world
    row = _row_of(world, seen.story_of) if seen.story_of is not None else 0
    found = []
    for one in seen.happened:
        actor = (
            "" if one.slot < 0 else name_of(world, int(world.portfolios.actor[world.pipeline.portfolio[row, one.slot]]))
        )
        found.append(
            {"arm": told.arm, "month": chosen.clock.label(one.month), "who": actor, "what": one.what, "knew": one.why}
        )
    return found or [{"arm": told.arm, "month": "", "who": "", "what": "nobody drafts it", "knew": ""}]


def _fates(told: Told, seen: _Watch, keys: NDArray[np.uint64], first: int) -> dict[str, Any]:
    """What became of the reference's projects in an arm, by number, and what else it paid for twice since."""
    items = seen.model.world.pipeline
    funders = items.funded.sum(axis=1)
    count: Counter[str] = Counter()
    ever = set(items.key[list(seen.twice)].tolist()) if seen.twice else set()
    for key in keys:
        row = int(np.flatnonzero(items.key == key)[0])
        many = int(funders[row])
        if int(key) in ever:
            count[FATES[0] if many > LOST else FATES[1]] += 1
        else:
            count[FATES[2] if many else FATES[3]] += 1
    since = {int(items.key[row]) for row, month in seen.twice.items() if month >= first}
    own = len(since - set(keys.tolist()))
    return {"arm": told.arm} | {fate: count[fate] for fate in FATES} | {"others paid for twice": own}


def _words(chosen: Chosen, lived: list[_Watch], key: np.uint64) -> tuple[str, ...]:
    found = []
    for told, seen in zip(chosen.runs, lived, strict=True):
        world = seen.model.world
        items, row = world.pipeline, _row_of(world, key)
        payers = [name_of(world, int(a)) for a in world.portfolios.actor[items.portfolio[row][items.funded[row]]]]
        stands = int(items.delivered_by[row])
        end = (
            f"it stands since {chosen.clock.label(stands)}"
            if 0 <= stands < told.spec.months
            else "it does not stand yet"
        )
        who = " and ".join(payers) if payers else "nobody"
        found.append(f"{told.arm}: at the end {who} had paid or were paying for it; {end}.")
    return tuple(found)
