"""A lesson's decisions as one scenario: same limits, same worlds, the same decision the same numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.api import Bounds
from igrsim.app.classroom import EMPTY, Classroom, Room, lesson
from igrsim.app.classroom_replay import NOT_PLAYED, RULE, SCOPE, Replay, replay_of
from igrsim.app.classroom_routes import _replay
from igrsim.app.jobs import draw_comparison
from igrsim.app.scenario import read_link, scenario_of
from igrsim.kernel.errors import InputError
from igrsim.places.scopes import geography_of
from igrsim.runs.layout import lay_out
from igrsim.runs.runner import work_on
from igrsim.runs.store import Store
from igrsim.runs.study import make_study

MONEY = "duplicate_spend_share"
HUBS: dict[str, Any] = EMPTY | {"choice": "B", "a_year": 13, "order": "poorest-first"}
COUNTERS: dict[str, Any] = EMPTY | {"choice": "F"}


def _players(*proposals: dict[str, Any], outcome: str = MONEY) -> tuple[Replay, list[Any]]:
    found = replay_of(proposals, outcome)
    return found, list(found.players)


def test_the_province_played_is_that_of_the_slips() -> None:
    assert {each["code"] for each in lesson()["round_2"]["spaces"]} == set(geography_of(SCOPE).spaces.codes)


def test_dates_are_those_of_the_country_at_so_many_a_year() -> None:
    _, (_, table) = _players(HUBS)
    waits = {each["code"]: each["waits"]["poorest-first"] for each in lesson()["round_2"]["spaces"]}
    assert table.starts == {code: f"{2019 + years}-04" for code, years in waits.items()}


def test_what_a_table_takes_first_comes_before_all() -> None:
    late = "NMA"
    _, (_, as_ordered, moved) = _players(HUBS, HUBS | {"first": [late], "a_year": 1})
    assert as_ordered.starts[late] == "2021-04"
    assert moved.starts[late] == "2019-04"
    assert sorted(moved.starts.values())[1] > "2019-04"


def test_the_rule_keeps_the_same_limits_and_so_do_tables() -> None:
    two = lesson()["round_2"]
    most = min(two["by_rand"], two["by_hours"])
    _, (rule, beyond, within) = _players(HUBS | {"a_year": most + 1}, HUBS | {"a_year": most})
    assert rule.a_year == beyond.a_year == within.a_year == most
    assert beyond.arm == within.arm
    assert str(most + 1) in beyond.notes[0]
    assert within.notes == []


def test_who_decides_the_same_shares_an_arm_and_who_differs_does_not() -> None:
    found, (rule, *tables) = _players(HUBS, dict(HUBS), HUBS | {"first": ["NMA"]}, EMPTY | {"choice": "A"})
    assert [each.arm for each in tables] == ["table-1-table-2", "table-1-table-2", "table-3", "leave-as-is"]
    assert [arm.name for arm in found.scenario.arms] == ["leave-as-is", RULE, "table-1-table-2", "table-3"]
    again, (other, _) = _players(EMPTY | {"choice": rule.letter, "a_year": rule.a_year, "order": rule.order})
    assert other.arm == f"{RULE}-table-1"
    assert len(again.scenario.arms) == 2


def test_a_rule_that_leaves_things_as_they_are_is_no_arm_of_its_own() -> None:
    found, (rule, _) = _players(COUNTERS, outcome="cost_of_coordination")
    assert rule.letter == "A"
    assert rule.arm == "leave-as-is"
    assert found.beside_rule() is None


def test_more_tables_than_arms_are_said() -> None:
    tables = [HUBS | {"a_year": count} for count in range(2, 14)]
    found, players = _players(*tables)
    assert len(found.scenario.arms) == Bounds().arms == 8
    assert [player.arm is None for player in players].count(True) == len(tables) - 6
    assert all("Not played" in player.notes[-1] for player in players if player.arm is None)
    Bounds().check(found.scenario)


def test_every_proposal_is_the_arm_of_the_lessons_own_study() -> None:
    import tomllib

    study = tomllib.loads((Path(__file__).parents[2] / "docs" / "teaching" / "lesson.toml").read_text(encoding="utf-8"))
    whole = make_study({**study, "world": study["world"] | {"citizens": 300}})
    for one in lesson()["proposals"][1:]:
        found, (_, table) = _players(EMPTY | {"choice": one["letter"]})
        played = found.scenario.study()
        assert played.regime(table.arm).levers == whole.regime(one["arm"]).levers
        assert played.params(table.arm, {}) == whole.params(one["arm"], {})
        assert (played.arms[table.arm].rollout or played.regime(table.arm).rollout) == whole.regime(one["arm"]).rollout


def test_link_and_study_file_hold_it_without_a_file() -> None:
    scenario = replay_of([HUBS, COUNTERS], MONEY).scenario
    assert read_link(scenario.link()) == scenario
    assert scenario_of(scenario.study()) == scenario
    assert len(scenario.link()) < 2000


def test_what_cannot_be_played_is_refused_or_said() -> None:
    for proposals, outcome, code in (([HUBS], "trips", "E420"), ([HUBS], None, "E420"), ([EMPTY], MONEY, "E421"), ([EMPTY | {"choice": "A"}], "cost_of_coordination", "E422")):  # fmt: skip
        with pytest.raises(InputError, match=code):
            replay_of(proposals, outcome)
    closing = HUBS | {"closed": [i for i, forum in enumerate(lesson()["round_1"]["forums"]) if forum["may_close"]]}
    assert replay_of([closing], MONEY).scenario == replay_of([HUBS], MONEY).scenario
    assert "closed in round 1 are not played" in NOT_PLAYED[0]


def test_an_order_of_ones_own_and_dates_left_open_are_said() -> None:
    _, (_, own, open_, hubless) = _players(
        HUBS | {"order": "another", "first": ["BUF"]}, HUBS | {"a_year": None}, COUNTERS | {"a_year": 13}
    )
    assert own.starts["BUF"] == "2019-04"
    assert "order of its own" in own.notes[0]
    assert open_.starts == {}
    assert "planned in 2019" in open_.notes[0]
    assert "no hubs" in hubless.notes[0]


def test_seconds_grow_with_decisions_and_shrink_with_workers() -> None:
    few, many = replay_of([HUBS], MONEY), replay_of([HUBS | {"a_year": n} for n in range(2, 10)], MONEY)
    assert few.seconds(2) < many.seconds(2) < many.seconds(1)
    assert many.seconds(2) <= 90


def test_a_room_plays_its_own_tables_and_remembers_the_outcome() -> None:
    classroom = Classroom()
    room: Room = classroom.open(2, 90)
    room.propose(0, COUNTERS)
    found = _replay(classroom, {"outcome": MONEY, "proposals": [HUBS]})
    assert [player.letter for player in found.players[1:]] == ["F", None]
    assert room.played is None
    _replay(classroom, {"outcome": MONEY, "start": True})
    assert room.facilitator()["played"] == MONEY
    classroom.end()
    for typed in (None, [], [HUBS] * 99, [{"choice": "B"}]):
        with pytest.raises(InputError, match="E4"):
            _replay(classroom, {"outcome": MONEY, "proposals": typed})


def test_the_same_decision_means_the_same_numbers_whoever_else_plays(tmp_path: Path) -> None:
    """A table's difference from things left as they are, alone with them and among others, to the last digit."""
    among = replay_of([HUBS, dict(HUBS), COUNTERS], MONEY).scenario
    small = {"months": 16, "citizens": 50, "worlds": 2, "futures": 2, "scope": ("DC44",)}
    whole = among.model_copy(update=small)
    alone = whole.model_copy(update={"arms": (whole.arms[0], whole.arms[2].model_copy(update={"name": "hubs"}))})
    store = Store(tmp_path)
    for scenario in (whole, alone):
        for cell in lay_out(scenario.study()).cells:
            if not store.has(cell.digest):
                store.put(cell.digest, work_on(cell.spec, cell.digest)[0])
    pictures = [json.loads(draw_comparison(each.document(), str(tmp_path), "")[0][1]) for each in (whole, alone)]
    rows = [
        {row["metric"]: [row[key] for key in ("mean", "difference", "low", "high", "pairs")] for row in picture["effects"] if row["arm"] == arm}
        for picture, arm in zip(pictures, (whole.arms[2].name, "hubs"), strict=True)
    ]  # fmt: skip
    assert rows[0] == rows[1]
    assert any(math.isfinite(row[1] or 0.0) and row[1] for row in rows[0].values())
