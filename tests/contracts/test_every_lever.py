"""What every lever owes, whichever it is: new levers are tried by the same battery."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.params import Params, ParamSet, all_params, groups
from igrsim.levers._base import Lever, levers
from igrsim.model import IGRModel
from igrsim.places.institutions import load_institutions
from igrsim.regimes.regime import fold
from igrsim.regimes.rollout import Rollout
from igrsim.runs.validation.small_worlds import of_levers, small_model
from igrsim.world.ruling import SILOS, Ruling, changed

DOCS = Path(__file__).parents[2] / "docs"
SOURCES = {s.key for s in load_institutions().sources}
EACH = pytest.mark.parametrize("name", list(levers))
CHOICES = [(p.name, end) for p in all_params().values() if p.group in levers for end in (p.low, p.high)]
OF_PLACES = ("access", "desks", "travel")
"""Groups that any new counter is read from."""

RULINGS = (
    SILOS,
    Ruling(joint_arena=0.5, hub_posts=3.0, channels_retired=0.2, one_plan=0.4, profile=0.1, spatial_reference=0.9),
)


def lever(name: str) -> Lever:
    return levers[name](ParamSet())


@cache
def numbers_read(*names: str) -> frozenset[str]:
    """Numbers that a year and a bit of the two towns is lived by, under some levers."""
    read: set[str] = set()

    def noting(group: str, mine: set[str]) -> Callable[[Params, str], object]:
        def get(self: Params, field: str) -> object:
            if field in mine:
                read.add(f"{group}.{field}")
            return object.__getattribute__(self, field)

        return get

    model = small_model(of_levers(*names), months=14, citizens=50)
    with pytest.MonkeyPatch.context() as patch:
        for group, kind in groups.items():
            patch.setattr(kind, "__getattribute__", noting(group, {p.field for p in kind.params()}))
        model.run()
    return frozenset(read)


def choices_of(name: str) -> list[str]:
    return [p.name for p in all_params().values() if p.group == name]


def run(model: IGRModel) -> list[dict[str, NDArray[np.int64]]]:
    found: list[dict[str, NDArray[np.int64]]] = []
    model.record = lambda world, counts: found.append({k: v.copy() for k, v in counts["space"].items()})
    while model.month < model.case.months:
        model.step()
    return found


@EACH
@pytest.mark.parametrize("ruling", RULINGS)
def test_dose_nought_is_the_ruling_itself(name: str, ruling: Ruling) -> None:
    assert lever(name).amend(ruling, 0.0) == ruling
    assert fold([(lever(name), 0.0)], ruling) == []


@EACH
@pytest.mark.parametrize("ruling", RULINGS)
def test_amending_is_pure(name: str, ruling: Ruling) -> None:
    before = copy.deepcopy(ruling)
    one, again = (lever(name).amend(ruling, 0.7) for _ in range(2))
    assert one == again
    assert ruling == before


@pytest.mark.parametrize("doses", [(1.0, 1.0), (0.3, 0.8)])
def test_any_two_levers_give_the_same_ruling_in_either_order(doses: tuple[float, float]) -> None:
    made = [lever(name) for name in levers]
    for one, other in itertools.combinations(made, 2):
        forth = other.amend(one.amend(SILOS, doses[0]), doses[1])
        back = one.amend(other.amend(SILOS, doses[1]), doses[0])
        assert forth == back, (one.id, other.id)


@EACH
def test_a_full_dose_changes_some_rule_or_acts(name: str) -> None:
    acts = type(lever(name)).act is not Lever.act or type(lever(name)).establish is not Lever.establish
    assert acts or changed(SILOS, lever(name).amend(SILOS, 1.0))


@EACH
def test_more_dose_is_never_less_of_a_rule(name: str) -> None:
    doses = [lever(name).amend(SILOS, d) for d in (0.0, 0.25, 0.5, 1.0)]
    for field in changed(doses[0], doses[-1]):
        values = [getattr(d, field) for d in doses]
        assert values == sorted(values) or values == sorted(values, reverse=True)


@EACH
def test_a_lever_says_what_it_is(name: str) -> None:
    kind = levers[name]
    assert kind.id == name
    for words in (kind.summary, kind.seed, kind.passage, kind.touches, kind.costs, kind.limits):
        assert words.strip()
    assert set(kind.seed.split(";")) <= SOURCES
    assert f"(levers/{name}.md)" in (DOCS / "levers.md").read_text(encoding="utf-8")
    page = (DOCS / "levers" / f"{name}.md").read_text(encoding="utf-8")
    for words in (kind.touches, kind.costs, kind.limits, kind.passage):
        assert words in page
    for p in (*kind.numbers, *choices_of(name)):
        assert f"| {p} |" in page


@EACH
def test_a_lever_names_numbers_of_the_model(name: str) -> None:
    known, numbers = all_params(), levers[name].numbers
    assert len(set(numbers)) == len(numbers)
    for p in numbers:
        assert p in known
        assert known[p].group not in levers, f"{p} is a lever's own choice"
        assert p != "frozen.benefits", "a switch of the null model, on which no lever turns"


def test_every_lever_turns_on_some_number() -> None:
    assert [name for name in levers if not levers[name].numbers and not choices_of(name)] == []


@EACH
def test_what_only_a_lever_makes_the_model_read_some_lever_names(name: str) -> None:
    named = {p for _, kind in levers.items() for p in kind.numbers}
    fresh = {p for p in numbers_read(name) - numbers_read() if p.partition(".")[0] not in (*OF_PLACES, *levers)}
    assert sorted(fresh - named) == []


@pytest.mark.parametrize("p", all_params().values(), ids=lambda p: p.name)
def test_a_parameter_has_source_range_and_grade(p: object) -> None:
    from igrsim.kernel.params import GRADES, Param

    assert isinstance(p, Param)
    assert p.source in SOURCES
    assert p.low <= p.default <= p.high
    assert p.grade in GRADES
    assert p.unit
    assert p.meaning


@EACH
def test_a_lever_that_never_starts_changes_nothing(name: str) -> None:
    silos, late = small_model(months=14), small_model(of_levers(name), months=14)
    late.rollout = Rollout("late", (99,))
    for a, b in zip(run(silos), run(late), strict=True):
        assert a.keys() == b.keys()
        for count, values in a.items():
            np.testing.assert_array_equal(values, b[count], err_msg=count)
    assert late.world.rules.trail == []


@pytest.mark.parametrize(("choice", "value"), CHOICES)
def test_both_ends_of_every_choice_run(choice: str, value: float) -> None:
    name = choice.split(".")[0]
    found = run(small_model(of_levers(name), months=3, params={choice: value}))
    assert len(found) == 3
    assert all((v >= 0).all() for month in found for v in month.values())
