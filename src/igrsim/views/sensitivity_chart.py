"""Which numbers a result depends on: a bar a number, coloured by how well it is known; the difference beside the level."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.metric import arm_of, metric_of
from igrsim.views.numbers import difference_unit, factor, tick
from igrsim.views.style import INK, QUIET, blank, words_instead

MOST = 15
"""Numbers shown, those that matter most to the difference."""
_ROW = 0.36
_GRADES = {
    "seed": ("#0072B2", ""),
    "measured": ("#56B4E9", ""),
    "derived": ("#CFE8F7", ""),
    "assumed": ("#E9D3C0", "///"),
}
"""Colour and hatching of a grade, as in the report's bars of evidence."""
_NAMES = {
    "seed": "from the policy documents", "measured": "measured", "derived": "derived from measured", "assumed": "assumed",
}  # fmt: skip
_AXIS = {
    "morris": "mean size of the change over its whole range",
    "sobol": "total index: share of the variance,\ninteractions included",
    "pawn": "median distance of distributions",
}


@picture(
    "The numbers that matter most to the difference, and what the same numbers do to the reference's level. Colour: how well "
    "the number is known. Line: 95 % interval over trajectories or blocks. Dot: the share it makes alone, without "
    "interactions. Upright dashes: what chance gives a number that does nothing; pale: within it."
)
def sensitivity(results: Results, metric: str, arm: str) -> Figure:
    """What an arm's difference from the reference depends on, and what the reference's level depends on."""
    found = results.sensitivity()
    if found is None:
        raise InputError("the study's futures cannot tell which numbers matter", file=str(results.folder), code="E265")
    known, arm = metric_of(results, metric), arm_of(results, arm)
    table = found[0]
    mine = table[table["metric"] == metric]
    method = next((m for m in ("sobol", "morris", "pawn") if (mine["method"] == m).any()), "")
    mine = mine[mine["method"] == method]
    difference = mine[(mine["of"] == "difference") & (mine["arm"] == arm)]
    level = mine[mine["of"] == "level"]
    if difference.empty or not difference["index"].any():
        return words_instead(f"{known.title}: none of the numbers varied changes the difference of {arm}.")
    order = difference.sort_values("rank", kind="stable").head(MOST)
    order = order[order["index"] > 0]
    names = [str(name) for name in order["parameter"]]
    figure = blank(12, 2.4 + _ROW * len(names))
    axes = figure.subplots(1, 2, sharey=True)
    panels = ((order, f"{arm} minus {results.reference}"), (level, f"level under {results.reference}"))
    for ax, (rows, title) in zip(axes, panels, strict=True):
        _draw(ax, rows.set_index("parameter").reindex(names), method, known.unit)
        ax.set_title(title)
    axes[0].set_yticks(range(len(names)), names, color=INK)
    axes[0].set_ylim(len(names) - 0.4, -0.6)
    figure.suptitle(f"{known.title}: what it depends on", fontsize=15, fontweight="bold", ha="left", x=0.01)
    shown = [g for g in _GRADES if (order["grade"] == g).any()]
    handles = [Patch(facecolor=_GRADES[g][0], hatch=_GRADES[g][1], edgecolor=QUIET, label=_NAMES[g]) for g in shown]
    figure.legend(handles=handles, loc="outside lower right", ncols=len(handles), frameon=False, fontsize=12)
    return figure


def _draw(ax: Axes, rows: pd.DataFrame, method: str, unit: str) -> None:
    times = factor(unit) if method == "morris" else 100.0 if method == "sobol" else 1.0
    for row, found in enumerate(rows.to_dict("records")):
        size = float(found["index"]) * times
        if not math.isfinite(size):
            continue
        colour, hatch = _GRADES[str(found["grade"])]
        within = found["beyond_chance"] is False or str(found["beyond_chance"]) == "False"
        ax.barh(row, size, height=0.62, color=colour, hatch=hatch, edgecolor=QUIET, linewidth=0.6,
                alpha=0.45 if within else 1.0)  # fmt: skip
        low, high, alone = (float(found[name]) * times for name in ("low", "high", "first"))
        if math.isfinite(low) and high > low:
            ax.plot([low, high], [row, row], color=INK, linewidth=1.6, solid_capstyle="butt")
        if math.isfinite(alone):
            ax.plot(
                [max(alone, 0.0)], [row], "o", color=INK, markersize=6, markerfacecolor="white", markeredgewidth=1.3
            )
        if method == "pawn" and math.isfinite(floor := float(found["floor"])):
            ax.plot([floor, floor], [row - 0.4, row + 0.4], color=INK, linewidth=1.2, linestyle=(0, (2, 1)))
    ax.set_xlim(left=0)
    ax.axvline(0, color=INK, linewidth=1.2)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(PercentFormatter(100) if method == "sobol" else FuncFormatter(tick))
    words = _AXIS[method] + (f"\n({difference_unit(unit)})" if method == "morris" else "")
    ax.set_xlabel(words)
