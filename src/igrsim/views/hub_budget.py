"""Money for hub posts by financial year under each roll-out, against its limit where there is one."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.views.numbers import significant, tick
from igrsim.views.style import INK, blank, styled

COLUMNS = 2
_FILL = "#9cc3dd"
BUDGET_CAPTION = (
    "Rand million for hub posts in each financial year (April to March): bar and number, mean over runs; thin line, the middle 80 % "
    "of runs. Thick bar across: the limit, where there is one. A star marks a year of which the study holds a part."
)


def hub_budget(money: pd.DataFrame, plans: Sequence[str], whole: bool = True) -> Figure:
    """Spending on hub posts against the limit, year by year, a roll-out a panel.

    Parameters
    ----------
    money : DataFrame
        As `results.rollouts.money_by_year` gives it.
    whole : bool
        False where limits are set that cannot be drawn: those of the whole country, beside a part of it.
    """
    columns = min(COLUMNS, len(plans))
    rows = math.ceil(len(plans) / columns)
    top = max(float(money[["rand_million", "p90", "limit"]].max().max()), 1.0) * 1.16
    limited = bool(money["limit"].notna().any())
    with styled():
        figure = blank(12, 0.9 + 2.7 * rows)
        for place, arm in enumerate(plans):
            ax = figure.add_subplot(rows, columns, place + 1)
            mine = money[money["arm"] == arm].reset_index(drop=True)
            for i, row in mine.iterrows():
                at, height, limit = float(str(i)), float(row["rand_million"]), float(row["limit"])
                ax.bar(at, height, width=0.62, color=_FILL, edgecolor=INK, linewidth=0.8)
                ax.plot([at, at], [float(row["p10"]), float(row["p90"])], color=INK, linewidth=1.4)
                if math.isfinite(limit):
                    ax.plot([at - 0.44, at + 0.44], [limit, limit], color=INK, linewidth=4, solid_capstyle="butt")
                above = max(height, float(row["p90"]), limit if math.isfinite(limit) else 0.0)
                ax.annotate(
                    significant(height),
                    (at, above),
                    xytext=(0, 4),
                    textcoords="offset points",
                    ha="center",
                    fontsize=11.5,
                )
            ax.set_xticks(range(len(mine)), [_year(row) for row in mine.to_dict("records")], color=INK, fontsize=11)
            ax.set_ylim(0, top)
            ax.yaxis.set_major_locator(MaxNLocator(4))
            ax.yaxis.set_major_formatter(FuncFormatter(tick))
            ax.set_title(arm)
            if place % columns == 0:
                ax.set_ylabel("rand million")
        words = "limit" if limited else "no limit was set" if whole else "limits are the whole country's: not drawn"
        figure.legend(
            handles=[
                Patch(facecolor=_FILL, edgecolor=INK, label="hub posts"),
                Line2D([], [], color=INK, linewidth=4 if limited else 0, label=words),
            ],
            loc="outside lower center", ncols=2, fontsize=12, frameon=False,
        )  # fmt: skip
    return figure


def _year(row: dict[Hashable, Any]) -> str:
    return f"{row['financial_year']}{'' if float(row['months']) >= 12 else ' *'}"
