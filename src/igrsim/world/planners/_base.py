"""What a theory of how officials decide may say: how plans are ranked and filled, what moves one to give way, share and come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.registry import Registry
from igrsim.plans.pipeline import select
from igrsim.world.frozen import Frozen

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

rules: Registry[type[Planners]] = Registry("planners", "igrsim.world.planners")
USUAL = "need-ranked"
"""The rule of a run that names none."""


@dataclass(frozen=True)
class Asked:
    """What actors are asked to do, or agreed to.

    Attributes
    ----------
    space, portfolio : (n,) int
        Where, and whose money.
    duty, compact : bool
        Whether a duty to take part, or the standing of a compact, bears on it.
    free : bool
        It takes nothing but a signature.
    item : (n,) int, optional
        The project that they would leave to another.
    other : (n,) int, optional
        The portfolio of the one they would do it for.
    """

    space: I64
    portfolio: I64
    duty: bool = False
    compact: bool = False
    free: bool = False
    item: I64 | None = None
    other: I64 | None = None


@dataclass(frozen=True)
class Invited:
    """Invitations of municipalities to meetings, and what today's habits make of them.

    Attributes
    ----------
    town : (n,) int
        Municipality.
    habit : float
        Willingness for a forum that is neither statutory nor known as useful or useless.
    law, use, fatigue : (n,) float
        What the law adds, what experience of the forum adds or takes, what load takes.
    statutory : (n,) float
        How far the law names the forum.
    scheduled : (n,) bool
        The forum meets by its calendar, and was not called for the occasion.
    forum : (n,) int
    seats : (forums, departments) bool
        Who has a seat in each forum.
    """

    town: I64
    habit: float
    law: F64
    use: F64
    fatigue: F64
    statutory: F64
    scheduled: Flags
    forum: I64
    seats: Flags


@dataclass(frozen=True)
class Seats:
    """Seats of departments in the month's meetings.

    Attributes
    ----------
    habit : (meetings, departments) float
        Chance that a department with hours to spare comes.
    statutory : (meetings,) float
    scheduled : (meetings,) bool
    spaces : sequence of (n,) int
        What each meeting is about.
    """

    habit: F64
    statutory: F64
    scheduled: Flags
    spaces: Sequence[I64]


class Planners:
    """A theory of how officials decide. What it leaves as it is, this class says.

    A rule changes how things are decided, for everyone and in every regime alike; it never looks at which regime it is in,
    and what it takes for a chance is drawn by the same luck as under any other rule.

    Attributes
    ----------
    id : str
        Its name in studies.
    title : str
    theory : str
        What it says, in a sentence or two.
    source : str
        Keys of the sources of the theory, ``;`` between them.
    changes, leaves : str
        What it changes against need-ranked planners, and what it leaves as it is.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    theory: ClassVar[str]
    source: ClassVar[str]
    changes: ClassVar[str]
    leaves: ClassVar[str]

    def __init_subclass__(cls) -> None:
        rules.add(cls.id, cls)

    def appraised_in(self, world: World, item: I64, year: int) -> int | I64:
        """The year whose luck the appraisal of each item goes by."""
        return year

    def rank(self, world: World, item: I64, portfolio: I64, need: F64) -> F64:
        """Order in which actors take items up, from the need they perceive: highest first."""
        return need

    def take(self, world: World, item: I64, slot: I64, portfolio: I64, score: F64, money: I64) -> Flags:
        """What each portfolio takes for its money of what is free to it."""
        items = world.pipeline
        return select(portfolio, score, items.cents[item], money, turn(world, item))

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """Chance that actors do what was asked or agreed.

        Parameters
        ----------
        base : float
            The chance in silos: middling partnership, trust as between strangers, nobody's attention, nothing binding.
        """
        raise NotImplementedError

    def leaves_to_funder(self, world: World, item: I64, mine: I64, theirs: I64) -> F64 | None:
        """Chance that who knows of another's commitment keeps off the item; None where everyone does."""
        return None

    def tells(self, world: World, item: I64, mine: I64, theirs: I64) -> F64 | None:
        """How much of what officials who know each other could tell they do; None for all of it."""
        return None

    def municipality_comes(self, world: World, invited: Invited) -> F64:
        """Willingness of municipalities to take up invitations, before it is held between nought and one."""
        return (invited.habit + invited.law + invited.use) - invited.fatigue

    def department_comes(self, world: World, seats: Seats) -> F64:
        """Chance that departments take up their seats, as far as their hours go."""
        return seats.habit

    def unanswered(self, world: World, silent: F64) -> F64:
        """Share of requests that no law demands which each municipality leaves unanswered, from that of its condition."""
        return silent

    def year_begins(self, world: World, purses: Flags) -> None:
        """Take note that a new year's money was appropriated to some purses."""

    def committed(self, world: World, item: I64, slot: I64) -> None:
        """Take note of what was committed."""

    def met_overlap(self, world: World, item: I64, mine: I64, theirs: I64, withdrew: Flags) -> None:
        """Take note of who gave way where an overlap was found, and who did not."""


def turn(world: World, item: I64) -> I64:
    """A stable order among items of equal standing."""
    return (world.pipeline.key[item] >> np.uint64(1)).astype(np.int64)


def thawed(world: World) -> float:
    """1, or 0 in the frozen world, in which no good of coordination comes about."""
    return 1 - world.params[Frozen].benefits
