"""Whose money meets: disputed powers, companies' plans, mining districts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from igrsim.places.institutions import Institutions, load_institutions
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.funding import contestants, fund
from igrsim.world.world import World

INSTITUTIONS = load_institutions()
SECTORS = [s.code for s in INSTITUTIONS.sectors]
PLACES = [(kind, water) for kind in ("district", "metro") for water in ("district", "local")]


def rights(sector: str, kind: str) -> dict[str, str]:
    absent = ("metro",) if kind == "district" else ("district", "local")
    return {m.actor: m.right for m in INSTITUTIONS.mandates if m.sector == sector and m.actor not in absent}


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize(("kind", "water"), PLACES)
@pytest.mark.parametrize("mining", [False, True])
def test_who_may_choose(sector: str, kind: str, water: str, mining: bool) -> None:
    claims = contestants(INSTITUTIONS, sector, kind, water, mining)
    law = rights(sector, kind)
    public = {a: c for a, c in claims.items() if law[a] != "private"}
    assert {law[a] for a in public} <= {"concurrent", "agency", "disputed"}
    # grants are spent by those who choose; what only an exclusive mandate spends is not theirs
    contestable = sum(
        m.weight
        for m in INSTITUTIONS.mandates
        if law.get(m.actor) not in (None, "exclusive", "private") and m.sector == sector
    )
    assert sum(c.weight for c in public.values()) == pytest.approx(contestable)
    for actor, claim in claims.items():
        assert claim.agency == (law[actor] == "agency")
        assert not claim.disputed or law[actor] == "disputed"
    assert (len(claims) > len(public)) == (mining and "private" in law.values())


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize(("kind", "water"), PLACES)
def test_a_quarrel_takes_two(sector: str, kind: str, water: str) -> None:
    claims = contestants(INSTITUTIONS, sector, kind, water, False)
    assert sum(c.disputed for c in claims.values()) != 1
    assert any(c.disputed for c in claims.values()) == (list(rights(sector, kind).values()).count("disputed") > 1)


def test_companies_come_on_top_of_public_money() -> None:
    for sector in SECTORS:
        without, with_them = (contestants(INSTITUTIONS, sector, "district", "district", m) for m in (False, True))
        assert with_them.items() >= without.items()


@pytest.fixture(scope="module")
def country() -> World:
    return small_model(scope="country", citizens=100).world


def test_companies_fund_in_mining_districts_only(country: World) -> None:
    money, codes = country.portfolios, np.array(country.geography.spaces.codes)
    assert set(codes[np.unique(money.space[money.private])]) == set(INSTITUTIONS.mining)
    assert not money.municipal[money.private].any()
    assert not money.disputed[money.private].any()
    here = np.array([d.sphere == "private" for d in INSTITUTIONS.departments])
    seats = np.flatnonzero(here)
    np.testing.assert_array_equal(money.private, np.isin(money.actor, seats))
    bearer = country.bearer_of(money.actor)
    assert ((bearer == 3) == money.private).all()


def test_what_companies_have_is_their_share_of_the_sectors_public_money(country: World) -> None:
    money = country.portfolios
    weight = {m.sector: m.weight for m in INSTITUTIONS.mandates if m.right == "private"}
    for row in np.flatnonzero(money.private):
        assert SECTORS[money.sector[row]] in weight
        assert money.weight[row] == weight[SECTORS[money.sector[row]]]
        others = (
            (money.space == money.space[row]) & (money.sector == money.sector[row]) & ~money.private & ~money.municipal
        )
        if others.any():
            other = np.flatnonzero(others)[0]
            assert money.cents[row] / money.weight[row] == pytest.approx(
                money.cents[other] / money.weight[other], rel=1e-6
            )


def test_every_item_under_dispute_has_two_who_claim_it(country: World) -> None:
    money = country.portfolios
    slots = money.slots
    claim = (slots >= 0) & money.disputed[np.maximum(slots, 0)]
    assert set(np.unique(claim.sum(axis=2))) == {0, 2}
    disputed = {SECTORS[s] for s in np.unique(money.sector[money.disputed])}
    assert disputed == {m.sector for m in INSTITUTIONS.mandates if m.right == "disputed"}


def test_no_mines_no_companies() -> None:
    world = small_model(scope=["DC36"], citizens=60).world
    assert world.portfolios.private.any()
    bare: Institutions = replace(world.institutions, mining=frozenset())
    seats = {d.code: i for i, d in enumerate(world.institutions.departments)}
    without = fund(world.geography, bare, world.params, seats)
    assert not without.private.any()
    kept = ~world.portfolios.private
    np.testing.assert_array_equal(without.key, world.portfolios.key[kept])
    np.testing.assert_array_equal(without.cents, world.portfolios.cents[kept])
