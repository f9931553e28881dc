"""Requests for information: what falls due, what is answered, what is asked again."""

from __future__ import annotations

import pytest

from igrsim.kernel.params import ParamSet
from igrsim.phases.request import Reporting, _due, asked_in, request
from igrsim.places.institutions import load_institutions
from igrsim.runs.validation.known_answers import equal_askers
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model, staff_hubs
from igrsim.world.world import World


def asked(world: World, months: int = 12) -> dict[str, int]:
    total: dict[str, int] = {}
    for month in range(months):
        begin(world, month)
        request(world)
        for name, values in world.now.by_municipality.items():
            total[name] = total.get(name, 0) + int(values.sum())
    return total


@pytest.mark.parametrize("month", range(1, 13))
def test_each_indicator_is_made_once_a_month(month: int) -> None:
    institutions = load_institutions()
    due = _due(asked_in(institutions, month, ParamSet()[Reporting]), len(institutions.departments))
    falling = {i.code for i in institutions.indicators if month in i.due}
    wanted = [r for r in institutions.requests if r.indicator in falling]
    assert due.asks.sum() == len(wanted)
    assert due.repeats.sum() == len(wanted) - len({r.indicator for r in wanted})
    assert (due.pooled <= due.repeats).all()
    hours = {i.code: i.hours for i in institutions.indicators}
    assert due.first.sum() == sum(round(60 * hours[c]) for c in {r.indicator for r in wanted})


def test_more_askers_take_more_minutes_but_less_than_in_proportion() -> None:
    minutes = []
    for m in (1, 2, 4):
        world = small_model().world
        world.institutions = equal_askers(m, 6)
        for town in world.municipalities:
            town.data_quality, town.condition = 1.0, 1.0
        minutes.append(asked(world)["report_minutes"])
    assert minutes[0] < minutes[1] < minutes[2] < 4 * minutes[0]
    assert minutes[1] / minutes[0] == pytest.approx(1.25, abs=0.01)


def test_bad_data_are_asked_for_again() -> None:
    found = []
    for quality in (1.0, 0.3):
        world = small_model().world
        for town in world.municipalities:
            town.data_quality = quality
        found.append(asked(world)["asks"])
    assert found[0] < found[1]


def test_a_weak_municipality_leaves_requests_unanswered() -> None:
    found = []
    for condition in (1.0, 0.2):
        world = small_model().world
        for town in world.municipalities:
            town.condition = town.data_quality = condition
            town.minutes = 10**7
        believe(world, Reporting, asks_again=0.0)
        found.append(asked(world))
    assert found[0]["dropped"] == 0
    assert found[1]["dropped"] > 0
    assert found[1]["report_minutes"] < found[0]["report_minutes"]


def test_one_channel_calls_no_meetings_and_asks_less() -> None:
    results = []
    for retired in (0.0, 1.0):
        world = small_model().world
        decree(world, channels_retired=retired)
        staff_hubs(world)
        believe(world, Reporting, calls_meeting=1.0)
        found = asked(world)
        results.append((found["asks"], found["report_minutes"], sum(f.called for f in world.ad_hoc.values())))
    (asks, minutes, called), (fewer, less, none) = results
    assert fewer < asks
    assert less < minutes
    assert called > none == 0
    assert int(world.totals["pooled requests 0"]) > 0


def test_a_profile_burdens_the_municipalities_of_its_space() -> None:
    model = small_model("district-hub-core", rollout="all-at-once")
    begin(model.world, 0)
    plain = asked(model.world, 1)["report_minutes"]
    begin(model.world, 0)
    model.world.now.by_municipality["profile_minutes"][:] = 60
    request(model.world)
    burdened = int(model.world.now.by_municipality["report_minutes"].sum())
    assert burdened == plain + 60 * len(model.world.municipalities)
