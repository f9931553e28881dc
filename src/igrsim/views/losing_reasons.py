"""What decides whether an arm loses: the uncertain numbers whose values go with its doing worse."""

from __future__ import annotations

from matplotlib.figure import Figure

from igrsim.results.losing import FEWEST, losing_assumptions
from igrsim.results.results import Results
from igrsim.views.gallery import picture
from igrsim.views.metric import arm_of, metric_of
from igrsim.views.style import INK, PALE, QUIET, blank, words_instead

SHOWN = 10


@picture(
    "Rank correlation, over futures, of an uncertain number with how much worse the arm does than the reference. To the right: "
    "the larger the number, the worse the arm does. Within the grey band: no more than chance gives the strongest of all the "
    "numbers tried."
)
def losing_reasons(results: Results, metric: str, arm: str) -> Figure:
    """The ten numbers that go most with an arm's doing worse."""
    known = metric_of(results, metric)
    found = losing_assumptions(results, metric, arm_of(results, arm)).head(SHOWN)
    if found.empty:
        return words_instead(f"Fewer than {FEWEST} futures, or no difference in any: assumptions cannot be told apart.")
    figure = blank(12, 1.8 + 0.46 * len(found))
    ax = figure.add_subplot()
    bound = float(found["bound"].iloc[0])
    ax.axvspan(-bound, bound, color=PALE, zorder=0)
    beyond = found["beyond"].astype(bool)
    ax.barh(
        range(len(found)), found["correlation"], height=0.62, edgecolor=QUIET, linewidth=0.8,
        color=["#D55E00" if sure else "white" for sure in beyond],
    )  # fmt: skip
    ax.set_yticks(range(len(found)), found["parameter"], color=INK)
    ax.set_ylim(len(found) - 0.4, -0.6)
    ax.set_xlim(-1, 1)
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_xlabel("rank correlation with how much worse the arm does (filled: beyond chance)")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_title(f"{known.title}: what goes with {arm} doing worse than {results.reference}")
    return figure
