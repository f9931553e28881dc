"""What a room of the lesson asks of the server: the facilitator behind the PIN, participants with the room's code."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from igrsim.app.classroom import TABLES, Classroom, Room, for_seats, lesson, read_proposal
from igrsim.app.classroom_replay import Replay, replay_of
from igrsim.app.export import JOIN_MODULES, JOIN_STYLES, digest, joined, looks
from igrsim.app.payload import as_json
from igrsim.kernel.errors import InputError

SEAT = "igrsim-seat"
"""The cookie of a seat: a random word, until the browser is closed."""

Check = Callable[[Request], None]
Body = Callable[[Request], Awaitable[bytes]]


@cache
def join_page() -> tuple[str, str]:
    """The participants' page and its Content-Security-Policy: small, for a phone."""
    room = files("igrsim.app") / "page"
    style = looks(JOIN_STYLES)
    script = joined(JOIN_MODULES)
    policy = (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((room / "join.html.j2").read_text(encoding="utf-8"))
    html = template.render(policy=policy, style=Markup(style), script=Markup(script), data=Markup(as_json(for_seats())))
    return html, policy


def classroom_routes(
    classroom: Classroom, check: Check, body: Body, addresses: list[str], workers: int = 1
) -> list[Route]:
    """Routes of the lesson.

    Parameters
    ----------
    check : callable
        Turns away who is no facilitator.
    body : callable
        Reads a request's body within bounds.
    addresses : list of str
        Where this machine is found by others, for the facilitator to say.
    workers : int
        Processes that compute, for how long a replay takes.
    """

    async def view(request: Request) -> Response:
        check(request)
        return JSONResponse(_view(classroom, addresses))

    async def do(request: Request) -> Response:
        check(request)
        _do(classroom, _read(await body(request)))
        return JSONResponse(_view(classroom, addresses))

    async def replay(request: Request) -> Response:
        check(request)
        return JSONResponse(_replay(classroom, _read(await body(request))).told(workers))

    async def page(request: Request) -> Response:
        return HTMLResponse(join_page()[0])

    async def join(request: Request) -> Response:
        asked = _read(await body(request))
        code, table, nickname = (asked.get(key) for key in ("code", "table", "nickname"))
        token, seat = classroom.enter(code, table, nickname, request.cookies.get(SEAT))
        answer = JSONResponse(classroom.there().seat_view(seat))
        answer.set_cookie(SEAT, token, httponly=True, samesite="strict", path="/")
        return answer

    async def sit(request: Request) -> Response:
        try:
            room, seat = classroom.seat(request.cookies.get(SEAT))
        except InputError as error:
            # a page that asks whether it has a seat has made no mistake
            return JSONResponse({"error": str(error)})
        return JSONResponse(room.seat_view(seat))

    async def bet(request: Request) -> Response:
        room, seat = classroom.seat(request.cookies.get(SEAT))
        room.place(seat, _read(await body(request)).get("bets"))
        return JSONResponse(room.seat_view(seat))

    async def propose(request: Request) -> Response:
        room, seat = classroom.seat(request.cookies.get(SEAT))
        room.propose(seat.table, _read(await body(request)).get("proposal"))
        return JSONResponse(room.seat_view(seat))

    return [
        Route("/join", page),
        Route("/api/room", view),
        Route("/api/room", do, methods=["POST"]),
        Route("/api/room/replay", replay, methods=["POST"]),
        Route("/api/join", join, methods=["POST"]),
        Route("/api/seat", sit),
        Route("/api/seat/bets", bet, methods=["POST"]),
        Route("/api/seat/proposal", propose, methods=["POST"]),
    ]


def _view(classroom: Classroom, addresses: list[str]) -> dict[str, Any]:
    shown = classroom.room.facilitator() if classroom.room else {"open": False}
    return shown | {"addresses": addresses}


def _do(classroom: Classroom, asked: dict[str, Any]) -> None:
    """One thing that the facilitator does."""
    kind = asked.get("do")
    if kind == "open":
        # sheets that were typed in before there was a room
        sheets = _sheets(asked.get("proposals", []), 0)
        room = classroom.open(asked.get("tables"), asked.get("length"))
        for table, proposal in enumerate(sheets[: room.tables]):
            room.propose(table, proposal)
    elif kind == "end":
        classroom.end()
    elif kind == "clock":
        _clock(classroom.there(), asked)
    elif kind == "bets" and asked.get("bets") in ("closed", "open", "over"):
        classroom.there().turn(asked["bets"])
    elif kind == "propose":
        classroom.there().propose(asked.get("table"), asked.get("proposal"))
    elif kind == "show" and type(asked.get("shown")) is int:
        classroom.there().show(asked["shown"])
    else:
        raise InputError(
            "a room is opened, ended, timed, its bets opened or ended, one shown, or a sheet typed in", code="E410"
        )


def _replay(classroom: Classroom, asked: dict[str, Any]) -> Replay:
    """The decisions of the room, or those of sheets typed in where none is open, as a scenario.

    Raises
    ------
    InputError
    """
    outcome, room = asked.get("outcome"), classroom.room
    if room is not None:
        found = replay_of(room.proposals, outcome)
        if asked.get("start") is True:
            room.played = found.outcome
        return found
    return replay_of(_sheets(asked.get("proposals"), 1), outcome)


def _sheets(typed: Any, least: int) -> list[dict[str, Any]]:
    """Proposals that the facilitator typed in."""
    if not isinstance(typed, list) or not least <= len(typed) <= TABLES:
        raise InputError(f"proposals: of {least} to {TABLES} tables", code="E420")
    return [read_proposal(one) for one in typed]


def _clock(room: Room, asked: dict[str, Any]) -> None:
    step, left, running = (asked.get(key) for key in ("step", "left", "running"))
    if type(step) is not int or not 0 <= step < len(lesson()["steps"]) or not isinstance(running, bool):
        raise InputError("the clock needs a step, the seconds left, and whether it runs", code="E410")
    if isinstance(left, bool) or not isinstance(left, (int, float)) or not math.isfinite(left) or abs(left) > 86_400:
        raise InputError("the seconds left are at most a day", code="E410")
    room.clock(step, float(left), running)


def _read(body: bytes) -> dict[str, Any]:
    """A request's table.

    Raises
    ------
    InputError
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError("a request is JSON: a table", code="E410")
    return found
