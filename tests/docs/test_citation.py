"""The citation file is one that tools read, and names the version that the package has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
PLAIN = dict(re.findall(r"^([a-z-]+): ?(.*)$", TEXT, re.MULTILINE))


def test_what_the_format_asks_for_is_there() -> None:
    assert PLAIN["cff-version"] == "1.2.0"
    assert PLAIN["title"] == "igrsim"
    assert PLAIN["type"] == "software"
    assert PLAIN["message"]
    assert re.search(r"^authors:\n  - name: The igrsim authors\n", TEXT, re.MULTILINE)


def test_every_line_is_a_key_an_entry_or_folded_text() -> None:
    assert "\t" not in TEXT
    for line in TEXT.splitlines():
        # a colon and a space, or a comment sign, within a plain value would end it
        assert re.fullmatch(r"[a-z-]+:( [^:#]+)?|  - ([a-z]+: )?[^:#]+|  [^:#]+", line), line


def test_version_and_licence_are_the_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert PLAIN["version"] == project["version"]
    assert PLAIN["license"] == project["license"]
