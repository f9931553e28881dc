"""A small exact run: any change of any count is seen, and is accepted on purpose with `python tests/golden/update.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from update import KEPT, differences, totals


def test_the_two_towns_are_as_they_were() -> None:
    changed = differences(json.loads(KEPT.read_text(encoding="utf-8")), totals())
    assert not changed, "\n".join(changed)
