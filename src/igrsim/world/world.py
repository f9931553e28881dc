"""The whole state of one run, in one place: what phases change and metrics look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.government.skills import ENGINEERING, FINANCE
from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography, country_of
from igrsim.places.institutions import Institutions
from igrsim.plans.bulk import BulkPlans
from igrsim.plans.pipeline import Pipeline, Portfolios
from igrsim.plans.works import Purses, Works
from igrsim.services.catalogue import Catalogue
from igrsim.world.events import Circumstances, Placed
from igrsim.world.frozen import Frozen
from igrsim.world.rules import Rules

if TYPE_CHECKING:
    from igrsim.citizens.again import Lived
    from igrsim.citizens.demand import Demand
    from igrsim.citizens.lives import Citizens
    from igrsim.citizens.reluctance import Reluctance
    from igrsim.citizens.terms import Book, Conduct, Ways
    from igrsim.government.centre import Centre
    from igrsim.government.department import Department
    from igrsim.government.forum import Forum
    from igrsim.government.forums import Forums
    from igrsim.government.hub import Hub
    from igrsim.government.municipality import Municipality
    from igrsim.government.reporting_channel import ReportingChannel
    from igrsim.government.skills import Skills
    from igrsim.government.working_group import WorkingGroup
    from igrsim.services.points import ServicePoints
    from igrsim.world.framework import Framework
    from igrsim.world.planners._base import Planners
    from igrsim.world.premises import Premises
    from igrsim.world.witness import Witness

T = TypeVar("T")

BEARERS = ("nation", "province", "municipality", "private")
"""Who bears officials' hours and public or private rand; private are mining companies' social and labour plans."""
LOAD = ("meeting_minutes", "report_minutes", "plan_minutes", "imbizo_minutes", "upkeep_minutes", "support_minutes")
"""Counts that together are what coordination takes of a municipality in a month."""
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass
class People:
    """Everyone, and what they need to live a month.

    Attributes
    ----------
    lived : list of Lived, optional
        Filled, month by month, where a list is there: what the month was lived by.
    stirred : (settlements, events) float, optional
        What campaigns and visits bring to each life event's usual rate, as a multiple of it.
    hours : (spaces, HOURS_BINS) int64
        People of each space by the minutes they have spent on documentary trips so far.
    reluctance : Reluctance, optional
        What is nearby, and what keeps people from it.
    threads : int
        Among how many threads a month's people are divided; no number depends on it.
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
    hours: I64
    beyond_home_affairs: F64
    beyond_sassa: F64
    settlement_space: I64
    lived: list[Lived] | None = None
    stirred: F64 | None = None
    reluctance: Reluctance | None = None
    threads: int = 1


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
    kept, broken : list of (municipality, department) arrays
        Commitments kept and broken this month.
    documentary : (cells, tallies) int or None
        The month's tallies over all documentary needs, once somebody has asked for them.
    """

    by_municipality: dict[str, I64]
    by_space: dict[str, I64]
    minutes: dict[tuple[str, str], I64]
    cents: dict[tuple[str, str], I64]
    kept: list[tuple[I64, I64]] = field(default_factory=list)
    broken: list[tuple[I64, I64]] = field(default_factory=list)
    documentary: I64 | None = None

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
    planners : Planners
        How officials decide, the same in every arm.
    events : tuple of Placed
        What befalls the world, the same in every arm.
    circumstances : Circumstances
        What this month's events bring about.
    doses : dict of str to (spaces,) float
        Each lever's share in force.
    reverse : bool
        Visit agents in reverse order (the audit's second arm); no number may depend on it.
    space_province : (spaces,) int
    sharing : (spaces,) int
        How many spaces share the hub of each; 1 where it is its own.
    manned : float
        Share of the posts of hubs that this month's money and specialists suffice for.
    witness : Witness or None
        Who is told of one municipality's month; no number may depend on it.
    spaces_in_province : (provinces,) int
    spaces_in_country : int
        Over how many spaces national departments divide their hours.
    ties : (municipalities, departments) float
        How well officials of a municipality know a department's plans, 0 to 1.
    peer_ties : (spaces, departments, departments) float
        The same between departments about a space.
    trust : (municipalities, departments) float
        How far each holds that the other keeps its word, 0 to 1.
    salience : (spaces,) float
        How much the space's plan is on the minds of principals, 0 to 1; nothing where nobody spends hours on it.
    centres : list of Centre
        The national centre, then each province's.
    group : WorkingGroup
        Of national departments and organised local government, on alignment; idle in silos.
    sat : (spaces, actors) bool
        Who sat at the latest indaba of each space: departments, then municipalities.
    bulk : BulkPlans
        Plans of the bulk services of municipalities.
    channels : list of ReportingChannel
        Each province's one entry point for information; none is asked through it where no rule says so.
    """

    clock: Clock
    params: ParamSet
    draws: Draws
    geography: Geography
    institutions: Institutions
    catalogue: Catalogue
    points: ServicePoints
    people: People
    premises: Premises
    rules: Rules
    municipalities: list[Municipality]
    skills: Skills
    departments: list[Department]
    forums: Forums
    ad_hoc: dict[tuple[int, int], Forum]
    framework: Framework
    hubs: dict[int, Hub]
    problems: Problems
    problem_forums: list[list[list[int]]]
    ties: F64
    peer_ties: F64
    trust: F64
    salience: F64
    centres: list[Centre]
    group: WorkingGroup
    channels: list[ReportingChannel]
    portfolios: Portfolios
    pipeline: Pipeline
    works: Works
    purses: Purses
    seat_keys: NDArray[np.uint64]
    space_keys: NDArray[np.uint64]
    municipality_keys: NDArray[np.uint64]
    sector_keys: NDArray[np.uint64]
    province_keys: NDArray[np.uint64]
    municipality_space: I64
    space_province: I64
    sharing: I64
    circumstances: Circumstances
    planners: Planners
    events: tuple[Placed, ...] = ()
    spaces_in_province: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    spaces_in_country: int = 52
    calendars: dict[str, Any] = field(default_factory=dict)
    host: Any = None
    manned: float = 1.0
    witness: Witness | None = None
    reverse: bool = False
    month: int = 0
    doses: dict[str, F64] = field(default_factory=dict)
    now: Month = field(default_factory=lambda: Month.begin(0, 0))
    drafted_in: dict[str, int] = field(default_factory=dict)
    sat: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    bulk: BulkPlans = field(default_factory=lambda: BulkPlans.none(0))
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

    def delivery_skill(self, finance_part: float) -> F64:
        """Skill of each municipality to procure and build, 0 to 1."""
        able = self.skills.effective()
        return np.asarray((1 - finance_part) * able[:, ENGINEERING] + finance_part * able[:, FINANCE])

    def data_quality(self) -> F64:
        """Data quality by municipality, 0 to 1."""
        return np.array([m.data_quality for m in self.municipalities])

    def poverty(self) -> F64:
        """Share of poor people by municipality, less the country's."""
        country = country_of(self.geography).municipalities
        nation = float(np.average(country.poor_share, weights=country.population))
        return np.asarray(self.geography.municipalities.poor_share - nation)

    @property
    def appropriated(self) -> I64:
        """Cents of each portfolio for a year whose money is appropriated now: its usual money, as events leave it."""
        return np.rint(self.portfolios.cents * self.circumstances.budget_factor).astype(np.int64)

    def visit(self, agents: Iterable[T]) -> list[T]:
        """Agents in their order, or all the way round in an audit."""
        order = list(agents)
        return order[::-1] if self.reverse else order

    def good(self, field: str) -> F64:
        """What a rule is good for, over all spaces; what it costs is taken from the rule itself."""
        return self.rules.by_space(field) * (1 - self.params[Frozen].benefits)

    def part_of_province(self) -> F64:
        """What part of each province's spaces is in the scope: its officials' and principals' hours are for all of them."""
        here = np.bincount(self.space_province, minlength=len(self.centres) - 1)
        return np.asarray(here / np.maximum(self.spaces_in_province, 1))

    def good_in(self, field: str, space: int) -> float:
        """The same, in one space."""
        return float(getattr(self.rules[space], field)) * (1 - self.params[Frozen].benefits)

    @property
    def no_show(self) -> float:
        """Chance that a visiting department stays away on a promised day, where nothing holds it."""
        return self.params[Access].no_show

    def partnership(self) -> F64:
        """How well Premier's Office, provincial cooperative governance and Treasury work together, by space, 0 to 1."""
        return np.array([c.partnership for c in self.centres[1:]])[self.space_province]

    def channels_replaced(self) -> F64:
        """Share of departments' own channels that hubs take the place of, by space.

        A channel is retired only where there is a hub to replace it, and as far as the hub keeps up with what comes in.
        """
        return self.channels_kept_up() * (1 - self.params[Frozen].benefits)

    def channels_kept_up(self) -> F64:
        """The same as costs go: what hubs work for, whether or not anything comes of it."""
        share = self.rules.by_space("channels_retired")
        if not share.any():
            return share
        for space in range(self.spaces):
            hub = self.hubs.get(space)
            share[space] *= hub.coverage["requests"] if hub is not None and hub.filled > 0 else 0.0
        return share

    def bearer_of(self, actor: I64) -> I64:
        """Which sphere an actor of the portfolios belongs to, as an index into ``BEARERS``."""
        departments = self.institutions.departments
        bearer = {"national": 0, "provincial": 1, "private": BEARERS.index("private")}
        spheres = np.array([bearer[d.sphere] for d in departments])
        municipal = actor >= len(departments)
        sphere = spheres[np.minimum(actor, len(departments) - 1)]
        return np.asarray(np.where(municipal, BEARERS.index("municipality"), sphere))

    def promise(self, kept: bool, municipality: I64, portfolio: I64) -> None:
        """Note commitments of departments to municipalities that were kept, or broken, this month."""
        actor = self.portfolios.actor[portfolio]
        theirs = actor < len(self.institutions.departments)
        (self.now.kept if kept else self.now.broken).append((municipality[theirs], actor[theirs]))

    def count_by_purse(self, name: str, which: NDArray[np.bool_], cents: I64) -> None:
        """Count cents of purses: municipalities' own by municipality, others' by space."""
        departments = len(self.institutions.departments)
        own = which & self.portfolios.municipal
        np.add.at(self.now.by_municipality[name], self.portfolios.actor[own] - departments, cents[own])
        others = which & ~self.portfolios.municipal
        np.add.at(self.now.by_space[f"departments_{name}"], self.portfolios.space[others], cents[others])

    def charge(self, account: str, bearer: str, space: int | I64, minutes: int | I64 = 0, cents: int | I64 = 0) -> None:
        """Enter official minutes and cents in the ledger, once."""
        if isinstance(space, np.ndarray) and not space.size:
            return
        for entered, amount in ((self.now.minutes, minutes), (self.now.cents, cents)):
            column = entered[account, bearer]
            if isinstance(space, np.ndarray):
                if isinstance(amount, np.ndarray) or amount:
                    np.add.at(column, space, amount)
            else:
                column[space] += amount
