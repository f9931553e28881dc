"""What an evaluator gets to see: reports by space that come late, do not come, or are wrong, and never the path without hubs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from igrsim.kernel.draws import code_key, code_keys, fold, fold_array, unit_array
from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.params import Param

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

GROUP = "evaluation"
RHYTHMS = {"monthly": 1, "quarterly": 3}
"""How many months a report covers."""
NEVER = 10**6
"""Month in which a report that never comes is in hand."""


def _number(
    field: str, default: float, unit: str, low: float, high: float, grade: str, source: str, meaning: str
) -> Param:
    return Param(GROUP, field, default, unit, low, high, grade, source, meaning, choice=True)


NUMBERS = {
    p.field: p
    for p in (
        _number("due", 1, "months", 0, 6, "measured", "mfma-2003",
                "months from the end of a period until its report is due: the mayor reports within 30 days of a quarter's end (section 52(d))"),
        _number("late", 0.09, "share", 0, 0.5, "derived", "agsa-submission",
                "reports that come after they are due: 9 % of municipalities' statements in 2021/22, 19 % in 2020/21, 6 % in 2022/23; returns that no law asks for will do worse"),
        _number("late_months", 3, "months", 0, 12, "assumed", "assumption",
                "how much later those come"),
        _number("never", 0.06, "share", 0, 0.5, "derived", "agsa-2022",
                "reports that never come: 16 of 257 municipal audits of 2021/22 were outstanding eleven months after the year's end"),
        _number("same_again", 0.3, "share", 0, 0.9, "assumed", "assumption",
                "how far it is the same spaces that do not report: 0 anyone at any time, near 1 always the same"),
        _number("unreliable", 0.48, "share of spaces", 0, 0.9, "measured", "agsa-2023",
                "spaces whose figures cannot be relied on: 48 % of municipal performance reports of 2022/23 held unreliable or useless information"),
        _number("noise", 0.1, "share of the figure", 0, 0.5, "assumed", "assumption",
                "standard deviation of the error of a report that can be relied on"),
        _number("noise_unreliable", 0.3, "share of the figure", 0, 1, "assumed", "assumption",
                "standard deviation of the error of one that cannot"),
    )
}  # fmt: skip
"""What is assumed of reports, each with range, grade and source. They are choices of the evaluation: no run reads them."""


@dataclass(frozen=True)
class Window:
    """How an effect would be looked for: what reports cover, when they come, how wrong they are.

    Attributes
    ----------
    every : int
        Months a report covers.
    due, late, late_months, never, same_again, unreliable, noise, noise_unreliable : float
        As in `NUMBERS`.
    """

    every: int = 3
    due: float = NUMBERS["due"].default
    late: float = NUMBERS["late"].default
    late_months: float = NUMBERS["late_months"].default
    never: float = NUMBERS["never"].default
    same_again: float = NUMBERS["same_again"].default
    unreliable: float = NUMBERS["unreliable"].default
    noise: float = NUMBERS["noise"].default
    noise_unreliable: float = NUMBERS["noise_unreliable"].default

    def table(self) -> list[dict[str, Any]]:
        """What is assumed of reports, a row a number."""
        return [
            {"name": f"{GROUP}.{p.field}", "value": getattr(self, p.field), "default": p.default, "unit": p.unit,
             "low": p.low, "high": p.high, "grade": p.grade, "source": p.source, "meaning": p.meaning}
            for p in NUMBERS.values()
        ]  # fmt: skip


def read_window(every: str, settings: Iterable[str]) -> Window:
    """The window that a reader asks for: ``quarterly`` and ``noise=0.2``, each number within its range.

    Raises
    ------
    InputError
        An unknown rhythm or number, no number, or one out of range.
    """
    if every not in RHYTHMS:
        raise InputError(f"--every {every}: write {' or '.join(RHYTHMS)}{nearest(every, RHYTHMS)}", code="E350")
    given: dict[str, float] = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        field = name.strip().removeprefix(f"{GROUP}.")
        if field not in NUMBERS:
            raise InputError(f"-s {setting}: unknown number '{field}'{nearest(field, NUMBERS)}", code="E351")
        if field in given:
            raise InputError(f"-s {setting}: {field} is given twice", code="E351")
        try:
            value = float(text)
        except ValueError:
            raise InputError(f"-s {setting}: write {field}=number", code="E351") from None
        given[field] = NUMBERS[field].check(value)
    assert {f.name for f in fields(Window)} == {"every", *NUMBERS}
    return Window(every=RHYTHMS[every], **given)


def luck_of(*identities: int | str) -> int:
    """The key of some draws, by what they are about."""
    key = code_key("rollout-evaluation")
    for one in identities:
        key = fold(key, code_key(one) if isinstance(one, str) else one)
    return key


def uniform(key: int, codes: Sequence[str], columns: int) -> F64:
    """A number between nought and one for each code and column; another list of codes changes nobody's."""
    rows = fold_array(np.uint64(key), code_keys(codes))
    drawn = unit_array(fold_array(rows[:, None], np.arange(columns, dtype=np.uint64)[None, :]))
    return np.clip(drawn, 1e-12, 1 - 1e-12)


def shuffles(key: int, codes: Sequence[str], many: int) -> I64:
    """Orders of the spaces, by lot: (many, spaces)."""
    return np.argsort(uniform(key, codes, many), axis=0, kind="stable").T


def in_hand(window: Window, key: int, codes: Sequence[str], periods: int) -> I64:
    """By space and period, the number of months after the study's start when the report is in hand, or `NEVER`."""
    known = uniform(fold(key, 1), codes, 1)[:, 0]
    if min(window.never, window.same_again) > 0:
        strength = 1 / window.same_again - 1
        of_space = betaincinv(window.never * strength, (1 - window.never) * strength, known)
    else:
        of_space = np.full(len(codes), window.never)
    lost = uniform(fold(key, 2), codes, periods) < of_space[:, None]
    late = uniform(fold(key, 3), codes, periods) < window.late
    ends = (np.arange(periods) + 1) * window.every
    arrives = ends[None, :] + np.ceil(window.due + late * window.late_months).astype(np.int64)
    return np.where(lost, NEVER, arrives)


def errors(window: Window, key: int, metric: str, codes: Sequence[str], periods: int) -> F64:
    """By space and period, what the report's figure is multiplied with."""
    bad = uniform(fold(key, 4), codes, 1) < window.unreliable
    spread = np.where(bad, window.noise_unreliable, window.noise)
    return np.asarray(1 + spread * ndtri(uniform(fold(fold(key, 5), code_key(metric)), codes, periods)))


def by_period(paths: F64, every: int) -> F64:
    """Mean of the defined months of each whole period: (…, months) to (…, periods)."""
    periods = paths.shape[-1] // every
    cut = paths[..., : periods * every].reshape(*paths.shape[:-1], periods, every)
    known = np.isfinite(cut)
    count = known.sum(axis=-1)
    total = np.where(known, cut, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
