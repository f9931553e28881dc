"""Thusong centres: where they are built, what they cost, who comes, what holds them, and whom none of it touches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from igrsim.government.thusong import (
    ANCHORS,
    CORE,
    LADDER,
    MUNICIPAL,
    Presence,
    ThusongCentre,
    ThusongCosts,
    next_rung,
    promised,
)
from igrsim.model import IGRModel
from igrsim.phases.arrangements import ARRANGED, Arrangements, experience, follow_up, quicker, run_centres
from igrsim.phases.centres import centres, site, underserved
from igrsim.phases.feedback import ASKING_MONTH, asked_for, heed
from igrsim.phases.presence import decide_presence, has_anchor, holds, tenant_days
from igrsim.places.travel import great_circle_km
from igrsim.runs.validation.small_worlds import Settled, begin, believe, decree, of_levers, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.world.frozen import Frozen
from igrsim.world.premises import find_ways, leave, let_in
from igrsim.world.world import World

MANY = ["DC12", "DC18", "DC19", "DC28", "DC30", "DC37"]
HELD = ("centre-management", "department-champions", "agency-agreements", "pooled-centre-funding", "centre-monitoring")


def world_of(scope: str | list[str] = "pilots", month: int = 0, **rules: float) -> World:
    world = small_model(scope=scope, citizens=200).world
    begin(world, month)
    decree(world, **rules)
    return world


def after(months: int, *levers: str, scope: str | list[str] = "pilots", **params: float) -> IGRModel:
    values = {name.replace("__", "."): value for name, value in params.items()}
    regime = of_levers(*levers) if levers else "siloed"
    return small_model(regime, scope=scope, months=months, citizens=300, params=values).run()


def charged(world: World, account: str, bearer: str) -> tuple[int, int]:
    return int(world.now.minutes[account, bearer].sum()), int(world.now.cents[account, bearer].sum())


def a_tenancy(world: World) -> tuple[ThusongCentre, int]:
    """A centre with a visiting tenant of the nation."""
    for centre in world.premises.centres:
        for service in sorted(centre.tenants):
            if service != MUNICIPAL:
                return centre, service
    raise AssertionError


# presence


def test_promised_presence_decays_unless_something_holds_it() -> None:
    silos, held = (after(120, *levers, scope=MANY).world for levers in ((), HELD))
    begun = [tenant_days(small_model(scope=MANY).world, c) for c in small_model(scope=MANY).world.premises.centres]
    days = [np.mean([tenant_days(w, c) for c in w.premises.centres]) for w in (silos, held)]
    assert days[0] < 0.7 * np.mean(begun)
    assert days[1] > 1.5 * days[0]
    lost = [np.mean([not has_anchor(w, c) for c in w.premises.centres]) for w in (silos, held)]
    assert lost[0] > lost[1]


def test_nothing_holds_a_presence_in_silos_and_each_arrangement_adds_its_own() -> None:
    p = small_model(scope="pilots").world.params[Presence]
    for rules, national, municipal in (
        ({}, 0.0, 0.0),
        ({"agency_agreements": 0.5}, 0.5 * p.agreement, 0.5 * p.agreement),
        ({"pooled_centre_funding": 1.0}, p.funding, p.funding),
        ({"centre_monitoring": 1.0}, p.monitored, p.monitored),
        ({"centre_management": 1.0}, p.follow_up, p.follow_up),
        ({"municipal_buy_in": 1.0}, 0.0, p.buy_in),
        # rules that do not bear on presence
        ({"awareness_campaign": 1.0, "requirement_guides": 1.0, "leadership": 1.0}, 0.0, 0.0),
    ):
        world = world_of(**rules)
        centre, service = a_tenancy(world)
        assert holds(world, centre, service) == pytest.approx(national)
        assert holds(world, centre, MUNICIPAL) == pytest.approx(municipal)


def test_champions_hold_only_where_they_are_in_place_and_directives_only_where_principals_attend() -> None:
    world = world_of(department_champions=1.0)
    p = world.params[Presence]
    found = set()
    for year in range(30):
        world.month = 12 * year
        centre, service = a_tenancy(world)
        found.add(round(holds(world, centre, service), 9))
        assert holds(world, centre, MUNICIPAL) == 0
    assert found == {0.0, p.champion}
    world = world_of(leadership=1.0, centre_services=1.0)
    centre, service = a_tenancy(world)
    world.salience[:] = 0.5
    assert holds(world, centre, service) == pytest.approx(0.5 * p.instruction)


def test_with_benefits_frozen_nothing_holds_and_all_is_paid() -> None:
    rules = dict.fromkeys(ARRANGED, 1.0)
    paid = []
    for frozen in (0.0, 1.0):
        world = world_of(**rules)
        believe(world, Frozen, benefits=frozen)
        centre, service = a_tenancy(world)
        assert (holds(world, centre, service) == 0) is bool(frozen)
        assert (follow_up(world, centre) == 0) is bool(frozen)
        run_centres(world)
        paid.append([charged(world, "centre arrangements", b) for b in ("nation", "municipality")])
    assert paid[0] == paid[1]
    assert min(paid[0][0]) > 0


def footfall_world(load: float, **rules: float) -> World:
    """April; every tenant has seen so much of what its desk can serve, for a year."""
    world = world_of(scope=MANY, month=12, **rules)
    points = world.points
    points.load[:] = 0
    for centre in world.premises.centres:
        for t in centre.tenants.values():
            t.months, t.days = 12, 12 * float(points.days[t.point])
            t.load = load * t.days * float(points.capacity_a_day[t.point])
    return world


def kept(world: World) -> int:
    """Tenants who still promise what they did."""
    days = world.points.days.copy()
    open_before = world.points.open.copy()
    decide_presence(world)
    tenants = [t for c in world.premises.centres for t in c.tenants.values() if open_before[t.point]]
    return sum(bool(world.points.open[t.point]) and world.points.days[t.point] >= days[t.point] for t in tenants)


def test_busy_desks_are_kept_and_idle_ones_cut() -> None:
    idle, usual, busy = (kept(footfall_world(x)) for x in (0.02, 0.5, 2.0))
    assert idle < usual < busy


def test_counted_footfall_can_speak_against_a_tenant() -> None:
    """Statistics show an idle desk for what it is: head office no longer takes it for a busy one."""
    seen = []
    for monitored in (0.0, 1.0):
        world = footfall_world(0.02, centre_monitoring=monitored)
        believe(world, Presence, monitored=0.0, error=3.0)
        seen.append(kept(world))
    assert seen[1] < seen[0]


def test_departments_decide_in_april_and_municipalities_in_july() -> None:
    for month, deciders in ((12, "departments"), (15, "municipalities"), (13, "nobody")):
        world = footfall_world(0.02)
        world.month = month
        believe(world, Presence, stay=-50.0, closes=0.0)
        before = {
            t.point: (s, world.points.days[t.point]) for c in world.premises.centres for s, t in c.tenants.items()
        }
        decide_presence(world)
        for point, (service, days) in before.items():
            cut = world.points.days[point] < days or not world.points.open[point]
            assert cut == (deciders == ("municipalities" if service == MUNICIPAL else "departments"))


def test_the_ladder_of_promised_days() -> None:
    assert [next_rung(d, up=False) for d in LADDER] == [0, 0, 2, 4, 8]
    assert [next_rung(d, up=True) for d in LADDER] == [2, 4, 8, 21, 21]
    p = small_model().world.params[Presence]
    u = np.linspace(0, 1, 1001)[:-1]
    days = np.array([promised(x, p) for x in u])
    assert np.mean(days == 21) == pytest.approx(p.daily, abs=0.002)
    assert np.mean(days == 4) == pytest.approx(p.weekly, abs=0.002)


def test_what_holds_for_the_year_holds_on_the_day_and_only_at_centres() -> None:
    world = world_of(agency_agreements=1.0)
    before = world.points.absent.copy()
    decide_presence(world)
    p = world.params[Presence]
    tenants = [t.point for c in world.premises.centres for t in c.tenants.values()]
    others = np.setdiff1d(np.arange(len(world.points)), tenants)
    np.testing.assert_array_equal(world.points.absent[others], before[others])
    np.testing.assert_allclose(world.points.absent[tenants], before[tenants] * np.exp(-p.on_the_day * p.agreement))


def test_colleagues_who_are_there_stand_in_for_part_of_what_a_tenant_would_have_served() -> None:
    left = []
    for stands_in in (0.0, 0.5, 1.0):
        world = world_of(multiskilled_staff=1.0)
        believe(world, Presence, stands_in=stands_in)
        # daily tenants: somebody is always there
        world.points.days[[t.point for c in world.premises.centres for t in c.tenants.values()]] = LADDER[-1]
        decide_presence(world)
        beside = [t.point for c in world.premises.centres if len(c.tenants) > 1 for t in c.tenants.values()]
        left.append(world.points.absent[beside].tolist())
    assert left[0]
    np.testing.assert_allclose(left[1], np.array(left[0]) / 2)
    np.testing.assert_allclose(left[2], 0, atol=1e-12)


def test_who_withdrew_comes_again_only_where_something_holds() -> None:
    for rule, back in ((0.0, False), (1.0, True)):
        world = world_of(month=12, agency_agreements=rule)
        world.draws = Settled(world.draws, "tenant returns")
        centre, service = a_tenancy(world)
        tenant = centre.tenants[service]
        leave(world, tenant)
        tenant.months = 0
        believe(world, Presence, closes=0.0)
        decide_presence(world)
        assert bool(world.points.open[tenant.point]) is back


def test_closing_follows_the_municipality_s_condition_and_what_it_saves() -> None:
    def closed(condition: float, closes: float = 0.3, keeps: float = 1.0, **rules: float) -> int:
        world = world_of(scope=MANY, month=15, **rules)
        believe(world, Presence, closes=closes, pooled_keeps=keeps)
        for town in world.municipalities:
            town.condition = condition
        decide_presence(world)
        gone = [c for c in world.premises.centres if not c.open]
        assert not any(world.points.open[t.point] for c in gone for t in c.tenants.values())
        return len(gone)

    assert closed(1.0) == 0
    assert closed(0.2) > closed(0.8) > 0
    assert closed(0.2, pooled_centre_funding=1.0) == 0
    usual = small_model(scope="pilots").world.params[Presence].pooled_keeps
    assert 0 < closed(0.2, 2.0, usual, pooled_centre_funding=1.0) < closed(0.2, 2.0)
    assert closed(0.2, municipal_buy_in=1.0) < closed(0.2)


# building


def test_a_centre_is_built_where_the_municipality_has_none() -> None:
    model = after(30, "thusong-centres", scope=["DC36"], thusong__at_once=3)
    world = model.world
    table = world.geography.municipalities
    first = [c for c in world.premises.centres if c.opens < 0]
    made = [c for c in world.premises.centres if c.opens >= 0]
    assert len(first) == 1
    lacked = {int(m) for m in np.flatnonzero(table.settled)} - {c.municipality for c in first}
    assert {c.municipality for c in made} <= lacked
    assert len({c.municipality for c in made}) == len(made)
    lead = round(world.params[ThusongCosts].lead_months)
    opened = [c for c in made if c.open]
    assert sorted(c.opens for c in opened) == [lead] * 3
    for centre in opened:
        assert set(centre.tenants) | centre.neighbours >= set(CORE)


def test_building_costs_what_it_costs_by_the_month_it_opens() -> None:
    model = small_model(of_levers("thusong-centres"), scope=["DC36"], months=19, citizens=200)
    spent, running = 0, []
    while model.month < 19:
        model.step()
        spent += charged(model.world, "centre building", "nation")[1]
        running.append(charged(model.world, "centres", "municipality")[1])
    p = model.world.params[ThusongCosts]
    # one is done and the next begun in the month it opens
    one = sum(c.opens == 18 for c in model.world.premises.centres)
    assert one == 1
    monthly = round(100 * p.building_rand * p.since_2018 / p.lead_months)
    assert spent == 18 * monthly + charged(model.world, "centre building", "nation")[1]
    assert running[0] == round(100 * p.rand_a_month * p.since_2001)
    assert running[-1] == 2 * running[0]


def test_pooled_funding_moves_the_bill_and_makes_none_vanish() -> None:
    bills = []
    for pooled in (0.0, 1.0):
        world = world_of(pooled_centre_funding=pooled)
        run_centres(world)
        bills.append([charged(world, "centres", b)[1] for b in ("municipality", "nation")])
    assert bills[0][0] == bills[1][1] > 0
    assert bills[0][1] == bills[1][0] == 0


def test_a_site_is_where_most_underserved_people_live() -> None:
    world = world_of(scope=["DC36"], centres_further=1.0)
    places = world.geography.settlements
    home = site(world, np.ones(len(places), np.bool_))
    far = underserved(world)
    catchment = world.params[ThusongCosts].catchment_km

    def reached(row: int) -> int:
        km = great_circle_km(places.lat[row], places.lon[row], places.lat, places.lon)
        return int(far[km <= catchment].sum())

    assert reached(home) > 0
    allowed = [
        i
        for i in range(len(places))
        if min(great_circle_km(c.lat, c.lon, places.lat[i], places.lon[i]) for c in world.premises.centres) > catchment
    ]
    assert reached(home) == max(reached(i) for i in [*allowed[::7], home])
    assert site(world, np.zeros(len(places), np.bool_)) == -1


def test_vast_or_dense_spaces_get_two_further_ones() -> None:
    from igrsim.phases.centres import wanted

    world = small_model(scope="pilots").world
    decree(world, centres_further=1.0)
    found = {code: wanted(world, k)[1] for k, code in enumerate(world.geography.spaces.codes)}
    assert found == {"DC15": 1, "DC36": 1, "ETH": 2}
    decree(world)
    assert wanted(world, 0) == ([], 0)


def test_sites_given_and_others_experience_make_it_sooner() -> None:
    leads = []
    for rules, years in (({}, 0.0), ({"municipal_buy_in": 1.0}, 0.0), ({"cross_learning": 1.0}, 40.0)):
        world = world_of(scope=["DC36", "DC35"], centres_further=1.0, **rules)
        world.premises.experience[:] = years, 0.0
        centres(world)
        leads.append([c.lead for c in world.premises.centres if c.under_way])
    assert all(b < a for a, b in zip(leads[0], leads[1], strict=True))
    # who has the experience itself learns nothing new
    assert min(leads[2]) < min(leads[0])
    assert max(leads[2]) == max(leads[0])


def test_only_people_near_a_new_centre_have_other_ways() -> None:
    world = small_model(scope=["DC36", "DC35"], citizens=200).world
    begin(world, 0)
    before, hops = world.people.ways, world.points.hop.copy()
    home = site(world, world.geography.settlements.space_row == 0)
    from igrsim.phases.centres import _found

    centre = _found(world, home, further=True)
    centre.open = True
    for service in ANCHORS:
        let_in(world, centre, len(world.premises.centres) - 1, service, 21.0)
    find_ways(world)
    ways = world.people.ways
    touched = (ways.point != before.point).any(axis=(1, 2)) | (ways.minutes != before.minutes).any(axis=(1, 2))
    new = [t.point for t in centre.tenants.values()]
    uses = np.isin(ways.point, new).any(axis=(1, 2))
    assert 0 < uses.sum() < len(uses)
    # others keep their ways to the bit, but for those whose share of a place's disc is smaller now
    np.testing.assert_array_equal(touched & ~uses, False)
    assert set(ways.point[uses][:, ANCHORS[0], 0].tolist()) - set(before.point[:, ANCHORS[0]].ravel().tolist())
    np.testing.assert_array_equal(
        world.points.hop[: len(hops), SERVICES.index("clinic")], hops[:, SERVICES.index("clinic")]
    )
    km = great_circle_km(centre.lat, centre.lon, world.points.lat[new], world.points.lon[new])
    assert km.max() == 0
    assert (world.points.hop[new][:, ANCHORS] == new).all()


def test_people_near_an_anchored_new_centre_spend_less_on_each_need() -> None:
    lives = []
    for levers in ((), ("thusong-centres", "agency-agreements", "pooled-centre-funding", "awareness-campaign")):
        model = small_model(
            of_levers(*levers) if levers else "siloed",
            scope=["DC36"],
            months=48,
            citizens=15_000,
            params={"thusong.lead_months": 9, "thusong.at_once": 3},
        )
        citizens, begun = model.world.people.citizens, np.zeros(1)
        done = np.zeros(citizens.count)
        while model.month < 48:
            if model.month == 24:
                begun = citizens.lives.minutes.astype(float)
                done[:] = 0
            model.step()
            done += np.array([bin(x).count("1") for x in citizens.lives.solved])
        lives.append((citizens.lives.minutes - begun, done, model.world))
    places = lives[1][2].geography.settlements
    made = [c for c in lives[1][2].premises.centres if c.opens >= 0 and c.open]
    km = np.min([great_circle_km(c.lat, c.lon, places.lat, places.lon) for c in made], axis=0)
    near = (km < 5)[lives[0][2].people.citizens.settlement]
    for where, least, most in ((near, -0.8, -0.1), (~near, -0.08, 0.05)):
        before, now = (minutes[where].sum() / done[where].sum() for minutes, done, _ in lives)
        assert least < now / before - 1 < most


# arrangements


def test_a_manager_s_hours_are_finite_and_visits_save_them() -> None:
    world = world_of(centre_management=1.0)
    p = world.params[Arrangements]
    centre = world.premises.centres[0]
    for service in CORE:
        if service not in centre.tenants:
            let_in(world, centre, 0, service, 4.0)
    assert follow_up(world, centre) == 1.0
    believe(world, Arrangements, hours_a_tenant=2 * p.centre_management_a_centre / len(CORE))
    assert follow_up(world, centre) == pytest.approx(0.5)
    world.premises.experience[:] = 0
    world.premises.experience[-1] = 100
    assert quicker(world, 0) == 1.0
    decree(world, centre_management=1.0, cross_learning=1.0)
    assert experience(world, 0) == pytest.approx(p.transfer * 100)
    assert follow_up(world, centre) > 0.5


def test_managed_tenants_come_on_the_same_days() -> None:
    for managed in (0.0, 1.0):
        world = world_of(scope=["DC36"], centre_management=managed)
        centre = world.premises.centres[0]
        for service in ANCHORS:
            let_in(world, centre, 0, service, 4.0)
        decide_presence(world)
        find_ways(world)
        here, there = (centre.tenants[s].point for s in ANCHORS)
        assert world.points.hop[here, ANCHORS[1]] == there
        expected = 1.0 if managed else 4 / 21
        assert world.points.hop_same_day[here, ANCHORS[1]] == pytest.approx(expected)


ONE: dict[str, Callable[[World], float]] = {
    "department_champions": lambda w: w.spaces * w.params[Arrangements].department_champions_a_space,
    "requirement_guides": lambda w: w.spaces * w.params[Arrangements].requirement_guides_a_space,
}


@pytest.mark.parametrize("rule", ONE)
def test_an_arrangement_takes_its_hours(rule: str) -> None:
    world = world_of(**{rule: 0.5})
    run_centres(world)
    assert charged(world, "centre arrangements", "nation")[0] == pytest.approx(60 * 0.5 * ONE[rule](world))


@pytest.mark.parametrize("rule", ARRANGED)
def test_every_arrangement_costs_something_and_nothing_where_it_is_not(rule: str) -> None:
    world = world_of(**{rule: 1.0})
    run_centres(world)
    entries = [(a, b) for a in ("centre arrangements", "centre staff") for b in ("nation", "province", "municipality")]
    assert sum(sum(charged(world, *entry)) for entry in entries) > 0
    silent = world_of()
    run_centres(silent)
    assert sum(sum(charged(silent, *entry)) for entry in entries) == 0


# feedback


def test_people_ask_for_what_they_go_farthest_for_and_it_comes() -> None:
    world = world_of(scope=MANY, month=10, complaints_feedback=1.0)
    assert world.calendar_month == ASKING_MONTH
    world.points.load[:] = 1.0
    asked = [(c, wish) for c in world.premises.centres if (wish := asked_for(world, c)) is not None]
    centre, wish = asked[0]
    assert wish not in centre.tenants
    assert wish not in centre.neighbours
    world.draws = Settled(world.draws, "what users ask for is heeded")
    heed(world)
    assert world.points.days[centre.tenants[wish].point] == 4.0
    deaf = world_of(scope=MANY, month=10)
    points = len(deaf.points)
    heed(deaf)
    assert len(deaf.points) == points


def test_centres_are_counted_once_they_open() -> None:
    model = small_model(of_levers("thusong-centres"), scope=["DC36"], months=19, citizens=200)
    found = []
    model.record = lambda world, counts: found.append({k: int(v.sum()) for k, v in counts["space"].items()})
    model.run()
    assert [month["centres"] for month in found] == [1] * 18 + [2]
    world = model.world
    assert found[-1]["centres_anchored"] == sum(has_anchor(world, c) for c in world.premises.centres)
    assert found[-1]["tenant_days"] == sum(round(tenant_days(world, c)) for c in world.premises.centres)
    assert found[0]["centres_open"] == 1


def test_a_closed_centre_is_made_ready_again_for_less() -> None:
    world = world_of(["DC36"], centres_a_municipality=1.0)
    believe(world, ThusongCosts, at_once=1.0)
    old = world.premises.centres[0]
    old.open = False
    for tenant in old.tenants.values():
        leave(world, tenant)
    find_ways(world)
    count, p = len(world.premises.centres), world.params[ThusongCosts]
    centres(world)
    assert len(world.premises.centres) == count
    assert old.lead == round(p.lead_months * p.refurbish)
    assert old.lead * old.cost_cents == pytest.approx(100 * p.building_rand * p.since_2018 * p.refurbish, rel=1e-6)
    begin(world, old.opens)
    points = len(world.points)
    centres(world)
    assert old.open
    # who sat there before sits there again, under the same name
    assert len(world.points) - points == len(set(CORE) - old.neighbours - set(old.tenants)) + sum(
        t.point >= points for t in old.tenants.values()
    )
    assert {s for s, t in old.tenants.items() if world.points.open[t.point]} >= set(CORE) - old.neighbours
