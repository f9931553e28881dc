"""A municipality: finite coordination hours, what it attends and answers, and how good its data are."""

from __future__ import annotations

from typing import Any, NamedTuple

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param

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
        left = max(self.minutes - busy, 0)
        displaced = 0
        answers = []
        for invitation in sorted(invitations, key=lambda i: (-i.weight, i.meeting)):
            who = ABSENT
            if invitation.willing:
                if invitation.minutes <= left:
                    who = SENIOR if invitation.senior < self.condition + seniority else JUNIOR
                    left -= invitation.minutes
                elif invitation.overrun < overrun:
                    who = SENIOR
                    displaced += invitation.minutes - max(left, 0)
                    left = 0
                elif invitation.overrun < overrun + (1 - overrun) * junior:
                    who = JUNIOR
                    displaced += invitation.minutes - max(left, 0)
                    left = 0
            answers.append((invitation.meeting, who, invitation.minutes if who else 0))
        return answers, displaced
