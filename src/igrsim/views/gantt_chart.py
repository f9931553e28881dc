"""A roll-out by space and stage: what was planned as an outline, what was reached as solid bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from igrsim.results.rollouts import PLANNED, STAFFED, TAKEN_IN
from igrsim.views.style import INK, QUIET, blank, styled

STAGES = {
    "consultation": ("#dcebf5", ""),
    "profile": ("#b3d3e8", "...."),
    "launch": ("#6aa9d0", ""),
    "skills gap": ("#3b86b7", "////"),
    "One Plan": ("#12507f", ""),
}
"""Fill and hatch of the stage that ends with each milestone, from light to dark: told apart without colour."""
WAITING = ("#ffffff", "xxxx")
IN_FORCE = INK
GANTT_CAPTION = (
    "A row a space, in the order of planned starts. Grey outline: from the planned start to the planned One Plan. Filled: the "
    "stages as they went, darker as they go on (median month over worlds and futures); crossed: due, and not yet taken in. "
    "Thin dark line: a One Plan is in force. Diamond: the hub has its posts. Whisker: from the 10th to the 90th percentile of the month of the One "
    "Plan; an arrow where more than a tenth of runs has none by the end."
)


def gantt(
    reached: pd.DataFrame, arm: str, names: Mapping[str, str], first: float, last: float, slide: bool = False
) -> Figure:
    """Every space's way to its One Plan under one roll-out, planned and as it went.

    Parameters
    ----------
    reached : DataFrame
        As `results.rollouts.months_reached` gives it.
    names : mapping of str to str
        Name of each space.
    first, last : float
        First and last month of the study, in months since year 0.
    slide : bool
        Two columns beside each other, as wide as a projector; otherwise one column, as high as a page.
    """
    mine = reached[reached["arm"] == arm]
    order = _order(mine)
    columns = 2 if slide and len(order) > 20 else 1
    each = math.ceil(len(order) / columns)
    with styled():
        figure = blank(16, 2.0 + 0.262 * each) if slide else blank(10.4, 1.8 + 0.245 * each)
        figure.suptitle(f"{arm}: from start to One Plan", fontsize=15, fontweight="bold", ha="left", x=0.01)
        for column in range(columns):
            ax = figure.add_subplot(1, columns, column + 1)
            codes = order[column * each : (column + 1) * each]
            for row, code in enumerate(codes):
                _row(ax, row, mine[mine["space"] == code].set_index("milestone"), last)
            _frame(ax, [_name(names, code) for code in codes], first, last)
            ax.set_ylim(each - 0.4, -0.6)
        figure.legend(handles=_key(), loc="outside lower center", ncols=5, fontsize=11, frameon=False, handlelength=2.4)
    return figure


def _order(mine: pd.DataFrame) -> list[str]:
    starts = mine[mine["milestone"] == TAKEN_IN]
    keyed = zip(starts["planned"].fillna(np.inf), starts["median"].fillna(np.inf), starts["space"], strict=True)
    return [str(space) for _, _, space in sorted(keyed)]


def _name(names: Mapping[str, str], code: str) -> str:
    name = names.get(code, code)
    return f"{name if len(name) < 24 else name[:22] + '…'} ({code})"


def _row(ax: Axes, row: int, found: pd.DataFrame, last: float) -> None:
    """One space: outline, stages, posts, whisker."""

    def of(milestone: str, column: str) -> float:
        return float(found.loc[milestone, column]) if milestone in found.index else float("nan")  # type: ignore[arg-type]

    end = last + 1
    begin, adopted = of(TAKEN_IN, "planned"), of(PLANNED, "planned")
    if not math.isfinite(begin) and not math.isfinite(of(TAKEN_IN, "median")):
        ax.text(end, row, "not in this plan ", ha="right", va="center", fontsize=9.5, color=QUIET)
        return
    if math.isfinite(begin):
        until = min(adopted + 1, end) if math.isfinite(adopted) else end
        _box(ax, row, begin, until, 0.86, "none", "", QUIET, 0.9, 3)
    at = begin
    taken = of(TAKEN_IN, "median")
    if not math.isfinite(taken) or taken > at:
        _box(ax, row, at, taken if math.isfinite(taken) else end, 0.5, *WAITING, QUIET, 0.5, 2)
        if not math.isfinite(taken):
            return
    at = taken
    for stage, (fill, hatch) in STAGES.items():
        if stage not in found.index:
            continue
        done = of(stage, "median")
        _box(ax, row, at, done + 1 if math.isfinite(done) else end, 0.5, fill, hatch, INK, 0.4, 2)
        if not math.isfinite(done):
            break
        at = max(at, done + 1)
    else:
        ax.plot([at, end], [row, row], color=IN_FORCE, linewidth=1.6, solid_capstyle="butt", zorder=1)
    _whisker(ax, row, of(PLANNED, "p10"), of(PLANNED, "p90"), end)
    staffed = of(STAFFED, "median")
    if math.isfinite(staffed):
        ax.plot(
            [staffed + 0.5],
            [row],
            "D",
            markersize=4.6,
            color="white",
            markeredgecolor=INK,
            markeredgewidth=1.2,
            zorder=6,
        )


def _whisker(ax: Axes, row: int, low: float, high: float, end: float) -> None:
    if not math.isfinite(low) or low == high:
        return
    open_ended = not math.isfinite(high)
    right = end if open_ended else high + 1
    ax.plot([low + 1, right], [row + 0.33, row + 0.33], color=INK, linewidth=1.1, zorder=5)
    ax.plot([low + 1], [row + 0.33], "|", color=INK, markersize=4, zorder=5)
    ax.plot([right], [row + 0.33], ">" if open_ended else "|", color=INK, markersize=4, zorder=5, clip_on=False)


def _box(
    ax: Axes,
    row: int,
    left: float,
    right: float,
    height: float,
    fill: str,
    hatch: str,
    edge: str,
    width: float,
    order: int,
) -> None:
    if right > left:
        ax.add_patch(
            Rectangle(
                (left, row - height / 2), right - left, height, facecolor=fill, hatch=hatch, edgecolor=edge, linewidth=width,
                zorder=order,
            )
        )  # fmt: skip


def _frame(ax: Axes, labels: Sequence[str], first: float, last: float) -> None:
    ax.set_xlim(first, last + 1)
    ax.set_yticks(range(len(labels)), labels, color=INK, fontsize=10.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    years = range(math.ceil(first / 12), math.floor((last + 1) / 12) + 1)
    ax.xaxis.set_major_locator(FixedLocator([12.0 * year for year in years]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda month, _: f"Jan {month // 12:.0f}"))
    ax.xaxis.set_minor_locator(FixedLocator([float(m) for m in range(int(first), int(last) + 2) if m % 3 == 0]))
    ax.tick_params(axis="x", which="both", top=True, labeltop=True)
    ax.grid(axis="x", color="#d0d0d0", linewidth=0.7, zorder=0)
    ax.set_axisbelow(True)


def _key() -> list[Patch | Line2D]:
    words = {"One Plan": "writing the One Plan"}
    found: list[Patch | Line2D] = [
        Patch(facecolor="none", edgecolor=QUIET, label="planned"),
        Patch(facecolor=WAITING[0], hatch=WAITING[1], edgecolor=QUIET, label="due, waiting"),
    ]
    found += [
        Patch(facecolor=fill, hatch=hatch, edgecolor=INK, linewidth=0.5, label=words.get(stage, stage))
        for stage, (fill, hatch) in STAGES.items()
    ]
    posts = Line2D(
        [], [], linestyle="", marker="D", color="white", markeredgecolor=INK, markersize=6, label="hub has its posts"
    )
    return [*found, posts, Line2D([], [], color=IN_FORCE, linewidth=1.6, label="One Plan in force")]
