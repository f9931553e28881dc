"""The typeface of pictures as files, for pages that are printed: it comes with the package that draws, on every machine."""

from __future__ import annotations

from pathlib import Path

import matplotlib


def typeface() -> dict[str, Path]:
    """Files of DejaVu Sans: ``""`` upright, ``"B"`` bold."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return {"": folder / "DejaVuSans.ttf", "B": folder / "DejaVuSans-Bold.ttf"}
