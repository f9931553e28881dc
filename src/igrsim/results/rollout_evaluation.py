"""Which evaluation could see the effect of a roll-out: power by month and metric, bias against the truth, false alarms, coverage.

The model knows each run with hubs and without; an evaluator sees one path, through reports (`reporting_window`). The effect is
*seen* where a test at 5 % finds it with the right sign; *power* is the share of futures and worlds in which that happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.draws import fold
from igrsim.kernel.errors import InputError
from igrsim.results.other_designs import PLANNED, Starts, effect_by_age, other_starts, rebuilt
from igrsim.results.reporting_window import Window, by_period, errors, in_hand, luck_of, shuffles
from igrsim.results.results import Results
from igrsim.results.staggered import (
    METHODS,
    WITH,
    WITHOUT,
    Weights,
    before_after,
    exposure,
    not_yet_started,
    probability,
    stepped_wedge,
)

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVEL = 0.05
ORDERS = 199
"""Orders by lot that an estimate is tried against."""
TRIED = 20
"""Orders by lot tried in turn on paths without hubs: each alarm is false."""
DETECTABLE = 2.8
"""Standard errors of an effect that is found in four of five cases at 5 % (Bloom 1995)."""
STEP = 6
"""Months between looks."""
COLUMNS = (
    "arm", "metric", "unit", "design", "method", "months", "month", "runs", "power", "power_low", "power_high", "wrong_way",
    "estimate", "estimate_low", "estimate_high", "truth", "truth_so_far", "waiting", "bias", "bias_trend", "bias_comparison", "coverage", "smallest_seen",
    "false_alarms", "false_alarms_by_lot", "reports", "periods_compared", "spaces_with", "spaces_without", "note",
)  # fmt: skip
NO_CONTROLS = "nothing to compare with"
NOTHING = "nothing to find: hubs change it in no run"
UNDEFINED = "not defined without hubs"


@dataclass(frozen=True, eq=False)
class Paths:
    """One arm's paths beside the reference's, run by run.

    Attributes
    ----------
    runs : tuple of (int, int)
        Future and world of each.
    without, under : dict of str to (runs, spaces, months) float
        By metric, in the reference and in the arm.
    slipped : float
        Share of starts within the study that came later than planned, or not by its end, over spaces and runs.
    """

    arm: str
    codes: tuple[str, ...]
    months: tuple[str, ...]
    starts: Starts
    runs: tuple[tuple[int, int], ...]
    without: dict[str, F64]
    under: dict[str, F64]
    slipped: float = 0.0


def arms_with_hubs(results: Results) -> list[str]:
    """Arms in which some space starts with something within the study."""
    spaces = results.manifest["spaces"]
    return [a for a in results.arms if a != results.reference and any(s["hub_from"].get(a) for s in spaces)]


def paths_of(results: Results, arm: str, metrics: Sequence[str]) -> Paths:
    """The paths of an arm and of the reference in the runs that both have.

    Raises
    ------
    InputError
        A reference in which levers are at work, or no run that both have.
    """
    manifest = results.manifest
    if any(s["hub_from"].get(results.reference) for s in manifest["spaces"]):
        words = f"the reference '{results.reference}' starts levers of its own: paths without any are needed"
        raise InputError(words, file=str(results.folder), code="E352")
    done = results.design[results.design["status"] == "done"]
    keys = {name: set(zip(t["future"], t["world"], strict=True)) for name, t in done.groupby("arm")}
    runs = tuple(sorted((int(f), int(w)) for f, w in keys.get(arm, set()) & keys.get(results.reference, set())))
    if not runs:
        raise InputError(f"no run of '{arm}' has a partner under '{results.reference}'", code="E353")
    months = tuple(sorted(str(m) for m in results.monthly["month"].unique()))
    codes = tuple(str(s["code"]) for s in manifest["spaces"])
    place = {month: i for i, month in enumerate(months)}
    starts = tuple(place.get(s["hub_from"].get(arm)) for s in manifest["spaces"])
    without, under = (_cube(results, name, runs, codes, months, metrics) for name in (results.reference, arm))
    return Paths(arm, codes, months, starts, runs, without, under, _slipped(results.milestones, arm, months[-1]))


def _slipped(milestones: pd.DataFrame, arm: str, last: str) -> float:
    """Share of planned starts that money or specialists put off."""
    if not len(milestones):
        return 0.0
    start = milestones[(milestones["arm"] == arm) & (milestones["milestone"] == "taken in")]
    due = start[start["planned"].notna() & (start["planned"] <= last)]
    return float((due["reached"].isna() | (due["reached"] > due["planned"])).mean()) if len(due) else 0.0


def _cube(
    results: Results, arm: str, runs: Sequence[tuple[int, int]], codes: Sequence[str], months: Sequence[str], metrics: Sequence[str]
) -> dict[str, F64]:  # fmt: skip
    frame = results.monthly[results.monthly["arm"] == arm]
    shape = (len(runs), len(codes), len(months))
    of_run = {run: i for i, run in enumerate(runs)}
    r = np.array([of_run.get((f, w), -1) for f, w in zip(frame["future"], frame["world"], strict=True)])
    s = pd.Index(codes).get_indexer(pd.Index(frame["space"]))
    m = pd.Index(months).get_indexer(pd.Index(frame["month"]))
    keep = (r >= 0) & (s >= 0) & (m >= 0)
    found = {}
    for metric in metrics:
        cube = np.full(shape, np.nan)
        cube[r[keep], s[keep], m[keep]] = frame[metric].to_numpy(float)[keep]
        found[metric] = cube
    return found


@dataclass(frozen=True)
class Judged:
    """What one look at one run found, with one method.

    Attributes
    ----------
    estimate, p : float
        NaN where there is nothing to compare.
    truth : float
        Mean effect on what the method says it estimates.
    so_far : float
        Mean effect on every space with a hub, all its months so far.
    waiting : float
        Mean change in spaces that still wait for their hub while others have one: nought unless something spills over.
    placebo, placebo_p : float
        The same dates on the paths without hubs.
    shifted : float
        What the estimate takes from changes in the spaces that are compared with: spill-over, and early starters' own effect.
    by_lot : float
        Share of other orders that raise an alarm on the paths without hubs.
    p_truth : float
        Of an estimate so far from the truth if it were true.
    spread : float
        Standard deviation of the estimate over orders by lot, without hubs.
    periods : int
        In which a space with a hub is compared with one without.
    """

    estimate: float
    p: float
    truth: float
    so_far: float
    waiting: float
    placebo: float
    placebo_p: float
    shifted: float
    by_lot: float
    p_truth: float
    spread: float
    periods: int


def _tried(
    weights: Weights, seen: Flags, arm: F64, silo: F64, effect: F64, dose: F64, true: tuple[float, float]
) -> Judged:
    """One look with a method whose estimates are weighted sums: the first design is the plan's, the others orders by lot.

    Parameters
    ----------
    arm, silo : (spaces, periods) float
        As reported, with hubs and without.
    effect : (spaces, periods) float
        What hubs truly change.
    true : (float, float)
        The mean of that in spaces with a hub, and in those that wait.
    """
    used = weights.with_hub[0]
    periods = int(used.any(axis=0).sum())
    flat = weights.weight.reshape(len(weights.weight), -1)
    columns = np.stack([np.where(seen, c, 0.0).ravel() for c in (arm, silo, effect, dose)], axis=1)
    known = weights.known
    sums = np.full((len(flat), 4), np.nan)
    sums[known] = flat[known] @ columns
    if not known[0]:
        nan = np.nan
        return Judged(nan, nan, nan, *true, nan, nan, nan, nan, nan, nan, 0)
    found, drawn, tried = sums[0], sums[1 : ORDERS + 1], sums[ORDERS + 1 :]
    truth = float(effect[used].mean())
    alarms = [probability(float(t), drawn[:, 1]) <= LEVEL for t in tried[:, 1] if np.isfinite(t)]
    return Judged(
        estimate=float(found[0]),
        p=probability(float(found[0]), drawn[:, 0]),
        truth=truth,
        so_far=true[0],
        waiting=true[1],
        placebo=float(found[1]),
        placebo_p=probability(float(found[1]), drawn[:, 1]),
        shifted=_no_less(float(found[2]) - truth, truth),
        by_lot=float(np.mean(alarms)) if alarms else np.nan,
        p_truth=probability(float(found[0]) - truth, drawn[:, 0] - truth * drawn[:, 3]),
        spread=float(np.nanstd(drawn[:, 1])),
        periods=periods,
    )


def _no_less(value: float, beside: float) -> float:
    """The value, or nought where it is but the rounding of another."""
    return 0.0 if abs(value) < 1e-9 * abs(beside) else value


def _compared(seen: Flags, under: F64, arm: F64, silo: F64, effect: F64, true: tuple[float, float]) -> Judged:
    """One look before and after."""
    rise, placebo = before_after(arm, seen, under), before_after(silo, seen, under)
    after = (under == WITH) & seen & ((under == WITHOUT) & seen).any(axis=1)[:, None]
    truth = float(effect[after].mean()) if after.any() else np.nan
    return Judged(
        estimate=rise.mean,
        p=rise.probability(),
        truth=truth,
        so_far=true[0],
        waiting=true[1],
        placebo=placebo.mean,
        placebo_p=placebo.probability(),
        shifted=0.0,
        by_lot=np.nan,
        p_truth=rise.probability(truth),
        spread=placebo.error,
        periods=int(after.any(axis=0).sum()) if np.isfinite(rise.mean) else 0,
    )


def _truths(dose: F64, defined: Flags, effect: F64) -> tuple[float, float]:
    """What hubs truly change where they are, and in spaces that wait while others have one."""
    begun = (dose != WITHOUT).any(axis=0).cumsum() > 0
    places = ((dose == WITH) & defined, (dose == WITHOUT) & defined & begun[None, :])
    hub, waiting = (float(effect[place].mean()) if place.any() else np.nan for place in places)
    return hub, waiting


def looks_of(months: int, every: int) -> list[int]:
    """Months of the study at whose end the evaluator looks: every half year, and the last."""
    return sorted({*range(STEP, months + 1, STEP), months} - set(range(every)))


def evaluation(
    results: Results,
    plans: Mapping[str, Paths],
    metrics: Sequence[str],
    window: Window,
    draws: int,
    tell: Callable[[str], None] = lambda words: None,
) -> pd.DataFrame:
    """Every arm, metric, design, method and look: one row each, `COLUMNS`.

    Parameters
    ----------
    plans : mapping of str to Paths
        By arm.
    draws : int
        Draws of late, missing and wrong reports for each run.
    """
    units = dict(zip(results.metrics["name"], results.metrics["unit"], strict=True))
    rows: list[dict[str, object]] = []
    for arm, paths in plans.items():
        for metric in metrics:
            rows += [row | {"unit": units[metric]} for row in _undefined(paths, metric)]
        kept = [m for m in metrics if _comparable(paths, m)]
        for design, made in _designs(paths, kept, results.manifest):
            tell(f"{arm}: {design}")
            methods = METHODS if design == PLANNED else METHODS[:1]
            for row in _of_design(paths, kept, design, made, methods, window, draws, results.manifest):
                rows.append(row | {"unit": units[str(row["metric"])]})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _comparable(paths: Paths, metric: str) -> bool:
    return bool(np.isfinite(paths.without[metric]).any() and np.isfinite(paths.under[metric]).any())


def _undefined(paths: Paths, metric: str) -> Iterator[dict[str, object]]:
    if not _comparable(paths, metric):
        yield {"arm": paths.arm, "metric": metric, "design": PLANNED, "method": METHODS[0], "months": len(paths.months),
               "month": paths.months[-1], "runs": len(paths.runs), "note": UNDEFINED}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A design: each run's dates and paths under them."""

    starts: list[Starts]
    under: dict[str, F64]


def _designs(paths: Paths, metrics: Sequence[str], manifest: dict[str, object]) -> Iterator[tuple[str, Made]]:
    """The plan as simulated, then other dates, not simulated again."""
    yield PLANNED, Made([paths.starts] * len(paths.runs), paths.under)
    seed = _seed(manifest)
    lots = [shuffles(luck_of("order", seed, f, w), paths.codes, 1)[0].tolist() for f, w in paths.runs]
    others = [other_starts(paths.starts, order) for order in lots]
    ages = {m: effect_by_age(paths.under[m] - paths.without[m], paths.starts) for m in metrics}
    for design in others[0] if others else ():
        starts = [one[design] for one in others]
        under = {
            m: np.stack([rebuilt(paths.without[m][r], ages[m][r], starts[r]) for r in range(len(starts))])
            for m in metrics
        }
        yield design, Made(starts, under)


def _seed(manifest: dict[str, object]) -> int:
    known = manifest.get("reproduce")
    return int(known.get("seed", 0)) if isinstance(known, dict) else 0


def _of_design(
    paths: Paths,
    metrics: Sequence[str],
    design: str,
    made: Made,
    methods: Sequence[str],
    window: Window,
    draws: int,
    manifest: dict[str, object],
) -> Iterator[dict[str, object]]:
    every = window.every
    # other dates are looked at once, at the end
    looks = looks_of(len(paths.months), every)[0 if design == PLANNED else -1 :]
    periods = len(paths.months) // every
    seed = _seed(manifest)
    found: dict[tuple[str, str, int], list[Judged]] = {}
    reports: dict[int, list[float]] = {look: [] for look in looks}
    true = {m: (by_period(paths.without[m], every), by_period(made.under[m], every)) for m in metrics}
    for r, (future, world) in enumerate(paths.runs):
        dose = exposure(made.starts[r], periods, every)
        orders = shuffles(luck_of("dates", seed, future, world), paths.codes, ORDERS + TRIED)
        under = np.concatenate([dose[None], dose[orders]])
        for draw in range(draws):
            key = fold(luck_of("reports", seed, future, world), draw)
            arrival = in_hand(window, key, paths.codes, periods)
            told = {m: errors(window, key, m, paths.codes, periods) for m in metrics}
            for look in looks:
                ended = max(min(look // every, periods), 1)
                here = arrival[:, :ended] <= look
                reports[look].append(float(here.mean()))
                cache: dict[tuple[bytes, str], Weights] = {}
                for m in metrics:
                    silo, arm = (t[r][:, :ended] for t in true[m])
                    seen = here & np.isfinite(silo) & np.isfinite(arm)
                    effect = np.where(np.isfinite(arm - silo), arm - silo, 0.0)
                    truths = _truths(dose[:, :ended], np.isfinite(arm) & np.isfinite(silo), effect)
                    error = told[m][:, :ended]
                    for method in methods:
                        if method == "before-after":
                            one = _compared(seen, dose[:, :ended], arm * error, silo * error, effect, truths)
                        else:
                            known = (seen.tobytes(), method)
                            if known not in cache:
                                weigh = not_yet_started if method == "not-yet-started" else stepped_wedge
                                cache[known] = weigh(seen, under[:, :, :ended])
                            one = _tried(cache[known], seen, arm * error, silo * error, effect, dose[:, :ended], truths)
                        found.setdefault((m, method, look), []).append(one)
    for (metric, method, look), judged in found.items():
        about = {"arm": paths.arm, "metric": metric, "design": design, "method": method, "months": look}
        hubs = [sum(s is not None and s < look for s in starts) for starts in made.starts]
        more = {
            "month": paths.months[look - 1], "runs": len(paths.runs), "reports": float(np.mean(reports[look])),
            "spaces_with": float(np.mean(hubs)), "spaces_without": len(paths.codes) - float(np.mean(hubs)),
        }  # fmt: skip
        yield about | more | _summed(judged, units_of(paths.runs))


def units_of(runs: Sequence[tuple[int, int]]) -> int:
    """Independent runs: futures where there are several, else worlds."""
    return len({f for f, _ in runs}) if len({f for f, _ in runs}) > 1 else len(runs)


def _summed(judged: Sequence[Judged], units: int) -> dict[str, object]:
    def of(name: str) -> F64:
        return np.array([getattr(one, name) for one in judged], dtype=float)

    estimate, p, truth = of("estimate"), of("p"), of("truth")
    known = np.isfinite(estimate)
    if known.sum() < 0.5 * len(judged):
        true = {"truth_so_far": _mean(of("so_far")), "waiting": _mean(of("waiting"))}
        return true | {"note": NO_CONTROLS, "periods_compared": float(of("periods").mean())}
    caught = known & (p <= LEVEL)
    right = caught & (np.sign(estimate) == np.sign(truth)) & (truth != 0)
    nothing = not (truth[known] != 0).any()
    power = float(right.mean())
    low, high = wilson(power, units)
    return {
        "power": np.nan if nothing else power,
        "power_low": np.nan if nothing else low,
        "power_high": np.nan if nothing else high,
        "wrong_way": float((caught & ~right).mean()),
        "estimate": _mean(estimate),
        "estimate_low": float(np.nanpercentile(estimate, 10)),
        "estimate_high": float(np.nanpercentile(estimate, 90)),
        "truth": _mean(truth),
        "truth_so_far": _mean(of("so_far")),
        "waiting": _mean(of("waiting")),
        "bias": _mean(estimate - truth),
        "bias_trend": _mean(of("placebo")),
        "bias_comparison": _mean(of("shifted")),
        "coverage": float((of("p_truth")[known] > LEVEL).mean()),
        "smallest_seen": DETECTABLE * _mean(of("spread")),
        "false_alarms": float((of("placebo_p")[known] <= LEVEL).mean()),
        "false_alarms_by_lot": _mean(of("by_lot")),
        "periods_compared": float(of("periods").mean()),
        "note": NOTHING if nothing else "",
    }


def _mean(values: F64) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def wilson(share: float, count: int) -> tuple[float, float]:
    """95 % interval of a share of `count` independent cases (Wilson's score)."""
    z = 1.959964
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * float(np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)))
    return max(middle - half, 0.0), min(middle + half, 1.0)
