"""The parts of a study: world, arms, futures, replications, what is compared, how it is computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from igrsim.regimes.regime import Regime, Term, preset
from igrsim.runs.ladder import ladder_of
from igrsim.runs.rivals import rivals_of
from igrsim.runs.study.whereabouts import Whereabouts
from igrsim.world.events import AnyEvent
from igrsim.world.planners._base import USUAL


class Part(BaseModel):
    """A part of a study: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CalibrationPart(Part):
    """Values of a parameter file, in place of defaults: where they are from, and which model it was made with."""

    file: str
    model: str = ""
    set: dict[str, float | int] = {}


class WorldPart(Part):
    """Where, when, how many people; and numbers that stand at other values than their defaults in every arm."""

    scope: str | list[str] = "country"
    start: date = date(2019, 4, 1)
    months: int = Field(60, ge=1, le=600)
    citizens: int | Literal["everyone"] = 200_000
    points: str | None = None
    forums: str | None = None
    calibration: CalibrationPart | None = None
    planners: str = USUAL


class TermPart(Part):
    """A lever added in part: where, from when, how far."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    lever: str
    dose: float = Field(1.0, ge=0, le=1)
    scope: list[str] = []
    start: date | None = Field(None, alias="from")


class ArmPart(Part):
    """One arm: a regime and how it differs from it.

    Attributes
    ----------
    extends : str
        Another arm, all of which it takes over but what it says itself; laid out in full when a study is read.
    """

    extends: None = None
    regime: str
    reference: bool = False
    rollout: str | None = None
    set: dict[str, float | int] = {}
    add: list[str | TermPart] = []
    drop: list[str] = []
    shared_hubs: list[list[str]] = []

    @property
    def added(self) -> list[str]:
        """Names of the levers added."""
        return [a if isinstance(a, str) else a.lever for a in self.add]


WANTED: dict[str, tuple[str, ...]] = {
    "lhs": ("n", "vary"),
    "sobol": ("n", "vary"),
    "morris": ("n", "levels", "vary"),
    "grid": ("values",),
    "zip": ("values",),
    "table": ("table",),
    "none": ("n", "levels", "vary", "values", "table"),
}
"""The keys that each method of making futures has a use for; without futures, the others may stand for another day."""


class FuturesPart(Part):
    """Plausible parameter values: never mixed with policy.

    Attributes
    ----------
    method : str
        ``lhs`` (Latin hypercube), ``sobol`` (Saltelli's design), ``morris`` (trajectories of one change at a time), all over
        the parameters' own ranges; ``grid`` (all combinations of values), ``zip`` (values side by side), ``table`` (a CSV).
    n : int
        Futures of a Latin hypercube; base points of ``sobol``, which makes n (k + 2) futures of k parameters;
        trajectories of ``morris``, which makes n (k + 1).
    levels : int
        Of the grid on which ``morris`` walks.
    pairing : str
        Every future in every world, or world i in future i mod n.
    vary : list of str or "all"
        Parameters that are drawn.
    values : dict of str to list
        What ``grid`` and ``zip`` give each parameter.
    table : str
        A file: one column a parameter, one row a future.
    """

    method: Literal["lhs", "sobol", "morris", "grid", "zip", "table", "none"] = "lhs"
    n: int = Field(8, ge=1, le=10_000)
    levels: int = Field(4, ge=2, le=100)
    pairing: Literal["crossed", "cycled"] = "cycled"
    vary: list[str] | Literal["all"] = "all"
    values: dict[str, list[float | int]] = {}
    table: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _crossed(cls, data: Any) -> Any:
        # a design that is analysed as a whole, or that its author wrote out, is run as a whole
        if isinstance(data, dict) and data.get("method") in ("sobol", "morris", "grid", "zip", "table"):
            return {"pairing": "crossed"} | data
        return data

    def used(self) -> dict[str, Any]:
        """What decides the futures: the keys that the method has a use for."""
        if self.method == "none":
            return {"method": "none", "pairing": self.pairing}
        return self.model_dump(include={"method", "pairing", *WANTED[self.method]})


class WorldsPart(Part):
    """A number of worlds that is not fixed: the fewest and the most."""

    min: int = Field(ge=2, le=100_000)
    max: int = Field(ge=2, le=100_000)


class StopPart(Part):
    """Stop when the interval of a metric's mean difference is so narrow in every arm: half its width, in its unit."""

    on: str
    half_width: float = Field(gt=0, allow_inf_nan=False)


class ReplicationPart(Part):
    """Seed, how many replications ("worlds"), and when to stop if their number is not fixed."""

    seed: int = Field(20190821, ge=0, le=2**62)
    worlds: Annotated[int, Field(ge=1, le=100_000)] | WorldsPart = 10
    stop: StopPart | None = None


class AnalysisPart(Part):
    """What is looked at first and how it is judged, stated before the run; and whether one cell is computed twice.

    Margins are differences that matter, in the metric's unit.
    """

    primary: list[str] = ["duplicate_spend_share", "hours_per_need", "meeting_hours"]
    margin: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    adjust: Literal["holm", "none"] = "holm"
    audit: bool = True


class LadderPart(Part):
    """Which arm is taken apart into its levers, and how: `igrsim.runs.ladder`."""

    arm: str
    permutations: int = Field(16, ge=2, le=10_000)
    metrics: list[str] = []


class RivalsPart(Part):
    """Under which rival theories of how officials decide the arms are run again: `igrsim.runs.rivals`."""

    planners: list[str]
    metrics: list[str] = []


class RuntimePart(Part):
    """How it is computed; never part of what it is.

    Attributes
    ----------
    executor : str, optional
        processes, threads, inline (this process), dask or dask://HOST:PORT; processes unless one worker is asked for.
    cell_minutes : float, optional
        After how long on one cell a worker has hung; without it, after many times what the slowest cell took.
    """

    workers: int | Literal["auto"] = "auto"
    executor: str | None = None
    cell_minutes: float | None = Field(None, gt=0)

    @property
    def crew(self) -> str:
        """Name of the executor."""
        # one worker that nothing watches over needs no process of its own
        alone = self.workers == 1 and self.cell_minutes is None
        return self.executor or ("inline" if alone else "processes")


class Study(Part):
    """A whole study.

    Attributes
    ----------
    extends : str
        Another study file, table by table under this one; laid out in full when a file is read.
    """

    extends: None = None
    title: str
    world: WorldPart = WorldPart()
    arms: dict[str, ArmPart]
    event: list[AnyEvent] = []
    futures: FuturesPart = FuturesPart()
    replication: ReplicationPart = ReplicationPart()
    analysis: AnalysisPart = AnalysisPart()
    ladder: LadderPart | None = None
    rivals: RivalsPart | None = None
    runtime: RuntimePart = RuntimePart()
    _whereabouts: Whereabouts = PrivateAttr(default_factory=Whereabouts)

    @property
    def whereabouts(self) -> Whereabouts:
        """Where its keys stand."""
        return self._whereabouts

    def placed_at(self, whereabouts: Whereabouts) -> Study:
        """The study, which knows where its keys stand."""
        self._whereabouts = whereabouts
        return self

    @property
    def reference(self) -> str:
        """The arm the others are compared with: the one that says so, or the first."""
        return next((name for name, arm in self.arms.items() if arm.reference), next(iter(self.arms)))

    @property
    def pairs(self) -> int:
        """In how many pairs of world and future each arm is run, at most."""
        from igrsim.runs.futures import count

        return self.looks[-1] * (count(self.futures) if self.futures.pairing == "crossed" else 1)

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of worlds after which the study may stop; the only one, where their number is fixed.

        They double. Where worlds go round the futures, each look has every future equally often.
        """
        from igrsim.runs.futures import count

        worlds = self.replication.worlds
        if isinstance(worlds, int):
            return (worlds,)
        n = count(self.futures) if self.futures.pairing == "cycled" else 1
        each = n if n < worlds.max else 1
        cap, wanted = worlds.max // each * each, worlds.min
        found: list[int] = []
        while not found or found[-1] < cap:
            found.append(min(-(-wanted // each) * each, cap))
            wanted = 2 * found[-1]
        return tuple(found)

    @property
    def cells(self) -> int:
        """How many runs: of each arm, of each combination of levers that is no arm, and of each arm under each rival theory."""
        rungs, rivals = ladder_of(self), rivals_of(self)
        audit = self.analysis.audit and not self.twins
        again = len(rivals.planners) * len(self.arms) if rivals else 0
        return self.pairs * (len(self.arms) + (len(rungs.coalitions) - 2 if rungs else 0) + again) + audit

    @property
    def twins(self) -> bool:
        """Whether two arms are one and the same: the study is itself an audit."""
        found = set()
        for name, arm in self.arms.items():
            regime = self.regime(name)
            choices = tuple(sorted(self.choices(name).items()))
            rollout = arm.rollout or regime.rollout
            found.add((tuple(sorted(regime.levers)), regime.terms, choices, regime.shared_hubs, rollout))
        return len(found) < len(self.arms)

    def regime(self, arm: str) -> Regime:
        """An arm's regime, with the levers it adds and drops."""
        part = self.arms[arm]
        base = preset(part.regime)
        if not part.add and not part.drop and not part.shared_hubs:
            return base
        bundle = sorted((set(base.levers) | set(part.added)) - set(part.drop))
        terms = [
            Term(a.lever, float(a.dose), tuple(a.scope), a.start.isoformat() if a.start else "")
            for a in part.add
            if isinstance(a, TermPart)
        ]
        return replace(
            base,
            title=f"{base.title}, changed",
            levers=tuple(bundle),
            terms=(*(t for t in base.terms if t.lever in bundle), *terms),
            shared_hubs=tuple(tuple(g) for g in part.shared_hubs) or base.shared_hubs,
        )

    @property
    def calibrated(self) -> dict[str, float]:
        """Values that take the place of defaults in every arm."""
        part = self.world.calibration
        return {name: float(value) for name, value in part.set.items()} if part else {}

    def params(self, arm: str, future: dict[str, float]) -> dict[str, float]:
        """Parameters of an arm in a future: calibrated values, the future's over them, the arm's own over both."""
        return self.calibrated | future | self.choices(arm)

    def choices(self, arm: str) -> dict[str, float]:
        """Parameters that an arm sets: those of its regime, and its own over them."""
        return dict(self.regime(arm).choices) | {name: float(value) for name, value in self.arms[arm].set.items()}

    def resolved(self) -> dict[str, Any]:
        """Everything that decides the results, defaults filled in."""
        hidden = {"runtime"} if self.event else {"runtime", "event"}
        data = self.model_dump(exclude=hidden, exclude_none=True, by_alias=True)
        data["futures"] = self.futures.used()
        for name, arm in data["arms"].items():
            arm["reference"] = name == self.reference
            arm["rollout"] = self.arms[name].rollout or self.regime(name).rollout
            # the same order whether a roll-out was named or not: the file is the same when run again
            data["arms"][name] = {key: arm[key] for key in ArmPart.model_fields if key in arm}
        return data
