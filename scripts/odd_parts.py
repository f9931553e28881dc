"""Those parts of the ODD page that are made from the code and its tables."""

from __future__ import annotations

import ast
import csv
import importlib
import inspect
import itertools
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from make_catalogue import table
from odd_draws import all_draws
from odd_ties import Section, agents, modules, phases

import igrsim.citizens.lives as lives
import igrsim.model  # noqa: F401  the whole model announces itself
from igrsim.citizens.lives import STATE, Citizens, Homes, Lives
from igrsim.government.forum import Forum
from igrsim.government.forums import Forums
from igrsim.kernel.columns import Column
from igrsim.kernel.params import GRADES, groups
from igrsim.places.capacity import load_capacity
from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.plans.pipeline import Portfolios
from igrsim.runs.catalogue import make_catalogue
from igrsim.services.catalogue import SERVICE_NAMES, SERVICES, load_catalogue
from igrsim.world.ruling import meanings, theme_of
from igrsim.world.world import World

SRC = Path(__file__).parents[1] / "src"
TABLES = SRC / "igrsim" / "places" / "tables"
DISTRIBUTIONS = {"uniform": "uniform", "one": "uniform", "normal": "normal", "poisson": "Poisson"}
DTYPES = {"I64": "int64", "F64": "float64", "U64": "uint64", "Flags": "bool", "bool_": "bool"}


def many(number: int) -> str:
    """A count with thin thousands."""
    return f"{number:,}".replace(",", " ")


def first_line(thing: Any) -> str:
    """The first line of a docstring."""
    return inspect.cleandoc(thing.__doc__ or "").partition("\n")[0]


def link(file: str) -> str:
    """A file of the package, as the page links to it."""
    return f"[{file}](../src/igrsim/{file})"


def thing(name: str) -> Any:
    """A class or function of the code by its dotted name."""
    module, _, inside = name.rpartition(".")
    return getattr(importlib.import_module(module), inside)


def attributes(cls: type) -> dict[str, tuple[str, str]]:
    """What a class's documentation says of its attributes: type and meaning."""
    return entries(inspect.cleandoc(cls.__doc__ or "").partition("Attributes\n----------\n")[2])


def entries(text: str) -> dict[str, tuple[str, str]]:
    """Names of a numpy-style list, their types and meanings."""
    found: dict[str, tuple[str, str]] = {}
    for entry in re.split(r"\n(?=\S)", text):
        names, _, about = entry.partition("\n")
        names, _, kind = names.partition(" : ")
        words = " ".join(about.split()).replace("``", "`")
        found |= dict.fromkeys((name.strip() for name in names.split(",") if name.strip()), (kind.strip(), words))
    return found


def plain_type(annotation: str) -> str:
    """A type as the tables of state name it."""
    found = re.sub(r"NDArray\[np\.(\w+)\]", r"\1", annotation)
    return DTYPES.get(found, found)


def held(cls: type) -> dict[str, tuple[str, str]]:
    """What a class holds, with type and meaning: its fields, or what its agents are given when they are made."""
    told = attributes(cls)
    if cls is Forums:
        # a column is told of where one forum is
        one = {name: (f"{kind} each" if kind else "", words) for name, (kind, words) in attributes(Forum).items()}
        told = one | told
    if issubclass(cls, tuple):
        return {name: told.get(name, ("", "")) for name in cls._fields}  # type: ignore[attr-defined]
    if not is_dataclass(cls):
        in_columns = [name for name, column in vars(cls).items() if isinstance(column, Column)]
        made = [n for n in ast.walk(ast.parse(inspect.getsource(cls))) if isinstance(n, ast.Attribute)]
        given = [n.attr for n in made if isinstance(n.ctx, ast.Store) and not n.attr.startswith("_")]
        names = dict.fromkeys([*given, *in_columns])
        return {name: told.get(name, ("", "")) for name in names}
    found = {}
    for item in fields(cls):
        if item.name.startswith("_"):
            continue
        kind, meaning = told.get(item.name, ("", ""))
        kind = kind or plain_type(str(item.type))
        parts = [first_line(known()[word]) for word in re.findall(r"[A-Z]\w+", str(item.type)) if word in known()]
        found[item.name] = (kind, meaning or (parts[0] if parts else ""))
    return found


@cache
def known() -> dict[str, type]:
    """Classes of the model by their names, whose first line says what a field of that kind is."""
    return {
        cls.__name__: cls
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("igrsim.")
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__ == module.__name__
    }


def tabled(cls: type) -> str:
    """A class: what it is, where it stands, what it holds."""
    file = cls.__module__.removeprefix("igrsim.").replace(".", "/") + ".py"
    return f"**{cls.__name__}**: {first_line(cls)[0].lower()}{first_line(cls)[1:]} {link(file)}\n\n{listed(held(cls))}"


def listed(things: dict[str, tuple[str, str]]) -> str:
    """Names with their types and meanings as a table, and those without beneath it."""
    # names that are told of together stand together
    together: dict[tuple[str, str], list[str]] = {}
    for name, about in things.items():
        together.setdefault(about, []).append(f"`{name}`")
    rows: list[list[object]] = [[", ".join(names), kind, words] for (kind, words), names in together.items() if words]
    bare = [name for (_, words), names in together.items() if not words for name in names]
    text = table(["holds", "type", "meaning"], rows) if rows else ""
    return text + (f"\nAlso: {', '.join(bare)}.\n" if bare else "")


def entities() -> str:
    """The kinds of agents."""
    return "\n".join(tabled(thing(name)) for name in agents(SRC))


def citizens() -> str:
    """The people's columns, and what each of them carries."""
    text = inspect.cleandoc(beneath(lives, "STATE"))
    about, _, names = text.partition("\n\n")
    told = entries(names)
    carried = {}
    for name in STATE.names or ():
        kind, shape = STATE[name].base.name, STATE[name].shape
        carried[name] = (f"{shape} {kind}" if shape else kind, told[name][1])
    here = f"**STATE**: {about[0].lower()}{about[1:]} {link('citizens/lives.py')}\n\n{listed(carried)}"
    return "\n".join([*(tabled(cls) for cls in (Citizens, Homes, Lives)), here])


def beneath(module: Any, name: str) -> str:
    """What the text beneath a module's constant says of it."""
    body = ast.parse(inspect.getsource(module)).body
    for one, below in itertools.pairwise(body):
        if isinstance(one, ast.Assign) and [ast.unparse(t) for t in one.targets] == [name]:
            assert isinstance(below, ast.Expr)
            assert isinstance(below.value, ast.Constant)
            return str(below.value.value)
    raise ValueError(f"{module.__name__} has no constant {name} with a text beneath it")


def state() -> str:
    """The world, and every other part of it that changes."""
    parts: list[type] = [World]
    for name in modules(SRC, every=True):
        module = importlib.import_module(name)
        for cls in vars(module).values():
            if cls is Forums and cls.__module__ == name:
                parts.append(cls)
            if inspect.isclass(cls) and cls.__module__ == name and is_dataclass(cls) and cls not in (World, Citizens):
                # portfolios never change, but what changes is told in their terms
                if not cls.__dataclass_params__.frozen or cls is Portfolios:
                    parts.append(cls)
    return "\n".join(tabled(cls) for cls in parts)


def scales() -> str:
    """How many there are of what, in the whole country."""
    g, facts, capacity = load_geography(), load_institutions(), load_capacity()
    kinds, categories = Counter(g.spaces.kinds), Counter(g.municipalities.categories)
    spheres, levels = Counter(d.sphere for d in facts.departments), Counter(f.level for f in facts.forums)
    with (TABLES / "service_points.csv").open(encoding="utf-8", newline="") as file:
        points = Counter(row["service"] for row in csv.DictReader(file))
    steps = load_catalogue()
    rows: list[list[object]] = [
        ["provinces", many(len(g.provinces.codes)), ""],
        ["spaces", many(len(g.spaces)), f"{kinds['district']} districts, {kinds['metro']} metros"],
        ["municipalities", many(len(g.municipalities)), f"{categories['A']} metropolitan, {categories['B']} local, {categories['C']} district"],
        ["settlements", many(len(g.settlements)), f"{many(int(g.settlements.population.sum()))} people"],
        ["departments", many(len(facts.departments)), "; ".join(f"{n} {sphere}" for sphere, n in spheres.items()) + "; provincial ones stand once in each province"],
        ["sectors", many(len(facts.sectors)), ", ".join(s.name.lower() for s in facts.sectors)],
        ["kinds of forums", many(len(facts.forums)), "; ".join(f"{n} of the {level}" for level, n in levels.items()) + "; each stands once in every jurisdiction of its level"],
        ["indicators", many(len(facts.indicators)), f"asked for by {len(facts.requests)} requests"],
        ["support programmes", many(len(capacity.programmes)), f"and {len(capacity.bursaries)} funders of bursaries"],
        ["service points", many(sum(points[s] for s in SERVICES)), "; ".join(f"{SERVICE_NAMES[s]} {many(points[s])}" for s in SERVICES) + f"; and {points['thusong']} Thusong centres"],
        ["needs of people", many(len(steps.needs)), f"{len(steps.routes)} routes over {len(steps.steps)} steps"],
    ]  # fmt: skip
    return table(["what", "how many", "of these"], rows)


def schedule(sections: dict[str, Section]) -> str:
    """The month, phase by phase."""
    rows: list[list[object]] = []
    for number, name in enumerate(phases(SRC), start=1):
        module = name.rpartition(".")[0]
        told = [s for s in sections.values() if s.covers(name) and s.name != "schedule"]
        where = ", ".join(f"[{s.title}](#{slug(s.title)})" for s in told)
        file = module.removeprefix("igrsim.").replace(".", "/") + ".py"
        rows.append([number, f"`{name.rpartition('.')[2]}`", first_line(thing(name)), link(file), where])
    return table(["", "phase", "what it does", "code", "described in"], rows)


def slug(title: str) -> str:
    """A heading as links name it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def draws() -> str:
    """Every purpose that luck is drawn for."""
    by_purpose: dict[str, dict[str, Any]] = {}
    for draw in all_draws(SRC):
        row = by_purpose.setdefault(draw.purpose, {"kind": [], "keys": [], "file": []})
        if draw.kind == "key":
            kind, keys = (
                "uniform or exponential",
                "the person and what it is about: [a citizen's month](citizen_month.md)",
            )
        else:
            kind, keys = DISTRIBUTIONS.get(draw.kind, draw.kind or "stream"), f"`{draw.keys}`" if draw.keys else ""
        for column, value in (("kind", kind), ("keys", keys), ("file", link(draw.file))):
            if value and value not in row[column]:
                row[column].append(value)
    rows: list[list[object]] = [
        [purpose, ", ".join(row["kind"]), "; ".join(row["keys"]), ", ".join(row["file"])]
        for purpose, row in by_purpose.items()
    ]
    text = f"{len(rows)} purposes, read from the code.\n\n"
    return text + table(["purpose", "distribution", "keyed by", "drawn in"], rows)


def parameters() -> str:
    """Parameters by group and grade."""
    made = make_catalogue()["params"]
    rows: list[list[object]] = []
    for name in sorted(groups):
        mine = Counter(p["grade"] for p in made if p["name"].partition(".")[0] == name)
        rows.append(
            [f"[{name}](parameters.md#{name})", first_line(groups[name]), mine.total(), *(mine[g] for g in GRADES)]
        )
    whole = Counter(p["grade"] for p in made)
    rows.append(["all", "", len(made), *(whole[g] for g in GRADES)])
    return table(["group", "what they are", "numbers", *GRADES], rows)


def rules() -> str:
    """What levers can change."""
    by_rule: dict[str, list[str]] = {}
    for lever in make_catalogue()["levers"]:
        for rule in lever["rules"]:
            by_rule.setdefault(rule["rule"], []).append(f"[{lever['name']}](levers/{lever['name']}.md)")
    rows: list[list[object]] = [
        [f"`{name}`", theme_of(name), meaning, ", ".join(by_rule.get(name, []))] for name, meaning in meanings().items()
    ]
    return table(["rule", "theme", "meaning", "levers"], rows)


def inputs() -> str:
    """The tables that a world is built from."""
    rows: list[list[object]] = []
    for path in sorted(TABLES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        keys = {key for row in found for key in (row.get("source") or "").split(";")} - {""}
        grades = Counter(row["grade"] for row in found if row.get("grade"))
        known = ", ".join(f"{grades[g]} {g}" for g in GRADES if grades[g])
        rows.append(
            [f"[{path.name}](../src/igrsim/places/tables/{path.name})", many(len(found)), ", ".join(found[0]), len(keys) or "", known]
        )  # fmt: skip
    return table(["table", "rows", "columns", "sources", "rows by grade"], rows)


def metrics() -> str:
    """Families of metrics."""
    made = make_catalogue()["metrics"]
    rows: list[list[object]] = [
        [family, ", ".join(f"`{m['name']}`" for m in made if m["family"] == family)]
        for family in dict.fromkeys(m["family"] for m in made)
    ]
    return table(["family", "metrics"], rows) + "\nMeaning, unit and which way is better: [metrics](metrics.md).\n"


def sources() -> str:
    """Sources by kind."""
    kinds = Counter(s["kind"] for s in make_catalogue()["sources"])
    counted = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    return f"{kinds.total()} sources ({counted}) stand in [sources](sources.md); every parameter and every row of the tables of institutions names its own.\n"


def regimes() -> str:
    """The regimes that are shipped."""
    rows: list[list[object]] = [
        [f"[{r['name']}](levers.md#{slug(r['name'])})", r["title"], len(r["levers"]), r["rollout"]]
        for r in make_catalogue()["regimes"]
    ]
    return table(["regime", "what it is", "levers", "roll-out"], rows)


def parts(sections: dict[str, Section]) -> Iterator[tuple[str, Callable[[], str]]]:
    """Every part by its name."""
    yield "schedule", lambda: schedule(sections)
    for make in (entities, citizens, state, scales, draws, parameters, rules, inputs, metrics, sources, regimes):
        yield make.__name__, make
