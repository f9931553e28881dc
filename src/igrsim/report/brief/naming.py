"""What arms are called in sentences: by the title of a regime or schedule that stands in the study as it is, else by name."""

from __future__ import annotations

from collections import Counter
from typing import Any

from igrsim.regimes.schedule_file import named_schedules
from igrsim.report.brief.traced import LONG_NAME, Name, clipped
from igrsim.results.results import Results


def arm_called(results: Results, arm: str) -> Name:
    """An arm in quotation marks, so that a title of many words reads as one name."""
    arms: list[dict[str, Any]] = results.manifest["arms"]
    about = next(each for each in arms if str(each["name"]) == arm)
    title = str(about.get("title", arm))
    schedule = named_schedules().get(arm)
    alone = Counter(str(each.get("title", each["name"])) for each in arms)[title] == 1
    if about.get("regime") == arm and alone:
        said = title
    elif schedule is not None and about.get("rollout") == arm:
        said = schedule.title
    else:
        said = arm
    return Name(f"“{clipped(said, LONG_NAME)}”")
