"""The lesson's sheets to print: cards, slips, bet and debrief sheets, and what each proposal leads to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import teaching_consequences as consequences
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from teaching_blocks import DESKS, PERSONS
from teaching_sums import (
    SAID,
    calls,
    default,
    forum_audit,
    forum_hours,
    limits,
    luck,
    parameters,
    points,
    read_toml,
    turned_away,
    waits,
    ways,
    worked,
)

from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.services.points import WITH_SYSTEM
from igrsim.views.numbers import MINUS, THIN, significant, tick, whole

PLACED = re.compile(r'data-param="([^"]+)"')
FORUMS_A_SHEET, CARDS_A_SHEET = 9, 4
GRADES = {"seed": "in a document", "measured": "measured", "derived": "worked out", "assumed": "assumed"}
"""How a card says what is known of a number."""


def number(name: str, how: str = "") -> Markup:
    """A parameter's default on a card, marked so that it can be held against the list of parameters."""
    value = default(name)
    shown = f"{tick(100 * value)}{THIN}%" if how == "percent" else whole(value) if value >= 1000 else tick(value)
    # a star says that nobody has published the number
    star = "*" if parameters()[name]["grade"] == "assumed" else ""
    return Markup('<b data-param="{}">{}</b>{}').format(name, shown, star)


def reckoned(name: str) -> Markup:
    """A number on a card that is worked out from several parameters."""
    value = worked()[name]
    shown = whole(value) if value >= 1000 else significant(value)
    return Markup('<b data-worked="{}">{}</b>*').format(name, shown)


def cards() -> list[dict[str, Any]]:
    """Role cards, their numbers filled in."""
    inline = Environment(autoescape=True, undefined=StrictUndefined)
    found = []
    for position, card in enumerate(read_toml("cards.toml")["card"], 1):
        written = {
            k: inline.from_string(v).render(number=number, worked=reckoned)
            for k, v in card.items()
            if isinstance(v, str)
        }
        used = PLACED.findall(" ".join(written.values()))
        keys = list(
            dict.fromkeys(
                key for name in used for key in parameters()[name]["source"].split(";") if key != "assumption"
            )
        )
        found.append(
            {k: Markup(v) for k, v in written.items()} | {"core": card["core"], "position": position, "sources": keys}
        )
    return found


def desks() -> list[dict[str, Any]]:
    """The four desks of the paper round: what each does, asks and gives, and its luck."""
    room = read_toml("room.toml")
    way = ways(room["journey"])
    found = []
    for service, name in DESKS.items():
        steps = {c.step: c for route, held in PERSONS.values() for c in calls(route, held) if c.service == service}
        found.append(
            {
                "service": service,
                "name": name,
                "steps": list(steps.values()),
                "way": way[service],
                "luck": [f"{n:02d}" for n in luck(service)],
                "system": service in WITH_SYSTEM,
                "papers": any(c.checks_papers for c in steps.values()),
            }
        )
    return found


def forums() -> list[dict[str, Any]]:
    """The forum slips of round 1: who calls each, in full."""
    departments = load_institutions().departments
    called = {one.code: one.name for one in departments}
    return [
        row
        | {"forum": row["forum"].split(" (")[0], "convener": called.get(row["convener"], "The district municipality")}
        for row in forum_audit().forums
    ]


def merges() -> list[dict[str, Any]]:
    """What the audit proposes to merge, and who is left out, in full."""
    departments = {one.code: one.name for one in load_institutions().departments}

    def full(member: str) -> str:
        code = member.split(" (")[0]
        return departments.get(code, code)

    return [
        {
            "merge": row["merge"].split(" (")[0],
            "into": row["into"].split(" (")[0],
            "hours": row["hours_saved_a_year"],
            "left_out": "; ".join(full(one.strip()) for one in _names(row["members_left_out"])),
        }
        for row in forum_audit().merges
    ]


def _names(given: Any) -> list[str]:
    return [one for one in given.split(",") if one] if isinstance(given, str) else list(given)


def walkers() -> list[dict[str, Any]]:
    """The three people of the paper round, and what their trips come to."""
    way = ways(read_toml("room.toml")["journey"])
    found = []
    for name, (route, held) in PERSONS.items():
        steps = calls(route, held)
        found.append(
            {
                "name": name,
                "calls": steps,
                "desks": ", ".join(DESKS[call.service] for call in steps),
                "hours": sum(way[call.service].hours for call in steps),
                "rand": sum(way[call.service].rand for call in steps),
            }
        )
    return found


def spaces() -> list[dict[str, Any]]:
    """The district slips of round 2."""
    table, order = load_geography().spaces, waits()
    found = []
    for code in read_toml("room.toml")["round_2"]["spaces"]:
        i = table.index[code]
        found.append(
            {
                "code": code,
                "name": table.names[i],
                "kind": table.kinds[i],
                "people": whole(table.population[i]),
                "poor": tick(100 * table.poor_share[i]),
                "rural": tick(100 * table.rural_share[i]),
                "waits": {name: years[code] for name, years in order.items()},
            }
        )
    return found


def _sheets(things: list[Any], size: int) -> list[list[Any]]:
    return [things[i : i + size] for i in range(0, len(things), size)]


def page() -> str:
    """The whole page, fetching nothing."""
    room, lines = read_toml("room.toml"), consequences.read()
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        whole=whole, number=significant, tick=tick, capitalize_first=lambda words: words[:1].upper() + words[1:]
    )
    hours = forum_hours()
    return environment.get_template("teaching_page.html.j2").render(
        card_sheets=_sheets(cards(), CARDS_A_SHEET),
        forum_sheets=_sheets(forums(), FORUMS_A_SHEET),
        desks=desks(),
        desk_names=DESKS,
        bound=turned_away(),
        persons=walkers(),
        spaces=spaces(),
        hours=hours,
        limits=limits(),
        close=room["round_1"]["close"],
        merges=merges(),
        number=number,
        sectors=len(load_institutions().sectors),
        proposals=room["proposal"],
        outcomes=room["outcome"],
        chosen=[p for p in room["proposal"] if p["arm"] != _reference(lines)],
        lines={(f.study, f.arm, f.metric): f for f in lines},
        orders=list(dict.fromkeys(f.arm for f in lines if f.study == "order")),
        order_metrics=consequences.ORDER_METRICS,
        order_reference=next(f.reference for f in lines if f.study == "order"),
        names={o["metric"]: o["name"] for o in room["outcome"]},
        bets=room["bet"],
        settled=consequences.settle(room["bet"], lines),
        said=[(s, _signed(points(s, True)), _signed(points(s, False))) for s in SAID],
        studies=consequences.STUDIES,
    )


def _reference(lines: list[consequences.Found]) -> str:
    return next(f.reference for f in lines if f.study == "lesson")


def _signed(value: int) -> str:
    return f"{value:+d}".replace("-", MINUS) if value else "0"
