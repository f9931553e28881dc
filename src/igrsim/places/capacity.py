"""Who supports municipalities: capacity-building programmes, bursaries, and posts that stand vacant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from igrsim.places.institutions import GRADES, _read, _rows, load_institutions

FUNCTIONS = ("engineering", "finance", "planning", "governance")
"""What a municipality needs skilled people for."""


@dataclass(frozen=True)
class CapacityProgramme:
    """A programme of support to municipalities, or a funder of bursaries.

    Attributes
    ----------
    department : str
        Whose vote or entity it is; ``salga`` for organised local government, whom municipalities' levies pay.
    functions : tuple of str
        What it may support, of ``FUNCTIONS``.
    share : float
        Places a year for each municipality of middling condition, a place being one function of one municipality;
        of a bursary: bursaries a year for every four skilled posts that each function of a place has.
    """

    code: str
    name: str
    department: str
    kind: str
    functions: tuple[str, ...]
    share: float
    basis: str
    source: str
    grade: str


@dataclass(frozen=True)
class Capacity:
    """The tables of support.

    Attributes
    ----------
    programmes, bursaries : tuple of CapacityProgramme
        In the order in which a common framework lets them choose.
    vacancies : mapping of str to float
        Share of municipal posts vacant, by province.
    """

    programmes: tuple[CapacityProgramme, ...]
    bursaries: tuple[CapacityProgramme, ...]
    vacancies: Mapping[str, float]


@lru_cache(maxsize=8)
def load_capacity(folder: Path | None = None) -> Capacity:
    """Read the tables of support; one in the user's own folder replaces the shipped one of its name."""
    institutions = load_institutions(folder)
    sources = {s.key for s in institutions.sources}
    offices = {d.code for d in institutions.departments} | {"salga"}
    found = _read(
        _rows(folder, "capacity_programmes", "code name department kind functions share basis source grade"),
        lambda r: CapacityProgramme(
            r.code("code"),
            r.text("name"),
            r.choice("department", offices),
            r.choice("kind", ("programme", "bursary")),
            r.many("functions", FUNCTIONS),
            r.number("share", 0, 4),
            r.text("basis"),
            r.choice("source", sources),
            r.choice("grade", GRADES),
        ),
        lambda p: p.code,
    )
    vacancies = _read(
        _rows(folder, "vacancies", "province share basis source grade"),
        lambda r: (
            r.code("province"),
            r.number("share", 0, 0.9),
            r.text("basis"),
            r.choice("source", sources),
            r.choice("grade", GRADES),
        ),
        lambda row: row[0],
    )
    return Capacity(
        tuple(p for p in found if p.kind == "programme"),
        tuple(p for p in found if p.kind == "bursary"),
        {province: share for province, share, *_ in vacancies},
    )
