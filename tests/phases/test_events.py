"""What events do, where the answer is known beforehand; and that without them nothing is other than it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import ABANDONED, ARISEN, STEPS, TRIPS
from igrsim.model import IGRModel, Scenario
from igrsim.phases.befall import Handover, befall
from igrsim.phases.commit import commit
from igrsim.phases.lead import CENTRES
from igrsim.phases.plan import draft, pledge
from igrsim.plans.calendars import CYCLES
from igrsim.runs.validation.conservation import Books
from igrsim.services.catalogue import SERVICES
from igrsim.world.events import (
    BudgetShock,
    ChampionLeaves,
    DemandSurge,
    Election,
    Event,
    Lockdown,
    OfficeCloses,
    place,
)

START = date(2019, 4, 1)


def model_of(*events: Event, scope: str | list[str] = "two-towns", citizens: int = 3000, **more: Any) -> IGRModel:
    return IGRModel(Scenario(scope=scope, start=START, citizens=citizens, events=events, **{"months": 24, **more}))


def live(model: IGRModel, months: int) -> list[dict[str, np.ndarray[Any, Any]]]:
    """Every count of each month, one array a name."""
    found: list[dict[str, np.ndarray[Any, Any]]] = []
    model.record = lambda _, counts: found.append(
        {f"{level}.{name}": np.array(v) for level, named in counts.items() for name, v in named.items()}
    )
    for _ in range(months):
        model.step()
    return found


def same(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> bool:
    return all(
        a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a) for a, b in zip(one, other, strict=True)
    )


LATER = {
    "election": Election(date=date(2019, 8, 14)),
    "office-closes": OfficeCloses(date=date(2019, 8, 14), office="labour-TT-A"),
    "demand-surge": DemandSurge(date=date(2019, 8, 14), need="identity", times=5),
    "champion-leaves": ChampionLeaves(date=date(2019, 8, 14)),
    "budget-shock": BudgetShock(date=date(2019, 8, 14), share=-0.5),
    "lockdown": Lockdown(date=date(2019, 8, 14), until=date(2019, 9, 30), offices_closed=0.5, meetings_called_off=0.5),
}


@pytest.mark.parametrize("kind", LATER)
def test_an_event_changes_nothing_before_it_and_something_after(kind: str) -> None:
    """August 2019 is month 4; money is next appropriated in month 12."""
    plain, struck = live(model_of(), 14), live(model_of(LATER[kind]), 14)
    assert same(plain[:4], struck[:4])
    assert not same(plain[4:], struck[4:])


@pytest.mark.parametrize("kind", LATER)
def test_an_event_outside_horizon_or_place_is_none(kind: str) -> None:
    late = LATER[kind].model_copy(update={"date": date(2031, 8, 1), "until": date(2031, 9, 1)})
    elsewhere = LATER[kind].model_copy(update={"provinces": ["GT"], "office": "CL-160007-1"})
    plain = live(model_of(), 14)
    assert same(plain, live(model_of(late), 14))
    assert same(plain, live(model_of(elsewhere), 14))


def test_books_balance_and_order_of_visiting_does_not_matter_in_the_worst_of_years() -> None:
    events = (*LATER.values(), BudgetShock(date=date(2020, 3, 1), share=0.3, sphere="nation"))
    ways = []
    for reverse in (False, True):
        model = model_of(*events, months=17, reverse=reverse, regime="district-hub-core", rollout="all-at-once")
        books = Books(model)
        for _ in range(17):
            model.step()
        assert not books.wrong, books.wrong[:3]
        ways.append((model.world.ties.copy(), model.world.pipeline.funded.copy(), model.world.people.tally.copy()))
    for one, other in zip(*ways, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_other_office_gets_everyone() -> None:
    model = model_of(OfficeCloses(date=date(2019, 6, 1), office="labour-TT-A", months=3))
    points = model.world.points
    alpha, beta = points.codes.index("labour-TT-A"), points.codes.index("labour-TT-B")
    calls = []
    for _ in range(8):
        model.step()
        calls.append((model.world.people.arrivals[alpha], model.world.people.arrivals[beta], points.load[beta]))
    for month in (0, 1, 5, 6, 7):
        assert calls[month][0] > 0
    for month in (2, 3, 4):
        assert calls[month][0] == 0
        assert calls[month][2] > calls[1][2]
        assert calls[month][1] > calls[1][1]


def test_an_office_that_closes_for_good_stays_closed() -> None:
    model = model_of(OfficeCloses(date=date(2019, 6, 1), office="labour-TT-A"))
    live(model, 20)
    points = model.world.points
    assert not points.open_at_all[points.codes.index("labour-TT-A")]
    assert points.open_at_all.sum() == len(points) - 1


def test_an_office_closed_for_part_of_a_month_serves_fewer() -> None:
    admitted = []
    for share in (0.0, 0.9):
        model = model_of(Lockdown(date=date(2019, 4, 1), until=date(2019, 4, 30), offices_closed=share))
        live(model, 1)
        points = model.world.points
        np.testing.assert_allclose(points.open_days, points.days * (1 - share))
        admitted.append(points.admit[points.codes.index("sassa-TT-B")])
    assert admitted[1] < admitted[0]


def test_nobody_is_served_in_a_full_lockdown_and_everyone_after() -> None:
    lockdown = Lockdown(date=date(2019, 6, 1), until=date(2019, 7, 31), offices_closed=1.0, meetings_called_off=1.0)
    model = model_of(lockdown, months=8)
    lived = []
    for month in range(8):
        model.step()
        tally = model.world.people.tally.sum(axis=(0, 1))
        lived.append(tally)
        if month in (2, 3):
            assert tally[STEPS] == tally[TRIPS] == model.world.people.arrivals.sum() == 0
            assert model.world.points.load.sum() == 0
            assert model.world.now.by_space["meetings_ppm"].sum() == 0
            assert model.world.now.by_municipality["meeting_minutes"].sum() == 0
            assert tally[ARISEN] > 0
        else:
            assert tally[STEPS] > 0
            assert model.world.now.by_space["meetings_ppm"].sum() > 0
    assert lived[2][ABANDONED] > lived[1][ABANDONED]
    assert np.isfinite(model.world.points.wait).all()


def test_days_of_a_lockdown_count_and_stages_add_up() -> None:
    march = Lockdown(date=date(2020, 3, 27), until=date(2020, 4, 30))
    assert march.in_force(date(2020, 3, 1), date(2020, 4, 1)) == 5 / 31
    assert march.in_force(date(2020, 4, 1), date(2020, 5, 1)) == 1
    assert march.in_force(date(2020, 5, 1), date(2020, 6, 1)) == 0
    stages = [
        Lockdown(date=date(2019, 5, 1), until=date(2019, 5, 10), offices_closed=1.0, services=["sassa"]),
        Lockdown(date=date(2019, 5, 11), until=date(2019, 5, 31), offices_closed=0.67, services=["sassa"]),
    ]
    model = model_of(*stages)
    live(model, 2)
    points = model.world.points
    sassa = points.service == SERVICES.index("sassa")
    np.testing.assert_allclose(points.closed[sassa], (10 + 0.67 * 21) / 31)
    assert (points.closed[~sassa] == 0).all()


def test_meetings_at_a_distance_cost_no_travel() -> None:
    near, far = model_of(Lockdown(date=START, until=date(2019, 12, 31))), model_of()
    spent = [sum(int(m["municipality.meeting_minutes"].sum()) for m in live(model, 3)) for model in (near, far)]
    held = [model.world.totals["problems arisen"] for model in (near, far)]
    assert held[0] == held[1]
    assert 0 < spent[0] < spent[1]


def test_expected_demand_scales_with_a_surge() -> None:
    """In the first month nobody waits and all are admitted: each point's load is linear in what arises."""
    load = {}
    for times in (1.0, 3.0, 10.0):
        model = model_of(DemandSurge(date=START, need="disability_grant", times=times))
        model.step()
        load[times] = model.world.points.load.copy()
    plain = model_of()
    plain.step()
    np.testing.assert_array_equal(plain.world.points.load, load[1.0])
    more = load[3.0] - load[1.0]
    assert more.sum() > 0
    np.testing.assert_allclose(load[10.0] - load[1.0], 4.5 * more, rtol=1e-9, atol=1e-9)
    # each of the further people calls once or more in the month, at the first counter of the chain
    demand = plain.world.people.demand
    entering = 2 * demand.entry[:, demand.event == EVENTS.index("disability_grant")].sum()
    assert 0.5 * entering < more.sum() < 4 * entering


def test_a_surge_befalls_as_many_as_it_says_and_nobody_elses_luck_changes() -> None:
    """60 000 people, everyone simulated: 1 200 beyond the usual, 400 a month, within 4.5 standard errors."""
    surge = DemandSurge(date=date(2019, 5, 1), need="old_age_grant", people=1200, months=3)
    plain, struck = (live(model_of(*e, citizens=60_000, months=6), 5) for e in ((), (surge,)))
    needs = model_of(citizens=10).world.catalogue.needs
    mine = needs.index("old_age_grant")
    more = np.array([b["need.needs_arisen"] - a["need.needs_arisen"] for a, b in zip(plain, struck, strict=True)])
    assert (np.delete(more, mine, axis=1) <= 0).all()
    assert (more[[0, 4], mine] == 0).all()
    assert abs(more[1:4, mine].sum() - 1200) < 4.5 * np.sqrt(1200)
    # nobody who has no more needs than before has other ones: life events stay where they fell
    assert np.abs(np.delete(more, mine, axis=1)).sum() == 0


def test_a_space_has_its_part_of_a_national_surge_whatever_the_scope() -> None:
    surge = DemandSurge(date=START, need="disability_grant", people=210_778)
    found = {}
    for scope in (["DC36"], ["DC15", "DC36"]):
        model = model_of(surge, scope=scope, citizens=200)
        placed = model.world.events[0]
        assert 50e6 < placed.people_there < 53e6
        model.step()
        world = model.world
        assert world.circumstances.surge is not None
        demand, settlements = world.people.demand, world.geography.settlements
        mine = demand.event == EVENTS.index("disability_grant")
        here = settlements.space_row == world.geography.spaces.index["DC36"]
        more = demand.entry[:, mine].sum(axis=1) * world.circumstances.surge[:, EVENTS.index("disability_grant")]
        found[len(scope)] = more[here].sum()
        np.testing.assert_allclose(
            more[here].sum(), 210_778 * settlements.population[here].sum() / placed.people_there, rtol=1e-9
        )
    np.testing.assert_allclose(found[1], found[2], rtol=1e-9)


def test_a_surge_of_one_municipality_leaves_the_other_alone() -> None:
    model = model_of(DemandSurge(date=START, need="identity", times=6, municipalities=["TT1"]), citizens=60_000)
    model.step()
    settlements = model.world.geography.settlements
    surge = model.world.circumstances.surge
    assert surge is not None
    here = np.array([m == "TT1" for m in settlements.municipalities])
    assert (surge[here, EVENTS.index("identity")] == 5).all()
    assert (surge[~here] == 0).all()


@pytest.mark.parametrize("sphere", ["nation", "province", "municipality", None])
def test_a_sphere_without_money_commits_nothing(sphere: Any) -> None:
    model = model_of(
        BudgetShock(date=START, share=-1.0, sphere=sphere, months=24), params={"programme.inherited": 0}, months=16
    )
    live(model, 16)
    world = model.world
    item, slot = np.nonzero(world.pipeline.funded)
    portfolio = world.portfolios.slots[world.pipeline.municipality[item], world.pipeline.sector[item], slot]
    paying = set(world.bearer_of(world.portfolios.actor[portfolio]).tolist())
    spheres = ("nation", "province", "municipality")
    assert paying == (set(range(3)) - {spheres.index(sphere)} if sphere else set())


def test_a_cut_after_the_drafts_is_kept_to_and_a_rise_is_spent() -> None:
    committed = {}
    for share in (-0.4, 0.0, 0.4):
        # drafts of month 5 and 11 do not know of it
        model = model_of(BudgetShock(date=date(2020, 4, 1), share=share, months=6), months=24)
        lived = live(model, 24)
        # a rise is spent at the adjustments budgets, in November and February
        committed[share] = sum(int(m["municipality.committed_cents"].sum()) for m in lived[12:24])
        assert same(live(model_of(), 12), lived[:12])
    assert committed[-0.4] < committed[0.0] < committed[0.4]


def test_of_its_drafts_a_shorter_purse_keeps_those_that_it_pays_for() -> None:
    model = model_of()
    model.step()
    world = model.world
    world.month = 12
    world.pipeline.funded[:] = False
    world.pipeline.delivered_by[:] = 10**9
    world.purses.free[:] = 0
    world.drafted_in["departments"] = world.drafted_in["municipalities"] = 6
    for cycle in CYCLES:
        draft(world, cycle)
    drafted = world.pipeline.drafted.copy()
    world.circumstances.budget_factor[:] = 0.5
    world.now = model.world.now.begin(len(world.municipalities), world.spaces)
    commit(world)
    item, slot = np.nonzero(world.pipeline.funded)
    portfolio = world.portfolios.slots[world.pipeline.municipality[item], world.pipeline.sector[item], slot]
    spent = np.zeros(len(world.portfolios.key), np.int64)
    np.add.at(spent, portfolio, world.pipeline.cents[item])
    assert len(item)
    # the last project of a purse may be pledged of the year after
    assert (spent <= world.appropriated + pledge(world)).all()
    assert (world.pipeline.funded & drafted).sum() > 0.5 * world.pipeline.funded.sum()


def test_a_budget_shock_may_be_of_a_sector_and_a_municipality() -> None:
    event = BudgetShock(date=START, share=0.5, sectors=["water"], municipalities=["TT1"])
    model = model_of(event)
    model.step()
    world = model.world
    struck = world.circumstances.budget_factor != 1
    assert struck.any()
    water = [s.code for s in world.institutions.sectors].index("water")
    departments = len(world.institutions.departments)
    assert (world.portfolios.sector[struck] == water).all()
    assert {world.geography.municipalities.codes[a - departments] for a in world.portfolios.actor[struck]} == {"TT1"}
    assert world.appropriated.dtype == np.int64


def test_ties_fall_at_elections_and_delegations_come_less_and_decide_less() -> None:
    elections = Election(date=date(2020, 2, 10))
    models = [model_of(months=24), model_of(elections, months=24)]
    for model in models:
        live(model, 10)
    plain, struck = (model.world.ties for model in models)
    assert plain.sum() > 0
    np.testing.assert_array_equal(plain, struck)
    lived = [live(model, 3) for model in models]
    plain, struck = (model.world.ties for model in models)
    assert struck.sum() < 0.8 * plain.sum()
    attended = [sum(int(m["municipality.attended"].sum()) for m in months) for months in lived]
    assert attended[1] < attended[0]
    assert (models[1].world.circumstances.authority == models[1].world.params[Handover].authority).all()
    models[1].step()
    assert (models[1].world.circumstances.authority == 1).all()


@pytest.mark.parametrize("lost", [0.2, 0.8])
def test_elections_end_the_share_of_ties_that_the_parameter_says(lost: float) -> None:
    model = model_of(Election(date=START), scope=["DC15", "DC36"], citizens=100, params={"handover.ties_lost": lost})
    world = model.world
    world.ties[:] = 1.0
    befall(world)
    left = world.ties.mean()
    assert abs(left - (1 - lost)) < 4.5 * np.sqrt(lost * (1 - lost) / world.ties.size)
    assert set(np.unique(world.ties)) == {0.0, 1.0}


def test_when_a_champion_leaves_centres_lose_their_ties_in_the_province_alone() -> None:
    event = ChampionLeaves(date=START, provinces=["Limpopo"])
    model = model_of(event, scope=["DC15", "DC36"], citizens=100)
    world = model.world
    world.ties[:] = 1.0
    befall(world)
    centre = np.array([d.code in CENTRES for d in world.institutions.departments])
    limpopo = world.municipality_space == world.geography.spaces.index["DC36"]
    assert centre.sum() == len(CENTRES)
    assert (world.ties[np.ix_(limpopo, centre)] == 0).all()
    assert (world.ties[np.ix_(limpopo, ~centre)] == 1).all()
    assert (world.ties[~limpopo] == 1).all()


def test_places_add_up_and_what_is_unknown_is_refused() -> None:
    world = model_of(scope=["DC15", "DC36"], citizens=100).world
    geography, clock = world.geography, world.clock
    everywhere = place(Election(date=START), geography, clock)
    assert everywhere.municipalities.all()
    assert everywhere.spaces.all()
    some = place(Election(date=START, spaces=["DC36"], municipalities=["EC157"]), geography, clock)
    assert some.spaces.all()
    codes = np.array(geography.municipalities.codes)[some.municipalities]
    assert "EC157" in codes
    assert sum(c.startswith("EC") for c in codes) == 1
    with pytest.raises(ValueError, match=r"did you mean 'DC36'"):
        place(Election(date=START, spaces=["DC366"]), geography, clock)
