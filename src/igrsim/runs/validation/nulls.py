"""Comparisons that must come to nothing: regimes whose difference the model has no reason to show."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.citizens.terms import METRES
from igrsim.kernel.params import ParamSet
from igrsim.levers._base import levers
from igrsim.metrics._base import metrics
from igrsim.model import IGRModel, Scenario
from igrsim.plans.pipeline import Pipeline, Planning
from igrsim.plans.works import Delivery
from igrsim.regimes.regime import Regime, fold, preset, presets
from igrsim.runs.cell import LEVELS, CellSpec, run_cell
from igrsim.runs.futures import design
from igrsim.runs.study import FuturesPart
from igrsim.runs.validation.finding import NULL, Finding, exact, holds
from igrsim.runs.validation.small_worlds import believe, small_model, sums
from igrsim.world.ruling import SILOS, changed, theme_of
from igrsim.world.world import World

Tables = dict[str, pd.DataFrame]
HUBS = preset("district-hub-core")
WHOLE = preset("district-hub")


def nulls() -> Iterator[Finding]:
    """Every null."""
    yield from travel_nulls()
    yield from byte_nulls()
    yield from dose_nulls()
    yield from budget_nulls()


def cell(regime: Regime, rollout: str = "all-at-once", reverse: bool = False, **settings: Any) -> Tables:
    """All tables of one small cell: counts by every level, the ledger and the trail of rules."""
    usual: dict[str, Any] = {"scope": ("DC15", "DC36"), "months": 18, "citizens": 3000, "params": (), "seed": 1}
    spec = CellSpec(
        regime=regime.name,
        levers=regime.levers,
        rollout=rollout,
        rollout_digest="",
        start="2019-04-01",
        world=0,
        reverse=reverse,
        **(usual | settings),
    )
    return run_cell(spec).tables


def differing(a: Tables, b: Tables) -> list[str]:
    """Tables, or columns of tables of one length, in which two cells differ."""
    found = []
    for name in a:
        if list(a[name].columns) != list(b[name].columns) or len(a[name]) != len(b[name]):
            found.append(name)
        else:
            found += [f"{name}.{c}" for c in a[name].columns if not a[name][c].equals(b[name][c])]
    return found


def lived(tables: Tables) -> Tables:
    """The tables of what happened, without those that hold it against a schedule: a hub planned for later stands in them."""
    return {name: table for name, table in tables.items() if name not in ("milestones", "rollout")}


def same(name: str, a: Tables, b: Tables) -> Finding:
    """That two cells have the same tables to the last digit."""
    found = differing(a, b)
    return holds(name, NULL, "no difference", ", ".join(found[:6]) or "no difference", not found)


def travel_nulls() -> Iterator[Finding]:
    """No lever of hubs touches access, so people's travel is the same to the metre, not only within 2 %."""
    columns = ("trips", "trip_metres", "trip_minutes", "trip_cents", "needs_arisen", "needs_resolved")
    silos = cell(preset("siloed"))
    for regime in (HUBS, WHOLE):
        hubs = cell(regime)
        most = max(int((silos["space"][c] - hubs["space"][c]).abs().max()) for c in columns)
        yield exact(f"no lever of {regime.name} touches access: its travel less that of silos", NULL, 0, most)
    figures = []
    for regime in (preset("siloed"), WHOLE):
        model = small_model(regime, scope=["DC15"], months=12, citizens=3000, rollout="all-at-once")
        world, metres = model.world, 0
        world.people.citizens.lives.tokens[:] = world.catalogue.token("identity") | world.catalogue.token(
            "birth_certificate"
        )
        # the book's arrays are shared by all worlds
        world.people.book = world.people.book._replace(requires=np.zeros_like(world.people.book.requires))
        world.points.offline[:] = world.points.absent[:] = 0.0
        world.points.hop[:] = np.arange(len(world.points))[:, None]
        world.points.hop_metres[:] = 0
        world.points.hop_minutes[:] = 0.0
        while model.month < 12:
            model.step()
            metres += int(world.people.tally.sum(axis=(0, 1))[METRES])
        figures.append(metres)
    yield exact(
        "no prerequisites, no outages, every service everywhere: km of hubs over silos",
        NULL,
        1,
        figures[1] / figures[0],
    )


def byte_nulls() -> Iterator[Finding]:
    """Cells that must be alike to the last digit."""
    silos = cell(preset("siloed"))
    bare = Regime("bare", "hubs without posts", "assumption", ("district-hub",))
    yield same("district hubs without posts against silos", silos, cell(bare, params=(("district-hub.posts", 0.0),)))
    with tempfile.TemporaryDirectory() as folder:
        late = Path(folder) / "late.csv"
        late.write_text("space,start\nDC15,2099-01-01\nDC36,2099-01-01\n", encoding="utf-8")
        yield same("hubs that start after the horizon against silos", lived(silos), lived(cell(HUBS, str(late))))
        for name, _ in levers.items():
            alone = Regime(name, name, "assumption", (name,))
            yield same(f"{name} at dose 0 added to silos", lived(silos), lived(cell(alone, str(late))))
    # the pilots DC15 and DC36 begin in August and September 2019, months 4 and 5
    planned = cell(HUBS, "ddm-2019-plan")
    early = {t: (silos[t].query("month < 4"), planned[t].query("month < 4")) for t in (*LEVELS, "ledger")}
    yield same(
        "silos and hubs before the first wave",
        {t: a for t, (a, _) in early.items()},
        {t: b for t, (_, b) in early.items()},
    )
    yield same("agents visited in reverse, silos", silos, cell(preset("siloed"), reverse=True))
    for regime in (HUBS, WHOLE):
        yield same(f"agents visited in reverse, {regime.name}", cell(regime), cell(regime, reverse=True))


def dose_nulls() -> Iterator[Finding]:
    """Any lever at dose 0 added to any regime leaves its rulings as they are."""
    params = ParamSet()
    changed = []
    for regime in presets().values():
        with_it = [(kind(params), 1.0) for kind in regime.lever_types()]
        for name, kind in levers.items():
            if fold([*with_it, (kind(params), 0.0)], SILOS) != fold(with_it, SILOS):
                changed.append(f"{name} in {regime.name}")
    yield exact("a lever at dose 0 in any regime: rulings changed", NULL, 0, len(changed))


def one_mandate_each(world: World) -> None:
    """Let only the first actor of each sector and place fund there, so that nothing can be funded twice."""
    world.portfolios = replace(world.portfolios, slots=world.portfolios.slots[:, :, :1])
    world.pipeline = Pipeline(slots=1)


def budget_outcome(
    regime: str | Regime, prepare: Callable[[World], None], months: int = 48
) -> tuple[float, float, float]:
    """Rand committed, rand funded twice, and severity left unfunded, over some years of one district."""
    model = small_model(regime, scope=["DC15"], months=months, citizens=500, rollout="all-at-once")
    prepare(model.world)
    committed = duplicates = unfunded = 0
    while model.month < months:
        model.step()
        now = model.world.now.by_municipality
        committed += int(now["committed_cents"].sum())
        duplicates += int(now["duplicate_cents"].sum())
        unfunded += int(now["severity_unfunded"].sum())
    return committed / 100, duplicates / 100, unfunded / 1e6


def budget_nulls() -> Iterator[Finding]:
    """No complements, no possible duplicates, severities known, equal skills, one ranking rule: what hubs fund is what silos fund.

    That owners put One Plan items first whatever else arose is another ranking rule, and so are budgets weighed by need and
    gender: nobody does either. Everybody can pay out what they have.
    """

    def prepare(world: World) -> None:
        one_mandate_each(world)
        world.institutions = replace(world.institutions, complements=())
        believe(world, Planning, error=1e-9, pays=0.0, need_weight=0.0)
        believe(world, Delivery, throughput=1e6)

    silos = budget_outcome("siloed", prepare)
    for regime in (HUBS, WHOLE):
        hubs = budget_outcome(regime, prepare)
        worst = max(abs(hubs[0] / silos[0] - 1), abs(hubs[2] / silos[2] - 1))
        yield holds(
            f"one mandate a sector, no complements, severities and skills alike, one ranking rule: rand committed and need unfunded, {regime.name} against silos",
            NULL,
            "differ by less than 2 %, nothing funded twice",
            f"{100 * worst:.2f} %, {silos[1] + hubs[1]:.0f} rand twice",
            worst < 0.02 and silos[1] == hubs[1] == 0,
        )


FUTURES, WORLDS, FROZEN_MONTHS = 3, 2, 36
GOOD = {
    "duplicate_spend_share": -1,
    "gap_share": -1,
    "load_share": -1,
    "hours_per_need": -1,
    "net_benefit": 1,
    "decisions_per_meeting": 1,
}
"""Headline benefits, and which way is good. Load is all that coordination takes of municipalities: fewer hours in meetings because
others took their place would be no gain."""
NOT_WAYS = ("duplicate_spend_share", "gap_share", "load_share", "decisions_per_meeting")
"""Those that levers on access have no business with."""


def for_access(lever: str) -> bool:
    """Whether a lever is one on people's access to services, by the rules it changes."""
    rules = changed(SILOS, levers[lever](ParamSet()).amend(SILOS, 1.0))
    return any(theme_of(rule) == "access" for rule in rules)


def frozen_nulls() -> Iterator[Finding]:
    """Every benefit of coordination frozen at what silos have, every cost on: no regime wins, whatever else is so.

    Its levers on access set apart, a regime wins nothing at all; with them, nothing but on people's ways.
    """
    futures = design(FuturesPart(n=FUTURES), seed=1)
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for f, future in enumerate(futures):
        for world in range(WORLDS):
            silos = headlines(frozen("siloed", future, world))
            for regime in presets().values():
                access = tuple(lever for lever in regime.levers if for_access(lever))
                others = tuple(lever for lever in regime.levers if lever not in access)
                trials = [(regime.name, regime, tuple(GOOD))] if others == regime.levers else []
                if access:
                    trials.append((regime.name, regime, NOT_WAYS))
                    if others:
                        without = f"{regime.name} without its levers on access"
                        terms = tuple(t for t in regime.terms if t.lever in others)
                        trials.append((without, replace(regime, levers=others, terms=terms), tuple(GOOD)))
                for name, trial, outcomes in trials:
                    if trial.levers:
                        found = headlines(frozen(trial, future, world))
                        for outcome in outcomes:
                            gain = (found[outcome] - silos[outcome], f"future {f}, world {world}")
                            best[name, outcome] = max(best.get((name, outcome), gain), gain)
    for (name, outcome), (most, where) in best.items():
        yield holds(
            f"benefits frozen, costs on, {FUTURES} futures and {WORLDS} worlds of the pilots: most that {name} wins of {outcome}", NULL,
            "at most 1e-9", f"{most:.3g} ({where})", most <= 1e-9,
        )  # fmt: skip


def frozen(regime: str | Regime, future: dict[str, float], world: int) -> dict[str, float]:
    """Counts of a run of the pilots in which no benefit of coordination comes about."""
    model = IGRModel(
        Scenario(
            regime=regime,
            scope="pilots",
            months=FROZEN_MONTHS,
            citizens=1000,
            rollout="all-at-once",
            params={**future, "frozen.benefits": 1.0},
        ),
        seed=1,
        replication=world,
    )
    return sums(model)


def headlines(counts: dict[str, float]) -> dict[str, float]:
    """Headline benefits, the greater the better."""
    return {
        name: sign * float(metrics[name].value({k: np.asarray(v, dtype=np.float64) for k, v in counts.items()}))
        for name, sign in GOOD.items()
    }
