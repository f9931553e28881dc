"""Arms of one world and future lived whole, and kept so that any one of their people can be followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.again import Again, Lived, live_again
from igrsim.citizens.lives import Citizens, sample_sizes
from igrsim.citizens.terms import GAVE_UP, GOT, Book
from igrsim.kernel.errors import InputError, nearest
from igrsim.model import IGRModel
from igrsim.places.geography import Settlements
from igrsim.runs.chosen import Told
from igrsim.runs.runner import threads_for
from igrsim.services.catalogue import Catalogue

PICKS = {
    "median": "in the middle by hours spent, of those who made a trip for papers",
    "worst": "most hours spent on papers",
    "best": "fewest hours spent, of those who had a need resolved",
    "rural": "in the middle, of those in rural places",
    "urban": "in the middle, of those in metros, towns and townships",
    "poorest": "in the middle, of the poorest fifth",
    "grant-without-id": "in the middle, of those who needed a grant and began without an identity document",
    "abandoned": "in the middle, of those who gave a need up",
    "stayed-home": "the first who had a need and never set out for it",
    "different": "whose hours differ most between the arms",
}
"""Whom to follow: all by what happened in the reference arm, but the last."""


@dataclass(frozen=True)
class LivedArm:
    """One arm, lived to its end.

    Attributes
    ----------
    citizens : Citizens
        As the arm left them.
    tokens : (n,) uint16
        Documents they held at the start.
    lived : list of Lived
        What each month was lived by.
    offices : tuple of str
        Names of the service points.
    """

    told: Told
    citizens: Citizens
    tokens: NDArray[np.uint16]
    lived: list[Lived]
    offices: tuple[str, ...]
    book: Book
    keys: NDArray[np.uint64]
    catalogue: Catalogue

    def follow(self, citizen: int) -> Again:
        """One person's months, lived again alone and written down."""
        needs = len(self.catalogue.needs)
        return live_again(self.citizens, citizen, int(self.tokens[citizen]), self.lived, self.book, self.keys, needs)


def live_arm(told: Told, alone: str | None = None) -> LivedArm:
    """Run an arm and keep what its people lived by.

    Parameters
    ----------
    alone : str, optional
        Code of the one settlement whose people live; nobody's life depends on who else lives.
    """
    spec = told.spec
    scenario = replace(spec.scenario(), alone=alone)
    threads = threads_for(spec.citizens) if alone is None else 1
    model = IGRModel(scenario, seed=spec.seed, replication=spec.world, threads=threads)
    people = model.world.people
    people.lived = []
    citizens = people.citizens
    tokens = citizens.lives.tokens.copy()
    while model.month < spec.months:
        model.step()
    return LivedArm(
        told=told,
        citizens=citizens,
        tokens=tokens,
        lived=people.lived,
        offices=model.world.points.names,
        book=people.book,
        keys=people.keys,
        catalogue=model.world.catalogue,
    )


def name_of(citizens: Citizens, citizen: int, settlements: Settlements) -> str:
    """A person's name in every arm and sample: settlement code and ordinal."""
    home, ordinal = citizens.home_of(citizen)
    return f"{settlements.codes[home]}/{ordinal}"


def named(name: str, settlements: Settlements, people: int) -> int:
    """The index of a person by name, in a sample of so many people.

    Raises
    ------
    InputError
        No name, an unknown settlement, or not so many people simulated there.
    """
    code, slash, ordinal = name.rpartition("/")
    if not slash or not re.fullmatch(r"\d{1,9}", ordinal):
        raise InputError(f"--citizen {name}: a settlement's code and a number are needed, 160010/3", code="E180")
    if code not in settlements.index:
        hint = nearest(code, settlements.codes)
        raise InputError(f"--citizen {name}: unknown settlement '{code}' in this scope{hint}", code="E181")
    row = settlements.index[code]
    sizes = sample_sizes(settlements.population.astype(np.int64), people)
    if int(ordinal) >= sizes[row]:
        known = f"has numbers 0 to {sizes[row] - 1}" if sizes[row] else "has nobody simulated"
        raise InputError(
            f"--citizen {name}: {settlements.names[row]} {known}; of {people} people simulated (--citizens)",
            code="E182",
        )
    return int(sizes[:row].sum()) + int(ordinal)


def check_pick(wish: str) -> None:
    """Refuse a wish that is none, before anything is lived."""
    if wish not in PICKS:
        raise InputError(f"unknown pick '{wish}'{nearest(wish, PICKS)}", code="E183")


def pick(wish: str, arms: list[LivedArm], settlements: Settlements) -> int:
    """The index of the person that a wish of `PICKS` means, among the arms' people.

    Raises
    ------
    InputError
        Nobody is of that kind.
    """
    base = arms[0]
    citizens = base.citizens
    lives = citizens.lives
    minutes = lives.minutes.astype(np.int64)
    went = minutes > 0
    rural = settlements.rural[citizens.settlement]
    needed = (lives.opened > 0).any(axis=1)
    grants = [k for k in range(lives.opened.shape[1]) if "grant" in base.catalogue.needs[k]]
    lacked = (base.tokens & np.uint16(base.book.identity_token)) == 0
    if wish == "different":
        spread = np.max([np.abs(arm.citizens.lives.minutes.astype(np.int64) - minutes) for arm in arms], axis=0)
        if not spread.any():
            raise InputError("--pick different: nobody's hours differ between these arms", code="E185")
        return int(np.argmax(spread))
    pools: dict[str, tuple[NDArray[np.bool_], Callable[[int], int]]] = {
        "median": (went, _middle),
        "worst": (went, lambda n: n - 1),
        "best": (went & (lives.fate & GOT > 0), lambda n: 0),
        "rural": (went & rural, _middle),
        "urban": (went & ~rural, _middle),
        "poorest": (went & (citizens.fifth == 0), _middle),
        "grant-without-id": (went & lacked & (lives.opened[:, grants] > 0).any(axis=1), _middle),
        "abandoned": (went & (lives.fate & GAVE_UP > 0), _middle),
        "stayed-home": (needed & ~went, lambda n: 0),
    }
    pool, place = pools[wish]
    who = np.flatnonzero(pool)
    if not len(who):
        raise InputError(f"--pick {wish}: there is nobody {PICKS[wish]}; simulate more people or months", code="E185")
    return int(who[np.argsort(minutes[who], kind="stable")[place(len(who))]])


def pick_of_many(wish: str, runs: Sequence[Told], settlements: Settlements) -> str:
    """The name of the person that a wish means, where arms have too many people to keep them all: one arm at a time."""
    if wish != "different":
        arm = live_arm(runs[0])
        return name_of(arm.citizens, pick(wish, [arm], settlements), settlements)
    base = live_arm(runs[0]).citizens
    minutes = base.lives.minutes.astype(np.int64)
    spread = np.zeros_like(minutes)
    for told in runs[1:]:
        spread = np.maximum(spread, np.abs(live_arm(told).citizens.lives.minutes - minutes))
    if not spread.any():
        raise InputError("--pick different: nobody's hours differ between these arms", code="E185")
    return name_of(base, int(np.argmax(spread)), settlements)


def _middle(people: int) -> int:
    return (people - 1) // 2


@dataclass(frozen=True)
class Offering:
    """How far what two arms' offices offered was the same.

    Attributes
    ----------
    month : int or None
        The first month in which anything differed; None if nothing ever did.
    points : int
        Offices that ever published otherwise.
    people : int
        People simulated who spent other minutes or ended otherwise.
    """

    month: int | None
    points: int
    people: int


def compare_offers(arm: LivedArm, base: LivedArm) -> Offering:
    """Whether anything that people live by differed between two arms."""
    first = None
    touched: set[int] = set()
    for mine, theirs in zip(arm.lived, base.lived, strict=True):
        pairs = [
            (mine.hazard, theirs.hazard),
            (mine.surge, theirs.surge),
            *zip(mine.conduct, theirs.conduct, strict=True),
        ]
        differs = not all(a is b or np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)
        differs |= not all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in _different(mine.ways, theirs.ways))
        for a, b in _different(mine.offices, theirs.offices):
            both = min(len(a), len(b))
            ever = np.flatnonzero((a[:both] != b[:both]).reshape(both, -1).any(axis=1)).tolist()
            ever += range(both, max(len(a), len(b)))
            differs |= bool(ever)
            touched.update(ever)
        if differs and first is None:
            first = mine.month
    ends = (
        (getattr(arm.citizens.lives, name), getattr(base.citizens.lives, name))
        for name in ("minutes", "routes", "tokens")
    )
    other = np.any([a != b for a, b in ends], axis=0)
    return Offering(first, len(touched), int(other.sum()))


def _different(mine: Iterable[Any], theirs: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Columns that are not one and the same array."""
    return ((a, b) for a, b in zip(mine, theirs, strict=True) if a is not b)
