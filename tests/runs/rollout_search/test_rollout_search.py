"""The search for schedules: the sum over spaces is exact where it must be, seeds are kept, and the same seed gives the same bytes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from igrsim.kernel.errors import InputError
from igrsim.report.rollout_search_books import BOOK, write_books
from igrsim.report.rollout_search_in_words import against, short
from igrsim.report.rollout_search_page import write_search
from igrsim.results.frontier import unbeaten
from igrsim.runs.rollout_search import optimiser
from igrsim.runs.rollout_search.design import Design, designed
from igrsim.runs.rollout_search.lives import Lives
from igrsim.runs.rollout_search.optimiser import least_gain, sought, to_try, weighed
from igrsim.runs.rollout_search.plans import at_dates_of, decoded, encoded, quarters
from igrsim.runs.rollout_search.response import Seen, response_from
from igrsim.runs.rollout_search.search import HELD_OUT, TRAINING, Search, search
from igrsim.runs.rollout_search.study import design_of, objectives_of, searched_study
from igrsim.runs.rollout_search.tables import Found, tables_of, write_tables
from small_study import igrsim, no_traceback

SMALL = Design(training=2, held_out=2, turns=1, tries=3, survivors=2, greedy=1, probes=1, chosen=2, cells=26)
NAMED = ["ddm-2019-plan", "all-at-once"]


def small(out: Path, specialists: str | None = None) -> Search:
    """A search of seconds: three pilots, a few months, two futures each."""
    study = searched_study(
        "district-hub-core", scope="pilots", months=8, citizens=30, seed=7, workers=1, specialists=specialists
    )
    objectives = objectives_of(study, None, "wait")
    lives = Lives(study, out, objectives.columns, NAMED, (SMALL.training, SMALL.held_out))
    with lives.at_work():
        return search(lives, SMALL, objectives, (0, 6), generations=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("searched")


@pytest.fixture(scope="module")
def found(folder: Path) -> Search:
    return small(folder)


@pytest.fixture(scope="module")
def tables(found: Search) -> Found:
    return tables_of(found)


def test_keys_say_dates_and_places_and_come_back() -> None:
    dates = quarters(3, 20)
    assert dates.tolist() == [3, 6, 9, 12, 15, 18]
    start, place = np.array([6, 3, 18, 6, 6]), np.array([2, 0, 1, 4, 0])
    again, order = decoded(encoded(start, place, dates)[None], dates)
    assert again[0].tolist() == start.tolist()
    # within the wave of month 6 the order is kept
    assert order[0][4] < order[0][0] < order[0][3]
    assert decoded(np.array([[0.0, 1.0]]), dates)[0].tolist() == [[3, 18]]
    assert encoded(np.array([60, 0]), np.array([0, 1]), dates).round(2).tolist() == [0.92, 0.08], "nearest date"
    assert at_dates_of([2, 0, 1], [5, 5, 0]).tolist() == [5, 5, 0]


def test_the_sum_over_spaces_is_exact_for_what_it_was_read_from(found: Search) -> None:
    silos = [Seen(np.zeros((2, 3)), np.full(3, 12))] * 2
    whole = [
        Seen(np.array([[10.0, 20.0, 30.0], [-1.0, -2.0, -3.0]]) * (k + 1), np.zeros(3, np.int64)) for k in range(2)
    ]
    half = Seen(whole[0].counts * 0.5, np.full(3, 6))
    # what a schedule brought in month 6 is half of what all at once did
    response = response_from(silos, whole, [[half]], 12)
    assert response.share[:, [0, 3, 6, 12]].tolist() == [[1, 0.75, 0.5, 0]] * 2, "between neighbours on a line"
    assert response.seen[0, [0, 3, 6]].tolist() == [6, 0, 3]
    forecast = found.response.forecast(found.objectives, np.zeros((1, 1, 3), np.int64))[0]
    at_once = found.lived.mean("all-at-once", TRAINING)
    assert forecast == pytest.approx(at_once, rel=0.02), "other schedules, too, say what a first start brings"


def test_the_optimiser_keeps_its_seeds_and_draws_from_nothing_global() -> None:
    dates = quarters(0, 9)
    worth = np.array([5.0, 1.0, 3.0])

    def loss(keys: np.ndarray) -> np.ndarray:
        start, _ = decoded(keys, dates)
        return np.column_stack([(start * worth).sum(axis=1), start.sum(axis=1), -start.sum(axis=1) * 0.5])

    seeds = np.array([[0.01, 0.99, 0.5], [0.6, 0.6, 0.6]])
    before = np.random.get_state()[1].copy()
    keys, losses = sought(loss, seeds, 5, generations=3)
    assert np.array_equal(before, np.random.get_state()[1])
    assert np.array_equal(keys, sought(loss, seeds, 5, generations=3)[0])
    assert unbeaten(losses).all()
    for one in loss(seeds):
        assert (losses <= one).all(axis=1).any(), "no seed is lost but to a better one"


def test_weighing_alone_finds_the_best_of_each_space() -> None:
    dates = quarters(0, 6)
    alone = np.zeros((3, 2, 3))
    alone[:, 0, 0], alone[:, 1, 0] = [-9, -5, -1], [-1, -2, -3]
    starts = {tuple(decoded(keys[None], dates)[0][0].tolist()) for keys in weighed(alone, dates)}
    assert (0, 6) in starts


def test_the_schedule_that_beats_a_rival_on_all_is_tried_first() -> None:
    losses = np.array([[0.0, 9.0], [4.0, 4.0], [9.0, 0.0]])
    assert least_gain(losses, np.array([5.0, 5.0]), np.ones(2)).tolist() == [-4, 1, -4]
    assert to_try(losses, [np.array([5.0, 5.0])], np.ones(2), 2)[0] == 1
    assert to_try(losses, [np.array([1.0, 1.0])], np.ones(2), 3) == [0, 2, 1], "none beats it: far apart"


def test_a_budget_is_kept_and_too_small_a_one_refused() -> None:
    for budget in (170, 400, 2000):
        design = designed(budget, 5, 3, 0)
        assert design.cells <= budget
        assert design.turns >= 1
    assert designed(2000, 5, 3, 0).held_out > designed(400, 5, 3, 0).held_out
    with pytest.raises(InputError, match="E361"):
        designed(50, 5, 3, 0)


def test_the_frontier_is_not_worse_than_the_named_in_training(found: Search) -> None:
    means = {name: found.lived.mean(name, TRAINING) for name in found.frontier}
    for name in found.named:
        mine = found.lived.mean(name, TRAINING)
        assert any((other <= mine).all() for other in means.values())
    assert {"found"} == {found.lived.plans[name].kind for name in found.chosen}
    rival = found.rivals["ddm-2019-plan"]
    assert (found.lived.mean(rival, TRAINING) <= found.lived.mean("ddm-2019-plan", TRAINING)).all()
    assert "all-at-once" not in found.rivals, "nothing waits less than no month"


def test_what_was_tuned_on_is_not_what_it_is_tried_on(found: Search, folder: Path) -> None:
    objectives = found.objectives
    lives = Lives(found.study, folder, objectives.columns, NAMED, (2, 2))
    cells = {s: lives.cells(lives.arm, found.lived.plans["all-at-once"], s, 2) for s in (TRAINING, HELD_OUT)}
    assert {c.world for c in cells[TRAINING]} == {0, 1}
    assert {c.world for c in cells[HELD_OUT]} == {2, 3}
    assert not {c.spec.params for c in cells[TRAINING]} & {c.spec.params for c in cells[HELD_OUT]}
    mine = lives.cells(lives.arm, found.lived.plans[found.chosen[0]], HELD_OUT, 2)
    assert [c.spec.params for c in mine] == [c.spec.params for c in cells[HELD_OUT]], "the same futures for all"


def test_the_same_seed_gives_the_same_bytes(found: Search, tables: Found, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "again"
    shutil.copytree(folder / "cells", other / "cells")
    # nothing is computed again: what the search decides is decided anew
    again = small(other)
    written = []
    for one, out in ((found, folder), (again, other)):
        made = tables_of(one)
        write_tables(made, out / "tables")
        books = write_books(one, made, out / "tables")
        page = write_search(one, made, out / "tables", "igrsim rollout search", books)
        files = [*sorted((out / "tables").rglob("*.csv")), out / "tables" / BOOK, *books, page]
        written.append({file.relative_to(out).as_posix(): file.read_bytes() for file in files})
    assert written[0].keys() == written[1].keys()
    assert [name for name in written[0] if written[0][name] != written[1][name]] == []
    page = written[0]["tables/rollout_search.html"].decode()
    assert "http" not in page.replace("http://www.w3.org", "").replace("https://creativecommons.org", "").replace("http://purl.org", "")  # fmt: skip
    assert short(found, tables) in page


def test_tables_say_what_the_runs_say(found: Search, tables: Found) -> None:
    lived = found.lived
    for row in tables.held_out.to_dict("records"):
        k = ["benefit", "wait", "cost"].index(row["objective"])
        sign = -1 if k == 0 else 1
        gap = lived.losses[row["schedule"], HELD_OUT][:, k] - lived.losses[row["against"], HELD_OUT][:, k]
        assert row["held_out"] == pytest.approx(sign * gap.mean())
        assert row["low"] <= row["held_out"] <= row["high"]
    frontier = tables.frontier.set_index("schedule")
    plan = lived.plans["ddm-2019-plan"]
    poor = found.objectives.poor
    assert frontier.loc["ddm-2019-plan", "wait_training"] == pytest.approx((poor * plan.start).sum() / poor.sum())
    for row in tables.waiting.to_dict("records"):
        more = np.array(lived.plans[row["schedule"]].start) - lived.plans[row["against"]].start
        assert row["poor_people_longer"] == round(poor[more > 0].sum()), "without limits, dates are what is waited for"
        assert row["most_months_longer"] == max(more.max(), 0)
    volume = tables.hypervolume.groupby("sample")["share_of_box"]
    assert (volume.diff().dropna() >= 0).all(), "more schedules never cover less"
    rival = found.rivals["ddm-2019-plan"]
    assert f"beside ddm-2019-plan: benefit {'+' if lived.mean(rival, HELD_OUT)[0] < lived.mean('ddm-2019-plan', HELD_OUT)[0] else ''}" in against(found, tables)[0]  # fmt: skip
    assert against(found, tables)[1].startswith("Nothing was found that is at least as good as all-at-once")


def test_a_chosen_schedule_is_read_by_the_model_as_it_was_run(found: Search, tables: Found, tmp_path: Path) -> None:
    from igrsim.places.geography import load_geography
    from igrsim.regimes.rollout import plan_rollout

    books = write_books(found, tables, tmp_path)
    name = found.chosen[0]
    for book in (books[0], books[0].with_suffix(".csv")):
        start = plan_rollout(str(book), found.geography, found.clock, load_geography()).start
        assert start == found.lived.plans[name].start


def test_under_means_the_forecast_waits_as_the_model_does(tmp_path: Path) -> None:
    study = searched_study("district-hub-core", scope="country", months=24, citizens=30, seed=7, workers=1,
                           specialists="60,400", money="2019/20=40,2020/21=600")  # fmt: skip
    objectives = objectives_of(study, None, "wait")
    lives = Lives(study, tmp_path, objectives.columns, ["poorest-first"], (2, 2))
    plan = lives.named[0]
    taken = lives.granted(np.array([plan.start]), np.array([plan.place]))
    assert taken.shape == (2, 1, 52)
    assert (taken >= np.array(plan.start)).all()
    assert (taken[:, 0] > np.array(plan.start)).any()
    assert (taken[0] != taken[1]).any(), "a post costs more in one future than in another"
    from igrsim.model import IGRModel

    cell = lives.cells(lives.arm, plan, TRAINING, 2)[1]
    model = IGRModel(cell.spec.scenario(), seed=cell.spec.seed, replication=cell.spec.world)
    assert [24 if m is None else m for m in model.rollout.start] == taken[1, 0].tolist()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--metric", "hours_per_ned"], "E110"),
        (["--metric", "meetings"], "E110"),
        (["--equity", "waits"], "E366"),
        (["--money", "lots"], "E335"),
        (["--specialists", "many"], "E336"),
        (["--budget", "9"], "E361"),
        (["--regime", "siloed"], "E363"),
    ],
)
def test_bad_input_is_one_line(options: list[str], code: str, tmp_path: Path) -> None:
    said = igrsim("rollout", "search", "all-at-once", "--scope", "pilots", "--out", tmp_path / "o", *options)
    no_traceback(said, 2)
    assert f"error {code}" in said.err


def test_without_the_optimiser_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(optimiser.importlib, "import_module", gone)
    said = igrsim("rollout", "search", "--scope", "pilots")
    no_traceback(said, 2)
    assert "pip install 'igrsim[search]'" in said.err


def test_a_schedule_is_to_be_beaten_once() -> None:
    study = searched_study("district-hub", scope="pilots", months=12, citizens=30, seed=1)
    with pytest.raises(InputError, match="E368"):
        design_of(study, ["all-at-once", "all-at-once"], 400)


def test_all_at_once_is_run_once(folder: Path, found: Search) -> None:
    for scope in ("pilots", "two-towns"):
        study = searched_study("district-hub-core", scope=scope, months=8, citizens=30, seed=7, workers=1)
        lives = Lives(study, folder, found.objectives.columns, NAMED, (2, 2))
        named, probe = lives.named[1], lives._at_once()
        assert [c.digest for c in lives.cells(lives.arm, named, TRAINING, 2)] == [
            c.digest for c in lives.cells(lives.arm, probe, TRAINING, 2)
        ]
