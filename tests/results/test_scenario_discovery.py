"""A planted box is found, with its coverage and density; where there is none, none is believed; shares and regret by hand."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.kernel.errors import InputError
from igrsim.results.regret import Threshold, better_share, read_threshold, regrets, satisficing
from igrsim.results.scenario_discovery import find_box, share_of_all, tried_on


def planted(n: int, parameters: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, list[str]]:
    unit = np.random.default_rng(seed).uniform(size=(n, parameters))
    lost = (unit[:, 2] > 0.6) & (unit[:, 5] < 0.5)
    return unit, lost, [f"x.{k}" for k in range(parameters)]


@pytest.mark.parametrize("parameters", [8, 120])
def test_a_planted_box_is_found(parameters: int) -> None:
    unit, lost, names = planted(200, parameters)
    box = find_box(unit, lost, names, shuffles=20)
    assert box is not None
    rules = {rule.parameter: rule for rule in box.rules}
    assert {"x.2", "x.5"} <= set(rules)
    assert len(rules) <= 3
    assert 0.5 < rules["x.2"].low < 0.7
    assert 0.4 < rules["x.5"].high < 0.6
    assert rules["x.2"].high == 1
    assert rules["x.5"].low == 0
    assert box.coverage > 0.8
    assert box.density > 0.8
    assert max(rule.quasi_p for rule in box.rules) < 0.05
    assert box.by_lot == 1 / 21, "the least that twenty shufflings can tell"
    again = tried_on(box, *planted(400, parameters, seed=2))
    assert again.coverage > 0.7
    assert again.density > 0.7


def test_coverage_and_density_are_counts() -> None:
    unit, lost, names = planted(200, 8)
    box = find_box(unit, lost, names, shuffles=0)
    assert box is not None
    inside = np.ones(len(unit), dtype=bool)
    for rule in box.rules:
        place = unit[:, names.index(rule.parameter)]
        inside &= (place >= rule.low) & (place <= rule.high)
    assert (box.inside, box.lost) == (inside.sum(), lost[inside].sum())
    assert box.density == box.lost / box.inside
    assert box.coverage == box.lost / lost.sum()


def test_where_losing_is_luck_the_box_is_one_that_chance_finds() -> None:
    luck = np.random.default_rng(4)
    believed = 0
    for _ in range(12):
        unit, lost = luck.uniform(size=(80, 20)), luck.uniform(size=80) < 0.3
        box = find_box(unit, lost, [f"x.{k}" for k in range(20)], shuffles=40)
        believed += box is not None and box.by_lot < 0.05
    assert believed <= 3


def test_the_box_that_is_compared_with_chance_is_the_one_told() -> None:
    """Peeling alone reaches further than what is left after pruning, in data and shufflings alike."""
    tried = 0
    for seed in range(12):
        luck = np.random.default_rng(seed)
        unit = luck.uniform(size=(80, 20))
        lost = luck.uniform(size=80) < 0.15 + 0.6 * (unit[:, 0] > 0.7)
        names = [f"x.{k}" for k in range(20)]
        told = find_box(unit, lost, names, shuffles=40)
        if told is None:
            continue
        tried += 1
        score, same = 2 * told.lost / (told.inside + lost.sum()), np.random.default_rng(0)
        by_chance = [find_box(unit, same.permutation(lost), names, shuffles=0) for _ in range(40)]
        whole = 2 * lost.sum() / (len(lost) + lost.sum())
        as_good = sum((2 * b.lost / (b.inside + lost.sum()) if b else whole) >= score for b in by_chance)
        assert told.by_lot == pytest.approx((as_good + 1) / 41)
    assert tried > 4


def test_too_few_cases_have_no_box() -> None:
    unit, _, names = planted(50, 8)
    assert find_box(unit, np.arange(50) < 4, names) is None
    assert find_box(unit, np.arange(50) >= 4, names) is None


def test_the_rule_of_three() -> None:
    low, high = share_of_all(0, 100)
    assert low == 0
    assert high == pytest.approx(0.0295, abs=1e-4)
    assert high == pytest.approx(3 / 100, rel=0.02)
    assert share_of_all(100, 100) == (1 - high, 1.0)
    # Clopper and Pearson's own example, 5 of 20
    assert share_of_all(5, 20) == pytest.approx((0.0866, 0.4910), abs=1e-4)
    assert share_of_all(0, 0) == (0.0, 1.0)


def test_regret_by_hand() -> None:
    values = {"a": np.array([1.0, 5.0, 2.0, np.nan]), "b": np.array([2.0, 3.0, 2.0, 1.0])}
    table, futures = regrets(values, "lower")
    assert futures == 3
    rows = table.set_index("arm")
    assert rows.loc["a"].tolist() == pytest.approx([2 / 3, 1.6, 2.0, 2 / 3])
    assert rows.loc["b"].tolist() == pytest.approx([1 / 3, 0.8, 1.0, 2 / 3])
    higher, _ = regrets(values, "higher")
    assert higher.set_index("arm").loc["a", "max_regret"] == 1.0
    none, nothing = regrets({"a": np.array([np.nan]), "b": np.array([1.0])}, "lower")
    assert nothing == 0
    assert none["mean_regret"].isna().all()


def test_satisficing_by_hand() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan])
    assert satisficing(values, Threshold("hours", True, 2.0)) == (pytest.approx(2 / 3), 3)
    assert satisficing(values, Threshold("hours", False, 3.0)) == (pytest.approx(1 / 3), 3)
    assert better_share(np.array([-1.0, 0.0, 2.0, -3.0]), "lower") == (0.5, 4)
    assert better_share(np.array([-1.0, 0.0, 2.0, -3.0]), "higher") == (0.25, 4)


def test_thresholds_are_read_or_refused() -> None:
    assert read_threshold(" hours <= 2.5", ["hours"]) == Threshold("hours", True, 2.5)
    assert read_threshold("hours>=-1", ["hours"]).words() == "hours >= -1"
    for text, code in (("hours=2", "E270"), ("hours<=x", "E270"), ("hours<=nan", "E270"), ("hour<=2", "E271")):
        with pytest.raises(InputError) as caught:
            read_threshold(text, ["hours"])
        assert caught.value.code == code
