"""What the figures were measured on, in general words, and with which packages."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import psutil

PACKAGES = ("mesa", "agentpy", "mesa-frames", "polars", "starsim", "numpy", "numba", "pandas")


def machine() -> dict[str, Any]:
    """Cores, memory, Python, packages, and how busy the machine was when the benchmark began."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "packages": packages,
        "load_at_start": round(psutil.getloadavg()[0], 2),
    }


def in_words(found: dict[str, Any]) -> str:
    """The same as a sentence for under a table."""
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    return (
        f"{found['cores']} cores ({found['architecture']}), {found['memory_gib']} GiB, Python {found['python']}; {packages}. "
        f"Load when it began: {found['load_at_start']}."
    )
