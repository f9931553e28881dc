"""The manifest: what a study was, what its numbers mean and rest on, and how to compute it again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import igrsim
from igrsim.kernel.clock import Clock
from igrsim.kernel.params import all_params
from igrsim.metrics._base import Metric
from igrsim.places.institutions import load_institutions
from igrsim.regimes.limits import limits_in_words
from igrsim.results.results import SCHEMA
from igrsim.runs.cell import libraries, model_digest
from igrsim.runs.checks import first_wave
from igrsim.runs.futures import together
from igrsim.runs.layout import Plan, describe
from igrsim.runs.study.size import looks_of
from igrsim.world.planners._base import rules


def study_digest(plan: Plan) -> str:
    """Hash of everything that decides a study's results."""
    resolved = json.dumps(plan.study.resolved(), sort_keys=True, default=str)
    # how many worlds it takes to decide is a result
    cells = [cell.digest for cell in plan.cells if cell.world < looks_of(plan.study)[0]]
    return hashlib.sha256(json.dumps([resolved, cells]).encode()).hexdigest()


def about_metrics(known: list[Metric], primary: list[str]) -> list[dict[str, Any]]:
    first = {name: place for place, name in enumerate(primary)}
    ordered = sorted(known, key=lambda m: (first.get(m.name, len(first)), m.family, m.name))
    return [
        {
            "name": m.name,
            "family": m.family,
            "unit": m.unit,
            "better": m.better,
            "meaning": m.meaning,
            "rests_on": list(m.rests_on),
            "headline": m.name in primary,
            "people": m.level == "people",
        }
        for m in ordered
    ]


def make_manifest(
    plan: Plan, geography: Any, clock: Clock, about: list[dict[str, Any]], command: str
) -> dict[str, Any]:
    study = plan.study
    cited = {p.source for p in all_params().values()}
    theories = (study.world.planners, *(plan.rivals.planners if plan.rivals else ()))
    cited |= {key for name in theories for key in rules[name].source.split(";")}
    sources = {s.key: s.citation for s in load_institutions().sources}
    spaces = geography.spaces

    def from_month(arm: str, index: int) -> str | None:
        start = plan.rollouts[arm].start[index] if study.regime(arm).levers else None
        return clock.label(start) if start is not None and start < study.world.months else None

    def limited(arm: str) -> bool:
        return bool(study.regime(arm).levers and plan.rollouts[arm].limits)

    waves = {arm: first_wave(plan, arm) for arm in study.arms}
    return {
        "schema": SCHEMA,
        "title": study.title,
        "study_hash": study_digest(plan),
        "reference": study.reference,
        "arms": [
            {
                "name": name,
                "regime": arm.regime,
                "title": study.regime(name).title,
                "source": study.regime(name).source,
                "levers": sorted(study.regime(name).levers),
                "rollout": arm.rollout or study.regime(name).rollout,
                "describe": describe(study, name),
                **({"limits": limits_in_words(plan.rollouts[name].limits)} if limited(name) else {}),
            }
            for name, arm in sorted(study.arms.items(), key=lambda item: item[0] != study.reference)
        ],
        "events": [
            {"kind": e.kind, "date": e.date.isoformat(), "words": e.words(), "source": e.source, "grade": e.grade}
            for e in sorted(study.event, key=lambda e: e.date)
        ],
        "first_wave": {arm: clock.label(w) if w is not None else None for arm, w in waves.items()},
        "start": clock.label(0),
        "months": study.world.months,
        "scope": study.world.scope,
        "spaces": [
            {
                "code": spaces.codes[i],
                "name": spaces.names[i],
                "province": spaces.provinces[i],
                "kind": spaces.kinds[i],
                "population": int(spaces.population[i]),
                "hub_from": {arm: from_month(arm, i) for arm in study.arms},
            }
            for i in range(len(spaces))
        ],
        "citizens": plan.citizens,
        "population": plan.population,
        "represents": plan.population / plan.citizens,
        "calibration": study.world.calibration.model_dump() if study.world.calibration else None,
        "worlds": plan.worlds,
        "futures": len(plan.futures),
        **({"futures_together": drawn} if (drawn := together(study.futures)) != 1 else {}),
        "cells": len(plan.every_cell),
        "analysis": study.analysis.model_dump(),
        **({"excluded": plan.excluded} if plan.study.exclude else {}),
        **({"ladder": plan.ladder.about()} if plan.ladder else {}),
        "planners": study.world.planners,
        **({"rivals": plan.rivals.about()} if plan.rivals else {}),
        "metrics": about,
        "params": [
            {k: getattr(p, k) for k in
             ("name", "unit", "default", "low", "high", "grade", "source", "meaning", "choice")}
            for p in all_params().values()
        ],
        "sources": {key: sources.get(key, "") for key in sorted(cited | {s for r in study.arms for s in study.regime(r).source.split(";")})},
        "reproduce": {"command": command, "seed": study.replication.seed},
        "versions": {"igrsim": igrsim.__version__, "model": model_digest(), **libraries()},
    }  # fmt: skip
