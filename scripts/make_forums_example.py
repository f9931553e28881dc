"""Write experiments/forums_example.csv: forums of OR Tambo from the project's own table, with made-up dates for some."""

from __future__ import annotations

import csv
from pathlib import Path

from igrsim.places.institutions import load_institutions

FILE = Path(__file__).parents[1] / "experiments" / "forums_example.csv"
DATES = {
    "DIF": "2019-05-14;2019-08-13;2019-11-12;2020-02-11",
    "DIF-TECH": "2019-04-30;2019-07-30;2019-10-29;2020-01-28",
    "LED-DISTRICT": "2019-05-14;2019-08-20;2019-11-19;2020-02-18",
    "INFRA-DISTRICT": "2019-08-13;2020-02-25",
    "AGRI-DISTRICT": "2019-08-20;2020-02-18",
    "DHC": "2019-06-11;2019-09-10;2019-12-03;2020-03-10",
}
"""Made up, so that the example shows clashes; the rhythms are those of the table."""
VENUES = {"DIF": "Mthatha council chamber", "LED-DISTRICT": "Mthatha town hall", "INFRA-DISTRICT": "Port St Johns"}


def main() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            [
                "forum",
                "convener",
                "members",
                "dates",
                "rhythm",
                "hours",
                "venue",
                "sectors",
                "level",
                "place",
                "preparation_hours",
                "delegates",
                "basis",
            ]
        )
        for f in load_institutions().forums:
            if f.level != "space" or f.spaces == "metro":
                continue
            writer.writerow(
                [
                    f.name, f.convener, ";".join(m for m in f.members if m != "metro"), DATES.get(f.code, ""),
                    "" if f.code in DATES else f.meetings_per_year, f"{f.hours:g}", VENUES.get(f.code, "seat"),
                    ";".join(f.sectors), "space", "DC15", f"{f.prep_hours:g}", f.delegates,
                    {1.0: "law", 0.5: "policy", 0.0: "custom"}[f.statutory],
                ]
            )  # fmt: skip


if __name__ == "__main__":
    main()
