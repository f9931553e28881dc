"""Differences to the reference arm with their intervals, one metric a row of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import change, difference_unit, factor, level, signed_tick
from igrsim.views.style import INK, QUIET, blank, looks, words_instead

_ROOM = 0.42
"""Inches of height for one arm."""

_SIDES = {"lower": "← better   worse →", "higher": "← worse   better →", "neither": "← lower   higher →"}


@picture(
    "Mark: mean difference over pairs of runs that share world and future. Line: where the difference of one "
    "more plausible world lies, 95 times in 100. Upright line: no difference from the reference."
)
def contrast(results: Results, metric: str, ax: Axes | None = None) -> Axes:
    """Difference of each arm from the reference, with its 95 % interval and its verdict in words.

    Parameters
    ----------
    results : Results
    metric : str
    ax : Axes, optional
        Where to draw; a new figure without it.
    """
    known = metric_of(results, metric)
    if ax is None:
        ax = blank(11, 1.5 + _ROOM * (len(results.arms) - 1)).add_subplot()
    _draw(results, known, ax)
    return ax


@picture(
    "Mark: mean difference over pairs of runs that share world and future. Line: where the difference of one "
    "more plausible world lies, 95 times in 100. Upright line: no difference from the reference. "
    "Each scale has its own unit."
)
def contrasts(results: Results, metrics: Sequence[str]) -> Figure:
    """Differences from the reference, several metrics one above the other."""
    if not metrics:
        return words_instead("No metric to compare.")
    height = 1.5 + _ROOM * (len(results.arms) - 1)
    figure = blank(11, height * len(metrics))
    for place, metric in enumerate(metrics, start=1):
        _draw(results, metric_of(results, metric), figure.add_subplot(len(metrics), 1, place))
    return figure


def _draw(results: Results, metric: Metric, ax: Axes) -> None:
    effects = results.effects()
    mine = effects[effects["metric"] == metric.name]
    found_of = {str(found["arm"]): found for found in mine.to_dict("records")}
    arms = [arm for arm in results.arms if arm in found_of]
    seen = looks(results)
    times = factor(metric.unit)
    reach = 0.0
    for row, arm in enumerate(arms):
        found = found_of[arm]
        difference, low, high = (float(found[name]) * times for name in ("difference", "low", "high"))
        words = str(found["verdict"])
        if math.isfinite(difference):
            if math.isfinite(low) and math.isfinite(high):
                ax.plot([low, high], [row, row], color=seen[arm].colour, linewidth=3, solid_capstyle="butt")
            ax.plot([difference], [row], seen[arm].marker, color=seen[arm].colour, markersize=10)
            reach = max([reach, *(abs(value) for value in (difference, low, high) if math.isfinite(value))])
            words = f"{change(float(found['difference']), metric.unit)}: {words}"
        words = "\n".join(wrap(words, 30))
        ax.text(1.02, row, words, transform=ax.get_yaxis_transform(), va="center", ha="left", fontsize=12)
    ax.axvline(0, color=INK, linewidth=1.2, zorder=0)
    ax.set_xlim(-(reach * 1.1 or 1.0), reach * 1.1 or 1.0)
    ax.set_ylim(len(arms) - 0.4, -0.6)
    ax.set_yticks(range(len(arms)), arms, color=INK)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(5, symmetric=True) if reach else FixedLocator([0]))
    ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
    ax.set_title(metric.title, loc="left")
    ax.set_title(_SIDES[metric.better], loc="right", fontsize=11, fontweight="normal", color=QUIET)
    base = (mine["mean"] - mine["difference"]).to_numpy(float)
    at = f" (at {level(float(base[0]), metric.unit)})" if len(base) and math.isfinite(base[0]) else ""
    ax.set_xlabel(f"{difference_unit(metric.unit)}, arm minus {results.reference}{at}")
