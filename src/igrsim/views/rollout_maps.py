"""A roll-out on the tile map, quarter by quarter: which spaces wait, run, have their posts, have a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from igrsim.results.rollouts import PLANNED, STAFFED, TAKEN_IN
from igrsim.views.style import INK, QUIET, blank, styled, words_instead
from igrsim.views.tiles import load_tiles

MOST = 20
"""Quarters shown at most."""
COLUMNS = 5
LOOKS = {
    "not yet due": ("#ffffff", ""),
    "due, waiting": ("#ffffff", "xxxxx"),
    "taken in": ("#a9cde4", ""),
    "One Plan": ("#0f4c7a", ""),
}
MAPS_CAPTION = (
    "A tile a space, roughly where it lies, as it stands at the end of the quarter in at least half of the runs. White: not yet "
    "due; crossed: due and not taken in; pale: taken in; dark: has its One Plan. White dot: the hub has its posts. Without an edge: outside the study. "
    "Quarters are those of the calendar; the series ends when nothing changes any more."
)


def rollout_maps(reached: pd.DataFrame, arm: str, spaces: Sequence[str], first: float, last: float) -> Figure:
    """Where a roll-out stands at the end of every quarter.

    Parameters
    ----------
    reached : DataFrame
        As `results.rollouts.months_reached` gives it.
    spaces : sequence of str
        Codes of the scope's spaces.
    first, last : float
        First and last month of the study, in months since year 0.
    """
    tiles = load_tiles()
    if not all(code in tiles for code in spaces):
        return words_instead(f"{arm}: no map of an invented world.")
    mine = reached[reached["arm"] == arm].pivot(index="space", columns="milestone", values=["planned", "median"])
    ends = [float(m) for m in range(int(first), int(last) + 1) if m % 3 == 2]
    # a study that ends within a quarter is shown as it stands then
    ends = ends if ends and ends[-1] == last else [*ends, last]
    states = [_states(mine, spaces, end) for end in ends]
    changes = [i for i in range(1, len(ends)) if states[i] != states[i - 1]]
    shown = list(range(min((changes[-1] if changes else 0) + 1, len(ends))))
    # nothing happens before the first space is due: one map of that is enough
    idle = next((i for i, state in enumerate(states) if any(what != "not yet due" for what, _ in state.values())), 0)
    shown = shown[max(idle - 1, 0) :]
    if len(shown) > MOST:
        shown = [shown[i] for i in np.unique(np.linspace(0, len(shown) - 1, MOST).round().astype(int))]
    columns = min(COLUMNS, len(shown))
    rows = math.ceil(len(shown) / columns)
    with styled():
        figure = blank(2.7 * columns + 0.3, 1.3 + 2.6 * rows)
        figure.set_layout_engine("constrained", h_pad=0.1)
        figure.suptitle(f"{arm}: quarter by quarter", fontsize=15, fontweight="bold", ha="left", x=0.01)
        for place, i in enumerate(shown):
            ax = figure.add_subplot(rows, columns, place + 1)
            _draw(ax, states[i], tiles)
            ax.set_title(_quarter(ends[i]), fontsize=13, pad=3)
            plans = sum(what == "One Plan" for what, _ in states[i].values())
            started = sum(what in ("taken in", "One Plan") for what, _ in states[i].values())
            # the north-west is sea: room for words
            ax.text(0.0, 0.97, f"{started} taken in\n{plans} with a plan", ha="left", va="top", fontsize=11, color=QUIET,
                    transform=ax.transAxes)  # fmt: skip
        figure.legend(handles=_key(), loc="outside lower center", ncols=5, fontsize=12, frameon=False)
    return figure


def _states(mine: pd.DataFrame, spaces: Sequence[str], end: float) -> dict[str, tuple[str, bool]]:
    """How each space stands, and whether its posts are filled."""
    found = {}
    for code in spaces:
        what = "not yet due"
        if _by(mine, code, ("median", PLANNED), end):
            what = "One Plan"
        elif _by(mine, code, ("median", TAKEN_IN), end):
            what = "taken in"
        elif _by(mine, code, ("planned", TAKEN_IN), end):
            what = "due, waiting"
        found[code] = (what, _by(mine, code, ("median", STAFFED), end))
    return found


def _by(mine: pd.DataFrame, code: str, column: tuple[str, str], end: float) -> bool:
    if code not in mine.index or column not in mine.columns:
        return False
    return bool(float(mine.loc[code, column]) <= end)  # type: ignore[arg-type]


def _draw(ax: Axes, states: dict[str, tuple[str, bool]], tiles: dict[str, tuple[int, int]]) -> None:
    for code, (row, column) in tiles.items():
        if code not in states:
            ax.add_patch(Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, facecolor="#f3f3f3", linewidth=0))
    for code, (what, staffed) in states.items():
        row, column = tiles[code]
        fill, hatch = LOOKS[what]
        ax.add_patch(
            Rectangle(
                (column - 0.46, row - 0.46), 0.92, 0.92, facecolor=fill, hatch=hatch, edgecolor=QUIET, linewidth=0.6
            )
        )
        if staffed:
            ax.plot([column], [row], "o", color="white", markersize=4, markeredgecolor=INK, markeredgewidth=0.7)
    places = list(tiles.values())
    ax.set_xlim(min(c for _, c in places) - 0.6, max(c for _, c in places) + 0.6)
    ax.set_ylim(max(r for r, _ in places) + 0.6, min(r for r, _ in places) - 0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _quarter(end: float) -> str:
    return f"{int(end) // 12} Q{int(end) % 12 // 3 + 1}"


def _key() -> list[Patch | Line2D]:
    words = {"One Plan": "has its One Plan"}
    found: list[Patch | Line2D] = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=QUIET, label=words.get(what, what))
        for what, (fill, hatch) in LOOKS.items()
    ]
    dot = Line2D(
        [], [], linestyle="", marker="o", color="white", markeredgecolor=INK, markersize=7, label="hub has its posts"
    )
    return [*found, dot]
