"""A finished study on disk, opened for reading."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from igrsim.kernel.errors import InputError

CAP = "the most worlds allowed are run"
"""Why an autopilot stopped that decided nothing."""
SCHEMA = 1
"""Version of the results' layout; raised when a table changes its columns' meaning."""


def _damaged(file: Path) -> InputError:
    return InputError(
        "is missing or damaged: run the study again, what was computed is kept", file=str(file), code="E303"
    )


class Results:
    """The tables of one study's folder, read when first asked for.

    Parameters
    ----------
    folder : Path
        The study's folder (it holds ``manifest.json``), or a results folder with a single study in it.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        if not (self.folder / "manifest.json").exists():
            found = sorted(self.folder.glob("*/manifest.json")) if self.folder.is_dir() else []
            if len(found) != 1:
                what = "no finished study" if not found else f"{len(found)} studies; name one of their folders"
                raise InputError(f"'{self.folder}' holds {what}", code="E301")
            self.folder = found[0].parent
        try:
            self.manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except ValueError:
            raise _damaged(self.folder / "manifest.json") from None
        if not isinstance(self.manifest, dict):
            raise _damaged(self.folder / "manifest.json")
        if self.manifest.get("schema") != SCHEMA:
            raise InputError(
                f"'{self.folder}' has results of schema {self.manifest.get('schema')}, this version reads {SCHEMA}: "
                f"run the study again",
                code="E302",
            )

    def _table(self, name: str) -> pd.DataFrame:
        file = self.folder / f"{name}.parquet"
        try:
            return pd.read_parquet(file)
        except (FileNotFoundError, ValueError):
            raise _damaged(file) from None

    def _text(self, name: str, **reading: Any) -> pd.DataFrame:
        file = self.folder / f"{name}.csv"
        try:
            table: pd.DataFrame = pd.read_csv(file, **reading)
        except (FileNotFoundError, ValueError):
            raise _damaged(file) from None
        return table

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row a cell: arm, future, world, seed, status and every varied parameter."""
        return self._table("design")

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """One row a cell, month and space; one column a metric."""
        return self._table("monthly")

    @cached_property
    def national(self) -> pd.DataFrame:
        """One row a cell and month over all spaces; one column a metric."""
        return self._table("national")

    @cached_property
    def spaces(self) -> pd.DataFrame:
        """One row a cell and space over all months; one column a metric."""
        return self._table("spaces")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a cell that was computed, over all months and spaces; one column a metric."""
        runs, design = self._table("runs"), self.design
        # the file has a row of nulls for each cell that failed
        failed = design["cell"][design["status"] != "done"]
        return runs[~runs["cell"].isin(failed)].reset_index(drop=True) if len(failed) else runs

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row a cell beside its reference's: what needs resolved in both took in each."""
        return self._table("pairs")

    @cached_property
    def municipalities(self) -> pd.DataFrame:
        """One row a cell, month and municipality, for load and planning metrics."""
        return self._table("municipalities")

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row a cell, month and group of people."""
        return self._table("people")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Official hours and rand by account and bearer, credited once."""
        return self._table("ledger")

    @cached_property
    def milestones(self) -> pd.DataFrame:
        """One row a cell, space and milestone on the way of hubs: planned, reached, months late; empty without hubs."""
        return self._table("milestones") if (self.folder / "milestones.parquet").exists() else pd.DataFrame()

    @cached_property
    def rollout(self) -> pd.DataFrame:
        """One row a cell and month: spaces, posts, specialists' hours and money of hubs; empty without hubs."""
        return self._table("rollout") if (self.folder / "rollout.parquet").exists() else pd.DataFrame()

    def effects(self) -> pd.DataFrame:
        """Paired differences with intervals and a verdict in words."""
        return self._text("effects")

    def audit(self) -> pd.DataFrame:
        """How closely each arm follows the reference: correlation, variance reduction, first point of divergence."""
        return self._text("audit")

    def ladder(self) -> pd.DataFrame | None:
        """What each lever of an arm contributes to its difference, where the study asks for it."""
        if "ladder" not in self.manifest:
            return None
        return self._text("ladder", keep_default_na=False, na_values=[""])

    def rivals(self) -> pd.DataFrame | None:
        """Each contrast under rival theories of how officials decide, where the study asks for it."""
        if "rivals" not in self.manifest:
            return None
        return self._text("rivals")

    def sensitivity(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """How much each number matters to each result, and what that says of evidence; None where futures cannot tell."""
        files = [self.folder / name for name in ("sensitivity.csv", "sensitivity_shares.csv")]
        if not all(file.exists() for file in files):
            return None
        table, shares = (pd.read_csv(file, keep_default_na=False, na_values=[""]) for file in files)
        return table, shares

    def checks(self) -> pd.DataFrame:
        """What had to hold in this study, and whether it did."""
        return self._text("checks")

    @property
    def metrics(self) -> pd.DataFrame:
        """Name, family, unit, better, meaning and the parameter groups each metric rests on."""
        return pd.DataFrame(self.manifest["metrics"])

    @property
    def arms(self) -> list[str]:
        """The arms in the study's order, the reference first."""
        return [arm["name"] for arm in self.manifest["arms"]]

    def lost_arms(self) -> list[str]:
        """Arms of which no cell could be computed."""
        done = set(self.design["arm"][self.design["status"] == "done"])
        return [arm for arm in self.arms if arm not in done]

    @property
    def reference(self) -> str:
        """The arm the others are compared with."""
        return str(self.manifest["reference"])
