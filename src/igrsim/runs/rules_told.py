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
            f"{s.lever} {'at full dose' if s.dose == 1 else f'at dose {s.dose:g}'} takes it from {s.before:g} to {s.after:g}, "
            f"since {s.since}{f' (last changed {s.last})' if s.last != s.since else ''}"
            for s in self.settings
        ]
        return f"{name} is {self.value:g}, in silos {self.silo:g}: {'; '.join(parts)}."


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


def _setting(entries: pd.DataFrame, lever: str, study: Study, arm: str) -> Setting | None:
    """What a lever does to a rule after these entries of the trail; None where it no longer changes it."""
    since = last = ""
    dose = before = after = 0.0
    for row in entries.to_dict("records"):
        dose, before, after, last = float(row["dose"]), float(row["before"]), float(row["after"]), str(row["month"])
        if before == after:
            since = ""
        elif not since:
            since = last
    if not since:
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
        dose=dose,
        since=since,
        last=last,
        before=before,
        after=after,
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
