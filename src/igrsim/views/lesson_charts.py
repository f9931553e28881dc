"""Plain charts of small tables for a room with one projector: large type, every mark told apart without colour."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill, wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.views.labels import apart
from igrsim.views.numbers import signed_tick, significant, tick, whole
from igrsim.views.style import INK, OKABE_ITO, PALE, QUIET, blank, figure_of, styled

_WIDTH = 11.0
_LARGE = {
    "font.size": 17,
    "axes.titlesize": 20,
    "axes.labelsize": 17,
    "xtick.labelsize": 16,
    "ytick.labelsize": 17,
    "legend.fontsize": 16,
    "hatch.linewidth": 1.2,
}
_FILLS = ("#3b3b3b", "#56B4E9", "#E69F00", "#f2f2f2", "#009E73", "#CC79A7")
_HATCHES = ("", "//", "..", "", "\\\\", "xx")
_LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (7, 1.5, 1.5, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
_COLOURS = (INK, *OKABE_ITO)
MARKS = {"drafts": "o", "commits": "s", "withdraws": "X", "takes back": "X", "stands": "^"}
"""How each thing that happens to a project is marked."""
DPI = 90


class Shown:
    """A picture as a notebook shows it; the same bytes whenever it is drawn.

    Parameters
    ----------
    figure : Figure
    words : str
        What it shows, for those who cannot see it.
    """

    def __init__(self, figure: Figure, words: str = "") -> None:
        self.figure = figure
        self.words = words

    def __repr__(self) -> str:
        return f"Picture: {self.words}" if self.words else "Picture"

    def _repr_png_(self) -> bytes:
        with styled(), rc_context(_LARGE):
            file = io.BytesIO()
            self.figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()


def show(picture: Axes | Figure, words: str = "") -> Shown:
    """A picture for the last line of a notebook's cell.

    Parameters
    ----------
    picture : Axes or Figure
        What any function of `igrsim.views` gives back.
    words : str
        What it shows, in a sentence.
    """
    return Shown(picture if isinstance(picture, Figure) else figure_of(picture), words)


@contextmanager
def _large() -> Iterator[None]:
    with styled(), rc_context(_LARGE):
        yield


def bars(table: pd.DataFrame, unit: str, title: str, missing: str = "nothing to measure") -> Axes:
    """Bars side by side: a group a row of the table, a bar a column; each with its number.

    Parameters
    ----------
    table : DataFrame
        Labels as its index.
    unit : str
        Of every number.
    title : str
    missing : str
        Said in the place of a bar without a number.
    """
    with _large():
        write = _writer(table)
        groups, many = len(table), len(table.columns)
        ax = blank(_WIDTH, 1.9 + groups * (0.42 * many + 0.3)).add_subplot()
        height = 0.84 / many
        top = float(np.nanmax(table.to_numpy(float), initial=0.0)) or 1.0
        for k, name in enumerate(table.columns):
            values = table[name].to_numpy(float)
            at = np.arange(groups) + (k - (many - 1) / 2) * height
            ax.barh(
                at, np.nan_to_num(values), height * 0.92, color=_FILLS[k % 6], hatch=_HATCHES[k % 6],
                edgecolor=INK, linewidth=1, label=str(name),
            )  # fmt: skip
            for y, value in zip(at.tolist(), values.tolist(), strict=True):
                words = write(value) if math.isfinite(value) else missing
                ax.text((value if math.isfinite(value) else 0) + top * 0.012, y, words, va="center", fontsize=16)
        _dress(ax, table, unit, title, top * 1.12)
        if many > 1:
            _legend(ax, many)
    return ax


def stacked(table: pd.DataFrame, unit: str, title: str, numbers: bool = True) -> Axes:
    """Bars made of parts: a bar a row of the table, a part a column, the whole at its end.

    Parameters
    ----------
    table : DataFrame
        Labels as its index; parts of nought or more.
    numbers : bool
        Whether each part that is wide enough says its number.
    """
    with _large():
        ax = blank(_WIDTH, 2.2 + 0.5 * len(table)).add_subplot()
        values, write = table.to_numpy(float), _writer(table)
        sums = values.sum(axis=1)
        top = float(sums.max(initial=0.0)) or 1.0
        left = np.zeros(len(table))
        at = np.arange(len(table))
        for k, name in enumerate(table.columns):
            ax.barh(
                at, values[:, k], 0.78, left=left, color=_FILLS[k % 6], hatch=_HATCHES[k % 6], edgecolor=INK,
                linewidth=1, label=str(name),
            )  # fmt: skip
            for y, start, value in zip(at.tolist(), left.tolist(), values[:, k].tolist(), strict=True):
                if numbers and value > 0.07 * top:
                    ax.text(
                        start + value / 2, y, write(value), va="center", ha="center", fontsize=15, color=INK,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
                    )  # fmt: skip
            left += values[:, k]
        for y, value in zip(at.tolist(), sums.tolist(), strict=True):
            ax.text(value + top * 0.012, y, write(value), va="center", fontsize=16, fontweight="bold")
        _dress(ax, table, unit, title, top * 1.12)
        _legend(ax, len(table.columns))
    return ax


def _writer(table: pd.DataFrame) -> Callable[[float], str]:
    """How a table's numbers are written: every digit of counts, three of all else."""
    known = table.to_numpy(float)
    known = known[np.isfinite(known)]
    return whole if (known == np.rint(known)).all() else significant


def _dress(ax: Axes, table: pd.DataFrame, unit: str, title: str, right: float) -> None:
    ax.set_yticks(range(len(table)), [fill(str(label), 24) for label in table.index], color=INK)
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.set_xlim(0, right)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(tick))
    ax.set_xlabel(unit)
    _titled(ax, title)


def _titled(ax: Axes, title: str) -> None:
    figure = figure_of(ax)
    figure.suptitle(fill(title, 74), x=0.01, ha="left", fontsize=20, fontweight="bold")


def _legend(ax: Axes, many: int) -> None:
    figure_of(ax).legend(
        loc="outside lower left", ncols=min(many, 3), frameon=False, handlelength=2.2, columnspacing=1.4
    )  # fmt: skip


def lines(table: pd.DataFrame, unit: str, title: str, steps: bool = False, low: float | None = 0.0) -> Axes:
    """Lines over months, each named at its end; those that are one line are named together.

    Parameters
    ----------
    table : DataFrame
        Months (``YYYY-MM``) or other things in a row as its index, a column a line.
    steps : bool
        Whether values hold until the next one.
    low : float, optional
        Where the scale begins; without it, where the lines do.
    """
    with _large():
        ax = blank(_WIDTH, 5.6).add_subplot()
        at = np.arange(len(table))
        same: dict[tuple[float, ...], list[str]] = {}
        for name in table.columns:
            same.setdefault(tuple(np.nan_to_num(table[name].to_numpy(float), nan=-1.0).tolist()), []).append(str(name))
        ends = []
        for k, names in enumerate(same.values()):
            values = table[names[0]].to_numpy(float)
            ax.plot(
                at, values, color=_COLOURS[k], linestyle=_LINES[k % 5], linewidth=3.2,
                drawstyle="steps-post" if steps else "default",
            )  # fmt: skip
            known = np.flatnonzero(np.isfinite(values))
            ends.append((" =\n".join(names), float(values[known[-1]]) if len(known) else 0.0, _COLOURS[k]))
        if low is not None:
            ax.set_ylim(bottom=low)
        bottom, top = ax.get_ylim()
        places = apart([end for _, end, _ in ends], (top - bottom) * 0.16, bottom, top)
        for (name, _, colour), place in zip(ends, places, strict=True):
            ax.text(1.02, place, name, color=colour, va="center", fontweight="bold", transform=ax.get_yaxis_transform())
        ax.set_xlim(0, max(len(table) - 1, 1))
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        labels = [str(label) for label in table.index]
        ax.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: labels[round(value)] if 0 <= round(value) < len(labels) else "")
        )
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(tick))
        ax.set_ylabel(unit)
        ax.grid(axis="y", color=PALE)
        _titled(ax, title)
    return ax


def intervals(table: pd.DataFrame, unit: str, title: str, names: Sequence[str] = ("low", "high")) -> Axes:
    """Differences with their intervals, one a row, the verdict beside each.

    Parameters
    ----------
    table : DataFrame
        Labels as its index; columns difference, those of `names`, and verdict.
    names : (str, str)
        Which interval: ``low`` and ``high``, where one more plausible world would lie; ``mean_low`` and ``mean_high``, the mean.
    """
    with _large():
        ax = blank(_WIDTH, 2.0 + 0.85 * len(table)).add_subplot()
        found = table[["difference", *names]].to_numpy(float)
        reach = float(np.nanmax(np.abs(found), initial=0.0)) or 1.0
        for y, (difference, low, high) in enumerate(found.tolist()):
            if math.isfinite(low):
                ax.plot([low, high], [y, y], color=INK, linewidth=4, solid_capstyle="butt")
                ax.plot([low, high], [y, y], "|", color=INK, markersize=18, markeredgewidth=2.5)
            ax.plot([difference], [y], "o", color=OKABE_ITO[1], markeredgecolor=INK, markersize=13)
            words = "\n".join(wrap(str(table["verdict"].iloc[y]), 24))
            ax.text(1.02, y, words, transform=ax.get_yaxis_transform(), va="center", fontsize=16)
        ax.axvline(0, color=INK, linewidth=1.5, zorder=0)
        ax.set_xlim(-reach * 1.08, reach * 1.08)
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_yticks(range(len(table)), [fill(str(label), 24) for label in table.index], color=INK)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_locator(MaxNLocator(7, symmetric=True))
        ax.xaxis.set_major_formatter(FuncFormatter(signed_tick))
        ax.set_xlabel(unit)
        _titled(ax, title)
    return ax


def timeline(table: pd.DataFrame, title: str) -> Axes:
    """What happened when to one project, in each arm: a line for each who did it.

    Parameters
    ----------
    table : DataFrame
        Columns arm, month (``YYYY-MM``), who and what.
    """
    with _large():
        told = table[table["month"] != ""]
        rows = list(dict.fromkeys(zip(told["arm"], told["who"].replace("", "the project"), strict=True)))
        ax = blank(_WIDTH, 2.6 + 0.8 * max(len(rows), 1)).add_subplot()
        when = _month_number(told["month"])
        drawn: dict[str, Any] = {}
        for y, (arm, who) in enumerate(rows):
            mine = ((told["arm"] == arm) & (told["who"].replace("", "the project") == who)).to_numpy()
            ax.axhline(y, color=PALE, linewidth=1.5, zorder=0)
            for x, what in zip(when[mine].tolist(), told["what"][mine], strict=True):
                filled = what in ("commits", "stands")
                (mark,) = ax.plot(
                    [x], [y], MARKS[what], markersize=17, markeredgewidth=2, markeredgecolor=INK, linestyle="none",
                    color=_FILLS[0] if filled else "white",
                )  # fmt: skip
                drawn.setdefault(what, mark)
        first = [y for y in range(1, len(rows)) if rows[y][0] != rows[y - 1][0]]
        for y in first:
            ax.axhline(y - 0.5, color=QUIET, linewidth=2)
        labels = [fill(who, 34) + f"\n({arm})" for arm, who in rows]
        ax.set_yticks(range(len(rows)), labels, color=INK, fontsize=15)
        ax.set_ylim(len(rows) - 0.5, -0.6)
        if len(when):
            ax.set_xlim(float(when.min()) - 3, float(when.max()) + 3)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda m, _: f"{int(m) // 12}-{int(m) % 12 + 1:02d}"))
        ax.tick_params(axis="y", length=0)
        figure_of(ax).legend(
            list(drawn.values()), list(drawn), loc="outside lower left", ncols=5, frameon=False, handletextpad=0.3
        )
        _titled(ax, title)
    return ax


def _month_number(months: pd.Series[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    parts = [month.split("-") for month in months]
    return np.array([12 * int(year) + int(month) - 1 for year, month in parts], dtype=np.int64)
