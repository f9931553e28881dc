"""Counts of a study's cells, and every metric computed from them: by month, place, group and run; a few cells at a time."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from igrsim.kernel.clock import Clock
from igrsim.metrics._base import GROUPS, Metric, metrics
from igrsim.metrics.same_needs import NEEDS_IN_BOTH, in_both
from igrsim.places.scopes import geography_of
from igrsim.regimes.schedule import MILESTONES
from igrsim.runs.cell import LEVELS
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.runner import Failure
from igrsim.runs.store import DamagedCellError, Store
from igrsim.services.catalogue import load_catalogue

log = logging.getLogger("igrsim")

HEAD = ["cell", "arm", "future", "world"]
AS_COUNTED = ("ledger", "milestones", "rollout")
ROWS = 100_000
"""Rows of counts that are in memory at a time, about; those of one table are a row group of its file."""


@dataclass(frozen=True)
class Measures:
    """What turns counts into tables of a study: its months, places and metrics."""

    plan: Plan

    @cached_property
    def labels(self) -> np.ndarray:
        """Names of the months."""
        world = self.plan.study.world
        clock = Clock(world.start, world.months)
        return np.array([clock.label(month) for month in range(world.months)])

    @cached_property
    def known(self) -> list[Metric]:
        """Every metric."""
        return [metric for _, metric in metrics.items()]

    def month_names(self, months: pd.Series[int]) -> pd.Series[Any]:
        """Names of months, also of those after the study; null where there is none."""
        world = self.plan.study.world
        clock = Clock(world.start, world.months)
        known = {int(month): clock.label(int(month)) for month in months.unique() if month >= 0}
        return months.map(known).astype("string")

    @property
    def at_a_time(self) -> int:
        """Cells that are measured together."""
        geography = geography_of(self.plan.study.world.scope)
        places = len(geography.spaces) + len(geography.municipalities) + len(GROUPS) + len(load_catalogue().needs)
        return max(ROWS // (places * len(self.labels)), 1)

    def tables(self, store: Store, cells: list[Cell]) -> dict[str, pd.DataFrame]:
        """The tables of some cells, ``runs`` with what is true of a whole run among them."""
        found = [(cell, store.tables(cell.digest, *LEVELS, *AS_COUNTED)) for cell in cells]
        return self.measured(found)

    def measured(self, found: list[tuple[Cell, dict[str, pd.DataFrame]]]) -> dict[str, pd.DataFrame]:
        """The tables of cells whose counts are given."""
        geography = geography_of(self.plan.study.world.scope)
        spaces, labels, months = np.array(geography.spaces.codes), self.labels, len(self.labels)
        people = [m for m in self.known if m.level == "people"]
        tables: dict[str, pd.DataFrame] = {}
        counts = _gather(found, "space")
        keyed = counts[HEAD].assign(month=labels[counts["month"]], space=spaces[counts["place"]])
        tables["monthly"] = _measured(keyed, counts.assign(months=1), self.known)
        tables["counts"] = pd.concat([keyed, counts.drop(columns=[*HEAD, "month", "place"])], axis=1)
        once = _summed(counts, ["month"]).assign(months=1)
        tables["national"] = _measured(once[HEAD].assign(month=labels[once["month"]]), once, self.known)
        once = _summed(counts, ["place"]).assign(months=months)
        tables["spaces"] = _measured(once[HEAD].assign(space=spaces[once["place"]]), once, self.known)
        once = _summed(counts, []).assign(months=months)
        tables["runs"] = _measured(once[HEAD].copy(), once, self.known)
        counts = _gather(found, "municipality")
        codes = np.array(geography.municipalities.codes)
        keyed = counts[HEAD].assign(month=labels[counts["month"]], municipality=codes[counts["place"]])
        tables["municipalities"] = _measured(keyed, counts, [m for m in self.known if m.level == "municipality"])
        counts = _gather(found, "people")
        dimensions, names = np.array([d for d, _ in GROUPS]), np.array([g for _, g in GROUPS])
        place = counts["place"]
        keyed = counts[HEAD].assign(month=labels[counts["month"]], dimension=dimensions[place], group=names[place])
        tables["people"] = _measured(keyed, counts, people)
        counts = _gather(found, "need")
        needs = np.array(load_catalogue().needs)
        keyed = counts[HEAD].assign(month=labels[counts["month"]], need=needs[counts["place"]])
        tables["needs"] = _measured(keyed, counts, [m for m in people if "need_income_cents" not in m.uses])
        ledger = _gather(found, "ledger")
        tables["ledger"] = ledger[HEAD].assign(
            month=labels[ledger["month"]],
            space=spaces[ledger["space"]],
            account=ledger["account"],
            bearer=ledger["bearer"],
            hours=ledger["minutes"] / 60,
            rand=ledger["cents"] / 100,
        )
        found_on_way = _gather(found, "milestones")
        never = found_on_way[["planned", "reached"]] < 0
        late = (found_on_way["reached"] - found_on_way["planned"]).astype("Int64").mask(never.any(axis=1))
        named = {name: self.month_names(found_on_way[name]) for name in ("planned", "reached")}
        tables["milestones"] = found_on_way[HEAD].assign(
            space=spaces[found_on_way["space"]],
            milestone=np.array(MILESTONES)[found_on_way["milestone"]],
            **named,
            months_late=late,
        )
        way = _gather(found, "rollout")
        tables["rollout"] = way[HEAD].assign(month=labels[way["month"]], **way.drop(columns=[*HEAD, "month"]))
        return tables


def write_measures(
    plan: Plan, store: Store, folder: Path, good: list[Cell]
) -> tuple[list[Cell], pd.DataFrame, list[Failure]]:
    """Write the tables of counts and metrics.

    Returns
    -------
    good : list of Cell
        Those that could be measured.
    runs : DataFrame
        The metrics of each of their runs.
    failures : list of Failure
        Cells with a metric that raises or is infinite, or whose file was damaged in the meantime.
    """
    measures = Measures(plan)
    runs, measured, failures = [], [], []
    with contextlib.ExitStack() as opened:
        files: dict[str, GrowingTable] = {}
        for begin in range(0, len(good), measures.at_a_time):
            cells = good[begin : begin + measures.at_a_time]
            tables, bad = _sound(measures, store, cells)
            failures += bad
            if not tables:
                continue
            measured += [cell for cell in cells if cell.ordinal not in {f.cell.ordinal for f in bad}]
            runs.append(tables.pop("runs"))
            for name, table in tables.items():
                if name not in files:
                    files[name] = opened.enter_context(contextlib.closing(GrowingTable(folder / f"{name}.parquet")))
                files[name].add(table)
    columns = [*HEAD, *(metric.name for metric in measures.known)]
    return measured, pd.concat(runs, ignore_index=True) if runs else pd.DataFrame(columns=columns), failures


def _sound(measures: Measures, store: Store, cells: list[Cell]) -> tuple[dict[str, pd.DataFrame], list[Failure]]:
    """The tables of the cells that can be measured, and the failures of those that cannot."""
    bad: list[Failure] = []
    for _ in range(2):
        try:
            tables = measures.tables(store, cells) if cells else {}
            _check_finite(tables)
            return tables, bad
        except Exception as fault:
            if isinstance(fault, MemoryError):
                raise
            # one by one, to see which of them it is
            for cell in cells:
                try:
                    _check_finite(measures.tables(store, [cell]))
                except Exception as error:
                    bad.append(_not_measured(cell, error))
            cells = [cell for cell in cells if cell.ordinal not in {f.cell.ordinal for f in bad}]
    raise RuntimeError("cells that can be measured one by one cannot be measured together")


def _not_measured(cell: Cell, error: Exception) -> Failure:
    """The failure of a cell of which a metric cannot be told."""
    if isinstance(error, MemoryError):
        raise error
    words = "the cell's file is damaged: run the study again" if isinstance(error, DamagedCellError) else error
    log.error("cell %d cannot be measured: %s", cell.ordinal, words)
    return Failure(cell, f"{type(error).__name__}: {words}", traceback.format_exc())


def _check_finite(tables: dict[str, pd.DataFrame]) -> None:
    """Undefined is an answer, infinite is none."""
    for name, table in tables.items():
        for column in table.select_dtypes("float64"):
            if np.isinf(table[column].to_numpy()).any():
                raise FloatingPointError(f"metric '{column}' is infinite in table '{name}'")


class GrowingTable:
    """A Parquet file written a few cells at a time: the same bytes whatever order they were computed in."""

    def __init__(self, file: Path) -> None:
        self._path = file
        # a file of our own: pyarrow leaves its open where writing it fails
        self._file: IO[bytes] | None = None
        self._writer: pq.ParquetWriter | None = None

    def add(self, rows: pd.DataFrame) -> None:
        """Write rows as a group of their own."""
        if not len(rows):
            return
        table = pa.Table.from_pandas(rows, preserve_index=False)
        if self._writer is None:
            self._file = self._path.open("wb")
            self._writer = pq.ParquetWriter(self._file, table.schema, compression="zstd")
            self._schema = table.schema
        self._writer.write_table(table.cast(self._schema))

    def close(self) -> None:
        """Write the end of the file; without rows there is no file."""
        try:
            if self._writer is not None:
                self._writer.close()
        finally:
            if self._file is not None:
                self._file.close()


def same_needs(
    plan: Plan, store: Store, good: list[Cell], paired: list[Metric]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Failure]]:
    """What the same needs took in every arm and in the reference, pair of runs by pair of runs.

    Returns
    -------
    pairs : DataFrame
        One row a cell beside its reference's, the reference beside itself: how many needs, each metric, and each for
        the reference.
    against : DataFrame
        The reference's values under the metrics' own names.
    failures : list of Failure
        Cells of which a metric raises or is infinite.
    """
    reference = plan.study.reference
    beside: dict[tuple[int, int], list[Cell]] = {}
    for cell in good:
        beside.setdefault((cell.future, cell.world), []).append(cell)
    names = [m.name for m in paired]
    rows: list[dict[str, Any]] = []
    failures: list[Failure] = []
    for (future, world), cells in beside.items():
        base = next((cell for cell in cells if cell.arm == reference), None)
        if base is None:
            continue
        try:
            theirs = store.get(base.digest, "resolved")
        except Exception as error:
            failures.append(_not_measured(base, error))
            continue
        for cell in cells:
            try:
                mine, others = in_both(store.get(cell.digest, "resolved"), theirs)
                row: dict[str, Any] = {"cell": cell.ordinal, "arm": cell.arm, "future": future, "world": world}
                row[NEEDS_IN_BOTH] = int(mine[NEEDS_IN_BOTH])
                for counts, end in ((mine, ""), (others, "_reference")):
                    arrays = {name: np.array([value]) for name, value in counts.items()}
                    row |= {f"{m.name}{end}": float(m.value(arrays)[0]) for m in paired}
                _check_finite({"pairs": pd.DataFrame([row])})
            except Exception as error:
                failures.append(_not_measured(cell, error))
            else:
                rows.append(row)
    columns = [*HEAD, NEEDS_IN_BOTH, *names, *(f"{name}_reference" for name in names)]
    pairs = pd.DataFrame(rows, columns=columns).sort_values("cell", kind="stable", ignore_index=True)
    pairs = pairs.astype({"cell": "int64", "future": "int64", "world": "int64", NEEDS_IN_BOTH: "int64"})
    renamed = {f"{name}_reference": name for name in names}
    return pairs, pairs[["arm", "future", "world", *renamed]].rename(columns=renamed), failures


def _gather(found: list[tuple[Cell, dict[str, pd.DataFrame]]], level: str) -> pd.DataFrame:
    frames = []
    for cell, tables in found:
        table = tables[level]
        keys = pd.DataFrame(
            {"cell": cell.ordinal, "arm": cell.arm, "future": cell.future, "world": cell.world}, index=table.index
        )
        frames.append(pd.concat([keys, table], axis=1))
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


def of_one_run(store: Store, cell: Cell, months: int, wanted: Sequence[str]) -> dict[str, float] | Failure:
    """Metrics of one run over all its months and spaces; its failure, where one raises or is infinite."""
    try:
        counts = store.get(cell.digest, "space").drop(columns=["month", "place"]).sum()
        arrays = {str(name): np.array([float(value)]) for name, value in counts.items()}
        arrays["months"] = np.array([float(months)])
        found = {name: float(metrics[name].value(arrays)[0]) for name in wanted}
        _check_finite({"runs": pd.DataFrame([found])})
    except Exception as error:
        return _not_measured(cell, error)
    return found


def write_table(folder: Path, name: str, table: pd.DataFrame) -> None:
    table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
