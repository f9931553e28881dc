"""The arrangements in force: one ruling per space and month, folded from the levers at their doses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from igrsim.world.ruling import SILOS, Ruling, changed


@dataclass(frozen=True)
class Amendment:
    """One entry of the trail: a lever that changed a rule of a space, or ceased to.

    Attributes
    ----------
    before, after : float
        The rule before the lever and after it; alike where the lever no longer changes it.
    """

    month: int
    space: str
    lever: str
    dose: float
    field: str
    before: float
    after: float


class Rules:
    """The rulings of all spaces this month, and the trail of who set what since the start.

    Parameters
    ----------
    spaces : tuple of str
        Codes of the spaces, in order.

    Attributes
    ----------
    first : dict of (space, rule) to int
        Month in which a rule first differed from that of silos.
    elsewhere : tuple of Ruling
        Those of the country's spaces outside the scope, with which national actors' hours are shared.
    """

    def __init__(self, spaces: tuple[str, ...]) -> None:
        self.spaces = spaces
        self.rulings: tuple[Ruling, ...] = (SILOS,) * len(spaces)
        self.elsewhere: tuple[Ruling, ...] = ()
        self.trail: list[Amendment] = []
        self.first: dict[tuple[int, str], int] = {}
        self._standing: tuple[dict[str, dict[str, float]], ...] = tuple({} for _ in spaces)
        self._read = self.rulings
        self._by_space: dict[str, NDArray[np.float64]] = {}
        self._arranged: list[list[tuple[str, float, Ruling]]] = [[] for _ in spaces]

    def __getitem__(self, space: int) -> Ruling:
        return self.rulings[space]

    def by_space(self, field: str) -> NDArray[np.float64]:
        """One rule over all spaces."""
        if self._read is not self.rulings:
            self._read, self._by_space = self.rulings, {}
        if field not in self._by_space:
            self._by_space[field] = np.array([getattr(ruling, field) for ruling in self.rulings])
        return self._by_space[field].copy()

    def turn(self, month: int, folded: Mapping[int, list[tuple[str, float, Ruling]]]) -> None:
        """Put a month's rulings in force.

        Parameters
        ----------
        month : int
        folded : mapping of int to list
            For each space with a lever in force: lever, dose and the ruling after it, in the order of folding.
        """
        rulings = []
        for index in range(len(self.spaces)):
            arranged = folded.get(index, [])
            ruling = arranged[-1][2] if arranged else SILOS
            rulings.append(ruling)
            if arranged == self._arranged[index]:
                # what stands as it did leaves no trace
                continue
            self._arranged[index] = arranged
            for lever in sorted(set(self._standing[index]) - {lever for lever, _, _ in arranged}):
                self._enter(month, index, lever, 0.0, ruling, ruling)
            before = SILOS
            for lever, dose, after in arranged:
                self._enter(month, index, lever, dose, before, after)
                before = after
            for field in changed(SILOS, ruling):
                self.first.setdefault((index, field), month)
        self.rulings = tuple(rulings)

    def _enter(self, month: int, space: int, lever: str, dose: float, before: Ruling, after: Ruling) -> None:
        """Enter in the trail what a lever changes differently from last month."""
        now = {field: getattr(after, field) for field in changed(before, after)}
        last = self._standing[space].get(lever, {})
        for name in (f.name for f in fields(Ruling)):
            if now.get(name) != last.get(name):
                was, value = getattr(before, name), getattr(after, name)
                self.trail.append(Amendment(month, self.spaces[space], lever, dose, name, was, value))
        if now or last:
            self._standing[space][lever] = now
