"""A roll-out in a study: who waits lives as in silos, milestones, means, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from igrsim.kernel.errors import InputError
from igrsim.model import IGRModel, Scenario
from igrsim.regimes.limits import read_limits
from igrsim.regimes.schedule import MILESTONES
from igrsim.results.results import Results
from igrsim.runs.layout import lay_out
from igrsim.runs.session import run_study
from igrsim.runs.study import Study, make_study

A_HUB = 11 * 68_000 * 12 / 1e6
"""Million rand a year, at the default cost of a post."""
LATE, MONTHS = 18, 24


def study(hub: Mapping[str, Any], scope: object = "pilots") -> Study:
    return make_study(
        {
            "title": "waves",
            "world": {"scope": scope, "months": MONTHS, "citizens": 300, "start": "2019-04-01"},
            "arms": {"siloed": {"regime": "siloed", "reference": True}, "hub": {"regime": "district-hub", **hub}},
            "futures": {"method": "none"},
            "replication": {"worlds": 1, "seed": 7},
            "analysis": {"audit": False},
            "runtime": {"workers": 1, "executor": "inline"},
        }
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("waves")
    plan = out / "plan.csv"
    plan.write_text("space,start\nDC15,2019-04\nDC36,2019-10\nETH,2020-10\n", encoding="utf-8")
    money = {"2019/20": 1.01 * A_HUB, "2020/21": 3.01 * A_HUB}
    return run_study(study({"rollout": str(plan), "money": money}), out / "results").results


def test_a_space_that_waits_lives_as_in_silos(results: Results) -> None:
    counts = pd.read_parquet(results.folder / "counts.parquet")
    hub, silos = (counts[counts.arm == arm].drop(columns=["cell", "arm"]) for arm in ("hub", "siloed"))
    waits = (hub.space == "DC36").to_numpy() & (hub.month < "2020-04").to_numpy()
    # what is counted in the space's own name; the country's forums are another matter
    own = [name for name in counts if name.startswith(("need", "trips", "duplicate"))]
    assert own
    assert (hub[own].to_numpy()[waits] == silos[own].to_numpy()[waits]).all()


def test_milestones_say_who_waited(results: Results) -> None:
    found = results.milestones
    assert list(found.columns) == [
        "cell",
        "arm",
        "future",
        "world",
        "space",
        "milestone",
        "planned",
        "reached",
        "months_late",
    ]
    assert set(found.arm) == {"hub"}
    assert list(found.milestone[:7]) == list(MILESTONES)
    taken = found[found.milestone == "taken in"].set_index("space")
    assert taken.reached.to_dict() == {"DC15": "2019-04", "DC36": "2020-04", "ETH": "2020-10"}
    assert taken.planned["DC36"] == "2019-10"
    assert taken.months_late.to_dict() == {"DC15": 0, "DC36": 6, "ETH": 0}
    steps = found[found.space == "DC15"].set_index("milestone").reached
    way = [steps[stage] for stage in ("taken in", "consultation", "profile", "launch", "skills gap")]
    assert way == sorted(way)
    never = found[found.reached.isna()]
    assert never.months_late.isna().all()
    assert len(never)


def test_means_are_told_by_month(results: Results) -> None:
    found = results.rollout
    assert len(found) == MONTHS
    assert (found.spaces_due == found.spaces_running + found.spaces_waiting).all()
    assert found.spaces_waiting.tolist()[5:13] == [0, 1, 1, 1, 1, 1, 1, 0]
    assert (found.posts_filled <= found.posts_wanted + 1e-9).all()
    assert (found.hours_used <= found.hours_available + 1).all()
    assert found.hours_used.sum() > 0
    # money is the country's: beside a part of it a limit would mislead
    assert found.rand_million_limit.isna().all()
    ledger = results.ledger
    posts = ledger[ledger.account == "hub posts"].groupby("month").rand.sum()
    assert np.allclose(posts / 1e6, found.set_index("month").rand_million[posts.index], atol=1e-6)


def test_a_study_without_hubs_has_neither_table(results: Results) -> None:
    assert "siloed" not in set(results.milestones.arm) | set(results.rollout.arm)
    counted = IGRModel(Scenario(scope="two-towns", months=1, citizens=100))
    assert set(counted.granted.manned) == {1.0}


@pytest.mark.fast
def test_the_country_waits_and_its_part_with_it() -> None:
    limits = read_limits(20.01 * A_HUB, None)
    whole = {"regime": "district-hub", "rollout": "poorest-first", "months": 36, "citizens": 100, "limits": limits}
    part = IGRModel(Scenario(scope=["DC44", "DC7"], **whole))
    poorest, rich = part.world.geography.spaces.index["DC44"], part.world.geography.spaces.index["DC7"]
    assert part.rollout.start[poorest] == 0
    assert part.rollout.start[rich] is None
    assert part.due.start[rich] is not None


@pytest.mark.fast
@pytest.mark.parametrize(
    ("hub", "words"),
    [
        ({"money": 2 * A_HUB}, "arm 'hub', roll-out 'ddm-2019-plan': 572 posts in 52 spaces cost R467 million a year"),
        ({"specialists": 100}, "need as many specialists; the pool has 100"),
        ({"rollout": "poorest-frst"}, "did you mean 'poorest-first'"),
    ],
)
def test_what_can_never_be_carried_out_is_refused(hub: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        lay_out(study(hub))


@pytest.mark.fast
def test_fewer_posts_need_less() -> None:
    lay_out(study({"specialists": 104, "set": {"district-hub.posts": 2}}))


@pytest.mark.fast
def test_wrong_limits_are_refused_where_they_stand() -> None:
    for key, given, words in (
        ("money", {"2019/22": 3}, "financial year"),
        ("money", -1, "no number from 0"),
        ("specialists", {"trayned": 3}, "did you mean 'trained'"),
    ):
        with pytest.raises(InputError, match=words):
            study({key: given})
