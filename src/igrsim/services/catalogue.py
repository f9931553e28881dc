"""The catalogue of procedures: which steps a need takes, at whose counter, with which documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

SERVICES = ("home_affairs", "sassa", "labour", "police", "post_office", "municipal_office", "clinic")
SERVICE_NAMES = {
    "home_affairs": "Home Affairs",
    "sassa": "SASSA",
    "labour": "Labour centre",
    "police": "Police station",
    "post_office": "Post office paying grants",
    "municipal_office": "Municipal office",
    "clinic": "Clinic",
}
LAGS = ("birth", "identity", "medical")
"""Documents that are issued later than they are applied for."""


@dataclass(frozen=True)
class Step:
    """One visit to one counter."""

    name: str
    service: str
    requires: tuple[str, ...]
    gives: str | None
    consumes: tuple[str, ...]
    lag: str | None
    papers: bool
    desk_share: float
    source: str
    meaning: str


@dataclass(frozen=True)
class Route:
    """One way through a need: its steps in an order in which none asks for a later one's document."""

    name: str
    need: str
    when: str
    documentary: bool
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """All steps and routes, and the same as arrays for the kernels.

    Attributes
    ----------
    tokens : tuple of str
        Documents and papers; a person holds a set of them as bits in this order.
    step_service : (steps,) int8
    step_requires, step_gives, step_consumes : (steps,) uint16
        Bits of `tokens`.
    step_lag : (steps,) int8
        Index into ``LAGS``, or -1.
    step_papers : (steps,) bool
        Whether the counter asks for papers a first visitor may lack.
    step_desk_share : (steps,) float
        Desk time over that of the counter's usual, full transaction; which are shorter is assumed.
    route_steps : (routes, longest) int8
        Step indices, -1 beyond the end; the last one is the goal.
    route_length : (routes,) int8
    route_need : (routes,) int8
        Index into `needs`.
    """

    steps: tuple[Step, ...]
    routes: tuple[Route, ...]
    tokens: tuple[str, ...]
    needs: tuple[str, ...]
    documentary: tuple[bool, ...]
    step_service: NDArray[np.int8]
    step_requires: NDArray[np.uint16]
    step_gives: NDArray[np.uint16]
    step_consumes: NDArray[np.uint16]
    step_lag: NDArray[np.int8]
    step_papers: NDArray[np.bool_]
    step_desk_share: NDArray[np.float64]
    lag_token: NDArray[np.uint16]
    route_steps: NDArray[np.int8]
    route_length: NDArray[np.int8]
    route_need: NDArray[np.int8]

    def token(self, name: str) -> int:
        """The bit of a document."""
        return 1 << self.tokens.index(name)

    def route(self, name: str) -> int:
        """The index of a route."""
        return [r.name for r in self.routes].index(name)

    def path(self, route: int, held: int) -> tuple[int, ...]:
        """The steps still to take on a route by someone who holds these documents and waits for none."""
        wanted: list[int] = []
        missing = 0
        steps = self.route_steps[route][: self.route_length[route]]
        for place, step in enumerate(reversed(steps.tolist())):
            if place == 0 or int(self.step_gives[step]) & missing:
                wanted.append(step)
                missing |= int(self.step_requires[step]) & ~held
        return tuple(reversed(wanted))


def _split(text: object) -> tuple[str, ...]:
    return tuple(part for part in str(text).split(";") if part) if isinstance(text, str) else ()


def make_catalogue(steps: pd.DataFrame, routes: pd.DataFrame) -> Catalogue:
    """A catalogue from its two tables.

    Raises
    ------
    InputError
        An unknown service or step, or steps in an order that can never be walked (a cycle).
    """
    made = []
    for row in steps.to_dict("records"):
        if row["service"] not in SERVICES:
            raise InputError(f"unknown service '{row['service']}'{nearest(str(row['service']), SERVICES)}")
        made.append(
            Step(
                name=str(row["step"]),
                service=str(row["service"]),
                requires=_split(row["requires"]),
                gives=(_split(row["gives"]) or (None,))[0],
                consumes=_split(row["consumes"]),
                lag=(_split(row["lag"]) or (None,))[0],
                papers=row["papers"] == "yes",
                desk_share=float(row["desk_share"]),
                source=str(row["source"]),
                meaning=str(row["meaning"]),
            )
        )
    tokens = tuple(dict.fromkeys(s.gives for s in made if s.gives))
    names = [s.name for s in made]
    ways = []
    for row in routes.to_dict("records"):
        order = _split(row["steps"])
        have: set[str] = set()
        for name in order:
            if name not in names:
                raise InputError(f"route '{row['route']}': unknown step '{name}'{nearest(name, names)}")
            step = made[names.index(name)]
            lacking = [t for t in step.requires if t not in have]
            if lacking:
                raise InputError(
                    f"route '{row['route']}': step '{name}' asks for '{lacking[0]}', which no earlier step gives: "
                    f"the prerequisites run in a circle or out of order",
                    code="E120",
                )
            have.update([step.gives] if step.gives else [])
        ways.append(
            Route(
                name=str(row["route"]),
                need=str(row["need"]),
                when=str(row["when"]) if isinstance(row["when"], str) else "",
                documentary=row["documentary"] == "yes",
                steps=order,
            )
        )
    needs = tuple(dict.fromkeys(r.need for r in ways))
    documentary = tuple(next(r.documentary for r in ways if r.need == need) for need in needs)
    bit = {name: 1 << k for k, name in enumerate(tokens)}
    longest = max(len(r.steps) for r in ways)
    route_steps = np.full((len(ways), longest), -1, dtype=np.int8)
    for k, way in enumerate(ways):
        route_steps[k, : len(way.steps)] = [names.index(s) for s in way.steps]
    lag_token = np.zeros(len(LAGS), dtype=np.uint16)
    for step in made:
        if step.lag and step.gives:
            lag_token[LAGS.index(step.lag)] = bit[step.gives]

    def mask(documents: tuple[str, ...]) -> int:
        return sum(bit[d] for d in documents)

    return Catalogue(
        steps=tuple(made),
        routes=tuple(ways),
        tokens=tokens,
        needs=needs,
        documentary=documentary,
        step_service=np.array([SERVICES.index(s.service) for s in made], dtype=np.int8),
        step_requires=np.array([mask(s.requires) for s in made], dtype=np.uint16),
        step_gives=np.array([bit[s.gives] if s.gives else 0 for s in made], dtype=np.uint16),
        step_consumes=np.array([mask(s.consumes) for s in made], dtype=np.uint16),
        step_lag=np.array([LAGS.index(s.lag) if s.lag else -1 for s in made], dtype=np.int8),
        step_papers=np.array([s.papers for s in made], dtype=np.bool_),
        step_desk_share=np.array([s.desk_share for s in made]),
        lag_token=lag_token,
        route_steps=route_steps,
        route_length=np.array([len(r.steps) for r in ways], dtype=np.int8),
        route_need=np.array([needs.index(r.need) for r in ways], dtype=np.int8),
    )


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of the package's own tables."""
    import pandas as pd

    tables = resources.files("igrsim.places") / "tables"
    with resources.as_file(tables / "steps.csv") as steps, resources.as_file(tables / "routes.csv") as routes:
        return make_catalogue(pd.read_csv(steps), pd.read_csv(routes))
