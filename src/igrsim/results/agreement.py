"""Whether rival theories of how officials decide agree on what an arm does, in words from a fixed scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from igrsim.results.effects import NOT_JUDGED, Analysis, Effect, effect, effects_table

ALL = "all rules"
"""The row that says whether they agree."""
COLUMNS = (
    "arm", "reference", "metric", "unit", "planners", "mean", "difference", "low", "high", "pairs", "verdict",
    "mean_low", "mean_high", "agree", "beyond_own", "beyond_own_low", "beyond_own_high",
)  # fmt: skip


def bearing(verdict: str) -> str:
    """What a verdict says of the direction: lower, higher, same, open, or nothing to say ("undefined")."""
    if verdict.startswith(("exactly", "no material")):
        return "same"
    if verdict.startswith(("undefined", "only in this arm")):
        return "undefined"
    way = verdict.removeprefix("probably ").partition(",")[0].removesuffix(" on average")
    return way if way in ("lower", "higher") else "open"


def agreement(verdicts: Mapping[str, str], differences: Mapping[str, float]) -> str:
    """Whether theories agree, in words from a fixed scale.

    ======================================  ======================================================================
    words                                   when
    ======================================  ======================================================================
    all rules agree: lower                  the verdict is the same way under each, surely ("probably lower" if it is
                                            so surely under none; where it is so under some only, the others are named);
                                            likewise higher, and no material difference
    agree in direction: lower; cannot tell  it is so under some, the others cannot tell but point the same way
    under …
    differ: lower under …, higher under …   the verdicts of two contradict each other: lower, higher, or no material
                                            difference
    cannot tell under …: lower under …      those that can tell agree, another cannot and points the other way
    cannot tell under any rule              none can tell
    not judged: …                           the futures allow no verdict under any
    ======================================  ======================================================================

    Parameters
    ----------
    verdicts, differences : mapping of str to str, float
        By theory: the verdict on the contrast under it, and its mean difference.
    """
    if unjudged := [words for words in verdicts.values() if words.startswith(NOT_JUDGED)]:
        return unjudged[0]
    by: dict[str, list[str]] = {}
    for name, words in verdicts.items():
        by.setdefault(bearing(words), []).append(name)
    blank = f"; undefined under {', '.join(by['undefined'])}" if "undefined" in by else ""
    told = {way: names for way in ("lower", "higher", "same") if (names := by.get(way))}
    unsure = by.get("open", [])
    if not told:
        return f"cannot tell under any rule{blank}" if unsure else "undefined under every rule"
    if len(told) > 1:
        parts = [f"{_SAID[way]} under {', '.join(names)}" for way, names in told.items()]
        parts += [f"cannot tell under {', '.join(unsure)}"] if unsure else []
        return f"differ: {'; '.join(parts)}{blank}"
    ((way, names),) = told.items()
    probably = [n for n in names if verdicts[n].startswith("probably")]
    sure = [verdicts[n] for n in names if n not in probably] or [verdicts[names[0]]]
    # what holds on average alone under one is no more than that under all
    said = next((words for words in sure if "on average" in words), sure[0])
    said += f" (probably so under {', '.join(probably)})" if 0 < len(probably) < len(names) else ""
    if way == "same" and not all(verdicts[n].startswith("exactly") for n in names):
        said = f"{_SAID[way]} on average" if "on average" in said else _SAID[way]
    if not unsure:
        return f"all rules agree: {said}{blank}"
    along = {"lower": -1, "higher": 1}.get(way)
    if along and all(np.sign(differences[name]) == along for name in unsure):
        return f"agree in direction: {said}; cannot tell under {', '.join(unsure)}{blank}"
    return f"cannot tell under {', '.join(unsure)}: {said} under {', '.join(names)}{blank}"


_SAID = {"lower": "lower", "higher": "higher", "same": "no material difference"}


def rival_effects(
    runs: pd.DataFrame,
    metrics: Sequence[tuple[str, str, str]],
    reference: str,
    arms: Sequence[str],
    planners: Sequence[str],
    analysis: Analysis | None = None,
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Effects of every arm against the reference under every theory, and after them whether the theories agree.

    Under each theory contrasts are judged as the study's own are: by the same margins, with all contrasts under it and all
    looks counted.

    ``beyond_own`` is by how much the difference under a theory exceeds that under the study's own, pair of runs by pair of runs,
    with the 95 % interval of that mean: theories may agree on the direction and not on the size.

    Parameters
    ----------
    runs : DataFrame
        One row a run: arm, planners, future, world, and one column a metric.
    metrics : sequence of (name, unit, better)
    arms, planners : sequence of str
        In the study's order, its own theory first.
    analysis : Analysis, optional
        Without it every contrast is primary.
    own : DataFrame, optional
        The study's table of effects, whose rows stand for its own theory.
    """
    by = {
        (str(arm), str(rule)): found.set_index(["world", "future"]).sort_index()
        for (arm, rule), found in runs.groupby(["arm", "planners"], sort=False)
    }
    # an arm whose every cell failed has no runs, and so no pairs
    none = runs.iloc[:0].set_index(["world", "future"])
    about = pd.DataFrame(list(metrics), columns=["name", "unit", "better"])
    judged = {
        rule: effects_table(
            runs[runs["planners"] == rule].drop(columns="planners"), about, reference, list(arms), None, analysis
        )
        for rule in planners
    }
    if own is not None:
        judged[planners[0]] = own
    under: dict[tuple[str, str, str], dict[str, Any]] = {
        (rule, str(row["arm"]), str(row["metric"])): {str(key): value for key, value in row.items()}
        for rule, table in judged.items()
        for row in table.to_dict("records")
    }
    together = 1 if analysis is None else analysis.together
    rows = []
    for arm in arms:
        if arm == reference:
            continue
        for name, unit, better in metrics:
            head = {"arm": arm, "reference": reference, "metric": name, "unit": unit}
            verdicts, differences = {}, {}
            usual: pd.Series | None = None
            for rule in planners:
                base = by.get((reference, rule), none)
                mine = by.get((arm, rule), none).reindex(base.index)
                found = under[rule, arm, name]
                verdicts[rule], differences[rule] = str(found["verdict"]), float(found["difference"])
                change = mine[name].astype("float64") - base[name].astype("float64")
                beyond = {}
                if usual is None:
                    usual = change
                else:
                    gap = _effect(change, usual.reindex(change.index), better, together)
                    beyond = dict(zip(COLUMNS[-3:], (gap.difference, gap.mean_low, gap.mean_high), strict=True))
                rows.append({**found, **head, "planners": rule, **beyond})
            rows.append({**head, "planners": ALL, "verdict": agreement(verdicts, differences)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _effect(mine: pd.Series, base: pd.Series, better: str, together: int) -> Effect:
    """The paired difference of two columns that stand on the same pairs of world and future."""
    pairs = base.index
    return effect(
        mine.to_numpy(np.float64),
        base.to_numpy(np.float64),
        better,
        futures=pairs.get_level_values("future").to_numpy(np.int64),
        worlds=pairs.get_level_values("world").to_numpy(np.int64),
        together=together,
    )
