"""Compiled functions, kept from one process to the next for as long as nothing that they are made of changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

PACKAGE = Path(__file__).parents[1]
MADE_OF = ("citizens", "kernel", "places")
"""Rooms whose code and constants compiled functions are made of."""

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function; other threads go on while it runs, and a division by zero is an infinity."""
    return _kept(function, nogil=True)


def compiled_in(function: F) -> F:
    """Compile a function into each of those that call it."""
    return _kept(function, forceinline=True)


def _kept(function: F, **options: bool) -> F:
    # whoever has said where compiled functions shall be kept is obeyed
    before = config.CACHE_DIR
    config.CACHE_DIR = before or str(kept_in())
    try:
        made: F = njit(cache=True, error_model="numpy", **options)(function)
    finally:
        config.CACHE_DIR = before
    return made


@cache
def kept_in() -> Path:
    """The folder of compiled functions: another one whenever any file changes that they are made of.

    By itself the compiler looks at a function's own file only, and would go on with a constant or a function of another
    file as it was.
    """
    digest = hashlib.sha256()
    for room in MADE_OF:
        for file in sorted((PACKAGE / room).glob("*.py")):
            digest.update(file.read_bytes())
    beside = PACKAGE / "__pycache__"
    beside.mkdir(exist_ok=True) if os.access(PACKAGE, os.W_OK) else None
    folder = beside if os.access(beside, os.W_OK) else Path.home() / ".cache" / "igrsim"
    return folder / f"compiled-{digest.hexdigest()[:16]}"
