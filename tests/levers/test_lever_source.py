"""What a lever's own file may not do, read from its source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import igrsim
from igrsim.levers._base import levers
from igrsim.regimes.regime import presets

PACKAGE = Path(igrsim.__file__).parent
LEVERS = sorted(p for p in (PACKAGE / "levers").glob("*.py") if not p.name.startswith("_"))
PHASES = sorted((PACKAGE / "phases").glob("*.py"))
DRIVERS = {"data_quality", "trust", "salience", "useful", "ties", "peer_ties"}


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def assigned(tree: ast.AST) -> set[str]:
    """Names of attributes that are assigned, plainly, added to, or element by element."""
    targets: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets.append(node.target)
    found: set[str] = set()
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Attribute):
                found.add(part.attr)
    return found


@pytest.mark.parametrize("file", LEVERS, ids=lambda f: f.stem)
def test_a_lever_imports_no_metric_and_sets_no_outcome(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert not any(name.startswith(("igrsim.metrics", "igrsim.regimes", "igrsim.phases")) for name in imported(tree))
    assert not assigned(tree) & DRIVERS


@pytest.mark.parametrize("file", LEVERS, ids=lambda f: f.stem)
def test_a_lever_does_not_ask_which_regime_it_is_part_of(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    # one preset has the name of its chief lever
    assert not [name for name in presets() if name in text and name not in levers]


@pytest.mark.parametrize("file", PHASES, ids=lambda f: f.stem)
def test_no_phase_knows_a_regime(file: Path) -> None:
    text = file.read_text(encoding="utf-8").lower()
    assert "regime" not in text
    assert not [name for name in presets() if name in text]
    assert not any(
        name.startswith(("igrsim.regimes", "igrsim.metrics", "igrsim.levers")) for name in imported(ast.parse(text))
    )


def test_the_reader_of_assignments_sees_them_all() -> None:
    tree = ast.parse("a.ties[0] = 1\nb.trust += 1\nc.useful: float = 2\n(d.salience, e) = 1, 2\nprint(f.data_quality)")
    assert assigned(tree) == {"ties", "trust", "useful", "salience"}
