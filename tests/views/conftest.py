"""The made-up study, opened once for all tests of pictures."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from igrsim.results.results import Results

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_up_study import write_ladder, write_rivals, write_sensed, write_study


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Two arms, four worlds, two years, six real spaces, a ladder of levers, Sobol's indices, and rival theories."""
    return Results(write_rivals(write_sensed(write_ladder(write_study(tmp_path_factory.mktemp("study"))))))
