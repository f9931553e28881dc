"""A room of the lesson: who comes in, what is bet and when, what is within hours and rand, and that nothing is given away or kept."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient

from igrsim.app.classroom import (
    CODE_LETTERS,
    EMPTY,
    SEATS,
    WRONG_CODES,
    Classroom,
    Room,
    Seat,
    bets_of,
    for_seats,
    lesson,
    points,
    read_proposal,
    weigh,
)
from igrsim.app.classroom_routes import classroom_routes, join_page
from igrsim.app.export import start
from igrsim.app.server import _in_one_line, _refused
from igrsim.kernel.errors import InputError

LESSON = lesson()
ALL_BETS = {str(i): 70 for i in bets_of(90)}


class _Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> _Watch:
    return _Watch()


@pytest.fixture
def room(watch: _Watch) -> Room:
    """Three tables, ninety minutes."""
    return Classroom(watch).open(3, 90)


# --- seats, cards, codes --------------------------------------------------------------------------------------------------


def test_cards_are_dealt_in_order_at_every_table_and_shared_beyond_the_last(room: Room) -> None:
    cards = [room.join(0, "").card for _ in range(14)]
    assert cards == [*range(len(LESSON["cards"])), 0, 1]
    assert room.join(1, "").card == 0


def test_who_joins_again_keeps_the_seat_and_cannot_bet_twice(room: Room) -> None:
    classroom = Classroom()
    classroom.room = room
    token, seat = classroom.enter(room.code.lower(), 0, "", None)
    again, same = classroom.enter(room.code, 1, " a \n nickname " + "x" * 99, token)
    assert (again, same, len(room.seats)) == (token, seat, 1)
    assert (seat.table, seat.card) == (1, 0)
    assert seat.nickname == ("a nickname " + "x" * 99)[:24]
    room.turn("open")
    room.place(seat, ALL_BETS)
    with pytest.raises(InputError, match="E414"):
        classroom.enter(room.code, 2, "", token)


def test_a_room_is_full_at_last(room: Room) -> None:
    for _ in range(SEATS):
        room.join(0, "")
    with pytest.raises(InputError, match="E412"):
        room.join(0, "")


@pytest.mark.parametrize("table", [-1, 3])
def test_a_table_that_is_not_there_has_no_seat(room: Room, table: int) -> None:
    with pytest.raises(InputError, match="1 to 3"):
        room.join(table, "")


def test_codes_cannot_be_tried_one_after_another(watch: _Watch) -> None:
    classroom = Classroom(watch)
    right = classroom.open(1, 90).code
    assert len(right) == CODE_LETTERS
    for _ in range(WRONG_CODES):
        with pytest.raises(InputError, match="not the room's code"):
            classroom.enter("AAAAA", 0, "", None)
    with pytest.raises(InputError, match="wait a minute"):
        classroom.enter(right, 0, "", None)
    watch.seconds = 61.0
    classroom.enter(right, 0, "", None)


@pytest.mark.parametrize(("tables", "length"), [(0, 90), (99, 90), (True, 90), (3, 45), (3, "90"), (None, None)])
def test_a_room_that_cannot_be_is_not_opened(tables: Any, length: Any) -> None:
    with pytest.raises(InputError, match="E410"):
        Classroom().open(tables, length)


# --- bets -----------------------------------------------------------------------------------------------------------------


def test_bets_are_placed_only_while_they_are_open(room: Room) -> None:
    seat = room.join(0, "")
    with pytest.raises(InputError, match="not open"):
        room.place(seat, ALL_BETS)
    room.turn("open")
    room.place(seat, ALL_BETS)
    room.place(seat, ALL_BETS | {"0": 10})
    room.turn("over")
    with pytest.raises(InputError, match="over"):
        room.place(seat, ALL_BETS)
    assert room.facilitator()["counts"][0] == [1, 0, 0, 0, 0]


def test_nothing_is_bet_once_something_was_shown(room: Room) -> None:
    room.turn("open")
    room.show(1)
    with pytest.raises(InputError, match="E413"):
        room.turn("open")
    with pytest.raises(InputError, match="E413"):
        room.place(room.join(0, ""), ALL_BETS)
    with pytest.raises(InputError, match="E413"):
        room.propose(0, EMPTY)
    room.show(0)
    assert room.shown == 1


@pytest.mark.parametrize(
    "given", [None, [], {}, {"0": 70}, ALL_BETS | {"9": 70}, ALL_BETS | {"0": 69}, ALL_BETS | {"0": "70"}, ALL_BETS | {"0": 70.0}]
)  # fmt: skip
def test_a_bet_is_a_chance_for_every_statement(room: Room, given: Any) -> None:
    room.turn("open")
    with pytest.raises(InputError, match="E414"):
        room.place(room.join(0, ""), given)


def test_a_seat_is_told_only_what_was_revealed_and_only_its_own_bets(room: Room) -> None:
    mine, other = room.join(0, "", None), room.join(0, "other")
    room.turn("open")
    room.place(mine, ALL_BETS)
    room.place(other, ALL_BETS | {"0": 10})
    assert room.facilitator()["counts"] is None
    before = room.seat_view(mine)
    assert before["shown"] == []
    assert before["mine"][0] == 70
    assert '"true"' not in json.dumps(before)
    room.show(2)
    after = room.seat_view(mine)
    assert [each["bet"] for each in after["shown"]] == [0, 1]
    assert [each["points"] for each in after["shown"]] == [points(70, LESSON["bets"][i]["true"]) for i in (0, 1)]
    assert room.facilitator()["counts"][0] == [1, 0, 0, 1, 0]


def test_an_hour_leaves_out_the_bet_of_round_two() -> None:
    assert bets_of(90) == list(range(len(LESSON["bets"])))
    assert [i for i in bets_of(90) if i not in bets_of(60)] == [6]


def test_what_seats_may_read_gives_no_answer_away() -> None:
    text = json.dumps(for_seats())
    assert '"true"' not in text
    assert '"merged"' not in text
    assert '"by_rand"' not in text
    for bet in LESSON["bets"]:
        assert bet["why"] not in text
        assert all(answer not in text for answer in bet["answers"])
    for outcome in LESSON["outcomes"]:
        assert all(said["interval"] not in text for said in outcome["by"].values() if said["change"] != "0")


# --- proposals within hours and rand --------------------------------------------------------------------------------------


def test_a_proposal_is_weighed_by_the_lessons_own_limits() -> None:
    one, two = LESSON["round_1"], LESSON["round_2"]
    closing = [i for i, forum in enumerate(one["forums"]) if forum["may_close"]]
    found = weigh(EMPTY | {"closed": closing, "a_year": 13})
    assert found["freed"] == sum(one["forums"][i]["hours"] for i in closing)
    assert (found["within_forums"], found["within_rand"], found["within_hours"]) == (True, True, True)
    assert found["years"] == 4
    assert found["rand"] == pytest.approx(two["purse_rand_million"])
    beyond = weigh(EMPTY | {"closed": closing[:1], "a_year": 14})
    assert beyond["short"] == pytest.approx(one["to_free"] - one["forums"][closing[0]]["hours"])
    assert (beyond["within_forums"], beyond["within_rand"], beyond["within_hours"]) == (False, False, True)
    assert weigh(EMPTY | {"a_year": 23})["within_hours"] is False
    # the limits are the prices: nothing else was written into the lesson
    assert two["by_hours"] == math.floor(two["specialist_hours"] / two["taking_in_hours"])
    assert two["by_rand"] == math.floor(two["purse_rand_million"] / two["hub_rand_million"] + 1e-9)


@pytest.mark.parametrize(
    "change",
    [
        {"closed": [0]},
        {"closed": [True]},
        {"closed": [10, 10]},
        {"closed": "10"},
        {"a_year": 0},
        {"a_year": 53},
        {"a_year": True},
        {"a_year": 1.0},
        {"order": "<b>"},
        {"order": ["poorest-first"]},
        {"first": ["DC10", "DC12", "DC13", "DC14"]},
        {"first": ["JHB"]},
        {"choice": "G"},
        {"note": "x"},
    ],
)
def test_a_proposal_says_only_what_the_sheets_offer(change: dict[str, Any]) -> None:
    assert not LESSON["round_1"]["forums"][0]["may_close"]
    with pytest.raises(InputError, match="E415"):
        read_proposal(EMPTY | change)


def test_a_table_shares_one_proposal(room: Room) -> None:
    first, second, elsewhere = room.join(0, ""), room.join(0, ""), room.join(1, "")
    room.propose(first.table, EMPTY | {"choice": "D"})
    assert room.seat_view(second)["proposal"]["choice"] == "D"
    assert room.seat_view(elsewhere)["proposal"] == EMPTY


# --- the clock ------------------------------------------------------------------------------------------------------------


def test_the_clock_runs_waits_and_overruns(room: Room, watch: _Watch) -> None:
    room.clock(5, 60.0, True)
    watch.seconds = 90.0
    assert room.seconds_left() == -30.0
    room.clock(5, room.seconds_left(), False)
    watch.seconds = 900.0
    assert room.seconds_left() == -30.0


# --- over the wire --------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[TestClient]:
    """The routes alone; whoever says so in a header is the facilitator."""

    def check(request: Request) -> None:
        if request.headers.get("x-facilitator") != "yes":
            raise HTTPException(401, "the facilitator's PIN is needed")

    async def body(request: Request) -> bytes:
        return await request.body()

    app = Starlette(
        routes=classroom_routes(Classroom(), check, body, ["http://192.0.2.1:8420"]),
        exception_handlers={InputError: _in_one_line, HTTPException: _refused},
    )
    with TestClient(app) as client:
        yield client


FACILITATOR = {"x-facilitator": "yes"}


def _do(server: TestClient, **asked: Any) -> Any:
    return server.post("/api/room", json=asked, headers=FACILITATOR).json()


def test_a_room_is_played_from_opening_to_end(server: TestClient) -> None:
    assert server.get("/api/room", headers=FACILITATOR).json()["open"] is False
    code = _do(server, do="open", tables=2, length=90)["code"]
    assert "error" in server.get("/api/seat").json()
    joined = server.post("/api/join", json={"code": code, "table": 1, "nickname": "<i>"})
    assert joined.json()["nickname"] == "<i>"
    cookie = joined.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie
    assert server.post("/api/seat/bets", json={"bets": ALL_BETS}).status_code == 422
    _do(server, do="bets", bets="open")
    assert server.post("/api/seat/bets", json={"bets": ALL_BETS}).status_code == 200
    assert server.post("/api/seat/proposal", json={"proposal": EMPTY | {"choice": "F"}}).json()["proposal"]["choice"] == "F"  # fmt: skip
    _do(server, do="show", shown=1)
    assert len(server.get("/api/seat").json()["shown"]) == 1
    _do(server, do="end")
    assert "error" in server.get("/api/seat").json()
    assert server.post("/api/seat/bets", json={"bets": ALL_BETS}).status_code == 422


def test_sheets_typed_in_come_along_and_one_of_a_table_without_a_phone_is_typed_in(server: TestClient) -> None:
    opened = _do(server, do="open", tables=2, length=90, proposals=[EMPTY | {"choice": "B"}])
    assert [each["choice"] for each in opened["proposals"]] == ["B", None]
    typed = _do(server, do="propose", table=1, proposal=EMPTY | {"choice": "F"})
    assert [each["choice"] for each in typed["proposals"]] == ["B", "F"]
    assert "E411" in _do(server, do="propose", table=2, proposal=EMPTY)["error"]
    assert "E420" in server.post("/api/room/replay", json={"outcome": "x"}, headers=FACILITATOR).json()["error"]
    assert server.post("/api/room/replay", json={}).status_code == 401
    _do(server, do="show", shown=1)
    assert "E413" in _do(server, do="propose", table=0, proposal=EMPTY)["error"]


def test_the_room_is_the_facilitators_alone(server: TestClient) -> None:
    assert server.get("/api/room").status_code == 401
    assert server.post("/api/room", json={"do": "open", "tables": 1, "length": 90}).status_code == 401


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"do": "dance"},
        {"do": "bets", "bets": "shut"},
        {"do": "show", "shown": True},
        {"do": "clock", "step": 99, "left": 1, "running": True},
        {"do": "clock", "step": 1, "left": 1e9, "running": True},
        {"do": "clock", "step": 1, "left": 1, "running": "yes"},
    ],
)
def test_what_a_facilitator_cannot_do_is_refused(server: TestClient, asked: dict[str, Any]) -> None:
    server.post("/api/room", json={"do": "open", "tables": 1, "length": 90}, headers=FACILITATOR)
    answer = server.post("/api/room", json=asked, headers=FACILITATOR)
    assert answer.status_code == 422
    assert "E410" in answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 60_000])
def test_a_body_that_is_no_table_is_refused(server: TestClient, body: bytes) -> None:
    answer = server.post("/api/join", content=body)
    assert answer.status_code == 422
    assert "E41" in answer.json()["error"]


def test_nothing_of_a_room_is_written(server: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = server.post("/api/room", json={"do": "open", "tables": 1, "length": 90}, headers=FACILITATOR).json()["code"]
    server.post("/api/join", json={"code": code, "table": 0, "nickname": "somebody"})
    assert list(tmp_path.iterdir()) == []


def test_the_participants_page_is_small_and_runs_nothing_foreign() -> None:
    html, policy = join_page()
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert len(html.encode()) < 100_000
    assert "vegaEmbed" not in html


def test_the_page_carries_the_lesson_live_and_in_a_file() -> None:
    assert start([], live=False)["lesson"] == LESSON


def test_seats_are_hard_to_guess(room: Room) -> None:
    room.join(0, "")
    assert all(len(token) >= 24 for token in room.seats)
    assert isinstance(next(iter(room.seats.values())), Seat)
