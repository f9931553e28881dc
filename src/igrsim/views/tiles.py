"""The tile map: every space one square of the same size, roughly where it lies in the country."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd


@cache
def load_tiles() -> dict[str, tuple[int, int]]:
    """Row (from the north) and column (from the west) of each space's square."""
    with (files("igrsim.places") / "tables" / "tiles.csv").open("rb") as file:
        table = pd.read_csv(file)
    places = zip(table["row"].astype(int).tolist(), table["col"].astype(int).tolist(), strict=True)
    return dict(zip(table["space"].astype(str).tolist(), places, strict=True))
