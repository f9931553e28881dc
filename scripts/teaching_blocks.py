"""The parts of the lesson's guide and answer key that are made from its sources, as Markdown."""

from __future__ import annotations

from collections.abc import Callable

import teaching_consequences as consequences
from teaching_sums import (
    LENGTHS,
    PEOPLE,
    SAID,
    calls,
    clock,
    default,
    forum_audit,
    forum_hours,
    limits,
    parameters,
    points,
    read_toml,
    tables,
    turned_away,
    ways,
)

from igrsim.views.numbers import significant, tick, whole

PERSONS = {
    "has an identity document": ("disability_grant", ("birth_certificate", "identity")),
    "has none, and a birth certificate": ("disability_grant", ("birth_certificate",)),
    "has none, and swears a statement": ("disability_grant_sworn", ("birth_certificate",)),
}
"""Who walks in the paper round: the route and the documents they come with."""
DESKS = {"police": "Police", "home_affairs": "Home Affairs", "clinic": "Clinic", "sassa": "SASSA"}


def table(head: list[str], rows: list[list[str]], right: tuple[int, ...] = ()) -> str:
    """A Markdown table."""
    rule = ["--:" if i in right else "---" for i in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def clocks(length: str = "90") -> str:
    """The lesson minute by minute."""
    parts = clock(read_toml("room.toml")["step"], int(length))
    rows = [[f"{p.begin} to {p.end}", f"**{p.name}**", p.does, p.needs] for p in parts]
    return table(["minute", "part", "what happens", "what it needs"], rows)


def pages() -> str:
    """What a facilitator does on the app's page in each part."""
    rows = [
        [f"**{step['name']}**", step["page"][:1].upper() + step["page"][1:]] for step in read_toml("room.toml")["step"]
    ]
    return table(["part", "on the page"], rows)


def lengths() -> str:
    """The same parts in each length of lesson."""
    steps = read_toml("room.toml")["step"]
    rows = [
        [s["name"], *(str(s["minutes"][str(n)]) if s["minutes"][str(n)] else "left out" for n in LENGTHS)]
        for s in steps
    ]
    rows.append(["**together**", *(f"**{sum(s['minutes'][str(n)] for s in steps)}**" for n in LENGTHS)])
    return table(["part", *(f"{n} minutes" for n in LENGTHS)], rows, right=(1, 2, 3))


def seats() -> str:
    """How many tables, and who sits at them."""
    rows = [[str(n), str(len(tables(n))), " + ".join(map(str, tables(n)))] for n in PEOPLE]
    return table(["people", "tables", "at each"], rows, right=(0, 1))


def scores() -> str:
    """Points of a bet."""
    rows = [[f"{said} %", f"{points(said, True):+d}", f"{points(said, False):+d}"] for said in SAID]
    text = table(["you said", "if it comes true", "if it does not"], rows, right=(0, 1, 2)).replace("-", "−")
    return text.replace("−−:", "--:").replace("+0", "0")


def trips() -> str:
    """What the three people of the paper round walk, if nothing goes wrong."""
    way = ways(read_toml("room.toml")["journey"])
    rows = []
    for person, (route, held) in PERSONS.items():
        steps = calls(route, held)
        desks = [DESKS[call.service] for call in steps]
        rows.append(
            [
                person,
                ", ".join(desks),
                str(len(steps)),
                str(len(set(desks))),
                tick(sum(way[call.service].hours for call in steps)),
                f"R{tick(sum(way[call.service].rand for call in steps))}",
            ]
        )
    return table(["who", "desks, in order", "trips", "places", "hours on the road", "fares"], rows, right=(2, 3, 4, 5))


def desk_luck() -> str:
    """How a visitor is turned away."""
    bound = turned_away()
    return (
        f"A number below {bound['papers']}: a paper is missing (`access.missing_papers`), where the desk checks papers; not a second time for the "
        f"same step. From {bound['papers']} to {bound['offline'] - 1}: the system is down (`access.offline`), where the desk has one. Anything else: served."
    )


def round_one() -> str:
    """The sums of round 1."""
    h, rules = forum_hours(), read_toml("room.toml")["round_1"]
    closing = [row for row in forum_audit().forums if row["basis"] == rules["close"]]
    largest = sorted((row["hours_a_year"] for row in forum_audit().forums), reverse=True)[:2]
    rows = [
        ["forums in the calendar", whole(len(forum_audit().forums))],
        ["official hours a year they take, journeys and preparation included", whole(h.all)],
        ["of these, the two largest", f"{whole(sum(largest))} ({tick(100 * sum(largest) / h.all)} %)"],
        ["to be freed", f"{whole(h.to_free)} ({tick(100 * rules['free_share'])} %)"],
        ["forums that neither law nor policy demands, which may be closed", whole(len(closing))],
        ["hours a year of those", whole(h.may_close)],
        [
            f"hours that the audit's own {h.merges} merges would save",
            f"{whole(h.merges_save)} ({tick(100 * h.merges_save / h.all)} %)",
        ],
    ]
    return table(["", ""], rows, right=(1,))


def round_two() -> str:
    """The sums of round 2."""
    found = limits()
    rows = [
        ["a hub, with every post filled", f"R{significant(found.hub_rand_million)} million a year"],
        [
            "the purse: new money each year",
            f"R{significant(found.purse_rand_million)} million, for {found.by_rand} hubs",
        ],
        ["specialists' hours, national and provincial", f"{whole(found.specialist_hours)} a year"],
        ["to take one space in before its hub has staff", f"{whole(found.taking_in_hours)} hours"],
        ["spaces that the hours allow", f"{found.by_hours} a year"],
        ["the smaller limit", found.binds],
        ["years until all 52 are taken in", str(found.years)],
    ]
    return table(["", ""], rows, right=(1,))


def outcomes() -> str:
    """Proposals beside outcomes."""
    room, lines = read_toml("room.toml"), consequences.read()
    proposals = [p for p in room["proposal"] if p["arm"] in {line.arm for line in lines}]
    rows = []
    for outcome in room["outcome"]:
        found = [consequences.find(lines, "lesson", p["arm"], outcome["metric"]) for p in proposals]
        rows.append(
            [
                f"{outcome['name']} (`{outcome['metric']}`); A: {found[0].level}; changes in {found[0].points}",
                *(f"{one.change} ({one.interval}): {one.words}" for one in found),
            ]
        )
    return table(["", *(f"{p['letter']} `{p['arm']}`" for p in proposals)], rows)


def settled() -> str:
    """How each bet came out."""
    room, lines = read_toml("room.toml"), consequences.read()
    rows = [
        [str(s.number), s.statement, f"**{'true' if s.true else 'false'}**", s.why]
        for s in consequences.settle(room["bet"], lines)
    ]
    return table(["", "bet", "came out", "why"], rows)


def says(*names: str) -> str:
    """What the tables say of some outcomes, a line each: STUDY/ARM/METRIC."""
    lines = consequences.read()
    found = [consequences.find(lines, *name.split("/")) for name in names]
    return "\n".join(
        f"- `{f.arm}` against `{f.reference}`, `{f.metric}`: {f.change} {f.points} (95 % interval {f.interval}), from {f.level}. Verdict: {f.words}."
        for f in found
    )


def run() -> str:
    """Which runs the numbers come from."""
    lines = consequences.read()
    rows = []
    for study, path in consequences.STUDIES.items():
        one = next(line for line in lines if line.study == study)
        rows.append([f"`igrsim run {path} --out lesson`", f"`{one.folder}-…`", str(one.pairs), f"`{one.reference}`"])
    return table(["command", "folder it writes", "independent pairs of runs", "reference"], rows, right=(2,))


def params(*names: str) -> str:
    """Some parameters, as docs/parameters.md has them."""
    known = parameters()
    rows = []
    for name in names:
        p = known[name]
        rows.append(
            [
                f"`{name}`",
                f"{tick(default(name))} ({tick(p['low'])} to {tick(p['high'])}) {p['unit']}",
                p["grade"],
                p["source"],
                p["meaning"],
            ]
        )
    return table(["number", "value (range)", "grade", "source", "what it is"], rows)


BLOCKS: dict[str, Callable[..., str]] = {
    "pages": pages,
    "clock": clocks,
    "lengths": lengths,
    "seats": seats,
    "scores": scores,
    "trips": trips,
    "luck": desk_luck,
    "round-one": round_one,
    "round-two": round_two,
    "outcomes": outcomes,
    "settled": settled,
    "says": says,
    "run": run,
    "params": params,
}
"""Made parts by the name that their place gives."""
