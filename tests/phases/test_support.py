"""Support to municipalities: known answers, what is conserved, what is frozen, what grows with what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from igrsim.government.hub import Hub, HubWork
from igrsim.government.skills import FINANCE, GOVERNANCE, LONGEST, PLANNING, Bursaries, Staffing, uneven
from igrsim.metrics._base import counts_now
from igrsim.model import IGRModel
from igrsim.phases.bursaries import award, graduate
from igrsim.phases.coordinate import coordinate
from igrsim.phases.lending import Lending, lend, road_share
from igrsim.phases.staffing import Stabilisation, come_and_go, stabilise
from igrsim.phases.support import Support, chosen, common_agenda, needs_analysis, places, support
from igrsim.places.capacity import FUNCTIONS, CapacityProgramme, load_capacity
from igrsim.runs.validation.small_worlds import begin, believe, decree, of_levers, small_model, staff_hubs
from igrsim.runs.validation.support_answers import equal_programmes, support_answers, together
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

SCOPE = ["DC15", "DC36"]


def world_of(scope: str | list[str] = SCOPE, **rules: float) -> World:
    world = small_model(scope=scope, citizens=200).world
    begin(world, 0)
    decree(world, **rules)
    return world


def counted(model: IGRModel) -> dict[str, int]:
    total: dict[str, int] = {}

    def add(world: World, counts: dict[str, dict[str, np.ndarray]]) -> None:
        for name, values in counts["municipality"].items():
            total[name] = total.get(name, 0) + int(values.sum())

    model.record = add
    model.run()
    return total


def test_opening_skill_is_the_condition() -> None:
    world = world_of()
    condition = [m.condition for m in world.municipalities]
    np.testing.assert_allclose(world.skills.effective().mean(axis=1), condition, atol=1e-12)
    assert (world.skills.level <= 1 + 1e-12).all()
    assert np.ptp(world.skills.effective(), axis=1).max() > 0.1
    assert (world.skills.follow((PLANNING, FINANCE), 1.0) == 1).all()


def test_unequal_functions_keep_within_bounds() -> None:
    luck = np.array([[1.0, -1.0, -1.0, -1.0], [1.0, 1.0, -1.0, -1.0]])
    for condition in (0.15, 0.35, 0.9):
        able = uneven(np.full(2, condition), luck, 0.3)
        np.testing.assert_allclose(able.mean(axis=1), condition)
        assert able.min() >= 0.05 - 1e-12
        assert able.max() <= 0.98 + 1e-12


def test_vacancies_follow_the_published_figures() -> None:
    published = load_capacity().vacancies
    assert published["FS"] == 0.256
    free_state, natal = (small_model(scope=scope, citizens=200).world.skills for scope in (["DC19"], ["DC21"]))
    assert free_state.vacancy.mean() > natal.vacancy.mean()


def test_places_are_what_the_programme_has() -> None:
    world = world_of()
    equal_programmes(world, 6, 0.7)
    landed = chosen(world, 2019, np.zeros(world.spaces))
    here = np.stack([landed[:, world.municipality_space == s].sum(axis=(1, 2)) for s in range(world.spaces)], axis=1)
    np.testing.assert_array_equal(here, places(world, 2019))
    assert here.sum() == pytest.approx(6 * 0.7 * len(world.municipalities), abs=12)


def test_a_programme_keeps_to_its_functions() -> None:
    world = world_of()
    landed = chosen(world, 2019, np.zeros(world.spaces))
    for k, programme in enumerate(world.skills.capacity.programmes):
        outside = [f for f, name in enumerate(FUNCTIONS) if name not in programme.functions]
        assert not landed[k][:, outside].any()


def test_blind_choices_and_full_sight_have_known_answers() -> None:
    assert [f for f in support_answers() if not f.passed] == []


def test_full_sight_is_what_keeps_programmes_apart() -> None:
    world = world_of(["DC15"])
    equal_programmes(world, 4, 1.0)
    believe(world, Support, error=0.3, absorption=1e-9)
    assert together(chosen(world, 2019, np.zeros(1))) > 0.3
    assert together(chosen(world, 2019, np.ones(1))) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_framework_lowers_overlap_and_gap(seed: int) -> None:
    found = []
    for regime in ("siloed", of_levers("support-framework")):
        model = small_model(regime, scope=SCOPE, months=24, citizens=200, seed=seed, rollout="all-at-once")
        total = counted(model)
        found.append(
            (
                total["support_places_together"] / total["support_places"],
                total["functions_left_alone"] / total["functions_in_need"],
                total["support_places"],
            )
        )
    (overlap, gap, silo_places), (less, smaller, framework_places) = found
    assert less < overlap
    assert smaller < gap
    assert framework_places == silo_places


def test_sight_comes_from_hours() -> None:
    nobody = world_of(support_framework=1.0)
    nobody.skills.centre_left[:] = 0
    assert (common_agenda(nobody, 2019) == 0).all()

    centre = world_of(support_framework=1.0)
    believe(centre, Support, agenda_hours=0.0)
    centre.skills.centre_left[:] = 60
    some = common_agenda(centre, 2019)
    assert (some > 0).all()
    assert (centre.skills.centre_left == 0).all()
    assert centre.now.minutes["support framework", "province"].sum() == 60 * centre.spaces

    hub = world_of(support_framework=1.0)
    staff_hubs(hub)
    for each in hub.hubs.values():
        each.minutes = 10**6
    for _ in range(12):
        coordinate(hub)
    wanted = round(60 * HubWork().support_hours * len(hub.skills.capacity.programmes))
    np.testing.assert_allclose(hub.skills.prepared, wanted, atol=12)
    assert (common_agenda(hub, 2019) == Support().framework_sight).all()
    assert (hub.skills.prepared == 0).all()


def test_the_frozen_world_pays_and_gains_nothing() -> None:
    levers = ("support-framework", "shared-skills", "stabilisation", "bursary-scheme", "district-hub")
    silos = small_model(scope=SCOPE, months=26, citizens=200, params={"frozen.benefits": 1})
    frozen = small_model(
        of_levers(*levers), SCOPE, months=26, citizens=200, params={"frozen.benefits": 1}, rollout="all-at-once"
    )
    paid = set()

    def note(world: World, counts: dict[str, dict[str, np.ndarray]]) -> None:
        accounts = {account for account, _ in (*world.now.minutes, *world.now.cents)}
        paid.update(accounts & {"support framework", "shared skills", "stabilisation", "bursary scheme"})

    frozen.record = note
    silos.run()
    frozen.run()
    assert paid == {"support framework", "shared skills", "stabilisation", "bursary scheme"}
    a, b = silos.world.skills, frozen.world.skills
    for name in ("level", "vacancy", "underway", "graduates", "landed", "lent", "borrowed", "seconded"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


@pytest.mark.parametrize("rule", ["support_framework", "shared_skills", "stabilisation", "bursary_scheme"])
def test_more_of_a_rule_costs_more(rule: str) -> None:
    spent = []
    for extent in (0.0, 0.5, 1.0):
        world = world_of(**{rule: extent})
        staff_hubs(world)
        world.skills.level[0] *= 0.5
        world.skills.centre_left[:] = 10**6
        lend(world)
        stabilise(world)
        common_agenda(world, 2019)
        needs_analysis(world)
        names = {"support framework", "shared skills", "stabilisation", "bursary scheme"}
        books = (world.now.minutes, world.now.cents)
        spent.append(sum(int(v.sum()) for book in books for (account, _), v in book.items() if account in names))
    assert spent[0] == 0
    # the analysis of needs takes its hours whatever share of bursaries follows it
    assert 0 < spent[1] <= spent[2]
    if rule != "bursary_scheme":
        assert spent[1] < spent[2]


def test_lent_skill_is_conserved_in_the_family() -> None:
    world = world_of(shared_skills=1.0)
    staff_hubs(world)
    before = world.skills.own()
    lend(world)
    skills = world.skills
    assert (skills.lent.sum(axis=1) > 0).any()
    for space in range(world.spaces):
        here = np.flatnonzero(world.municipality_space == space)
        for f in range(len(FUNCTIONS)):
            a, b = here[skills.lent[here, f] > 0], here[skills.borrowed[here, f] > 0]
            assert len(a) == len(b) == 1
            road = road_share(world, int(a[0]), int(b[0]))
            lent, got = skills.lent[here, f].sum(), skills.borrowed[here, f].sum()
            assert got + lent * road == pytest.approx(lent)
            after = skills.effective()[here, f]
            # work of full skill, in posts: what the family had, less what the road took
            total = (after * skills.posts[here]).sum()
            assert total == pytest.approx((before[here, f] * skills.posts[here]).sum() - lent * road)
            assert after[here == a[0]] >= after[here == b[0]] - 1e-12


def test_skills_are_lent_only_where_a_hub_arranges_it_and_there_is_a_family() -> None:
    alone = world_of(shared_skills=1.0)
    lend(alone)
    assert alone.skills.lent.sum() == 0
    metro = world_of(["ETH"], shared_skills=1.0)
    staff_hubs(metro)
    lend(metro)
    assert metro.skills.lent.sum() == 0
    amounts = []
    for done in (0.0, 0.5, 1.0):
        world = world_of(shared_skills=1.0)
        staff_hubs(world)
        for hub in world.hubs.values():
            hub.coverage["shared skills"] = done
        lend(world)
        amounts.append(world.skills.lent.sum())
    assert amounts[0] == 0
    assert amounts[1] == pytest.approx(amounts[2] / 2)


def test_the_road_eats_what_is_lent_far_away() -> None:
    world = world_of()
    table = world.geography.municipalities
    far = int(np.argmax(np.abs(table.lat - table.lat[0])))
    assert road_share(world, 0, 0) == 0
    assert 0 < road_share(world, 0, far) <= Lending().road_limit


def test_turnover_erodes_what_programmes_taught() -> None:
    levels = []
    for leaves in (0.004, 0.02):
        world = small_model(scope=SCOPE, citizens=200, params={"staffing.leaves": leaves}).world
        before = world.skills.level.mean()
        for month in range(60):
            begin(world, month)
            come_and_go(world, np.ones(len(world.municipalities)))
        levels.append(world.skills.level.mean() / before)
    assert levels[1] < levels[0] < 1


def test_leavers_take_unpractised_learning_along() -> None:
    world = world_of()
    world.skills.underway[:] = 1.0
    believe(world, Staffing, leaves=0.5)
    come_and_go(world, np.ones(len(world.municipalities)))
    assert (world.skills.underway <= 1).all()
    assert world.skills.underway.mean() < 0.8


def test_vacancies_stay_about_where_they_were_published() -> None:
    world = small_model(scope="pilots", months=61, citizens=200)
    world.run()
    skills = world.world.skills
    fresh = small_model(scope="pilots", months=61, citizens=200).world.skills
    now, then = (np.average(s.vacancy.mean(axis=1), weights=s.posts) for s in (skills, fresh))
    assert now == pytest.approx(then, abs=0.05)


def test_further_programmes_teach_less() -> None:
    gains = []
    for count in (1, 2, 3):
        world = world_of()
        believe(world, Staffing, leaves=1e-9)
        world.skills.filling[:] = 0.0
        world.skills.year = world.clock.financial_year(0, 4)
        world.skills.landed[:] = False
        world.skills.landed[:count, 0, FINANCE] = True
        support(world)
        gains.append(world.skills.underway[0, FINANCE] / (1 - 1 / Support().learning_months))
        assert world.skills.underway[1, FINANCE] == 0
        hours = Support().municipal_hours * count / 12
        assert world.now.by_municipality["support_minutes"][0] == round(60 * hours)
    assert gains[0] == pytest.approx(Support().lift / 12)
    assert gains[1] - gains[0] == pytest.approx(Support().absorption * gains[0])
    assert gains[2] - gains[1] == pytest.approx(Support().absorption ** 2 * gains[0])


def test_skill_comes_with_a_lag() -> None:
    world = world_of()
    world.skills.filling[:] = 0.0
    believe(world, Staffing, leaves=1e-12)
    believe(world, Bursaries, stays=0.0)
    levels = [world.skills.level.mean()]
    for month in range(13):
        begin(world, month)
        support(world)
        levels.append(world.skills.level.mean())
    steps = np.diff(levels)
    assert (steps > 0).all()
    assert steps[0] < steps[5] < steps[10]


def test_hours_follow_skills() -> None:
    world = world_of()
    world.skills.level[0, [PLANNING, GOVERNANCE]] *= 0.5
    town, other = world.municipalities[:2]
    support(world)
    assert town.minutes < 0.8 * town.established
    assert other.minutes == pytest.approx(other.established, rel=0.1)


def test_stabilisation_is_for_the_dysfunctional() -> None:
    world = world_of(stabilisation=1.0)
    quicker = stabilise(world)
    weak = world.skills.own().mean(axis=1) < Stabilisation().below
    assert weak.any()
    assert (quicker[weak] > 1).all()
    assert (quicker[~weak] == 1).all()
    sent = world.skills.seconded.sum(axis=1)
    np.testing.assert_allclose(sent[weak], Stabilisation().specialists * Stabilisation().specialist_skill)
    assert (sent[~weak] == 0).all()
    assert world.now.cents["stabilisation", "nation"].sum() > 0


def test_bursars_graduate_after_three_to_four_years() -> None:
    world = world_of()
    believe(world, Bursaries, stays=1.0)
    begin(world, 10)
    assert world.calendar_month == 2
    award(world, 10, np.zeros(world.spaces))
    months = {m for m in range(10, 10 + LONGEST) if world.skills.graduates[:, :, m % LONGEST].any()}
    assert months
    assert min(months) >= 10 + 36
    assert max(months) <= 10 + 48


def test_graduates_come_from_the_start_and_fill_posts() -> None:
    world = world_of()
    support(world)
    assert world.skills.graduates.sum() > 0
    world.skills.graduates[:] = 0
    world.skills.graduates[0, FINANCE, 0] = 1
    before = world.skills.vacancy.copy()
    graduate(world)
    filled = (before - world.skills.vacancy) * world.skills.posts[:, None]
    here = world.municipality_space == 0
    assert filled[here, FINANCE].sum() == pytest.approx(1)
    assert filled.sum() == pytest.approx(1)
    assert world.skills.graduates.sum() == 0


def test_a_graduate_without_a_vacant_post_goes_elsewhere() -> None:
    world = world_of()
    world.skills.vacancy[:] = 0.001
    world.skills.graduates[:] = 0
    world.skills.graduates[0, FINANCE, 0] = 500
    graduate(world)
    assert (world.skills.vacancy >= 0).all()
    assert (world.skills.vacancy[world.municipality_space == 0, FINANCE] < 1e-9).all()


def test_bursaries_go_where_posts_are_vacant_by_one_analysis() -> None:
    shares = []
    for coordinated in (0.0, 1.0):
        world = world_of()
        # as many bursaries as leave little to chance
        believe(world, Bursaries, stays=1.0, posts_each=0.1)
        world.skills.vacancy[:] = 0.001
        world.skills.vacancy[:, PLANNING] = 0.5
        world.skills.graduates[:] = 0
        for year in range(4):
            award(world, 10 + 12 * year, np.full(world.spaces, coordinated))
        found = world.skills.graduates.sum(axis=(0, 2))
        shares.append(found[PLANNING] / found.sum())
    funders = world.skills.capacity.bursaries
    may = sum(f.share for f in funders if "planning" in f.functions) / sum(f.share for f in funders)
    assert shares[0] < 0.3
    assert shares[1] == pytest.approx(may, abs=0.08)


@pytest.mark.parametrize("funder", load_capacity().bursaries, ids=lambda f: f.code)
def test_an_analysis_gives_no_funder_a_function_that_is_not_its_own(funder: CapacityProgramme) -> None:
    world = world_of()
    believe(world, Bursaries, stays=1.0)
    world.skills.capacity = replace(world.skills.capacity, bursaries=(replace(funder, share=2.0),))
    world.skills.vacancy[:] = 0.001
    world.skills.vacancy[:, PLANNING] = 0.5
    world.skills.graduates[:] = 0
    award(world, 10, np.ones(world.spaces))
    given = world.skills.graduates.sum(axis=(0, 2))
    assert {FUNCTIONS[k] for k in np.flatnonzero(given)} <= set(funder.functions)
    assert given.sum() > 0
    if "planning" in funder.functions:
        assert given[PLANNING] > 0.95 * given.sum()


def test_the_analysis_of_needs_has_hours_of_its_own() -> None:
    charged = []
    for hours in (1.0, 2.0):
        world = world_of(bursary_scheme=1.0)
        believe(world, Support, centre_hours=1e6)
        believe(world, Bursaries, analysis_hours=hours)
        world.skills.centre_left[:] = 10**9
        needs_analysis(world)
        charged.append(int(world.now.minutes["bursary scheme", "province"].sum()))
    assert charged[1] == 2 * charged[0] > 0


def test_scope_does_not_change_a_space() -> None:
    alone, with_others = world_of(["DC15"]), world_of(["DC15", "DC36", "ETH"])
    a, b = (chosen(w, 2019, np.zeros(w.spaces)) for w in (alone, with_others))
    there = np.isin(with_others.geography.municipalities.codes, alone.geography.municipalities.codes)
    np.testing.assert_array_equal(a, b[:, there])


def test_order_of_visiting_changes_nothing() -> None:
    regime = of_levers("support-framework", "shared-skills", "stabilisation", "bursary-scheme", "district-hub")
    found = []
    for reverse in (False, True):
        model = small_model(regime, SCOPE, months=15, citizens=200, rollout="all-at-once", reverse=reverse)
        found.append((counted(model), model.world.skills))
    (counts, a), (same_counts, b) = found
    assert counts == same_counts
    np.testing.assert_array_equal(a.effective(), b.effective())
    assert a.lent.sum() > 0


def test_metrics_count_what_is_there() -> None:
    world = world_of()
    world.skills.landed[:] = False
    world.skills.landed[0, 0, FINANCE] = world.skills.landed[1, 0, FINANCE] = True
    world.skills.landed[2, 1, PLANNING] = True
    found = counts_now(world)["municipality"]
    assert found["support_places"][:3].tolist() == [2, 1, 0]
    assert found["support_places_together"][:3].tolist() == [2, 0, 0]
    need = world.skills.effective() < Staffing().need_below
    free = world.skills.landed.sum(axis=0) == 0
    np.testing.assert_array_equal(found["functions_left_alone"], (need & free).sum(axis=1))
    assert found["functions_in_need"].sum() == need.sum() > 0


def test_a_hub_without_hours_prepares_nothing() -> None:
    world = world_of(support_framework=1.0, shared_skills=1.0)
    hub = Hub(world.host, space=0, code="x", opened=0)
    hub.filled, hub.minutes = 1.0, 0
    world.hubs[0] = hub
    coordinate(world)
    lend(world)
    assert world.skills.prepared.sum() == 0
    assert world.skills.lent.sum() == 0


def test_the_frozen_switch_blinds_the_agenda() -> None:
    world = world_of(support_framework=1.0)
    world.skills.centre_left[:] = 10**6
    believe(world, Frozen, benefits=1.0)
    assert (common_agenda(world, 2019) == 0).all()
    assert world.now.minutes["support framework", "province"].sum() > 0
