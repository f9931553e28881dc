"""Made-up tables of roll-outs beside a made-up study: three plans, one of which slips because its specialists do not suffice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from igrsim.results.rollouts import MILESTONES, PLANNED, label

STAGE = dict(zip(MILESTONES, (0, 1, 2, 1, 1, 2, 4), strict=True))
"""Months that each stage is planned to take after the one before it; the posts fill beside the steps."""


def write_rollouts(
    folder: Path,
    plans: Sequence[str] = ("ddm-2019-plan", "all-at-once", "poorest-first"),
    apart: Sequence[int] = (1, 0, 2),
    slips: Sequence[int] = (2, 9, 1),
    limit: float | None = 30.0,
) -> Path:
    """Write ``milestones.parquet`` and ``rollout.parquet`` into a made-up study's folder.

    Parameters
    ----------
    apart : sequence of int
        Months between the planned starts of one space and the next, by plan.
    slips : sequence of int
        Months by which the last space's One Plan comes late, by plan; others in proportion to their place.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    spaces = [space["code"] for space in manifest["spaces"]]
    first = int(manifest["start"][:4]) * 12 + int(manifest["start"][5:7]) - 1
    last = first + manifest["months"] - 1
    design = pd.read_parquet(folder / "design.parquet")
    luck = np.random.default_rng(11)
    reached_rows, month_rows = [], []
    for cell in design.to_dict("records"):
        if cell["arm"] not in plans:
            continue
        key = {name: cell[name] for name in ("cell", "arm", "future", "world")}
        which = list(plans).index(str(cell["arm"]))
        ends: dict[str, dict[str, int]] = {}
        for place, space in enumerate(spaces):
            planned = reached = first + 4 + apart[which] * place * 6 // max(len(spaces), 6)
            share = (place + 1) / len(spaces)
            ends[space] = {}
            for milestone in MILESTONES:
                if milestone == "hub staffed":
                    due, went = planned + 2, reached + 2 + int(luck.integers(0, 3))
                else:
                    planned += STAGE[milestone]
                    late = slips[which] * share / (len(MILESTONES) - 1)
                    reached += STAGE[milestone] + int(late + luck.random())
                    due, went = planned, reached
                ends[space][milestone] = went
                there = went <= last
                reached_rows.append(
                    {**key, "space": space, "milestone": milestone, "planned": label(due),
                     "reached": label(went) if there else None, "months_late": went - due if there else None}
                )  # fmt: skip
        for month in range(first, last + 1):
            running = sum(found["taken in"] <= month for found in ends.values())
            adopted = sum(found[PLANNED] <= month for found in ends.values())
            waiting = max(0, running - adopted - 4) if slips[which] > 5 else 0
            used = min(900.0, 180.0 * (running - adopted))
            month_rows.append(
                {**key, "month": label(month), "spaces_due": running + waiting, "spaces_running": running,
                 "spaces_waiting": waiting, "posts_wanted": 11.0 * running, "posts_filled": 9.0 * running,
                 "specialists": None if limit is None else 40.0, "hours_available": 900.0 if running > adopted else 0.0,
                 "hours_used": used, "rand_million": 0.7 * running,
                 "rand_million_limit": None if limit is None else limit / 12, "plans_adopted": adopted}
            )  # fmt: skip
    milestones = pd.DataFrame(reached_rows)
    milestones["months_late"] = milestones["months_late"].astype("Int64")
    milestones.to_parquet(folder / "milestones.parquet")
    months = pd.DataFrame(month_rows)
    for name in ("specialists", "rand_million_limit"):
        months[name] = months[name].astype("float64")
    months.to_parquet(folder / "rollout.parquet")
    return folder
