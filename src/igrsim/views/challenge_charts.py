"""Futures in order of how an arm does in them, those it loses in marked; and the rules under which it loses, as ranges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from igrsim.views.numbers import difference_unit, factor, signed_tick
from igrsim.views.style import INK, PALE, QUIET, blank, styled

F64 = NDArray[np.float64]
_WORSE, _NOT = "#D55E00", "#0072B2"


def futures_in_order(
    by_lot: F64,
    searched: F64,
    better: str,
    margin: float,
    unit: str,
    title: str,
    worst: tuple[str, float] | None = None,
) -> Figure:
    """Every future tried, from the best for the arm to the worst: mean over worlds, and each world.

    Parameters
    ----------
    by_lot, searched : (futures, worlds) float
        Difference from the reference; undefined ones are left out.
    margin : float
        What is material, on either side of no difference.
    worst : (str, float), optional
        A word for the worst of all, and its difference.
    """
    times, sign = factor(unit), 1.0 if better == "lower" else -1.0
    with styled():
        figure = blank(12, 4.6)
        panels = [
            (values, name) for values, name in ((by_lot, "Futures by lot"), (searched, "The search")) if len(values)
        ]
        most = max(len(values) for values, _ in panels)
        widths = [max(len(values), most / 2) for values, _ in panels]
        axes = figure.subplots(1, len(panels), sharey=True, width_ratios=widths, squeeze=False)[0]
        for ax, (values, name) in zip(axes, panels, strict=True):
            means = values.mean(axis=1)
            values = values[np.isfinite(means)]
            means = means[np.isfinite(means)]
            order = np.argsort(sign * means, kind="stable")
            lost = sign * means[order] > 0
            for place, row in enumerate(order):
                ax.plot(
                    [place, place], [values[row].min() * times, values[row].max() * times], color=QUIET, linewidth=1.0
                )
            where = np.arange(len(order))
            ax.plot(where[~lost], means[order][~lost] * times, "o", color=_NOT, markersize=6, markerfacecolor="white",
                    markeredgewidth=1.6)  # fmt: skip
            ax.plot(where[lost], means[order][lost] * times, "s", color=_WORSE, markersize=6)
            ax.axhspan(-margin * times, margin * times, color=PALE, zorder=0)
            ax.axhline(0, color=INK, linewidth=1.2, zorder=1)
            ax.set_title(f"{name}: lost in {int(lost.sum())} of {len(order)}")
            ax.set_xticks([])
        figure.supxlabel("from the best future for the arm to the worst", fontsize=12)
        axes[0].yaxis.set_major_locator(MaxNLocator(6))
        axes[0].yaxis.set_major_formatter(FuncFormatter(signed_tick))
        axes[0].set_ylabel(difference_unit(unit))
        figure.suptitle(title, fontsize=15, fontweight="bold", ha="left", x=0.01)
        return figure


FUTURES_CAPTION = (
    "A mark a future: mean over worlds, the line from its lowest to its highest world. Orange square: the arm is worse than the "
    "reference. Grey band: no material difference (2 per cent of the reference's level). Only futures by lot say how often it loses."
)


def rules_as_ranges(rules: Sequence[tuple[str, float, float, str, str, str]], title: str) -> Figure:
    """The rules of a box: which part of each number's plausible range they leave.

    Parameters
    ----------
    rules : sequence of (parameter, low, high, low in words, high in words, beside)
        Places 0 to 1; words are empty where a bound does not bind.
    """
    with styled():
        figure = blank(12, 1.6 + 0.55 * len(rules))
        ax = figure.add_subplot()
        for row, (_, low, high, low_words, high_words, beside) in enumerate(rules):
            ax.barh(row, 1, height=0.5, color=PALE, linewidth=0)
            ax.barh(row, high - low, left=low, height=0.5, color=_WORSE, linewidth=0)
            if low_words:
                ax.text(low - 0.008, row, low_words, ha="right", va="center", fontsize=12)
            if high_words:
                ax.text(high + 0.008, row, high_words, ha="left", va="center", fontsize=12)
            ax.text(1.02, row, beside, transform=ax.get_yaxis_transform(), va="center", ha="left", fontsize=12)
        ax.set_yticks(range(len(rules)), [rule[0] for rule in rules], color=INK)
        ax.set_ylim(len(rules) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set_xlabel("share of plausible values below")
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_title(title)
        return figure


RULES_CAPTION = (
    "Orange: the part of a number's plausible range in which the arm loses. Beside it the quasi p-value: how likely as many losses "
    "would be there if the rule had no effect."
)
