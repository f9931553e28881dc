"""How a study found out how many worlds it takes, in sentences: looks, why it stopped, which precision it reached."""

from __future__ import annotations

from typing import Any

from igrsim.results.results import CAP, Results
from igrsim.views.metric import metric_of
from igrsim.views.numbers import difference_unit, factor, significant
from igrsim.views.phrases import listed, plural


def autopilot_in_words(results: Results) -> str:
    """Two or three sentences; none where the number of worlds was fixed."""
    about = results.manifest.get("autopilot")
    if not about:
        return ""
    looks, taken = about["looks"], int(about["taken"])
    said = (
        f"Autopilot: {about['worlds']} of at most {looks[-1]} worlds, after {taken} {plural(taken, 'look')} of at most "
        f"{len(looks)}; it stopped because {about['why']}. "
    )
    open_ones = [c for c in about["contrasts"] if c["contrast"] == "primary" and not c["decided"]]
    if open_ones:
        named = listed([f"{c['arm']} in {_title(results, c)}" for c in open_ones])
        said += f"Not decided: {named}. "
    futures = int(results.manifest["futures"])
    if about["why"] == CAP and 1 < futures < int(about["worlds"]):
        said += f"With {futures} futures more worlds would add little: more futures would. "
    reached = [f"{c['arm']} in {_title(results, c)} {_width(c)}" for c in about["contrasts"]]
    return f"{said}Precision of the mean difference, in an interval that holds at all looks at once: {listed(reached)}."


def _title(results: Results, contrast: dict[str, Any]) -> str:
    return metric_of(results, str(contrast["metric"])).title.lower()


def _width(contrast: dict[str, Any]) -> str:
    if contrast["half_width"] is None:
        return "not known"
    return f"\N{PLUS-MINUS SIGN}{significant(contrast['half_width'] * factor(contrast['unit']))} {difference_unit(contrast['unit'])}"
