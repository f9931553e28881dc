"""A schedule in one line: months, and the spaces that join in each; for what must be held without any file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography
from igrsim.regimes.schedule import Schedule, Wave

_BEGINS = re.compile(r"\d{4}-\d{2}\s*:")
_WAVE = re.compile(r"(\d{4})-(\d{2})\s*:\s*([A-Z0-9]+(?:\s+[A-Z0-9]+)*)")
LONGEST = 600
"""Letters of a line that names every space of the country once, and some to spare."""


def is_line(name: str) -> bool:
    """Whether a roll-out is written out where its name would stand."""
    return _BEGINS.match(name) is not None


def write_line(waves: Mapping[str, Sequence[str]]) -> str:
    """``2019-04: DC12 DC15; 2020-04: BUF`` from the spaces that join in each month; the same dates give the same line.

    Parameters
    ----------
    waves : mapping of str to sequence of str
        Codes of spaces by month, ``2019-04``.
    """
    return "; ".join(f"{month}: {' '.join(sorted(waves[month]))}" for month in sorted(waves) if waves[month])


def read_line(line: str, country: Geography) -> Schedule:
    """A schedule from its line; spaces that it does not name never join.

    Raises
    ------
    InputError
        A wave that is none, an unknown space, a space twice.
    """
    if len(line) > LONGEST:
        raise InputError(f"a roll-out in one line has at most {LONGEST} letters: write a file", code="E425")
    waves = []
    for words in line.split(";"):
        wave = " ".join(words.split())
        found = _WAVE.fullmatch(wave)
        if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) == 0:
            said = f"roll-out: '{wave:.40}' is no wave; one is written 2019-04: DC12 DC15, the next after a ;"
            raise InputError(said, code="E425")
        codes = tuple(found[3].split())
        for code in codes:
            if code not in country.spaces.index:
                raise InputError(f"unknown space '{code:.20}'{nearest(code, country.spaces.index)}", code="E114")
        waves.append(Wave(day=date(int(found[1]), int(found[2]), 1), spaces=codes))
    return Schedule("written out", "written out", "", tuple(waves), whole=False)
