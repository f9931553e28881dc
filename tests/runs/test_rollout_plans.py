"""A plan that is weighed before it is run comes to what the model makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.model import IGRModel, Scenario
from igrsim.regimes.limits import read_limits
from igrsim.runs.catalogue import catalogue
from igrsim.runs.rollout_plans import CLOCK, means_of, named_plans

MONEY = {"2019/20": 200.0, "2021/22": 400.0}


@pytest.mark.fast
def test_every_named_plan_has_every_space_in_its_queue() -> None:
    plans = named_plans()
    assert set(plans) == {row["name"] for row in catalogue()["rollouts"]}
    for title, stages, starts in plans.values():
        assert title
        assert stages
        assert len(dict(starts)) == len(starts) == 52
        assert [month for _, month in starts] == sorted(month for _, month in starts)


@pytest.mark.fast
def test_money_and_specialists_decide_as_in_the_model(tmp_path: Path) -> None:
    # the poorest wait: the queue is the plan's own, not the model's list of spaces
    starts = dict(named_plans()["strongest-first"][2])
    table = tmp_path / "plan.csv"
    table.write_text("space,start\n" + "".join(f"{code},{month}-01\n" for code, month in starts.items()))
    limits = read_limits(MONEY, {"pool": 300, "trained": 40})
    model = IGRModel(
        Scenario(scope=["DC15"], regime="district-hub", rollout=str(table), months=60, citizens=100, limits=limits)
    )
    lived = {code: None if month is None else CLOCK.label(month) for code, month in model.granted.start.items()}
    means = means_of(starts, money=MONEY, specialists=(300, 40))
    assert means.taken == lived
    late = [code for code, month in lived.items() if month is not None and month > starts[code]]
    assert late
    assert None in lived.values()
    assert means.never.startswith("572 posts in 52 spaces")
    assert means.running[-1] == sum(month is not None for month in lived.values()) < means.due[-1] == 52
    assert all(
        limit is not None and posts <= limit + 1e-6 for posts, limit in zip(means.posts, means.limit, strict=True)
    )


@pytest.mark.fast
def test_without_limits_nobody_waits_and_who_is_left_out_gets_none() -> None:
    means = means_of({"DC15": "2020-01", "ETH": "2019-04"})
    assert means.taken == {"DC15": "2020-01", "ETH": "2019-04"}
    assert (means.due[0], means.due[8], means.due[9]) == (1, 1, 2)
    assert means.running == means.due
    assert set(means.limit) == {None}
    assert means.rand_million[-1] == pytest.approx(22 * 68_000 / 1e6)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("starts", "words"),
    [({"DC51": "2019-04"}, "unknown space 'DC51'"), ({"DC15": "2029-04"}, "no month from 2019-04 to 2024-03"), ({"DC15": "soon"}, "'soon'")],
)  # fmt: skip
def test_what_is_no_plan_is_refused(starts: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        means_of(starts)
