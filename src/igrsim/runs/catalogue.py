"""The catalogue of what there is, generated from the code, so that lists, checks and help answer at once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from igrsim.kernel.params import Param

if TYPE_CHECKING:
    from igrsim.levers._base import Lever

FILE = "catalogue.json"


@cache
def catalogue() -> dict[str, list[dict[str, Any]]]:
    """The shipped catalogue; continuous integration checks that it says what the code says."""
    text = (resources.files("igrsim") / FILE).read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = json.loads(text)
    return found


@cache
def known_params() -> dict[str, Param]:
    """Every parameter by its address."""
    found = {}
    for row in catalogue()["params"]:
        group, _, field = row["name"].partition(".")
        rest = {k: v for k, v in row.items() if k != "name"}
        found[row["name"]] = Param(group=group, field=field, **rest)
    return found


def known_names(kind: str) -> list[str]:
    """Names of all levers, regimes, metrics."""
    return [row["name"] for row in catalogue()[kind]]


def make_catalogue() -> dict[str, list[dict[str, Any]]]:
    """The catalogue as the code has it now."""
    import igrsim.model  # noqa: F401  the whole model announces itself
    from igrsim.kernel.params import all_params
    from igrsim.levers._base import levers
    from igrsim.metrics._base import metrics
    from igrsim.places.geography import load_geography
    from igrsim.places.institutions import load_institutions
    from igrsim.places.scopes import NAMED, PILOTS
    from igrsim.regimes.regime import presets
    from igrsim.regimes.schedule_file import named_schedules
    from igrsim.services.catalogue import SERVICE_NAMES, load_catalogue
    from igrsim.world.planners._base import rules

    institutions, geography = load_institutions(), load_geography()
    params = [
        {
            "name": p.name,
            "unit": p.unit,
            "default": p.default,
            "low": p.low,
            "high": p.high,
            "grade": p.grade,
            "source": p.source,
            "meaning": p.meaning,
            "choice": p.choice,
        }
        for p in all_params().values()
    ]
    steps = load_catalogue().steps
    spaces = geography.spaces
    return {
        "levers": [
            {
                "name": name,
                "summary": lever.summary,
                "seed": lever.seed,
                "passage": lever.passage,
                "touches": lever.touches,
                "costs": lever.costs,
                "limits": lever.limits,
                "rules": _rules_set(lever),
                "params": [p["name"] for p in params if str(p["name"]).startswith(f"{name}.")],
                "numbers": list(lever.numbers),
            }
            for name, lever in levers.items()
        ],
        "regimes": [
            {
                "name": r.name,
                "title": r.title,
                "mechanism": r.mechanism,
                "costs": r.costs,
                "limits": r.limits,
                "levers": list(r.levers),
                "in_part": [term.describe() for term in r.terms],
                "sets": [f"{name} = {value:g}" for name, value in r.choices],
                "source": r.source,
                "rollout": r.rollout,
            }
            for r in presets().values()
        ],
        "rollouts": [
            {"name": name, "title": s.title, "order": s.order, "source": s.source}
            for name, s in named_schedules().items()
        ],
        "metrics": [
            {
                "name": m.name,
                "family": m.family,
                "unit": m.unit,
                "better": m.better,
                "meaning": m.meaning,
                "rests_on": list(m.rests_on),
            }
            for _, m in metrics.items()
        ],
        "planners": [
            {
                "name": name,
                "title": rule.title,
                "theory": rule.theory,
                "changes": rule.changes,
                "leaves": rule.leaves,
                "params": [p["name"] for p in params if str(p["name"]).startswith(f"{name}.")],
                "source": rule.source,
            }
            for name, rule in rules.items()
        ],
        "params": params,
        "sources": [{"name": s.key, "kind": s.kind, "citation": s.citation} for s in institutions.sources],
        "scopes": [
            {"name": "country", "meaning": "all 52 spaces"},
            {"name": "pilots", "meaning": f"the three pilots of 2019: {', '.join(PILOTS)}"},
            {"name": NAMED[-1], "meaning": "a small synthetic district with two towns, for theory and teaching"},
            *({"name": f"province:{name}", "meaning": f"the spaces of {name}"} for name in geography.provinces.names),
            {"name": "DC15,ETH", "meaning": "spaces by their codes (see: list spaces)"},
        ],
        "spaces": [
            {
                "name": spaces.codes[i],
                "title": spaces.names[i],
                "kind": spaces.kinds[i],
                "province": spaces.provinces[i],
                "population": int(spaces.population[i]),
            }
            for i in range(len(spaces))
        ],
        "services": [
            {
                "name": s.name,
                "counter": SERVICE_NAMES[s.service],
                "asks_for": ", ".join(s.requires) or "nothing",
                "gives": s.gives or "the need is met",
                "meaning": s.meaning,
                "source": s.source,
            }
            for s in steps
        ],
        "forums": [
            {
                "name": f.code,
                "title": f.name,
                "level": f.level,
                "convener": f.convener,
                "meetings_per_year": f.meetings_per_year,
                "hours": f.hours,
                "statutory": f.statutory,
                "basis": f.basis,
                "source": f.source,
                "grade": f.grade,
            }
            for f in institutions.forums
        ],
    }


def _rules_set(lever: type[Lever]) -> list[dict[str, str]]:
    """The rules that a lever in full force changes, and those that only a choice of its own makes it change."""
    from igrsim.kernel.params import ParamSet, all_params
    from igrsim.world.ruling import SILOS, changed, meanings, theme_of

    by_choice = dict.fromkeys(changed(SILOS, lever(ParamSet()).amend(SILOS, 1.0)), "")
    for choice in all_params().values():
        if choice.group == lever.id:
            chosen = lever(ParamSet({choice.name: choice.high})).amend(SILOS, 1.0)
            for rule in changed(SILOS, chosen):
                by_choice.setdefault(rule, choice.name)
    return [
        {"rule": rule, "theme": theme_of(rule), "meaning": meanings()[rule], "by_choice": choice}
        for rule, choice in by_choice.items()
    ]


def write_catalogue() -> str:
    """The catalogue's text, as it is shipped."""
    return json.dumps(make_catalogue(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"
