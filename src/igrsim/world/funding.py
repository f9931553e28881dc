"""The money of a world: which actor has how much for which sector and place, as mandates allow."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import ParamSet
from igrsim.kernel.same import Same
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions
from igrsim.plans.pipeline import Portfolios, Programme, SectorShares


class Claim(NamedTuple):
    """What an actor's mandate lets it choose of a sector in a space.

    Attributes
    ----------
    weight : float
        Share of the sector's contestable money.
    agency : bool
        On another's behalf.
    granted : float
        Part of that which came as a grant.
    disputed : bool
        Powers and functions that another claims as well, or that each leaves to the other.
    """

    weight: float
    agency: bool
    disputed: bool
    granted: float = 0.0


class Purse(NamedTuple):
    """One actor's money for one sector of one place."""

    actor: int
    space: int
    sector: int
    municipal: bool
    claim: Claim
    cents: int
    name: str


def contestants(institutions: Institutions, sector: str, kind: str, authority: str, mining: bool) -> dict[str, Claim]:
    """Who chooses items of a sector in a space, with what share of its money, and whether on another's behalf.

    An exclusive mandate builds its own items, which nobody else may fund: it is no party to contestable ones. A grant is
    spent by those it is paid to, in proportion to their own shares. Water belongs to the water services authority, the district
    or its locals. Where there are mines, social and labour plans fund items on top of public money.

    Parameters
    ----------
    kind : {"district", "metro"}
    authority : {"district", "local"}
        The space's water services authority.
    mining : bool
    """
    absent = ("metro",) if kind == "district" else ("district", "local")
    rows = [m for m in institutions.mandates if m.sector == sector and m.actor not in absent]
    granted = sum(m.weight for m in rows if m.right == "grant")
    mine = {m.actor: m for m in rows if m.right not in ("grant", "exclusive", "private")}
    weights = {actor: m.weight for actor, m in mine.items()}
    if sector == "water" and kind == "district":
        other = "local" if authority == "district" else "district"
        weights[authority] += weights.pop(other)
    own = sum(weights.values())
    quarrel = sum(mine[actor].right == "disputed" for actor in weights) > 1
    claims = {
        actor: Claim(
            weight * (1 + granted / own),
            mine[actor].right == "agency",
            quarrel and mine[actor].right == "disputed",
            granted / (own + granted),
        )
        for actor, weight in weights.items()
    }
    if mining:
        claims |= {m.actor: Claim(m.weight, False, False) for m in rows if m.right == "private"}
    return claims


def fund(geography: Geography, institutions: Institutions, params: ParamSet, seats: dict[str, int]) -> Portfolios:
    """Divide each space's contestable money over sectors and the actors whose mandates allow them."""
    made = _funded(Same(geography), Same(institutions), params[Programme], params[SectorShares], *seats.items())
    return Portfolios(**{f.name: getattr(made, f.name).copy() for f in fields(made)})


@lru_cache(maxsize=4)
def _funded(
    country: Same[Geography],
    tables: Same[Institutions],
    programme: Programme,
    parts: SectorShares,
    *columns: tuple[str, int],
) -> Portfolios:
    geography, institutions, seats = country.it, tables.it, dict(columns)
    table, spaces = geography.municipalities, geography.spaces
    total = sum(getattr(parts, s.code) for s in institutions.sectors)
    private = {seats[d.code] for d in institutions.departments if d.sphere == "private"}
    purses: list[Purse] = []
    slots: dict[tuple[int, int], list[int]] = {}
    for i, space in enumerate(spaces.codes):
        here = np.flatnonzero(table.space_row == i)
        local = [int(m) for m in here if table.categories[m] != "C"]
        district = [int(m) for m in here if table.categories[m] == "C"]
        for k, sector in enumerate(institutions.sectors):
            money = 100 * programme.per_person * float(spaces.population[i]) * getattr(parts, sector.code) / total
            authority = institutions.water_authorities.get(space, "local")
            mining = space in institutions.mining
            for actor, claim in contestants(institutions, sector.code, spaces.kinds[i], authority, mining).items():
                cents = money * claim.weight
                if actor in seats:
                    name = f"{actor}@{space}/{sector.code}"
                    mine = [(Purse(seats[actor], i, k, False, claim, round(cents), name), local)]
                else:
                    whole = float(spaces.population[i])
                    mine = []
                    for m in district if actor == "district" else local:
                        part = 1.0 if actor == "district" else float(table.population[m]) / whole
                        name = f"{table.codes[m]}/{sector.code}"
                        purse = Purse(len(seats) + m, i, k, True, claim, round(cents * part), name)
                        mine.append((purse, local if actor == "district" else [m]))
                for purse, places in mine:
                    purses.append(purse)
                    for m in places:
                        slots.setdefault((m, k), []).append(len(purses) - 1)
    most = max(len(found) for found in slots.values())
    grid = np.full((len(table), len(institutions.sectors), most), -1, dtype=np.int64)
    for (m, k), found in slots.items():
        grid[m, k, : len(found)] = found
    return Portfolios(
        actor=np.array([p.actor for p in purses], dtype=np.int64),
        space=np.array([p.space for p in purses], dtype=np.int64),
        sector=np.array([p.sector for p in purses], dtype=np.int64),
        municipal=np.array([p.municipal for p in purses], dtype=np.bool_),
        weight=np.array([p.claim.weight for p in purses]),
        cents=np.array([p.cents for p in purses], dtype=np.int64),
        agency=np.array([p.claim.agency for p in purses], dtype=np.bool_),
        disputed=np.array([p.claim.disputed for p in purses], dtype=np.bool_),
        private=np.array([p.actor in private for p in purses], dtype=np.bool_),
        granted=np.array([p.claim.granted for p in purses]),
        till=np.unique([(p.actor, p.space) for p in purses], axis=0, return_inverse=True)[1].reshape(-1),
        key=code_keys(p.name for p in purses),
        slots=grid,
    )
