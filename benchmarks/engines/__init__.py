"""The same citizen's month in several engines, and the one that this project runs.

An engine is a class in a file of its own, loaded only when it is asked for: a peer that is not installed is skipped, with the
reason. To add one, write its file and name it in `ENGINES`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from benchmarks.engines.case import Case, Outcome

ENGINES = {
    "mesa do": ("mesa_agents", "Do"),
    "mesa shuffle_do": ("mesa_agents", "ShuffleDo"),
    "mesa do, own luck": ("mesa_agents", "OwnLuck"),
    "agentpy": ("agentpy_agents", "AgentPy"),
    "mesa-frames": ("mesa_frames_sets", "Frames"),
    "starsim": ("starsim_states", "Starsim"),
    "numpy": ("numpy_arrays", "Arrays"),
    "igrsim": ("ours", "Ours"),
    "igrsim, 2 threads": ("ours", "OursOnTwoThreads"),
}
"""Name in the tables, to file and class."""
OURS = "igrsim"
BASELINE = "mesa do"


class Engine(Protocol):
    """A way to let people live their months.

    Attributes
    ----------
    about : str
        How the rules stand in it, for the table.
    comparable : bool
        Whether its people must come out as everyone else's; False for one that draws otherwise.
    many : int
        People by which its bytes are measured: enough that what every engine needs once does not count.
    """

    about: str
    comparable: bool
    many: int

    def begin(self, case: Case) -> None:
        """Make the people."""

    def live(self, month: int) -> None:
        """Let everyone live a month of the study."""

    def outcome(self) -> Outcome:
        """What came of them."""


class UnavailableError(Exception):
    """A peer that cannot be run here; says why."""


def load(name: str) -> Engine:
    """An engine by its name.

    Raises
    ------
    UnavailableError
        Its package is not installed or does not run with this Python's packages.
    """
    file, kind = ENGINES[name]
    try:
        engine: Engine = getattr(import_module(f"benchmarks.engines.{file}"), kind)()
    except ImportError as error:
        raise UnavailableError(f"not installed here ({error})") from error
    return engine
