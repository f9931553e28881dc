"""Write docs/odd.md, the ODD+D protocol, from prose and code; --check says what is stale; --read NAME notes that a section was read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from code_meaning import UnknownCodeError
from odd_ties import MADE, Section, UnreadableError, moved, read_sections, stamp, untold

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
ODD = ROOT / "docs" / "odd"
PAGE = ROOT / "docs" / "odd.md"

OUTLINE = {
    "Overview": ("purpose", "entities", "schedule"),
    "Design concepts": (
        "background",
        "deciding-citizens",
        "deciding-municipalities",
        "deciding-departments",
        "deciding-together",
        "theories",
        "learning",
        "sensing",
        "prediction",
        "interaction",
        "collectives",
        "heterogeneity",
        "stochasticity",
        "observation",
    ),
    "Details": ("implementation", "initialisation", "input-data", "parameters"),
    "Submodels": (
        "regimes",
        "events",
        "access",
        "centres",
        "reach",
        "requests",
        "forums",
        "forum-audit",
        "planning",
        "plans-laid-together",
        "provincial-plans",
        "delivery",
        "hubs",
        "support",
        "leadership",
        "disputes",
        "upkeep",
    ),
}
"""The protocol's chapters (Müller et al. 2013) and the sections of each, files of docs/odd."""

OPENING = """# ODD+D protocol

Made by `scripts/make_odd.py`; do not edit. Prose stands in [odd/](odd), each section tied to the code it describes: when
that code moves, `make lint` fails until somebody has read the two together. Tables are made from the code.

The protocol is ODD+D: Müller, B. et al. (2013), Describing human decisions in agent-based models, Environmental Modelling
and Software 48, 37-48.
"""


def page(sections: dict[str, Section]) -> str:
    """The whole protocol."""
    from odd_parts import parts, slug

    made = dict(parts(sections))
    text = [OPENING]
    for chapter, names in OUTLINE.items():
        listed = " · ".join(f"[{sections[name].title}](#{slug(sections[name].title)})" for name in names)
        text.append(f"## {chapter}\n\n{listed}\n")
        for name in names:
            section = sections[name]
            # prose stands a folder deeper than the page
            prose = re.sub(r"(?<=\]\()\.\./", "", section.text)
            body = MADE.sub(lambda place: made[place[1]]().strip(), prose)
            text.append(f"### {section.title}\n\n{body}\n\n{tied(section)}\n")
    return "\n".join(text)


def tied(section: Section) -> str:
    """What a section describes, beneath it."""
    return f"<sub>[prose](odd/{section.name}.md) · describes {', '.join(f'`{n}`' for n in section.describes)}</sub>"


def misplaced(sections: dict[str, Section]) -> Iterator[str]:
    """Sections that have no place, places that have no section, and parts made from the code that stand nowhere or twice."""
    from odd_parts import parts

    placed = [name for names in OUTLINE.values() for name in names]
    for name in sorted(set(sections) - set(placed)):
        yield f"docs/odd/{name}.md has no place in the outline of scripts/make_odd.py"
    for name in sorted(set(placed) - set(sections)):
        yield f"docs/odd/{name}.md is missing: the outline of scripts/make_odd.py has a place for it"
    used = [part for section in sections.values() for part in MADE.findall(section.text)]
    known = [name for name, _ in parts(sections)]
    for name in sorted({*known, *used}):
        if name not in known:
            yield f"no part '{name}' is made from the code"
        elif used.count(name) != 1:
            yield f"the part '{name}' made from the code stands in {used.count(name)} sections of docs/odd, not in one"


def main(words: list[str]) -> int:
    """Write, check or note what was read."""
    if words[:1] == ["--read"]:
        unknown = [name for name in words[1:] if not (ODD / f"{name}.md").exists()]
        if unknown or not words[1:]:
            print(f"no section {', '.join(unknown) or 'named'}: they are the files of docs/odd", file=sys.stderr)
            return 2
    try:
        if words[:1] == ["--read"]:
            stamp(ODD, SRC, words[1:])
        sections = read_sections(ODD)
        faults = list(misplaced(sections))
        text = "" if faults else page(sections)
        faults += [*untold(ODD, SRC), *moved(ODD, SRC)]
    except (UnreadableError, UnknownCodeError) as fault:
        faults, text = [str(fault)], ""
    if text and "--check" not in words:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    elif text and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        faults.append("docs/odd.md is not what the code and docs/odd say: run python scripts/make_odd.py")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
