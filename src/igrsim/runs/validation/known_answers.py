"""Governments whose month has a known answer: funding, meeting, asking, hub work, queues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from igrsim.government.forum import Forum
from igrsim.government.forums import Forums
from igrsim.government.hub import Hub
from igrsim.government.municipality import ABSENT, Invitation
from igrsim.government.reporting_channel import ChannelWork
from igrsim.kernel.draws import Draws, code_key
from igrsim.kernel.params import ParamSet
from igrsim.phases.commit import commit
from igrsim.phases.meet import meet
from igrsim.phases.need import need
from igrsim.phases.request import Reporting, _due, asked_in, request
from igrsim.places.institutions import Indicator, Institutions, Request, load_institutions
from igrsim.plans.pipeline import Disputes, Planning, Programme, select
from igrsim.runs.validation.finding import ANSWER, Finding, exact, near
from igrsim.runs.validation.small_worlds import Settled, begin, believe, decree, small_model, staff_hubs
from igrsim.services.queues import admission, overflow
from igrsim.world.framework import Framework

I64 = NDArray[np.int64]


def known_answers() -> Iterator[Finding]:
    """Every known answer of government and queues."""
    yield from funding()
    yield from funding_in_a_world()
    yield from meeting()
    yield from asking()
    yield hub_work()
    yield from queues()


def _blind(trials: int, actors: int, take: int, items: int, seed: int) -> I64:
    """How many actors fund each item, trial by trial: each picks `take` of equal items by a luck of its own."""
    portfolios = trials * actors
    portfolio = np.repeat(np.arange(portfolios), items)
    item = np.tile(np.arange(items), portfolios)
    score = Draws(seed)["made up fancy"].uniform(portfolio, item)
    cost = np.full(len(item), 100)
    taken = select(portfolio, score, cost, np.full(portfolios, 100 * take + 99), item)
    return np.asarray(taken.reshape(trials, actors, items).sum(axis=1))


def funding(seed: int = 7) -> Iterator[Finding]:
    """Actors who pick among equal items without sight of each other, or in turn with full sight."""
    trials, actors, take, items = 400, 4, 8, 40
    funders = _blind(trials, actors, take, items, seed)
    p = take / items
    expected, found, error = [], [], []
    for j in range(actors + 1):
        of_trial = (funders == j).sum(axis=1)
        expected.append(items * comb(actors, j) * p**j * (1 - p) ** (actors - j))
        found.append(float(of_trial.mean()))
        error.append(max(float(of_trial.std()), 0.05) / sqrt(trials))
    yield near("blind funding: items funded by 0, 1, 2, 3, 4 of 4 actors", ANSWER, expected, found, error)

    actors, items = 12, 20
    distinct = (_blind(trials, actors, 1, items, seed + 1) > 0).sum(axis=1)
    yield near(
        "blind choice of one item each: distinct items",
        ANSWER,
        [items * (1 - (1 - 1 / items) ** actors)],
        [float(distinct.mean())],
        [float(distinct.std()) / sqrt(trials)],
    )

    actors, take, items = 6, 8, 40
    funders = np.zeros(items, np.int64)
    fancy = Draws(seed)["made up fancy"].uniform(np.arange(actors)[:, None], np.arange(items)[None, :])
    for actor in range(actors):
        free = np.flatnonzero(funders == 0)
        mine = select(
            np.zeros(len(free), np.int64), fancy[actor, free], np.full(len(free), 100), np.array([100 * take]), free
        )
        funders[free[mine]] += 1
    yield exact("full sight, in turn: duplicates", ANSWER, 0, int((funders > 1).sum()))
    yield exact("full sight, in turn: shares left over", ANSWER, actors * take - items, actors * take - funders.sum())


def funding_in_a_world() -> Iterator[Finding]:
    """The phases themselves, with full sight, and without money."""
    duplicates, _ = rand_committed(sight=1.0)
    yield exact("everyone sees everyone's drafts and yields: rand funded twice", ANSWER, 0, duplicates)
    _, committed = rand_committed(money=0.0)
    yield exact("no budgets: rand committed", ANSWER, 0, committed)


def rand_committed(sight: float = 0.0, money: float = 1.0, seed: int = 1) -> tuple[int, int]:
    """Cents funded twice, and cents committed, in the first two years of a small country.

    Parameters
    ----------
    sight : float
        Chance that one actor knows what another plans or has committed.
    money : float
        Times the usual budgets.
    """
    world = small_model(months=24, seed=seed).world
    world.portfolios = replace(world.portfolios, cents=np.rint(world.portfolios.cents * money).astype(np.int64))
    # a district and its local have a tie of one half, so all get one
    world.ties[:] = world.peer_ties[:] = 0.5
    believe(world, Planning, tie_sight=2.0 * sight, published=0.0, yields=1.0)
    believe(world, Programme, inherited=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    duplicates = committed = 0
    for month in range(24):
        begin(world, month)
        need(world)
        commit(world)
        duplicates += int(world.now.by_municipality["duplicate_cents"].sum())
        committed += int(world.now.by_municipality["committed_cents"].sum())
    return duplicates, committed


def meeting() -> Iterator[Finding]:
    """Forums that everyone attends, and a municipality whose hours run out."""
    forums, a_year, delegates, minutes, preparation = 5, 6, 2, 150, 75
    model = small_model()
    world = model.world
    travel = np.array([0, 37, 205], dtype=np.int64)
    everyone = np.arange(len(world.municipalities))
    made = [
        Forum(
            model,
            code=f"made-up-{k}",
            key=code_key(f"made-up-{k}"),
            name="made up",
            level="space",
            convener=-1,
            spaces=np.array([0]),
            municipalities=everyone,
            seats=np.zeros(len(world.seat_keys), np.bool_),
            sectors=np.zeros(len(world.sector_keys), np.bool_),
            a_year=a_year,
            minutes=minutes,
            preparation=preparation,
            delegates=delegates,
            travel=travel,
            statutory=0.0,
            retirable=False,
        )
        for k in range(forums)
    ]
    world.forums = Forums(made)
    world.problem_forums = [[[] for _ in world.sector_keys]]
    world.framework = Framework.begin(world.forums, world.spaces)
    world.draws = Settled(world.draws, "delegation willing")
    for municipality in world.municipalities:
        municipality.minutes = 10**6
    spent = np.zeros(len(everyone), np.int64)
    for month in range(12):
        begin(world, month)
        meet(world)
        spent += world.now.by_municipality["meeting_minutes"]
    for m in everyone:
        answer = forums * a_year * delegates * (minutes + preparation + int(travel[m]))
        yield exact(
            f"{forums} forums, nobody overloaded: minutes a year, travel {travel[m]} minutes", ANSWER, answer, spent[m]
        )

    town = world.municipalities[0]
    town.minutes = 1000
    asked = [Invitation(k, 1.0 + k, 150, True, 0.5, 0.0) for k in range(9)]
    answers, displaced = town.answer(asked, busy=100, overrun=0.0, junior=0.0)
    yield exact(
        "900 minutes left, meetings of 150: meetings attended", ANSWER, 6, sum(w != ABSENT for _, w, _ in answers)
    )
    yield exact(
        "900 minutes left, meetings of 150: weight of the least important one attended",
        ANSWER,
        3,
        min(n for n, w, _ in answers if w),
    )
    yield exact("900 minutes left, nobody overruns: minutes taken from delivery", ANSWER, 0, displaced)
    answers, displaced = town.answer(asked, busy=100, overrun=1.0, junior=0.0)
    yield exact("900 minutes left, all nine attended: minutes taken from delivery", ANSWER, 9 * 150 - 900, displaced)
    answers, _ = town.answer(asked, busy=5000, overrun=0.0, junior=0.0)
    yield exact("no hours left: minutes in meetings", ANSWER, 0, sum(minutes for _, _, minutes in answers))


def equal_askers(departments: int, indicators: int, own: float = 0.0) -> Institutions:
    """Institutions in which some departments ask the same monthly indicators, a share by definitions of their own.

    Parameters
    ----------
    own : float
        Share of the repeats that come with an own definition; ``own * (departments - 1) * indicators`` is whole.
    """
    real = load_institutions()
    facts = tuple(
        Indicator(
            f"i{k}",
            "made up",
            real.sectors[0].code,
            "monthly",
            False,
            4.0,
            "assumption",
            "assumed",
            tuple(range(1, 13)),
        )
        for k in range(indicators)
    )
    wishes = []
    for nth, (d, i) in enumerate((d, i) for d in range(departments) for i in range(indicators)):
        again = nth - indicators
        definition = "own" if 0 <= again < round(own * (departments - 1) * indicators) else "common"
        wishes.append(Request(real.departments[d].code, f"i{i}", definition, "made up", False, "assumption", "assumed"))
    return replace(real, indicators=facts, requests=tuple(wishes))


def asked_again(institutions: Institutions, retired: float = 0.0, channel: float = 0.0) -> float:
    """Share of what municipalities are asked that they have been asked already, over a year of a small world.

    Parameters
    ----------
    retired : float
        Share of departments' own channels that hubs have taken over, who keep up with it.
    channel : float
        Share of requests that go through the province's one entry point, whose officials have hours for all of it.
    """
    world = small_model().world
    world.institutions = institutions
    decree(world, channels_retired=retired, reporting_channel=channel)
    believe(world, ChannelWork, setup_months=0.0, hours=1e6)
    staff_hubs(world)
    asks = repeats = 0
    for municipality in world.municipalities:
        municipality.data_quality = 1.0
    for month in range(12):
        begin(world, month)
        request(world)
        asks += int(world.now.by_municipality["asks"].sum())
        repeats += int(world.now.by_municipality["repeats"].sum())
    return repeats / asks


def asking() -> Iterator[Finding]:
    """Departments that ask municipalities the same indicators."""
    m, i, d = 5, 8, 0.25
    due = _due(asked_in(equal_askers(m, i), 4, ParamSet()[Reporting]), 40)
    yield exact("5 departments ask the same 8 indicators: asked in a month", ANSWER, m * i, due.asks.sum())
    yield exact("5 departments ask the same 8 indicators: minutes to make them once", ANSWER, i * 240, due.first.sum())
    yield exact(
        "5 departments ask the same 8 indicators: minutes to give them again",
        ANSWER,
        (m - 1) * i * 60,
        due.common.sum(),
    )
    yield exact(
        "5 departments ask the same 8 indicators: share asked again",
        ANSWER,
        (m - 1) / m,
        asked_again(equal_askers(m, i), 0.0),
    )
    yield exact("5 departments through one channel: share asked again", ANSWER, 0, asked_again(equal_askers(m, i), 1.0))
    left = d * (m - 1) / (1 + d * (m - 1))
    found = asked_again(equal_askers(m, i, own=d), 1.0)
    yield exact("one channel, a quarter of repeats by own definitions: share asked again", ANSWER, left, found)
    found = asked_again(equal_askers(m, i, own=d), 0.0)
    yield exact("own definitions without one channel: share asked again", ANSWER, (m - 1) / m, found)
    found = asked_again(equal_askers(m, i), channel=1.0)
    yield exact("5 departments through the province's one entry point: share asked again", ANSWER, 0, found)
    found = asked_again(equal_askers(m, i, own=d), channel=1.0)
    yield exact("the same, a quarter of repeats by own definitions: share asked again", ANSWER, left, found)
    found = asked_again(equal_askers(m, i, own=d), retired=0.5, channel=1.0)
    yield exact("the same beside hubs that took over half: share asked again", ANSWER, left, found)
    desk = small_model().world.channels[0]
    for _ in range(10):
        desk.work(700, 600)
    yield exact(
        "an entry point takes in 700 and does 600 minutes a month: backlog after 10", ANSWER, 1000, desk.backlog
    )


def hub_work() -> Finding:
    """A hub with 600 minutes a month and 700 minutes of new work: what lies on the desk after ten months."""
    hub = Hub(small_model(), space=0, code="TT", opened=0)
    for _ in range(10):
        hub.minutes = 600
        hub.done = dict.fromkeys(hub.done, 0)
        hub.work("profile", 700, keep=True)
    return exact(
        "a hub takes in 700 and does 600 minutes a month: backlog after 10", ANSWER, 1000, hub.backlog["profile"]
    )


def queues() -> Iterator[Finding]:
    """Desks against arrivals, day by day and on average."""
    arrivals = np.array([0, 27, 28, 29, 60])
    turned = overflow(arrivals, np.full(5, 28))
    yield exact("28 can be served; 0, 27, 28, 29 and 60 come: turned away", ANSWER, 0 + 0 + 0 + 1 + 32, turned.sum())
    days = np.arange(400)
    chance = poisson.pmf(days, 30.0)
    lost = float((chance * np.maximum(days - 28, 0)).sum())
    found = float(admission(np.array([30.0]), np.array([28.0]))[0])
    yield near("30 come a day on average: share served, within 1e-9", ANSWER, [1 - lost / 30], [found], [2e-10])
    yield exact("no desks: share served", ANSWER, 0, float(admission(np.array([30.0]), np.array([0.0]))[0]))
