"""Roll-outs beside each other: what each gains, what it costs, and whether the poorest spaces gain more than others."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.views.labels import apart
from igrsim.views.numbers import signed_tick
from igrsim.views.style import INK, PALE, Look, blank, styled

PLANS_CAPTION = (
    "A mark a roll-out, its lines the 95 % intervals of the means over worlds and futures. Up is better. Left: against what it costs; "
    "right: against how much more the poorest third of spaces gains than the others. Where lines overlap, the order "
    "of the marks may be chance."
)


@dataclass(frozen=True)
class Placed:
    """One number with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class PlanPlaced:
    """A roll-out on the three scales, as they are shown."""

    arm: str
    benefit: Placed
    cost: Placed
    equity: Placed


def plans_chart(plans: list[PlanPlaced], looks: dict[str, Look], benefit: str, cost: str, equity: str) -> Figure:
    """Roll-outs by benefit and cost, and by benefit and equity.

    Parameters
    ----------
    benefit, cost, equity : str
        What the axes show, with units.
    """
    with styled():
        panels = [
            ("Gain and cost", cost, [one.cost for one in plans]),
            ("Gain and fairness", equity, [one.equity for one in plans]),
        ]
        # what was not measured has no panel
        panels = [panel for panel in panels if any(math.isfinite(beside.value) for beside in panel[2])]
        figure = blank(13, 5.8)
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, (title, words, across) in zip(axes, panels, strict=True):
            for one, beside in zip(plans, across, strict=True):
                _cross(ax, beside, one.benefit, looks[one.arm])
            ax.set_title(title)
            ax.axhline(0, color=INK, linewidth=1.1, zorder=0)
            ax.axvline(0, color=INK, linewidth=1.1, zorder=0)
            ax.set_xlabel(words)
            ax.xaxis.set_major_locator(MaxNLocator(5))
            ax.yaxis.set_major_locator(MaxNLocator(6))
            ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
            ax.yaxis.set_major_formatter(FuncFormatter(signed_tick))
            ax.grid(color=PALE, linewidth=0.8, zorder=0)
            ax.set_axisbelow(True)
        axes[0].set_ylabel(benefit)
        _names(axes[-1], plans, looks)
    return figure


def _cross(ax: Axes, across: Placed, up: Placed, look: Look) -> None:
    ax.plot([across.low, across.high], [up.value] * 2, color=look.colour, linewidth=1.8, alpha=0.8)
    ax.plot([across.value] * 2, [up.low, up.high], color=look.colour, linewidth=1.8, alpha=0.8)
    ax.plot(
        [across.value], [up.value], look.marker, color=look.colour, markersize=11, markeredgecolor=INK, markeredgewidth=0.9,
        zorder=5,
    )  # fmt: skip


def _names(ax: Axes, plans: list[PlanPlaced], looks: dict[str, Look]) -> None:
    """Names at the right margin, level with their marks as far as they fit, with the mark beside them."""
    low, high = ax.get_ylim()
    places = apart([one.benefit.value for one in plans], gap=(high - low) * 0.085, low=low, high=high)
    for one, place in zip(plans, places, strict=True):
        look = looks[one.arm]
        ax.plot([1.04], [place], look.marker, color=look.colour, markersize=10, markeredgecolor=INK, markeredgewidth=0.9, transform=ax.get_yaxis_transform(),
                clip_on=False)  # fmt: skip
        ax.annotate(
            one.arm, (1.08, place), xycoords=ax.get_yaxis_transform(), va="center", fontsize=12.5, color=INK,
            annotation_clip=False,
        )  # fmt: skip
    ax.set_ylim(low, high)
