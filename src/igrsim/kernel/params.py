"""A number with its unit, range, evidence grade and source in one field.

Tables, documentation, sweeps and sensitivity designs are made from the same metadata; out of range or
misspelt is an error that names group, field, unit, bound and source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform

from igrsim.kernel.errors import InputError, nearest

GRADES = ("seed", "measured", "derived", "assumed")


@dataclass(frozen=True)
class Param:
    """What is known about one number of the model.

    Parameters
    ----------
    group, field : str
        Where it lives; together its address, ``engagement.hours``.
    default, low, high : float
        Value and plausible range, in `unit`.
    grade : {"seed", "measured", "derived", "assumed"}
        How well it is known.
    source : str
        Key of the sources table.
    choice : bool
        True for a policy choice: never varied as an uncertainty.
    """

    group: str
    field: str
    default: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    meaning: str
    choice: bool = False

    @property
    def name(self) -> str:
        """Its address: group and field."""
        return f"{self.group}.{self.field}"

    def check(self, value: object) -> float:
        """The value if it may stand, else an error in the reader's words."""
        if isinstance(value, bool):
            value = int(value)
        if isinstance(value, int):
            # a whole number of any length is legal to write; none that long is legal to mean
            value = float(value) if abs(value) < 10**300 else math.inf
        if not isinstance(value, float) or not math.isfinite(value):
            given = repr(value) if isinstance(value, str) else str(value)
            hint = "; a list is not a sweep" if isinstance(value, list) else ""
            words = f"{self.name} = {given[:40]}: a finite number is needed, in {self.unit}{hint}"
            raise InputError(words, code="E201")
        if not self.low <= value <= self.high:
            percent = value > 1 and self.unit.startswith("share") and self.low <= value / 100 <= self.high <= 1
            hint = f"; {value:g} % is {value / 100:g}" if percent else ""
            raise InputError(
                f"{self.name} = {value:g} {self.unit} is outside {self.low:g} to {self.high:g} "
                f"({self.grade}, source {self.source}){hint}",
                code="E202",
            )
        return float(value)


def param(
    default: float,
    *,
    unit: str,
    low: float,
    high: float,
    grade: str,
    source: str,
    meaning: str,
    choice: bool = False,
) -> Any:
    """Declare a number of the model, with all that is known about it."""
    if grade not in GRADES:
        raise ValueError(f"grade {grade!r} is none of {GRADES}")
    if not low <= default <= high:
        raise ValueError(f"default {default} outside {low} to {high}: {meaning}")
    meta = {
        "unit": unit,
        "low": low,
        "high": high,
        "grade": grade,
        "source": source,
        "meaning": meaning,
        "choice": choice,
    }
    return field(default=float(default), metadata=meta)


groups: dict[str, type[Params]] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(param,))
class Params:
    """A group of numbers that one part of the model uses; subclasses declare them with `param`."""

    group: ClassVar[str]

    def __init_subclass__(cls, *, group: str) -> None:
        dataclass(frozen=True)(cls)
        cls.group = group
        known = groups.get(group)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise RuntimeError(f"two groups of parameters are called {group!r}")
        groups[group] = cls

    @classmethod
    def params(cls) -> Iterator[Param]:
        """Every number of this group."""
        for item in fields(cast(Any, cls)):
            assert item.default is not MISSING
            yield Param(group=cls.group, field=item.name, default=item.default, **item.metadata)


P = TypeVar("P", bound=Params)


def all_params() -> dict[str, Param]:
    """Every number of the model by its address. Import the model first, or only part of it is known."""
    return {p.name: p for group in sorted(groups) for p in groups[group].params()}


class ParamSet:
    """The numbers of one run: defaults, except where a study or a future says otherwise.

    Parameters
    ----------
    values : mapping of str to float
        Address to value, ``{"engagement.hours": 3.0}``.
    """

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        known = all_params()
        self.values: dict[str, float] = {}
        for name, value in (values or {}).items():
            if name not in known:
                raise InputError(f"unknown parameter '{name}'{nearest(name, known)}", code="E203")
            self.values[name] = known[name].check(value)
        self._made: dict[str, Any] = {}

    def __getitem__(self, kind: type[P]) -> P:
        """The group of numbers of this kind, with this run's values."""
        made: P | None = self._made.get(kind.group)
        if made is None:
            mine = {p.field: self.values[p.name] for p in kind.params() if p.name in self.values}
            made = self._made[kind.group] = kind(**mine)
        return made
