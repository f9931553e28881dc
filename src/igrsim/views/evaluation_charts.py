"""What an evaluation could see: power by month and metric, the design of a roll-out, and what each method would report."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from igrsim.results.other_designs import PLANNED
from igrsim.results.staggered import CHANGING, METHODS, WITH, WITHOUT
from igrsim.views.gallery import picture
from igrsim.views.labels import apart
from igrsim.views.metric import Metric
from igrsim.views.numbers import difference_unit, factor, signed_tick
from igrsim.views.style import INK, OKABE_ITO, PALE, QUIET, blank, words_instead

DOUBTFUL = 0.25
"""False alarms, without hubs, from which a line of power gets an asterisk."""
_MARKERS = "osD^vPX*"
_DASHES = ("-", (0, (5, 1.2)), (0, (2, 1)), (0, (6, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
_METHOD = {METHODS[0]: ("o", OKABE_ITO[0]), METHODS[1]: ("s", OKABE_ITO[2]), METHODS[2]: ("^", OKABE_ITO[1])}


@picture(
    "Share of futures and worlds in which a test at 5 % finds the effect with the right sign, by the month in which the evaluator "
    "looks. Method: spaces with a hub against those not yet started. Dashed: four in five. Shaded: from the first start to the last. "
    "Metrics that hubs leave exactly as they are have no line. With an asterisk: the same dates raise an alarm in a quarter of runs or more "
    "without any hub, so that the line means little. Intervals stand in the table."
)
def power_by_month(
    table: pd.DataFrame, arms: Sequence[str], metrics: Sequence[Metric], waves: dict[str, tuple[int, int]]
) -> Figure:
    """One panel an arm, one line a metric."""
    mine = table[(table["design"] == PLANNED) & (table["method"] == METHODS[0])]
    drawn = {arm: mine[mine["arm"] == arm] for arm in arms}
    heights = [3.5 if rows["power"].notna().any() else 1.6 for rows in drawn.values()]
    figure = blank(12, sum(heights) + 0.3)
    axes = figure.subplots(len(arms), 1, height_ratios=heights, squeeze=False)[:, 0]
    for ax, (arm, rows) in zip(axes, drawn.items(), strict=True):
        _power(ax, rows, arm, metrics, waves[arm])
        if arm == arms[-1]:
            ax.set_xlabel("Months since the study began")
    return figure


def _power(ax: Axes, rows: pd.DataFrame, arm: str, metrics: Sequence[Metric], waves: tuple[int, int]) -> None:
    ax.set_title(arm)
    ax.set_ylabel("Power, %")
    ax.set_ylim(-4, 104)
    ax.set_yticks([0, 20, 40, 60, 80, 100])
    months = int(rows["months"].max())
    ax.set_xlim(0, months + 0.5)
    ax.xaxis.set_major_locator(FixedLocator(list(range(0, months + 1, 12 if months >= 36 else 6))))
    ax.axvspan(waves[0], max(waves[1], waves[0] + 0.3), color=PALE, zorder=0)
    ax.axhline(80, color=QUIET, linestyle="--", linewidth=1.2, zorder=1)
    ends = []
    for i, metric in enumerate(metrics):
        line = rows[(rows["metric"] == metric.name) & rows["power"].notna()].sort_values("months")
        if not len(line):
            continue
        colour = OKABE_ITO[i % len(OKABE_ITO)]
        ax.plot(
            line["months"], 100 * line["power"], color=colour, marker=_MARKERS[i % 8], linestyle=_DASHES[i % 6],
            linewidth=2, markersize=7, clip_on=False,
        )  # fmt: skip
        doubtful = "*" if float(line["false_alarms"].iloc[-1]) >= DOUBTFUL else ""
        ends.append((metric.title + doubtful, float(100 * line["power"].iloc[-1]), colour, _MARKERS[i % 8]))
    if not ends:
        ax.set_yticks([0, 80])
        words = "No line: at no look are two spaces without a hub left to compare with"
        ax.text(0.5, 0.4, words, ha="center", transform=ax.transAxes, fontsize=13)
        return
    places = apart([y for _, y, _, _ in ends], gap=13, low=0, high=100)
    for (title, y, colour, marker), at in zip(ends, places, strict=True):
        ax.annotate(
            title, xy=(1.0, y), xytext=(1.05, at), xycoords=ax.get_yaxis_transform(), textcoords=ax.get_yaxis_transform(),
            va="center", fontsize=12, fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        ax.plot(
            [1.03], [at], marker=marker, color=colour, markersize=8, transform=ax.get_yaxis_transform(), clip_on=False
        )


@picture(
    "A row a space, in the order of their dates; a column a report. Filled square: a hub all through. Cross: the hub starts within "
    "the period, which belongs to neither side. Open circle: no hub yet. Shaded columns have spaces with a hub and at least two without, so that "
    "there is something to compare; in the others there is not."
)
def design_of_rollout(exposed: np.ndarray, names: Sequence[str], labels: Sequence[str], title: str) -> Figure:
    """Spaces by reporting periods, with a hub or without.

    Parameters
    ----------
    exposed : (spaces, periods) float
        As `igrsim.results.staggered.exposure`.
    labels : sequence of str
        First month of each period.
    """
    if not len(names):
        return words_instead("No space starts within the study.")
    order = sorted(range(len(names)), key=lambda i: (-float(exposed[i].sum()), names[i]))
    rows, columns = exposed.shape
    figure = blank(12, 0.19 * rows + 1.6)
    ax = figure.add_subplot()
    ax.set_title(title)
    both = ((exposed == WITH).sum(axis=0) > 0) & ((exposed == WITHOUT).sum(axis=0) > 1)
    for column in np.flatnonzero(both):
        ax.axvspan(column - 0.5, column + 0.5, color=PALE, zorder=0)
    shown = exposed[order]
    size = min(34.0, 3600 / columns / 4)
    for value, marker, filled in ((WITH, "s", True), (WITHOUT, "o", False), (CHANGING, "x", False)):
        y, x = np.nonzero(shown == value)
        ax.plot(
            x, y, marker=marker, markersize=math.sqrt(size), linestyle="none", color=INK,
            markerfacecolor=INK if filled else "none", markeredgewidth=0.9,
        )  # fmt: skip
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xlim(-0.6, columns - 0.4)
    ax.set_yticks(range(rows), [names[i] for i in order], fontsize=8.5)
    step = max(1, math.ceil(columns / 10))
    ax.set_xticks(range(0, columns, step), [labels[i] for i in range(0, columns, step)])
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return figure


@picture(
    "What three evaluators of one roll-out would report at the last look. Mark: mean over runs; bar: the middle 80 % of runs, in each of which "
    "there is one report and no more. Unbroken upright line: what hubs truly change where they are; dotted: no change. "
    "Circle: spaces with a hub against those not yet started. Square: stepped wedge, one effect for all. Triangle: each space before and "
    "after. Short tick: the true effect in the spaces and months that a method compares. A mark that is missing has nothing to compare with."
)
def what_methods_report(table: pd.DataFrame, arm: str, metrics: Sequence[Metric]) -> Figure:
    """Small multiples, one a metric: each method's mean estimate and its spread over runs, and the truth."""
    mine = table[(table["design"] == PLANNED) & (table["arm"] == arm)]
    mine = mine[mine["months"] == mine["months"].max()]
    shown = [m for m in metrics if mine[mine["metric"] == m.name]["estimate"].notna().any()]
    if not shown:
        return words_instead(f"{arm}: no method has anything to compare with.")
    figure = blank(12, 1.4 * len(shown) + 1.0)
    figure.suptitle(arm, x=0.01, ha="left", fontweight="bold", fontsize=15)
    for place, metric in enumerate(shown, start=1):
        _methods(figure.add_subplot(len(shown), 1, place), mine[mine["metric"] == metric.name], metric)
    return figure


def _methods(ax: Axes, rows: pd.DataFrame, metric: Metric) -> None:
    scale = factor(metric.unit)
    ax.axvline(0, color=QUIET, linestyle=":", linewidth=2)
    ax.axvline(float(rows["truth_so_far"].dropna().iloc[0]) * scale, color=INK, linewidth=2.5)
    for y, method in enumerate(METHODS):
        row = rows[rows["method"] == method].iloc[0]
        if not math.isfinite(row["estimate"]):
            continue
        marker, colour = _METHOD[method]
        ax.plot(
            [row["estimate_low"] * scale, row["estimate_high"] * scale], [y, y], color=colour, linewidth=5, alpha=0.35,
            solid_capstyle="butt", zorder=2,
        )  # fmt: skip
        ax.plot([row["truth"] * scale] * 2, [y - 0.38, y + 0.38], color=INK, linewidth=1.6, zorder=3)
        ax.plot([row["estimate"] * scale], [y], marker=marker, color=colour, markersize=10, linestyle="none", zorder=4)
    ax.set_ylim(2.6, -0.6)
    ax.set_yticks(range(3), [m.replace("-", " ") for m in METHODS], fontsize=10)
    ax.set_title(textwrap.shorten(f"{metric.title}, {difference_unit(metric.unit)}", 90), fontsize=12)
    ax.margins(x=0.06)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
