"""What is wrong with the checks of a study: metrics and arms there are not, conditions that cannot be understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.catalogue import known_names
from igrsim.runs.study.condition import parse_claim

if TYPE_CHECKING:
    from igrsim.runs.study.checking_futures import Fault
    from igrsim.runs.study.parts import Study

NAMES = ("diff", "arm", "reference", "month", "first_wave")
"""What a check may speak of: arm minus reference, both, the month counted from 0, and the first month with a lever."""


def faults_of_checks(study: Study) -> Iterator[Fault]:
    """What is wrong with a study's checks."""
    for number, check in enumerate(study.check):
        where = ["check", str(number)]
        if not check.it[0].isalnum():
            yield "'it' says in words what must hold, and begins with a letter or a digit", [*where, "it"], "E250"
        if check.metric is not None and check.metric not in known_names("metrics"):
            hint = nearest(check.metric, known_names("metrics"))
            yield f"unknown metric '{check.metric[:80]}'{hint}", [*where, "metric"], "E251"
        if check.arm is not None and check.arm not in study.arms:
            yield f"unknown arm '{check.arm[:80]}'{nearest(check.arm, study.arms)}", [*where, "arm"], "E252"
        if len(study.arms) == 1 or check.arm == study.reference:
            words = (
                "a check compares an arm with the reference: name another arm"
                if check.arm
                else "no arm but the reference"
            )
            yield words, [*where, "arm"] if check.arm else where, "E253"
        try:
            parse_claim(check.expect, NAMES)
        except InputError as error:
            spot = study.whereabouts.inside([*where, "expect"], error.column or 1)
            error.file, error.line, error.column = spot.file, spot.line, spot.column
            raise
