"""How a study's effects are judged: what it fixed beforehand, and how often it may look."""

from __future__ import annotations

from igrsim.results.effects import Analysis
from igrsim.runs.futures import together
from igrsim.runs.study.parts import Study
from igrsim.runs.study.size import looks_of


def analysis_of(study: Study) -> Analysis:
    """The judgement that a study fixed before its run."""
    part = study.analysis
    return Analysis(tuple(part.primary), part.margin, part.adjust, len(looks_of(study)), together(study.futures))
