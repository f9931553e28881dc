"""The parts of a study: world, arms, futures, replications, what is compared, how it is computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from igrsim.regimes.decisions import Addition, Drop, decided
from igrsim.regimes.limits import Limits, read_limits
from igrsim.regimes.regime import Regime, Term, preset
from igrsim.runs.study.whereabouts import Whereabouts
from igrsim.world.events import AnyEvent
from igrsim.world.planners._base import USUAL


class Part(BaseModel):
    """A part of a study: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CalibrationPart(Part):
    """Values of a parameter file, in place of defaults: where they are from, and which model it was made with.

    Attributes
    ----------
    file : str
        Name of the parameter file.
    model : str
        Hash of the model it was made with.
    set : dict of str to float
        Parameters and their values.
    """

    file: str
    model: str = ""
    set: dict[str, float | int] = {}


class WorldPart(Part):
    """Where, when, how many people; and numbers that stand at other values than their defaults in every arm.

    Attributes
    ----------
    scope : str or list of str
        The whole country, a province, the pilots, the small world of two towns, or spaces by their codes.
    start : date
        First day of the first month.
    months : int
        How many months are lived.
    citizens : int or "everyone"
        How many people are simulated; each stands for as many as it takes to make up the population.
    people : int
        Total to which the people of the whole country are scaled, such as a later year's; shares stay those of the census.
    points : str
        A file of service points to use in place of the built-in ones.
    forums : str
        A calendar of forums to use in place of the built-in ones.
    calibration : str
        A parameter file whose values take the place of defaults in every arm.
    planners : str
        How officials decide what to plan.
    """

    scope: str | list[str] = "country"
    start: date = date(2019, 4, 1)
    months: int = Field(60, ge=1, le=600)
    citizens: int | Literal["everyone"] = 200_000
    people: int | None = Field(None, ge=1_000_000, le=200_000_000)
    points: str | None = None
    forums: str | None = None
    calibration: CalibrationPart | None = None
    planners: str = USUAL


class TermPart(Part):
    """A lever added in part: where, from when, how far.

    Attributes
    ----------
    lever : str
        The lever.
    dose : float
        How far it is in force, from 0 to 1.
    scope : list of str
        Spaces in which it is; everywhere if none is named.
    start : date
        From when; from the roll-out's date unless said.
    """

    lever: str
    dose: float = Field(1.0, ge=0, le=1)
    scope: list[str] = []
    start: date | None = Field(None, alias="from")


class DropPart(Part):
    """A lever dropped in part: from when, where.

    Attributes
    ----------
    lever : str
        The lever, of the regime or added from an earlier month.
    start : date
        From when it is no longer in force; never in force, without it.
    scope : list of str
        Spaces in which it is not; everywhere if none is named.
    """

    lever: str
    start: date | None = Field(None, alias="from")
    scope: list[str] = []


class ArmPart(Part):
    """One arm: a regime and how it differs from it.

    Attributes
    ----------
    extends : str
        Another arm, all of which it takes over but what it says itself; laid out in full when a study is read.
    regime : str
        The regime it is, or from which it differs.
    reference : bool
        Whether the other arms are compared with it; the first is, if none says so.
    rollout : str
        When each space gets the levers: a schedule by its name, a file (CSV or workbook with columns space and start, TOML), or
        one line (2019-04: DC12 DC15; 2020-04: BUF).
    set : dict of str to float
        Parameters that it sets, whatever the future.
    add : list
        Levers added to the regime's, wholly or in part.
    drop : list
        Levers of the regime that it lacks, wholly, or in part: from a month on, in some spaces.
    shared_hubs : list of list of str
        Spaces that share one hub.
    money : number or dict
        Million rand for hub posts a financial year, or by year; the roll-out's own, or no limit, without it.
    specialists : number or dict
        People fit for hub posts, or by month, with those trained a year; the roll-out's own, or no limit, without it.
    """

    extends: None = None
    regime: str
    reference: bool = False
    rollout: str | None = None
    set: dict[str, float | int] = {}
    add: list[str | TermPart] = []
    drop: list[str | DropPart] = []
    shared_hubs: list[list[str]] = []
    money: float | int | dict[str, float | int] | None = None
    specialists: float | int | dict[str, float | int] | None = None

    @property
    def limits(self) -> Limits:
        """Money and specialists for hubs, where it says so."""
        return read_limits(self.money, self.specialists)

    @property
    def added(self) -> list[str]:
        """Names of the levers added."""
        return [a if isinstance(a, str) else a.lever for a in self.add]

    @property
    def additions(self) -> list[Addition]:
        """The levers added, and in what part."""
        return [
            Addition(a)
            if isinstance(a, str)
            else Addition(a.lever, Term(a.lever, float(a.dose), tuple(a.scope), _iso(a.start)))
            for a in self.add
        ]

    @property
    def dropped(self) -> list[Drop]:
        """The levers dropped, from when and where."""
        return [Drop(d) if isinstance(d, str) else Drop(d.lever, _iso(d.start), tuple(d.scope)) for d in self.drop]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


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
    """A number of worlds that is not fixed.

    Attributes
    ----------
    min : int
        The fewest, after which the study looks first.
    max : int
        The most.
    """

    min: int = Field(ge=2, le=100_000)
    max: int = Field(ge=2, le=100_000)


class StopPart(Part):
    """The precision at which a study stops.

    Attributes
    ----------
    on : str
        Metric whose mean difference is to be known so well, in every arm.
    half_width : float
        Half the width of its interval, in the metric's unit.
    """

    on: str
    half_width: float = Field(gt=0, allow_inf_nan=False)


class ReplicationPart(Part):
    """Seed, how many replications ("worlds"), and when to stop if their number is not fixed.

    Attributes
    ----------
    seed : int
        From which all luck is drawn.
    worlds : int or WorldsPart
        How many replications of each arm and future are run, the same in every arm; or the fewest and the most.
    stop : StopPart
        The precision at which to stop, if the number of worlds is not fixed; without it, once every primary contrast is
        decided.
    """

    seed: int = Field(20190821, ge=0, le=2**62)
    worlds: Annotated[int, Field(ge=1, le=100_000)] | WorldsPart = 10
    stop: StopPart | None = None


class AnalysisPart(Part):
    """What is looked at first and how it is judged, stated before the run; and whether one cell is computed twice.

    Attributes
    ----------
    primary : list of str
        The metrics that the study is about.
    margin : dict of str to float
        Differences that matter, in the metric's unit; of other metrics, one fiftieth of the reference's level.
    adjust : str
        Whether verdicts count the other contrasts: ``holm``, or ``none``.
    audit : bool
        Whether one cell is computed twice, the second time in another order.
    """

    primary: list[str] = ["duplicate_spend_share", "hours_per_need", "meeting_hours"]
    margin: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    adjust: Literal["holm", "none"] = "holm"
    audit: bool = True


class LadderPart(Part):
    """Which arm is taken apart into its levers, and how: `igrsim.runs.ladder`.

    Attributes
    ----------
    arm : str
        The arm that is taken apart; it only adds levers to the reference.
    permutations : int
        In how many orders its levers join, an even number.
    metrics : list of str
        Whose difference is shared out; the primary ones if none is named.
    """

    arm: str
    permutations: int = Field(16, ge=2, le=10_000)
    metrics: list[str] = []


class ExcludePart(Part):
    """Cells that are left out: those of some arms, in futures in which a condition holds.

    Attributes
    ----------
    arms : list of str
        All arms, if none is named; without a condition, these arms are left out altogether.
    when : str
        A condition on parameters that futures vary: ``travel.fare_per_km > 1.2 and trust.initial < 0.3``.
    """

    arms: list[str] = []
    when: str | None = None


class RivalsPart(Part):
    """Under which rival theories of how officials decide the arms are run again: `igrsim.runs.rivals`.

    Attributes
    ----------
    planners : list of str
        The rival theories.
    metrics : list of str
        That are compared; the primary ones if none is named.
    """

    planners: list[str]
    metrics: list[str] = []


class CheckPart(Part):
    """What the author says must hold of an arm beside the reference.

    Attributes
    ----------
    it : str
        The check in the author's words.
    expect : str
        A condition on diff, arm, reference, month and first_wave; ``A while B`` asks for A only where B holds.
    metric : str, optional
        Whose values are compared, month by month and space by space; every count, if none is named.
    arm : str, optional
        The arm that is compared; every arm, if none is named.
    """

    it: str = Field(min_length=1, max_length=200)
    expect: str
    metric: str | None = None
    arm: str | None = None


class RuntimePart(Part):
    """How it is computed; never part of what it is.

    Attributes
    ----------
    workers : int or "auto"
        Processes; as many as cores and memory allow.
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
    title : str
        What the study asks.
    world : table
        Where, when and how many people.
    arms : table of tables
        What is compared, by name.
    event : list of tables
        What befalls the world, the same in every arm.
    exclude : list of tables
        Cells that are left out.
    futures : table
        Plausible values of uncertain parameters.
    replication : table
        Seed and number of replications.
    analysis : table
        What is looked at first, stated before the run.
    ladder : table
        An arm taken apart into its levers.
    rivals : table
        The arms run again under other theories of how officials decide.
    check : list of tables
        What must hold of the results.
    runtime : table
        How it is computed; no part of what it is.
    """

    extends: None = None
    title: str
    world: WorldPart = WorldPart()
    arms: dict[str, ArmPart]
    event: list[AnyEvent] = []
    exclude: list[ExcludePart] = []
    futures: FuturesPart = FuturesPart()
    replication: ReplicationPart = ReplicationPart()
    analysis: AnalysisPart = AnalysisPart()
    ladder: LadderPart | None = None
    rivals: RivalsPart | None = None
    check: list[CheckPart] = []
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

    def regime(self, arm: str) -> Regime:
        """An arm's regime, with the levers it adds and drops."""
        part = self.arms[arm]
        base = preset(part.regime)
        if not part.add and not part.drop and not part.shared_hubs:
            return base
        return replace(
            decided(base, part.additions, part.dropped),
            title=f"{base.title}, changed",
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
        hidden = {"runtime", *(name for name in ("event", "exclude", "check") if not getattr(self, name))}
        data = self.model_dump(exclude=hidden, exclude_none=True, by_alias=True)
        data["futures"] = self.futures.used()
        for name, arm in data["arms"].items():
            arm["reference"] = name == self.reference
            arm["rollout"] = self.arms[name].rollout or self.regime(name).rollout
            # the same order whether a roll-out was named or not: the file is the same when run again
            data["arms"][name] = {key: arm[key] for key in ArmPart.model_fields if key in arm}
        return data
