"""A room that plays the lesson: seats, cards, bets and proposals, in memory only, and gone when the room is ended.

Nothing here knows HTTP. What the lesson holds comes from ``lesson.json``, which ``scripts/make_teaching.py`` makes from the
guide, the answer key, the cards and the runs behind them.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from igrsim.kernel.errors import InputError

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Of a room's code: no vowels, so that it is no word, and nothing that looks like a numeral."""
CODE_LETTERS = 5
SEATS, TABLES = 100, 12
NICKNAME = 24
WRONG_CODES, PAUSE = 60, 60.0
"""Wrong codes, from anywhere, after which none is taken for so many seconds: a room of thirty mistypes too."""
EMPTY: dict[str, Any] = {"closed": [], "a_year": None, "order": None, "first": [], "choice": None}
"""A table that has decided nothing."""
FIRST = 3
"""Slips that a table takes first."""


@cache
def lesson() -> dict[str, Any]:
    """The lesson, with everything that only the facilitator may see."""
    found: dict[str, Any] = json.loads((files("igrsim.app") / "lesson.json").read_text(encoding="utf-8"))
    return found


def for_seats() -> dict[str, Any]:
    """The lesson without what would give a bet, an audit or a limit away."""
    whole = lesson()
    one, two = whole["round_1"], whole["round_2"]
    hidden = {"by_hours", "by_rand", "found", "reference", "queues"}
    return {
        "cards": whole["cards"],
        "proposals": [{key: one[key] for key in ("letter", "name", "says")} for one in whole["proposals"]],
        "points": whole["points"],
        "bets": [bet["statement"] for bet in whole["bets"]],
        "debrief": whole["debrief"],
        "steps": [step["name"] for step in whole["steps"]],
        "round_1": {
            "forums": [{key: row[key] for key in row if key != "merged"} for row in one["forums"]],
            "hours": one["hours"],
            "to_free": one["to_free"],
        },
        "round_2": {key: value for key, value in two.items() if key not in hidden},
    }


def bets_of(length: int) -> list[int]:
    """Bets of a lesson of this length: without round 2 its bet is left out."""
    ordered = next(step["minutes"] for step in lesson()["steps"] if step["name"].startswith("Round 2"))[str(length)]
    return [i for i, bet in enumerate(lesson()["bets"]) if ordered or not bet["order"]]


def points(said: int, true: bool) -> int:
    """Points of a bet, as the guide has them."""
    return next(int(right if true else wrong) for chance, right, wrong in lesson()["points"] if chance == said)


def weigh(proposal: dict[str, Any]) -> dict[str, Any]:
    """A table's proposal against the hours of round 1, and the rand and hours of round 2.

    Returns
    -------
    dict
        ``freed``, ``short`` (hours), ``rand`` (million a year), ``hours``, ``years`` (until all are taken in), and whether
        each is ``within``; None where the table has not decided.
    """
    one, two = lesson()["round_1"], lesson()["round_2"]
    freed = sum(one["forums"][i]["hours"] for i in proposal["closed"])
    short = max(0.0, one["to_free"] - freed)
    found: dict[str, Any] = {"freed": freed, "short": short, "within_forums": short == 0, "rand": None, "hours": None,
                             "years": None, "within_rand": None, "within_hours": None}  # fmt: skip
    if proposal["a_year"] is not None:
        count = proposal["a_year"]
        # counts, so that thirteen hubs of a purse for thirteen never fail by a rounding
        found |= {
            "rand": count * two["hub_rand_million"],
            "hours": count * two["taking_in_hours"],
            "years": math.ceil(two["spaces_in_all"] / count),
            "within_rand": count <= two["by_rand"],
            "within_hours": count <= two["by_hours"],
        }
    return found


def read_proposal(data: Any) -> dict[str, Any]:
    """What a table sends, if it says nothing that the sheets do not offer.

    Raises
    ------
    InputError
    """
    one, two = lesson()["round_1"], lesson()["round_2"]
    if not isinstance(data, dict) or set(data) != set(EMPTY):
        raise InputError(f"a proposal has {', '.join(EMPTY)}", code="E415")
    open_to_close = [i for i, forum in enumerate(one["forums"]) if forum["may_close"]]
    _subset("closed", data["closed"], open_to_close, len(open_to_close))
    _subset("first", data["first"], [space["code"] for space in two["spaces"]], FIRST)
    _one_of("order", data["order"], [*two["orders"], "another", None])
    _one_of("choice", data["choice"], [*(one["letter"] for one in lesson()["proposals"]), None])
    _one_of("a_year", data["a_year"], [*range(1, two["spaces_in_all"] + 1), None])
    return {key: data[key] for key in EMPTY}


def _subset(name: str, given: Any, known: list[Any], most: int) -> None:
    whole = isinstance(given, list) and all(type(one) in (int, str) and one in known for one in given)
    if not whole or len(set(given)) != len(given) or len(given) > most:
        raise InputError(f"{name}: at most {most} of those that may be chosen, each once", code="E415")


def _one_of(name: str, given: Any, known: list[Any]) -> None:
    # True is 1 to Python, and no count
    if isinstance(given, (bool, float, list, dict)) or given not in known:
        raise InputError(f"{name}: '{given!s:.40}' is not offered", code="E415")


@dataclass
class Seat:
    """One participant: a table, a card, a nickname if they gave one, and their bets."""

    table: int
    card: int
    nickname: str
    bets: dict[int, int] = field(default_factory=dict)


@dataclass
class Room:
    """A lesson under way.

    Attributes
    ----------
    code : str
        Lets people in; said by the facilitator.
    bets : {"closed", "open", "over"}
        Over once the pens are away; once one was revealed, nothing opens them again.
    shown : int
        Bets already revealed, in the order of the sheet.
    played : str or None
        The outcome that the rule looked at when decisions were last played in the model.
    """

    code: str
    tables: int
    length: int
    now: Callable[[], float] = time.monotonic
    step: int = 0
    left: float = 0.0
    running: bool = False
    bets: str = "closed"
    shown: int = 0
    played: str | None = None
    seats: dict[str, Seat] = field(default_factory=dict)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    _since: float = 0.0

    def seconds_left(self) -> float:
        """Of the step under way; below nought where it has overrun."""
        return self.left - (self.now() - self._since if self.running else 0.0)

    # --- what the facilitator does -------------------------------------------------------------------------------------

    def clock(self, step: int, left: float, running: bool) -> None:
        """Go to a step; its time runs, or waits."""
        self.step, self.left, self.running, self._since = step, left, running, self.now()

    def turn(self, bets: str) -> None:
        """Open the bets, or end them.

        Raises
        ------
        InputError
            If they are to be opened again after one was revealed.
        """
        if self.shown and bets != "over":
            raise InputError("bets are over: what was bet stays, or a new room is opened", code="E413")
        self.bets = bets

    def show(self, count: int) -> None:
        """Reveal so many bets; that ends betting. What was revealed stays so."""
        self.bets, self.shown = "over", max(self.shown, min(count, len(bets_of(self.length))))

    def facilitator(self) -> dict[str, Any]:
        """What the facilitator's page shows; how people bet only once betting is over."""
        chances = [chance for chance, _, _ in lesson()["points"]]
        over = self.bets == "over"
        placed = list(self.seats.values())
        return {
            "open": True,
            "code": self.code,
            "tables": self.tables,
            "length": self.length,
            "step": self.step,
            "left": self.seconds_left(),
            "running": self.running,
            "bets": self.bets,
            "shown": self.shown,
            "played": self.played,
            "seats": [
                {"table": s.table, "card": s.card, "nickname": s.nickname, "placed": bool(s.bets)} for s in placed
            ],
            "counts": {
                i: [sum(seat.bets.get(i) == chance for seat in placed) for chance in chances]
                for i in bets_of(self.length)
            }
            if over
            else None,
            "proposals": [one | {"weighed": weigh(one)} for one in self.proposals],
        }

    # --- what a participant does ---------------------------------------------------------------------------------------

    def join(self, table: int, nickname: str, seat: Seat | None = None) -> Seat:
        """A seat at a table with the next card; whoever has one already moves.

        Raises
        ------
        InputError
        """
        if not 0 <= table < self.tables:
            raise InputError(f"tables are numbered 1 to {self.tables}", code="E411")
        if seat is not None:
            if seat.table != table:
                if seat.bets:
                    raise InputError("whoever has bet stays at the table", code="E414")
                seat.card = self._next_card(table)
            seat.table, seat.nickname = table, nickname
            return seat
        if len(self.seats) >= SEATS:
            raise InputError(f"the room has {SEATS} seats, and all are taken", code="E412")
        found = Seat(table, self._next_card(table), nickname)
        self.seats[secrets.token_urlsafe(18)] = found
        return found

    def _next_card(self, table: int) -> int:
        """Cards are dealt in order; beyond the last, two share one."""
        held = [seat.card for seat in self.seats.values() if seat.table == table]
        dealt = range(len(lesson()["cards"]))
        return min(dealt, key=lambda card: (held.count(card), card))

    def place(self, seat: Seat, given: Any) -> None:
        """One person's bets, all at once, before anything is shown; until the pens are away they may think again.

        Raises
        ------
        InputError
        """
        if self.bets != "open":
            raise InputError("bets are not open" if self.bets == "closed" else "bets are over", code="E413")
        asked, chances = bets_of(self.length), [chance for chance, _, _ in lesson()["points"]]
        if not isinstance(given, dict) or set(given) != {str(i) for i in asked}:
            raise InputError("one chance for every bet is needed", code="E414")
        if any(type(chance) is not int or chance not in chances for chance in given.values()):
            raise InputError(f"a chance is one of {', '.join(map(str, chances))} per cent", code="E414")
        seat.bets = {int(i): chance for i, chance in given.items()}

    def propose(self, table: Any, proposal: Any) -> None:
        """What a table decides; any of its people may write it, or the facilitator from its sheet, until the reveal.

        Raises
        ------
        InputError
        """
        if self.shown:
            raise InputError("the reveal has begun: proposals stay as they are", code="E413")
        if type(table) is not int or not 0 <= table < self.tables:
            raise InputError(f"tables are numbered 1 to {self.tables}", code="E411")
        self.proposals[table] = read_proposal(proposal)

    def seat_view(self, seat: Seat) -> dict[str, Any]:
        """What one participant's page shows: their own bets only, and of what came out only what was revealed."""
        asked = bets_of(self.length)
        known = asked[: self.shown]
        bets = lesson()["bets"]
        return {
            "table": seat.table,
            "card": seat.card,
            "nickname": seat.nickname,
            "step": self.step,
            "left": self.seconds_left(),
            "running": self.running,
            "bets": self.bets,
            "asked": asked,
            "mine": seat.bets,
            "shown": [
                {
                    "bet": i,
                    "true": bets[i]["true"],
                    "why": bets[i]["why"],
                    "points": points(seat.bets[i], bets[i]["true"]) if i in seat.bets else None,
                }
                for i in known
            ],
            "proposal": self.proposals[seat.table],
            "weighed": weigh(self.proposals[seat.table]),
            "people": sum(other.table == seat.table for other in self.seats.values()),
        }


class Classroom:
    """The one room of a server, if one is open, and who may come into it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.room: Room | None = None
        self._now = now
        self._wrong: list[float] = []

    def open(self, tables: Any, length: Any) -> Room:
        """A new room; the one before it is forgotten, with all that was in it.

        Raises
        ------
        InputError
        """
        if type(tables) is not int or not 1 <= tables <= TABLES:
            raise InputError(f"tables: a whole number from 1 to {TABLES}", code="E410")
        if type(length) is not int or length not in lesson()["lengths"]:
            raise InputError(f"length: one of {', '.join(map(str, lesson()['lengths']))} minutes", code="E410")
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        self.room = Room(code, tables, length, self._now, proposals=[dict(EMPTY) for _ in range(tables)])
        first = lesson()["steps"][0]["minutes"][str(length)]
        self.room.clock(0, 60.0 * first, False)
        return self.room

    def end(self) -> None:
        """Forget the room and all who were in it."""
        self.room = None

    def there(self) -> Room:
        """The room.

        Raises
        ------
        InputError
            If none is open.
        """
        if self.room is None:
            raise InputError("no room is open: the facilitator opens one", code="E411")
        return self.room

    def enter(self, code: Any, table: Any, nickname: Any, token: str | None) -> tuple[str, Seat]:
        """A seat for whoever has the room's code.

        Raises
        ------
        InputError
        """
        room = self.there()
        now = self._now()
        self._wrong = [when for when in self._wrong if now - when < PAUSE]
        if len(self._wrong) >= WRONG_CODES:
            raise InputError("too many wrong codes: wait a minute", code="E411")
        if not isinstance(code, str) or not secrets.compare_digest(code.strip().upper().encode(), room.code.encode()):
            self._wrong.append(now)
            raise InputError("that is not the room's code", code="E411")
        if type(table) is not int or not isinstance(nickname, str):
            raise InputError("a table's number is needed; a nickname only if you like", code="E410")
        seat = room.join(table, " ".join(nickname.split())[:NICKNAME], room.seats.get(token or ""))
        return next(key for key, one in room.seats.items() if one is seat), seat

    def seat(self, token: str | None) -> tuple[Room, Seat]:
        """Room and seat of a browser.

        Raises
        ------
        InputError
        """
        room = self.there()
        seat = room.seats.get(token or "")
        if seat is None:
            raise InputError("you have no seat in this room: join it with its code", code="E411")
        return room, seat
