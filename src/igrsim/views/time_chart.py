"""Metrics month by month: small multiples with a band over runs, labelled at the line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.labels import apart
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import factor, shown_unit, tick
from igrsim.views.style import INK, MANY, QUIET, blank, looks, words_instead

_COLUMNS = 2
_HEIGHT = 2.9
"""Inches of height for one row of multiples."""


@picture(
    "Line: mean over runs of the whole scope, month by month. Band, with up to four arms: the middle 80 % of runs (10th to 90th "
    "percentile over worlds and futures). Dotted upright line: the first wave of an arm. Scales do not start at zero "
    "unless the figures do; gaps are months in which a metric is not defined."
)
def over_time(results: Results, metrics: Sequence[str]) -> Figure:
    """Small multiples over months, one a metric, every arm's mean and its band over runs."""
    if not metrics:
        return words_instead("No metric to show over time.")
    many = len(results.arms) > MANY
    columns = 1 if many else min(_COLUMNS, len(metrics))
    rows = math.ceil(len(metrics) / columns)
    figure = blank(12, (1.5 if many else 1.0) * _HEIGHT * rows)
    for place, name in enumerate(metrics, start=1):
        _draw(results, metric_of(results, name), figure.add_subplot(rows, columns, place))
    return figure


def _year(month: str) -> float:
    return int(month[:4]) + (int(month[5:7]) - 1) / 12


def _draw(results: Results, metric: Metric, ax: Axes) -> None:
    ax.set_title(metric.title, pad=20)
    ax.set_ylabel(_wrapped(shown_unit(metric.unit)))
    frame = results.national
    if metric.name not in frame or not np.isfinite(frame[metric.name].to_numpy(float)).any():
        ax.set_axis_off()
        ax.text(0.5, 0.5, "not defined in any month", ha="center", transform=ax.transAxes)
        return
    months = sorted(frame["month"].unique())
    when = np.array([_year(str(month)) for month in months])
    seen = looks(results)
    ends: dict[tuple[float, ...], tuple[list[str], float, float]] = {}
    for arm in results.arms:
        wide = frame[frame["arm"] == arm].pivot(index="month", columns="cell", values=metric.name).reindex(months)
        wide = wide * factor(metric.unit)
        mean = wide.mean(axis=1).to_numpy(float)
        known = np.isfinite(mean)
        if not known.any():
            continue
        sparse = known.sum() < 0.6 * len(mean)
        ax.plot(
            when, mean, color=seen[arm].colour, linestyle=seen[arm].dash, linewidth=2.2,
            marker=seen[arm].marker if sparse else None, markersize=5,
        )  # fmt: skip
        if wide.shape[1] > 1 and len(results.arms) <= MANY:
            band = wide.quantile([0.1, 0.9], axis=1)
            ax.fill_between(
                when, band.loc[0.1].to_numpy(float), band.loc[0.9].to_numpy(float),
                color=seen[arm].colour, alpha=0.15, linewidth=0,
            )  # fmt: skip
        last = int(np.flatnonzero(known)[-1])
        same = tuple(np.where(known, mean, -1.0).tolist())
        ends.setdefault(same, ([], when[last], float(mean[last])))[0].append(arm)
    _years(ax, when)
    _label_lines(ax, list(ends.values()), {arm: seen[arm].colour for arm in results.arms})
    _mark_waves(results, ax, when)


def _years(ax: Axes, when: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    ax.set_xlim(float(when[0]) - 0.04, float(when[-1]) + 0.04)
    first, last = math.ceil(when[0] - 1e-9), math.floor(when[-1] + 1e-9)
    if last - first < 1:
        ax.xaxis.set_major_locator(FixedLocator([float(when[0]), float(when[-1])]))
        ax.xaxis.set_major_formatter(FuncFormatter(_month))
    else:
        ax.xaxis.set_major_locator(FixedLocator(list(range(first, last + 1))))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(tick))
    ax.margins(y=0.12)


def _month(year: float, _: object) -> str:
    months = round(year * 12)
    return f"{months // 12}-{months % 12 + 1:02d}"


def _wrapped(unit: str) -> str:
    words, lines = unit.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 16:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _label_lines(ax: Axes, ends: list[tuple[list[str], float, float]], colours: dict[str, str]) -> None:
    low, high = ax.get_ylim()
    places = apart(
        [y for _, _, y in ends], gap=(high - low) * (0.13 if len(colours) <= MANY else 0.09), low=low, high=high
    )
    for (arms, _, y), place in zip(ends, places, strict=True):
        colour = INK if len(arms) > 1 else colours[arms[0]]
        ax.annotate(
            _one_label(arms), xy=(1.0, y), xytext=(1.03, place), xycoords=ax.get_yaxis_transform(),
            textcoords=ax.get_yaxis_transform(), color=colour, va="center", fontsize=12, fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip


def _one_label(arms: list[str]) -> str:
    """Arms whose lines are one line."""
    return " =\n".join(arms) if len(arms) <= 3 else f"{arms[0]} =\n{len(arms) - 1} other arms"


def _mark_waves(results: Results, ax: Axes, when: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    waves: dict[str, list[str]] = {}
    for arm in results.arms:
        month = results.manifest.get("first_wave", {}).get(arm)
        if month is not None and not pd.isna(month) and when[0] <= _year(month) <= when[-1]:
            waves.setdefault(month, []).append(arm)
    alone = len(waves) == 1
    for step, (month, arms) in enumerate(sorted(waves.items())):
        ax.axvline(_year(month), color=QUIET, linestyle=":", linewidth=1.5, zorder=0)
        if len(results.arms) > MANY:
            continue
        words = f"first wave {month}" if alone else f"{', '.join(arms)}: first wave {month}"
        late = _year(month) > (when[0] + when[-1]) / 2
        ax.text(
            _year(month), 1.02 + 0.08 * step, words, transform=ax.get_xaxis_transform(), fontsize=11,
            color=QUIET, ha="right" if late else "left", va="bottom",
        )  # fmt: skip
