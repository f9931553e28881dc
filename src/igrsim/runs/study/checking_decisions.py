"""Whether what an arm adds and drops can be carried out: its months lie in the study, and it drops what is there."""

from __future__ import annotations

from collections.abc import Iterator

from igrsim.kernel.clock import Clock
from igrsim.regimes.decisions import contradictions
from igrsim.regimes.regime import preset
from igrsim.runs.study.parts import Study


def faults_of_decisions(study: Study, name: str) -> Iterator[tuple[str, list[str], str]]:
    """What is wrong with an arm's decisions on levers: words, the key at fault and a code."""
    arm, clock = study.arms[name], Clock(study.world.start, study.world.months)
    first, last = clock.label(0), clock.label(study.world.months - 1)
    for number, drop in enumerate(arm.dropped):
        if drop.start and not first < drop.month <= last:
            words = f"from = {drop.start}: a lever is dropped after the study's first month, {first}, and by its last, {last}"
            yield words, ["arms", name, "drop", str(number), "from"], "E248"
    for kind, number, month, before in contradictions(preset(arm.regime).levers, arm.additions, arm.dropped):
        where = ["arms", name, kind, str(number)]
        if kind == "add":
            yield f"lever '{arm.additions[number].lever}' is there already", where, "E151"
        elif before:
            yield f"lever '{arm.dropped[number].lever}' is dropped already", where, "E249"
        else:
            when = f" before {month}" if month else ""
            words = (
                f"lever '{arm.dropped[number].lever}' is not in regime '{arm.regime}'{when and f', nor added{when}'}"
            )
            yield words, where, "E150"
