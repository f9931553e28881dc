"""What a search for schedules found, as tables: the frontier, differences on futures held out, orders, forecasts, hypervolume."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.draws import code_key, fold
from igrsim.results.effects import MARGIN
from igrsim.results.frontier import adjusted, hypervolume, paired, unbeaten, verdict_on
from igrsim.runs.rollout_search.files import write_csv
from igrsim.runs.rollout_search.search import HELD_OUT, TRAINING, Search
from igrsim.runs.tables import slug

F64 = NDArray[np.float64]

AGAIN = 400
"""How often futures are drawn again with replacement, for intervals of what is no mean."""
EARLY = 12
"""Months by which a schedule's early spaces have started."""
SIGNS = np.array([-1.0, 1.0, 1.0])
"""What turns losses into what is shown: benefit is more the better. Equity's sign depends on what it measures."""


@dataclass(frozen=True)
class Found:
    """The tables of a search.

    Attributes
    ----------
    frontier : DataFrame
        A row a schedule that was run in all training futures.
    held_out : DataFrame
        A row a pair of schedules and objective, in futures held out.
    order : DataFrame
        A row a space: what its hub brings, its place in the greedy order, when it starts.
    forecast : DataFrame
        What the sum over spaces said of schedules before they were run, and what came of them.
    late : DataFrame
        What a later start leaves.
    waiting : DataFrame
        Whom a schedule lets wait longer than the one it is set beside.
    hypervolume : DataFrame
        How much the named schedules reach, and how much those found add.
    """

    frontier: pd.DataFrame
    held_out: pd.DataFrame
    order: pd.DataFrame
    forecast: pd.DataFrame
    late: pd.DataFrame
    waiting: pd.DataFrame
    hypervolume: pd.DataFrame


@dataclass(frozen=True)
class Objective:
    """An objective as it is shown."""

    name: str
    unit: str
    better: str
    sign: float


def shown(found: Search) -> list[Objective]:
    """The objectives with their units, in the order of losses."""
    unit = found.objectives.metric.unit
    wait = found.objectives.equity == "wait"
    return [
        Objective("benefit", unit, "higher", -1.0),
        Objective("wait", "months", "lower", 1.0) if wait else Objective("benefit_poorest_fifth", unit, "higher", -1.0),
        Objective("cost", "rand million", "lower", 1.0),
    ]


def tables_of(found: Search) -> Found:
    """Every table of a search."""
    return Found(
        _frontier(found),
        _held_out(found),
        _order(found),
        _forecast(found),
        _late(found),
        _waiting(found),
        _hypervolume(found),
    )


def _frontier(found: Search) -> pd.DataFrame:
    lived, design = found.lived, found.design
    names = [n for n in lived.whole(TRAINING, design.training) if lived.plans[n].kind != "probe"]
    tried = [n for n in names if (n, HELD_OUT) in lived.losses]
    held = np.stack([lived.mean(n, HELD_OUT) for n in tried])
    still = {n: bool(best) for n, best in zip(tried, unbeaten(held), strict=True)}
    rows: list[dict[str, Any]] = []
    for name in names:
        plan = lived.plans[name]
        due = np.array(plan.start)
        running = np.stack([one.running for one in lived.seen[name, TRAINING]])
        started = due[due < found.objectives.months]
        row: dict[str, Any] = {
            "schedule": name, "kind": plan.kind, "unbeaten_training": name in found.frontier,
            "unbeaten_held_out": still.get(name, pd.NA),
            "beats_in_training": ", ".join(n for n, rival in found.rivals.items() if rival == name),
            "first_start": found.clock.label(int(started.min())) if len(started) else "",
            "last_start": found.clock.label(int(started.max())) if len(started) else "",
            "dates": len(np.unique(started)), "spaces": len(started), "spaces_in_first_year": int((due < EARLY).sum()),
            "months_waited_for_means": float(np.maximum(running - due, 0).mean()),
        }  # fmt: skip
        for k, one in enumerate(shown(found)):
            for sample, told in ((TRAINING, "training"), (HELD_OUT, "held_out")):
                values = lived.losses.get((name, sample))
                row[f"{one.name}_{told}"] = one.sign * float(values[:, k].mean()) if values is not None else np.nan
        rows.append(row)
    return pd.DataFrame(rows).astype({"unbeaten_held_out": "boolean"})


def pairs(found: Search) -> list[tuple[str, str, str]]:
    """Which schedules are set beside which, and why: ``search``, ``order alone``, or ``looked at too``."""
    lived = found.lived
    greedy = [name for name, plan in lived.plans.items() if plan.kind == "greedy"]
    made = [(found.rivals[name], name, "search") for name in found.named if name in found.rivals]
    for name in found.named:
        dates = sorted(lived.plans[name].start)
        same = [g for g in greedy if sorted(lived.plans[g].start) == dates]
        made += [(same[0], name, "order alone")] if same else []
    done = {(a, b) for a, b, _ in made}
    every = [(a, b) for a in found.chosen for b in (*found.named, *greedy)]
    return made + [(a, b, "looked at too") for a, b in every if (a, b) not in done]


def _held_out(found: Search) -> pd.DataFrame:
    lived, objectives = found.lived, shown(found)
    rows: list[dict[str, Any]] = []
    differences = []
    for one, other, why in pairs(found):
        mine, theirs = lived.losses[one, HELD_OUT], lived.losses[other, HELD_OUT]
        level = np.abs(theirs.mean(axis=0))
        for k, shape in enumerate(objectives):
            # a schedule that starts everything at once has no wait of which a share could be material
            size = level[k] if shape.name != "wait" else max(level[k], 1.0)
            gap = paired(mine[:, k], theirs[:, k], MARGIN * float(size))
            tuned = shape.sign * float((lived.mean(one, TRAINING) - lived.mean(other, TRAINING))[k])
            ends = sorted((shape.sign * gap.low, shape.sign * gap.high))
            differences.append(gap)
            rows.append({
                "schedule": one, "against": other, "contrast": why, "objective": shape.name, "unit": shape.unit,
                "better": shape.better, "training": tuned, "held_out": shape.sign * gap.mean, "low": ends[0],
                "high": ends[1], "level_of_other": shape.sign * float(theirs[:, k].mean()),
                "in_how_many_better": int(((mine - theirs)[:, k] < 0).sum()), "futures": gap.futures,
                "margin": MARGIN * float(size), "p": gap.p, "p_worse": gap.p_worse,
            })  # fmt: skip
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    first = (table["contrast"] != "looked at too").to_numpy()
    p = table["p"].to_numpy(float)
    told = np.where(first, np.nan, p)
    told[first] = adjusted([d for d, mine in zip(differences, first, strict=True) if mine])
    told[~first] = adjusted([d for d, mine in zip(differences, first, strict=True) if not mine])
    table["p_adjusted"] = told
    verdicts = []
    for begin in range(0, len(table), len(objectives)):
        rows_of = slice(begin, begin + len(objectives))
        verdicts += [verdict_on(differences[rows_of], told[rows_of].tolist())] * len(objectives)
    table["verdict"] = verdicts
    together = [
        int((lived.losses[a, HELD_OUT] <= lived.losses[b, HELD_OUT]).all(axis=1).sum()) for a, b, _ in pairs(found)
    ]
    table["in_how_many_no_worse_on_all"] = np.repeat(together, len(objectives))
    return table


def _order(found: Search) -> pd.DataFrame:
    spaces, rates = found.geography.spaces, found.rates
    alone = found.response.by_space(found.objectives, np.zeros(1, dtype=np.int64))[0]
    rank = _places(rates.mean(axis=0))
    luck = np.random.default_rng(fold(fold(0, found.study.replication.seed), code_key("orders drawn again")))
    drawn = np.stack([_places(rates[luck.integers(len(rates), size=len(rates))].mean(axis=0)) for _ in range(AGAIN)])
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0, method="nearest")
    table = pd.DataFrame({
        "space": spaces.codes, "name": spaces.names, "province": spaces.provinces, "kind": spaces.kinds,
        "people": np.asarray(spaces.population), "poor_share": np.asarray(spaces.poor_share),
        "poor_people": np.rint(found.objectives.poor).astype(np.int64),
        "benefit": -alone[:, 0], "cost": alone[:, 2], "benefit_a_rand": rates.mean(axis=0),
        "greedy_place": rank, "greedy_place_low": low.astype(int), "greedy_place_high": high.astype(int),
    })  # fmt: skip
    for name in (*found.named, *found.chosen):
        start = found.lived.plans[name].start
        table[f"start: {name}"] = [found.clock.label(m) if m < found.objectives.months else "" for m in start]
    return table.sort_values(["greedy_place", "space"], kind="stable").reset_index(drop=True)


def _places(rates: F64) -> NDArray[np.int64]:
    return np.argsort(np.argsort(-rates, kind="stable"), kind="stable") + 1


def _forecast(found: Search) -> pd.DataFrame:
    rows = []
    for one in found.foretold:
        for k, shape in enumerate(shown(found)):
            said, came = shape.sign * float(one.forecast[k]), shape.sign * float(one.found[k])
            rows.append(
                {"schedule": one.name, "turn": one.turn, "objective": shape.name, "unit": shape.unit, "forecast": said,
                 "found": came, "missed_by": (came - said) / abs(came) if came else np.nan}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["schedule", "turn", "objective", "unit", "forecast", "found", "missed_by"])


def _late(found: Search) -> pd.DataFrame:
    """What all hubs together bring if they start in a month and none touches another, as a share of what they bring from the first."""
    spaces, months = len(found.geography.spaces), found.objectives.months
    dates = np.append(np.arange(0, min(found.window[1], months - 1) + 1), months)
    running = np.repeat(dates[:, None], spaces, axis=1)
    losses = found.response.forecast(found.objectives, running[None])
    seen = found.response.seen[0]
    whole = losses[0] - losses[-1]
    return pd.DataFrame({
        "month": dates[:-1], "start": [found.clock.label(int(m)) for m in dates[:-1]],
        "benefit_left": (losses[:-1, 0] - losses[-1, 0]) / whole[0] if whole[0] else np.nan,
        "cost_left": (losses[:-1, 2] - losses[-1, 2]) / whole[2] if whole[2] else np.nan,
        "starts_seen": seen[dates[:-1]],
    })  # fmt: skip


def _waiting(found: Search) -> pd.DataFrame:
    """Poor people who wait longer under one schedule than under another, training futures."""
    spaces, poor = found.geography.spaces, found.objectives.poor
    rows = []
    for one, other, why in pairs(found):
        if why == "looked at too":
            continue
        mine, theirs = (
            np.stack([seen.running for seen in found.lived.seen[name, TRAINING]]).mean(axis=0) for name in (one, other)
        )
        more = mine - theirs
        longer = more > 0
        most = int(np.argmax(more))
        rows.append({
            "schedule": one, "against": other, "spaces_longer": int(longer.sum()),
            "poor_people_longer": round(float(poor[longer].sum())), "share_of_poor_people": float(poor[longer].sum() / poor.sum()),
            "months_longer_on_average": float((more * poor)[longer].sum() / poor[longer].sum()) if longer.any() else 0.0,
            "most_months_longer": float(max(more[most], 0.0)), "where": spaces.names[most] if longer.any() else "",
        })  # fmt: skip
    columns = ["schedule", "against", "spaces_longer", "poor_people_longer", "share_of_poor_people",
               "months_longer_on_average", "most_months_longer", "where"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _hypervolume(found: Search) -> pd.DataFrame:
    lived = found.lived
    greedy = [name for name, plan in lived.plans.items() if plan.kind == "greedy"]
    sets = {
        "named": found.named,
        "named and greedy": [*found.named, *greedy],
        "named, greedy and found": [*found.named, *greedy, *found.chosen],
    }
    every = sets["named, greedy and found"]
    rows = []
    for sample, futures in ((TRAINING, found.design.training), (HELD_OUT, found.design.held_out)):
        each = {name: lived.losses[name, sample][:futures] for name in every}
        luck = np.random.default_rng(fold(fold(0, found.study.replication.seed), code_key(f"futures again, {sample}")))
        drawn = [luck.integers(futures, size=futures) for _ in range(AGAIN)]
        mean = np.stack([values.mean(axis=0) for values in each.values()])
        best, span = mean.min(axis=0), np.ptp(mean, axis=0)
        worst = mean.max(axis=0) + 0.1 * span
        room = float(np.prod(np.where(worst > best, worst - best, 1.0)))

        def reach(
            names: list[str], which: Any = slice(None), each: Any = each, worst: F64 = worst, room: float = room
        ) -> float:
            points = np.stack([each[name][which].mean(axis=0) for name in names])
            return hypervolume(points, worst) / room

        for label, names in sets.items():
            again = np.array([reach(names, which) for which in drawn])
            gain = np.array([reach(names, which) - reach(sets["named"], which) for which in drawn])
            ends = np.quantile(gain, (0.025, 0.975))
            rows.append({
                "sample": sample, "schedules": label, "count": len(names), "share_of_box": reach(names),
                "more_than_named": reach(names) - reach(sets["named"]), "low": float(ends[0]), "high": float(ends[1]),
                "median_again": float(np.median(again)),
            })  # fmt: skip
    return pd.DataFrame(rows)


def folder_of(found: Search, out: Path) -> Path:
    """Where a search's page and tables stand: by what was asked, so that another one does not overwrite it."""
    asked = [
        found.study.resolved(), found.named, found.objectives.metric.name, found.objectives.equity, found.window,
        [getattr(found.design, name) for name in ("training", "held_out", "turns", "tries")],
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    return out / f"rollout-search-{slug(found.study.title)}-{digest[:10]}"


def schedules(found: Search) -> dict[str, pd.DataFrame]:
    """Every chosen schedule and greedy order as a table to run again, spaces in the order in which they are due."""
    spaces, made = found.geography.spaces, {}
    greedy = [name for name, plan in found.lived.plans.items() if plan.kind == "greedy"]
    for name in (*found.chosen, *greedy):
        plan = found.lived.plans[name]
        rows = [
            (spaces.codes[s], found.clock.date(plan.start[s]), spaces.names[s], spaces.provinces[s])
            for s in plan.order()
            if plan.start[s] < found.objectives.months
        ]
        made[name] = pd.DataFrame(rows, columns=["space", "start", "name", "province"])
    return made


def write_tables(tables: Found, folder: Path) -> None:
    """Write ``search/*.csv``."""
    into = folder / "search"
    into.mkdir(parents=True, exist_ok=True)
    for part in fields(tables):
        write_csv(into / f"{part.name}.csv", getattr(tables, part.name))
