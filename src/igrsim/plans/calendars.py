"""When each sphere drafts, commits and adjusts, in its own financial year."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cycle:
    """A sphere's planning year.

    Attributes
    ----------
    sphere : str
    draft_month : int
        Month of the year in which drafts are laid down: national and provincial submissions close in September;
        the municipal draft budget and IDP are tabled by 31 March (MFMA s16).
    commit_month : int
        Month of the year in which the financial year begins and the money is committed: April (PFMA), July (MFMA).
    adjust_month : int
        Month of the year of the adjustments budget: national and provincial ones in October and November (PFMA s30, s31),
        municipal ones to 28 February (MFMA s28, MBRR reg 23).
    """

    sphere: str
    draft_month: int
    commit_month: int
    adjust_month: int


DEPARTMENTS = Cycle("departments", 9, 4, 11)
MUNICIPALITIES = Cycle("municipalities", 3, 7, 2)
CYCLES = (DEPARTMENTS, MUNICIPALITIES)
