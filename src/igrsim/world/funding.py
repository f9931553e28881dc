"""The money of a world: which actor has how much for which sector and place, as mandates allow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions
from igrsim.plans.pipeline import Portfolios, Programme, SectorShares


class Purse(NamedTuple):
    """One actor's money for one sector of one place."""

    actor: int
    space: int
    sector: int
    municipal: bool
    weight: float
    cents: int
    agency: bool
    name: str


def contestants(institutions: Institutions, sector: str, kind: str, authority: str) -> dict[str, tuple[float, bool]]:
    """Who chooses items of a sector in a space, with what share of its money, and whether on another's behalf.

    An exclusive mandate builds its own items, which nobody else may fund: it is no party to contestable ones. A grant is
    spent by those it is paid to, in proportion to their own shares. Water belongs to the water services authority, the district
    or its locals.

    Parameters
    ----------
    kind : {"district", "metro"}
    authority : {"district", "local"}
        The space's water services authority.

    Returns
    -------
    dict
        Actor to share and whether it acts as an agent.
    """
    absent = ("metro",) if kind == "district" else ("district", "local")
    rows = [m for m in institutions.mandates if m.sector == sector and m.actor not in absent]
    granted = sum(m.weight for m in rows if m.right == "grant")
    mine = {m.actor: [m.weight, m.right == "agency"] for m in rows if m.right not in ("grant", "exclusive")}
    if sector == "water" and kind == "district":
        other = "local" if authority == "district" else "district"
        mine[authority][0] += mine.pop(other)[0]
    own = sum(weight for weight, _ in mine.values())
    return {actor: (weight * (1 + granted / own), bool(agent)) for actor, (weight, agent) in mine.items()}


def fund(geography: Geography, institutions: Institutions, params: ParamSet, seats: dict[str, int]) -> Portfolios:
    """Divide each space's contestable money over sectors and the actors whose mandates allow them."""
    programme, parts = params[Programme], params[SectorShares]
    table, spaces = geography.municipalities, geography.spaces
    total = sum(getattr(parts, s.code) for s in institutions.sectors)
    purses: list[Purse] = []
    slots: dict[tuple[int, int], list[int]] = {}
    for i, space in enumerate(spaces.codes):
        here = np.flatnonzero(table.space_row == i)
        local = [int(m) for m in here if table.categories[m] != "C"]
        district = [int(m) for m in here if table.categories[m] == "C"]
        for k, sector in enumerate(institutions.sectors):
            money = 100 * programme.per_person * float(spaces.population[i]) * getattr(parts, sector.code) / total
            authority = institutions.water_authorities.get(space, "local")
            for actor, (weight, agent) in contestants(institutions, sector.code, spaces.kinds[i], authority).items():
                about = (i, k, actor not in seats, weight)
                if actor in seats:
                    mine = [
                        (
                            Purse(seats[actor], *about, round(money * weight), agent, f"{actor}@{space}/{sector.code}"),
                            local,
                        )
                    ]
                else:
                    whole = float(spaces.population[i]) if actor != "district" else 1.0
                    mine = [
                        (
                            Purse(
                                len(seats) + m,
                                *about,
                                round(
                                    money * weight * (float(table.population[m]) / whole if actor != "district" else 1)
                                ),
                                agent,
                                f"{table.codes[m]}/{sector.code}",
                            ),
                            local if actor == "district" else [m],
                        )
                        for m in (district if actor == "district" else local)
                    ]
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
        weight=np.array([p.weight for p in purses]),
        cents=np.array([p.cents for p in purses], dtype=np.int64),
        agency=np.array([p.agency for p in purses], dtype=np.bool_),
        key=code_keys(p.name for p in purses),
        slots=grid,
    )
