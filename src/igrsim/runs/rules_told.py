"""The rules in force in a space in one month, and which lever set each: the trail of a finished study, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import pandas as pd

from igrsim.kernel.errors import InputError
from igrsim.levers._base import levers
from igrsim.results.results import Results
from igrsim.runs.catalogue import catalogue
from igrsim.runs.study import Study, read_study
from igrsim.world.ruling import SILOS, Ruling, meanings


@dataclass(frozen=True)
class Setting:
    """One lever's part in a rule.

    Attributes
    ----------
    lever, summary : str
    dose : float
        Share of the lever in force.
    since, last : str
        Months (YYYY-MM) from which it changes the rule, and in which it last changed it differently.
    before, after : float
        The rule before the lever and after it.
    choices : dict of str to float
        What the arm chose for the lever.
    sources : dict of str to str
        Where the lever comes from: key and citation.
    """

    lever: str
    summary: str
    dose: float
    since: str
    last: str
    before: float
    after: float
    choices: dict[str, float]
    sources: dict[str, str]


@dataclass(frozen=True)
class RuleTold:
    """One rule of a space in one month.

    Attributes
    ----------
    rule, meaning : str
    silo, value : float
        As in silos, and in force.
    settings : tuple of Setting
        The levers that change it, in the order in which they act; none where it is as in silos.
    """

    rule: str
    meaning: str
    silo: float
    value: float
    settings: tuple[Setting, ...]

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        name = self.rule.replace("_", " ")
        if not self.settings:
            return f"{name} is {self.value:g}, as in silos."
        parts = [
            _clause(s.lever, f"{s.dose:g}", f"{s.before:g}", f"{s.after:g}", s.since)
            + (f" (last changed {s.last})" if s.last != s.since else "")
            for s in self.settings
        ]
        return f"{name} is {self.value:g}, in silos {self.silo:g}: {'; '.join(parts)}."


@dataclass(frozen=True)
class Everywhere:
    """One rule over all spaces in which levers change it, at the end of a study.

    Attributes
    ----------
    rule : str
    levers : tuple of str
        In the order in which they act.
    words : str
        The rule in a sentence; where spaces differ, from the least to the most.
    """

    rule: str
    levers: tuple[str, ...]
    words: str

    @property
    def name(self) -> str:
        """The rule's name as words."""
        return self.rule.replace("_", " ")


def _clause(lever: str, dose: str, before: str, after: str, since: str) -> str:
    return f"{lever} {'at full dose' if dose == '1' else f'at dose {dose}'} takes it from {before} to {after}, since {since}"


def trail(results: Results) -> pd.DataFrame:
    """Which lever changed which rule when, by arm and space."""
    file = results.folder / "rules.csv"
    try:
        return pd.read_csv(file, dtype={"arm": str, "month": str, "space": str, "lever": str, "field": str})
    except (OSError, ValueError):
        raise InputError(
            "is missing or damaged: run the study again, what was computed is kept", file=str(file), code="E303"
        ) from None


def rules_told(results: Results, arm: str, space: str, month: str) -> list[RuleTold]:
    """Every rule of a space in a month, and who set it.

    Parameters
    ----------
    arm, space : str
    month : str
        YYYY-MM, within the study.
    """
    found = trail(results)
    found = found[(found["arm"] == arm) & (found["space"] == space) & (found["month"] <= month)]
    study = read_study(results.folder / "resolved.toml")[0]
    about = meanings()
    names = [f.name for f in fields(Ruling)]
    # a rule of an older version is told too, without its meaning
    names += sorted(set(found["field"]) - set(names))
    told = []
    for name in names:
        mine = found[found["field"] == name]
        # levers act in the order of their names
        settings = [
            setting
            for lever in sorted(set(mine["lever"]))
            if (setting := _setting(mine[mine["lever"] == lever], lever, study, arm)) is not None
        ]
        silo = float(getattr(SILOS, name, 0.0))
        value = settings[-1].after if settings else silo
        told.append(RuleTold(name, about.get(name, ""), silo, value, tuple(settings)))
    return told


def everywhere_told(found: pd.DataFrame, arm: str) -> dict[str, Everywhere]:
    """The rules that an arm's levers change, each told once for all spaces, as they stand in the last month or stood before.

    Parameters
    ----------
    found : DataFrame
        The trail.
    """
    told = {}
    mine = found[found["arm"] == arm]
    for rule, entries in mine.groupby("field", sort=True):
        forces = {
            (str(lever), str(space)): force
            for (lever, space), rows in entries.groupby(["lever", "space"], sort=True)
            if (force := _force(rows)) is not None
        }
        over = {
            (str(lever), str(space)): ended
            for (lever, space), rows in entries.groupby(["lever", "space"], sort=True)
            if (str(lever), str(space)) not in forces and (ended := _ended(rows)) is not None
        }
        levers_here = sorted({lever for lever, _ in (*forces, *over)})
        if not levers_here:
            continue
        parts = []
        for lever in levers_here:
            gone = [ended for (name, _), ended in over.items() if name == lever]
            if gone:
                begun, until = min(one.since for one in gone), max(one.last for one in gone)
                before, after = (_span([float(getattr(f, key)) for f in gone]) for key in ("before", "after"))
                parts.append(
                    f"{lever} took it from {before} to {after}, from {begun} to before {until}, in {_spaces(len(gone))}"
                )
            each = [force for (name, _), force in forces.items() if name == lever]
            if not each:
                continue
            dose, before, after = (_span([float(getattr(f, key)) for f in each]) for key in ("dose", "before", "after"))
            since = sorted({f.since for f in each})
            spaces, last = _spaces(len(each)), max(force.last for force in each)
            dated = (
                f"{since[0]}, in {spaces}"
                if len(since) == 1
                else f"{since[0]}, in the last of {spaces} since {since[-1]}"
            )
            dated += f" (last changed {last})" if last > since[-1] else ""
            parts.append(_clause(lever, dose, before, after, dated))
        silo = float(getattr(SILOS, str(rule), 0.0))
        # levers act in the order of their names: the last of each space leaves the rule as it stands
        stands = {space: force.after for (_, space), force in forces.items()}
        value = _span([stands.get(space, silo) for space in {place for _, place in (*forces, *over)}])
        name = str(rule).replace("_", " ")
        words = f"{name} is {value}, in silos {silo:g}: {'; '.join(parts)}."
        told[str(rule)] = Everywhere(str(rule), tuple(levers_here), words)
    return told


def _spaces(count: int) -> str:
    return f"{count} spaces" if count > 1 else "1 space"


def _span(values: list[float]) -> str:
    low, high = f"{min(values):g}", f"{max(values):g}"
    return low if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class _Force:
    """What a lever does to a rule of a space, and since when."""

    dose: float
    before: float
    after: float
    since: str
    last: str


def _force(entries: pd.DataFrame) -> _Force | None:
    """The same after these entries of the trail; None where the lever no longer changes the rule."""
    since, last = "", str(entries["month"].iloc[-1])
    for before, after, month in zip(*(entries[name].tolist() for name in ("before", "after", "month")), strict=True):
        since = "" if before == after else since or str(month)
    dose, before, after = (float(entries[name].iloc[-1]) for name in ("dose", "before", "after"))
    return _Force(dose, before, after, since, last) if since else None


def _ended(entries: pd.DataFrame) -> _Force | None:
    """What a lever did to a rule of a space before it ceased to (`last`: the month in which it did); None where it never did."""
    changes = (entries["before"] != entries["after"]).to_numpy()
    if not changes.any():
        return None
    place = int(changes.nonzero()[0][-1])
    force = _force(entries.iloc[: place + 1])
    assert force is not None
    return _Force(force.dose, force.before, force.after, force.since, str(entries["month"].iloc[place + 1]))


def _setting(entries: pd.DataFrame, lever: str, study: Study, arm: str) -> Setting | None:
    """What a lever does to a rule after these entries of the trail; None where it no longer changes it."""
    force = _force(entries)
    if force is None:
        return None
    cited = {row["name"]: row["citation"] for row in catalogue()["sources"]}
    kind = dict(levers.items()).get(lever)
    keys = kind.seed.split(";") if kind else []
    chosen = {
        row["name"]: study.params(arm, {}).get(row["name"], float(row["default"]))
        for row in catalogue()["params"]
        if row["name"].startswith(f"{lever}.")
    }
    return Setting(
        lever=lever,
        summary=kind.summary if kind else "",
        dose=force.dose,
        since=force.since,
        last=force.last,
        before=force.before,
        after=force.after,
        choices=chosen,
        sources={key: cited.get(key, "") for key in keys},
    )


def rule_rows(arm: str, space: str, month: str, rules: Sequence[RuleTold]) -> list[dict[str, object]]:
    """Rules as rows: one for each lever that changes a rule, or one for a rule that stands as in silos."""
    rows = []
    for rule in rules:
        for setting in rule.settings or (None,):
            rows.append(
                {
                    "arm": arm,
                    "space": space,
                    "month": month,
                    "rule": rule.rule,
                    "meaning": rule.meaning,
                    "silo": rule.silo,
                    "value": rule.value,
                    "lever": setting.lever if setting else None,
                    "dose": setting.dose if setting else None,
                    "since": setting.since if setting else None,
                    "last_changed": setting.last if setting else None,
                    "before": setting.before if setting else None,
                    "after": setting.after if setting else None,
                    "choices": [f"{k} = {v:g}" for k, v in setting.choices.items()] if setting else [],
                    "source": ";".join(setting.sources) if setting else None,
                    "cited": [f"{k}: {v}" for k, v in setting.sources.items()] if setting else [],
                    "words": rule.words,
                }
            )
    return rows
