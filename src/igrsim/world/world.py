"""The whole state of one run, in one place: what phases change and metrics look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions
from igrsim.plans.pipeline import Pipeline, Portfolios
from igrsim.services.catalogue import Catalogue
from igrsim.world.rules import Rules

if TYPE_CHECKING:
    from igrsim.citizens.again import Lived
    from igrsim.citizens.demand import Demand
    from igrsim.citizens.month import Book, Conduct, Ways
    from igrsim.citizens.population import Citizens
    from igrsim.government.department import Department
    from igrsim.government.forum import Forum
    from igrsim.government.hub import Hub
    from igrsim.government.municipality import Municipality
    from igrsim.services.points import ServicePoints

T = TypeVar("T")

BEARERS = ("nation", "province", "municipality")
"""Spheres that bear officials' hours and rand."""
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass
class People:
    """Everyone, and what they need to live a month.

    Attributes
    ----------
    lived : list of Lived, optional
        Filled, month by month, where a list is there: what the month was lived by.
    """

    citizens: Citizens
    demand: Demand
    conduct: Conduct
    book: Book
    ways: Ways
    hazard: F64
    keys: NDArray[np.uint64]
    rand_weight: F64
    missing: F64
    tally: I64
    arrivals: I64
    beyond_home_affairs: F64
    beyond_sassa: F64
    settlement_space: I64
    lived: list[Lived] | None = None


@dataclass
class Problems:
    """Matters between governments that wait for a forum to decide them.

    Attributes
    ----------
    space, sector, born : (n,) int
    key : (n,) uint64
    spent : (n, places) float
        Effort given to it in each of its space's and sector's forums.
    tabled : (n, places) int
        Month in which each of those forums last had it on the agenda, -99 if never.
    referred : (n,) int
        The only forum that shall have it, once a hub keeps the agenda; -1 if any may.
    open : (n,) bool
    """

    space: I64
    sector: I64
    born: I64
    key: NDArray[np.uint64]
    spent: F64
    tabled: I64
    referred: I64
    open: NDArray[np.bool_]


@dataclass
class Month:
    """What happened this month, for the metrics to look at; begun anew each month.

    Attributes
    ----------
    by_municipality : dict of str to (municipalities,) int
    by_space : dict of str to (spaces,) int
    hours : dict of (account, bearer) to (spaces,) int
        Official minutes, by space.
    cents : dict of (account, bearer) to (spaces,) int
    """

    by_municipality: dict[str, I64]
    by_space: dict[str, I64]
    minutes: dict[tuple[str, str], I64]
    cents: dict[tuple[str, str], I64]

    @classmethod
    def begin(cls, municipalities: int, spaces: int) -> Month:
        """An empty month."""
        return cls(
            by_municipality=defaultdict(lambda: np.zeros(municipalities, np.int64)),
            by_space=defaultdict(lambda: np.zeros(spaces, np.int64)),
            minutes=defaultdict(lambda: np.zeros(spaces, np.int64)),
            cents=defaultdict(lambda: np.zeros(spaces, np.int64)),
        )


@dataclass
class World:
    """One country under one regime in one replication.

    Attributes
    ----------
    month : int
        Month of the study.
    drafted_in : dict of str to int
        Month in which each sphere last laid down drafts.
    doses : dict of str to (spaces,) float
        Each lever's share in force.
    reverse : bool
        Visit agents in reverse order (the audit's second arm); no number may depend on it.
    spaces_in_country : int
        Over how many spaces national departments divide their hours.
    ties : (municipalities, departments) float
        How well officials of a municipality know a department's plans, 0 to 1.
    peer_ties : (spaces, departments, departments) float
        The same between departments about a space.
    """

    clock: Clock
    params: ParamSet
    draws: Draws
    geography: Geography
    institutions: Institutions
    catalogue: Catalogue
    points: ServicePoints
    people: People
    rules: Rules
    municipalities: list[Municipality]
    departments: list[Department]
    forums: list[Forum]
    ad_hoc: dict[tuple[int, int], Forum]
    hubs: dict[int, Hub]
    problems: Problems
    problem_forums: list[list[list[int]]]
    ties: F64
    peer_ties: F64
    portfolios: Portfolios
    pipeline: Pipeline
    seat_keys: NDArray[np.uint64]
    space_keys: NDArray[np.uint64]
    municipality_keys: NDArray[np.uint64]
    sector_keys: NDArray[np.uint64]
    municipality_space: I64
    spaces_in_country: int = 52
    calendars: dict[str, Any] = field(default_factory=dict)
    host: Any = None
    reverse: bool = False
    month: int = 0
    doses: dict[str, F64] = field(default_factory=dict)
    now: Month = field(default_factory=lambda: Month.begin(0, 0))
    drafted_in: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def calendar_month(self) -> int:
        """Month of the year, 1 to 12."""
        return self.clock.calendar_month(self.month)

    @property
    def ordinal(self) -> int:
        """Months since year 0: what draws of this month are keyed by."""
        return self.clock.ordinal(self.month)

    @property
    def spaces(self) -> int:
        """How many spaces."""
        return len(self.geography.spaces)

    def visit(self, agents: Iterable[T]) -> list[T]:
        """Agents in their order, or all the way round in an audit."""
        order = list(agents)
        return order[::-1] if self.reverse else order

    def channels_replaced(self) -> F64:
        """Share of departments' own channels that hubs take the place of, by space.

        A channel is retired only where there is a hub to replace it, and as far as the hub keeps up with what comes in.
        """
        share = self.rules.by_space("channels_retired")
        for space in range(self.spaces):
            hub = self.hubs.get(space)
            share[space] *= hub.coverage["requests"] if hub is not None and hub.filled > 0 else 0.0
        return share

    def bearer_of(self, actor: I64) -> I64:
        """Which sphere an actor of the portfolios belongs to, as an index into ``BEARERS``."""
        departments = self.institutions.departments
        national = np.array([d.sphere == "national" for d in departments])
        municipal = actor >= len(departments)
        sphere = np.where(national[np.minimum(actor, len(departments) - 1)], 0, 1)
        return np.asarray(np.where(municipal, BEARERS.index("municipality"), sphere))

    def charge(self, account: str, bearer: str, space: int | I64, minutes: int | I64 = 0, cents: int | I64 = 0) -> None:
        """Enter official minutes and cents in the ledger, once."""
        if np.size(space) == 0:
            return
        np.add.at(self.now.minutes[account, bearer], space, minutes)
        np.add.at(self.now.cents[account, bearer], space, cents)
