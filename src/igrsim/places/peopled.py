"""The country with as many people as another year's total: who lives where stays as the census had it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from igrsim.places.geography import Geography, country_of


def peopled(geography: Geography, people: int | None) -> Geography:
    """The same places with the people of a whole country of so many.

    Parameters
    ----------
    geography : Geography
        The country, or a part of it, which gets its part of them.
    people : int, optional
        Total of the whole country; the census's without it.
    """
    if people is None:
        return geography
    country = country_of(geography).settlements
    total = int(country.population.sum())
    share = _shared_out(tuple(country.codes), country.population.astype(np.int64).tobytes(), people)
    row = np.array([country.index[code] for code in geography.settlements.codes])
    table = geography.municipalities
    return replace(
        geography,
        settlements=replace(geography.settlements, population=share[row].astype(country.population.dtype)),
        municipalities=replace(
            table,
            population=np.rint(table.population * (people / total)).astype(table.population.dtype),
            households=np.rint(table.households * (people / total)).astype(table.households.dtype),
        ),
    )


@lru_cache(maxsize=2)
def _shared_out(codes: tuple[str, ...], population: bytes, people: int) -> NDArray[np.int64]:
    """People of each settlement: in sum exactly so many, none more than one off its exact share."""
    ends = np.cumsum(np.frombuffer(population, dtype=np.int64)).astype(object)
    total = int(ends[-1])
    marks = ((ends * people + total // 2) // total).astype(np.int64)
    return np.diff(marks, prepend=0)
