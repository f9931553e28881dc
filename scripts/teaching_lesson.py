"""The lesson as the app's classroom reads it: steps, cards, limits, bets and what they came to, as one file of the package."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path
from typing import Any

import teaching_consequences as consequences
from teaching_page import cards, forums, merges, spaces
from teaching_sums import LENGTHS, ROOT, SAID, TEACHING, forum_hours, limits, points, read_toml, waits

FILE = ROOT / "src" / "igrsim" / "app" / "lesson.json"
SHEETS = Path(__file__).parent / "teaching_page.html.j2"
SAYS = ("Documents", "The model", "Nobody")
"""How the paragraphs begin that an answer must not mix."""


def text(reading: dict[str, str] | None = None) -> str:
    """The file, whole."""
    return json.dumps(lesson(reading), ensure_ascii=False, indent=1) + "\n"


def lesson(reading: dict[str, str] | None = None) -> dict[str, Any]:
    """Everything a room needs.

    Parameters
    ----------
    reading : dict, optional
        The guide and the answer key by file name, where they are about to be written anew.
    """
    pages = reading or {name: (TEACHING / name).read_text(encoding="utf-8") for name in ("guide.md", "answers.md")}
    room, lines, guide = read_toml("room.toml"), consequences.read(), pages["guide.md"]
    return {
        "lengths": list(LENGTHS),
        "steps": [
            {key: step[key] for key in ("name", "minutes", "does", "needs", "room", "page")}
            | {"notes": blocks(part(guide, step["name"]))}
            for step in room["step"]
        ],
        "claims": blocks(part(guide, "What the lesson must not claim")),
        "trouble": blocks(part(guide, "What goes wrong")),
        "cards": [card(one) for one in cards()],
        "proposals": [
            {key: one[key] for key in ("letter", "arm", "name", "says")} | {"plays": plays(one["arm"])}
            for one in room["proposal"]
        ],
        "outcomes": outcomes(room, lines),
        "bets": bets(room, lines, pages["answers.md"]),
        "points": [[said, points(said, True), points(said, False)] for said in SAID],
        "round_1": round_one(room),
        "round_2": round_two(lines),
        "debrief": debrief(),
        "runs": [f"igrsim run {path}" for path in consequences.STUDIES.values()],
    }


# --- the guide and the key, without their marks --------------------------------------------------------------------------


def part(page: str, title: str) -> str:
    """What stands under a heading of a page, up to the next."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"docs/teaching/guide.md has no heading '{title}'")
    return found[1]


def blocks(markdown: str) -> list[dict[str, Any]]:
    """Paragraphs, lists and tables of a page: ``{"p": text}``, ``{"li": text}``, ``{"table": rows}``."""
    found: list[dict[str, Any]] = []
    for piece in re.split(r"\n\s*\n|\n(?=- |<!--|\|)|(?<=-->)\n", markdown):
        written = re.sub(r"<!--.*?-->", "", piece, flags=re.DOTALL).strip()
        if not written:
            continue
        if written.startswith("|"):
            row = [plain(cell) for cell in written.strip("|").split("|")]
            if all(re.fullmatch(r"[-: ]+", cell) for cell in row):
                continue
            if found and "table" in found[-1]:
                found[-1]["table"].append(row)
            else:
                found.append({"table": [row]})
        elif written.startswith("- "):
            found.append({"li": plain(written[2:])})
        else:
            found.append({"p": plain(written)})
    return found


def plain(markdown: str) -> str:
    """Words without marks of weight, code and links."""
    words = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    return " ".join(re.sub(r"\*\*|`", "", words).split())


def unmarked(written: Any) -> str:
    """A card's words without their elements."""
    return html.unescape(re.sub(r"<[^>]+>", "", str(written)))


def plays(arm: str) -> dict[str, Any]:
    """An arm of the lesson's study, as a scenario says it."""
    told = read_toml("lesson.toml")["arms"][arm]
    found = {key: told[key] for key in ("regime", "add") if key in told}
    numbers = {f"{group}.{name}": value for group, each in told.get("set", {}).items() for name, value in each.items()}
    return found | ({"set": numbers} if numbers else {})


# --- what the room holds in its hands ------------------------------------------------------------------------------------


def card(one: dict[str, Any]) -> dict[str, Any]:
    """A role card, its numbers filled in; a star stands at what is assumed."""
    written = {key: unmarked(one[key]) for key in ("name", "goal", "hours", "rand", "knows", "tension", "documents")}
    may = [words.strip() for words in re.split(r"Round \d: ", unmarked(one["may"])) if words.strip()]
    sources = ", ".join([written.pop("documents"), *one["sources"]])
    return written | {"core": one["core"], "may": [words[:1].upper() + words[1:] for words in may], "sources": sources}


def round_one(room: dict[str, Any]) -> dict[str, Any]:
    """The calendar: which forums may be closed, their hours, and which the audit's own rule would merge."""
    hours, joined = forum_hours(), merges()
    merged = {one["merge"] for one in joined}
    return {
        "forums": [
            {
                "name": row["forum"],
                "convener": row["convener"],
                "basis": row["basis"],
                "hours": row["hours_a_year"],
                "may_close": row["basis"] == room["round_1"]["close"],
                "merged": row["forum"] in merged,
            }
            for row in forums()
        ],
        "hours": hours.all,
        "to_free": hours.to_free,
        "merges": [{"merge": one["merge"], "into": one["into"], "hours": one["hours"]} for one in joined],
        "merges_save": hours.merges_save,
    }


def round_two(lines: list[consequences.Found]) -> dict[str, Any]:
    """Purse, hours, the eight slips, and what the orders led to."""
    found = limits()
    reference = next(f.reference for f in lines if f.study == "order")
    names = {one["metric"]: one["name"] for one in read_toml("room.toml")["outcome"]}
    arms = list(dict.fromkeys(f.arm for f in lines if f.study == "order"))
    return {
        "hub_rand_million": round(found.hub_rand_million, 6),
        "purse_rand_million": round(found.purse_rand_million, 6),
        "specialist_hours": found.specialist_hours,
        "taking_in_hours": found.taking_in_hours,
        "by_hours": found.by_hours,
        "by_rand": found.by_rand,
        "spaces_in_all": found.spaces,
        "spaces": spaces(),
        "orders": list(waits()),
        "queues": {name: queue(file) for name, file in read_toml("room.toml")["round_2"]["orders"].items()},
        "reference": reference,
        "found": [
            {
                "name": names[metric],
                "level": consequences.find(lines, "order", arms[0], metric).level,
                "by": {arm: said(consequences.find(lines, "order", arm, metric)) for arm in arms},
            }
            for metric in consequences.ORDER_METRICS
        ],
    }


def queue(file: str) -> list[str]:
    """The country's spaces in one of the orders."""
    with (TEACHING / file).open(encoding="utf-8", newline="") as table:
        return [row["space"] for row in csv.DictReader(table)]


def outcomes(room: dict[str, Any], lines: list[consequences.Found]) -> list[dict[str, Any]]:
    """Every outcome under every proposal, and what who looks at this outcome alone would choose by rule."""
    letters = {one["arm"]: one["letter"] for one in room["proposal"]}
    reference = next(f.reference for f in lines if f.study == "lesson")
    found = []
    for outcome in room["outcome"]:
        rows = [f for f in lines if (f.study, f.metric) == ("lesson", outcome["metric"])]
        found.append(
            {
                "name": outcome["name"],
                "metric": outcome["metric"],
                "level": rows[0].level,
                "points": rows[0].points,
                "by": {letters[f.arm]: said(f) for f in rows},
                "rule": letters[by_rule(rows) or reference],
                "order": order_by_rule(lines, outcome["metric"]),
            }
        )
    return found


def by_rule(rows: list[consequences.Found]) -> str | None:
    """The arm of the largest difference among those that the verdict calls better; none, where it calls none so."""
    better = [f for f in rows if f.verdict.endswith("better")]
    return max(better, key=lambda f: abs(f.difference)).arm if better else None


def order_by_rule(lines: list[consequences.Found], metric: str) -> str:
    """The order within the purse that the same rule takes; the study's reference, where none is called better."""
    offered = read_toml("room.toml")["round_2"]["orders"]
    rows = [f for f in lines if f.study == "order" and f.metric == metric and f.arm in offered]
    return by_rule(rows) or next(f.reference for f in lines if f.study == "order")


def said(found: consequences.Found) -> dict[str, str]:
    """One line in words."""
    return {"change": found.change, "interval": found.interval, "words": found.words}


def bets(room: dict[str, Any], lines: list[consequences.Found], key: str) -> list[dict[str, Any]]:
    """Every bet, how it came out and why, and the answer key's three answers."""
    return [
        {
            "statement": one.statement,
            "true": one.true,
            "why": one.why,
            "order": room["bet"][one.number - 1].get("study") == "order",
            "answers": answers(key, one.number),
        }
        for one in consequences.settle(room["bet"], lines)
    ]


def answers(key: str, number: int) -> list[str]:
    """What documents say, what the model says, what nobody knows, of the question that a bet belongs to."""
    found = re.search(rf"^## \d+\. [^\n]*\(bet {number}[,)][^\n]*\n(.*?)(?=^## |\Z)", key, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"docs/teaching/answers.md has no question for bet {number}")
    return [one["p"] for one in blocks(found[1]) if one.get("p", "").startswith(SAYS)]


def debrief() -> list[dict[str, str]]:
    """The questions of the debrief sheet."""
    sheet = SHEETS.read_text(encoding="utf-8").partition('<ol class="debrief">')[2].partition("</ol>")[0]
    return [{"head": html.unescape(head), "text": html.unescape(words).strip()} for head, words in re.findall(r"<li><b>(.*?)</b>(.*?)<i>", sheet)]  # fmt: skip
