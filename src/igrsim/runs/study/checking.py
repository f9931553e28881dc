"""Whether a study can be run: its names, numbers, dates and places against the model."""

from __future__ import annotations

import re
from pathlib import Path

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography
from igrsim.regimes.regime import preset
from igrsim.runs.catalogue import known_names, known_params
from igrsim.runs.ladder import faults_of_ladder
from igrsim.runs.study.faults import line_of
from igrsim.runs.study.parts import Study, TermPart
from igrsim.world.events import faults

MOST_CELLS = 1_000_000
YEARS = (1900, 2200)


def check_study(study: Study, place: str | None, text: str) -> None:
    """Check a study against the model: regimes, levers, parameters, metrics, dates."""

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
    named = [(metric, "primary", "E155") for metric in study.analysis.primary]
    for metric, key, code in [*named, *((metric, "margin", "E240") for metric in study.analysis.margin)]:
        if metric not in known_names("metrics"):
            hint = nearest(metric, known_names("metrics"))
            raise fail(f"unknown metric '{metric}'{hint}", ["analysis", key], code)
    if repeated := [m for m in study.analysis.primary if study.analysis.primary.count(m) > 1]:
        raise fail(f"metric '{repeated[0]}' is named twice", ["analysis", "primary"], "E241")
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
