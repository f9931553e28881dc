"""The intergovernmental working group on alignment: its hours, its queue of cases, and what has come of them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

DISPUTE, OVERLAP, COMPLEMENT, PROCEDURE, NORM = range(5)
"""Kinds of cases: powers and functions that two claim; an overlap found from which nobody withdrew; a part whose
complement nobody brings; a procedure held to be unhelpful; a national norm that does not fit a space."""
WAITING, AGREED, IN_FORCE, REFUSED, LAPSED = range(5)
"""States of a case. What is agreed comes into force once the budget process has taken it up."""
MTEC, CIRCULARS = 10, 12
"""Months of the year in which the Medium Term Expenditure Committee takes propositions into the budget guidelines (with the
medium-term budget policy statement, where results are reported), and in which allocation letters and circulars carry
them to those who draft budgets."""
RESTS = 12
"""Months before a matter refused once may come again."""


class WorkingGroupWork(Params, group="working-group"):
    """What the working group has hours for, and what its work takes of it and of others."""

    hours: float = param(
        325, unit="hours a month", low=160, high=1000, grade="assumed", source="s4-harvester",
        meaning="of all members together: half a post each of the Treasury, two departments, organised local government and the cities' network",
    )  # fmt: skip
    members: float = param(
        5, unit="organisations", low=5, high=8, grade="seed", source="s4-harvester",
        meaning="that sit in the working group: National Treasury, cooperative governance, human settlements, SALGA and the South African Cities Network",
    )  # fmt: skip
    meeting_hours: float = param(
        8, unit="hours a month", low=4, high=16, grade="assumed", source="assumption",
        meaning="of each member for the monthly meeting and its preparation",
    )  # fmt: skip
    platform_hours: float = param(
        24, unit="hours a year", low=8, high=80, grade="assumed", source="s4-harvester",
        meaning="of each member, to take propositions to the expenditure committee and report to the policy statement, in October",
    )  # fmt: skip
    brought: float = param(
        0.5, unit="share", low=0.2, high=0.9, grade="assumed", source="s4-harvester",
        meaning="alignment problems that one of those concerned brings before the working group",
    )  # fmt: skip
    dispute_hours: float = param(
        60, unit="hours a case", low=20, high=160, grade="assumed", source="assumption",
        meaning="the group's, to adjudicate who has a power or function, with legal opinions: national, and so farther from the matter than a hub",
    )  # fmt: skip
    overlap_hours: float = param(
        20, unit="hours a case", low=8, high=60, grade="assumed", source="assumption",
        meaning="the group's, to have one of two withdraw who both fund an item and know it",
    )  # fmt: skip
    complement_hours: float = param(
        30, unit="hours a case", low=10, high=80, grade="assumed", source="assumption",
        meaning="the group's, to have somebody bring what a part that is built or stands depends on",
    )  # fmt: skip
    procedure_hours: float = param(
        160, unit="hours a procedure", low=60, high=400, grade="assumed", source="assumption",
        meaning="the group's, to review one procedure of procurement or regulation with its owner",
    )  # fmt: skip
    norm_hours: float = param(
        80, unit="hours a norm and space", low=30, high=240, grade="assumed", source="assumption",
        meaning="the group's, to negotiate how a national norm applies in one space",
    )  # fmt: skip
    party_municipal: float = param(
        8, unit="hours a case", low=2, high=30, grade="assumed", source="assumption",
        meaning="of each municipality concerned, to state its case and hear the award",
    )  # fmt: skip
    party_others: float = param(
        16, unit="hours a case", low=4, high=60, grade="assumed", source="assumption",
        meaning="of departments concerned, half of it provincial, for the same",
    )  # fmt: skip
    procedures: float = param(
        12, unit="procedures", low=6, high=24, grade="assumed", source="s4-harvester",
        meaning="of procurement and regulation that are held to be unhelpful and come under review",
    )  # fmt: skip
    given_up: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="assumption",
        meaning="reviewed procedures that are given up; the law or the auditors want the others",
    )  # fmt: skip
    change_municipal: float = param(
        16, unit="hours a procedure", low=4, high=60, grade="assumed", source="assumption",
        meaning="of each municipality, to change its policy and train its people where a procedure is given up",
    )  # fmt: skip
    change_others: float = param(
        40, unit="hours a procedure", low=10, high=160, grade="assumed", source="assumption",
        meaning="of departments together for each space, for the same",
    )  # fmt: skip
    norm_agreed: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="negotiations about a norm that end in a standard of the space's own, where nothing but good will helps",
    )  # fmt: skip
    visit_hours: float = param(
        4, unit="hours a month", low=1, high=12, grade="assumed", source="s4-harvester",
        meaning="of each municipality served, to learn from others' settled cases, under cross-learning",
    )  # fmt: skip
    worst_first: float = param(
        0, unit="switch", low=0, high=1, grade="assumed", source="assumption", choice=True,
        meaning="1: the group hears the most severe case first; 0: the oldest",
    )  # fmt: skip

    @property
    def minutes(self) -> I64:
        """Minutes of the group that a case takes, by kind."""
        hours = (
            self.dispute_hours,
            self.overlap_hours,
            self.complement_hours,
            self.procedure_hours,
            self.norm_hours,
        )
        return np.maximum(np.rint(60 * np.array(hours)), 1).astype(np.int64)


def _none() -> I64:
    return np.zeros(0, np.int64)


@dataclass
class Docket:
    """Every case that was ever brought.

    Attributes
    ----------
    kind, state : (n,) int
    about : (n,) int
        The item; of a procedure its number; of a norm space times sectors plus sector.
    space : (n,) int
        -1 for the whole country's.
    born, entered, decided : (n,) int
        Months in which the matter arose, was brought and was decided (-1 before).
    left : (n,) int
        Minutes that a case once begun still takes, -1 before.
    slot : (n,) int
        Whose consent it takes, as a slot of the item; -1 where none.
    severity : (n,) float
    key : (n,) uint64
    """

    kind: I64 = field(default_factory=_none)
    state: I64 = field(default_factory=_none)
    about: I64 = field(default_factory=_none)
    space: I64 = field(default_factory=_none)
    born: I64 = field(default_factory=_none)
    entered: I64 = field(default_factory=_none)
    decided: I64 = field(default_factory=_none)
    left: I64 = field(default_factory=_none)
    slot: I64 = field(default_factory=_none)
    severity: F64 = field(default_factory=lambda: np.zeros(0))
    key: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))

    def __len__(self) -> int:
        return len(self.key)

    def add(
        self,
        kind: int,
        about: I64,
        space: I64,
        born: I64,
        month: int,
        slot: I64,
        severity: F64,
        key: NDArray[np.uint64],
    ) -> None:
        """Cases of one kind are brought."""
        n = len(about)
        same = np.full(n, kind), np.full(n, WAITING)
        new = (*same, about, space, born, np.full(n, month), np.full(n, -1), np.full(n, -1), slot, severity, key)
        for column, values in zip(fields(self), new, strict=True):
            setattr(self, column.name, np.concatenate([getattr(self, column.name), values]))

    def barred(self, kind: int, about: I64, month: int) -> Flags:
        """Matters that wait or are agreed, or were refused so lately that they rest."""
        rests = (self.state == REFUSED) & (month - self.decided < RESTS)
        live = (self.state == WAITING) | (self.state == AGREED) | rests
        return np.isin(about, self.about[(self.kind == kind) & live])


class WorkingGroup(Actor):
    """The national working group that adjudicates, reviews procedures and negotiates norms, one queue for all its spaces.

    Attributes
    ----------
    docket : Docket
    settled : (spaces,) int
        Cases of each space that ended in an agreement.
    given_up : int
        Procedures given up, as budgets know of it.
    taken_over : (spaces,) float
        Of those, the ones that each space has changed its ways for.
    differentiated : (spaces, sectors) bool
        Where a space has a standard of its own.
    """

    def __init__(self, model: Any, *, spaces: int, sectors: int) -> None:
        super().__init__(model)
        self.docket = Docket()
        self.settled = np.zeros(spaces, np.int64)
        self.given_up = 0
        self.taken_over = np.zeros(spaces)
        self.differentiated = np.zeros((spaces, sectors), np.bool_)
