"""Money and specialists that there are for hubs, as a study or a schedule says it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest

FIRST_YEAR, LAST_YEAR = 1990, 2200
FIRST_MONTH = 4
"""Financial years of the nation begin in April."""


@dataclass(frozen=True)
class Limits:
    """What there is for hubs: money by financial year and a pool of specialists; no limit where nothing is said.

    Attributes
    ----------
    money : tuple of (int, float)
        Million rand for hub posts in the financial year that begins in each year; the last goes on, and a year before
        the first has none.
    specialists : tuple of (str, float)
        People fit for hub posts from each month on (``2019-08``), over the country.
    trained : float
        People trained a year, who join the pool month by month from the study's start.
    """

    money: tuple[tuple[int, float], ...] = ()
    specialists: tuple[tuple[str, float], ...] = ()
    trained: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.money or self.specialists)

    def over(self, other: Limits) -> Limits:
        """These, and the other's where these say nothing."""
        pool = self if self.specialists else other
        return Limits(self.money or other.money, pool.specialists, pool.trained)

    def rand_million(self, clock: Clock, month: int) -> float | None:
        """Money of the financial year of a month, or None without a limit."""
        if not self.money:
            return None
        year = clock.financial_year(month, FIRST_MONTH)
        return next((given for begins, given in reversed(self.money) if begins <= year), 0.0)

    def pool(self, clock: Clock, month: int) -> float | None:
        """Specialists that there are in a month, or None without a limit."""
        if not self.specialists:
            return None
        label = clock.label(month)
        there = next((number for start, number in reversed(self.specialists) if start <= label), 0.0)
        return there + self.trained * month / 12


NO_LIMITS = Limits()


def read_limits(money: Any, specialists: Any, where: str = "") -> Limits:
    """What there is for hubs, as a study or a schedule says it.

    Parameters
    ----------
    money : number or mapping
        Million rand a financial year, or by year: ``{"2019/20" = 40, "2020/21" = 120}``.
    specialists : number or mapping
        People, or by month with ``trained`` a year: ``{"2019-08" = 33, "2020-04" = 90, trained = 40}``, or
        ``{pool = 60, trained = 40}``.
    """
    years: dict[int, float] = {}
    for year, given in _pairs(money, "money", where).items():
        begins = _year(year, where) if year else 0
        if begins in years:
            raise InputError(f"money: year '{year}' stands twice", file=where or None, code="E405")
        years[begins] = read_amount(given, f"money of {year}" if year else "money", where)
    told = _pairs(specialists, "specialists", where)
    trained = read_amount(told.pop("trained", 0), "specialists trained", where)
    for start in told:
        if start[:1].isalpha() and start != "pool":
            hint = nearest(start, ("pool", "trained"))
            raise InputError(f"specialists: unknown key '{start}'{hint}", file=where or None, code="E405")
    pool = {
        "" if start in ("", "pool") else day_of(start, where, None).strftime("%Y-%m"): read_amount(
            n, "specialists", where
        )
        for start, n in told.items()
    }
    if trained and not pool:
        pool = {"": 0.0}
    return Limits(tuple(sorted(years.items())), tuple(sorted(pool.items())), trained)


def _pairs(given: Any, name: str, where: str) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(key): value for key, value in given.items()}
    if isinstance(given, int | float) and not isinstance(given, bool):
        return {"": given}
    raise InputError(f"{name}: a number or a table is needed, not '{given}'", file=where or None, code="E405")


def read_amount(given: Any, what: str, where: str) -> float:
    try:
        number = float(str(given).replace(" ", "").replace("\u00a0", ""))
    except ValueError:
        number = float("nan")
    if isinstance(given, bool) or not 0 <= number <= 1e6:
        raise InputError(f"{what}: '{given}' is no number from 0 to a million", file=where or None, code="E405")
    return number


def _year(given: str, where: str) -> int:
    """The year in which a financial year begins: of ``2019/20``, ``2019/2020`` or ``2019``."""
    begins, _, ends = given.strip().partition("/")
    right = begins.isdecimal() and FIRST_YEAR <= int(begins) <= LAST_YEAR
    if right and ends:
        right = ends in (f"{(int(begins) + 1) % 100:02d}", str(int(begins) + 1))
    if not right:
        raise InputError(f"money: '{given}' is no financial year; write 2019/20", file=where or None, code="E405")
    return int(begins)


def day_of(given: str, place: str, line: int | None) -> datetime.date:
    """A date as tables have it: 2019-10-01, 2019-10, or with slashes, as spreadsheets write it in South Africa."""
    text = given.strip().replace("/", "-")
    try:
        day = datetime.date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        words = f"start '{given}' is no date; write YYYY-MM-DD"
        raise InputError(words, file=place or None, line=line, code="E116") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = f"start '{given}' is not between {FIRST_YEAR} and {LAST_YEAR}"
        raise InputError(words, file=place or None, line=line, code="E116")
    return day


def limits_in_words(limits: Limits) -> list[str]:
    """Money and specialists as one would say them; nothing without a limit."""
    money = [
        f"R{given:g} million" + (f" in {year}/{(year + 1) % 100:02d}" if year else " a year")
        for year, given in limits.money
    ]
    pool = [f"{number:g}" + (f" from {start}" if start else "") for start, number in limits.specialists]
    trained = f", {limits.trained:g} trained a year" if limits.trained else ""
    return [
        *(["for hub posts " + ", ".join(money)] if money else []),
        *([f"specialists: {', '.join(pool)}{trained}"] if pool else []),
    ]
