"""What meetings take and achieve: the numbers, one meeting, and which forums meet no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forum import Forum
from igrsim.kernel.params import Params, param
from igrsim.world.world import World

I64 = NDArray[np.int64]


class Engagement(Params, group="engagement"):
    """Who comes to meetings, and what meetings achieve."""

    base_attendance: float = param(
        0.6, unit="share", low=0.35, high=0.85, grade="assumed", source="assumption",
        meaning="willingness to attend a forum that is neither statutory nor known as useful or useless",
    )  # fmt: skip
    statutory_pull: float = param(
        0.25, unit="share", low=0.0, high=0.4, grade="assumed", source="assumption",
        meaning="added willingness for a forum named in law",
    )  # fmt: skip
    usefulness_pull: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="willingness from a useless to a fully useful forum",
    )  # fmt: skip
    fatigue: float = param(
        0.2, unit="share", low=0.05, high=0.5, grade="assumed", source="s0-wc-so10",
        meaning="willingness lost when meetings and reports take up all coordination hours",
    )  # fmt: skip
    overrun: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="chance to attend in delivery hours when coordination hours are gone",
    )  # fmt: skip
    junior: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="chance to send a junior instead, when not overrunning",
    )  # fmt: skip
    junior_effort: float = param(
        0.5, unit="ratio", low=0.25, high=0.75, grade="assumed", source="assumption",
        meaning="what a junior contributes over what a senior does",
    )  # fmt: skip
    department_attendance: float = param(
        0.55, unit="share", low=0.3, high=0.8, grade="assumed", source="assumption",
        meaning="invited departments that come: provincial ones, and national ones to national forums",
    )  # fmt: skip
    national_attendance: float = param(
        0.25, unit="share", low=0.1, high=0.5, grade="assumed", source="dpme-2024",
        meaning="national departments invited to a provincial or local forum that come; they do not fully take part",
    )  # fmt: skip
    provincial_hours: float = param(
        400, unit="hours a month", low=150, high=900, grade="assumed", source="assumption",
        meaning="hours a provincial department has for meetings with others",
    )  # fmt: skip
    national_hours: float = param(
        1200, unit="hours a month", low=400, high=3000, grade="assumed", source="assumption",
        meaning="hours a national department has for meetings with others, over the whole country",
    )  # fmt: skip
    department_effort: float = param(
        0.5, unit="ratio", low=0.2, high=1.0, grade="assumed", source="assumption",
        meaning="what a department contributes to decisions over what a senior municipal delegation does",
    )  # fmt: skip
    experience: float = param(
        0.15, unit="share a meeting", low=0.05, high=0.4, grade="assumed", source="assumption",
        meaning="weight of the latest meeting in how useful a forum is held to be",
    )  # fmt: skip
    department_travel: float = param(
        3.0, unit="hours", low=1, high=6, grade="assumed", source="assumption",
        meaning="a department's travel to a meeting and back, each delegate",
    )  # fmt: skip
    convening: float = param(
        12, unit="hours", low=4, high=24, grade="assumed", source="assumption",
        meaning="the convener's hours to call, prepare and minute one meeting",
    )  # fmt: skip
    quorum: float = param(
        0.5, unit="share", low=0.4, high=0.6, grade="assumed", source="assumption",
        meaning="invited members needed for a decision",
    )  # fmt: skip
    agenda: float = param(
        6, unit="items a meeting", low=3, high=12, grade="assumed", source="assumption",
        meaning="most problems on one agenda",
    )  # fmt: skip
    raised: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="forums on whose agenda a problem of their sectors is put by someone",
    )  # fmt: skip
    effort: float = param(
        3, unit="senior delegations", low=1.5, high=6, grade="assumed", source="assumption",
        meaning="effort that one problem takes to decide",
    )  # fmt: skip
    lapses: float = param(
        0.05, unit="share a month", low=0.02, high=0.1, grade="assumed", source="assumption",
        meaning="undecided problems that overtake themselves",
    )  # fmt: skip
    refers: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="assumption",
        meaning="forums that keep off a problem which a hub's agenda has referred to another",
    )  # fmt: skip
    tie_gain: float = param(
        0.08, unit="share", low=0.03, high=0.15, grade="assumed", source="assumption",
        meaning="growth of a tie towards full at a working meeting that both attend",
    )  # fmt: skip


@dataclass
class Meeting:
    """One meeting of the month.

    Attributes
    ----------
    further : bool
        Whether it is held only because its forum took others in.
    decisions : int
        Problems its forum decided this month, if it was quorate.
    showed : bool
        Whether two of those who laid their plans side by side there meant the same.
    """

    forum: int
    nth: int
    further: bool = False
    seniors: int = 0
    juniors: int = 0
    invited: int = 0
    departments: NDArray[np.bool_] | None = None
    there: list[int] | None = None
    quorate: bool = False
    decisions: int = 0
    showed: bool = False


def sits(world: World, forum: Forum) -> float:
    """Part of its rhythm that a forum keeps: a task team sits as often as its arrangement is in force."""
    if not forum.rule:
        return 1.0
    extent = float(getattr(world.rules[int(forum.spaces[0])], forum.rule))
    return extent if forum.rule == "task_teams" else float(extent > 0)


def due(world: World, forum: Forum) -> int:
    """How many meetings a forum's own rhythm asks for this month."""
    whole, part = forum.due(world.calendar_month), sits(world, forum)
    if not whole or part >= 1:
        return whole
    luck = world.draws["forum partly in force sits"].one(world.ordinal, forum.key)
    return whole if luck < part else 0


def retired(world: World) -> NDArray[np.bool_]:
    """Which forums are retired for which spaces: those that a hub replaces, and those merged into another.

    Returns
    -------
    (forums, spaces) bool
    """
    return np.asarray(replaced(world, world.channels_replaced()) | world.framework.merged)


def replaced(world: World, share: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which forums hubs that take the place of such a share of channels replace for which spaces.

    Returns
    -------
    (forums, spaces) bool
    """
    forums, retirable, luck = world.calendars.get("forums retired", (None, None, None))
    if forums is not world.forums:
        luck = world.draws["forum retired"].uniform(np.array([f.key for f in world.forums], dtype=np.uint64))
        retirable = np.array([f.retirable for f in world.forums])
        world.calendars["forums retired"] = world.forums, retirable, luck
    return np.asarray(retirable[:, None] & (luck[:, None] < share[None, :]))


def covered(forums: Sequence[Forum]) -> tuple[I64, I64]:
    """A row for each forum and each of the spaces it covers: which of the forums, and the space."""
    many = np.array([len(f.spaces) for f in forums], dtype=np.int64)
    return np.repeat(np.arange(len(forums)), many), np.concatenate([np.zeros(0, np.int64), *(f.spaces for f in forums)])


def shared_out(whole: I64, forums: Sequence[Forum]) -> tuple[I64, I64]:
    """An amount of each forum in equal whole parts over the spaces it covers; what does not divide lies with the first.

    Returns
    -------
    space, amount : (n,) int
        A row for each forum and space.
    """
    number, space = covered(forums)
    many = np.bincount(number, minlength=len(forums))
    place = np.arange(len(space)) - (np.cumsum(many) - many)[number]
    each, rest = np.divmod(whole, many)
    return space, each[number] + (place < rest[number])


def mean_over(values: NDArray[np.float64], places: Sequence[I64]) -> NDArray[np.float64]:
    """Means of a property over sets of places, none of them empty."""
    return np.array([values[p[0]] if len(p) == 1 else values[p].mean() for p in places], dtype=np.float64)
