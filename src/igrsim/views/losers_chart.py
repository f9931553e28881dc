"""Who loses: groups of people and the worst-off spaces, each with its difference from the reference."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.losses import groups_compared, spaces_worse
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import change, difference_unit, factor, signed_tick
from igrsim.views.style import INK, QUIET, blank, words_instead

_WORSE = "#D55E00"
_NOT = "#0072B2"


@picture(
    "Difference from the reference with its 95 % interval over worlds and futures: groups of people, where the "
    "metric is about people, and the (up to) ten spaces in which the arm does worst. Filled square: worse; open "
    "circle: not worse."
)
def losers(results: Results, metric: str, arm: str) -> Figure:
    """Groups of people compared, and the ten spaces that do worst, under an arm against the reference."""
    known = metric_of(results, metric)
    if known.better == "neither":
        return words_instead(f"{known.title}: neither higher nor lower is better, so nobody loses by it.")
    groups = groups_compared(results, metric, arm)
    spaces = spaces_worse(results, metric, arm)
    groups = groups[groups["difference"].notna()]
    if spaces.empty and not groups["worse"].any():
        return words_instead(f"{known.title}: no space and no group of people is worse off under {arm}.")
    panels: list[tuple[str, list[str], pd.DataFrame]] = []
    if len(groups):
        panels.append(
            (
                "Groups of people",
                [group_in_words(*pair) for pair in zip(groups["dimension"], groups["group"], strict=True)],
                groups,
            )
        )
    if len(spaces):
        title = f"Spaces worst off ({len(spaces)} shown)"
        panels.append((title, [f"{row['name']} ({row['space']})" for _, row in spaces.iterrows()], spaces))
    rows = max(len(names) for _, names, _ in panels)
    figure = blank(12, 2.0 + 0.36 * rows)
    figure.suptitle(
        f"{known.title}: {arm} minus {results.reference}", fontsize=15, fontweight="bold", ha="left", x=0.01
    )
    for place, (title, names, found) in enumerate(panels, start=1):
        ax = figure.add_subplot(1, len(panels), place)
        _draw(ax, names, found, known)
        ax.set_title(title)
    return figure


def group_in_words(dimension: str, group: str) -> str:
    """A group of people as a reader would call it."""
    said = {"wealth_fifth": f"wealth fifth {group}", "household_head": f"{group} head"}.get(dimension, group)
    if dimension == "wealth_fifth":
        said += {"1": " (poorest)", "5": " (richest)"}.get(str(group), "")
    return said


def _draw(ax: Axes, names: list[str], found: pd.DataFrame, metric: Metric) -> None:
    times = factor(metric.unit)
    for row, (_, one) in enumerate(found.iterrows()):
        low, high, middle = (float(one[name]) * times for name in ("low", "high", "difference"))
        bad = bool(one["worse"])
        colour = _WORSE if bad else _NOT
        if math.isfinite(low):
            ax.plot([low, high], [row, row], color=colour, linewidth=2.2, alpha=0.7, solid_capstyle="butt")
        ax.plot(
            [middle], [row], "s" if bad else "o", color=colour, markersize=8,
            markerfacecolor=colour if bad else "white", markeredgewidth=2,
        )  # fmt: skip
        ax.text(
            1.02, row, change(float(one["difference"]), metric.unit, 2), transform=ax.get_yaxis_transform(),
            va="center", ha="left", fontsize=12, fontweight="bold" if bad else "normal",
        )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.2, zorder=0)
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
    ax.set_xlabel(difference_unit(metric.unit))
    if "dimension" in found:
        for row in range(1, len(found)):
            if found["dimension"].iloc[row] != found["dimension"].iloc[row - 1]:
                ax.axhline(row - 0.5, color=QUIET, linewidth=0.6)
