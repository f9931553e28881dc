"""What each lever contributes to an arm's difference: a bar a lever, the largest first, with what it does alone and last."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.kernel.errors import InputError
from igrsim.results.contributions import ALL
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import change, difference_unit, factor, signed_tick
from igrsim.views.style import INK, QUIET, blank, words_instead

_ROW = 0.36
"""Inches of height for one lever."""
_BETTER = "#0072B2"
_WORSE = "#D55E00"
_SIDES = {"lower": "← better   worse →", "higher": "← worse   better →", "neither": "← lower   higher →"}


@picture(
    "Bar: what the lever changes when it joins, mean over orders of joining and pairs of runs; line: its 95 % interval, "
    "over both. Pale bar: the interval holds nought. Bars add up to the whole difference at the top. Ring: what the "
    "lever does where no other is; upright mark: where all others are already."
)
def ladder(results: Results, metric: str) -> Figure:
    """Contributions of an arm's levers to its difference from the reference in one metric."""
    table = results.ladder()
    if table is None:
        raise InputError("the study has no ladder of levers", file=str(results.folder), code="E195")
    known = metric_of(results, metric)
    mine = table[table["metric"] == metric]
    why = nothing_to_share(results, known, mine)
    if why is not None:
        return words_instead(why)
    whole, parts = mine[mine["lever"] == ALL], mine[mine["lever"] != ALL]
    rows = pd.concat([whole, parts], ignore_index=True)
    figure = blank(12, 1.9 + _ROW * len(rows))
    ax = figure.add_subplot()
    _draw(ax, rows, known)
    arm = str(whole["arm"].iloc[0])
    ax.set_title(f"{known.title}: {arm} minus {results.reference}, lever by lever", loc="left")
    ax.set_title(_SIDES[known.better], loc="right", fontsize=11, fontweight="normal", color=QUIET)
    return figure


def nothing_to_share(results: Results, metric: Metric, mine: pd.DataFrame) -> str | None:
    """Why there is nothing to share out among levers, in words; None if there is something."""
    whole = mine[mine["lever"] == ALL].iloc[0]
    arm = str(whole["arm"])
    if int(whole["pairs"]) == 0:
        return (
            f"{metric.title} is not defined in every combination of the levers of {arm}: "
            "what is not there without a lever cannot be shared out among levers."
        )
    if not mine["contribution"].any():
        return (
            f"{metric.title}: exactly the same in {results.reference} and {arm}. No lever touches it in these months."
        )
    return None


def _draw(ax: Axes, rows: pd.DataFrame, metric: Metric) -> None:
    times = factor(metric.unit)
    for row, found in enumerate(rows.to_dict("records")):
        size, low, high, alone, last = (
            float(found[name]) * times for name in ("contribution", "low", "high", "alone", "last")
        )
        whole = found["lever"] == ALL
        good = metric.better == ("lower" if size < 0 else "higher")
        colour = INK if whole else QUIET if metric.better == "neither" else _BETTER if good else _WORSE
        sure = low > 0 or high < 0
        ax.barh(row, size, height=0.62, color=colour, alpha=1.0 if sure else 0.3, linewidth=0)
        if math.isfinite(low):
            ax.plot([low, high], [row, row], color=INK if not whole else QUIET, linewidth=1.6, solid_capstyle="butt")
        if not whole:
            ax.plot([alone], [row], "o", color=INK, markersize=7, markerfacecolor="none", markeredgewidth=1.3)
            ax.plot([last], [row], "|", color=INK, markersize=15, markeredgewidth=2)
        ax.text(
            1.02, row, change(float(found["contribution"]), metric.unit, 2), transform=ax.get_yaxis_transform(),
            va="center", ha="left", fontsize=12, fontweight="bold" if sure else "normal",
        )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.2)
    ax.axhline(0.5, color=QUIET, linewidth=0.6)
    ax.set_yticks(range(len(rows)), [str(lever) for lever in rows["lever"]], color=INK)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
    ax.set_xlabel(difference_unit(metric.unit))
