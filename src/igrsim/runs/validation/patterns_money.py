"""Patterns of money: committed rand stays where it is, maps find doubles and not mismatches, low capacity underspends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from igrsim.kernel.draws import fold_array
from igrsim.plans.pipeline import FREE
from igrsim.plans.works import Delivery
from igrsim.runs.validation.country_runs import YEARS_4, YEARS_5, Lived, country, live
from igrsim.runs.validation.finding import PATTERN, USUAL, Finding, Values, holds, outside
from igrsim.runs.validation.small_worlds import of_levers
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

SHOCK = 17
"""September 2020: five months into departments' year, two into municipalities'."""
YEAR_ENDS = (24, 27)
"""Months in which departments' and municipalities' next financial years begin."""
SEVERITY = 100.0
"""So far above all other needs that whoever learns of them puts them first."""
SAME = 0.02
"""Of a year's rand: what two regimes may differ by and still be the same."""


@dataclass
class Shock:
    """Very severe new items in every municipality and sector, and when money is committed to them.

    Attributes
    ----------
    committed : (2, months) int
        Cents committed to them, by departments and by municipalities.
    year : (2,) int
        Cents of the financial year in which the shock falls.
    movable : (2,) float
        Of these, what was not committed yet when it fell, and what the rules of virement allow to be moved.
    """

    months: int
    committed: I64 = field(init=False)
    year: I64 = field(init=False)
    movable: F64 = field(init=False)
    items: slice | None = None
    before: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))

    def __post_init__(self) -> None:
        self.committed = np.zeros((2, self.months), np.int64)

    def __call__(self, world: World) -> None:
        """Note what last month brought; in its month, let the shock fall."""
        self.look(world, world.month - 1)
        if world.month == SHOCK:
            self.fall(world)

    def fall(self, world: World) -> None:
        """Let the items arise, and note what money could still go to them."""
        items, money, purses = world.pipeline, world.portfolios, world.purses
        municipality, sector = np.nonzero((money.slots >= 0).any(axis=2))
        first = items.born == 0
        cents = np.array(
            [
                np.median(found) if len(found) else 0
                for found in (
                    items.cents[first & (items.municipality == m) & (items.sector == s)]
                    for m, s in zip(municipality, sector, strict=True)
                )
            ]
        ).astype(np.int64)
        there = cents > 0
        municipality, sector, cents = municipality[there], sector[there], cents[there]
        n, portfolio = len(items), money.slots[municipality, sector]
        place = fold_array(world.municipality_keys[municipality], world.sector_keys[sector])
        items.add(
            municipality=municipality,
            sector=sector,
            space=world.municipality_space[municipality],
            severity=np.full(len(cents), SEVERITY),
            cents=cents,
            born=world.month,
            key=fold_array(place, np.uint64(SHOCK)),
            dispute=np.full(len(cents), FREE),
            portfolio=portfolio,
            municipal=money.municipal[portfolio],
        )
        self.items = slice(n, len(items))
        self.before = items.funded[self.items].copy()
        delivery = world.params[Delivery]
        shift = np.where(money.municipal, delivery.municipal_shift, delivery.virement)
        movable = np.minimum(purses.free, purses.year) + shift * purses.year
        self.year = np.array([purses.year[~money.municipal].sum(), purses.year[money.municipal].sum()])
        self.movable = np.array([movable[~money.municipal].sum(), movable[money.municipal].sum()])

    def look(self, world: World, month: int) -> None:
        """Note what was committed to the items in a month."""
        if self.items is None:
            return
        items, money = world.pipeline, world.portfolios
        rows = np.arange(self.items.start, self.items.stop)
        row, slot = np.nonzero(items.funded[self.items] & ~self.before)
        item = rows[row]
        municipal = money.municipal[money.slots[items.municipality[item], items.sector[item], slot]]
        for k, which in enumerate((~municipal, municipal)):
            self.committed[k, month] += int(items.cents[item[which]].sum())
        self.before = items.funded[self.items].copy()

    def in_year(self) -> float:
        """Share of the financial year's rand that went to them before it ended."""
        return float(sum(self.committed[k, :end].sum() for k, end in enumerate(YEAR_ENDS)) / self.year.sum())

    def after(self) -> float:
        """Of what went to them after that year, the share that did 6 to 18 months after the shock."""
        late = self.committed.copy()
        for k, end in enumerate(YEAR_ENDS):
            late[k, :end] = 0
        return float(late[:, SHOCK + 6 : SHOCK + 19].sum() / max(late.sum(), 1))


def shocked(regime: str, values: Values = USUAL) -> Shock:
    """A shock and what came of it within two years."""
    months = SHOCK + 25
    shock = Shock(months - 1)
    live(regime, months, values, befall=shock)
    return shock


def late_knowledge(values: Values = USUAL) -> Iterator[Finding]:
    """Fact 17: late knowledge cannot move committed money."""
    found = {regime: shocked(regime, values) for regime in ("siloed", "district-hub")}
    for regime, shock in found.items():
        most = shock.movable.sum() / shock.year.sum()
        yield holds(
            f"fact 17: share of a year's rand that goes in the same year to severe needs known in September, {regime}", PATTERN,
            f"above 0, at most what was uncommitted and what virement allows ({most:.3f})", f"{shock.in_year():.4f}",
            0 < shock.in_year() <= most, outside(shock.in_year(), 0, most),
        )  # fmt: skip
        yield holds(
            f"fact 17: of the rest, what follows 6 to 18 months after, {regime}", PATTERN, "at least 0.8",
            f"{shock.after():.3f}", shock.after() >= 0.8, outside(shock.after(), low=0.8),
        )  # fmt: skip
    differ = found["district-hub"].in_year() - found["siloed"].in_year()
    yield holds(
        "fact 17: share of the same year's rand, hubs as designed less silos", PATTERN, f"within {SAME:g}",
        f"{differ:.4f}", abs(differ) <= SAME, outside(abs(differ), high=SAME),
    )  # fmt: skip


def wrong_order(run: Lived, months: int) -> tuple[float, float]:
    """Share of rand, of parts that came to stand by commitments of the run, whose complement did not stand by then; and the rand."""
    items = run.pipeline
    late = np.zeros(len(items), np.bool_)
    late[run.inherited] = True
    parts = (items.needs >= 0) & (items.delivered_by >= 0) & (items.delivered_by < months) & ~late
    wrong = parts & (items.delivered_by[items.needs] > items.delivered_by)
    rand = float(items.cents[parts].sum())
    return float(items.cents[wrong].sum()) / max(rand, 1.0), rand / 1e11


def silos_and_maps(values: Values = USUAL, months: int = YEARS_5) -> Iterator[Finding]:
    """Fact 22: silos leave duplicates, gaps and mismatches; a map finds duplicates better than mismatches."""
    silos = country("siloed", months, values)
    mapped = country(of_levers("spatial-budgeting"), YEARS_4, values)
    duplicates = silos.value("duplicate_spend_share", YEARS_4)
    gaps = silos.value("gap_share", YEARS_4)
    yield holds(
        "fact 22: shares of rand funded twice, and of need unfunded, silos", PATTERN, "both above 0",
        f"{duplicates:.3f}, {gaps:.3f}", duplicates > 0 and gaps > 0,
        outside(min(duplicates, gaps), low=0),
    )  # fmt: skip
    wrong, rand = wrong_order(silos, YEARS_4)
    stranded = silos.value("stranded_share", YEARS_4)
    yield holds(
        "fact 22: share of rand in parts that came to stand before their complement, silos", PATTERN, "above 0",
        f"{wrong:.3f} of {rand:.1f} billion rand; {stranded:.3f} of old parts stranded", wrong > 0, outside(wrong, low=0),
    )  # fmt: skip
    removed = 1 - mapped.value("duplicate_spend_share", YEARS_4) / duplicates
    yield holds(
        "fact 22: share of duplicates that mapping projects alone removes", PATTERN, "above 0 and below 1",
        f"{removed:.3f}", 0 < removed < 1, outside(removed, 0, 1),
    )  # fmt: skip
    righted = 1 - wrong_order(mapped, YEARS_4)[0] / wrong
    yield holds(
        "fact 22: share of mismatches that it removes", PATTERN, "less than of duplicates",
        f"{righted:.3f} against {removed:.3f}", righted < removed,
        righted - removed,
    )  # fmt: skip


def underspending() -> Iterator[Finding]:
    """Fact 24: underspending concentrates where capacity is low, with a tail of municipalities that hardly spend."""
    towns = country("siloed").towns
    year, unspent = towns["municipal_year_cents"], towns["municipal_unspent_cents"]
    ends = np.flatnonzero(year.sum(axis=1) > 0)
    own = year[ends].sum(axis=0) > 0
    year, unspent = year[ends][:, own].astype(float), unspent[ends][:, own].astype(float)
    share = unspent / year
    skill = towns["skill_ppm"][:, own].mean(axis=0)
    rank = float(spearmanr(skill, share.mean(axis=0)).statistic)
    yield holds(
        "fact 24: rank correlation of municipalities' skill and the share of their money left unspent, silos", PATTERN,
        "below 0", f"{rank:.3f}", rank < 0,
    )  # fmt: skip
    tail = float((share > 0.5).mean())
    yield holds(
        "fact 24: municipality-years with more than half left unspent, silos", PATTERN, "0.01 to 0.05", f"{tail:.4f}",
        0.01 <= tail <= 0.05,
    )  # fmt: skip
    mean = float(share.mean())
    yield holds(
        "fact 24: share left unspent, mean over municipality-years, silos", PATTERN, "0.03 to 0.25",
        f"{mean:.3f} ({unspent.sum() / year.sum():.3f} of all rand)", 0.03 <= mean <= 0.25,
    )  # fmt: skip
