"""The papers of a study: its report and one-page brief, as the folder has them or as somebody composes them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from igrsim.kernel.errors import InputError

TITLES = {
    "brief.html": "One-page brief",
    "brief.pdf": "One-page brief, to print",
    "report.html": "Report",
    "rollout.html": "Roll-outs compared",
}
"""Papers that a folder may have, the shortest first."""
COMPOSED = ("brief.html", "brief.pdf")
"""Those that are composed where the folder has none."""

Compose = Callable[[Path], Mapping[str, bytes]]
"""Composes a study's brief from its folder: contents by the names of `COMPOSED`."""


@dataclass
class Papers:
    """The papers of saved studies, by the study's short hash.

    Parameters
    ----------
    compose : callable, optional
        The app sees no reports; whoever starts it lends it what writes a brief. Without it, only what lies in the
        folders is shown.
    """

    compose: Compose | None = None
    folders: dict[str, Path] = field(default_factory=dict)
    _made: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, study: str, folder: Path) -> list[dict[str, str]]:
        """Take up a study; gives back the names and titles of its papers."""
        self.folders[study] = folder
        there = [
            name for name in TITLES if (folder / name).is_file() or (self.compose is not None and name in COMPOSED)
        ]
        return [{"name": name, "title": TITLES[name]} for name in there]

    def read(self, study: str, name: str) -> bytes:
        """A paper's content.

        Raises
        ------
        InputError
            There is no such paper, or it cannot be composed.
        """
        folder = self.folders.get(study)
        if folder is None or name not in TITLES:
            raise InputError("no such paper", code="E398")
        file = folder / name
        if file.is_file():
            return file.read_bytes()
        if self.compose is None or name not in COMPOSED:
            raise InputError(f"this study has no {name}", code="E398")
        # figures are drawn by one at a time
        with self._lock:
            if study not in self._made:
                self._made[study] = self.compose(folder)
        return self._made[study][name]
