"""What municipalities are able to do: skills of those in post, vacant posts, and help from outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.municipality import Municipality
from igrsim.kernel.draws import Draws, code_keys
from igrsim.kernel.params import Params, ParamSet, param
from igrsim.places.capacity import FUNCTIONS, Capacity
from igrsim.places.geography import Geography
from igrsim.places.travel import great_circle_km

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

ENGINEERING, FINANCE, PLANNING, GOVERNANCE = range(len(FUNCTIONS))
LONGEST = 61
"""Months over which graduates under way are kept; longer than any study."""
POPULAR = np.array([f in (FINANCE, GOVERNANCE) for f in range(len(FUNCTIONS))])
"""What most applicants study: commerce and public management."""


class Staffing(Params, group="staffing"):
    """Skilled posts, who leaves them, and who comes."""

    posts: float = param(
        1.0, unit="posts per 100 hours", low=0.5, high=2, grade="assumed", source="assumption",
        meaning="skilled posts of each function for every 100 coordination hours a month: four in a small municipality",
    )  # fmt: skip
    function_luck: float = param(
        0.2, unit="index 0-1", low=0.05, high=0.3, grade="assumed", source="assumption",
        meaning="how unequal a municipality is across its functions, where its condition leaves room for it",
    )  # fmt: skip
    usual_vacancy: float = param(
        0.13, unit="share", low=0.10, high=0.18, grade="measured", source="statssa-vacancies-2015",
        meaning="municipal posts vacant where a province's figure is not published; above 13 per cent over the country",
    )  # fmt: skip
    engineering_vacancy: float = param(
        1.5, unit="ratio", low=1.0, high=3.15, grade="assumed", source="statssa-vacancies-2015",
        meaning="vacancy among engineers over that of all posts; 3.15 is electricity in districts, 41 over 13 per cent",
    )  # fmt: skip
    leaves: float = param(
        0.01, unit="share a month", low=0.004, high=0.02, grade="assumed", source="assumption",
        meaning="skilled officials who leave",
    )  # fmt: skip
    entrant: float = param(
        0.85, unit="ratio", low=0.6, high=1.0, grade="assumed", source="assumption",
        meaning="skill of whoever fills a post over what the municipality had at first",
    )  # fmt: skip
    graduate: float = param(
        0.6, unit="index 0-1", low=0.4, high=0.8, grade="assumed", source="assumption",
        meaning="skill of a graduate who begins",
    )  # fmt: skip
    need_below: float = param(
        0.5, unit="index 0-1", low=0.35, high=0.65, grade="assumed", source="assumption",
        meaning="effective skill below which a function is in need",
    )  # fmt: skip
    hours_follow: float = param(
        0.5, unit="ratio", low=0.0, high=1.0, grade="assumed", source="assumption",
        meaning="change of coordination hours over that of effective skill in planning and governance",
    )  # fmt: skip
    data_follow: float = param(
        0.5, unit="ratio", low=0.0, high=1.0, grade="assumed", source="assumption",
        meaning="change of the data quality a municipality moves to over that of effective skill in planning and finance",
    )  # fmt: skip


class Bursaries(Params, group="bursaries"):
    """What becomes of bursaries."""

    popular: float = param(
        3, unit="ratio", low=1, high=6, grade="assumed", source="assumption",
        meaning="how much more likely a funder's bursary goes to a popular field than to another that it may fund",
    )  # fmt: skip
    study_months: float = param(
        36, unit="months", low=36, high=48, grade="assumed", source="assumption",
        meaning="shortest time from a bursary to a graduate at work: a degree or diploma of three years",
    )  # fmt: skip
    study_spread: float = param(
        12, unit="months", low=0, high=12, grade="assumed", source="assumption",
        meaning="by how much longer it may take: degrees of four years, repeated courses",
    )  # fmt: skip
    posts_each: float = param(
        4, unit="posts", low=2, high=8, grade="assumed", source="assumption",
        meaning="posts of a function for which a funder gives its yearly number of bursaries",
    )  # fmt: skip
    analysis_hours: float = param(
        8, unit="hours a funder and year", low=2, high=24, grade="assumed", source="assumption",
        meaning="hours to lay one funder's bursaries in a space beside vacant posts, where one analysis of needs is made",
    )  # fmt: skip
    stays: float = param(
        0.45, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="bursars who graduate and take up work in a municipality of the space",
    )  # fmt: skip


@dataclass
class Skills:
    """Skills of all municipalities by function.

    Attributes
    ----------
    level : (municipalities, functions) float
        Skill of those in post, 0 to 1.
    vacancy : (municipalities, functions) float
        Share of posts vacant.
    underway : (municipalities, functions) float
        What programmes have taught and practice has not yet taken up, as a share of what is still to be learned.
    opening : (municipalities, functions) float
        What each could do when the study began.
    entrants : (municipalities, functions) float
        Skill of those who fill posts.
    filling : (municipalities, functions) float
        Share of vacant posts filled in a month by others than bursars: what leaves and what comes balance at first.
    posts : (municipalities,) float
        Skilled posts of each function.
    lent, borrowed, seconded : (municipalities, functions) float
        Skilled work lent to and borrowed from the district family, and brought by specialists, in posts of full skill.
    km : (municipalities,) float
        Road-less distance to the provincial capital.
    landed : (programmes, municipalities, functions) bool
        Where each programme works this financial year.
    year : int
        The financial year of these choices, 0 before the first.
    prepared : (spaces,) int
        Hub minutes given to the next common agenda.
    centre_left : (spaces,) int
        Minutes that provincial centres still have for each space this financial year.
    graduates : (spaces, functions, LONGEST) int
        Bursars who will graduate, by month, in a ring.
    """

    level: F64
    vacancy: F64
    underway: F64
    opening: F64
    entrants: F64
    filling: F64
    posts: F64
    lent: F64
    borrowed: F64
    seconded: F64
    km: F64
    capacity: Capacity
    landed: NDArray[np.bool_]
    prepared: I64
    centre_left: I64
    graduates: I64
    year: int = 0

    def own(self) -> F64:
        """What each municipality's own people can do, 0 to 1."""
        return self.level * (1 - self.vacancy)

    def effective(self) -> F64:
        """What each municipality can do in each function, 0 to 1: own people, less those lent, and those who help."""
        outside = (self.borrowed + self.seconded - self.lent) / self.posts[:, None]
        return np.clip(self.own() + outside, 0.0, 1.0)

    def follow(self, functions: tuple[int, ...], share: float) -> F64:
        """How far something that leans on some functions has moved from its opening value, 1 at first."""
        now, then = self.effective()[:, functions].mean(axis=1), self.opening[:, functions].mean(axis=1)
        return np.clip(1 + share * (now / then - 1), 0.5, 1.5)


def fields_liked(capacity: Capacity, popular: float) -> F64:
    """Chance that each funder's bursary goes to each function, when it asks nobody: most follow the applicants."""
    allowed = np.array([[f in q.functions for f in FUNCTIONS] for q in capacity.bursaries])
    weight = allowed * np.where(POPULAR, popular, 1.0)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def uneven(condition: F64, luck: F64, spread: float) -> F64:
    """Skill by function whose mean is the municipality's condition exactly, unequal by luck as bounds allow."""
    deviation = luck - luck.mean(axis=1, keepdims=True)
    room = np.minimum(condition - 0.05, 0.98 - condition) / 1.5
    width = np.clip(np.minimum(spread, room), 0.0, None)
    return np.asarray(condition[:, None] + width[:, None] * deviation)


def open_skills(
    geography: Geography, municipalities: list[Municipality], capacity: Capacity, params: ParamSet, draws: Draws
) -> Skills:
    """The skills that municipalities begin with, consistent with their condition.

    Where the published share of vacant posts would need those in post to be more than fully skilled, fewer are vacant.
    """
    bursaries = params[Bursaries]
    a_year = np.array([q.share for q in capacity.bursaries]) @ fields_liked(capacity, bursaries.popular)
    graduates = bursaries.stays * a_year / bursaries.posts_each / 12
    p = params[Staffing]
    table, provinces = geography.municipalities, geography.provinces
    n, functions = len(municipalities), len(FUNCTIONS)
    keys = code_keys(table.codes)[:, None], code_keys(FUNCTIONS)[None, :]
    luck = 2 * draws["skill by function"].uniform(*keys) - 1
    able = uneven(np.array([m.condition for m in municipalities]), luck, p.function_luck)
    published = np.array([capacity.vacancies.get(q, p.usual_vacancy) for q in table.provinces])
    vacancy = np.repeat(published[:, None], functions, axis=1)
    vacancy[:, ENGINEERING] *= p.engineering_vacancy
    vacancy *= 0.5 + draws["posts vacant at first"].uniform(*keys)
    vacancy = np.clip(np.minimum(vacancy, 1 - able), 0.01, 0.9)
    home = np.array([provinces.index[q] for q in table.provinces], dtype=np.int64)
    spaces = len(geography.spaces)
    level = able / (1 - vacancy)
    hours = np.array([m.minutes for m in municipalities]) / 60
    return Skills(
        level=level,
        vacancy=vacancy,
        underway=np.zeros((n, functions)),
        opening=level * (1 - vacancy),
        entrants=p.entrant * level,
        filling=np.clip((p.leaves * (1 - vacancy) - graduates) / vacancy, 0.0, 1.0),
        posts=np.maximum(p.posts * hours / 100, 1.0),
        lent=np.zeros((n, functions)),
        borrowed=np.zeros((n, functions)),
        seconded=np.zeros((n, functions)),
        km=great_circle_km(table.lat, table.lon, provinces.lat[home], provinces.lon[home]),
        capacity=capacity,
        landed=np.zeros((len(capacity.programmes), n, functions), np.bool_),
        prepared=np.zeros(spaces, np.int64),
        centre_left=np.zeros(spaces, np.int64),
        graduates=np.zeros((spaces, functions, LONGEST), np.int64),
    )
