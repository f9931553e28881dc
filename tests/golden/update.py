"""Run the golden cells, print what changed against the kept figures, and keep the new ones."""

from __future__ import annotations

import json
from pathlib import Path

from igrsim.runs.validation.small_worlds import small_model

KEPT = Path(__file__).with_name("two_towns.json")
MONTHS = 40
REGIMES = ("siloed", "district-hub-core")

Totals = dict[str, dict[str, int]]


def totals() -> Totals:
    """Sums of every count of the two towns, under each regime from the first month, until a One Plan is at work."""
    found: Totals = {}
    for regime in REGIMES:
        model = small_model(regime, months=MONTHS, citizens=2000, rollout="all-at-once")
        sums: dict[str, int] = {}

        def record(_: object, counts: dict[str, dict[str, object]], sums: dict[str, int] = sums) -> None:
            for level in sorted(counts):
                for name, values in sorted(counts[level].items()):
                    key = f"{level}.{name}"
                    sums[key] = sums.get(key, 0) + int(values.sum())  # type: ignore[attr-defined]

        model.record = record
        model.run()
        found[regime] = sums
    return found


def differences(kept: Totals, found: Totals) -> list[str]:
    """Lines that say what changed."""
    lines = []
    for regime in sorted(kept.keys() | found.keys()):
        old, new = kept.get(regime, {}), found.get(regime, {})
        lines += [
            f"{regime} {name}: {old.get(name)} -> {new.get(name)}"
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
    return lines


if __name__ == "__main__":
    now = totals()
    before = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    print("\n".join(differences(before, now)) or "nothing changed")
    KEPT.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
