"""Pictures of roll-outs: the same bytes each time, every space named, what never came shown as open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from igrsim import views
from igrsim.places.geography import load_geography
from igrsim.results import rollouts
from igrsim.results.results import Results
from igrsim.views.gantt_chart import gantt
from igrsim.views.hub_budget import hub_budget
from igrsim.views.plans_chart import Placed, PlanPlaced, plans_chart
from igrsim.views.rollout_maps import rollout_maps
from igrsim.views.specialist_load import specialist_load
from igrsim.views.style import Look
from made_up_rollout import write_rollouts
from made_up_study import SIX, write_study

PLANS = ("ddm-2019-plan", "all-at-once")
FIRST, LAST = 2019 * 12 + 3.0, 2021 * 12 + 2.0


@pytest.fixture(scope="module")
def rolled_out(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = write_study(tmp_path_factory.mktemp("rolled"), ("siloed", *PLANS), worlds=3)
    return Results(write_rollouts(folder, PLANS, apart=(1, 0), slips=(2, 18)))


@pytest.fixture(scope="module")
def reached(rolled_out: Results) -> pd.DataFrame:
    return rollouts.months_reached(rollouts.dated(rolled_out.milestones, "2021-03"))


def _names() -> dict[str, str]:
    spaces = load_geography().spaces
    return dict(zip(spaces.codes, spaces.names, strict=True))


def _words(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(match=lambda a: hasattr(a, "get_text")))


def _placed(at: float) -> PlanPlaced:
    return PlanPlaced("all-at-once", *(Placed(at, at - 1, at + 1) for _ in range(3)))


def test_same_bytes_each_time(rolled_out: Results, reached: pd.DataFrame, tmp_path: Path) -> None:
    work = rollouts.months_of_work(rolled_out.rollout)
    draw: dict[str, Callable[[], Figure]] = {
        "gantt": lambda: gantt(reached, PLANS[1], _names(), FIRST, LAST),
        "load": lambda: specialist_load(work, PLANS),
    }
    for name, picture in draw.items():
        for turn in ("first", "second"):
            views.save(picture(), tmp_path / turn, name)
        for ending in ("svg", "png"):
            first, second = ((tmp_path / turn / f"{name}.{ending}").read_bytes() for turn in ("first", "second"))
            assert first == second, name


@pytest.mark.parametrize("slide", [False, True])
def test_the_gantt_names_every_space_in_order_of_its_planned_start(reached: pd.DataFrame, slide: bool) -> None:
    figure = gantt(reached, PLANS[0], _names(), FIRST, LAST, slide)
    labels = [text.get_text() for ax in figure.axes for text in ax.get_yticklabels()]
    assert [text.rpartition("(")[2].rstrip(")") for text in labels] == list(SIX)
    assert "hub has its posts" in _words(figure) or figure.legends


def test_what_was_never_reached_stays_open_to_the_end(reached: pd.DataFrame) -> None:
    never = reached.assign(**dict.fromkeys(("p10", "median", "p90"), np.nan))
    figure = gantt(never, PLANS[0], _names(), FIRST, LAST)
    # only outlines and the crossed boxes of waiting: no stage is filled
    fills = {patch.get_facecolor() for patch in figure.axes[0].patches}
    assert {fill[:3] for fill in fills if fill[3] > 0} == {(1.0, 1.0, 1.0)}
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert {patch.get_x() + patch.get_width() for patch in hatched} == {LAST + 1}  # type: ignore[attr-defined]


def test_a_space_without_dates_is_said_to_be_left_out(reached: pd.DataFrame) -> None:
    left_out = reached.copy()
    left_out.loc[left_out["space"] == "DC6", ["planned", "p10", "median", "p90"]] = np.nan
    assert "not in this plan" in _words(gantt(left_out, PLANS[0], _names(), FIRST, LAST))


def test_maps_count_what_they_show_and_stop_when_nothing_changes(reached: pd.DataFrame) -> None:
    figure = rollout_maps(reached, PLANS[0], SIX, FIRST, LAST)
    words = _words(figure)
    assert "6 taken in\n6 with a plan" in words
    assert words.count("6 taken in\n6 with a plan") == 1
    assert "no map of an invented world" in _words(rollout_maps(reached, PLANS[0], ["X1"], FIRST, LAST))


def test_the_limit_is_drawn_where_there_is_one(rolled_out: Results) -> None:
    money = rollouts.money_by_year(rolled_out.rollout)
    limited, free = (hub_budget(table, PLANS[:1]) for table in (money, money.assign(limit=np.nan)))
    thick = [[line for line in figure.axes[0].lines if line.get_linewidth() == 4] for figure in (limited, free)]
    assert [len(lines) for lines in thick] == [2, 0]
    assert {line.get_ydata()[0] for line in thick[0]} == set(money[money["arm"] == PLANS[0]]["limit"])  # type: ignore[index]
    assert "no limit was set" in _words(free)
    # limits of the whole country beside a part of it
    part = hub_budget(money.assign(limit=np.nan), PLANS[:1], whole=False)
    assert "no limit was set" not in _words(part)


def test_spaces_that_wait_have_a_panel_only_where_some_do(rolled_out: Results) -> None:
    work = rollouts.months_of_work(rolled_out.rollout)
    assert len(specialist_load(work, PLANS).axes) == 4
    assert len(specialist_load(work.assign(spaces_waiting=0.0), PLANS).axes) == 2


def test_plans_without_a_cost_have_no_panel_of_it() -> None:
    look = {"all-at-once": Look("#000000", "-", "o")}
    assert len(plans_chart([_placed(1.0)], look, "gain", "cost", "fair").axes) == 2
    none = PlanPlaced("all-at-once", Placed(1, 0, 2), Placed(*[float("nan")] * 3), Placed(1, 0, 2))
    figure = plans_chart([none], look, "gain", "cost", "fair")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Gain and fairness"]
