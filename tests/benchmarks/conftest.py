"""Lets tests import the benchmarks from the top of the project; an installed package has none."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
collect_ignore_glob = [] if (ROOT / "benchmarks").is_dir() else ["test_*.py"]
