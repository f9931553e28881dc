"""What an arm does under each theory of how officials decide: a mark and an interval a theory."""

from __future__ import annotations

import math
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.kernel.errors import InputError
from igrsim.results.agreement import ALL
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.metric import arm_of, metric_of
from igrsim.views.numbers import change, difference_unit, factor, signed_tick
from igrsim.views.style import INK, OKABE_ITO, blank, words_instead

_ROW = 0.5
"""Inches of height for one theory."""
_SIDES = {"lower": "← better   worse →", "higher": "← worse   better →", "neither": "← lower   higher →"}


@picture(
    "A row a theory of how officials decide, the study's own first. Mark: mean difference over pairs of runs that share world "
    "and future, both under that theory; filled where its verdict has a direction, hollow where it cannot tell or the "
    "difference is not material. Line: where the difference of one more plausible world lies, 95 times in 100."
)
def rivals(results: Results, metric: str, arm: str) -> Figure:
    """Difference of an arm from the reference in one metric, theory by theory."""
    table = results.rivals()
    if table is None:
        raise InputError("the study tries no rival theories", file=str(results.folder), code="E199")
    known, arm = metric_of(results, metric), arm_of(results, arm)
    mine = table[(table["metric"] == metric) & (table["arm"] == arm)]
    rows = mine[mine["planners"] != ALL].to_dict("records")
    if not any(math.isfinite(float(row["difference"])) for row in rows):
        return words_instead(f"{known.title} of {arm}: nothing to compare under any theory.")
    figure = blank(11, 1.7 + _ROW * len(rows))
    ax = figure.add_subplot()
    times = factor(known.unit)
    for place, row in enumerate(rows):
        difference, low, high = (float(row[name]) * times for name in ("difference", "low", "high"))
        words = str(row["verdict"])
        told = words.removeprefix("probably ").startswith(("lower", "higher"))
        colour = INK if place == 0 else OKABE_ITO[0]
        if math.isfinite(difference):
            if math.isfinite(low) and math.isfinite(high):
                ax.plot([low, high], [place, place], color=colour, linewidth=3, solid_capstyle="butt")
            face = colour if told else "white"
            ax.plot([difference], [place], "o", color=colour, markersize=10, markerfacecolor=face, markeredgewidth=2)
            words = f"{change(float(row['difference']), known.unit)}: {words}"
        ax.text(
            1.02, place, "\n".join(wrap(words, 30)), transform=ax.get_yaxis_transform(), va="center", ha="left", fontsize=12
        )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.2, zorder=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [str(row["planners"]) for row in rows], color=INK)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
    ax.set_title(f"{known.title}: {arm} minus {results.reference}", loc="left")
    ax.set_xlabel(f"{difference_unit(known.unit)}     {_SIDES[known.better]}")
    return figure
