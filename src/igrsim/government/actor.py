"""An institution as an agent: everyone in government who decides something for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa


class _Ordinals(WeakKeyDictionary[Any, Iterator[int]]):
    """Counts a model's agents without keeping the model alive."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        return self.setdefault(model, count(1))


class Actor(mesa.Agent):
    """An agent that goes when its model goes.

    Mesa before 3.5 numbers agents in a table of its own class which holds every model that ever was: a worker that lives
    through hundreds of cells would keep them all. Nothing here reads the numbers; keys are stable codes.
    """

    _ids: Any = _Ordinals()
