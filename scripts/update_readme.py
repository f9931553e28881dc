"""Write the README's result table and picture from a finished run of the demonstration study."""

from __future__ import annotations

import sys
from pathlib import Path

from igrsim import views
from igrsim.results.results import Results
from igrsim.views.numbers import change, difference_unit, level, shown_unit

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- result -->", "<!-- /result -->"
SHOWN = (
    "duplicate_spend_share",
    "gap_share",
    "meeting_hours",
    "report_hours",
    "hours_per_need",
    "cost_of_coordination",
    "break_even",
)


def result_table(results: Results) -> str:
    """The first metrics of the effects table, as Markdown."""
    effects = results.effects().set_index(["arm", "metric"])
    lines = [
        "| | unit | " + f"{results.reference} | arm | difference | 95 % interval | verdict |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for arm in results.arms[1:]:
        lines.append(f"| **{arm}** | | | | | | |")
        for metric in SHOWN:
            row = effects.loc[(arm, metric)]
            unit = str(row["unit"])
            lines.append(
                f"| `{metric}` | {shown_unit(unit)} | {level(row['mean'] - row['difference'], unit)} | {level(row['mean'], unit)} | "
                f"{change(row['difference'], unit)} | {change(row['low'], unit)} to {change(row['high'], unit)} | {row['verdict']} |"
            )
    note = f"\nDifferences of shares are in {difference_unit('share')}."
    return "\n".join(lines) + "\n" + note + "\n"


def main() -> int:
    """Update the README from a results folder."""
    results = Results(Path(sys.argv[1]))
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    readme.write_text(f"{before}{BEGIN}\n{result_table(results)}{END}{after}", encoding="utf-8", newline="\n")
    figure = views.maps(results, "duplicate_spend_share", results.arms[1])
    (ROOT / "docs" / "img").mkdir(exist_ok=True)
    figure.savefig(ROOT / "docs" / "img" / "duplicate_spend.png", dpi=80)
    return 0


if __name__ == "__main__":
    sys.exit(main())
