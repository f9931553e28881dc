"""Where an arm differs from the reference: one map on a scale centred at no difference."""

from __future__ import annotations

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.places.outlines import Outlines
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.map_drawing import (
    as_bars,
    difference_by_space,
    draw_bars,
    draw_territories,
    draw_tiles,
    outlines_for,
)
from igrsim.views.metric import arm_of, metric_of
from igrsim.views.numbers import change, difference_unit, signed_tick
from igrsim.views.style import blank, words_instead


def nowhere_different(results: Results, metric: str, arm: str) -> str | None:
    """Why there is no map of differences, in words; None if there is one."""
    known = metric_of(results, metric)
    values = difference_by_space(results, metric, known.unit, arm_of(results, arm)).to_numpy(float)
    if not np.isfinite(values).any():
        return f"{known.title} is not defined by space: no map."
    if not np.nan_to_num(values).any():
        return (
            f"{known.title}: exactly the same in every space under {arm} as under {results.reference}. "
            f"There is no difference to map."
        )
    return None


@picture(
    "Arm minus reference, mean over pairs of runs. Purple: lower, orange: higher, white: no difference; the "
    "number stands in every tile or beside every bar. Hatched: not defined there; pale: outside the scope."
)
def difference_map(results: Results, metric: str, arm: str, outlines: Outlines | None = None) -> Figure:
    """A metric's difference from the reference by space, on a scale centred at zero.

    Parameters
    ----------
    results : Results
    metric, arm : str
    outlines : mapping of space code to rings, optional
        Boundaries to draw instead of the packaged approximate ones.
    """
    why = nowhere_different(results, metric, arm)
    if why is not None:
        return words_instead(why)
    known = metric_of(results, metric)
    values = difference_by_space(results, metric, known.unit, arm)
    codes = [str(code) for code in values.index]
    shapes = outlines_for(codes, outlines)
    reach = float(np.nanmax(np.abs(values)))
    colours = ScalarMappable(Normalize(-reach, reach), "PuOr_r")
    texts = {str(code): change(value, "", 2) if np.isfinite(value) else "–" for code, value in values.items()}
    few = as_bars(codes)
    rows = 0.6 + 0.42 * len(codes)
    height = max(4.6, rows if few else 5.0) if shapes else rows
    figure = blank(12, 1.4 + height)
    figure.suptitle(
        f"{known.title}: {arm} minus {results.reference}", fontsize=15, fontweight="bold", ha="left", x=0.01
    )
    grid = figure.add_gridspec(1, 2 if shapes else 1)
    axes = []
    if shapes:
        left = figure.add_subplot(grid[0, 0])
        draw_territories(left, values, shapes, colours)
        axes.append(left)
    right = figure.add_subplot(grid[0, -1])
    axes.append(right)
    if few:
        names = {str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]}
        draw_bars(right, values, names, texts, colours)
        right.set_xlim(-1.35 * reach, 1.35 * reach)
        right.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
        right.xaxis.set_major_formatter(FuncFormatter(signed_tick))
        right.set_xlabel(difference_unit(known.unit))
    else:
        draw_tiles(right, values, texts, colours)
    if shapes or not few:
        figure.colorbar(
            colours, ax=axes, location="top", shrink=0.5, aspect=40, label=difference_unit(known.unit),
            format=FuncFormatter(signed_tick),
        )  # fmt: skip
    return figure
