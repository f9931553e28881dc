"""A made-up study's folder: every table with invented figures, to try pictures and reports on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.results import agreement as agreed_on
from igrsim.results.agreement import agreement
from igrsim.results.columns import OTHERS
from igrsim.results.contributions import ALL, COLUMNS
from igrsim.results.effects import effects_table, verdict
from igrsim.results.results import SCHEMA

METRICS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name, "family": family, "unit": unit, "better": better, "meaning": meaning,
        "rests_on": rests_on, "headline": headline, "people": people,
    }
    for name, family, unit, better, meaning, rests_on, headline, people in (
        ("duplicate_spend_share", "duplication", "share", "lower", "rand committed unawares beyond need", ["planning", "sight"], True, False),
        ("gap_share", "duplication", "share", "lower", "severity-weighted need left unfunded", ["planning"], False, False),
        ("hours_per_need", "travel", "hours per need", "lower", "hours of all trips per need", ["access"], True, True),
        ("rand_per_need", "travel", "rand per need", "lower", "rand of all trips per need", ["access"], False, True),
        ("wasted_trip_share", "travel", "share", "lower", "trips that finished no step", ["access"], False, True),
        ("meeting_hours", "load", "hours per municipality and month", "lower", "official hours in meetings", ["engagement", "hub"], True, False),
        ("attendance_rate", "load", "share", "higher", "invitations honoured", ["engagement"], False, False),
        ("ties", "institutions", "index 0-1", "neither", "who knows whose plans", ["sight"], False, False),
        ("cost_of_coordination", "money", "rand million a year", "lower", "rand for meetings, reports and hubs", ["hub"], False, False),
    )
)  # fmt: skip
LEVEL = dict(zip((m["name"] for m in METRICS), (0.12, 0.4, 9.1, 143.0, 0.31, 118.0, 0.62, 0.22, 812.0), strict=True))
SHIFT = dict(zip((m["name"] for m in METRICS), (-0.1, -0.01, 0.0, 0.0, 0.0, 0.09, -0.02, 0.15, 0.2), strict=True))
SIX = ("DC15", "ETH", "DC36", "CPT", "JHB", "DC6")
PLACE_KINDS = ("metro", "town", "township", "rural")


def write_study(
    folder: Path,
    arms: Sequence[str] = ("siloed", "district-hub-core"),
    worlds: int = 4,
    futures: int = 1,
    months: int = 24,
    spaces: Sequence[str] = SIX,
    same: bool = False,
) -> Path:
    """Write a study's tables into `folder`; with `same`, every arm has the reference's figures."""
    folder.mkdir(parents=True, exist_ok=True)
    luck = np.random.default_rng(7)
    names = [m["name"] for m in METRICS]
    calendar = [f"{2019 + (3 + m) // 12}-{(3 + m) % 12 + 1:02d}" for m in range(months)]
    cells = [(arm, future, world) for arm in arms for future in range(futures) for world in range(worlds)]
    share = {m["name"] for m in METRICS if m["unit"] == "share"}
    place_luck = {space: luck.normal(1.0, 0.25, len(names)) for space in spaces}
    run_luck = {(f, w): luck.normal(1.0, 0.06, len(names)) for f in range(futures) for w in range(worlds)}
    month_luck = {(f, w): luck.normal(1.0, 0.05, (months, len(names))) for f in range(futures) for w in range(worlds)}
    base = np.array([LEVEL[n] for n in names])
    monthly, people, ledger, design = [], [], [], []
    for cell, (arm, future, world) in enumerate(cells):
        key = {"cell": cell, "arm": arm, "future": future, "world": world}
        design.append({**key, "hash": f"{cell:064x}", "seed": 1, "status": "done", "access.fare": 0.6})
        gain = 0.0 if same or arm == arms[0] else 1.0 + 0.3 * (arms.index(arm) - 1)
        for m, month in enumerate(calendar):
            on = gain * max(0.0, min(1.0, (m - 11) / 8))
            for i, space in enumerate(spaces):
                way = np.array([SHIFT[n] for n in names]) * (1.0 - 1.6 * (i % 3 == 1)) * (0.8 + 0.4 * (world % 3))
                figures = (
                    base * place_luck[space] * run_luck[future, world] * month_luck[future, world][m] * (1 + on * way)
                )
                figures = np.array([min(v, 1.0) if n in share else v for n, v in zip(names, figures, strict=True)])
                if m % 12 in (1, 2, 3, 4):
                    figures[0] = np.nan
                monthly.append({**key, "month": month, "space": space, **dict(zip(names, figures, strict=True))})
                for account, bearer, hours in (
                    ("delivery", "municipality", 9000.0), ("meetings", "municipality", 900.0 * (1 + 0.09 * on)),
                    ("meetings", "province", 250.0), ("reports", "municipality", 700.0),
                    ("hub posts", "nation", 340.0 * on), ("travel for services", "citizens", 4000.0),
                ):  # fmt: skip
                    ledger.append(
                        {**key, "month": month, "space": space, "account": account, "bearer": bearer,
                         "hours": hours, "rand": hours * 310.0}
                    )  # fmt: skip
            for dimension, groups in (
                ("place_kind", PLACE_KINDS), ("wealth_fifth", ("1", "2", "3", "4", "5")),
                ("household_head", ("female", "male")),
            ):  # fmt: skip
                for g, group in enumerate(groups):
                    tilt = (1 + 0.1 * g) * (1 + on * 0.03 * (g - 1)) * run_luck[future, world][2]
                    figures = {x["name"]: LEVEL[x["name"]] * tilt for x in METRICS if x["people"]}
                    people.append({**key, "month": month, "dimension": dimension, "group": group, **figures})
    table = pd.DataFrame(monthly)
    runs_keys = ["cell", "arm", "future", "world"]
    runs = table.groupby(runs_keys, sort=False)[names].mean().reset_index()
    tables = {
        "design": pd.DataFrame(design),
        "monthly": table,
        "national": table.groupby([*runs_keys, "month"], sort=False)[names].mean().reset_index(),
        "spaces": table.groupby([*runs_keys, "space"], sort=False)[names].mean().reset_index(),
        "runs": runs,
        "people": pd.DataFrame(people),
        "ledger": pd.DataFrame(ledger),
    }
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet")
    effects = effects_table(runs, pd.DataFrame(METRICS), arms[0], list(arms))
    columns = [column.name for column in OTHERS if column.table == "effects"]
    effects.reindex(columns=columns).to_csv(folder / "effects.csv", index=False)
    pd.DataFrame(
        [("arms are identical before the first wave", "0", "0", True), ("hours conserved", "0", "12", False)],
        columns=["name", "expected", "found", "passed"],
    ).to_csv(folder / "checks.csv", index=False)
    (folder / "manifest.json").write_text(
        json.dumps(_manifest(list(arms), worlds, futures, months, spaces, calendar)), encoding="utf-8"
    )
    return folder


LADDER: dict[str, dict[str, tuple[float, float, float, float, str]]] = {
    # lever: contribution, half its interval, alone, last, beside the others
    "meeting_hours": {
        "task-teams": (6.1, 0.8, 6.4, 5.8, "cannot tell"),
        "spatial-budgeting": (-2.0, 0.6, -4.1, -0.5, "less beside the others"),
        "district-hub": (1.2, 0.3, 0.0, 2.9, "more beside the others"),
        "one-plan": (-0.4, 0.9, 0.3, -0.8, "cannot tell"),
    },
    "hours_per_need": dict.fromkeys(("task-teams", "district-hub"), (0.0, 0.0, 0.0, 0.0, "the same")),
    "ties": {},
}
"""A made-up ladder: levers against each other, nothing to share out, and nothing defined."""


def write_ladder(folder: Path) -> Path:
    """Write a ladder of levers beside a made-up study's tables."""
    units = {m["name"]: m["unit"] for m in METRICS}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    arm = manifest["arms"][1]["name"]
    rows = []
    for metric, levers in LADDER.items():
        total = sum(row[0] for row in levers.values())
        about = {"arm": arm, "metric": metric, "unit": units[metric], "orders": 16, "pairs": 5 if levers else 0}
        for lever, (size, half, alone, last, words) in levers.items():
            numbers = {"contribution": size, "low": size - half, "high": size + half, "alone": alone, "last": last}
            share = size / total if total else None
            rows.append({**about, "lever": lever, **numbers, "share": share, "beside_others": words})
        whole = {"contribution": total, "low": total - bool(total), "high": total + bool(total)} if levers else {}
        rows.append({**about, "lever": ALL, **whole, "beside_others": "" if levers else "undefined"})
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(folder / "ladder.csv", index=False)
    known = {"arm": arm, "metrics": list(LADDER), "levers": list(LADDER["meeting_hours"]), "orders": 16, "every": False}
    manifest["ladder"] = {**known, "coalitions": 40}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


RIVALS: dict[str, dict[str, tuple[float, float]]] = {
    # rule: difference, half its interval
    "meeting_hours": {"need-ranked": (-9.0, 3.0), "garbage-can": (-2.0, 4.0), "incentive-based": (6.0, 2.0)},
    "duplicate_spend_share": {"need-ranked": (-0.03, 0.01), "garbage-can": (-0.01, 0.004), "incentive-based": (-0.005, 0.02)},
    "hours_per_need": dict.fromkeys(("need-ranked", "garbage-can", "incentive-based"), (0.0, 0.0)),
}  # fmt: skip
"""Made-up contrasts under three theories: they contradict each other, agree in direction, and find nothing at all."""


def write_rivals(folder: Path) -> Path:
    """Write contrasts under rival theories beside a made-up study's tables."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    arm, reference = manifest["arms"][1]["name"], manifest["reference"]
    better = {m["name"]: m["better"] for m in METRICS}
    rows = []
    for metric, by_rule in RIVALS.items():
        about = {
            "arm": arm,
            "reference": reference,
            "metric": metric,
            "unit": "share" if "share" in metric else "hours",
        }
        verdicts = {}
        for rule, (size, half) in by_rule.items():
            low, high, level = size - half, size + half, LEVEL[metric]
            said = verdict(size, low, high, 0.8, 0.0, better[metric]) if size else "exactly no difference"
            verdicts[rule] = said
            numbers = {"mean": level + size, "difference": size, "low": low, "high": high, "pairs": 8, "verdict": said}
            rows.append({**about, "planners": rule, **numbers, "mean_low": low, "mean_high": high, "agree": 0.8})
            if rule != "need-ranked":
                beyond = size - by_rule["need-ranked"][0]
                rows[-1] |= {"beyond_own": beyond, "beyond_own_low": beyond - half, "beyond_own_high": beyond + half}
        said = agreement(verdicts, {rule: size for rule, (size, _) in by_rule.items()})
        rows.append({**about, "planners": agreed_on.ALL, "verdict": said})
    pd.DataFrame(rows, columns=list(agreed_on.COLUMNS)).to_csv(folder / "rivals.csv", index=False)
    names = list(RIVALS["meeting_hours"])
    told = [{"name": n, "title": n, "theory": f"officials are {n}", "source": "assumption"} for n in names]
    manifest["planners"] = names[0]
    manifest["rivals"] = {"own": names[0], "planners": names[1:], "metrics": list(RIVALS), "theories": told}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def write_sensed(folder: Path) -> Path:
    """Write Sobol's indices of meeting hours beside a made-up study's tables."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    reference, arm = (found["name"] for found in manifest["arms"][:2])
    indices = {"engagement.hours": (0.62, 0.5), "access.fare": (0.3, 0.28), "planning.notice": (0.08, -0.01)}
    grades = {p["name"]: p["grade"] for p in manifest["params"]}
    rows = [
        {"metric": "meeting_hours", "arm": name, "of": of, "method": "sobol", "parameter": parameter,
         "grade": grades[parameter], "unit": "share of the variance", "index": size, "low": size / 2, "high": size * 1.5,
         "first": alone, "floor": 0.05, "beyond_chance": alone > 0.05, "rank": rank}
        for name, of in ((arm, "difference"), (reference, "level"))
        for rank, (parameter, (size, alone)) in enumerate(indices.items(), start=1)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "sensitivity.csv", index=False)
    shares = [
        {"metric": "meeting_hours", "arm": name, "of": of, "method": "sobol", "share_of": share, "estimate": size,
         "low": size - 0.05, "high": size + 0.05, "parameters": "engagement.hours" * (share == "measuring"), "used": 64,
         "left_out": 0, "counted_in": "blocks"}
        for name, of in ((arm, "difference"), (reference, "level"))
        for share, size in (("analysed", 0.0), ("derived", 0.62), ("measured", 0.3), ("assumed", 0.08), ("measuring", 0.6))
    ]  # fmt: skip
    pd.DataFrame(shares).to_csv(folder / "sensitivity_shares.csv", index=False)
    return folder


def _manifest(
    arms: list[str], worlds: int, futures: int, months: int, spaces: Sequence[str], calendar: list[str]
) -> dict[str, Any]:
    wave = calendar[min(12, months - 1)]
    return {
        "schema": SCHEMA,
        "title": "Do district hubs cut <duplication> & $burden$?",
        "reference": arms[0],
        "arms": [
            {
                "name": arm, "regime": arm, "title": arm.replace("-", " ").capitalize(),
                "levers": [] if arm == arms[0] else ["district-hub", "one-plan"], "rollout": "all at once",
                "describe": "each department plans alone" if arm == arms[0] else "a hub in every district & metro",
            }
            for arm in arms
        ],
        "first_wave": {arm: None if arm == arms[0] else wave for arm in arms},
        "start": "2019-04", "months": months, "scope": "country",
        "spaces": [
            {"code": code, "name": f"Space {code}", "province": "EC", "kind": "district", "population": 100_000,
             "hub_from": {arm: None if arm == arms[0] else wave for arm in arms}}
            for code in spaces
        ],
        "citizens": 200_000, "represents": 258.9, "worlds": worlds, "futures": futures,
        "metrics": list(METRICS),
        "params": [
            {"name": f"{group}.{field}", "unit": unit, "default": default, "low": low, "high": high,
             "grade": grade, "source": source, "meaning": meaning, "choice": choice}
            for group, field, unit, default, low, high, grade, source, meaning, choice in (
                ("planning", "notice", "share", 0.3, 0.1, 0.9, "assumed", "assumption", "others' plans noticed unaided", False),
                ("planning", "cycle", "months", 12, 12, 12, "seed", "mfma", "months of a budget year", False),
                ("sight", "decay", "share a month", 0.05, 0.0, 0.2, "assumed", "assumption", "ties lost each month", False),
                ("access", "fare", "rand per km", 0.62, 0.4, 1.1, "measured", "nhts-2020", "taxi fare", False),
                ("access", "papers", "share", 0.2, 0.05, 0.6, "assumed", "assumption", "people without papers", False),
                ("engagement", "hours", "hours", 3.0, 2.0, 5.0, "derived", "s1-pcc-2019", "length of a forum", False),
                ("engagement", "offset", "hours", 0.0, -1.0, 1.0, "assumed", "assumption", "extra time", False),
                ("hub", "posts", "posts", 11, 1, 20, "seed", "s3-pilots-2020", "posts of a hub", True),
            )
        ],
        "sources": {
            "assumption": "No published figure; a stated assumption", "mfma": "Municipal Finance Management Act 56 of 2003",
            "nhts-2020": "Statistics South Africa, National Household Travel Survey 2020", "s1-pcc-2019": "PCC presentation, 2019",
            "s3-pilots-2020": "Lessons of the three pilots, 2020",
        },
        "reproduce": {"command": "igrsim run experiments/compare_regimes.toml", "seed": 20190821},
        "versions": {"igrsim": "0.1.0", "python": "3.12", "numpy": "2.3"},
        "run": {"seconds": 512.0, "workers": 2},
    }  # fmt: skip
