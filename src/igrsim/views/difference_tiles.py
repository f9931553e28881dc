"""Where many arms differ from the reference: a tile map an arm, all on one scale centred at no difference."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.map_drawing import as_bars, difference_by_space, draw_bars, draw_tiles
from igrsim.views.metric import metric_of
from igrsim.views.numbers import change, difference_unit, signed_tick
from igrsim.views.style import blank, words_instead

COLUMNS = 2


@picture(
    "Arm minus reference, mean over pairs of runs, all arms on one scale. Purple: lower, orange: higher, white: no difference; "
    "the number stands in every tile or beside every bar. Hatched: not defined there. Arms that differ nowhere are left out."
)
def difference_tiles(results: Results, metric: str, arms: Sequence[str]) -> Figure:
    """A metric's difference from the reference by space, an arm a map."""
    known = metric_of(results, metric)
    found = {arm: difference_by_space(results, metric, known.unit, arm) for arm in arms}
    found = {arm: values for arm, values in found.items() if np.nan_to_num(values.to_numpy(float)).any()}
    if not found:
        return words_instead(f"{known.title}: no arm differs from {results.reference} in any space.")
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    names = {str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]}
    few = as_bars(codes)
    rows = math.ceil(len(found) / COLUMNS)
    figure = blank(14, 1.2 + rows * (1.2 + 0.5 * len(codes) if few else 6.2))
    figure.suptitle(f"{known.title}: minus {results.reference}", fontsize=15, fontweight="bold", ha="left", x=0.01)
    reach = max(float(np.nanmax(np.abs(values))) for values in found.values())
    colours = ScalarMappable(Normalize(-reach, reach), "PuOr_r")
    grid = figure.add_gridspec(rows, COLUMNS)
    axes = []
    for place, (arm, values) in enumerate(found.items()):
        ax = figure.add_subplot(grid[divmod(place, COLUMNS)])
        axes.append(ax)
        texts = {str(code): change(value, "", 2) if np.isfinite(value) else "–" for code, value in values.items()}
        if few:
            draw_bars(ax, values, names, texts, colours)
            ax.set_xlim(-1.35 * reach, 1.35 * reach)
        else:
            draw_tiles(ax, values, texts, colours)
        ax.set_title(arm)
    figure.colorbar(
        colours, ax=axes, location="top", shrink=0.4, aspect=40, label=difference_unit(known.unit),
        format=FuncFormatter(signed_tick),
    )  # fmt: skip
    return figure
