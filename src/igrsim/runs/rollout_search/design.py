"""How a search spends its cells: futures to tune on, turns, and futures held out."""

from __future__ import annotations

from dataclasses import dataclass

from igrsim.kernel.errors import InputError

FEWEST, MOST = 4, 24
"""Futures held out: with fewer no interval says anything; with more the search would have too little left."""
TRIES = 8
"""Schedules of a turn that are run in half of the training futures; half of them then in all."""
GREEDY = 3
"""Greedy orders at most: one for each set of dates among the named schedules."""
PROBES = 2
"""Schedules by lot whose spaces start over the whole window: they show what a late start leaves of the benefit."""
CHOSEN = 6
"""Found schedules at most that are tried on futures held out."""
HELD_SHARE = 0.5
"""Share of the budget that futures held out may take."""


@dataclass(frozen=True)
class Design:
    """A search in numbers.

    Attributes
    ----------
    training, held_out : int
        Futures, each in a world of its own.
    turns, tries, survivors : int
        Turns of the search, schedules run in half of the training futures each turn, and those of them run in all.
    greedy, probes, chosen : int
    cells : int
        At most.
    """

    training: int
    held_out: int
    turns: int
    tries: int
    survivors: int
    greedy: int
    probes: int
    chosen: int
    cells: int

    @property
    def half(self) -> int:
        """Futures in which every schedule of a turn is run."""
        return (self.training + 1) // 2


def designed(budget: int, named: int, paces: int, extra: int) -> Design:
    """The largest search that a budget allows.

    Parameters
    ----------
    budget : int
        Cells at most.
    named : int
        Schedules to beat.
    paces : int
        Different sets of dates among them, beside all at once.
    extra : int
        Further schedules that every training future takes: all at once without limits, where it is not among the named.

    Raises
    ------
    InputError
        If the budget allows none.
    """
    greedy, least = min(paces, GREEDY), 0
    for held in range(MOST, FEWEST - 1, -1):
        training = max(FEWEST, round(held * 2 / 3))
        tests = held * (1 + named + greedy + CHOSEN)
        begin = training * (1 + named + greedy + PROBES + extra)
        half = (training + 1) // 2
        turn = TRIES * half + TRIES // 2 * (training - half)
        turns = (budget - tests - begin) // turn
        least = tests + begin + turn
        if turns >= 1 and ((turns >= 2 and tests <= HELD_SHARE * budget) or held == FEWEST):
            cells = tests + begin + turns * turn
            return Design(training, held, turns, TRIES, TRIES // 2, greedy, PROBES, CHOSEN, cells)
    raise InputError(f"--budget {budget}: a search against {named} schedules needs at least {least} cells", code="E361")
