"""Which sectors build to one national norm, whatever the place: a table and its reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from igrsim.places.institutions import GRADES, _read, _rows, load_institutions


@dataclass(frozen=True)
class Norm:
    """A national norm that facilities of a sector are built to."""

    sector: str
    norm: str
    basis: str
    source: str
    grade: str


@lru_cache(maxsize=8)
def load_norms(folder: Path | None = None) -> tuple[Norm, ...]:
    """Read the table of norms; one in the user's own folder replaces the shipped one."""
    institutions = load_institutions(folder)
    return _read(
        _rows(folder, "norms", "sector norm basis source grade"),
        lambda r: Norm(
            r.choice("sector", {s.code for s in institutions.sectors}),
            r.text("norm"),
            r.text("basis"),
            r.choice("source", {s.key for s in institutions.sources}),
            r.choice("grade", GRADES),
        ),
        lambda n: n.sector,
    )
