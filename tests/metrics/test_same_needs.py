"""The same need in two arms: which needs are compared, what they took, and that the kernel's memory adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from igrsim.citizens import lives
from igrsim.citizens.lives import SPENT
from igrsim.citizens.resolved import RESOLVED_COLUMNS, resolved_now, resolved_table
from igrsim.citizens.terms import ABANDONED, CENTS, METRES, MINUTES, RESOLVED, TRIPS
from igrsim.citizens.terms import MONTHS as WAITED
from igrsim.metrics._base import metrics
from igrsim.metrics.same_needs import NEEDS_IN_BOTH, in_both
from igrsim.phases.travel import travel
from igrsim.results.effects import effects_table
from igrsim.results.results import Results
from igrsim.world.world import World
from small_study import STUDY, igrsim, without_report, write


def needs(*rows: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=RESOLVED_COLUMNS, dtype=np.int32)


def test_only_needs_resolved_in_both_are_compared() -> None:
    mine = needs((1, 0, 3, 4, 1, 1000, 60, 200), (1, 0, 9, 9, 5, 5, 5, 5), (2, 1, 3, 3, 2, 500, 30, 0))
    base = needs((2, 1, 3, 8, 4, 900, 90, 100), (1, 0, 3, 3, 3, 3000, 180, 600), (7, 2, 0, 0, 9, 9, 9, 9))
    counted, against = in_both(mine, base)
    assert counted == {
        NEEDS_IN_BOTH: 2, "trips_in_both": 3, "metres_in_both": 1500, "minutes_in_both": 90, "cents_in_both": 200,
    }  # fmt: skip
    assert against == {
        NEEDS_IN_BOTH: 2, "trips_in_both": 7, "metres_in_both": 3900, "minutes_in_both": 270, "cents_in_both": 700,
    }  # fmt: skip
    value = {name: metrics[name].value({k: np.array([v]) for k, v in counted.items()})[0] for name in metrics
             if metrics[name].level == "pair"}  # fmt: skip
    assert value == {
        "trips_per_need_both": 1.5,
        "km_per_need_both": 0.75,
        "hours_per_need_both": 0.75,
        "rand_per_need_both": 1.0,
    }


def test_nothing_in_common_is_undefined() -> None:
    counted, _ = in_both(needs((1, 0, 3, 4, 1, 1, 1, 1)), needs())
    assert np.isnan(metrics["trips_per_need_both"].value({k: np.array([v]) for k, v in counted.items()}))


def lived(world: World, months: int) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Needs resolved over some months, and all that was counted of documentary needs."""
    found, total = [], np.zeros(world.people.tally.shape[1:], np.int64)
    for month in range(months):
        world.month = month
        travel(world)
        found.append(resolved_now(world.people.citizens, world.people.book, month))
        total += world.people.tally.sum(axis=0)
    return resolved_table(found), total[np.array(world.catalogue.documentary)]


def test_needs_resolved_are_those_counted(make_world: Any) -> None:
    world = make_world(4_000)
    found, total = lived(world, 24)
    np.testing.assert_array_equal(np.bincount(found["need"], minlength=len(total)), total[:, RESOLVED])
    waited = np.bincount(found["need"], found["resolved"] - found["arisen"], len(total))
    np.testing.assert_array_equal(waited, total[:, WAITED])
    assert not found.duplicated(["citizen", "need", "arisen"]).any()
    # what resolved needs cost is part of all that needs cost
    for what, column in zip(SPENT, (TRIPS, METRES, MINUTES, CENTS), strict=True):
        assert 0 < found[what].sum() < total[:, column].sum()


def test_where_no_need_is_given_up_or_left_all_cost_is_of_resolved_needs(make_world: Any) -> None:
    world = make_world(
        1_500, access__give_up=0.03, access__missing_papers=0.1, access__lag_identity=0, access__lag_medical=0
    )
    people = world.people
    people.conduct = people.conduct._replace(
        give_up=0.0, give_up_waiting=0.0, going=50.0, outings=4, lags=np.zeros(3, np.int64)
    )
    world.points.offline[:] = 0.0
    found, total = lived(world, 18)
    assert total[:, ABANDONED].sum() == 0
    # and those still open at the end
    open_now = (people.citizens.lives.routes[:, None] >> np.arange(people.book.first_recurring)) & 1
    who, route = np.nonzero(open_now)
    still = people.citizens.lives.spent[who, people.book.route_need[route]].sum(axis=0)
    for k, column in enumerate((TRIPS, METRES, MINUTES, CENTS)):
        assert found[SPENT[k]].sum() + still[k] == total[:, column].sum()


def test_above_a_million_people_nothing_is_remembered(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, total = lived(make_world(500), 6)
    monkeypatch.setattr(lives, "REMEMBERED", 499)
    found, same = lived(make_world(500), 6)
    assert len(plain) > 0
    assert len(found) == 0
    assert list(found.columns) == RESOLVED_COLUMNS
    np.testing.assert_array_equal(total, same)


def test_the_reference_s_value_may_hang_on_the_arm() -> None:
    runs = pd.DataFrame(
        [("base", 0, w, 10.0, np.nan) for w in range(3)] + [("arm", 0, w, 9.0, 2.0) for w in range(3)],
        columns=["arm", "future", "world", "plain", "paired"],
    )
    about = pd.DataFrame([{"name": n, "unit": "x", "better": "lower"} for n in ("plain", "paired")])
    against = pd.DataFrame({"arm": "arm", "future": 0, "world": [0, 1, 2], "paired": [3.0, 5.0, 4.0]})
    found = effects_table(runs, about, "base", ["base", "arm"], against).set_index("metric")
    assert found.loc["plain", "difference"] == -1.0
    assert found.loc["paired", "difference"] == -2.0
    assert found.loc["paired", "pairs"] == 3


def test_a_study_tells_of_the_same_needs(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    calm = '[arms.calm]\nregime = "siloed"\nset = { "access.missing_papers" = 0.1 }\n[futures]'
    text = (
        STUDY.replace("citizens = 60", "citizens = 3000").replace("months = 3", "months = 9").replace("[futures]", calm)
    )
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    results = Results(said.folder)
    effects = results.effects().set_index(["arm", "metric"])
    pairs = pd.read_parquet(said.folder / "pairs.parquet")
    for name in ("trips_per_need_both", "km_per_need_both", "hours_per_need_both", "rand_per_need_both"):
        # hubs that move no counter change nobody's way
        assert effects.loc[("hub", name), "verdict"] == "exactly no difference"
        mine = pairs[pairs["arm"] == "calm"]
        assert effects.loc[("calm", name), "difference"] == pytest.approx(
            (mine[name] - mine[f"{name}_reference"]).mean()
        )
        assert effects.loc[("calm", name), "difference"] < 0
        assert results.monthly[name].isna().all()
    assert (pairs["needs_in_both"] > 0).all()
    # the reference beside itself: all that it resolved
    alone = pairs[pairs["arm"] == "siloed"].set_index("world")
    assert (alone["trips_per_need_both"] == alone["trips_per_need_both_reference"]).all()
    assert (alone["needs_in_both"] >= pairs[pairs["arm"] == "calm"].set_index("world")["needs_in_both"]).all()
    assert results.runs["trips_per_need_both"].tolist() == pairs["trips_per_need_both"].tolist()
