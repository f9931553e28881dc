"""In which order spaces may join: by need, by capacity, by lot, by province, from neighbour to neighbour."""

from __future__ import annotations

import hashlib
from collections import deque

import numpy as np

from igrsim.government.municipality import Administration
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography

ORDERS = ("poorest", "strongest", "by lot", "province", "neighbours")
LARGE = ("A", "B1", "B2")
"""Metros, secondary cities and large towns."""


def ordered(order: str, country: Geography, lot: int = 1) -> tuple[str, ...]:
    """Codes of a country's spaces in the order in which they join.

    Parameters
    ----------
    order : str
        ``poorest``: largest share of poor people first. ``strongest``: municipalities that can do most first, as far as
        poverty and size tell. ``by lot``: drawn once. ``province``: one province after another, the poorest first, and
        within each the poorest first. ``neighbours``: the pilots, then their neighbours, then theirs.
    lot : int
        Which draw.
    """
    spaces = country.spaces
    poorest = [spaces.codes[i] for i in np.argsort(-spaces.poor_share, kind="stable")]
    if order == "poorest":
        return tuple(poorest)
    if order == "strongest":
        strain = _strain(country)
        return tuple(spaces.codes[i] for i in np.argsort(strain, kind="stable"))
    if order == "by lot":
        return tuple(sorted(spaces.codes, key=lambda code: hashlib.sha256(f"{lot}:{code}".encode()).hexdigest()))
    if order == "province":
        home = dict(zip(spaces.codes, spaces.provinces, strict=True))
        poor = {p: _poor_share(country, p) for p in country.provinces.codes}
        return tuple(sorted(poorest, key=lambda code: (-poor[home[code]], home[code])))
    return _outwards(country, poorest)


def _strain(country: Geography) -> np.ndarray:
    """Mean over a space's municipalities of what their condition is expected to suffer: poverty, less the advantage of size."""
    towns, settled = country.municipalities, country.municipalities.settled
    large = np.array([kind in LARGE for kind in towns.miif])
    strain = (towns.poor_share - ParamSet()[Administration].condition_size * large)[settled]
    rows = towns.space_row[settled]
    count = np.bincount(rows, minlength=len(country.spaces))
    return np.bincount(rows, weights=strain, minlength=len(country.spaces)) / np.maximum(count, 1)


def _poor_share(country: Geography, province: str) -> float:
    spaces = country.spaces
    mine = np.array([p == province for p in spaces.provinces])
    people = spaces.population * mine
    return float((people * spaces.poor_share).sum() / max(people.sum(), 1))


def _outwards(country: Geography, poorest: list[str]) -> tuple[str, ...]:
    """From the pilots to their neighbours and on; the poorest first among those equally far."""
    rank = {code: place for place, code in enumerate(poorest)}
    beside = neighbours(country)
    pilots = [code for code, pilot in zip(country.spaces.codes, country.spaces.pilot, strict=True) if pilot]
    queue = deque(sorted(pilots, key=rank.__getitem__))
    found = dict.fromkeys(queue)
    while queue:
        for code in sorted(beside[queue.popleft()], key=rank.__getitem__):
            if code not in found:
                found[code] = None
                queue.append(code)
    # a space that touches none of the others comes last
    return (*found, *(code for code in poorest if code not in found))


def neighbours(country: Geography) -> dict[str, set[str]]:
    """The spaces that share a border with each."""
    beside: dict[str, set[str]] = {code: set() for code in country.spaces.codes}
    for a, b in zip(country.neighbours.space_a, country.neighbours.space_b, strict=True):
        beside[a].add(b)
        beside[b].add(a)
    return beside
