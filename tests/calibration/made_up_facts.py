"""Parts of made-up facts that a worker process can import."""

from __future__ import annotations

from collections.abc import Mapping

from igrsim.runs.calibration.facts import Fact
from igrsim.runs.validation.finding import PATTERN, Finding, holds

PAYS = "planning.pays"


def share_paid(values: Mapping[str, float]) -> Finding:
    """Holds where little is paid."""
    paid = values.get(PAYS, 0.35)
    return holds("fact 89: share paid", PATTERN, "at most 0.2", f"{paid:.4f}", paid <= 0.2, paid - 0.2)


FACT = Fact(89, "made up", (share_paid,), (PAYS, "planning.signs"))
