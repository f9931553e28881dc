"""Where arms lose: a tile map an arm, shaded by the share of runs in which a space is worse off."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from igrsim.results.losing import losing_spaces
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.map_drawing import as_bars, draw_bars, draw_tiles
from igrsim.views.metric import metric_of
from igrsim.views.style import blank, words_instead

COLUMNS = 2
"""Maps beside each other: a tile must be readable on a page."""


@picture(
    "Per cent of pairs of runs (one world, one future) in which a space is worse off than under the reference by more than "
    "2 per cent of its level there. Palest: in none; the darker, the more often. Hatched: not defined."
)
def losing_tiles(results: Results, metric: str, arms: Sequence[str]) -> Figure:
    """In what share of runs each space is worse off, an arm a map."""
    known = metric_of(results, metric)
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    names = {str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]}
    found: dict[str, pd.Series[float]] = {}
    for arm in arms:
        share = losing_spaces(results, metric, arm).set_index("space")["share_worse"]
        found[arm] = 100 * share.reindex(codes).astype(float)
    if not any(np.isfinite(share.to_numpy(float)).any() for share in found.values()):
        return words_instead(f"{known.title} is not defined by space: no map.")
    if not any(np.nan_to_num(share.to_numpy(float)).any() for share in found.values()):
        return words_instead(f"{known.title}: no space is worse off in any run under {', '.join(arms)}.")
    few = as_bars(codes)
    rows = math.ceil(len(arms) / COLUMNS)
    figure = blank(14, 1.0 + rows * (1.0 + 0.5 * len(codes) if few else 6.2))
    figure.suptitle(
        f"{known.title}: how often a space is worse off than under {results.reference}",
        fontsize=15, fontweight="bold", ha="left", x=0.01,
    )  # fmt: skip
    colours = ScalarMappable(Normalize(0, 100), "Oranges")
    grid = figure.add_gridspec(rows, COLUMNS)
    axes = []
    for place, (arm, share) in enumerate(found.items()):
        ax = figure.add_subplot(grid[divmod(place, COLUMNS)])
        axes.append(ax)
        texts = {str(code): f"{value:.0f}" if np.isfinite(value) else "–" for code, value in share.items()}
        if few:
            draw_bars(ax, share, names, texts, colours)
            ax.set_xlim(0, 118)
        else:
            draw_tiles(ax, share, texts, colours)
        ax.set_title(arm)
    figure.colorbar(
        colours, ax=axes, location="top", shrink=0.4, aspect=40, label="runs in which it is worse off",
        format=PercentFormatter(100),
    )  # fmt: skip
    return figure
