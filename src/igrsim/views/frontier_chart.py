"""Schedules by what they bring and cost, in futures held out; and how much better found ones are than the named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.views.numbers import factor, shown_unit, signed_tick
from igrsim.views.style import INK, OKABE_ITO, QUIET, blank, styled, words_instead

_LOOKS = {"named": (INK, "s"), "greedy": (OKABE_ITO[2], "D"), "found": (OKABE_ITO[1], "o")}
_A_LETTER = 0.0115
"""Width of a label's letter, as a part of the marks' range."""
KINDS = {"named": "named schedule", "greedy": "named schedule's dates, greedy order", "found": "found by the search"}


@dataclass(frozen=True)
class Mark:
    """A schedule on the chart.

    Attributes
    ----------
    label, kind : str
    cost, benefit : (float, float, float)
        Mean and both ends of an interval.
    tuned : (float, float)
        Cost and benefit in the futures the search was tuned on.
    equity : str
        In words, beside the label.
    size : float
        From 0 to 1: how badly it does on equity.
    unbeaten : bool
    """

    label: str
    kind: str
    cost: tuple[float, float, float]
    benefit: tuple[float, float, float]
    tuned: tuple[float, float]
    equity: str
    size: float
    unbeaten: bool


def frontier(marks: Sequence[Mark], unit: str, against: str, title: str) -> Figure:
    """Benefit against cost of every schedule tried, as differences from one of them in the same futures.

    Parameters
    ----------
    unit : str
        Of the benefit.
    against : str
        The schedule that all are set beside.
    """
    if not marks:
        return words_instead("No schedule was tried in futures held out.")
    with styled():
        figure = blank(12, 8.2)
        ax = figure.add_subplot()
        times = factor(unit)
        ax.axhline(0, color=QUIET, linewidth=1.0, zorder=0)
        ax.axvline(0, color=QUIET, linewidth=1.0, zorder=0)
        for mark in marks:
            colour, shape = _LOOKS[mark.kind]
            x, y = mark.cost[0], mark.benefit[0] * times
            ax.plot([mark.cost[1], mark.cost[2]], [y, y], color=colour, linewidth=1.4, zorder=2)
            ax.plot([x, x], [mark.benefit[1] * times, mark.benefit[2] * times], color=colour, linewidth=1.4, zorder=2)
            ax.plot([x, mark.tuned[0]], [y, mark.tuned[1] * times], color=QUIET, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)  # fmt: skip
            ax.plot([mark.tuned[0]], [mark.tuned[1] * times], "x", color=QUIET, markersize=6, zorder=1)
            ax.plot(
                [x], [y], shape, color=colour, markersize=7 + 9 * mark.size, markeredgewidth=1.8, zorder=3,
                markerfacecolor=colour if mark.unbeaten else "white",
            )  # fmt: skip
        _label(ax, marks, times)
        kinds = [kind for kind in _LOOKS if any(mark.kind == kind for mark in marks)]
        for kind in kinds:
            colour, shape = _LOOKS[kind]
            ax.plot([], [], shape, color=colour, markersize=9, linestyle="none", label=KINDS[kind])
        ax.plot(
            [],
            [],
            "o",
            color=QUIET,
            markersize=9,
            markerfacecolor="white",
            linestyle="none",
            label="hollow: another beats it on all three",
        )
        ax.plot([], [], "x", color=QUIET, markersize=7, linestyle="none", label="in the futures tuned on")
        figure.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=11)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(7))
            axis.set_major_formatter(FuncFormatter(signed_tick))
        ax.set_xlabel(f"cost of coordination, rand million, more than {against}     ← better   worse →")
        ax.set_ylabel(f"benefit, {shown_unit(unit)}, more than {against}\n← worse   better →")
        ax.set_title(title)
        return figure


def _label(ax: Axes, marks: Sequence[Mark], times: float) -> None:
    """Labels beside the marks, moved apart where they would lie on one another."""
    x = np.array([mark.cost[0] for mark in marks])
    y = np.array([mark.benefit[0] for mark in marks]) * times
    every_x = np.concatenate([x, [m.cost[1] for m in marks], [m.cost[2] for m in marks]])
    every_y = np.concatenate([y, np.array([m.benefit[1:] for m in marks]).ravel() * times])
    width, height = np.ptp(every_x) or 1.0, np.ptp(every_y) or 1.0
    ax.set_xlim(every_x.min() - 0.06 * width, every_x.max() + 0.30 * width)
    ax.set_ylim(every_y.min() - 0.07 * height, every_y.max() + 0.10 * height)
    taken: list[tuple[float, float, float]] = []
    for row in np.argsort(-y, kind="stable"):
        words = f"{marks[row].label} ({marks[row].equity})"
        left, py = x[row] / width + 0.022, y[row] / height
        right, best = left + _A_LETTER * len(words), py
        for step in range(60):
            best = py + (step + 1) // 2 * 0.012 * (1 if step % 2 else -1)
            free = all(abs(best - q) > 0.038 or left > end or right < begin for begin, end, q in taken)
            if free and not ((np.abs(y / height - best) < 0.028) & (x / width > left) & (x / width < right)).any():
                break
        taken.append((left, right, best))
        ax.annotate(
            words, (x[row], y[row]), xytext=(x[row] + 0.022 * width, best * height), fontsize=10.5, va="center",
            arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.6, "relpos": (0, 0.5)} if abs(best - py) > 0.012 else None,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6}, zorder=2.5,
            fontweight="bold" if marks[row].kind == "found" else "normal",
        )  # fmt: skip


FRONTIER_CAPTION = (
    "A mark a schedule, at its mean over futures and worlds that took no part in the search, less that of the schedule at the "
    "crossing of the lines, future by future; its cross of lines is the 95 per cent interval of that mean. The grey x, joined by "
    "dots, is where the schedule stood in the futures it was tuned on. Larger marks do worse on equity, which stands in brackets."
)


@dataclass(frozen=True)
class Row:
    """One schedule beside another on every objective.

    Attributes
    ----------
    label : str
    cells : tuple of (held out, low, high, training)
        In per cent of the other's level; an undefined share is left out.
    verdict : str
    kind : str
    """

    label: str
    cells: tuple[tuple[float, float, float, float], ...]
    verdict: str
    kind: str


def side_by_side(rows: Sequence[Row], objectives: Sequence[tuple[str, bool]], title: str) -> Figure:
    """Each found schedule less the one it is set beside, objective by objective: training and held out.

    Parameters
    ----------
    objectives : sequence of (words, higher is better)
    """
    if not rows:
        return words_instead("Nothing was found that beats a named schedule on all objectives in training.")
    with styled():
        figure = blank(12, 1.9 + 0.62 * len(rows))
        axes = figure.subplots(1, len(objectives), sharey=True, squeeze=False)[0]
        for k, (ax, (words, higher)) in enumerate(zip(axes, objectives, strict=True)):
            for place, row in enumerate(rows):
                colour, shape = _LOOKS[row.kind]
                held, low, high, tuned = row.cells[k]
                if np.isfinite(low) and np.isfinite(high):
                    ax.plot([low, high], [place, place], color=colour, linewidth=3, solid_capstyle="butt")
                ax.plot([held], [place], shape, color=colour, markersize=9)
                ax.plot([tuned], [place], "x", color=QUIET, markersize=8, markeredgewidth=1.8)
                if np.isfinite(held):
                    ax.annotate(f"{signed_tick(float(f'{held:.2g}'))} %", (held, place), xytext=(0, 9),
                                textcoords="offset points", ha="center", fontsize=10)  # fmt: skip
            ax.axvline(0, color=INK, linewidth=1.2, zorder=0)
            ax.margins(x=0.16)
            ax.set_title(words)
            ax.set_xlabel("per cent     better →" if higher else "per cent     ← better")
            ax.xaxis.set_major_locator(MaxNLocator(4))
            ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
        axes[0].set_yticks(range(len(rows)), [row.label for row in rows], color=INK)
        axes[0].set_ylim(len(rows) - 0.4, -0.75)
        for ax in axes:
            ax.tick_params(axis="y", length=0)
            ax.spines["left"].set_visible(False)
        for place, row in enumerate(rows):
            axes[-1].text(1.03, place, row.verdict, transform=axes[-1].get_yaxis_transform(), va="center", fontsize=12)
        figure.suptitle(title, fontsize=15, fontweight="bold", ha="left", x=0.01)
        return figure


SIDE_CAPTION = (
    "Difference in per cent of the level of the schedule it is set beside. Mark and line: mean and 95 per cent interval in futures "
    "and worlds held out. Grey x: the same in the futures tuned on; where the mark is less good than the x, the search had flattered "
    "itself. On the right: the verdict with all comparisons counted."
)
