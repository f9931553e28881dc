"""One cell of a study: one arm in one world and future, run and counted. Pure: same specification, same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.resolved import resolved_now, resolved_table
from igrsim.kernel.params import all_params
from igrsim.levers._base import levers
from igrsim.metrics.money import hourly_cents
from igrsim.model import IGRModel, Scenario
from igrsim.regimes.limits import Limits
from igrsim.regimes.regime import Regime, Term
from igrsim.runs.rollout_record import RolloutRecord
from igrsim.world.events import Event
from igrsim.world.planners._base import USUAL, rules
from igrsim.world.world import World

PACKAGE = Path(__file__).parents[1]
COMPUTES = (
    "kernel",
    "places",
    "plans",
    "government",
    "services",
    "citizens",
    "world",
    "phases",
    "levers",
    "metrics",
    "regimes",
)
LEVELS = ("space", "municipality", "people", "need")
LEDGER = ("month", "space", "account", "bearer", "minutes", "cents")


@dataclass(frozen=True)
class CellSpec:
    """Everything a cell's numbers depend on, besides code, tables and libraries.

    Attributes
    ----------
    levers : tuple of str
    terms : tuple of (lever, dose, spaces, start) or (lever, dose, spaces, start, ends)
        Of levers in force in part: `igrsim.regimes.regime.Term.address`.
    shared_hubs : tuple of tuple of str
    reverse : bool
        Computed afresh with agents visited in reverse, for an audit.
    events : tuple of Event
        What befalls the world, the same in every arm.
    planners : str
        How officials decide, the same in every arm.
    people : int, optional
        Total to which the people of the whole country are scaled.
    money, specialists, trained
        Limits to hubs, where they are not the roll-out's own.
    """

    regime: str
    levers: tuple[str, ...]
    rollout: str
    rollout_digest: str
    scope: str | tuple[str, ...]
    start: str
    months: int
    citizens: int
    params: tuple[tuple[str, float], ...]
    seed: int
    world: int
    reverse: bool = False
    points: str | None = None
    points_digest: str = ""
    forums: str | None = None
    forums_digest: str = ""
    terms: tuple[tuple[Any, ...], ...] = ()
    shared_hubs: tuple[tuple[str, ...], ...] = ()
    events: tuple[Event, ...] = ()
    planners: str = USUAL
    people: int | None = None
    money: tuple[tuple[int, float], ...] = ()
    specialists: tuple[tuple[str, float], ...] = ()
    trained: float = 0.0

    def scenario(self) -> Scenario:
        """The scenario of this cell."""
        return Scenario(
            regime=Regime(
                self.regime,
                self.regime,
                "",
                self.levers,
                terms=tuple(Term(*t) for t in self.terms),
                shared_hubs=self.shared_hubs,
            ),
            scope=self.scope if isinstance(self.scope, str) else list(self.scope),
            start=date.fromisoformat(self.start),
            months=self.months,
            citizens=self.citizens,
            rollout=self.rollout,
            params=dict(self.params),
            reverse=self.reverse,
            points=Path(self.points) if self.points else None,
            forums=Path(self.forums) if self.forums else None,
            events=self.events,
            planners=self.planners,
            people=self.people,
            limits=Limits(self.money, self.specialists, self.trained),
        )

    def digest(self) -> str:
        """Address of the cell: a hash of what it computes."""
        about = {k: v for k, v in self.__dict__.items() if k not in ("regime", "points", "forums")}
        about["params"] = self.numbers_read()
        if self.rollout_digest:
            # a schedule is what it says, wherever it lies
            about["rollout"] = Path(self.rollout).suffix.lower()
        # where an event is from decides nothing
        about["events"] = [e.model_dump(mode="json", exclude={"source", "grade"}) for e in self.events]
        text = json.dumps([about, model_digest(), libraries()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def numbers_read(self) -> dict[str, float]:
        """The numbers that are not at their defaults, but for those of levers and theories that this cell lives without."""
        known = all_params()
        absent = (set(levers) - set(self.levers)) | (set(rules) - {self.planners})
        read = {name: value for name, value in self.params if name.partition(".")[0] not in absent}
        return {name: value for name, value in read.items() if name not in known or value != known[name].default}

    def files_changed(self) -> bool:
        """Whether a file that the cell reads is not what it was when the study was laid out."""
        named = (
            (self.rollout, self.rollout_digest),
            (self.points, self.points_digest),
            (self.forums, self.forums_digest),
        )
        return any(file_digest(Path(name)) != digest for name, digest in named if name and digest)


@dataclass
class Counted:
    """What a cell counted.

    Attributes
    ----------
    tables : dict of str to DataFrame
        One a level: month, place and counts; the ledger, the trail of rules, and the needs resolved.
    checks : dict
        Plain figures: seconds are kept apart from them.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def run_cell(spec: CellSpec, first: int | None = None, threads: int = 1) -> Counted:
    """Run a cell, or the first of its months only; no number depends on among how many threads its people are divided."""
    model = IGRModel(spec.scenario(), seed=spec.seed, replication=spec.world, threads=threads)
    counts: dict[str, dict[str, list[NDArray[np.int64]]]] = {level: {} for level in LEVELS}
    ledger: dict[str, list[Any]] = {name: [] for name in LEDGER}
    resolved: list[NDArray[np.int32]] = []
    world = model.world

    def record(now: World, found: dict[str, Any]) -> None:
        for level in LEVELS:
            for name, values in found[level].items():
                counts[level].setdefault(name, []).append(np.array(values, dtype=np.int64))
        progress.look(now)
        resolved.append(resolved_now(now.people.citizens, now.people.book, now.month))
        for account, bearer in sorted(set(now.now.minutes) | set(now.now.cents)):
            minutes, cents = now.now.minutes[account, bearer], now.now.cents[account, bearer]
            there = np.flatnonzero(minutes | cents)
            if not len(there):
                continue
            for name, value in (("month", now.month), ("account", account), ("bearer", bearer)):
                ledger[name] += [value] * len(there)
            ledger["space"].append(there)
            ledger["minutes"].append(minutes[there])
            # hours are worth money too: what is paid, and what the time is worth
            worth = np.rint(minutes[there] * hourly_cents(now, account, bearer)).astype(np.int64)
            ledger["cents"].append(cents[there] + worth)

    model.record = record
    progress = RolloutRecord(model)
    for _ in range(spec.months if first is None else first):
        model.step()
    counted = Counted()
    for level in LEVELS:
        columns = {name: np.stack(values) for name, values in counts[level].items()}
        shape = next(iter(columns.values())).shape
        months, places = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
        frame = {"month": months.ravel(), "place": places.ravel()}
        frame |= {name: values.ravel() for name, values in sorted(columns.items())}
        counted.tables[level] = pd.DataFrame(frame)
    whole = {name: np.concatenate([np.zeros(0, np.int64), *ledger[name]]) for name in ("space", "minutes", "cents")}
    counted.tables["ledger"] = pd.DataFrame(ledger | whole)
    counted.tables["resolved"] = resolved_table(resolved)
    counted.tables |= progress.tables()
    counted.tables["rules"] = pd.DataFrame(
        [vars(entry) for entry in world.rules.trail],
        columns=["month", "space", "lever", "dose", "field", "before", "after"],
    )
    return counted


@cache
def model_digest() -> str:
    """Hash of the model's source and tables: what else a cell depends on."""
    digest = hashlib.sha256()
    files = [PACKAGE / "model.py", *(PACKAGE / "runs" / name for name in ("cell.py", "rollout_record.py"))]
    for room in COMPUTES:
        files += [f for f in (PACKAGE / room).rglob("*") if f.suffix in (".py", ".csv", ".json", ".toml")]
    for file in sorted(files, key=lambda f: f.relative_to(PACKAGE).as_posix()):
        digest.update(file.relative_to(PACKAGE).as_posix().encode())
        # line ends differ between platforms' checkouts, the meaning does not
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


@cache
def libraries() -> dict[str, str]:
    """Versions of what computes numbers."""
    from importlib.metadata import version

    found = {name: version(name) for name in ("mesa", "numpy", "pandas", "scipy", "numba", "pyarrow")}
    return found | {"python": platform.python_version(), "machine": platform.machine()}


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
