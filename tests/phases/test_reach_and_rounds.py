"""What people know and bring, and the mobile units and offices that come nearer; and whom none of it touches."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.citizens.again import live_again
from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import ARISEN, TRIPS, WASTED_PAPERS
from igrsim.government.thusong import ANCHORS, LADDER
from igrsim.kernel.params import ParamSet
from igrsim.model import IGRModel
from igrsim.phases.arrangements import run_centres
from igrsim.phases.reach import STIRRED, Reach, reach
from igrsim.phases.rounds import Rounds, go_round, plan_round, tour
from igrsim.phases.zones import LEASED, Zones, better_place, related, relocate
from igrsim.places.travel import Travel, great_circle_km
from igrsim.runs.validation.small_worlds import begin, believe, decree, of_levers, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import Knowing
from igrsim.world.ruling import SILOS, amend
from igrsim.world.world import World

PILOTS = 3
EVERY = (
    "thusong-centres",
    "thusong-zones",
    "mobile-thusong",
    "extension-service",
    "centre-management",
    "awareness-campaign",
    "requirement-guides",
    "multiskilled-staff",
    "centre-connectivity",
    "complaints-feedback",
    "cross-learning",
)


def world_of(scope: str | list[str] = "pilots", citizens: int = 200, **rules: float) -> World:
    world = small_model(scope=scope, citizens=citizens).world
    begin(world, 0)
    decree(world, **rules)
    return world


def first_space_only(world: World, **rules: float) -> None:
    world.rules.rulings = (amend(SILOS, **rules), *((SILOS,) * (world.spaces - 1)))


def charged(world: World, account: str, bearer: str) -> tuple[int, int]:
    return int(world.now.minutes[account, bearer].sum()), int(world.now.cents[account, bearer].sum())


# what people know, bring and ask for


def test_in_silos_word_has_gone_round_and_nothing_moves() -> None:
    world = world_of()
    points, ways = world.points, world.people.ways
    knows, offline = points.knows.copy(), points.offline.copy()
    for _ in range(5):
        reach(world)
    np.testing.assert_array_equal(points.knows, knows)
    np.testing.assert_array_equal(points.offline, offline)
    assert world.people.ways is ways
    assert world.people.stirred is None


def test_a_campaign_makes_tenants_known_and_stirs_needs_in_its_space_alone() -> None:
    world = world_of()
    first_space_only(world, awareness_campaign=1.0)
    points, p, knowing = world.points, world.params[Reach], world.params[Knowing]
    before = points.knows.copy()
    for _ in range(200):
        reach(world)
    told = (points.centre >= 0) & (points.space == 0)
    np.testing.assert_array_equal(points.knows[~told], before[~told])
    daily = points.days >= LADDER[-1]
    usual = np.where(daily, knowing.daily, 0.6)
    np.testing.assert_allclose(points.knows[told], (1 - (1 - usual) * (1 - p.campaign_tells))[told])
    stirred = world.people.stirred
    assert stirred is not None
    here = world.people.settlement_space == 0
    assert (stirred[~here] == 0).all()
    np.testing.assert_allclose(stirred[here][:, STIRRED], p.campaign_stirs)
    assert (np.delete(stirred, STIRRED, axis=1) == 0).all()


def test_more_needs_arise_under_a_campaign_and_everybody_else_has_the_luck_they_had() -> None:
    arisen = []
    for levers in ((), ("awareness-campaign",)):
        model = small_model(of_levers(*levers) if levers else "siloed", scope=["DC15"], months=12, citizens=10_000)
        found = np.zeros(len(model.world.catalogue.needs), np.int64)
        while model.month < 12:
            model.step()
            found += model.world.people.tally.sum(axis=0)[:, ARISEN]
        arisen.append(found)
    names = model.world.catalogue.needs
    for need, silos, campaign in zip(names, *arisen, strict=True):
        assert campaign > silos if need in [EVENTS[k] for k in STIRRED[:2]] else campaign >= 0
        if need in ("birth", "death", "clinic_visit"):
            assert campaign == silos


def test_guides_make_papers_be_missing_less_and_touch_no_point() -> None:
    counted, points = [], []
    for levers in ((), ("requirement-guides",)):
        model = small_model(of_levers(*levers) if levers else "siloed", scope=["DC15"], months=12, citizens=10_000)
        found = np.zeros(2)
        while model.month < 12:
            model.step()
            found += model.world.people.tally.sum(axis=(0, 1))[[WASTED_PAPERS, TRIPS]]
        counted.append(found[0] / found[1])
        points.append(model.world.points)
    helps = ParamSet()[Reach].guides_help
    assert counted[1] / counted[0] == pytest.approx(1 - helps, abs=0.12)
    for column in ("knows", "offline", "absent", "days", "lat", "open"):
        np.testing.assert_array_equal(getattr(points[0], column), getattr(points[1], column))


def test_extension_workers_are_paid_and_reach_as_many_as_they_can() -> None:
    world = world_of(extension_service=1.0)
    p = world.params[Reach]
    people = np.bincount(
        world.people.settlement_space, weights=world.geography.settlements.population, minlength=world.spaces
    )
    for _ in range(120):
        begin(world, 0)
        reach(world)
    workers = np.rint(p.workers * people / 10_000)
    minutes, cents = charged(world, "extension service", "province")
    assert minutes == workers.sum() * 160 * 60
    assert cents == workers.sum() * 100 * p.worker_rand
    covered = 12 * workers * p.worker_reaches / people
    np.testing.assert_allclose(world.premises.visited, covered, rtol=1e-3)
    unready = world.people.ways.unready
    np.testing.assert_allclose(unready, 1 - p.worker_helps * covered[world.people.settlement_space], rtol=1e-3)
    visiting = world.points.visiting
    assert (world.points.knows[visiting] > 0.6).all()
    assert (world.points.knows[~visiting] == 1).all()


def test_sound_lines_spare_outages_at_centres_only_and_while_they_last() -> None:
    world = world_of()
    points, before = world.points, world.points.offline.copy()
    first_space_only(world, centre_connectivity=1.0)
    reach(world)
    wired = (points.centre >= 0) & (points.space == 0) & (before > 0)
    assert wired.any()
    np.testing.assert_array_equal(points.offline[~wired], before[~wired])
    np.testing.assert_allclose(points.offline[wired], before[wired] * (1 - world.params[Reach].sound_lines))
    decree(world)
    reach(world)
    np.testing.assert_allclose(points.offline, before)


def test_shared_desks_turn_nobody_away_while_another_stands_idle() -> None:
    world = world_of(["DC36"])
    points = world.points
    centre = world.premises.centres[0]
    from igrsim.world.premises import let_in

    pair = [let_in(world, centre, 0, s, 21.0).point for s in ANCHORS]
    load = np.zeros(len(points))
    # one desk with half as many again as it can serve, one with a tenth
    load[pair[0]] = 1.5 * points.capacity_a_day[pair[0]] * 21
    load[pair[1]] = 0.1 * points.capacity_a_day[pair[1]] * 21
    points.admit_expected(load)
    alone = points.admit.copy()
    assert alone[pair[0]] < 0.7
    points.shared[pair] = 1.0
    points.admit_expected(load)
    assert points.admit[pair[0]] > 0.9
    rest = np.setdiff1d(np.arange(len(points)), pair)
    np.testing.assert_array_equal(points.admit[rest], alone[rest])
    load[pair[1]] = load[pair[0]]
    points.admit_expected(load)
    # where both overflow, sharing makes no desks
    assert points.admit[pair[0]] < 0.75


# mobile units


def go_for(world: World, months: int) -> dict[int, list[int]]:
    """Months in which each settlement was called at."""
    called: dict[int, list[int]] = {}
    for month in range(months):
        begin(world, month)
        go_round(world)
        for mine in world.premises.rounds.values():
            for stop, rows in zip(mine.stops, mine.points, strict=True):
                if world.points.open[rows].all():
                    called.setdefault(int(stop), []).append(month)
                else:
                    assert not world.points.open[rows].any()
    return called


def test_every_settlement_far_from_offices_is_called_at_once_a_year() -> None:
    world = world_of(["DC36"], mobile_rounds=1.0)
    believe(world, Rounds, stands_still=0.0)
    places, ways = world.geography.settlements, world.people.ways
    far = (ways.metres[:, ANCHORS, 0] > 1000 * world.params[Rounds].near_km).any(axis=1) & (places.population > 0)
    called = go_for(world, 12)
    assert set(called) == set(np.flatnonzero(far).tolist())
    # units are whole, so a round can be over a little before the year
    assert np.mean([len(months) for months in called.values()]) < 1.5
    assert min(len(m) for m in called.values()) >= 1


def test_fewer_units_take_longer_and_standing_still_reaches_fewer() -> None:
    reached = []
    for extent, still in ((1.0, 0.0), (0.5, 0.0), (1.0, 0.9)):
        world = world_of(["DC36"], mobile_rounds=extent)
        believe(world, Rounds, stands_still=still)
        reached.append(sum(len(m) for m in go_for(world, 12).values()))
    # units are whole ones
    units = world.premises.rounds[0].units
    assert reached[1] == pytest.approx(round(0.5 * units) / units * reached[0], rel=0.1)
    assert reached[2] < 0.3 * reached[0]


def test_a_round_is_paid_by_unit_and_kilometre() -> None:
    world = world_of(["DC36"], mobile_rounds=1.0)
    believe(world, Rounds, stands_still=0.0)
    p = world.params[Rounds]
    begin(world, 0)
    go_round(world)
    mine = world.premises.rounds[0]
    minutes, cents = charged(world, "mobile rounds", "nation")
    assert minutes == round(60 * mine.units * p.crew * 8 * p.days_a_year / 12)
    metres = int(world.now.by_space["mobile_metres"][0])
    assert metres == mine.metres[: int(world.now.by_space["mobile_stops"][0])].sum()
    assert cents == round(100 * (mine.units * p.rand_a_month + p.rand_a_km * metres / 1000))


def test_a_tour_calls_once_at_each_and_always_goes_to_the_nearest() -> None:
    lat, lon = np.zeros(5), np.array([0.3, 0.1, -0.25, 0.6, 9.0])
    order, km = tour(np.array([0, 1, 2, 3]), lat, lon, (0.0, 0.0))
    assert order.tolist() == [1, 0, 3, 2]
    np.testing.assert_allclose(km, great_circle_km(0, [0, 0.1, 0.3, 0.6], 0, [0.1, 0.3, 0.6, -0.25]))


def test_a_stop_serves_its_own_settlement_only_and_leads_to_no_office() -> None:
    world = world_of(["DC36"], mobile_rounds=1.0)
    before = world.people.ways
    mine = plan_round(world, 0)
    ways, points = world.people.ways, world.points
    np.testing.assert_array_equal(ways.point[:, :, :-1], before.point)
    for k, service in enumerate(ANCHORS):
        column = ways.point[:, service, -1]
        np.testing.assert_array_equal(column[mine.stops], mine.points[:, k])
        others = np.setdiff1d(np.arange(len(column)), mine.stops)
        assert (column[others] == -1).all()
        assert ways.metres[mine.stops, service, -1].max() < 1000 * world.params[Travel].local_km
    stands = mine.points.ravel()
    away = [s for s in range(len(SERVICES)) if s not in ANCHORS]
    assert (points.hop[stands][:, away] == -1).all()
    assert not np.isin(points.hop[~points.on_rounds], stands).any()


def test_unmet_needs_rise_between_visits_and_fall_with_each() -> None:
    model = small_model(of_levers("mobile-thusong"), scope=["DC36"], months=48, citizens=60_000)
    world, people = model.world, model.world.people
    homes = len(world.geography.settlements)
    documentary = (1 << people.book.first_recurring) - 1
    since = np.full(homes, -1)
    by_month: dict[int, list[float]] = {}
    while model.month < 48:
        model.step()
        open_now = np.bincount(
            people.citizens.settlement, weights=(people.citizens.lives.routes & documentary) != 0, minlength=homes
        )
        since[since >= 0] += 1
        for mine in world.premises.rounds.values():
            since[mine.stops[world.points.open[mine.points[:, 0]]]] = 0
        if model.month > 12:
            for months in (0, 1, 6, 10):
                by_month.setdefault(months, []).append(open_now[since == months].sum())
                by_month.setdefault(100 + months, []).append(
                    np.bincount(people.citizens.settlement, minlength=homes)[since == months].sum()
                )
    stock = {m: sum(by_month[m]) / sum(by_month[100 + m]) for m in (0, 1, 6, 10)}
    assert stock[0] < 0.9 * stock[10]
    assert stock[0] < stock[6]


# zones


def test_offices_move_only_as_leases_expire_after_the_audit_and_only_rented_ones() -> None:
    model = small_model(of_levers("thusong-zones"), scope=["DC12", "DC37"], months=72, citizens=200)
    world = model.world
    points = world.points
    begun = np.stack([points.lat, points.lon]).copy()
    kinds = points.service.copy()
    moved_by_audit = None
    moves = 0
    while model.month < 72:
        model.step()
        moves += int(world.now.by_space["offices_relocated"].sum())
        if model.month == round(world.params[Zones].audit_months):
            moved_by_audit = int((np.stack([points.lat, points.lon])[:, : len(kinds)] != begun).any(axis=0).sum())
    moved = (np.stack([points.lat, points.lon])[:, : len(kinds)] != begun).any(axis=0)
    assert moved_by_audit == 0
    assert moved.sum() > 0
    assert moves >= moved.sum()
    assert set(kinds[moved].tolist()) <= set(LEASED)
    assert not points.visiting[: len(kinds)][moved].any()
    km = great_circle_km(begun[0], begun[1], points.lat[: len(kinds)], points.lon[: len(kinds)])
    assert km.max() < 2 * world.params[Zones].zone_km


def test_an_office_moves_to_where_more_related_services_are_and_pays() -> None:
    world = world_of(["DC12"], thusong_zones=1.0)
    believe(world, Zones, audit_months=0.0, follows=1.0, lease_months=1.0)
    offices = np.flatnonzero(np.isin(world.points.service, LEASED) & ~world.points.visiting)
    goals = {int(k): better_place(world, int(k)) for k in offices}
    movers = [k for k, goal in goals.items() if goal is not None]
    assert movers
    before = {k: int(related(world, np.array([k]), k)[0]) for k in movers}
    for k in movers:
        goal = goals[k]
        assert goal is not None
        assert related(world, np.array([goal]), k)[0] > before[k]
    relocate(world)
    assert int(world.now.by_space["offices_relocated"].sum()) == len(movers)
    assert charged(world, "relocation", "nation")[1] == len(movers) * 100 * world.params[Zones].move_rand
    assert world.premises.changed == {int(world.points.service[k]) for k in movers}


# all of them


def test_anyone_can_be_lived_again_under_every_lever_of_access() -> None:
    model = small_model(of_levers(*EVERY), scope=["DC36"], months=30, citizens=3000)
    people = model.world.people
    people.lived = []
    tokens = people.citizens.lives.tokens.copy()
    model.run()
    for citizen in range(0, people.citizens.count, 97):
        again = live_again(
            people.citizens,
            citizen,
            int(tokens[citizen]),
            people.lived,
            people.book,
            people.keys,
            len(model.world.catalogue.needs),
        )
        assert again.tally.shape[0] == 30


def test_no_order_of_visiting_shows_under_every_lever_of_access() -> None:
    found = []
    for reverse in (False, True):
        model = small_model(of_levers(*EVERY), scope=["DC36", "DC35"], months=26, citizens=2000, reverse=reverse)
        model.run()
        found.append(model.world)
    one, other = found
    assert one.points.codes == other.points.codes
    for column in ("days", "open", "load", "knows", "absent", "lat", "hop"):
        np.testing.assert_array_equal(getattr(one.points, column), getattr(other.points, column))
    for column in ("routes", "tokens", "minutes"):
        np.testing.assert_array_equal(
            getattr(one.people.citizens.lives, column), getattr(other.people.citizens.lives, column)
        )


def test_spaces_without_the_levers_keep_their_people_s_months() -> None:
    lives = []
    for regime in ("siloed", of_levers(*EVERY)):
        model: IGRModel = small_model(regime, scope="pilots", months=30, citizens=6000)
        from igrsim.regimes.rollout import Rollout

        model.rollout = Rollout("one", (None, 0, None))
        lives.append(model.run().world)
    silos, access = lives
    space = silos.people.settlement_space[silos.people.citizens.settlement]
    for column in ("routes", "tokens", "minutes", "opened"):
        a, b = (getattr(w.people.citizens.lives, column) for w in lives)
        np.testing.assert_array_equal(a[space != 1], b[space != 1])
    assert (silos.people.citizens.lives.minutes[space == 1] != access.people.citizens.lives.minutes[space == 1]).any()


def test_shared_desks_wait_in_one_queue() -> None:
    from igrsim.world.premises import let_in

    waits = []
    for shared in (0.0, 1.0):
        world = world_of(["DC36"])
        points = world.points
        pair = [let_in(world, world.premises.centres[0], 0, s, 21.0).point for s in ANCHORS]
        points.load[:] = 0
        points.load[pair] = 0.9 * points.capacity_a_day[pair] * 21
        points.shared[pair] = shared
        for _ in range(30):
            points.publish_queue(450.0)
        waits.append(points.wait[pair])
        assert (np.delete(points.wait, pair)[np.delete(points.busy_with_others, pair) == 0] < 1e-6).all()
    assert (waits[1] < 0.7 * waits[0]).all()


def test_where_no_centre_is_open_there_is_nothing_to_campaign_for() -> None:
    world = world_of(awareness_campaign=1.0)
    for closed in (False, True):
        for centre in world.premises.centres:
            centre.open = not (closed and centre.space == 0)
        begin(world, 0)
        reach(world)
        run_centres(world)
        stirred = world.people.stirred
        assert stirred is not None
        here = world.people.settlement_space == 0
        assert bool(stirred[here].max() == 0) is closed
        assert stirred[~here].max() > 0
        spent = world.now.minutes["centre arrangements", "nation"], world.now.cents["centre arrangements", "nation"]
        for amount in spent:
            assert bool(amount[0] == 0) is closed
            assert (amount[1:] > 0).all()
