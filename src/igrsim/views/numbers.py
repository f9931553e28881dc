"""How numbers and units are written: three significant digits, thin spaces, shares in per cent."""

from __future__ import annotations

import math

THIN = "\u202f"
MINUS = "\u2212"
UNDEFINED = "not defined"


def significant(value: float, digits: int = 3) -> str:
    """A number to some significant digits, thousands parted by thin spaces."""
    if not math.isfinite(value):
        return UNDEFINED
    if value == 0:
        return "0"
    place = math.floor(math.log10(abs(value)))
    rounded = round(value, digits - 1 - place)
    place = math.floor(math.log10(abs(rounded)))
    if place < -4:
        return f"{rounded / 10**place:.{digits - 1}f} × 10{_raised(place)}".replace("-", MINUS)
    decimals = max(0, digits - 1 - place)
    return f"{rounded:,.{decimals}f}".replace(",", THIN).replace("-", MINUS)


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def tick(value: float, _: object = None) -> str:
    """A number on an axis: as `significant`, without idle noughts."""
    text = significant(value)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text


def signed_tick(value: float, _: object = None) -> str:
    """A difference on an axis, with its sign."""
    return f"+{tick(value)}" if value > 0 else tick(value)


def whole(value: float) -> str:
    """A count, every digit of it, thousands parted by thin spaces."""
    return f"{value:,.0f}".replace(",", THIN).replace("-", MINUS)


def factor(unit: str) -> float:
    """What values in `unit` are multiplied with before they are shown."""
    return 100.0 if unit == "share" else 1.0


def shown_unit(unit: str) -> str:
    """The unit levels are shown in: a share as per cent."""
    return "%" if unit == "share" else unit


def difference_unit(unit: str) -> str:
    """The unit differences are shown in: those of shares in percentage points."""
    return "percentage points" if unit == "share" else unit


def level(value: float, unit: str) -> str:
    """A level, a share with its per cent sign, other units without."""
    text = significant(value * factor(unit))
    return f"{text}{THIN}%" if unit == "share" and math.isfinite(value) else text


def change(value: float, unit: str, digits: int = 3) -> str:
    """A difference with its sign, without its unit; shares in percentage points."""
    text = significant(value * factor(unit), digits)
    return f"+{text}" if value > 0 and text != UNDEFINED else text


def plain(metric: str) -> str:
    """A metric's name as words, its first letter capital."""
    words = metric.replace("_", " ")
    return words[:1].upper() + words[1:]
