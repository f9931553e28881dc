"""A regime: which levers, and its default roll-out. Presets are one TOML each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from igrsim.kernel.errors import InputError, nearest
from igrsim.levers._base import Lever, levers
from igrsim.world.rules import Ruling


@dataclass(frozen=True)
class Regime:
    """A bundle of levers under a name.

    Attributes
    ----------
    name, title, source : str
    levers : tuple of str
    rollout : str
        Default roll-out.
    """

    name: str
    title: str
    source: str
    levers: tuple[str, ...]
    rollout: str = "all-at-once"

    def lever_types(self) -> Iterator[type[Lever]]:
        """Its levers, in the order of their names: combining them does not depend on how they are listed."""
        for name in sorted(self.levers):
            yield levers[name]


def fold(arrangements: list[tuple[Lever, float]], start: Ruling) -> list[tuple[str, float, Ruling]]:
    """Fold the levers of a space over its ruling, at their doses; a dose of 0 is left out and changes nothing."""
    folded = []
    ruling = start
    for lever, dose in arrangements:
        if dose <= 0:
            continue
        ruling = lever.amend(ruling, dose)
        folded.append((lever.id, dose, ruling))
    return folded


@cache
def presets() -> dict[str, Regime]:
    """The preset regimes by name."""
    found = {}
    folder = resources.files("igrsim.regimes") / "presets"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        name = file.name.removesuffix(".toml")
        found[name] = Regime(
            name=name,
            title=data["title"],
            source=data["source"],
            levers=tuple(data["levers"]),
            rollout=data.get("rollout", "all-at-once"),
        )
    return found


def preset(name: str) -> Regime:
    """A preset regime.

    Raises
    ------
    InputError
        With the nearest right spelling.
    """
    if name not in presets():
        raise InputError(f"unknown regime '{name}'{nearest(name, presets())}", code="E117")
    return presets()[name]
