"""Write the shipped catalogue and the generated pages of the docs from the code; with --check, say whether they are current."""

from __future__ import annotations

import sys
from pathlib import Path

from igrsim.runs.catalogue import FILE, make_catalogue, write_catalogue

ROOT = Path(__file__).parents[1]


def pages() -> dict[Path, str]:
    """Every generated file and its text."""
    made = make_catalogue()
    return {
        ROOT / "src" / "igrsim" / FILE: write_catalogue(),
        ROOT / "docs" / "parameters.md": parameters(made),
        ROOT / "docs" / "levers.md": levers(made),
        ROOT / "docs" / "metrics.md": metrics(made),
        ROOT / "docs" / "sources.md": sources(made),
    }


def cell(text: object) -> str:
    """Text that stands in one cell of a table."""
    return str(text).replace("|", "\\|")


def table(header: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def parameters(made: dict) -> str:
    """The page of parameters."""
    params = made["params"]
    by_grade = {g: sum(p["grade"] == g for p in params) for g in ("seed", "measured", "derived", "assumed")}
    share = 100 * by_grade["assumed"] / len(params)
    counts = ", ".join(f"{n} {g}" for g, n in by_grade.items())
    text = "# Parameters\n\nMade from the code; do not edit.\n\n"
    text += f"{len(params)} numbers: {counts}. **{share:.0f} % are assumed**: no published figure was found.\n"
    for group in dict.fromkeys(p["name"].partition(".")[0] for p in params):
        rows = [
            [p["name"], f"{p['default']:g}", f"{p['low']:g} to {p['high']:g}", p["unit"], p["grade"], p["source"],
             p["meaning"] + (" (a choice)" if p["choice"] else "")]
            for p in params if p["name"].partition(".")[0] == group
        ]  # fmt: skip
        text += f"\n## {group}\n\n" + table(["name", "default", "range", "unit", "grade", "source", "meaning"], rows)
    return text


def levers(made: dict) -> str:
    """The page of levers and regimes."""
    text = "# Levers and regimes\n\nMade from the code; do not edit.\n"
    for lever in made["levers"]:
        text += f"\n## {lever['name']}\n\n{lever['summary'].capitalize()}.\n\n"
        for key in ("touches", "costs", "limits", "passage", "seed"):
            text += f"- **{'sources' if key == 'seed' else key}**: {lever[key]}\n"
        if lever["params"]:
            text += f"- **parameters**: {', '.join(lever['params'])}\n"
    text += "\n# Regimes\n"
    for r in made["regimes"]:
        text += f"\n## {r['name']}\n\n{r['title']}. {r['mechanism']}\n\n"
        text += f"- **levers**: {', '.join(r['levers']) or 'none'}\n"
        for key, name in (("in_part", "in part"), ("sets", "sets")):
            text += f"- **{name}**: {'; '.join(r[key])}\n" if r[key] else ""
        for key, name in (("costs", "costs"), ("limits", "limits"), ("rollout", "roll-out"), ("source", "sources")):
            text += f"- **{name}**: {r[key]}\n"
    return text


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
    stale = []
    for path, text in pages().items():
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.relative_to(ROOT).as_posix())
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    for name in stale:
        print(f"{name} is not what the code says: run python scripts/make_catalogue.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
