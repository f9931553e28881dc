"""A worker's task: the tables of a study whose cells are all there, as the page reads them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from igrsim.app.api import unaudited
from igrsim.app.payload import as_json
from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.layout import lay_out
from igrsim.runs.seal import write_manifest
from igrsim.runs.store import Store
from igrsim.runs.study import Study
from igrsim.runs.tables import write_tables

Drawn = tuple[tuple[str, str] | None, str, str, float]
"""What was drawn under its key, else what failed and where; and the seconds it took."""


def draw(key: str, study: Study, folder: str, command: str, read: Callable[[Results], dict[str, Any]]) -> Drawn:
    """The tables that the command line writes of a study, by the same functions, in a folder that is gone afterwards.

    Parameters
    ----------
    folder : str
        Of the store that holds the cells.
    command : str
        Computes the same.
    read : callable
        What the page is told of them.
    """
    begun = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="igrsim-") as there:
            into = Path(there)
            manifest, failures = write_tables(lay_out(unaudited(study)), Store(Path(folder)), into, [], command)
            if failures:
                return None, failures[0].error, failures[0].trace, 0.0
            write_manifest(into, manifest)
            text = as_json(read(Results(into)))
    except (InputError, OSError, ValueError, ArithmeticError, LookupError) as error:
        return None, f"{type(error).__name__}: {error}", "", 0.0
    return (key, text), "", "", time.perf_counter() - begun
