"""Phrases that sentences about numbers are put together from."""

from __future__ import annotations

import math

from igrsim.views.numbers import change


def interval(low: float, high: float, unit: str) -> str:
    """Both ends of an interval, or that it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not known"
    return "0" if low == high == 0 else f"{change(low, unit)} to {change(high, unit)}"


def capital(words: str) -> str:
    """The words with their first letter capital."""
    return words[:1].upper() + words[1:]


def plural(count: int, word: str) -> str:
    """The word, with an s unless there is one."""
    return word if count == 1 else f"{word}s"


def listed(parts: list[str]) -> str:
    """Parts joined by commas and a last 'and'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "none"
