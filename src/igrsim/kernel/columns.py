"""One of many whose properties lie in columns: read and written as if they were its own."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Column(Generic[T]):
    """A property of one that lies in the column of that name of all.

    The one says where: `_all` are the columns, `_row` its place in them; before it stands there (`_all` is None) it has the
    property to itself.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, one: Any, owner: type | None = None) -> T:
        if one._all is None:
            own: T = one.__dict__[self.name]
            return own
        value = getattr(one._all, self.name)[one._row]
        there: T = value.item() if value.ndim == 0 else value
        return there

    def __set__(self, one: Any, value: T) -> None:
        if one._all is None:
            one.__dict__[self.name] = value
        else:
            getattr(one._all, self.name)[one._row] = value
