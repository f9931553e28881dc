"""A verdict for each plan and metric: whether anybody could see what the plan does, from when, and which dates would show more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import binom

from igrsim.results.other_designs import PLANNED
from igrsim.results.rollout_evaluation import LEVEL, NO_CONTROLS, NOTHING, UNDEFINED
from igrsim.results.staggered import METHODS

PROBABLY, EVEN = 0.8, 0.5
"""Power from which an effect is said to be probably seen, and to have even odds."""
SPILLS = 0.1
"""Part of the effect that waiting spaces must change by for spill-over to be told."""
GAIN = 0.05
"""Part by which other dates must lower the smallest effect found, beside the effect, to be named."""
TWO_YEARS = 24
SEEN, ODDS, MISSED = "would probably be seen", "even odds at best", "would probably be missed"
UNMEASURABLE = f"cannot be measured: {NO_CONTROLS}"
CONFOUNDED = "cannot be told from a trend"
COLUMNS = (
    "arm", "metric", "unit", "verdict", "seen_from", "two_years", "power_two_years", "power_two_years_low", "power_two_years_high",
    "best_power", "best_months", "power", "power_low", "power_high", "truth", "truth_so_far", "smallest_seen", "coverage",
    "bias", "false_alarms", "trend", "spill_over", "before_after", "before_after_wrong", "before_after_false_alarms",
    "better_dates", "better_power", "runs",
)  # fmt: skip

FOUND = ("truth", "smallest_seen", "coverage", "bias", "false_alarms", "power", "power_low", "power_high")
"""What is taken from the last look that has something to compare."""


def seeable(table: pd.DataFrame, first: dict[str, int], units: int) -> pd.DataFrame:
    """One row an arm and metric, `COLUMNS`.

    Parameters
    ----------
    table : DataFrame
        As `evaluation` makes it.
    first : dict of str to int
        Month of the study in which each arm's first space starts.
    units : int
        Independent runs.
    """
    rows = [
        _row(str(arm), str(metric), part, first[str(arm)], units)
        for (arm, metric), part in table.groupby(["arm", "metric"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(arm: str, metric: str, part: pd.DataFrame, first: int, units: int) -> dict[str, object]:
    mine = part[(part["design"] == PLANNED) & (part["method"] == METHODS[0])].sort_values("months")
    last = mine.iloc[-1]
    about: dict[str, object] = {
        "arm": arm, "metric": metric, "unit": last["unit"], "runs": int(last["runs"]), "truth_so_far": last["truth_so_far"],
    }  # fmt: skip
    if last["note"] == UNDEFINED:
        return about | {"verdict": UNDEFINED}
    naive = part[part["method"] == METHODS[2]].sort_values("months").iloc[-1]
    about |= {
        "before_after": naive["estimate"],
        "before_after_wrong": naive["wrong_way"],
        "before_after_false_alarms": naive["false_alarms"],
    }
    about |= _better(part, int(last["months"]))
    compared = mine[mine["estimate"].notna()]
    if not len(compared):
        # where the plan leaves nothing to compare, hubs may still do nothing at all
        return about | {"verdict": NOTHING if float(last["truth_so_far"]) == 0 else UNMEASURABLE}
    found = compared.iloc[-1]
    about |= {name: found[name] for name in FOUND}
    about["trend"] = bool(alarming(float(found["false_alarms"]), units))
    truth, waiting = float(found["truth_so_far"]), float(found["waiting"])
    about["spill_over"] = waiting / truth + 0.0 if truth and np.isfinite(waiting) else np.nan
    if not compared["power"].notna().any():
        return about | {"verdict": NOTHING}
    best = compared.sort_values("power", ascending=False, kind="stable").iloc[0]
    early = compared[compared["months"] <= first + TWO_YEARS]
    about |= {"best_power": best["power"], "best_months": int(best["months"])}
    if len(early):
        then = early.iloc[-1]
        about |= {"two_years": int(then["months"])}
        about |= {f"power_two_years{end}": then[f"power{end}"] for end in ("", "_low", "_high")}
    if about["trend"]:
        # what the dates find without any hub they would find with one too: power is no merit of theirs
        return about | {"verdict": CONFOUNDED}
    stays = compared["power"].to_numpy()[::-1]
    run = int(np.argmin(stays >= PROBABLY)) if (stays < PROBABLY).any() else len(stays)
    if run:
        about |= {"seen_from": int(compared["months"].iloc[-run]), "verdict": SEEN}
    else:
        about["verdict"] = ODDS if best["power"] >= EVEN else MISSED
    return about


def _better(part: pd.DataFrame, months: int) -> dict[str, object]:
    """The other dates under which the smallest effect found is smallest beside the effect, where that is less than the plan's and power is more.

    Power itself is a share of few runs; what an effect must be to be found hardly varies between them.
    """
    known = part[(part["method"] == METHODS[0]) & (part["months"] == months) & part["power"].notna()]
    needed = {
        str(row["design"]): (row["smallest_seen"] / abs(row["truth"]), row["power"]) for row in known.to_dict("records")
    }
    planned, before = needed.pop(PLANNED, (np.inf, 0.0))
    gain = {
        design: least for design, (least, power) in needed.items() if least < (1 - GAIN) * planned and power > before
    }
    if not gain:
        return {}
    dates = min(gain, key=lambda design: gain[design])
    return {"better_dates": dates, "better_power": needed[dates][1]}


def alarming(share: float, units: int) -> bool:
    """Whether so many false alarms of so many independent runs are more than a test at 5 % gives by chance (1 in 100)."""
    return bool(np.isfinite(share) and binom.sf(round(share * units) - 1, units, LEVEL) < 0.01)


def unmeasurable(rows: pd.DataFrame) -> list[str]:
    """Arms whose effect nobody could measure on any of the metrics they change."""
    found = []
    for arm, part in rows.groupby("arm", sort=False):
        told = part[~part["verdict"].isin([NOTHING, UNDEFINED])]
        if len(told) and (told["verdict"] == UNMEASURABLE).all():
            found.append(str(arm))
    return found


def first_starts(starts: dict[str, Sequence[int | None]]) -> dict[str, int]:
    """Month in which each arm's first space starts."""
    return {arm: min(s for s in mine if s is not None) for arm, mine in starts.items()}
