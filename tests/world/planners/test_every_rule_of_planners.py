"""What every theory of how officials decide owes: the same luck, balanced books, and no gift to any regime."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import Params, all_params, groups
from igrsim.metrics._base import metrics
from igrsim.model import IGRModel, Scenario
from igrsim.places.institutions import load_institutions
from igrsim.regimes.regime import preset
from igrsim.runs.validation.conservation import Books, meeting_books
from igrsim.runs.validation.nulls import GOOD, cell, differing, lived
from igrsim.runs.validation.small_worlds import small_model, sums
from igrsim.world.planners._base import USUAL, rules

EACH = pytest.mark.parametrize("name", list(rules))
RIVALS = [name for name in rules if name != USUAL]


def numbers_read(planners: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Numbers of rules that a year and a half of two districts is lived by."""
    read: set[str] = set()
    model = small_model("district-hub", scope=["DC36"], months=18, citizens=50, planners=planners)
    for group, kind in groups.items():
        if group in rules:
            mine = {p.field for p in kind.params()}

            def get(self: Params, field: str, group: str = group, mine: set[str] = mine) -> object:
                if field in mine:
                    read.add(f"{group}.{field}")
                return object.__getattribute__(self, field)

            monkeypatch.setattr(kind, "__getattribute__", get)
    model.run()
    return read


@EACH
def test_a_rule_says_what_it_is_and_names_its_sources(name: str) -> None:
    rule = rules[name]
    for said in (rule.title, rule.theory, rule.changes, rule.leaves, rule.__doc__):
        assert said
        assert said.strip()
    known = {source.key: source.kind for source in load_institutions().sources}
    assert {known.get(key) for key in rule.source.split(";")} == {"study"}
    assert all(p.grade == "assumed" and p.low < p.high for p in all_params().values() if p.group == name)


@EACH
def test_a_rule_reads_its_own_numbers_and_no_rivals(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert numbers_read(name, monkeypatch) == {p.name for p in all_params().values() if p.group == name}


def test_there_are_four_rivals_and_need_ranked_planners_are_the_usual_ones() -> None:
    assert {"incremental", "garbage-can", "trust-based", "incentive-based"} <= set(RIVALS)
    assert Scenario().planners == USUAL == "need-ranked"
    assert type(small_model(citizens=50).world.planners) is rules[USUAL]


def test_a_misspelt_rule_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown planners 'garbage_can'.*garbage-can"):
        IGRModel(Scenario(scope="two-towns", citizens=50, planners="garbage_can"))


@pytest.mark.parametrize("name", RIVALS)
def test_rivals_decide_otherwise(name: str) -> None:
    usual, rival = (cell(preset("siloed"), months=14, citizens=100, planners=p) for p in (USUAL, name))
    changed = {column for column in differing(usual, rival) if column.startswith("space.")}
    assert "space.attended" in changed
    if name != "trust-based":
        assert "space.committed_cents" in changed


@pytest.mark.parametrize("name", RIVALS)
def test_the_world_they_decide_about_is_the_same(name: str) -> None:
    """Needs, items and people are no planners' doing: the same luck under every rule."""
    usual, rival = (small_model("siloed", scope=["DC15"], months=13, citizens=300, planners=p) for p in (USUAL, name))
    found = [sums(model) for model in (usual, rival)]
    for count in ("needs_arisen", "trips"):
        assert found[0][count] == found[1][count] > 0
    np.testing.assert_array_equal(usual.world.pipeline.key, rival.world.pipeline.key)
    np.testing.assert_array_equal(usual.world.pipeline.severity, rival.world.pipeline.severity)


@EACH
def test_books_balance_under_every_rule(name: str) -> None:
    model = small_model("district-hub", scope=["DC36"], months=29, citizens=300, rollout="all-at-once", planners=name)
    books = Books(model)
    for _ in range(28):
        model.step()
    assert books.wrong == []
    assert books.looked > 1000
    attendees, meetings = meeting_books(model)
    assert attendees == meetings > 0


@EACH
def test_the_order_of_visits_changes_nothing(name: str) -> None:
    whole = preset("district-hub")
    forward, backward = (cell(whole, months=26, citizens=300, planners=name, reverse=r) for r in (False, True))
    assert differing(forward, backward) == []


@EACH
def test_hubs_at_dose_nought_are_silos(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    late = tmp_path_factory.mktemp("late") / "late.csv"
    late.write_text("space,start\nDC15,2099-01-01\nDC36,2099-01-01\n", encoding="utf-8")
    silos, hubs = (
        cell(preset(regime), rollout, months=26, citizens=300, planners=name)
        for regime, rollout in (("siloed", "all-at-once"), ("district-hub", str(late)))
    )
    assert differing(lived(silos), lived(hubs)) == []


@cache
def frozen(name: str, regime: str) -> dict[str, float]:
    """Headline benefits, the greater the better, of two districts in which no good of coordination comes about."""
    model = small_model(
        regime, scope=["ETH", "DC36"], months=36, citizens=300, rollout="all-at-once", planners=name,
        params={"frozen.benefits": 1.0},
    )  # fmt: skip
    counts = {count: np.asarray(value, float) for count, value in sums(model).items()}
    return {metric: sign * float(metrics[metric].value(counts)) for metric, sign in GOOD.items()}


@EACH
@pytest.mark.parametrize("regime", ["district-hub", "alignment-mechanism", "mandated-hub"])
def test_with_benefits_frozen_no_rule_lets_a_regime_win(name: str, regime: str) -> None:
    hubs, silos = frozen(name, regime), frozen(name, "siloed")
    assert {metric: gain for metric in GOOD if (gain := hubs[metric] - silos[metric]) > 1e-9} == {}
