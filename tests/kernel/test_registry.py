"""Things that announce themselves, and how an unknown one is answered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.kernel.registry import Registry

pytestmark = pytest.mark.fast


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[str]]:
    """A package of two files, each of which announces a loaf."""
    package = tmp_path / "made_up_bakery"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from igrsim.kernel.registry import Registry\nbreads = Registry('bread', 'made_up_bakery')\n"
    )
    (package / "rye.py").write_text("from made_up_bakery import breads\nbreads.add('rye-loaf', 'dark')\n")
    (package / "barley.py").write_text("from made_up_bakery import breads\nbreads.add('barley-loaf', 'pale')\n")
    monkeypatch.syspath_prepend(tmp_path)
    import made_up_bakery

    yield made_up_bakery.breads
    for name in [m for m in sys.modules if m.startswith("made_up_bakery")]:
        del sys.modules[name]


def test_files_announce_themselves_when_first_asked(bakery: Registry[str]) -> None:
    assert not bakery._things
    assert list(bakery) == ["barley-loaf", "rye-loaf"]
    assert dict(bakery.items()) == {"barley-loaf": "pale", "rye-loaf": "dark"}
    assert len(bakery) == 2
    assert bakery["rye-loaf"] == "dark"
    assert "rye-loaf" in bakery
    assert "oat-loaf" not in bakery


def test_an_unknown_name_is_answered_with_the_nearest(bakery: Registry[str]) -> None:
    with pytest.raises(InputError, match=r"unknown bread 'rye-lof' \(did you mean 'rye-loaf'\?\)") as caught:
        bakery["rye-lof"]
    assert caught.value.code == "E110"
    with pytest.raises(InputError, match=r"unknown bread 'zzz' \(known: barley-loaf, rye-loaf\)"):
        bakery["zzz"]


def test_nothing_is_announced_twice(bakery: Registry[str]) -> None:
    assert len(bakery) == 2
    with pytest.raises(RuntimeError, match="two things announce themselves as bread 'rye-loaf'"):
        bakery.add("rye-loaf", "darker")


def test_the_model_s_own_registries_are_full() -> None:
    from igrsim.levers._base import levers
    from igrsim.metrics._base import metrics

    assert "district-hub" in levers
    assert "trips_per_need" in metrics
    assert list(levers) == sorted(levers)
