"""A municipality: finite coordination hours, what it attends and answers, and how good its data are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

CLASSES = ("dysfunctional", "medium risk", "low risk", "stable")
CLASS_SHARES = (66 / 257, 107 / 257, 54 / 257, 30 / 257)
"""Shares of the 257 municipalities in each class of COGTA's 2022 assessment (source cogta-health-2022)."""


class Administration(Params, group="administration"):
    """Hours a municipality has for other spheres, and what its condition does to them."""

    metro_hours: float = param(
        2600, unit="hours a month", low=1300, high=5200, grade="assumed", source="assumption",
        meaning="coordination hours of a metropolitan municipality (about 16 posts)",
    )  # fmt: skip
    city_hours: float = param(
        800, unit="hours a month", low=400, high=1600, grade="assumed", source="assumption",
        meaning="coordination hours of a secondary city or large town (B1, B2)",
    )  # fmt: skip
    town_hours: float = param(
        400, unit="hours a month", low=200, high=800, grade="assumed", source="assumption",
        meaning="coordination hours of a small or rural municipality (B3, B4): two to three posts",
    )  # fmt: skip
    district_hours: float = param(
        640, unit="hours a month", low=320, high=1280, grade="assumed", source="assumption",
        meaning="coordination hours of a district municipality: four posts",
    )  # fmt: skip
    condition_dysfunctional: float = param(
        0.35, unit="index 0-1", low=0.15, high=0.55, grade="assumed", source="cogta-health-2022",
        meaning="working capacity of a dysfunctional municipality; stable ones have 0.9",
    )  # fmt: skip
    condition_luck: float = param(
        0.15, unit="share poor", low=0.05, high=0.3, grade="assumed", source="assumption",
        meaning="spread of condition that poverty does not explain, in units of the share of poor people",
    )  # fmt: skip
    condition_size: float = param(
        0.1, unit="share poor", low=0.0, high=0.2, grade="assumed", source="assumption",
        meaning="advantage of metros, secondary cities and large towns, in the same units",
    )  # fmt: skip
    seniority: float = param(
        0.3, unit="share", low=0.1, high=0.5, grade="assumed", source="assumption",
        meaning="delegations led by a senior official, beyond the municipality's condition",
    )  # fmt: skip
    turnover: float = param(
        0.02, unit="share a month", low=0.005, high=0.04, grade="assumed", source="s0-wc-so10",
        meaning="chance that the official who knows the departments leaves, taking the ties along",
    )  # fmt: skip


class Invitation(NamedTuple):
    """One meeting a municipality is asked to."""

    meeting: int
    weight: float
    minutes: int
    willing: bool
    overrun: float
    senior: float


ABSENT, JUNIOR, SENIOR = 0, 1, 2


class Municipality(Actor):
    """One of the 257 municipalities.

    Attributes
    ----------
    index : int
        Place in the run's list of municipalities.
    minutes : int
        Coordination minutes a month.
    established : int
        Coordination minutes a month with the skills it began with.
    condition : float
        Working capacity, 0 to 1.
    load : float
        Meeting and reporting load of recent months as a share of coordination hours.
    engaged : int
        Minutes that joint planning and support took last month.
    data_quality : float
        0 to 1.
    """

    def __init__(
        self,
        model: Any,
        *,
        code: str,
        index: int,
        space: int,
        kind: str,
        minutes: int,
        condition: float,
    ) -> None:
        super().__init__(model)
        self.code = code
        self.index = index
        self.space = space
        self.kind = kind
        self.minutes = self.established = minutes
        self.condition = condition
        self.load = 0.0
        self.engaged = 0
        self.data_quality = condition

    def answer(
        self, invitations: list[Invitation], busy: int, overrun: float, junior: float, seniority: float = 0.3
    ) -> tuple[list[tuple[int, int, int]], int]:
        """Decide which of the month's invitations to take up, with whom.

        Invitations are ranked by weight (law, convener's authority, experienced usefulness) and taken up while
        hours last; beyond them the delegation overruns into delivery hours, sends a junior, or stays away.

        Parameters
        ----------
        invitations : list of Invitation
        busy : int
            Coordination minutes already given to reports this month.
        overrun, junior : float
            Chance of overrunning when hours are gone, and of sending a junior when not overrunning.
        seniority : float
            Share of delegations led by a senior, beyond the municipality's condition.

        Returns
        -------
        answers : list of (meeting, who, minutes)
            `who` is ``ABSENT``, ``JUNIOR`` or ``SENIOR``.
        displaced : int
            Minutes taken from delivery.
        """
        ranked = sorted(invitations, key=lambda i: (-i.weight, i.meeting))
        left = np.array([max(self.minutes - busy, 0)])
        leads = np.array([self.condition + seniority])
        who, displaced = weigh(Weighed.of(ranked), left, leads, overrun, junior)
        sent = [(i.meeting, w, i.minutes if w else 0) for i, w in zip(ranked, who.tolist(), strict=True)]
        return sent, int(displaced[0])


@dataclass(frozen=True)
class Weighed:
    """Invitations of several municipalities, one's after another's, each one's in the order in which it weighs them.

    Attributes
    ----------
    town : (n,) int
        Municipality, in ascending order.
    minutes : (n,) int
    willing : (n,) bool
    overrun, senior : (n,) float
        Luck in overrunning one's hours, and in who leads the delegation.
    """

    town: I64
    minutes: I64
    willing: NDArray[np.bool_]
    overrun: F64
    senior: F64

    @classmethod
    def of(cls, ranked: list[Invitation]) -> Weighed:
        """Those of one municipality."""
        return cls(
            town=np.zeros(len(ranked), np.int64),
            minutes=np.array([i.minutes for i in ranked], dtype=np.int64),
            willing=np.array([i.willing for i in ranked], dtype=np.bool_),
            overrun=np.array([i.overrun for i in ranked], dtype=np.float64),
            senior=np.array([i.senior for i in ranked], dtype=np.float64),
        )


def weigh(asked: Weighed, left: I64, leads: F64, overrun: float, junior: float) -> tuple[I64, I64]:
    """Whom municipalities send: each takes invitations up in its order while hours last, as `Municipality.answer` says.

    Parameters
    ----------
    left : (municipalities,) int
        Minutes each has for meetings.
    leads : (municipalities,) float
        Share of each one's delegations led by a senior.
    overrun, junior : float

    Returns
    -------
    who : (n,) int
        ``ABSENT``, ``JUNIOR`` or ``SENIOR``.
    displaced : (municipalities,) int
        Minutes taken from delivery.
    """
    left, displaced = left.copy(), np.zeros(len(left), np.int64)
    who = np.full(len(asked.town), ABSENT)
    rows = np.flatnonzero(asked.willing)
    town = asked.town[rows]
    many = np.bincount(town, minlength=len(left))
    turn = np.arange(len(rows)) - (np.cumsum(many) - many)[town]
    led = np.where(asked.senior < leads[asked.town], SENIOR, JUNIOR)
    # once hours are gone: into delivery hours, a junior, or nobody
    late = np.where(asked.overrun < overrun + (1 - overrun) * junior, JUNIOR, ABSENT)
    late = np.where(asked.overrun < overrun, SENIOR, late)
    by_turn = np.split(rows[np.argsort(turn, kind="stable")], np.cumsum(np.bincount(turn))[:-1])
    for row in by_turn:
        town, minutes = asked.town[row], asked.minutes[row]
        room = left[town]
        fits = minutes <= room
        sent = np.where(fits, led[row], late[row])
        beyond = ~fits & (sent != ABSENT)
        displaced[town] += np.where(beyond, minutes - room, 0)
        left[town] = np.where(beyond, 0, np.where(fits, room - minutes, room))
        who[row] = sent
    return who, displaced
