"""Things that announce themselves: a lever, a metric family, a figure is one file that registers itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from igrsim.kernel.errors import InputError, nearest

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind, in name order.

    Parameters
    ----------
    kind : str
        What they are, for messages: "lever", "metric".
    package : str
        The package whose files announce them; imported when first asked.
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._things: dict[str, T] = {}
        self._loaded = False

    def add(self, name: str, thing: T) -> T:
        """Announce a thing."""
        if name in self._things:
            raise RuntimeError(f"two things announce themselves as {self.kind} {name!r}")
        self._things[name] = thing
        return thing

    @contextmanager
    def lent(self, name: str, thing: T) -> Iterator[None]:
        """Hold a thing among the others for a while, and then as if it had never been there."""
        self._load()
        self.add(name, thing)
        try:
            yield
        finally:
            del self._things[name]

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        package = importlib.import_module(self.package)
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            importlib.import_module(f"{self.package}.{module.name}")

    def __getitem__(self, name: str) -> T:
        self._load()
        if name not in self._things:
            raise InputError(f"unknown {self.kind} '{name}'{nearest(name, self._things)}", code="E110")
        return self._things[name]

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._things))

    def __len__(self) -> int:
        self._load()
        return len(self._things)

    def items(self) -> Iterator[tuple[str, T]]:
        """Name and thing, in name order."""
        for name in self:
            yield name, self._things[name]
