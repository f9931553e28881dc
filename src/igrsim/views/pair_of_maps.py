"""Two maps on one scale: the reference and an arm, side by side."""

from __future__ import annotations

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from igrsim.places.outlines import Outlines
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.map_drawing import as_bars, by_space, draw_bars, draw_territories, draw_tiles, outlines_for
from igrsim.views.metric import arm_of, metric_of
from igrsim.views.numbers import shown_unit, significant, tick
from igrsim.views.style import blank, words_instead


@picture(
    "One scale for both; over all months, mean over runs. Below, the same values again: every space at equal size "
    "(metros are too small to see on the map), placed roughly as on the ground. Hatched: not defined there; pale: "
    "outside the scope."
)
def maps(results: Results, metric: str, arm: str, outlines: Outlines | None = None) -> Figure:
    """A metric by space in the reference and in an arm, on one scale.

    Parameters
    ----------
    results : Results
    metric, arm : str
    outlines : mapping of space code to rings, optional
        Boundaries to draw instead of the packaged approximate ones.
    """
    known = metric_of(results, metric)
    pair = [results.reference, arm_of(results, arm)]
    values = [by_space(results, metric, known.unit, each) for each in pair]
    every = np.concatenate([each.to_numpy(float) for each in values])
    if not np.isfinite(every).any():
        return words_instead(f"{known.title} is not defined by space: no map.")
    codes = [str(code) for code in values[0].index]
    shapes = outlines_for(codes, outlines)
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    if low == high:
        low, high = low - 0.5, high + 0.5
    colours = ScalarMappable(Normalize(low, high), "cividis")
    names = {str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]}
    few = as_bars(codes)
    lower = 0.6 + 0.42 * len(codes) if few else 5.4
    figure = blank(12, 1.3 + (4.3 if shapes else 0.0) + lower)
    figure.suptitle(f"{known.title}, {shown_unit(known.unit)}", fontsize=15, fontweight="bold", ha="left", x=0.01)
    grid = figure.add_gridspec(2 if shapes else 1, 2, height_ratios=[4.3, lower] if shapes else [1])
    axes = []
    for side, (each, shown) in enumerate(zip(pair, values, strict=True)):
        texts = {str(code): significant(value) if np.isfinite(value) else "–" for code, value in shown.items()}
        if shapes:
            top = figure.add_subplot(grid[0, side])
            draw_territories(top, shown, shapes, colours)
            top.set_title(each)
            axes.append(top)
        below = figure.add_subplot(grid[1 if shapes else 0, side])
        axes.append(below)
        if few:
            draw_bars(below, shown, names, texts, colours)
            below.set_xlim(min(0.0, low * 1.25), max(0.0, high * 1.25))
            below.xaxis.set_major_locator(MaxNLocator(4))
            below.xaxis.set_major_formatter(FuncFormatter(tick))
            below.set_xlabel(shown_unit(known.unit))
        else:
            draw_tiles(below, shown, texts, colours)
        if not shapes:
            below.set_title(each)
    if not few or shapes:
        figure.colorbar(
            colours, ax=axes, location="top", shrink=0.5, aspect=40,
            format=FuncFormatter(tick),
        )  # fmt: skip
    return figure
