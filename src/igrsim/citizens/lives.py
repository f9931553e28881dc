"""The people simulated: who lives in which settlement, and the columns that hold their lives."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.compiled import compiled
from igrsim.citizens.luck import fold, unit
from igrsim.citizens.population import (
    BANDS,
    FIFTHS,
    HEADS,
    KINDS,
    Needs,
    band_shares,
    without_documents,
)
from igrsim.kernel.draws import Draws, code_keys, fold_array
from igrsim.places.geography import Settlements
from igrsim.services.catalogue import Catalogue

F64 = NDArray[np.float64]

SPENT = ("trips", "metres", "minutes", "cents")
"""What each open documentary need has cost its person so far."""
REMEMBERED = 1_000_000
"""People of whom it is kept, at most, what each of their needs has cost: 130 bytes a person."""


class Homes(NamedTuple):
    """The settlements as homes of the people simulated.

    Attributes
    ----------
    first : (settlements + 1,) int64
        Where each settlement's people begin.
    key : (settlements,) uint64
        Stable key of the settlement's code.
    start : (settlements,) int64
        Ordinal of the first of its people who is simulated.
    cell : (settlements,) int32
        Counting cell of the settlement's poorest fifth in households headed by a man; its other cells follow.
    space : (settlements,) int32
    """

    first: NDArray[np.int64]
    key: NDArray[np.uint64]
    start: NDArray[np.int64]
    cell: NDArray[np.int32]
    space: NDArray[np.int32]


PAPERS_MOST, LAGS_MOST = 8, 3
"""Documentary needs that a life has room for, and documents that can be awaited."""
STATE = np.dtype(
    [
        ("minutes", np.uint32), ("metres", np.uint32), ("cents", np.uint32), ("briefed", np.uint32),
        ("opened", np.int16, (PAPERS_MOST,)),
        ("routes", np.uint16), ("tokens", np.uint16), ("trips", np.uint16), ("waited", np.uint16),
        ("due", np.uint8, (LAGS_MOST,)), ("idle", np.uint8), ("signings", np.uint8), ("fate", np.uint8),
    ],
    align=True,
)  # fmt: skip
"""What a person carries from month to month, in one place: whoever something happens to is read and written whole.

minutes, metres, cents
    Spent on all documentary trips so far.
briefed
    Bits of the steps whose missing papers the person has been told of.
opened
    Month (plus 1) in which each documentary need last arose.
routes, tokens
    Bits of the needs that are open, by route, and of the documents held.
trips, waited
    Documentary trips so far, and months that ended with a documentary need open.
due
    Months until each applied-for document is issued; 0 when none is.
idle, signings
    Months with an open documentary need and no trip for one; signings still to come.
fate
    Bits of `GOT` and `GAVE_UP`: what became of documentary needs so far.
"""


class Lives(NamedTuple):
    """The people, a slot each, in the order of their settlements.

    Attributes
    ----------
    traits : (n,) uint8
        Age band in the lowest two bits, sex of the household head in the next, wealth fifth above; these do not change.
    busy : (n,) uint8
        Not 0 where a need is open, a document awaited, or a signing to come.
    state : (n,) of STATE
        What each carries from month to month.
    spent : (n or 0, documentary needs, 4) int32
        Trips, metres, minutes and cents that each need has cost since it last arose; no rows above `REMEMBERED` people.
    solved : (n or 0,) uint16
        Bits of the documentary routes resolved this month.
    """

    traits: NDArray[np.uint8]
    busy: NDArray[np.uint8]
    state: NDArray[np.void]
    spent: NDArray[np.int32]
    solved: NDArray[np.uint16]

    @property
    def routes(self) -> NDArray[np.uint16]:
        """Bits of the open needs."""
        return self.state["routes"]

    @property
    def tokens(self) -> NDArray[np.uint16]:
        """Bits of the documents held."""
        return self.state["tokens"]

    @property
    def minutes(self) -> NDArray[np.uint32]:
        """Minutes spent on documentary trips so far."""
        return self.state["minutes"]

    @property
    def opened(self) -> NDArray[np.int16]:
        """Month (plus 1) in which each documentary need last arose."""
        return self.state["opened"]

    @property
    def fate(self) -> NDArray[np.uint8]:
        """Bits of what became of documentary needs."""
        return self.state["fate"]


@dataclass
class Citizens:
    """The people simulated.

    A person is a settlement code and an ordinal: the same person in every arm, whatever the sample's size.

    Attributes
    ----------
    homes : Homes
    lives : Lives
    represents : float
        How many people of the population each citizen stands for.
    cells : (n or 0,) int32
        Counting cell of each person, where people are counted otherwise than by home and traits.
    """

    homes: Homes
    lives: Lives
    represents: float
    cells: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many people are simulated."""
        return len(self.lives.traits)

    @property
    def settlement(self) -> NDArray[np.int32]:
        """Index of each person's home settlement."""
        return np.repeat(np.arange(len(self.homes.key), dtype=np.int32), np.diff(self.homes.first))

    @property
    def ordinal(self) -> NDArray[np.int64]:
        """Number of each person within the settlement."""
        home = self.settlement
        return np.asarray(np.arange(self.count) - self.homes.first[home] + self.homes.start[home])

    @property
    def key(self) -> NDArray[np.uint64]:
        """Stable key of settlement code and ordinal."""
        return fold_array(self.homes.key[self.settlement], self.ordinal)

    @property
    def band(self) -> NDArray[np.uint8]:
        """Age band, an index into `BANDS`."""
        return self.lives.traits & np.uint8(3)

    @property
    def head(self) -> NDArray[np.uint8]:
        """Sex of the household head, an index into `HEADS`."""
        return (self.lives.traits >> np.uint8(2)) & np.uint8(1)

    @property
    def fifth(self) -> NDArray[np.uint8]:
        """Wealth fifth, 0 is the poorest."""
        return self.lives.traits >> np.uint8(3)

    @property
    def cell(self) -> NDArray[np.int32]:
        """Index of space, place kind, wealth fifth and household head: where each person is counted."""
        if len(self.cells):
            return self.cells
        return np.asarray(self.homes.cell[self.settlement] + (self.lives.traits >> np.uint8(2)), dtype=np.int32)

    def home_of(self, citizen: int) -> tuple[int, int]:
        """Settlement and ordinal of one person."""
        home = int(np.searchsorted(self.homes.first, citizen, side="right")) - 1
        return home, int(citizen - self.homes.first[home] + self.homes.start[home])


def sample_sizes(population: NDArray[np.int64], citizens: int) -> NDArray[np.int64]:
    """How many of each settlement's people to simulate: every k-th person along the country's list.

    Every citizen stands for the same number of people and no settlement is favoured; a larger sample of a
    settlement holds the smaller one.
    """
    total = int(population.sum())
    ends = np.cumsum(population, dtype=np.int64)
    marks = (
        (ends.astype(object) * citizens + total // 2) // total
        if citizens * total > 2**62
        else ((ends * citizens + total // 2) // total)
    )
    marks = np.asarray(marks, dtype=np.int64)
    return np.asarray(np.diff(np.concatenate([[0], marks])))


def populate(
    settlements: Settlements,
    spaces_of: NDArray[np.int64],
    wealth_of: F64,
    citizens: int,
    needs: Needs,
    catalogue: Catalogue,
    draws: Draws,
    alone: int | None = None,
    threads: int = 1,
) -> Citizens:
    """Draw the people of a country: their traits and the documents they hold at the start.

    Parameters
    ----------
    settlements : Settlements
    spaces_of : (settlements,) int
        Index of each settlement's space.
    wealth_of : (settlements, fifths) float
        Shares of people in each national wealth fifth.
    citizens : int
        How many to simulate, at most the whole population.
    alone : int, optional
        The one settlement whose people live; everybody's where there is none.
    threads : int
        Among how many threads people are divided; no number depends on it.
    """
    population = np.asarray(settlements.population, dtype=np.int64)
    counts = sample_sizes(population, citizens)
    represents = float(population.sum()) / max(int(counts.sum()), 1)
    if alone is not None:
        counts = np.where(np.arange(len(counts)) == alone, counts, 0)
    kind = np.array([KINDS.index(k) for k in settlements.kinds], dtype=np.int64)
    homes = Homes(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        key=code_keys(settlements.codes),
        start=np.zeros(len(counts), dtype=np.int64),
        cell=((spaces_of * len(KINDS) + kind) * FIFTHS * len(HEADS)).astype(np.int32),
        space=spaces_of.astype(np.int32),
    )
    people, documentary = int(homes.first[-1]), sum(catalogue.documentary)
    if documentary > PAPERS_MOST or not all(catalogue.documentary[:documentary]):
        raise ValueError(f"at most {PAPERS_MOST} documentary needs, which stand before the others")
    kept = people if people <= REMEMBERED else 0
    lives = Lives(
        # filled by those who draw: memory that is first touched by many hands is there sooner
        traits=np.empty(people, dtype=np.uint8),
        busy=np.empty(people, dtype=np.uint8),
        state=np.empty(people, dtype=STATE),
        spent=np.zeros((kept, documentary, len(SPENT)), dtype=np.int32),
        solved=np.zeros(kept, dtype=np.uint16),
    )
    keys = [draws[p].key for p in ("age band", "wealth", "household head", "identity held", "birth certificate held")]
    terms = (
        homes,
        np.array(keys, dtype=np.uint64),
        np.cumsum(band_shares(needs))[: len(BANDS) - 1],
        np.cumsum(wealth_of, axis=1),
        needs.woman_headed,
        without_documents(needs),
        needs.without_birth_certificate,
        catalogue.token("identity"),
        catalogue.token("birth_certificate"),
        lives,
    )
    ends = np.linspace(0, people, 8 * threads + 1).astype(np.int64).tolist()
    if threads == 1:
        _draw(0, people, *terms)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda part: _draw(*part, *terms), itertools.pairwise(ends)))
    return Citizens(homes, lives, represents, np.zeros(0, dtype=np.int32))


@compiled
def _draw(
    first: int,
    last: int,
    homes: Homes,
    keys: NDArray[np.uint64],
    bands: NDArray[np.float64],
    wealth: NDArray[np.float64],
    woman_headed: float,
    without_identity: NDArray[np.float64],
    without_birth_certificate: float,
    identity: int,
    birth_certificate: int,
    lives: Lives,
) -> None:
    """Draw the traits and documents of some people, and begin their lives; ``bands`` and ``wealth`` are cumulated."""
    both = identity | birth_certificate
    lives.busy[first:last] = 0
    blank = np.zeros(1, STATE)[0]
    home = np.searchsorted(homes.first, first, side="right") - 1
    for c in range(first, last):
        while homes.first[home + 1] <= c:
            home += 1
        me = fold(homes.key[home], np.uint64(c - homes.first[home] + homes.start[home]))
        u = unit(fold(keys[0], me))
        band = 0
        for k in range(bands.size):
            band += u >= bands[k]
        u = unit(fold(keys[1], me))
        fifth = 0
        for k in range(wealth.shape[1] - 1):
            fifth += u >= wealth[home, k]
        head = np.int64(unit(fold(keys[2], me)) < woman_headed)
        held = both
        if unit(fold(keys[3], me)) < without_identity[fifth]:
            held = birth_certificate
            if unit(fold(keys[4], me)) < without_birth_certificate:
                held = 0
        lives.traits[c] = band | head << 2 | fifth << 3
        lives.state[c] = blank
        lives.state[c].tokens = held
