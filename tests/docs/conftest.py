"""Lets tests of the docs import the scripts that make them; an installed package has neither."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))
collect_ignore_glob = [] if SCRIPTS.is_dir() else ["test_*.py"]
