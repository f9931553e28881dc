"""How pictures look: colours for colour-blind readers, sizes for a projector, the same bytes each time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.style import context

from igrsim.results.results import Results

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
INK = "#222222"
QUIET = "#6b6b6b"
PALE = "#e4e4e4"

_DASHES: tuple[tuple[int, tuple[float, ...]], ...] = (
    (0, (5, 1.2)),
    (0, (2, 1)),
    (0, (6, 1, 1, 1)),
    (0, (1, 1)),
    (0, (8, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (1, 3)),
)
_MARKERS = "sD^vPX*"

MANY = 4
"""Arms beyond which pictures leave out what would only be clutter."""

_LOOK = {
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 12,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "text.color": INK,
    "text.parse_math": False,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "igrsim",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "savefig.dpi": 160,
}


def styled() -> AbstractContextManager[None]:
    """The house style, while the context lasts."""
    return context(["default", _LOOK])


def blank(width: float, height: float) -> Figure:
    """An empty figure of `width` by `height` inches that needs no window."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def figure_of(ax: Axes) -> Figure:
    """The whole figure that axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def words_instead(words: str) -> Figure:
    """A figure that says in words why there is nothing to draw."""
    figure = blank(11, 1.6)
    ax = figure.add_subplot()
    ax.set_axis_off()
    ax.text(0.5, 0.5, words, ha="center", va="center", fontsize=14, wrap=True, transform=ax.transAxes)
    return figure


@dataclass(frozen=True)
class Look:
    """What tells an arm apart: never its colour alone."""

    colour: str
    dash: str | tuple[int, tuple[float, ...]]
    marker: str


def looks(results: Results) -> dict[str, Look]:
    """Colour, line and marker of every arm; the reference is dark and unbroken."""
    found = {results.reference: Look(INK, "-", "o")}
    others = [arm for arm in results.arms if arm != results.reference]
    for i, arm in enumerate(others):
        turn = i % len(_DASHES)
        found[arm] = Look(OKABE_ITO[turn], _DASHES[turn], _MARKERS[turn])
    return found


def save(figure: Figure, folder: Path, name: str) -> Path:
    """Write ``name.svg`` and ``name.png``, the same bytes whenever and wherever they are drawn.

    Returns
    -------
    Path
        The SVG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, for both files
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})
    return folder / f"{name}.svg"
