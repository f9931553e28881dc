"""Where the demonstration study stands: beside the project, or in the installed package."""

from __future__ import annotations

from pathlib import Path

from igrsim.kernel.errors import InputError

NAME = "compare_regimes.toml"


def demo_study() -> Path:
    """The demonstration study's file."""
    here = Path(__file__).parents[1]
    for folder in (here / "experiments", here.parents[1] / "experiments"):
        if (folder / NAME).is_file():
            return folder / NAME
    raise InputError(f"the demonstration study {NAME} is missing: install igrsim again", code="E170")
