"""Every number behind a study: how well it is known, where it is from, what it means, and how much it matters."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.catalogue import catalogue
from igrsim.runs.sensitivity import TABLE
from igrsim.views.metric import headlines

ABOUT = ("name", "unit", "default", "low", "high", "grade", "source", "meaning", "choice")
MATTERS = ("metric", "arm", "of", "method", "parameter", "unit", "index", "low", "high", "beyond_chance", "rank")


@cache
def about_numbers() -> dict[str, Any]:
    """All numbers of the model as it is now, and what their sources stand for."""
    known = catalogue()
    params = [{key: param[key] for key in ABOUT} for param in known["params"]]
    cited = {key for param in params for key in str(param["source"]).split(";")}
    return {"params": params, "sources": {s["name"]: s["citation"] for s in known["sources"] if s["name"] in cited}}


def evidence_of(results: Results) -> dict[str, Any]:
    """What a study says of its numbers beyond the model's own list.

    Returns
    -------
    dict
        ``others``, numbers that stood otherwise when it was run; ``without``, names of the list that it had not;
        ``sources`` that the list does not have; ``rests_on``, families of numbers by primary metric; ``matters``, rows
        of ``sensitivity.csv``, empty where the study's futures cannot tell.
    """
    now = about_numbers()
    mine = {str(param["name"]): {key: param.get(key) for key in ABOUT} for param in results.manifest["params"]}
    listed = {str(param["name"]): param for param in now["params"]}
    others = [param for name, param in mine.items() if listed.get(name) != param]
    cited = {key for param in others for key in str(param["source"]).split(";")} - set(now["sources"])
    known = results.manifest.get("sources", {})
    return {
        "others": others,
        "without": sorted(set(listed) - set(mine)),
        "sources": {key: known[key] for key in sorted(cited) if key in known},
        "rests_on": {metric.name: list(metric.rests_on) for metric in headlines(results)},
        "matters": matters_of(results),
    }


def matters_of(results: Results) -> list[dict[str, Any]]:
    """The rows of a study's ``sensitivity.csv``: how much each number varied in it matters, with interval and rank."""
    file = results.folder / TABLE
    if not file.exists():
        return []
    try:
        table = pd.read_csv(file)[list(MATTERS)]
    except (ValueError, KeyError):
        raise InputError("is damaged: igrsim sensitivity writes it again", file=str(file), code="E431") from None
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
