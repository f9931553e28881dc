"""Patterns of two financial years: how long departments take to answer what municipalities lay down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from igrsim.model import IGRModel, Scenario
from igrsim.phases import MONTH
from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import knows, sight
from igrsim.phases.plan import eligible, others_known
from igrsim.phases.seen_drafts import others_mean
from igrsim.phases.travel import travel
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.regimes.regime import Regime
from igrsim.runs.validation.country_runs import CITIZENS, YEARS_5
from igrsim.runs.validation.finding import PATTERN, Finding, holds
from igrsim.runs.validation.small_worlds import of_levers
from igrsim.world.world import World

Flags = NDArray[np.bool_]
I64 = NDArray[np.int64]

SESSION = 4.0
"""A joint session before July: in April, when municipal drafts have just been tabled."""
NONE = -99
"""Month of a draft that never was."""
BETWEEN = (DEPARTMENTS.commit_month - DEPARTMENTS.draft_month) % 12
"""Months from departments' submissions to the year in which they spend."""


@dataclass
class Answers:
    """When departments leave projects to municipalities that had laid them down, and how long after.

    Attributes
    ----------
    laid : (items, slots) int
        Month of the municipal draft each project last was part of, or is to be part of where it was made known before.
    there : (items, slots) bool
        Projects of municipalities that are laid down now, as draft, early priority, or at an indaba.
    told : (items, slots) bool
        Departments' answers that were given already.
    submission, spending : list of int
        Months from the municipal draft to a submission without the project, and to the year whose money goes elsewhere;
        below nought where the answer came before the draft.
    """

    laid: I64 = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    there: Flags = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    told: Flags = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    submission: list[int] = field(default_factory=list)
    spending: list[int] = field(default_factory=list)

    def look(self, phase: str, world: World) -> None:
        """Called after each phase of a month."""
        if phase not in ("meet", "plan", "exchange"):
            return
        self._lay(world)
        if phase == "meet" and world.calendar_month == DEPARTMENTS.draft_month:
            self._submissions(world)
        if phase == "exchange" and world.calendar_month == DEPARTMENTS.commit_month:
            self._commitments(world)

    def _lay(self, world: World) -> None:
        items = world.pipeline
        more = ((0, len(items) - len(self.laid)), (0, items.slots - self.laid.shape[1]))
        self.laid = np.pad(self.laid, more, constant_values=NONE)
        self.there, self.told = (np.pad(flags, more) for flags in (self.there, self.told))
        now = (items.drafted | items.early | (items.shown & ~items.funded)) & municipal(world)
        ahead = (MUNICIPALITIES.draft_month - world.calendar_month) % 12
        self.laid[now & ~self.there] = world.month + ahead
        self.laid[now & items.drafted & ~self.there] = world.month
        self.there = now

    def _note(self, world: World, item: I64, slot: I64, leaves: Flags, since: I64, months: int) -> None:
        fresh = leaves & (since > NONE) & ~self.told[item, slot]
        self.told[item[fresh], slot[fresh]] = True
        lag = (world.month - since[fresh]).tolist()
        self.submission += lag if months else []
        self.spending += [each + months for each in lag]

    def _submissions(self, world: World) -> None:
        """What departments leave out of their drafts because they know of a municipality's project."""
        items, theirs = world.pipeline, municipal(world)
        pairs = eligible(world, DEPARTMENTS)
        kept = items.drafted, items.funded, items.shown
        # what they know of each other is no answer to municipalities
        items.drafted, items.funded, items.shown = (flags & theirs for flags in kept)
        leaves = others_known(world, pairs) | others_mean(world, pairs)
        open_ = self.there | items.funded
        items.drafted, items.funded, items.shown = kept
        since = np.where(open_ & theirs, self.laid, NONE).max(axis=1)[pairs.item]
        self._note(world, pairs.item, pairs.slot, leaves, since, BETWEEN)

    def _commitments(self, world: World) -> None:
        """What they withdraw before they commit because of a municipality's draft."""
        items, money = world.pipeline, world.portfolios
        slots, theirs = money.slots[items.municipality, items.sector], municipal(world)
        for other in range(items.slots):
            rival = items.drafted[:, other] & theirs[:, other]
            item, slot = np.nonzero(items.drafted & ~theirs & rival[:, None] & (slots >= 0))
            mine, rivals = slots[item, slot], slots[item, other]
            leaves = knows(world, item, mine, rivals) < sight(world, item, mine, rivals, drafts=True)
            leaves &= behind(world, item, mine, slot, rivals, other) & yields(world, item, mine, rivals)
            self._note(world, item, slot, leaves, self.laid[item, other], 0)


def municipal(world: World) -> Flags:
    """Which slots on items are municipalities'."""
    slots = world.portfolios.slots[world.pipeline.municipality, world.pipeline.sector]
    return np.asarray((slots >= 0) & world.portfolios.municipal[slots])


def answers(regime: str | Regime, scope: str = "country", params: dict[str, float] | None = None) -> Answers:
    """Departments' answers over five years."""
    case = Scenario(regime=regime, scope=scope, months=YEARS_5, citizens=CITIZENS, params=params or {})
    model, found = IGRModel(case, seed=1), Answers()
    model.phases = tuple(phase for phase in MONTH if phase is not travel)
    model.after_phase = found.look
    model.run()
    return found


def peak(lags: list[int]) -> int:
    """The most frequent lag, in months."""
    months, often = np.unique(lags, return_counts=True)
    return int(months[np.argmax(often)])


def lag_of_two_years() -> Iterator[Finding]:
    """Fact 18: two financial years build in a lag, which a joint session shortens."""
    silos = answers("siloed")
    for name, lags, low, high in (
        ("a department's submission", silos.submission, 6, 9),
        ("its spending", silos.spending, 9, 15),
    ):
        most = peak(lags)
        share = float(np.mean([low <= lag <= high for lag in lags]))
        yield holds(
            f"fact 18: lag from municipal draft to {name}, silos", PATTERN, f"peaks at {low} to {high} months",
            f"{most} months ({share:.0%} of {len(lags)} answers within)", low <= most <= high,
        )  # fmt: skip
    for lever, params in (("idp-indaba", {"idp-indaba.month": SESSION}), ("synchronised-calendar", {})):
        joint = answers(of_levers(lever), params=params)
        before, after = (float(np.mean(found.spending)) for found in (silos, joint))
        session = "a joint session in April" if params else "calendars synchronised"
        yield holds(
            f"fact 18: mean lag from municipal draft to departments' spending with {session}", PATTERN, f"shorter than in silos ({before:.2f} months)",
            f"{after:.2f} months ({len(joint.spending)} answers against {len(silos.spending)})", after < before,
        )  # fmt: skip
