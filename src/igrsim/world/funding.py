"""The money of a world: which actor has how much for which sector and place."""

from __future__ import annotations

import numpy as np

from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions
from igrsim.plans.pipeline import Portfolios, Programme, SectorShares


def fund(geography: Geography, institutions: Institutions, params: ParamSet, seats: dict[str, int]) -> Portfolios:
    """Divide each space's contestable money over sectors and the actors whose mandates allow them."""
    programme, parts = params[Programme], params[SectorShares]
    table, spaces = geography.municipalities, geography.spaces
    total = sum(getattr(parts, s.code) for s in institutions.sectors)
    rows: list[tuple[int, int, int, bool, float, int, str]] = []
    slots: dict[tuple[int, int], list[int]] = {}
    for i, space in enumerate(spaces.codes):
        local = [int(m) for m in np.flatnonzero(table.space_row == i) if table.categories[m] != "C"]
        district = [int(m) for m in np.flatnonzero(table.space_row == i) if table.categories[m] == "C"]
        for k, sector in enumerate(institutions.sectors):
            money = programme.per_person * float(spaces.population[i]) * getattr(parts, sector.code) / total
            for actor, weight in institutions.shares(sector.code, spaces.kinds[i]).items():
                if actor in seats:
                    slots_of = local
                    rows.append(
                        (
                            seats[actor],
                            i,
                            k,
                            False,
                            weight,
                            round(100 * money * weight),
                            f"{actor}@{space}/{sector.code}",
                        )
                    )
                    for m in slots_of:
                        slots.setdefault((m, k), []).append(len(rows) - 1)
                elif actor == "district":
                    for d in district:
                        rows.append(
                            (
                                len(seats) + d,
                                i,
                                k,
                                True,
                                weight,
                                round(100 * money * weight),
                                f"{table.codes[d]}/{sector.code}",
                            )
                        )
                        for m in local:
                            slots.setdefault((m, k), []).append(len(rows) - 1)
                else:
                    for m in local:
                        share = float(table.population[m]) / float(spaces.population[i])
                        rows.append(
                            (
                                len(seats) + m,
                                i,
                                k,
                                True,
                                weight,
                                round(100 * money * weight * share),
                                f"{table.codes[m]}/{sector.code}",
                            )
                        )
                        slots.setdefault((m, k), []).append(len(rows) - 1)
    most = max(len(s) for s in slots.values())
    grid = np.full((len(table), len(institutions.sectors), most), -1, dtype=np.int64)
    for (m, k), found in slots.items():
        grid[m, k, : len(found)] = found
    columns = list(zip(*rows, strict=True))
    return Portfolios(
        actor=np.array(columns[0], dtype=np.int64),
        space=np.array(columns[1], dtype=np.int64),
        sector=np.array(columns[2], dtype=np.int64),
        municipal=np.array(columns[3], dtype=np.bool_),
        weight=np.array(columns[4], dtype=np.float64),
        cents=np.array(columns[5], dtype=np.int64),
        key=code_keys(str(name) for name in columns[6]),
        slots=grid,
    )
