"""Specialists' hours month by month under each roll-out: available against used."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from igrsim.results.rollouts import ordinal
from igrsim.views.numbers import tick
from igrsim.views.style import INK, OKABE_ITO, QUIET, blank, styled

COLUMNS = 2
_FILL = "#9cc3dd"
LOAD_CAPTION = (
    "Hours a month of the specialists of the national and provincial centres. Dark line: available, mean over runs. Filled: used, "
    "mean over runs; grey band: the middle 80 % of runs (it may pass the line: in some futures the centres have more hours). Bars "
    "below, where any space waits: spaces that are due and wait for money or specialists."
)


def specialist_load(work: pd.DataFrame, plans: Sequence[str]) -> Figure:
    """Hours available and used, and the spaces that wait, month by month, a roll-out a panel.

    Parameters
    ----------
    work : DataFrame
        As `results.rollouts.months_of_work` gives it.
    """
    columns = min(COLUMNS, len(plans))
    rows = math.ceil(len(plans) / columns)
    top = max(float(work["hours_available"].max()), float(work["hours_used_p90"].max()), 1.0) * 1.08
    waiting = float(work["spaces_waiting"].max())
    with styled():
        figure = blank(12, 0.9 + 3.3 * rows)
        outer = figure.add_gridspec(rows, columns)
        for place, arm in enumerate(plans):
            mine = work[work["arm"] == arm]
            inner = outer[divmod(place, columns)].subgridspec(2, 1, height_ratios=(4, 1), hspace=0.02)
            upper = figure.add_subplot(inner[0] if waiting else inner[:, 0])
            _hours(upper, mine, top, months=not waiting)
            upper.set_title(arm)
            if place % columns == 0:
                upper.set_ylabel("hours a month")
            if waiting:
                _waiting(figure.add_subplot(inner[1]), mine, waiting, named=place % columns == 0)
        key = _key() if waiting else _key()[:-1]
        figure.legend(handles=key, loc="outside lower center", ncols=4, fontsize=12, frameon=False)
    return figure


def _hours(ax: Axes, mine: pd.DataFrame, top: float, months: bool) -> None:
    when = ordinal(mine["month"]).to_numpy(np.float64)
    edges = np.append(when, when[-1:] + 1)
    used, available = mine["hours_used"].to_numpy(float), mine["hours_available"].to_numpy(float)
    ax.stairs(used, edges, fill=True, color=_FILL)
    ax.stairs(used, edges, color=OKABE_ITO[0], linewidth=1.4)
    low, high = mine["hours_used_p10"].to_numpy(float), mine["hours_used_p90"].to_numpy(float)
    ax.fill_between(
        edges, np.append(low, low[-1:]), np.append(high, high[-1:]), step="post", color=INK, alpha=0.16, linewidth=0
    )
    ax.stairs(available, edges, color=INK, linewidth=2.4, baseline=None)
    ax.set_ylim(0, top)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(tick))
    years(ax, when)
    ax.tick_params(axis="x", labelbottom=months)


def _waiting(ax: Axes, mine: pd.DataFrame, most: float, named: bool) -> None:
    when = ordinal(mine["month"]).to_numpy(np.float64)
    ax.bar(when + 0.5, mine["spaces_waiting"].to_numpy(float), width=1.0, color="white", hatch="xxxx", edgecolor=QUIET,
           linewidth=0)  # fmt: skip
    ax.set_ylim(0, most * 1.15)
    ax.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    if named:
        ax.set_ylabel("spaces\nwaiting", fontsize=11)
    years(ax, when)


def years(ax: Axes, when: NDArray[np.floating]) -> None:
    """An axis of months since year 0, a mark every January."""
    ax.set_xlim(float(when[0]), float(when[-1]) + 1)
    found = range(math.ceil(when[0] / 12), math.floor((when[-1] + 1) / 12) + 1)
    ax.xaxis.set_major_locator(FixedLocator([12.0 * year for year in found]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda month, _: f"Jan {month // 12:.0f}"))


def _key() -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=INK, linewidth=2.4, label="available"),
        Patch(facecolor=_FILL, edgecolor=OKABE_ITO[0], label="used"),
        Patch(facecolor=INK, alpha=0.16, label="middle 80 % of runs"),
        Patch(facecolor="white", hatch="xxxx", edgecolor=QUIET, label="spaces due that wait"),
    ]
