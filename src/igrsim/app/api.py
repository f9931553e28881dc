"""What a request may ask: a scenario within bounds, by a client that names itself."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from igrsim.app.scenario import Scenario, read_document
from igrsim.app.stories import read_whose
from igrsim.kernel.errors import InputError
from igrsim.regimes.schedule_line import is_line
from igrsim.runs.layout import Plan, lay_out
from igrsim.runs.study import Study
from igrsim.runs.study.size import cells_of

BODY_BYTES = 64_000
METRICS = 16
"""Of which a ladder may be asked at once."""
CLIENT = re.compile(r"[A-Za-z0-9-]{8,40}")


@dataclass(frozen=True)
class Bounds:
    """The most that one request may ask of this machine.

    Attributes
    ----------
    citizens, months, worlds, futures, arms : int
    ladder_runs : int
        Runs of a ladder's last picture.
    memory : float
        Part of the memory that is free which one cell may need.
    """

    citizens: int = 20_000
    months: int = 120
    worlds: int = 32
    futures: int = 32
    arms: int = 8
    ladder_runs: int = 1200
    memory: float = 0.4

    def check(self, scenario: Scenario) -> None:
        """Refuse what asks for more.

        Raises
        ------
        InputError
        """
        asked = {name: getattr(scenario, name) for name in ("citizens", "months", "worlds", "futures")}
        for name, value in (asked | {"arms": len(scenario.arms)}).items():
            most = getattr(self, name)
            if value > most:
                raise InputError(
                    f"{name} = {value}: the page computes at most {most}; the command line computes more: "
                    f"{scenario.command()}",
                    code="E385",
                )
        for arm in scenario.arms:
            if arm.rollout and not re.fullmatch(r"[a-z0-9-]+", arm.rollout) and not is_line(arm.rollout):
                # the page's visitors open no files of this machine
                said = " ".join(arm.rollout.split())
                words = f"roll-out '{said:.60}': the page takes named ones, or dates written out"
                raise InputError(words, code="E386")


def read_request(body: bytes, bounds: Bounds) -> tuple[str, Scenario]:
    """Who asks, and what.

    Raises
    ------
    InputError
    """
    data = _request(body, {"client", "scenario"})
    return data["client"], _scenario(data, bounds)


def read_story_request(body: bytes, bounds: Bounds) -> tuple[str, Scenario, dict[str, Any]]:
    """Who asks, of which scenario, and whose story.

    Raises
    ------
    InputError
    """
    data = _request(body, {"client", "scenario", "whose"})
    whose = {name: value for name, value in asdict(read_whose(data["whose"])).items() if value is not None}
    return data["client"], _scenario(data, bounds), whose


def read_ladder_request(body: bytes, bounds: Bounds) -> tuple[str, Scenario, tuple[str, ...]]:
    """Who asks, of which two arms, and the metrics whose difference is shared out.

    Raises
    ------
    InputError
    """
    data = _request(body, {"client", "scenario", "metrics"})
    named = data["metrics"]
    if not isinstance(named, list) or not 1 <= len(named) <= METRICS or not all(isinstance(one, str) for one in named):
        raise InputError(f"metrics: a list of 1 to {METRICS} names", code="E397")
    return data["client"], _scenario(data, bounds), tuple(dict.fromkeys(named))


def _request(body: bytes, keys: set[str]) -> dict[str, Any]:
    if len(body) > BODY_BYTES:
        raise InputError(f"a request of more than {BODY_BYTES} bytes", code="E387")
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError(f"a request is JSON: {', '.join(sorted(keys))}", code="E387") from None
    if not isinstance(data, dict) or set(data) != keys:
        raise InputError(f"a request is JSON: {', '.join(sorted(keys))}", code="E387")
    if not isinstance(data["client"], str) or not CLIENT.fullmatch(data["client"]):
        raise InputError("client: 8 to 40 letters, digits or hyphens", code="E387")
    return data


def _scenario(data: dict[str, Any], bounds: Bounds) -> Scenario:
    scenario = read_document(data["scenario"])
    bounds.check(scenario)
    return scenario


def plan_within(scenario: Scenario, bounds: Bounds) -> Plan:
    """A scenario's cells, if one of them fits into the memory there is.

    Raises
    ------
    InputError
    """
    plan = lay_out(unaudited(scenario.study()))
    fits(plan, bounds)
    return plan


def fits(plan: Plan, bounds: Bounds) -> None:
    """Refuse cells that need more memory than a request may have.

    Raises
    ------
    InputError
    """
    if plan.cell_bytes > bounds.memory * psutil.virtual_memory().available:
        words = f"{cells_of(plan.study)} runs of {plan.cell_bytes / 1e9:.1f} GB each: too much for this machine now"
        raise InputError(words, code="E388")


def unaudited(study: Study) -> Study:
    """The study without the cell that is computed twice: it changes no effect, and a first picture need not wait for it."""
    return study.model_copy(update={"analysis": study.analysis.model_copy(update={"audit": False})})
