"""Municipalities, forums and money as a world is built."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from igrsim.kernel.params import ParamSet
from igrsim.plans.pipeline import Programme
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.world import World


@pytest.fixture(scope="module")
def country() -> World:
    return small_model(scope="country", citizens=100).world


def test_conditions_have_the_shares_of_the_assessment(country: World) -> None:
    found = Counter(round(m.condition, 3) for m in country.municipalities)
    assert len(country.municipalities) == 257
    assert [found[c] for c in sorted(found)] == pytest.approx([66, 107, 54, 30], abs=2)


def test_poorer_places_are_weaker(country: World) -> None:
    poor = country.geography.municipalities.poor_share
    condition = np.array([m.condition for m in country.municipalities])
    assert np.corrcoef(poor, condition)[0, 1] < -0.3


def test_money_of_a_space_is_that_of_its_people(country: World) -> None:
    # companies' money comes on top, where there are mines
    public = np.where(country.portfolios.private, 0, country.portfolios.cents)
    money = np.bincount(country.portfolios.space, weights=public, minlength=country.spaces)
    share = money / (100 * ParamSet()[Programme].per_person * country.geography.spaces.population)
    # what exclusive mandates spend is not contestable; the rest is the same share everywhere of one kind
    assert ((share > 0.8) & (share <= 1 + 1e-6)).all()
    for kind in ("district", "metro"):
        alike = share[np.array(country.geography.spaces.kinds) == kind]
        np.testing.assert_allclose(alike, alike[0], rtol=1e-6)


def test_slots_are_of_the_items_place_and_sector(country: World) -> None:
    slots = country.portfolios.slots
    place, sector, _ = np.nonzero(slots >= 0)
    held = slots[slots >= 0]
    np.testing.assert_array_equal(country.portfolios.space[held], country.municipality_space[place])
    np.testing.assert_array_equal(country.portfolios.sector[held], sector)
    assert len(np.unique(country.portfolios.key)) == len(country.portfolios.key)
    # nobody funds through another municipality than the item's own or its district
    actor = country.portfolios.actor[held] - len(country.institutions.departments)
    local = actor >= 0
    district = np.array([m.kind == "district" for m in country.municipalities])
    assert ((actor[local] == place[local]) | district[actor[local]]).all()


def test_forums_invite_their_own(country: World) -> None:
    for forum in country.forums:
        assert len(np.unique(forum.municipalities)) == len(forum.municipalities) == len(forum.travel)
        assert np.isin(country.municipality_space[forum.municipalities], forum.spaces).all()
        assert (forum.travel >= 0).all()
    assert len({f.code for f in country.forums}) == len(country.forums)


def test_every_space_has_one_hub_forum_that_sleeps(country: World) -> None:
    hubs = [f for f in country.forums if f.of_hub]
    assert [int(f.spaces[0]) for f in hubs] == list(range(country.spaces))
    assert not any(f.a_year for f in hubs)
    assert not any(f.retirable for f in hubs)


def test_every_sector_of_every_space_has_a_forum(country: World) -> None:
    for row in country.problem_forums:
        for forums in row:
            assert forums
            assert len(set(forums)) == len(forums)


def test_a_subset_keeps_its_members_properties(country: World) -> None:
    """A municipality's luck is its own; its place among the others is that of the scope."""
    alone = small_model(scope=["DC15"], citizens=100).world
    codes = alone.geography.municipalities.codes
    whole = {m.code: m for m in country.municipalities}
    assert [alone.municipalities[i].minutes for i in range(len(codes))] == [whole[c].minutes for c in codes]
