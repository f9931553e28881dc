"""Put the cells of a study together into tidy tables, effects, checks and the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import igrsim
from igrsim.kernel.clock import Clock
from igrsim.kernel.params import all_params
from igrsim.metrics._base import GROUPS, Metric, metrics
from igrsim.metrics.same_needs import NEEDS_IN_BOTH, in_both
from igrsim.places.institutions import load_institutions
from igrsim.places.scopes import geography_of
from igrsim.results.columns import KEYS, OTHERS, Column
from igrsim.results.effects import effects_table
from igrsim.results.results import SCHEMA
from igrsim.runs.cell import libraries, model_digest
from igrsim.runs.ladder_tables import write_ladder
from igrsim.runs.runner import Cell, Failure, Plan, describe
from igrsim.runs.store import Store

HEAD = ["cell", "arm", "future", "world"]


def slug(title: str) -> str:
    """A title as a folder name."""
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:48].strip("-") or "study"


def study_digest(plan: Plan) -> str:
    """Hash of everything that decides a study's results."""
    resolved = json.dumps(plan.study.resolved(), sort_keys=True, default=str)
    cells = [cell.digest for cell in plan.cells]
    return hashlib.sha256(json.dumps([resolved, cells]).encode()).hexdigest()


def write_tables(plan: Plan, store: Store, folder: Path, failures: list[Failure], command: str) -> dict[str, Any]:
    """Write every table of a study; returns the manifest without its run section."""
    study = plan.study
    geography = geography_of(study.world.scope)
    clock = Clock(study.world.start, study.world.months)
    labels = np.array([clock.label(m) for m in range(study.world.months)])
    bad = {failure.cell.ordinal for failure in failures}
    good = [cell for cell in plan.cells if cell.ordinal not in bad]
    known = [metric for _, metric in metrics.items()]
    paired = [m for m in known if m.level == "pair"]
    people = [m for m in known if m.level == "people"]
    municipal = [m for m in known if m.level == "municipality"]
    if good:
        counts, runs = _write_measures(plan, store, folder, good, geography, labels)
    else:
        counts, runs = {}, pd.DataFrame(columns=[*HEAD, *(m.name for m in known)])
    pairs, against = _same_needs(plan, store, good, paired)
    _write(folder, "pairs", pairs)
    of_pairs = [m.name for m in paired]
    runs[of_pairs] = runs[HEAD].merge(pairs[[*HEAD, *of_pairs]], on=HEAD, how="left")[of_pairs].to_numpy()
    _write(folder, "runs", runs)
    design = pd.DataFrame(
        [
            {
                "cell": c.ordinal,
                "hash": c.digest,
                "arm": c.arm,
                "future": c.future,
                "world": c.world,
                "seed": study.replication.seed,
                "status": "failed" if c.ordinal in bad else "done",
                **plan.futures[c.future],
            }
            for c in plan.cells
        ]
    )
    _write(folder, "design", design)
    about = _about_metrics(known, study.analysis.primary)
    effects = effects_table(runs, pd.DataFrame(about), study.reference, list(study.arms), against)
    columns = [c.name for c in OTHERS if c.table == "effects"]
    effects.reindex(columns=columns).to_csv(folder / "effects.csv", index=False, lineterminator="\n")
    checks = _checks(plan, counts)
    checks += write_ladder(plan, store, folder, bad, runs)
    pd.DataFrame(checks, columns=["name", "expected", "found", "passed"]).to_csv(
        folder / "checks.csv", index=False, lineterminator="\n"
    )
    pd.DataFrame(
        [
            {"cell": f.cell.ordinal, "arm": f.cell.arm, "future": f.cell.future, "world": f.cell.world,
             "seed": study.replication.seed, "error": f.error, "traceback": f.trace}
            for f in failures
        ],
        columns=["cell", "arm", "future", "world", "seed", "error", "traceback"],
    ).to_csv(folder / "failures.csv", index=False, lineterminator="\n")  # fmt: skip
    _rules(plan, store, good, labels).to_csv(folder / "rules.csv", index=False, lineterminator="\n")
    _columns(known, paired, people, municipal).to_csv(folder / "columns.csv", index=False, lineterminator="\n")
    return _manifest(plan, geography, clock, about, command)


def _write_measures(
    plan: Plan, store: Store, folder: Path, good: list[Cell], geography: Any, labels: np.ndarray
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Write the tables of counts and metrics; returns the counts by level, and the metrics by run."""
    study = plan.study
    spaces = np.array(geography.spaces.codes)
    known = [metric for _, metric in metrics.items()]
    people = [m for m in known if m.level == "people"]
    municipal = [m for m in known if m.level == "municipality"]
    space_counts = _gather(store, good, "space")
    months = space_counts["month"].to_numpy()
    place = space_counts["place"].to_numpy()
    keyed = space_counts[HEAD].assign(month=labels[months], space=spaces[place])
    once = space_counts.assign(months=1)
    _write(folder, "monthly", _measured(keyed, once, known))
    by_month = _summed(space_counts, ["month"])
    by_month["months"] = 1
    _write(folder, "national", _measured(by_month[HEAD].assign(month=labels[by_month["month"]]), by_month, known))
    by_space = _summed(space_counts, ["place"])
    by_space["months"] = study.world.months
    _write(folder, "spaces", _measured(by_space[HEAD].assign(space=spaces[by_space["place"]]), by_space, known))
    whole = _summed(space_counts, [])
    whole["months"] = study.world.months
    runs = _measured(whole[HEAD].copy(), whole, known)
    counts = space_counts.drop(columns=["month", "place"])
    counts.insert(4, "month", labels[months])
    counts.insert(5, "space", spaces[place])
    _write(folder, "counts", counts)

    mine = _gather(store, good, "municipality")
    codes = np.array(geography.municipalities.codes)
    keyed = mine[HEAD].assign(month=labels[mine["month"]], municipality=codes[mine["place"]])
    _write(folder, "municipalities", _measured(keyed, mine, municipal))
    group = _gather(store, good, "people")
    dimensions, names = np.array([d for d, _ in GROUPS]), np.array([g for _, g in GROUPS])
    keyed = group[HEAD].assign(
        month=labels[group["month"]], dimension=dimensions[group["place"]], group=names[group["place"]]
    )
    _write(folder, "people", _measured(keyed, group, people))
    from igrsim.services.catalogue import load_catalogue

    need = _gather(store, good, "need")
    keyed = need[HEAD].assign(month=labels[need["month"]], need=np.array(load_catalogue().needs)[need["place"]])
    _write(folder, "needs", _measured(keyed, need, [m for m in people if "need_income_cents" not in m.uses]))
    ledger = _gather(store, good, "ledger")
    if len(ledger):
        _write(
            folder,
            "ledger",
            ledger[HEAD].assign(
                month=labels[ledger["month"]],
                space=spaces[ledger["space"]],
                account=ledger["account"],
                bearer=ledger["bearer"],
                hours=ledger["minutes"] / 60,
                rand=ledger["cents"] / 100,
            ),
        )
    return {"space": space_counts, "municipality": mine, "people": group, "need": need}, runs


def _same_needs(plan: Plan, store: Store, good: list[Cell], paired: list[Metric]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the same needs took in every arm and in the reference, pair of runs by pair of runs.

    Returns
    -------
    pairs : DataFrame
        One row a cell beside its reference's, the reference beside itself: how many needs, each metric, and each for
        the reference.
    against : DataFrame
        The reference's values under the metrics' own names.
    """
    reference = plan.study.reference
    bases = {(c.future, c.world): c for c in good if c.arm == reference}
    names = [m.name for m in paired]
    rows: list[dict[str, Any]] = []
    for (future, world), base in bases.items():
        theirs = store.get(base.digest, "resolved")
        for cell in good:
            if (cell.future, cell.world) != (future, world):
                continue
            mine, others = in_both(store.get(cell.digest, "resolved"), theirs)
            row: dict[str, Any] = {"cell": cell.ordinal, "arm": cell.arm, "future": future, "world": world}
            row[NEEDS_IN_BOTH] = int(mine[NEEDS_IN_BOTH])
            for counts, end in ((mine, ""), (others, "_reference")):
                arrays = {name: np.array([value]) for name, value in counts.items()}
                row |= {f"{m.name}{end}": float(m.value(arrays)[0]) for m in paired}
            rows.append(row)
    columns = [*HEAD, NEEDS_IN_BOTH, *names, *(f"{name}_reference" for name in names)]
    pairs = pd.DataFrame(rows, columns=columns).sort_values("cell", kind="stable", ignore_index=True)
    pairs = pairs.astype({"cell": "int64", "future": "int64", "world": "int64", NEEDS_IN_BOTH: "int64"})
    renamed = {f"{name}_reference": name for name in names}
    return pairs, pairs[["arm", "future", "world", *renamed]].rename(columns=renamed)


def _gather(store: Store, cells: list[Cell], level: str) -> pd.DataFrame:
    frames = []
    for cell in cells:
        table = store.get(cell.digest, level)
        keys = pd.DataFrame(
            {"cell": cell.ordinal, "arm": cell.arm, "future": cell.future, "world": cell.world}, index=table.index
        )
        frames.append(pd.concat([keys, table], axis=1))
    if not frames:
        return pd.DataFrame(columns=[*HEAD, "month", "place"])
    return pd.concat(frames, ignore_index=True)


def _summed(counts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    drop = [c for c in ("month", "place") if c not in by]
    # a copy holds its many columns together, and pandas does not warn of their number when the keys are put before them
    return counts.drop(columns=drop).groupby([*HEAD, *by], sort=False).sum().copy().reset_index()


def _measured(keys: pd.DataFrame, counts: pd.DataFrame, wanted: list[Metric]) -> pd.DataFrame:
    arrays = {str(name): counts[name].to_numpy(np.float64) for name in counts.columns if name not in HEAD}
    # what only a pair of runs can tell is undefined for a place or a month
    nothing = np.full(len(counts), np.nan)
    values = {metric.name: nothing if metric.level == "pair" else metric.value(arrays) for metric in wanted}
    return pd.concat([keys.reset_index(drop=True), pd.DataFrame(values)], axis=1)


def _write(folder: Path, name: str, table: pd.DataFrame) -> None:
    table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")


def _about_metrics(known: list[Metric], primary: list[str]) -> list[dict[str, Any]]:
    first = {name: place for place, name in enumerate(primary)}
    ordered = sorted(known, key=lambda m: (first.get(m.name, len(first)), m.family, m.name))
    return [
        {
            "name": m.name,
            "family": m.family,
            "unit": m.unit,
            "better": m.better,
            "meaning": m.meaning,
            "rests_on": list(m.rests_on),
            "headline": m.name in primary,
            "people": m.level == "people",
        }
        for m in ordered
    ]


def first_wave(plan: Plan, arm: str) -> int | None:
    """First month in which any lever is in force in an arm."""
    if not plan.study.regime(arm).levers:
        return None
    first = plan.rollouts[arm].first
    return first if first is not None and first < plan.study.world.months else None


def _checks(plan: Plan, counts: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Arms must be identical until the first lever bites; an arm computed twice must be identical throughout.

    Parameters
    ----------
    counts : dict of str to DataFrame
        All counts, by level: spaces, municipalities, groups of people, needs.
    """
    study = plan.study
    rows: list[dict[str, Any]] = []
    for arm in study.arms:
        if arm == study.reference:
            continue
        until, name = _identical(plan, arm)
        if until is None:
            continue
        gaps = [_gap(table, arm, study.reference, until) for table in counts.values()]
        found = max((gap for gap in gaps if gap is not None), default=None)
        if found is not None:
            rows.append({"name": name, "expected": "largest difference 0", "found": f"{found}", "passed": found == 0})
    return rows


def _identical(plan: Plan, arm: str) -> tuple[int | None, str]:
    """For how many months an arm must equal the reference, and the words for it."""
    study = plan.study
    mine, base = study.arms[arm], study.arms[study.reference]
    one, other = study.regime(arm), study.regime(study.reference)
    same = (set(one.levers), one.terms, one.choices, one.shared_hubs) == (
        set(other.levers),
        other.terms,
        other.choices,
        other.shared_hubs,
    ) and mine.set == base.set
    if same and (plan.rollouts[arm].start == plan.rollouts[study.reference].start or not study.regime(arm).levers):
        return (
            study.world.months,
            f"{arm} computed afresh equals {study.reference} in every cell, month, place and count",
        )
    if any(not all_params()[k].choice for k in {*mine.set, *base.set}):
        # arms that differ in what they assume, not only in policy, differ from the first month
        return None, ""
    starts = [w for w in (first_wave(plan, arm), first_wave(plan, study.reference)) if w is not None]
    until = min(starts) if starts else study.world.months
    return until, f"{arm} equals {study.reference} before the first wave ({until} months)"


def _gap(counts: pd.DataFrame, arm: str, reference: str, until: int) -> int | None:
    """The largest difference of any count before a month, over pairs of cells that both were computed."""
    order = ["future", "world", "month", "place"]
    numbers = [c for c in counts.columns if c not in (*HEAD, "month", "place")]
    early = counts[counts["month"] < until]
    mine = early[early["arm"] == arm].sort_values(order, kind="stable")
    base = early[early["arm"] == reference].sort_values(order, kind="stable")
    mine, base = mine.merge(base[order], on=order), base.merge(mine[order], on=order)
    if not len(mine):
        return None
    return int(np.abs(mine[numbers].to_numpy(np.int64) - base[numbers].to_numpy(np.int64)).max())


def _rules(plan: Plan, store: Store, cells: list[Cell], labels: np.ndarray) -> pd.DataFrame:
    """Which lever set which rule when, by arm: the same in every world of an arm, so told once."""
    frames, told = [], set()
    for cell in cells:
        if cell.arm in told:
            continue
        told.add(cell.arm)
        table = store.get(cell.digest, "rules")
        table["month"] = labels[table["month"].to_numpy(int)] if len(table) else table["month"]
        table.insert(0, "arm", cell.arm)
        frames.append(table)
    if not frames:
        return pd.DataFrame(columns=["arm", "month", "space", "lever", "dose", "field", "before", "after"])
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)


def _columns(known: list[Metric], paired: list[Metric], people: list[Metric], municipal: list[Metric]) -> pd.DataFrame:
    rows = [Column("all tables", name, *about) for name, about in KEYS.items()]
    tables = {"monthly, national, spaces, runs": known, "people, needs": people, "municipalities": municipal}
    for table, found in tables.items():
        rows += [Column(table, m.name, m.unit, "float", m.meaning) for m in found]
    for m in paired:
        rows.append(Column("pairs", m.name, m.unit, "float", m.meaning))
        rows.append(
            Column("pairs", f"{m.name}_reference", m.unit, "float", f"{m.name} of the same needs, in the reference")
        )
    rows += OTHERS
    return pd.DataFrame([vars(r) for r in rows])


def _manifest(plan: Plan, geography: Any, clock: Clock, about: list[dict[str, Any]], command: str) -> dict[str, Any]:
    study = plan.study
    cited = {p.source for p in all_params().values()}
    sources = {s.key: s.citation for s in load_institutions().sources}
    spaces = geography.spaces

    def from_month(arm: str, index: int) -> str | None:
        start = plan.rollouts[arm].start[index] if study.regime(arm).levers else None
        return clock.label(start) if start is not None and start < study.world.months else None

    waves = {arm: first_wave(plan, arm) for arm in study.arms}
    return {
        "schema": SCHEMA,
        "title": study.title,
        "study_hash": study_digest(plan),
        "reference": study.reference,
        "arms": [
            {
                "name": name,
                "regime": arm.regime,
                "title": study.regime(name).title,
                "source": study.regime(name).source,
                "levers": sorted(study.regime(name).levers),
                "rollout": arm.rollout or study.regime(name).rollout,
                "describe": describe(study, name),
            }
            for name, arm in sorted(study.arms.items(), key=lambda item: item[0] != study.reference)
        ],
        "events": [
            {"kind": e.kind, "date": e.date.isoformat(), "words": e.words(), "source": e.source, "grade": e.grade}
            for e in sorted(study.event, key=lambda e: e.date)
        ],
        "first_wave": {arm: clock.label(w) if w is not None else None for arm, w in waves.items()},
        "start": clock.label(0),
        "months": study.world.months,
        "scope": study.world.scope,
        "spaces": [
            {
                "code": spaces.codes[i],
                "name": spaces.names[i],
                "province": spaces.provinces[i],
                "kind": spaces.kinds[i],
                "population": int(spaces.population[i]),
                "hub_from": {arm: from_month(arm, i) for arm in study.arms},
            }
            for i in range(len(spaces))
        ],
        "citizens": plan.citizens,
        "population": plan.population,
        "represents": plan.population / plan.citizens,
        "calibration": study.world.calibration.model_dump() if study.world.calibration else None,
        "worlds": study.replication.worlds,
        "futures": len(plan.futures),
        "cells": len(plan.every_cell),
        **({"ladder": plan.ladder.about()} if plan.ladder else {}),
        "metrics": about,
        "params": [
            {k: getattr(p, k) for k in
             ("name", "unit", "default", "low", "high", "grade", "source", "meaning", "choice")}
            for p in all_params().values()
        ],
        "sources": {key: sources.get(key, "") for key in sorted(cited | {s for r in study.arms for s in study.regime(r).source.split(";")})},
        "reproduce": {"command": command, "seed": study.replication.seed},
        "versions": {"igrsim": igrsim.__version__, "model": model_digest(), **libraries()},
    }  # fmt: skip
