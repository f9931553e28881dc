"""How a world is put together from tables, parameters and keyed draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from igrsim.citizens.access import Access
from igrsim.government.authority import Trusting
from igrsim.government.forums import Forums
from igrsim.government.reporting_channel import ReportingChannel
from igrsim.government.skills import open_skills
from igrsim.government.working_group import WorkingGroup
from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws, code_keys
from igrsim.kernel.params import ParamSet
from igrsim.places.capacity import load_capacity
from igrsim.places.geography import Geography, country_of
from igrsim.places.institutions import Institutions, load_institutions
from igrsim.places.travel import Travel
from igrsim.plans.bulk import BulkPlans
from igrsim.plans.pipeline import Pipeline
from igrsim.plans.works import Purses, Works
from igrsim.services.catalogue import Catalogue, load_catalogue
from igrsim.services.points import Desks, lay_out
from igrsim.world.convening import centres_of, convene, departments_of, govern, indabas, standby
from igrsim.world.events import Circumstances, Event, place
from igrsim.world.framework import Framework
from igrsim.world.funding import fund
from igrsim.world.planners._base import USUAL, rules
from igrsim.world.premises import open_premises
from igrsim.world.rules import Rules
from igrsim.world.settling import settle
from igrsim.world.world import Problems, World


@dataclass(frozen=True)
class Setting:
    """What a world is built from.

    Attributes
    ----------
    geography, points : Geography, DataFrame
        The scope and its service points.
    citizens : int
        People simulated, at most the population.
    reverse : bool
        Visit agents in reverse order.
    events : tuple of Event
        What befalls the world.
    planners : str
        How officials decide.
    alone : int, optional
        The one settlement whose people live; everybody's where there is none.
    threads : int
        Among how many threads a month's people are divided.
    """

    geography: Geography
    points: pd.DataFrame
    clock: Clock
    citizens: int
    institutions: Institutions | None = None
    catalogue: Catalogue | None = None
    reverse: bool = False
    events: tuple[Event, ...] = ()
    planners: str = USUAL
    alone: int | None = None
    threads: int = 1


def build(host: Any, setting: Setting, params: ParamSet, draws: Draws) -> World:
    """Put a world together.

    Parameters
    ----------
    host : mesa.Model
        The model the agents belong to; its random streams are never used.
    """
    geography = setting.geography
    institutions = setting.institutions or load_institutions()
    catalogue = setting.catalogue or load_catalogue()
    spaces = geography.spaces
    access = params[Access]
    points = lay_out(
        setting.points,
        dict(spaces.index),
        params[Desks],
        params[Travel],
        access.no_show,
        access.offline,
        access.opening_minutes,
        access.knows_visiting,
    )
    people = settle(
        geography, points, setting.points, setting.citizens, params, catalogue, draws, setting.alone, setting.threads
    )
    municipalities = govern(host, geography, params, draws)
    departments, seats = departments_of(host, geography, institutions)
    sectors = [s.code for s in institutions.sectors]
    forums = convene(host, geography, institutions, params, seats, sectors)
    ad_hoc, joint = standby(host, geography, institutions, params, seats, sectors)
    everywhere = [*forums, *ad_hoc.values(), *joint, *indabas(host, geography, institutions, params, seats)]
    places: list[list[list[int]]] = [[[] for _ in sectors] for _ in spaces.codes]
    for index, forum in enumerate(everywhere):
        for space in forum.spaces:
            for sector in np.flatnonzero(forum.sectors):
                places[space][sector].append(index)
    most = max(len(p) for row in places for p in row)
    n = len(spaces)
    seat_count = len(institutions.departments)
    portfolios = fund(geography, institutions, params, seats)
    return World(
        clock=setting.clock,
        params=params,
        draws=draws,
        geography=geography,
        institutions=institutions,
        catalogue=catalogue,
        points=points,
        people=people,
        premises=open_premises(host, geography, setting.points, points, params),
        rules=Rules(spaces.codes),
        municipalities=municipalities,
        skills=open_skills(geography, municipalities, load_capacity(), params, draws),
        departments=departments,
        forums=Forums(everywhere),
        ad_hoc=ad_hoc,
        framework=Framework.begin(everywhere, n),
        hubs={},
        problems=Problems(
            space=np.zeros(0, np.int64),
            sector=np.zeros(0, np.int64),
            born=np.zeros(0, np.int64),
            key=np.zeros(0, np.uint64),
            spent=np.zeros((0, most)),
            tabled=np.zeros((0, most), np.int64),
            referred=np.zeros(0, np.int64),
            open=np.zeros(0, np.bool_),
        ),
        problem_forums=places,
        ties=np.zeros((len(municipalities), seat_count)),
        peer_ties=np.zeros((n, seat_count, seat_count)),
        trust=np.full((len(municipalities), seat_count), params[Trusting].initial),
        salience=np.zeros(n),
        centres=centres_of(host, geography, params, draws),
        group=WorkingGroup(host, spaces=n, sectors=len(sectors)),
        channels=[ReportingChannel(host, code=code) for code in geography.provinces.codes],
        portfolios=portfolios,
        pipeline=Pipeline(slots=portfolios.slots.shape[2]),
        works=Works(),
        purses=Purses.empty(len(portfolios.cents)),
        seat_keys=code_keys(d.code for d in institutions.departments),
        space_keys=code_keys(spaces.codes),
        municipality_keys=code_keys(geography.municipalities.codes),
        sector_keys=code_keys(sectors),
        province_keys=code_keys(geography.provinces.codes),
        sharing=np.ones(n, np.int64),
        spaces_in_country=len(country_of(geography).spaces),
        spaces_in_province=np.array(
            [country_of(geography).spaces.provinces.count(p) for p in geography.provinces.codes], dtype=np.int64
        ),
        municipality_space=geography.municipalities.space_row.astype(np.int64),
        space_province=np.array([geography.provinces.codes.index(p) for p in spaces.provinces], dtype=np.int64),
        circumstances=Circumstances.usual(len(portfolios.key), len(municipalities), n),
        events=tuple(place(event, geography, setting.clock) for event in setting.events),
        planners=rules[setting.planners](),
        host=host,
        reverse=setting.reverse,
        sat=np.zeros((n, seat_count + len(municipalities)), np.bool_),
        bulk=BulkPlans.none(len(municipalities)),
    )
