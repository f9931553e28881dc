"""The engines that are measured let the same people live the same lives; nothing here is timed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmarks.engines import ENGINES, OURS, UnavailableError, load
from benchmarks.engines.case import Case, Outcome, make_case, state_of
from benchmarks.side_by_side import DisagreementError, agreed, compare

from igrsim.citizens.lives import Lives
from igrsim.citizens.terms import TALLIES

SETTINGS: dict[str, dict[str, float]] = {
    "as given": {},
    "quick papers, many days out": {
        "access__lag_identity": 0,
        "access__lag_medical": 0,
        "access__lag_birth": 1,
        "access__outings": 4,
        "access__offline": 0.2,
        "needs__sworn_route": 0.6,
    },
    "few go out, and give up": {
        "access__going": 1.5,
        "access__per_minute": -0.035,
        "access__patience": 3,
        "access__give_up": 0.25,
        "access__give_up_waiting": 0.3,
        "access__missing_papers": 0.45,
        "access__opening_minutes": 360,
        "access__early_start": 0,
    },
}
MONTHS = 8


def lived(name: str, case: Case) -> Outcome:
    engine = load(name)
    engine.begin(case)
    for month in range(MONTHS):
        engine.live(month)
    return engine.outcome()


# the peers' packages warn of what is theirs
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", [name for name in ENGINES if name not in (OURS, "mesa do, own luck")])
def test_an_engine_agrees_with_ours_person_by_person(name: str, setting: str) -> None:
    case = make_case("pilots", 400, **SETTINGS[setting])
    try:
        theirs = lived(name, case)
    except UnavailableError as why:
        pytest.skip(str(why))
    ours = lived(OURS, case)
    assert theirs.differences(ours) == []
    assert ours.tally[..., TALLIES.index("trips")].sum() > 100


def test_what_is_compared_is_all_that_a_month_changes() -> None:
    """A column that lives are given later is compared too, or this says so."""
    citizens = make_case("two-towns", 20).citizens
    assert set(Lives._fields) == {"traits", "busy", "state", "spent", "solved"}
    assert {*(citizens.lives.state.dtype.names or ()), "spent", "solved"} == set(state_of(citizens.lives))


def test_own_luck_is_not_compared_and_gives_other_lives_of_the_same_kind() -> None:
    case = make_case("two-towns", 400)
    name = "mesa do, own luck"
    assert not load(name).comparable
    theirs, ours = lived(name, case), lived(OURS, case)
    assert theirs.differences(ours)
    arisen = TALLIES.index("arisen")
    a, b = (float(o.tally[..., arisen].sum()) for o in (theirs, ours))
    # both are sums of many rare needs: their spread is that of counts
    assert abs(a - b) < 5 * np.sqrt(a + b)


def test_engines_that_part_are_told_apart() -> None:
    case = make_case("two-towns", 50)
    one, other = lived(OURS, case), lived(OURS, case)
    assert one.differences(other) == []
    other.state["idle"][7] += 1
    other.tally[0, 0, 0] += 1
    other.arrivals[0] += 1
    found = one.differences(other)
    assert len(found) == 3
    assert "1 people in idle, the first is 7" in found[0]


def test_no_times_are_reported_of_engines_that_disagree() -> None:
    same: dict[str, Any] = {"comparable": True, "digest": "a"}
    agreed([same, same, {"comparable": False, "digest": "b"}], ["x", "y", "z"])
    with pytest.raises(DisagreementError, match=r"x \| y"):
        agreed([same, same | {"digest": "b"}], ["x", "y"])


def test_a_peer_that_is_not_there_is_skipped_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "nowhere", ("a_file_that_is_not_there", "Engine"))
    found = compare("two-towns", 30, 2, ["mesa do", "nowhere"])
    assert found["agree"] == [OURS, "mesa do"]
    assert "not there" in found["skipped"]["nowhere"] or "a_file_that_is_not_there" in found["skipped"]["nowhere"]
