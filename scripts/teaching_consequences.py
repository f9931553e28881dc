"""What the lesson's two studies found, kept as a small table, and what it says of proposals and bets."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from teaching_sums import TEACHING, read_toml

from igrsim.results.results import Results
from igrsim.views.numbers import change, difference_unit, level, shown_unit

FILE = TEACHING / "consequences.csv"
STUDIES = {"lesson": "docs/teaching/lesson.toml", "order": "docs/teaching/order.toml"}
"""Where the studies stand that the lesson is made from."""
ORDER_METRICS = ("duplicate_spend_share", "gap_share", "meeting_hours", "cost_of_coordination")


@dataclass(frozen=True)
class Found:
    """One outcome under one proposal, as the effects table has it."""

    study: str
    reference: str
    arm: str
    metric: str
    unit: str
    base: float
    difference: float
    low: float
    high: float
    pairs: int
    verdict: str
    folder: str

    @property
    def said(self) -> str:
        """The way that the verdict points: lower, higher, the same, or cannot tell."""
        if self.verdict == "cannot tell":
            return "cannot tell"
        if "no difference" in self.verdict or "no material" in self.verdict:
            return "the same"
        return "lower" if "lower" in self.verdict else "higher"

    @property
    def words(self) -> str:
        """The verdict without what is better, which a room should judge itself."""
        return self.verdict.split(",")[0]

    @property
    def level(self) -> str:
        """The reference's level with its unit."""
        shown = level(self.base, self.unit)
        return shown if self.unit == "share" else f"{shown} {shown_unit(self.unit)}"

    @property
    def change(self) -> str:
        """The difference."""
        return change(self.difference, self.unit)

    @property
    def interval(self) -> str:
        """Where one more plausible world would lie."""
        if self.low == self.high == 0:
            return "0 in every pair"
        return f"{change(self.low, self.unit)} to {change(self.high, self.unit)}"

    @property
    def points(self) -> str:
        """The unit of the difference."""
        return difference_unit(self.unit)


def read_results(folder: Path) -> list[Found]:
    """The lines of one study that the lesson uses.

    Raises
    ------
    ValueError
        The folder holds neither of the lesson's studies.
    """
    results = Results(folder)
    arms = set(results.arms)
    known = {name: _arms(name) for name in STUDIES}
    study = next((name for name, wanted in known.items() if wanted == arms), None)
    if study is None:
        asked = " or ".join(f"igrsim run {path}" for path in STUDIES.values())
        raise ValueError(f"{folder} is no run of the lesson's studies: {asked}")
    metrics = ORDER_METRICS if study == "order" else tuple(row["metric"] for row in read_toml("room.toml")["outcome"])
    effects = results.effects().set_index(["arm", "metric"])
    lines = []
    for arm in results.arms:
        if arm == results.reference:
            continue
        for metric in metrics:
            row = effects.loc[(arm, metric)]
            lines.append(
                Found(
                    study=study,
                    reference=results.reference,
                    arm=arm,
                    metric=metric,
                    unit=str(row["unit"]),
                    base=float(row["mean"] - row["difference"]),
                    difference=float(row["difference"]),
                    low=float(row["low"]),
                    high=float(row["high"]),
                    pairs=int(row["pairs"]),
                    verdict=str(row["verdict"]),
                    folder=folder.resolve().name.rpartition("-")[0],
                )
            )
    return lines


def _arms(study: str) -> set[str]:
    return set(read_toml(f"{study}.toml")["arms"])


def write(lines: list[Found], file: Path = FILE) -> None:
    """Keep the lines; those of a study that was not run anew stay as they were."""
    fresh = {line.study for line in lines}
    kept = [line for line in read(file) if line.study not in fresh] if file.exists() else []
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Found)], lineterminator="\n")
        writer.writeheader()
        for line in sorted([*kept, *lines], key=lambda found: list(STUDIES).index(found.study)):
            writer.writerow({name: _short(value) for name, value in asdict(line).items()})


def _short(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def read(file: Path = FILE) -> list[Found]:
    """The lines kept."""
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    numbers = {"base": float, "difference": float, "low": float, "high": float, "pairs": int}
    return [Found(**{name: numbers.get(name, str)(value) for name, value in row.items()}) for row in rows]


def find(lines: list[Found], study: str, arm: str, metric: str) -> Found:
    """The line of one outcome under one proposal."""
    return next(line for line in lines if (line.study, line.arm, line.metric) == (study, arm, metric))


@dataclass(frozen=True)
class Settled:
    """A bet and how it came out."""

    number: int
    statement: str
    true: bool
    why: str


def settle(bets: list[dict[str, Any]], lines: list[Found]) -> list[Settled]:
    """Every bet by the table or the document that decides it; what the table cannot tell, it does not say."""
    settled = []
    for number, bet in enumerate(bets, 1):
        if "truth" in bet:
            settled.append(Settled(number, bet["statement"], bet["truth"], bet["where"]))
            continue
        found = find(lines, bet.get("study", "lesson"), bet["arm"], bet["metric"])
        settled.append(Settled(number, bet["statement"], found.said == bet["says"], why(found)))
    return settled


def why(found: Found) -> str:
    """What a table says of one outcome, in a line."""
    return (
        f"The table says: {found.words} ({found.change} {found.points}, 95 % interval {found.interval}; "
        f"{found.reference} has {found.level})."
    )
