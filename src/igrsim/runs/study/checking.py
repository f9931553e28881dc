"""Whether a study can be run: its names, numbers, dates and places against the model."""

from __future__ import annotations

import re
import reprlib
from pathlib import Path

from igrsim.kernel.errors import InputError, nearest
from igrsim.regimes.limits import read_limits
from igrsim.runs.catalogue import known_names, known_params
from igrsim.runs.executors import check_executor
from igrsim.runs.futures import count
from igrsim.runs.ladder import faults_of_ladder
from igrsim.runs.rivals import faults_of_rivals
from igrsim.runs.study.checking_decisions import faults_of_decisions
from igrsim.runs.study.checking_futures import faults_of_futures
from igrsim.runs.study.excluding import arms_left_out, faults_of_conditions, faults_of_names
from igrsim.runs.study.expecting import faults_of_checks
from igrsim.runs.study.faults import fault_at, placed, shortened
from igrsim.runs.study.parts import Study, WorldsPart
from igrsim.runs.study.size import looks_of, pairs_of
from igrsim.world.events import faults

MOST_CELLS = 1_000_000
LONGEST_TITLE = 200
YEARS = (1900, 2200)
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


def check_study(study: Study) -> None:
    """Check a study against the model: regimes, levers, parameters, metrics, dates."""

    def fail(message: str, where: list[str], code: str, value: bool = True) -> InputError:
        return fault_at(study.whereabouts, message, where, code, value)

    title = study.title
    if not title.strip() or not title.isprintable() or len(title) > LONGEST_TITLE:
        words = f"title = {reprlib.repr(title)}: one line of 1 to {LONGEST_TITLE} characters is needed"
        raise fail(words, ["title"], "E225")
    if study.world.start.day != 1:
        raise fail("start must be the first day of a month", ["world", "start"], "E145")
    last = study.world.start.year + (study.world.start.month - 1 + study.world.months - 1) // 12
    if not YEARS[0] <= study.world.start.year <= last <= YEARS[1]:
        raise fail(f"months must lie between {YEARS[0]} and {YEARS[1]}", ["world", "start"], "E145")
    worlds = study.replication.worlds
    if isinstance(worlds, WorldsPart) and worlds.min > worlds.max:
        raise fail(f"min = {worlds.min} is more than max = {worlds.max}", ["replication", "worlds"], "E242")
    if isinstance(worlds, WorldsPart) and looks_of(study)[-1] < worlds.min:
        n = count(study.futures)
        words = (
            f"no whole round of {n} futures ends between min = {worlds.min} and max = {worlds.max} worlds: "
            f"max = {-(-worlds.min // n) * n} or more is needed, or pairing = 'crossed'"
        )
        raise fail(words, ["replication", "worlds"], "E246")
    if isinstance(worlds, int) and study.replication.stop:
        words = "stop is for a number of worlds that is not fixed: worlds = { min = 20, max = 200 }"
        raise fail(words, ["replication", "stop"], "E243", False)
    if study.futures.method == "morris" and (isinstance(worlds, WorldsPart) or study.ladder):
        words = "method = 'morris' screens numbers and concludes nothing of differences:"
        if study.ladder:
            raise fail(f"{words} a ladder needs other futures", ["ladder"], "E247", False)
        raise fail(f"{words} give a number of worlds", ["replication", "worlds"], "E247")
    for fault in faults_of_futures(study.futures, looks_of(study)[0]):
        raise fail(*fault)
    pairs = pairs_of(study)
    if pairs * len(study.arms) > MOST_CELLS:
        raise fail(
            f"{pairs * len(study.arms)} cells = {len(study.arms)} arms x {pairs} pairs of futures and worlds; "
            f"at most {MOST_CELLS}: {_fewer(study)}",
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
    if study.runtime.executor is not None:
        try:
            check_executor(study.runtime.executor)
        except InputError as error:
            raise fail(error.message, ["runtime", "executor"], error.code) from None
    if study.runtime.cell_minutes is not None and study.runtime.executor in ("threads", "inline"):
        words = f"cell_minutes: {study.runtime.executor} cannot be ended when a cell hangs; executor = 'processes' can"
        raise fail(words, ["runtime", "cell_minutes"], "E325")
    known, levers = known_params(), known_names("levers")
    for name, arm in study.arms.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", name):
            words = f"arm name '{shortened(name)}' may hold letters, digits, - and _ only, and up to 64 of them"
            raise fail(words, ["arms", name], "E148", False)
        if RESERVED.fullmatch(name):
            words = f"arm name '{name}' is kept by Windows for a device: files could not be called so"
            raise fail(words, ["arms", name], "E148", False)
        try:
            study.regime(name)
        except InputError as error:
            raise fail(error.message, ["arms", name, "regime"], error.code) from None
        for key, names in (("add", arm.added), ("drop", [drop.lever for drop in arm.dropped])):
            for number, lever in enumerate(names):
                if lever not in levers:
                    where = ["arms", name, key, str(number)]
                    raise fail(f"unknown lever '{shortened(lever)}'{nearest(lever, levers)}", where, "E149")
        for fault in faults_of_decisions(study, name):
            raise fail(*fault)
        spaces = known_names("spaces")
        placed_in = [
            ([key, str(n), "scope"], part.scope)
            for key, parts in (("add", arm.add), ("drop", arm.drop))
            for n, part in enumerate(parts)
            if not isinstance(part, str)
        ] + [(["shared_hubs", str(n)], group) for n, group in enumerate(arm.shared_hubs)]
        for keys, codes in placed_in:
            for number, code in enumerate(codes):
                if code not in spaces:
                    where = ["arms", name, *keys, str(number)]
                    raise fail(f"unknown space '{shortened(code)}'{nearest(code, spaces)}", where, "E114")
        for key in ("money", "specialists"):
            try:
                read_limits(**{"money": None, "specialists": None, key: getattr(arm, key)})
            except InputError as error:
                raise fail(error.message, ["arms", name, key], error.code) from None
        grouped = [c for g in arm.shared_hubs for c in g]
        if len(set(grouped)) < len(grouped):
            raise fail("a space shares one hub only", ["arms", name, "shared_hubs"], "E159")
        for param, value in arm.set.items():
            where = ["arms", name, "set", param]
            if param not in known:
                raise fail(f"unknown parameter '{shortened(param)}'{nearest(param, known)}", where, "E152", False)
            try:
                known[param].check(value)
            except InputError as error:
                raise fail(error.message, where, error.code) from None
    primary = study.analysis.primary
    named = [(metric, ["analysis", "primary", str(number)], "E155") for number, metric in enumerate(primary)]
    named += [(metric, ["analysis", "margin", metric], "E240") for metric in study.analysis.margin]
    named += [(stop.on, ["replication", "stop", "on"], "E244") for stop in (study.replication.stop,) if stop]
    for metric, spot, code in named:
        if metric not in known_names("metrics"):
            words = f"unknown metric '{shortened(metric)}'{nearest(metric, known_names('metrics'))}"
            raise fail(words, spot, code)
    if repeated := [number for number, metric in enumerate(primary) if metric in primary[:number]]:
        where = ["analysis", "primary", str(repeated[0])]
        raise fail(f"metric '{primary[repeated[0]]}' is named twice", where, "E241")
    for fault in faults_of_ladder(study, MOST_CELLS // pairs):
        raise fail(*fault)
    for fault in faults_of_conditions(study):
        raise fail(*fault)
    for fault in faults_of_checks(study):
        raise fail(*fault)
    for fault in faults_of_rivals(study, MOST_CELLS // pairs):
        raise fail(*fault)


def without_excluded_arms(study: Study) -> Study:
    """A study without the arms that it leaves out altogether."""
    if not study.arms:
        raise fault_at(study.whereabouts, "a study needs at least one arm", ["arms"], "E143")
    references = [name for name, arm in study.arms.items() if arm.reference]
    if len(references) > 1:
        words = f"two arms say that they are the reference ({references[0]} and {references[1]}); one can be"
        raise fault_at(study.whereabouts, words, ["arms", references[1], "reference"], "E144")
    for fault in faults_of_names(study):
        raise fault_at(study.whereabouts, *fault)
    gone = arms_left_out(study)
    arms = {name: arm for name, arm in study.arms.items() if name not in gone}
    exclude = [part for part in study.exclude if part.when is not None]
    return study.model_copy(update={"arms": arms, "exclude": exclude}) if gone else study


def _fewer(study: Study) -> str:
    """How a study could have fewer cells."""
    if study.futures.method in ("sobol", "morris") and study.futures.vary == "all":
        return "fewer worlds or base points, or fewer parameters in futures.vary"
    return "fewer worlds or futures" + (", or pairing = 'cycled'" if study.futures.method == "lhs" else "")


def _plainly_placed(study: Study) -> bool:
    """Whether a study is about places that the catalogue names, with nothing that has to be opened to be checked."""
    world = study.world
    spaces, scopes = known_names("spaces"), known_names("scopes")
    known = world.scope in scopes if isinstance(world.scope, str) else world.scope and set(world.scope) <= set(spaces)
    plans = {arm.rollout or study.regime(name).rollout for name, arm in study.arms.items()} <= set(
        known_names("rollouts")
    )
    return bool(known and plans and not world.points and not world.forums and not study.event)


def check_places(study: Study) -> None:
    """Whether the scope, the user's points and forums and the roll-outs can be opened, and events are of what there is.

    Raises
    ------
    InputError
        One line, before anything is computed.
    """
    if _plainly_placed(study):
        return
    from igrsim.kernel.clock import Clock
    from igrsim.places.forum_landscape import open_landscape
    from igrsim.places.geography import load_geography, load_service_points
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
        raise placed(error, study.whereabouts, where) from None
