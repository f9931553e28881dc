"""Numbers of the model: declared with range, grade and source; refused when out of range or misspelt."""

from __future__ import annotations

import math
from importlib import resources

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import igrsim.model  # noqa: F401  so that every group of numbers is known
from igrsim.citizens.access import Access
from igrsim.kernel import params as module
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import GRADES, Param, Params, ParamSet, all_params, param

pytestmark = pytest.mark.fast


def test_defaults_stand_unless_a_study_says_otherwise() -> None:
    assert ParamSet()[Access].offline == all_params()["access.offline"].default
    changed = ParamSet({"access.offline": 0.2})
    assert changed[Access].offline == 0.2
    assert changed[Access].going == ParamSet()[Access].going
    assert changed[Access] is changed[Access]
    assert changed.values == {"access.offline": 0.2}


def test_an_unknown_name_comes_back_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown parameter 'acess.offline' \(did you mean 'access.offline'\?\)") as e:
        ParamSet({"acess.offline": 0.1})
    assert e.value.code == "E203"


@pytest.mark.parametrize("value", [0.0199, 0.201, -1, 10**30, 8])
def test_out_of_range_names_bounds_unit_grade_and_source(value: float) -> None:
    with pytest.raises(InputError) as caught:
        ParamSet({"access.offline": value})
    text = str(caught.value)
    assert caught.value.code == "E202"
    for part in ("access.offline", "share", "0.02 to 0.2", "assumed", "assumption"):
        assert part in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "value", [float("nan"), 1e400, -1e400, "0.1", None, [0.1], 1j, pytest.param(10**400, id="10 to the 400")]
)
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(InputError) as caught:
        ParamSet({"access.offline": value})  # type: ignore[dict-item]
    assert caught.value.code in ("E201", "E202")
    assert "access.offline" in str(caught.value)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_value_stands_exactly_within_its_range(value: float) -> None:
    known = all_params()["access.going"]
    if math.isfinite(value) and known.low <= value <= known.high:
        assert known.check(value) == value
    else:
        with pytest.raises(InputError):
            known.check(value)


def test_the_bounds_themselves_stand_for_every_number_of_the_model() -> None:
    for name, known in all_params().items():
        assert known.name == name
        assert known.low <= known.default <= known.high
        assert known.grade in GRADES
        assert known.unit
        assert known.meaning
        for bound in (known.low, known.default, known.high):
            assert ParamSet({name: bound}).values[name] == bound


def test_every_source_is_in_the_table_of_sources() -> None:
    with resources.as_file(resources.files("igrsim.places") / "tables" / "sources.csv") as file:
        table = pd.read_csv(file)
    known = set(table.iloc[:, 0]) | {"assumption"}
    missing = {p.source for p in all_params().values()} - known
    assert not missing


def test_declarations_that_make_no_sense_are_refused() -> None:
    good = {"unit": "km", "low": 0.0, "high": 2.0, "source": "assumption", "meaning": "made up"}
    with pytest.raises(ValueError, match="grade 'guess'"):
        param(1.0, grade="guess", **good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"outside 0\.0 to 2\.0"):
        param(3.0, grade="assumed", **good)  # type: ignore[arg-type]


def test_a_group_announces_itself_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "groups", dict(module.groups))

    class Madeup(Params, group="madeup"):
        length: float = param(
            1, unit="km", low=0, high=2, grade="assumed", source="assumption", meaning="made up", choice=True
        )

    assert list(Madeup.params()) == [
        Param("madeup", "length", 1.0, "km", 0, 2, "assumed", "assumption", "made up", choice=True)
    ]
    assert ParamSet({"madeup.length": 2})[Madeup].length == 2.0
    assert ParamSet({"madeup.length": True})[Madeup].length == 1.0
    with pytest.raises(RuntimeError, match="two groups of parameters are called 'madeup'"):

        class Other(Params, group="madeup"):
            width: float = param(1, unit="km", low=0, high=2, grade="assumed", source="assumption", meaning="made up")
