"""A study: world, arms, futures, replications and what is compared; one TOML, strict at the door."""

from __future__ import annotations

import re
import reprlib
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography
from igrsim.regimes.regime import Regime, Term, preset
from igrsim.runs.calibration.parameter_file import check_value, read_parameters
from igrsim.runs.catalogue import known_names, known_params
from igrsim.runs.ladder import faults_of_ladder, ladder_of
from igrsim.world.events import KINDS, AnyEvent, faults

LARGEST_FILE = 1_000_000
MOST_CELLS = 1_000_000
YEARS = (1900, 2200)


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


class TermPart(Part):
    """A lever added in part: where, from when, how far."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    lever: str
    dose: float = Field(1.0, ge=0, le=1)
    scope: list[str] = []
    start: date | None = Field(None, alias="from")


class ArmPart(Part):
    """One arm: a regime and how it differs from it."""

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


class FuturesPart(Part):
    """Plausible parameter values: never mixed with policy."""

    method: Literal["lhs", "none"] = "lhs"
    n: int = Field(8, ge=1, le=10_000)
    pairing: Literal["crossed", "cycled"] = "cycled"
    vary: list[str] | Literal["all"] = "all"


class ReplicationPart(Part):
    """Seed, and how many replications ("worlds")."""

    seed: int = Field(20190821, ge=0, le=2**62)
    worlds: int = Field(10, ge=1, le=100_000)


class AnalysisPart(Part):
    """What is looked at first, stated before the run."""

    primary: list[str] = ["duplicate_spend_share", "hours_per_need", "meeting_hours"]


class LadderPart(Part):
    """Which arm is taken apart into its levers, and how: `igrsim.runs.ladder`."""

    arm: str
    permutations: int = Field(16, ge=2, le=10_000)
    metrics: list[str] = []


class RuntimePart(Part):
    """How it is computed; never part of what it is."""

    workers: int | Literal["auto"] = "auto"


class Study(Part):
    """A whole study."""

    title: str
    world: WorldPart = WorldPart()
    arms: dict[str, ArmPart]
    event: list[AnyEvent] = []
    futures: FuturesPart = FuturesPart()
    replication: ReplicationPart = ReplicationPart()
    analysis: AnalysisPart = AnalysisPart()
    ladder: LadderPart | None = None
    runtime: RuntimePart = RuntimePart()

    @property
    def reference(self) -> str:
        """The arm the others are compared with: the one that says so, or the first."""
        return next((name for name, arm in self.arms.items() if arm.reference), next(iter(self.arms)))

    @property
    def pairs(self) -> int:
        """In how many pairs of world and future each arm is run."""
        return self.replication.worlds * (self.futures.n if self.futures.pairing == "crossed" else 1)

    @property
    def cells(self) -> int:
        """How many runs: of each arm, and of each combination of levers that is no arm."""
        rungs = ladder_of(self)
        return self.pairs * (len(self.arms) + (len(rungs.coalitions) - 2 if rungs else 0))

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
        for name, arm in data["arms"].items():
            arm["reference"] = name == self.reference
            arm["rollout"] = self.arms[name].rollout or self.regime(name).rollout
            # the same order whether a roll-out was named or not: the file is the same when run again
            data["arms"][name] = {key: arm[key] for key in ArmPart.model_fields}
        return data


def read_study(path: Path, overrides: list[str] | None = None) -> tuple[Study, str]:
    """A study from its file.

    Parameters
    ----------
    path : Path
    overrides : list of str
        ``key=value`` pairs, ``world.months=12``.

    Returns
    -------
    study : Study
    text : str
        As written.

    Raises
    ------
    InputError
        One line with the place and the nearest right spelling.
    """
    place = str(path)
    if path.is_dir():
        raise InputError("this is a folder; a study file (TOML) is needed", file=place, code="E130")
    try:
        with path.open("rb") as handle:
            raw = handle.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot be read: {reason}", file=place, code="E131") from None
    if len(raw) > LARGEST_FILE:
        raise InputError(f"is no study file: larger than {LARGEST_FILE} bytes", file=place, code="E132")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=place, code="E133") from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else None
        raise InputError(f"is no TOML: {error}", file=place, line=line, code="E134") from None
    if not data:
        raise InputError("is empty; a study needs a title and arms", file=place, line=1, code="E135")
    for override in overrides or []:
        _override(data, override)
    return make_study(data, place, text), text


def make_study(data: dict[str, Any], place: str | None = None, text: str = "") -> Study:
    """A study from its data, checked against the model: regimes, levers, parameters, metrics, dates."""
    data = _with_parameters(data, place, text)
    try:
        study = Study.model_validate(_dates(data))
    except ValidationError as error:
        raise _first(error, data, place, text) from None
    _check(study, place, text)
    return study


def _with_parameters(data: dict[str, Any], place: str | None, text: str) -> dict[str, Any]:
    """A study whose parameter file, if it names one, is read: what it says is part of the study from here on."""
    world = data.get("world")
    if not isinstance(world, dict) or "calibration" not in world:
        return data
    given, line = world["calibration"], line_of(text, ["world", "calibration"])
    if isinstance(given, dict):
        for name, value in given["set"].items() if isinstance(given.get("set"), dict) else ():
            try:
                check_value(name, value)
            except InputError as error:
                error.file, error.line = place, line_of(text, ["world", "calibration", "set", name]) or line
                raise
        return data
    if not isinstance(given, str):
        raise InputError(
            f"world.calibration = {reprlib.repr(given)}: the name of a parameter file is needed",
            file=place, line=line, code="E142",
        )  # fmt: skip
    found = read_parameters(Path(given))
    return data | {"world": world | {"calibration": {"file": found.file, "model": found.model, "set": found.set}}}


def _dates(data: dict[str, Any]) -> dict[str, Any]:
    world, events = data.get("world"), data.get("event")
    if isinstance(world, dict):
        data = data | {"world": _dated(world, "start")}
    arms = data.get("arms")
    if isinstance(arms, dict):
        dated = {}
        for name, arm in arms.items():
            if isinstance(arm, dict) and isinstance(arm.get("add"), list):
                arm = arm | {"add": [_dated(a, "from") if isinstance(a, dict) else a for a in arm["add"]]}
            dated[name] = arm
        data = data | {"arms": dated}
    if isinstance(events, list):
        data = data | {"event": [_dated(e, "date", "until") if isinstance(e, dict) else e for e in events]}
    return data


def _dated(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A table whose dates may stand in quotes."""
    found = dict(table)
    for key in keys:
        if isinstance(table.get(key), str):
            try:
                found[key] = date.fromisoformat(table[key])
            except ValueError:
                continue
    return found


def _first(error: ValidationError, data: dict[str, Any], place: str | None, text: str) -> InputError:
    # a misspelt key is also a missing one: its spelling is what helps
    # a lever added in part is a table: that it is no plain name says nothing
    faults = [
        f
        for f in error.errors()
        if not ("add" in f["loc"] and f["type"] == "string_type" and isinstance(f["input"], dict))
    ]
    fault = min(faults or error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    where = [str(part) for part in fault["loc"]]
    # a union's member, a kind or a dict's key marker is not part of the address
    if where[0] == "event":
        where = [p for p in where if p not in KINDS]
    else:
        member = r"^(str|int|list|literal|constrained|float|date|TermPart)(\[|$|-)"
        where = [p for p in where if not re.match(member, p) and p != "[key]"]
    key = where[-1] if where else ""
    # an inline table's keys stand on the table's own line
    line = next((at for n in range(len(where), 0, -1) if (at := line_of(text, where[:n]))), None)
    address = ".".join(where)
    if fault["type"] == "extra_forbidden":
        known = _known_keys(where, data)
        return InputError(f"unknown key '{address}'{nearest(key, known)}", file=place, line=line, code="E140")
    if fault["type"] == "missing":
        return InputError(f"'{address}' is missing", file=place, line=line, code="E141")
    if fault["type"] == "union_tag_not_found":
        raise InputError(f"'{address}.kind' is missing{nearest('', KINDS)}", file=place, line=line, code="E141")
    if fault["type"] == "union_tag_invalid":
        kind, line = str(fault["ctx"]["tag"]), line_of(text, [*where, "kind"]) or line
        raise InputError(f"unknown kind of event '{kind}'{nearest(kind, KINDS)}", file=place, line=line, code="E170")
    given = fault.get("input")
    words = given.isoformat() if isinstance(given, date) else reprlib.repr(given)
    return InputError(
        f"{address} = {words}: {fault['msg'].lower().removeprefix('value error, ')}", file=place, line=line, code="E142"
    )


def _known_keys(where: list[str], data: dict[str, Any]) -> list[str]:
    parts: dict[str, type[BaseModel]] = {
        "world": WorldPart,
        "world.calibration": CalibrationPart,
        "futures": FuturesPart,
        "replication": ReplicationPart,
        "analysis": AnalysisPart,
        "ladder": LadderPart,
        "runtime": RuntimePart,
    }
    if len(where) == 1:
        return list(Study.model_fields)
    if where[0] == "event":
        return list(KINDS[data["event"][int(where[1])]["kind"]].model_fields)
    if where[0] == "arms":
        return ["lever", "dose", "scope", "from"] if "add" in where else list(ArmPart.model_fields)
    table = ".".join(where[:-1])
    return list(parts[table].model_fields) if table in parts else []


def line_of(text: str, where: list[str]) -> int | None:
    """The line on which a key stands, searched within its own table."""
    if not text or not where:
        return None
    table = ".".join(where[:-1])
    inside = table == ""
    best = None
    nth: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            name = header.group(1).replace('"', "")
            if line.lstrip().startswith("[["):
                nth[name] = nth.get(name, -1) + 1
                name = f"{name}.{nth[name]}"
            inside = name == table
            if name == ".".join(where):
                return number
            if name == table:
                best = number
        elif inside and re.match(rf'\s*"?{re.escape(where[-1])}"?\s*=', line):
            return number
    return best


def _check(study: Study, place: str | None, text: str) -> None:
    def fail(message: str, where: list[str], code: str) -> InputError:
        return InputError(message, file=place, line=line_of(text, where), code=code)

    if not study.arms:
        raise fail("a study needs at least one arm", ["arms"], "E143")
    if sum(arm.reference for arm in study.arms.values()) > 1:
        raise fail("two arms say that they are the reference; one can be", ["arms"], "E144")
    if study.world.start.day != 1:
        raise fail("start must be the first day of a month", ["world", "start"], "E145")
    last = study.world.start.year + (study.world.start.month - 1 + study.world.months - 1) // 12
    if not YEARS[0] <= study.world.start.year <= last <= YEARS[1]:
        raise fail(f"months must lie between {YEARS[0]} and {YEARS[1]}", ["world", "start"], "E145")
    pairs = study.pairs
    if pairs * len(study.arms) > MOST_CELLS:
        raise fail(
            f"{pairs * len(study.arms)} cells = {len(study.arms)} arms x {pairs} pairs of futures and worlds; "
            f"at most {MOST_CELLS}: fewer worlds or futures, or pairing = 'cycled'",
            ["replication", "worlds"],
            "E158",
        )
    for number, event in enumerate(study.event):
        if event.date < study.world.start:
            raise fail(
                f"event on {event.date.isoformat()}: lies before the start of the study, {study.world.start.isoformat()}",
                ["event", str(number), "date"],
                "E172",
            )
    if isinstance(study.world.citizens, int) and study.world.citizens < 1:
        raise fail('citizens must be at least 1, or "everyone"', ["world", "citizens"], "E146")
    if isinstance(study.runtime.workers, int) and not 1 <= study.runtime.workers <= 1024:
        raise fail('workers must be 1 to 1024, or "auto"', ["runtime", "workers"], "E147")
    known, levers = known_params(), known_names("levers")
    for name, arm in study.arms.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", name):
            raise fail(f"arm name '{name}' may hold letters, digits, - and _ only", ["arms", name], "E148")
        try:
            regime = study.regime(name)
        except InputError as error:
            raise fail(error.message, ["arms", name, "regime"], error.code) from None
        for lever in [*arm.added, *arm.drop]:
            if lever not in levers:
                where = ["arms", name, "add" if lever in arm.added else "drop"]
                raise fail(f"unknown lever '{lever}'{nearest(lever, levers)}", where, "E149")
        for lever in arm.drop:
            if lever not in preset(arm.regime).levers:
                raise fail(f"lever '{lever}' is not in regime '{regime.name}'", ["arms", name, "drop"], "E150")
        for lever in arm.added:
            if lever in preset(arm.regime).levers or arm.added.count(lever) > 1:
                raise fail(f"lever '{lever}' is there already", ["arms", name, "add"], "E151")
        spaces = load_geography().spaces.index
        placed = [c for a in arm.add if isinstance(a, TermPart) for c in a.scope]
        for key, codes in (("add", placed), ("shared_hubs", [c for g in arm.shared_hubs for c in g])):
            for code in codes:
                if code not in spaces:
                    raise fail(f"unknown space '{code}'{nearest(code, spaces)}", ["arms", name, key], "E114")
        grouped = [c for g in arm.shared_hubs for c in g]
        if len(set(grouped)) < len(grouped):
            raise fail("a space shares one hub only", ["arms", name, "shared_hubs"], "E159")
        for param, value in arm.set.items():
            if param not in known:
                raise fail(f"unknown parameter '{param}'{nearest(param, known)}", ["arms", name, "set"], "E152")
            try:
                known[param].check(value)
            except InputError as error:
                raise fail(error.message, ["arms", name, "set"], error.code) from None
    if isinstance(study.futures.vary, list):
        for param in study.futures.vary:
            if param not in known:
                raise fail(f"unknown parameter '{param}'{nearest(param, known)}", ["futures", "vary"], "E153")
            if known[param].choice:
                raise fail(
                    f"'{param}' is a choice of policy, not an uncertainty; set it in an arm",
                    ["futures", "vary"],
                    "E154",
                )
    for metric in study.analysis.primary:
        if metric not in known_names("metrics"):
            hint = nearest(metric, known_names("metrics"))
            raise fail(f"unknown metric '{metric}'{hint}", ["analysis", "primary"], "E155")
    for fault in faults_of_ladder(study, MOST_CELLS // pairs):
        raise fail(*fault)


def check_places(study: Study, place: str | None = None, text: str = "") -> None:
    """Whether the scope, the user's points and forums and the roll-outs can be opened, and events are of what there is.

    Raises
    ------
    InputError
        One line, before anything is computed.
    """
    from igrsim.kernel.clock import Clock
    from igrsim.places.forum_landscape import open_landscape
    from igrsim.places.geography import load_service_points
    from igrsim.places.scopes import geography_of, open_scope
    from igrsim.regimes.rollout import plan_rollout

    points = Path(study.world.points) if study.world.points else None
    where = ["world", "scope"]
    try:
        geography = open_scope(study.world.scope, points)[0] if points else geography_of(study.world.scope)
        where = ["world", "forums"]
        if study.world.forums:
            open_landscape(Path(study.world.forums), geography)
        clock = Clock(study.world.start, study.world.months)
        for name, arm in study.arms.items():
            where = ["arms", name, "rollout"]
            plan_rollout(arm.rollout or study.regime(name).rollout, geography, clock, load_geography())
        offices: set[str] = set()
        if any(hasattr(event, "office") for event in study.event):
            offices = {*open_scope(study.world.scope, points)[1]["code"], *load_service_points()["code"]}
        for number, event in enumerate(study.event):
            for key, fault in faults(event, geography, tuple(sorted(offices))):
                where = ["event", str(number), key]
                raise InputError(fault, code="E171")
    except InputError as error:
        if error.file is None:
            error.file, error.line = place, line_of(text, where)
        raise


def _override(data: dict[str, Any], override: str) -> None:
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise InputError(f"-s {override}: write key=value, for example world.months=12", code="E156")
    try:
        parsed = tomllib.loads(f"x = {value}")["x"]
    except (tomllib.TOMLDecodeError, RecursionError):
        parsed = value
    *tables, last = key.strip().split(".")
    here = data
    for table in tables:
        here = here.setdefault(table, {})
        if not isinstance(here, dict):
            raise InputError(f"-s {override}: '{table}' is no table", code="E157")
    here[last] = parsed


def write_resolved(study: Study) -> str:
    """The resolved study as TOML; run again it gives the same bytes."""
    return tomli_w.dumps(study.resolved())
