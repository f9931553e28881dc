"""Sections of hand-written prose, the code each describes, and whether that code has moved since somebody read the two together."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from code_meaning import UnknownCodeError, meaning, tree_of

TIES = "ties.json"
TOLD = ("phases", "government", "plans", "services", "citizens", "world")
"""Packages whose every module with a function in it is described; levers, metrics and tables have pages made from them."""
HEAD = re.compile(r"\A<!-- describes: (.*?) -->\n# ([^\n]+)\n", re.DOTALL)
MADE = re.compile(r"^<!-- made: (.+) -->$", re.MULTILINE)


class UnreadableError(ValueError):
    """Code or prose from which something that it must say cannot be read."""


@dataclass(frozen=True)
class Section:
    """One file of prose.

    Attributes
    ----------
    describes : tuple of str
        Dotted names of modules, classes or functions.
    text : str
        What stands beneath the title, with places for what is made from the code.
    """

    name: str
    title: str
    describes: tuple[str, ...]
    text: str

    def covers(self, name: str) -> bool:
        """Whether it describes a module, class or function, by itself or as part of what it describes."""
        return any(name == one or name.startswith(f"{one}.") for one in self.describes)


def read_section(path: Path) -> Section:
    """A section from its file."""
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    if not head:
        raise UnreadableError(f"docs/odd/{path.name} must begin with <!-- describes: names of code --> and a title")
    names = tuple(name for name in re.split(r"[,\s]+", head[1]) if name)
    return Section(path.stem, head[2], names, text[head.end() :].strip())


def read_sections(folder: Path) -> dict[str, Section]:
    """All sections by their names."""
    return {path.stem: read_section(path) for path in sorted(folder.glob("*.md"))}


def read_ties(folder: Path) -> dict[str, dict[str, str]]:
    """What each section's code meant when it was last read."""
    path = folder / TIES
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def stamp(folder: Path, src: Path, names: list[str]) -> None:
    """Note that somebody has read these sections beside the code they describe."""
    sections, ties = read_sections(folder), read_ties(folder)
    for name in names:
        ties[name] = {code: meaning(code, src) for code in sorted(sections[name].describes)}
    kept = {name: ties[name] for name in sorted(ties) if name in sections}
    (folder / TIES).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8", newline="\n")


def moved(folder: Path, src: Path) -> Iterator[str]:
    """One line for each section whose code has changed since it was last read."""
    ties = read_ties(folder)
    for name, section in read_sections(folder).items():
        last, changed, never = ties.get(name, {}), [], []
        for code in section.describes:
            try:
                now = meaning(code, src)
            except UnknownCodeError:
                yield f"docs/odd/{name}.md describes {code}, which is no module, class or function of the code"
                continue
            if code not in last:
                never.append(code)
            elif last[code] != now:
                changed.append(code)
        again = f"python scripts/make_odd.py --read {name}"
        if changed:
            has = "which has" if len(changed) == 1 else "which have"
            yield (
                f"docs/odd/{name}.md describes {', '.join(changed)}, {has} changed since it was last read: "
                f"read it again, then {again}"
            )
        if never:
            yield f"docs/odd/{name}.md was never read beside {', '.join(never)}: read them together, then {again}"
        if set(last) - set(section.describes):
            yield f"docs/odd/{name}.md does not describe {', '.join(sorted(set(last) - set(section.describes)))} any more: {again}"
    for name in sorted(set(ties) - set(read_sections(folder))):
        yield f"docs/odd/{TIES} holds '{name}', which is no section any more: run --read with any section"


def untold(folder: Path, src: Path) -> Iterator[str]:
    """One line for each phase, kind of agent and module of the model that no section describes."""
    sections = read_sections(folder).values()
    for kind, names in (("phase", phases(src)), ("agent", agents(src)), ("module", modules(src))):
        for name in names:
            if kind == "module":
                known = any(s.covers(name) or any(d.startswith(f"{name}.") for d in s.describes) for s in sections)
            else:
                known = any(s.covers(name) for s in sections)
            if not known:
                yield f"{kind} {name} is described by no section of docs/odd"


def phases(src: Path) -> list[str]:
    """Dotted names of the month's phases, in their order."""
    tree = tree_of(src / "igrsim" / "phases" / "__init__.py")
    home = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    month = next(n for n in tree.body if isinstance(n, ast.AnnAssign) and ast.unparse(n.target) == "MONTH")
    assert isinstance(month.value, ast.Tuple)
    return [home[phase.id] for phase in month.value.elts if isinstance(phase, ast.Name)]


def agents(src: Path) -> list[str]:
    """Dotted names of the kinds of agents."""
    found = []
    for path in sorted((src / "igrsim" / "government").glob("*.py")):
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Actor" for b in node.bases):
                found.append(f"igrsim.government.{path.stem}.{node.name}")
    return found


def modules(src: Path, every: bool = False) -> list[str]:
    """Modules of the model in which something is done, or every one."""
    found = []
    for package in TOLD:
        for path in sorted((src / "igrsim" / package).glob("*.py")):
            does = any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree_of(path)))
            if path.stem != "__init__" and (does or every):
                found.append(f"igrsim.{package}.{path.stem}")
    return found
