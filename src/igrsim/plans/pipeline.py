"""Need items and who funds them: ranking, drafts, overlaps, commitments, duplicates and gaps.

An item stands in one municipality and sector. The actors whose mandate allows it each have a *slot* on it. A
slot's money comes from a *portfolio*: what one actor has for one sector of one space (or one municipality).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Programme(Params, group="programme"):
    """The contestable capital money and the needs it meets."""

    per_person: float = param(
        1500, unit="rand per person-year", low=500, high=4000, grade="assumed", source="s3-ddm-lessons",
        meaning="capital and programme money for items that two or more mandates allow; all government spending in the pilots was several times this",
    )  # fmt: skip
    item_cost: float = param(
        15e6, unit="rand", low=5e6, high=40e6, grade="assumed", source="assumption",
        meaning="median cost of an item where a sector's contestable money in the municipality is 60 million rand a year",
    )  # fmt: skip
    cost_scale: float = param(
        0.6, unit="exponent", low=0.4, high=0.9, grade="assumed", source="assumption",
        meaning="how the cost of items grows with that money: larger places build larger things, and more of them",
    )  # fmt: skip
    largest: float = param(
        0.15, unit="share", low=0.08, high=0.3, grade="assumed", source="assumption",
        meaning="of the sector's contestable money of a year in the municipality, what a middling item costs at most: small places build small things",
    )  # fmt: skip
    cost_spread: float = param(
        0.8, unit="log standard deviation", low=0.4, high=1.2, grade="assumed", source="assumption",
        meaning="spread of item costs",
    )  # fmt: skip
    need_per_money: float = param(
        1.5, unit="ratio", low=1.0, high=2.5, grade="assumed", source="assumption",
        meaning="cost of the needs that arise in a year over the money of a year",
    )  # fmt: skip
    opening_years: float = param(
        2.0, unit="years", low=1, high=4, grade="assumed", source="assumption",
        meaning="stock of unmet items at the start, in years of arising need",
    )  # fmt: skip

    inherited: float = param(
        1.0, unit="years", low=0, high=1, grade="assumed", source="s1-pcc-2019",
        meaning="of a year's money, what was committed blindly before the study and is still being built: the incomplete projects",
    )  # fmt: skip
    stranded_stock: float = param(
        0.15, unit="share", low=0.05, high=0.3, grade="assumed", source="s1-pcc-2019",
        meaning="of the opening needs that depend on a complement, those that stand already without it",
    )  # fmt: skip
    complete_stock: float = param(
        0.45, unit="share", low=0.3, high=0.6, grade="assumed", source="assumption",
        meaning="of the opening needs that depend on a complement, those that stand already with it",
    )  # fmt: skip


class Disputes(Params, group="disputes"):
    """Powers and functions that two spheres claim, or that each leaves to the other."""

    blocked: float = param(
        0.3, unit="share", low=0.1, high=0.5, grade="assumed", source="constitution-1996",
        meaning="items under a disputed mandate that nobody funds until the dispute is settled",
    )  # fmt: skip
    doubled: float = param(
        0.15, unit="share", low=0.05, high=0.3, grade="assumed", source="constitution-1996",
        meaning="items under a disputed mandate that each claimant funds whatever the other does",
    )  # fmt: skip
    settles: float = param(
        0.01, unit="share a month", low=0.003, high=0.03, grade="assumed", source="assumption",
        meaning="disputes that the two settle by themselves",
    )  # fmt: skip
    hours: float = param(
        25, unit="hours a dispute", low=8, high=80, grade="assumed", source="assumption",
        meaning="a hub's hours to adjudicate one",
    )  # fmt: skip
    accepted: float = param(
        0.5, unit="share", low=0.3, high=0.7, grade="assumed", source="assumption",
        meaning="awards that both accept where nothing but good will binds them; a refused one is not heard again within a year",
    )  # fmt: skip


class Planning(Params, group="planning"):
    """What planners know: of needs, and of each other's plans."""

    severity_spread: float = param(
        0.6, unit="log standard deviation", low=0.3, high=1.0, grade="assumed", source="assumption",
        meaning="spread of the true severity of needs",
    )  # fmt: skip
    error: float = param(
        0.9, unit="log standard deviation", low=0.4, high=1.4, grade="assumed", source="s3-ddm-lessons",
        meaning="error of perceived severity at middling data quality; statistics were outdated in places",
    )  # fmt: skip
    local_error: float = param(
        0.6, unit="ratio", low=0.3, high=1.0, grade="assumed", source="assumption",
        meaning="a municipality's error about its own needs over a department's",
    )  # fmt: skip
    profile_error: float = param(
        0.5, unit="ratio", low=0.2, high=0.9, grade="assumed", source="assumption",
        meaning="error about an item just surveyed in a profile over the error without one",
    )  # fmt: skip
    profile_half_life: float = param(
        24, unit="months", low=9, high=48, grade="assumed", source="assumption",
        meaning="time in which half of what a profile taught is out of date",
    )  # fmt: skip
    referenced: float = param(
        0.4, unit="share", low=0.15, high=0.7, grade="assumed", source="s3-ddm-lessons",
        meaning="projects whose place is given in plans, before spatial budgeting; some national ones were not mapped",
    )  # fmt: skip
    published: float = param(
        0.4, unit="share", low=0.15, high=0.65, grade="assumed", source="s0-wc-so10",
        meaning="chance that a planner learns of another's committed, referenced project from published plans",
    )  # fmt: skip
    site_sight: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="chance that a planner learns of another's project once it is being built: connections, approvals, a board at the road",
    )  # fmt: skip
    tie_sight: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="assumption",
        meaning="chance of learning of another's project through a full tie",
    )  # fmt: skip
    district_tie: float = param(
        0.5, unit="index 0-1", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="how well a district and its local municipalities know each other's plans, through their own forum",
    )  # fmt: skip
    agency_sight: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="assumption",
        meaning="chance that who carries out another's mandate by agreement knows what the other funds",
    )  # fmt: skip
    joint_sight: float = param(
        0.9, unit="share", low=0.6, high=1.0, grade="assumed", source="assumption",
        meaning="chance that an overlap of two tabled, referenced and compared drafts is found",
    )  # fmt: skip
    tables_drafts: float = param(
        0.5, unit="share", low=0.2, high=0.9, grade="assumed", source="dpme-2024",
        meaning="departments that lay their drafts before a space in a year; many do not fully take part",
    )  # fmt: skip
    municipality_tables: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="dpme-2024",
        meaning="municipalities that do",
    )  # fmt: skip
    yields: float = param(
        0.7, unit="share", low=0.3, high=1.0, grade="assumed", source="s4-harvester",
        meaning="overlaps found before commitment from which one side withdraws, by negotiation",
    )  # fmt: skip
    postpones: float = param(
        0.7, unit="share", low=0.3, high=1.0, grade="assumed", source="assumption",
        meaning="actors who leave an item for later once they know that its complement is nobody's plan",
    )  # fmt: skip
    communicated: float = param(
        0.25, unit="ratio", low=0.05, high=0.6, grade="assumed", source="s3-ddm-lessons",
        meaning="how much more of what is published planners learn under one communication strategy",
    )  # fmt: skip
    live_sight: float = param(
        0.7, unit="share", low=0.3, high=0.95, grade="assumed", source="s1-pcc-2019",
        meaning="chance to learn of another's committed, referenced project from a live information system fed with perfect data",
    )  # fmt: skip
    need_weight: float = param(
        1.0, unit="log severity per share poor", low=0.3, high=2.0, grade="assumed", source="s1-pcc-2019",
        meaning="how far budgets weighed by need and gender put municipalities with a larger share of poor people first; who heads a household is not weighed",
    )  # fmt: skip
    plan_years: float = param(
        3, unit="years", low=2, high=5, grade="assumed", source="assumption",
        meaning="years of money for which a One Plan, a long-term plan, names owners: its medium term",
    )  # fmt: skip
    signs: float = param(
        0.85, unit="share", low=0.6, high=1.0, grade="assumed", source="dpme-2024",
        meaning="One Plan items that their owner writes into its own plan",
    )  # fmt: skip
    pays: float = param(
        0.35, unit="share", low=0.1, high=0.7, grade="assumed", source="dpme-2024",
        meaning="One Plan items that their owner ranks first when it commits money",
    )  # fmt: skip
    defers: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="assumption",
        meaning="chance that an actor leaves a One Plan item to its agreed owner",
    )  # fmt: skip


class SectorShares(Params, group="sector-shares"):
    """How contestable money divides over sectors; only the proportions matter."""

    water: float = param(20, unit="parts", low=10, high=30, grade="assumed", source="assumption", meaning="water and sanitation")  # fmt: skip
    housing: float = param(18, unit="parts", low=9, high=27, grade="assumed", source="assumption", meaning="human settlements")  # fmt: skip
    roads: float = param(18, unit="parts", low=9, high=27, grade="assumed", source="assumption", meaning="roads and transport")  # fmt: skip
    energy: float = param(10, unit="parts", low=5, high=15, grade="assumed", source="assumption", meaning="energy and electrification")  # fmt: skip
    health: float = param(7, unit="parts", low=3, high=11, grade="assumed", source="assumption", meaning="health facilities")  # fmt: skip
    education: float = param(9, unit="parts", low=4, high=14, grade="assumed", source="assumption", meaning="schools")  # fmt: skip
    social: float = param(3, unit="parts", low=1, high=6, grade="assumed", source="assumption", meaning="social development")  # fmt: skip
    economy: float = param(6, unit="parts", low=3, high=9, grade="assumed", source="assumption", meaning="local economic development and agriculture")  # fmt: skip
    environment: float = param(4, unit="parts", low=2, high=6, grade="assumed", source="assumption", meaning="environment and waste")  # fmt: skip
    community: float = param(3, unit="parts", low=1, high=6, grade="assumed", source="assumption", meaning="libraries, sport, community safety")  # fmt: skip
    governance: float = param(2, unit="parts", low=1, high=4, grade="assumed", source="assumption", meaning="programmes for municipalities' finance and skills")  # fmt: skip


@dataclass(frozen=True)
class Portfolios:
    """Money of one actor for one sector of one space (or of one municipality).

    Attributes
    ----------
    actor : (n,) int
        Column of the department as the space knows it, or number of departments plus municipality.
    space, sector : (n,) int
    municipal : (n,) bool
        Which financial calendar.
    weight : (n,) float
        Share of the sector's contestable money: who withdraws when two meet.
    cents : (n,) int
        Money a year.
    agency : (n,) bool
        Carries out another's mandate by agreement.
    disputed : (n,) bool
        Powers and functions that another claims as well.
    private : (n,) bool
        Mining companies' social and labour plans.
    granted : (n,) float
        Part of it that came as a grant of another sphere.
    till : (n,) int
        Who pays for it: a municipality, or a department in a space, whose people procure and build for all its sectors.
    key : (n,) uint64
    slots : (municipalities, sectors, most) int
        Portfolios that may fund an item there, -1 beyond the last.
    """

    actor: I64
    space: I64
    sector: I64
    municipal: Flags
    weight: F64
    cents: I64
    agency: Flags
    disputed: Flags
    private: Flags
    granted: F64
    till: I64
    key: NDArray[np.uint64]
    slots: I64


@dataclass
class Pipeline:
    """All need items of the run, and their drafts and commitments by slot.

    Attributes
    ----------
    municipality, sector, space : (items,) int
    portfolio : (items, slots) int
        Whose money each slot is, -1 beyond the last.
    municipal, departmental : (items, slots) bool
        Slots of municipalities' portfolios, and of all others'.
    severity : (items,) float
    cents : (items,) int
        Cost.
    born : (items,) int
        Month in which it arose.
    key : (items,) uint64
    drafted, funded : (items, slots) bool
        In the slot's current draft; committed by the slot.
    compared : (items, slots) bool
        Laid side by side with others by a hub, as draft or commitment.
    shown : (items, slots) bool
        Laid on the table of the space's latest indaba by the slot: draft, commitment or what it means to do.
    early : (items, slots) bool
        Laid down by the slot as a priority ahead of its draft, and exchanged.
    exchanged : (items, slots) bool
        In the slot's draft as it was opened to other governments, which took its people hours.
    building : (items, slots) bool
        Let and being built by the slot, for all to see.
    paid_in : (items,) int
        Month in which its agreed owner committed it.
    delivered_by : (items,) int
        Month from which the item stands; a large number before.
    needs : (items,) int
        The item without which it is of no use (its bulk pipeline, its road), -1 if none.
    dispute : (items,) int
        ``FREE`` of dispute or settled; ``BLOCKED``: each claimant leaves it to the other; ``DOUBLED``: each goes ahead.
    surveyed : (items,) int
        Month of the profile that surveyed it, -1 if none.
    heard : (items,) int
        Month in which a hub last heard its dispute, -99 if never.
    owner : (items,) int
        Slot agreed in the One Plan, -1 if none.
    agreed : (items,) int
        Month by which the owner agreed to commit.
    signed : (items,) bool
        Written into the owner's own plan.
    unyielded : (items,) int
        Month in which an overlap about it was last found from which nobody withdrew, -99 if never.
    conceded : (items,) bool
        One of those who fund it agreed before the working group to withdraw at the next adjustments budget.
    allotted : (items,) int
        Slot that agreed before the working group to bring it, -1 if none.

    Notes
    -----
    What is said of slots lies in memory slot by slot: a question to one slot of all items, or over the slots of each, is one sweep.
    """

    slots: int
    municipality: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    sector: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    space: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    severity: F64 = field(default_factory=lambda: np.zeros(0))
    cents: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    born: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    key: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    paid_in: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    delivered_by: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    surveyed: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    needs: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    dispute: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    heard: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    owner: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    agreed: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    signed: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    unyielded: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    conceded: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    allotted: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    portfolio: I64 = field(init=False)
    municipal: Flags = field(init=False)
    departmental: Flags = field(init=False)
    drafted: Flags = field(init=False)
    funded: Flags = field(init=False)
    compared: Flags = field(init=False)
    shown: Flags = field(init=False)
    early: Flags = field(init=False)
    exchanged: Flags = field(init=False)
    building: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.portfolio = np.zeros((0, self.slots), np.int64)
        for name in ("municipal", "departmental", *OF_SLOTS):
            setattr(self, name, np.zeros((0, self.slots), np.bool_))

    def __len__(self) -> int:
        return len(self.key)

    def add(
        self,
        municipality: I64,
        sector: I64,
        space: I64,
        severity: F64,
        cents: I64,
        born: int,
        key: NDArray[np.uint64],
        dispute: I64,
        portfolio: I64,
        municipal: Flags,
    ) -> None:
        """Items arise.

        Parameters
        ----------
        portfolio : (n, slots) int
        municipal : (n, slots) bool
            Which of them are municipalities'.
        """
        n = len(key)
        nothing = np.zeros((n, self.slots), np.bool_)
        arisen: dict[str, NDArray[Any]] = {
            "municipality": municipality,
            "sector": sector,
            "space": space,
            "severity": severity,
            "cents": cents,
            "born": np.full(n, born),
            "key": key,
            "paid_in": np.full(n, NEVER),
            "delivered_by": np.full(n, NEVER),
            "surveyed": np.full(n, -1),
            "needs": np.full(n, -1),
            "dispute": dispute,
            "heard": np.full(n, -99),
            "owner": np.full(n, -1),
            "agreed": np.full(n, NEVER),
            "signed": np.zeros(n, np.bool_),
            "unyielded": np.full(n, -99),
            "conceded": np.zeros(n, np.bool_),
            "allotted": np.full(n, -1),
            "portfolio": portfolio,
            "municipal": (portfolio >= 0) & municipal,
            "departmental": (portfolio >= 0) & ~municipal,
            **dict.fromkeys(OF_SLOTS, nothing),
        }
        for name, values in arisen.items():
            # joined along the last axis, so that each slot's flags stay together in memory
            setattr(self, name, np.concatenate([getattr(self, name).T, values.T], axis=-1).T)

    def open(self, month: int) -> Flags:
        """Items that do not stand yet."""
        return np.asarray(self.delivered_by > month)

    def complete(self, month: int) -> Flags:
        """Items that stand and whose complement, if they need one, stands too: only they serve anyone."""
        stands = self.delivered_by <= month
        return np.asarray(stands & ((self.needs < 0) | stands[self.needs]))

    def of_sphere(self, municipal: bool) -> Flags:
        """Slots of municipalities' portfolios, or of all others'."""
        return self.municipal if municipal else self.departmental


def where_slots(flags: Flags) -> tuple[I64, I64]:
    """Rows and slots of what is said of some rows' slots, slot by slot."""
    rows = [np.flatnonzero(column) for column in flags.T]
    return np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(found) for found in rows])


OF_SLOTS = ("drafted", "funded", "compared", "shown", "early", "exchanged", "building")
"""What may be so of each slot of an item, and is of none when it arises."""
FREE, BLOCKED, DOUBLED = 0, 1, 2
NEVER = 10**9
USUAL_MONEY = 60e6


def select(portfolio: I64, score: F64, cents: I64, money: I64, tie: I64) -> Flags:
    """What each portfolio takes: its items from the highest score down, while the money lasts.

    Parameters
    ----------
    portfolio : (pairs,) int
    score : (pairs,) float
        Perceived severity.
    cents : (pairs,) int
        Cost of the item.
    money : (portfolios,) int
        Cents to commit.
    tie : (pairs,) int
        Stable order among equal scores.

    Returns
    -------
    (pairs,) bool
        An item that no longer fits is passed over for the next that does.
    """
    taken = np.zeros(len(portfolio), np.bool_)
    left = np.asarray(money, dtype=np.int64).copy()
    # what does not fit when its turn comes never fits later: the list goes on without it
    could = np.flatnonzero(cents <= left[portfolio])
    rest = could[by_turn(portfolio[could], score[could], tie[could])]
    while len(rest):
        group, cost = portfolio[rest], cents[rest]
        running = np.cumsum(cost)
        starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
        sizes = np.diff(np.concatenate([starts, [len(group)]]))
        base = np.repeat((running - cost)[starts], sizes)
        fits = running - base <= left[group]
        # within a portfolio only the unbroken beginning of the list
        broken = np.maximum.accumulate(np.where(~fits, np.arange(len(rest)), -1))
        begins = broken < np.repeat(starts, sizes)
        pick = rest[begins]
        taken[pick] = True
        left -= np.bincount(portfolio[pick], weights=cents[pick], minlength=len(left)).astype(np.int64)
        rest = rest[~begins & (cost <= left[group])]
    return taken


def by_turn(portfolio: I64, score: F64, tie: I64) -> I64:
    """Order of each portfolio's items, portfolio by portfolio: the highest score first."""
    order = sorted_on(np.argsort(-score), portfolio)
    same = (portfolio[order[1:]] == portfolio[order[:-1]]) & (score[order[1:]] == score[order[:-1]])
    return np.lexsort((tie, -score, portfolio)) if same.any() else order


def sorted_on(order: I64, first: I64) -> I64:
    """An order of rows sorted on small numbers from nought up, which leaves rows of one number in the order they had."""
    # numbers of two bytes are sorted by counting
    short = np.min_scalar_type(int(first.max(initial=0)))
    return order[np.argsort(first[order].astype(short), kind="stable")]
