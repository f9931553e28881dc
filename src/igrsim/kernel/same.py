"""Large things that never change, told apart by being the very same: what a table is asked for again and again is kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Same(Generic[T]):
    """A thing as a key of a cache: equal to itself alone, however like it another is.

    Attributes
    ----------
    it : object
        Shared by every run of a process, and changed by none.
    """

    it: T

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)
