"""What meetings take and achieve: the numbers, one meeting, and which forums meet no longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.columns import Column
from igrsim.kernel.params import Params, param
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


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


class Meeting:
    """One meeting of the month; what is known of it lies in the columns of all.

    Attributes
    ----------
    further : bool
        Whether it is held only because its forum took others in.
    decisions : int
        Problems its forum decided this month, if it was quorate.
    showed : bool
        Whether two of those who laid their plans side by side there meant the same.
    """

    forum = Column[int]()
    nth = Column[int]()
    further = Column[bool]()
    invited = Column[int]()
    seniors = Column[int]()
    juniors = Column[int]()
    departments = Column[Flags]()
    quorate = Column[bool]()
    decisions = Column[int]()
    showed = Column[bool]()

    def __init__(self, meetings: Meetings, row: int) -> None:
        self._all = meetings
        self._row = row

    @property
    def there(self) -> list[int]:
        """Municipalities that came."""
        return self._all.town[self._all.attended == self._row].tolist()


@dataclass
class Meetings:
    """The month's meetings, one column for each thing that is known of them.

    Attributes
    ----------
    forum, nth : (meetings,) int
        Whose, and which of its meetings of the month.
    further : (meetings,) bool
        Those held only because their forum took others in.
    invited, seniors, juniors : (meetings,) int
        Municipalities asked, and those that sent a senior or a junior.
    departments : (meetings, departments) bool
        Who came.
    quorate, showed : (meetings,) bool
    decisions : (meetings,) int
    attended, town : (n,) int
        Each municipality that came to a meeting: which meeting, by its place, and who; in this order.
    gone : (forums, spaces) bool
        Which forums are retired for which spaces.
    """

    forum: I64
    nth: I64
    further: Flags
    invited: I64
    seniors: I64
    juniors: I64
    departments: Flags
    quorate: Flags
    decisions: I64
    showed: Flags
    attended: I64
    town: I64
    gone: Flags

    @classmethod
    def called(cls, forum: I64, nth: I64, further: Flags, gone: Flags, departments: int) -> Meetings:
        """Before anyone came.

        Parameters
        ----------
        departments : int
            How many departments there are.
        """
        n = len(forum)
        nobody, no = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        return cls(
            forum=forum,
            nth=nth,
            further=further,
            invited=nobody,
            seniors=nobody.copy(),
            juniors=nobody.copy(),
            departments=np.zeros((n, departments), np.bool_),
            quorate=no,
            decisions=nobody.copy(),
            showed=no.copy(),
            attended=np.zeros(0, np.int64),
            town=np.zeros(0, np.int64),
            gone=gone,
        )

    def __len__(self) -> int:
        return len(self.forum)

    def __getitem__(self, row: int) -> Meeting:
        return Meeting(self, row)

    def __iter__(self) -> Iterator[Meeting]:
        return (Meeting(self, row) for row in range(len(self)))


def sits(world: World) -> F64:
    """Part of its rhythm that each forum keeps: a task team sits as often as its arrangement is in force."""
    forums = world.forums
    part = np.ones(len(forums))
    for number, rule in enumerate(forums.rules):
        mine = forums.rule == number
        extent = world.rules.by_space(rule)[forums.home[mine]]
        part[mine] = extent if rule == "task_teams" else extent > 0
    return part


def due(world: World) -> I64:
    """How many meetings each forum's own rhythm asks for this month."""
    whole, part = world.forums.due(world.calendar_month), sits(world)
    luck = world.draws["forum partly in force sits"]
    partly = np.flatnonzero((whole > 0) & (part < 1))
    whole[partly[luck.uniform(world.ordinal, world.forums.key[partly]) >= part[partly]]] = 0
    return whole


def retired(world: World) -> Flags:
    """Which forums are retired for which spaces: those that a hub replaces, and those merged into another.

    Returns
    -------
    (forums, spaces) bool
    """
    return np.asarray(replaced(world, world.channels_replaced()) | world.framework.merged)


def replaced(world: World, share: F64) -> Flags:
    """Which forums hubs that take the place of such a share of channels replace for which spaces.

    Returns
    -------
    (forums, spaces) bool
    """
    forums, luck = world.calendars.get("forums retired", (None, None))
    if forums is not world.forums:
        luck = world.draws["forum retired"].uniform(world.forums.key)
        # what is not retirable is beyond any share
        luck = np.where(world.forums.retirable, luck, np.inf)
        world.calendars["forums retired"] = world.forums, luck
    if not share.any():
        return np.zeros((len(luck), len(share)), np.bool_)
    return np.asarray(luck[:, None] < share[None, :])
