"""The table of national norms."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.places.norms import load_norms


def test_schools_are_built_to_a_norm_and_roads_are_not() -> None:
    sectors = {norm.sector for norm in load_norms()}
    assert "education" in sectors
    assert "roads" not in sectors


def test_that_they_bind_is_assumed() -> None:
    assert {norm.grade for norm in load_norms()} == {"assumed"}


def test_a_sector_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "norms.csv").write_text("sector,norm,basis,source,grade\nschools,a,b,health-2003,assumed\n")
    with pytest.raises(InputError, match="schools"):
        load_norms(tmp_path)
