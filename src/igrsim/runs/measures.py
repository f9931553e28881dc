"""Counts of a study's cells gathered, and every metric computed from them: by month, place, group and run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.metrics._base import GROUPS, Metric, metrics
from igrsim.metrics.same_needs import NEEDS_IN_BOTH, in_both
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store

HEAD = ["cell", "arm", "future", "world"]


def write_measures(
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
    write_table(folder, "monthly", _measured(keyed, once, known))
    by_month = _summed(space_counts, ["month"])
    by_month["months"] = 1
    write_table(folder, "national", _measured(by_month[HEAD].assign(month=labels[by_month["month"]]), by_month, known))
    by_space = _summed(space_counts, ["place"])
    by_space["months"] = study.world.months
    write_table(folder, "spaces", _measured(by_space[HEAD].assign(space=spaces[by_space["place"]]), by_space, known))
    whole = _summed(space_counts, [])
    whole["months"] = study.world.months
    runs = _measured(whole[HEAD].copy(), whole, known)
    counts = space_counts.drop(columns=["month", "place"])
    counts.insert(4, "month", labels[months])
    counts.insert(5, "space", spaces[place])
    write_table(folder, "counts", counts)

    mine = _gather(store, good, "municipality")
    codes = np.array(geography.municipalities.codes)
    keyed = mine[HEAD].assign(month=labels[mine["month"]], municipality=codes[mine["place"]])
    write_table(folder, "municipalities", _measured(keyed, mine, municipal))
    group = _gather(store, good, "people")
    dimensions, names = np.array([d for d, _ in GROUPS]), np.array([g for _, g in GROUPS])
    keyed = group[HEAD].assign(
        month=labels[group["month"]], dimension=dimensions[group["place"]], group=names[group["place"]]
    )
    write_table(folder, "people", _measured(keyed, group, people))
    from igrsim.services.catalogue import load_catalogue

    need = _gather(store, good, "need")
    keyed = need[HEAD].assign(month=labels[need["month"]], need=np.array(load_catalogue().needs)[need["place"]])
    write_table(folder, "needs", _measured(keyed, need, [m for m in people if "need_income_cents" not in m.uses]))
    ledger = _gather(store, good, "ledger")
    if len(ledger):
        write_table(
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


def same_needs(plan: Plan, store: Store, good: list[Cell], paired: list[Metric]) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def of_one_run(store: Store, digest: str, months: int, wanted: Sequence[str]) -> dict[str, float]:
    """Metrics of one run over all its months and spaces."""
    counts = store.get(digest, "space").drop(columns=["month", "place"]).sum()
    arrays = {str(name): np.array([float(value)]) for name, value in counts.items()}
    arrays["months"] = np.array([float(months)])
    return {name: float(metrics[name].value(arrays)[0]) for name in wanted}


def write_table(folder: Path, name: str, table: pd.DataFrame) -> None:
    table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
