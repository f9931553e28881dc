"""Official hours a year by account, stacked for every arm and labelled beside the stack."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.labels import apart
from igrsim.views.ledger_tables import hours_a_year
from igrsim.views.numbers import plain, significant, tick
from igrsim.views.style import INK, MANY, QUIET, blank, words_instead

_MOST = 7
"""Accounts shown one by one; the smallest beyond them are added up."""


@picture(
    "Official hours a year of all spheres, mean over runs, by what they went to; every hour is counted once. "
    "Beside the stack, with up to four arms: hours under each arm, in the order of the bars."
)
def ledger(results: Results) -> Figure:
    """Official hours a year by account and arm, as stacked bars."""
    hours = _largest(hours_a_year(results))
    if hours.empty or not hours.to_numpy().any():
        return words_instead("The ledger holds no official hours.")
    arms = results.arms
    height = max(5.0, 0.75 * len(hours) + 1.5)
    figure = blank(12, height)
    ax = figure.add_subplot()
    colours = ("#009E73", "#D55E00", "#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#F0E442", "#999999")
    foot = pd.Series(0.0, index=arms)
    top = float(hours.sum().max())
    middles = []
    for row in range(len(hours)):
        for place, arm in enumerate(arms):
            part = float(hours[arm].iloc[row])
            ax.bar(place, part, bottom=foot[arm], width=0.62, color=colours[row], edgecolor="white", linewidth=1)
            if part > 0.05 * top:
                ax.text(
                    place, foot[arm] + part / 2, significant(part), ha="center", va="center", fontsize=12,
                    color=_ink(colours[row]),
                )  # fmt: skip
        middles.append(float(foot[arms[-1]] + hours[arms[-1]].iloc[row] / 2))
        foot = foot + hours.iloc[row]
    for place, arm in enumerate(arms):
        total = float(foot[arm])
        ax.text(place, total + 0.01 * top, significant(total), ha="center", va="bottom", fontweight="bold")
    edge = len(arms) - 1 + 0.31
    places = apart(middles, gap=top * 1.08 * 0.9 / height, low=0.03 * top, high=1.06 * top)
    for row, (account, middle, beside) in enumerate(zip(hours.index, middles, places, strict=True)):
        ax.plot([edge + 0.02, edge + 0.12], [middle, beside], color=QUIET, linewidth=0.9)
        ax.plot([edge + 0.16], [beside], "s", color=colours[row], markersize=11)
        words = plain(str(account)) if len(arms) > MANY else _words(str(account), hours.loc[account].tolist())
        ax.text(edge + 0.22, beside, words, va="center", ha="left", fontsize=12)
    ax.set_xlim(-0.5, edge + 0.2)
    ax.set_ylim(0, top * 1.08)
    many = len(arms) > MANY
    ax.set_xticks(range(len(arms)), arms, color=INK, rotation=25 if many else 0, ha="right" if many else "center")
    ax.tick_params(axis="x", length=0)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(tick))
    ax.set_ylabel("official hours a year")
    return figure


def _largest(hours: pd.DataFrame) -> pd.DataFrame:
    if len(hours) <= _MOST:
        return hours
    rest = hours.iloc[_MOST:]
    return pd.concat([hours.iloc[:_MOST], rest.sum().to_frame(f"{len(rest)} smaller accounts").T])


def _words(account: str, hours: list[float]) -> str:
    values = [significant(each) for each in hours]
    if len(set(hours)) == 1:
        return f"{plain(account)}\n{values[0]} h{' in each' if len(values) > 1 else ''}"
    return f"{plain(account)}\n{' → '.join(values)} h"


def _ink(face: str) -> str:
    red, green, blue = (int(face[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
