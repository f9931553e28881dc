"""A saved comparison of seconds, as the command line makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.app.scenario import Arm, Scenario
from igrsim.runs.executors import open_crew
from small_study import Said, igrsim


@pytest.fixture(scope="session")
def asked() -> Scenario:
    """Two regimes in two towns: a scenario that the command line's `compare` can ask too."""
    arms = (Arm(name="siloed", regime="siloed"), Arm(name="district-hub-core", regime="district-hub-core"))
    return Scenario(arms=arms, scope="two-towns", months=17, citizens=60, worlds=2, futures=2)


@pytest.fixture(scope="session")
def compared(asked: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What the scenario's own command prints."""
    out = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        # figures and page take seconds, and are looked at elsewhere
        patch.setattr("igrsim.report.write_report", lambda folder, boundaries=None: folder / "report.html")
        # the cell that is computed twice needs no process of its own here
        patch.setattr("igrsim.runs.session._crew", lambda *given: open_crew("inline", 1))
        words = asked.command().split()[1:]
        return igrsim(*words, "--workers", 1, "--format", "json", "--out", out)


@pytest.fixture(scope="session")
def saved(compared: Said) -> Path:
    """The folder of that study."""
    return compared.folder
