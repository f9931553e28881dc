"""Write the shipped catalogue and the generated pages of the docs from the code; with --check, say whether they are current."""

from __future__ import annotations

import sys
from pathlib import Path

from igrsim.runs.catalogue import FILE, make_catalogue, write_catalogue
from igrsim.runs.study.schema import FILE as SCHEMA
from igrsim.runs.study.schema import write_schema

ROOT = Path(__file__).parents[1]
LEVERS = ROOT / "docs" / "levers"


def pages() -> dict[Path, str]:
    """Every generated file and its text."""
    made = make_catalogue()
    return {
        ROOT / "src" / "igrsim" / FILE: write_catalogue(),
        ROOT / "src" / "igrsim" / SCHEMA: write_schema(made),
        ROOT / "docs" / "parameters.md": parameters(made),
        ROOT / "docs" / "levers.md": levers(made),
        ROOT / "docs" / "metrics.md": metrics(made),
        ROOT / "docs" / "sources.md": sources(made),
    } | {LEVERS / f"{one['name']}.md": lever(one, made) for one in made["levers"]}


def cell(text: object) -> str:
    """Text that stands in one cell of a table."""
    return str(text).replace("|", "\\|")


def table(header: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def numbers(params: list[dict]) -> str:
    """A table of parameters."""
    rows: list[list[object]] = [
        [p["name"], f"{p['default']:g}", f"{p['low']:g} to {p['high']:g}", p["unit"], p["grade"], p["source"],
         p["meaning"] + (" (a choice)" if p["choice"] else "")]
        for p in params
    ]  # fmt: skip
    return table(["name", "default", "range", "unit", "grade", "source", "meaning"], rows)


def parameters(made: dict) -> str:
    """The page of parameters."""
    params = made["params"]
    by_grade = {g: sum(p["grade"] == g for p in params) for g in ("seed", "measured", "derived", "assumed")}
    share = 100 * by_grade["assumed"] / len(params)
    counts = ", ".join(f"{n} {g}" for g, n in by_grade.items())
    text = "# Parameters\n\nMade from the code; do not edit.\n\n"
    text += f"{len(params)} numbers: {counts}. **{share:.0f} % are assumed**: no published figure was found.\n"
    for group in dict.fromkeys(p["name"].partition(".")[0] for p in params):
        text += f"\n## {group}\n\n" + numbers([p for p in params if p["name"].partition(".")[0] == group])
    return text


def levers(made: dict) -> str:
    """The page that lists the levers, each with a page of its own, and tells of the regimes."""
    rows: list[list[object]] = [
        [f"[{x['name']}](levers/{x['name']}.md)", x["summary"], ", ".join(rule["rule"] for rule in x["rules"])]
        for x in made["levers"]
    ]
    text = "# Levers and regimes\n\nMade from the code; do not edit.\n\n" + table(
        ["lever", "what it is", "rules"], rows
    )
    text += "\n# Regimes\n"
    for r in made["regimes"]:
        text += f"\n## {r['name']}\n\n{r['title']}. {r['mechanism']}\n\n"
        text += f"- **levers**: {', '.join(f'[{x}](levers/{x}.md)' for x in r['levers']) or 'none'}\n"
        for key, name in (("in_part", "in part"), ("sets", "sets")):
            text += f"- **{name}**: {'; '.join(r[key])}\n" if r[key] else ""
        for key, name in (("costs", "costs"), ("limits", "limits"), ("rollout", "roll-out"), ("source", "sources")):
            text += f"- **{name}**: {r[key]}\n"
    return text


def lever(one: dict, made: dict) -> str:
    """A lever's page: its way of working, what it costs and leaves out, where it comes from, its numbers."""
    params = {p["name"]: p for p in made["params"]}
    cited = {s["name"]: s["citation"] for s in made["sources"]}
    text = f"# {one['name']}\n\nMade from the code; do not edit. [All levers](../levers.md).\n\n"
    text += f"{one['summary'][0].upper()}{one['summary'][1:]}.\n\n"
    for key, name in (("touches", "mechanism"), ("costs", "costs"), ("limits", "limits"), ("passage", "passage")):
        text += f"- **{name}**: {one[key]}\n"
    text += "".join(f"- **source** {key}: {cited[key]}\n" for key in one["seed"].split(";"))
    rules = [
        [r["rule"], r["theme"], r["meaning"] + (f" (only by the choice {r['by_choice']})" if r["by_choice"] else "")]
        for r in one["rules"]
    ]
    text += "\n## The rules it changes\n\n" + table(["rule", "theme", "meaning"], rules)
    names = [*one["params"], *one["numbers"]]
    text += "\n## The numbers it turns on\n\nIts own choices, what it is good for, what it costs.\n\n"
    return text + numbers([params[name] for name in names])


def metrics(made: dict) -> str:
    """The page of metrics."""
    text = "# Metrics\n\nMade from the code; do not edit. A value whose denominator is zero is undefined, never 0.\n"
    for family in dict.fromkeys(m["family"] for m in made["metrics"]):
        rows = [[m["name"], m["unit"], m["better"], m["meaning"]] for m in made["metrics"] if m["family"] == family]
        text += f"\n## {family}\n\n" + table(["name", "unit", "better", "meaning"], rows)
    return text


def sources(made: dict) -> str:
    """The page of sources."""
    rows = [[s["name"], s["kind"], s["citation"]] for s in made["sources"]]
    return "# Sources\n\nMade from the code; do not edit.\n\n" + table(["key", "kind", "citation"], rows)


def main() -> int:
    """Write or check."""
    made = pages()
    left_over = set(LEVERS.glob("*")) - set(made)
    if "--check" not in sys.argv:
        LEVERS.mkdir(exist_ok=True)
        for path, text in made.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        for path in left_over:
            path.unlink()
        return 0
    stale = [p for p, text in made.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    for path in sorted([*stale, *left_over]):
        name = path.relative_to(ROOT).as_posix()
        print(f"{name} is not what the code says: run python scripts/make_catalogue.py", file=sys.stderr)
    return 1 if stale or left_over else 0


if __name__ == "__main__":
    sys.exit(main())
