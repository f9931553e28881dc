"""Attention that fades, hours that are divided, imbizos once a year, champions who leave."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.centre import Centre, CentreWork, Principals
from igrsim.kernel.params import ParamSet
from igrsim.phases.lead import CENTRES, champion_leaves, lead
from igrsim.phases.need import need
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.ruling import Ruling
from igrsim.world.world import World

P = ParamSet()[Principals]
PROVINCE = ["DC1", "DC2", "DC3", "DC4", "DC5", "CPT"]


def led(scope: str | list[str] = "two-towns", **rules: float) -> World:
    world = small_model(scope=scope, citizens=100, months=60).world
    believe(world, CentreWork, champion_leaves=0.0)
    begin(world, 0)
    decree(world, **rules)
    return world


def hours(world: World, account: str, bearer: str) -> int:
    return int(world.now.minutes[account, bearer].sum())


def test_attention_fades_where_nobody_spends_an_hour() -> None:
    world = led()
    world.salience[:] = 0.8
    for month in range(3):
        begin(world, month)
        lead(world)
    np.testing.assert_allclose(world.salience, 0.8 * (1 - P.fades) ** 3)
    assert not world.now.minutes


@pytest.fixture(scope="module")
def country() -> World:
    return small_model(scope="country", citizens=100).world


def test_three_spaces_get_more_each_than_fifty_two(country: World) -> None:
    believe(country, CentreWork, champion_leaves=0.0)
    found, spent = {}, {}
    for many in (3, 52):
        begin(country, 0)
        country.salience[:] = 0.0
        on = np.arange(country.spaces) < many
        country.rules.rulings = tuple(Ruling(leadership=float(x)) for x in on)
        lead(country)
        assert (country.salience[~on] == 0).all()
        found[many] = float(country.salience[:3].min())
        spent[many] = hours(country, "leadership", "nation")
    assert found[3] > 3 * found[52] > 0
    # ministers have the same hours whether three spaces are led or all
    assert spent[3] == pytest.approx(spent[52], abs=60)
    assert spent[52] == pytest.approx(60 * P.minister_hours, abs=60)


def test_hours_bring_a_space_to_mind() -> None:
    world = led(leadership=1.0)
    lead(world)
    each = P.minister_hours / world.spaces_in_country * world.spaces + P.premier_hours
    np.testing.assert_allclose(world.salience, 1 - np.exp(-P.gain * each))
    assert hours(world, "leadership", "province") == round(60 * P.premier_hours)
    frozen = led(leadership=1.0)
    believe(frozen, Frozen, benefits=1.0)
    lead(frozen)
    assert (frozen.salience == 0).all()
    assert hours(frozen, "leadership", "province") == hours(world, "leadership", "province")


def test_half_led_spaces_share_the_same_hours() -> None:
    """Doses weigh spaces against each other; of one space alone half a dose is half the hours."""
    world = led(PROVINCE, leadership=0.5)
    lead(world)
    assert hours(world, "leadership", "province") == pytest.approx(60 * P.premier_hours, abs=len(PROVINCE))
    alone = led(leadership=0.5)
    lead(alone)
    assert hours(alone, "leadership", "province") == round(30 * P.premier_hours)


def test_a_space_is_led_as_much_alone_as_among_its_neighbours() -> None:
    found = []
    for scope in (["DC1"], PROVINCE):
        world = led(scope, leadership=1.0)
        lead(world)
        found.append(float(world.salience[world.geography.spaces.index["DC1"]]))
    assert found[0] == pytest.approx(found[1])


def test_of_a_premiers_hours_a_part_of_the_province_has_its_part() -> None:
    for many in (1, 3, 6):
        world = led(PROVINCE[:many], leadership=1.0)
        lead(world)
        home = int(world.space_province[0])
        assert world.part_of_province()[home] == pytest.approx(many / len(PROVINCE))
        assert (np.delete(world.part_of_province(), home) == 0).all()
        expected = 60 * P.premier_hours * many / len(PROVINCE)
        assert hours(world, "leadership", "province") == pytest.approx(expected, abs=many)


def test_an_imbizo_is_once_a_year_from_the_month_in_which_it_first_is() -> None:
    world = led(imbizo=1.0)
    world.rules.first[0, "imbizo"] = 4
    held = []
    for month in range(4, 42):
        begin(world, month)
        before = float(world.salience[0])
        lead(world)
        if world.now.minutes:
            held.append(month)
            assert world.salience[0] == pytest.approx(1 - (1 - before * (1 - P.fades)) * (1 - P.imbizo_gain))
    assert held == [4, 16, 28, 40]


@pytest.mark.parametrize("extent", [1.0, 0.5])
def test_what_an_imbizo_takes(extent: float) -> None:
    world = led(imbizo=extent)
    lead(world)
    for bearer in ("nation", "province"):
        assert hours(world, "imbizos", bearer) == round(30 * P.imbizo_hours * extent)
    each = round(60 * P.imbizo_municipal * extent)
    assert world.now.by_municipality["imbizo_minutes"].tolist() == [each] * len(world.municipalities)
    assert hours(world, "imbizos", "municipality") == each * len(world.municipalities)


def test_an_imbizo_hears_some_of_the_needs_of_its_space() -> None:
    world = led(["DC15", "DC36"], imbizo=1.0)
    world.rules.rulings = (Ruling(imbizo=1.0), Ruling())
    need(world)
    world.pipeline.delivered_by[:5] = 0
    lead(world)
    items = world.pipeline
    heard = items.surveyed == 0
    assert not heard[items.space == 1].any()
    assert not heard[:5].any()
    share = heard[(items.space == 0) & items.open(0)].mean()
    assert share == pytest.approx(P.imbizo_hears, abs=0.06)


def test_a_champion_who_leaves_takes_attention_and_ties_along() -> None:
    world = led(["DC15", "DC36"])
    world.salience[:] = 0.7
    world.ties[:] = 0.6
    world.peer_ties[:] = 0.5
    before = [c.partnership for c in world.centres]
    for centre in world.centres:
        centre.partnership = 2.0
    struck = np.array([True, False])
    champion_leaves(world, struck)
    assert world.salience.tolist() == [0.0, 0.7]
    seats = np.array([d.code in CENTRES for d in world.institutions.departments])
    there = struck[world.municipality_space]
    assert seats.sum() == len(CENTRES)
    np.testing.assert_array_equal(world.ties == 0, there[:, None] & seats[None, :])
    home = 1 + int(world.space_province[0])
    for k, centre in enumerate(world.centres):
        assert (centre.partnership < 1) == (k == home)
    assert len(before) == len(world.centres)


def test_a_partnership_starts_again_only_where_all_of_its_province_lose_theirs() -> None:
    world = led(PROVINCE)
    home = 1 + int(world.space_province[0])
    for spaces, again in (([0], False), (range(len(PROVINCE)), True)):
        world.centres[home].partnership = world.centres[home].drawn = 2.0
        struck = np.isin(np.arange(world.spaces), list(spaces))
        champion_leaves(world, struck)
        assert (world.centres[home].partnership < 1) == again
        # new luck is what it falls back to from now on
        assert world.centres[home].drawn == world.centres[home].partnership


def partners(scope: str | list[str], drawn: float, now: float, **rules: float) -> tuple[World, Centre]:
    world = led(scope, **rules)
    centre = world.centres[1 + int(world.space_province[0])]
    centre.drawn, centre.partnership = drawn, now
    return world, centre


@pytest.mark.parametrize("now", [0.3, 0.4, 0.7, 0.9])
@pytest.mark.parametrize(("extent", "benefits"), [(0.0, 0.0), (1.0, 0.0), (0.5, 0.0), (1.0, 1.0)])
def test_leadership_keeps_roles_clear_and_without_it_they_blur_again(
    extent: float, benefits: float, now: float
) -> None:
    work = ParamSet()[CentreWork]
    world, centre = partners("two-towns", 0.4, now, leadership=extent)
    believe(world, Frozen, benefits=benefits)
    lead(world)
    aim = 0.4 + extent * (1 - benefits) * 0.6
    assert centre.partnership == pytest.approx(now + work.roles_clear * (aim - now))
    for month in range(1, 200):
        begin(world, month)
        lead(world)
    assert centre.partnership == pytest.approx(aim, abs=1e-3)
    assert centre.drawn == 0.4


def test_a_partnership_is_the_provinces_as_far_as_its_spaces_are_led() -> None:
    work = ParamSet()[CentreWork]
    world, centre = partners(PROVINCE, 0.4, 0.4)
    world.rules.rulings = tuple(Ruling(leadership=float(k < 2)) for k in range(len(PROVINCE)))
    others = {c.code: c.partnership for c in world.centres if c is not centre}
    lead(world)
    assert centre.partnership == pytest.approx(0.4 + work.roles_clear * 0.6 * 2 / len(PROVINCE))
    # where nobody is led everything stays as luck put it
    assert others == {c.code: c.partnership for c in world.centres if c is not centre}


def test_a_partnership_is_as_good_for_a_space_alone_as_among_its_neighbours() -> None:
    found = []
    for scope in (["DC1"], PROVINCE):
        world, centre = partners(scope, 0.4, 0.4, leadership=1.0)
        lead(world)
        found.append(centre.partnership)
    assert found[0] == pytest.approx(found[1])


def test_champions_leave_as_often_as_they_are_said_to() -> None:
    world = led()
    believe(world, CentreWork, champion_leaves=0.1)
    home = 1 + int(world.space_province[0])
    gone = 0
    for month in range(600):
        begin(world, month)
        world.centres[home].partnership = 2.0
        lead(world)
        gone += world.centres[home].partnership < 1
    assert 35 <= gone <= 90
