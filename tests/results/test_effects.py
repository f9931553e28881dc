"""Paired differences by hand, and every word of the verdict."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.results.effects import Analysis, effect, effects_table
from igrsim.results.many import benjamini_hochberg, holm
from igrsim.results.verdict import verdict

pytestmark = pytest.mark.fast

REACH = 4.302652729696142  # Student's t, 97.5 %, 2 degrees of freedom, as tabulated


def test_three_pairs_by_hand() -> None:
    found = effect(np.array([12.0, 15.0, 18.0]), np.array([10.0, 12.0, 14.0]), "lower")
    # differences 2, 3, 4: mean 3, standard deviation 1
    assert (found.mean, found.difference, found.pairs, found.agree) == (15.0, 3.0, 3, 1.0)
    assert found.high - found.difference == pytest.approx(REACH * math.sqrt(4 / 3))
    assert found.mean_high - found.difference == pytest.approx(REACH * math.sqrt(1 / 3))
    assert found.low == pytest.approx(6.0 - found.high)
    # three that agree may do so by chance
    assert found.verdict == "cannot tell"


def test_six_pairs_that_agree_say_probably() -> None:
    luck = np.array([0.1, 3.0, 0.1, 3.0, 0.1, 3.0])
    found = effect(luck + 10, np.full(6, 10.0), "lower")
    assert found.low < 0
    assert found.verdict == "probably higher, worse"
    assert effect(luck[:5] + 10, np.full(5, 10.0), "lower").verdict == "cannot tell"


def test_the_interval_does_not_vanish_as_worlds_are_added() -> None:
    base = np.full(4000, 10.0)
    found = effect(base + np.tile([1.0, -1.0], 2000) + 0.5, base, "neither")
    assert found.high - found.low == pytest.approx(2 * 1.96, rel=0.01)
    assert found.mean_high - found.mean_low < 0.07


def test_undefined_runs_are_left_out_as_pairs() -> None:
    nan, inf = math.nan, math.inf
    whole = effect(np.array([1.0, 2.0]), np.array([0.0, 3.0]), "lower")
    holed = effect(np.array([1.0, nan, 5.0, inf, 2.0]), np.array([0.0, 1.0, nan, 2.0, 3.0]), "lower")
    assert holed == whole


@pytest.mark.parametrize(
    ("arm", "reference", "words"),
    [
        ([math.nan, math.nan], [1.0, math.nan], "undefined: nothing to measure here"),
        ([], [], "undefined: nothing to measure here"),
        ([math.nan, 1.0], [math.nan, math.nan], "only in this arm: nothing to compare with"),
    ],
)
def test_without_a_pair_nothing_is_claimed(arm: list[float], reference: list[float], words: str) -> None:
    nothing = effect(np.array(arm), np.array(reference), "lower")
    assert nothing.pairs == 0
    assert math.isnan(nothing.difference)
    assert nothing.verdict == words


def test_one_pair_has_no_interval() -> None:
    found = effect(np.array([3.0]), np.array([1.0]), "lower")
    assert found.difference == 2.0
    assert all(math.isnan(v) for v in (found.low, found.high, found.mean_low, found.mean_high))
    assert found.verdict == "one pair only: higher, not known how surely"


def test_all_equal_is_exactly_no_difference() -> None:
    same = np.array([0.1, 0.2, 0.3])
    found = effect(same, same.copy(), "higher")
    assert (found.difference, found.low, found.high, found.agree) == (0.0, 0.0, 0.0, 1.0)
    assert found.verdict == "exactly no difference"


@pytest.mark.parametrize(
    ("difference", "low", "high", "agree", "better", "words"),
    [
        (0.5, -1.0, 1.0, 0.5, "lower", "no material difference"),
        (0.5, 0.1, 1.0, 1.0, "lower", "no material difference"),
        (3.0, 2.0, 4.0, 1.0, "lower", "higher, worse"),
        (3.0, 2.0, 4.0, 1.0, "higher", "higher, better"),
        (3.0, 2.0, 4.0, 1.0, "neither", "higher"),
        (-3.0, -4.0, -2.0, 1.0, "lower", "lower, better"),
        (-3.0, -4.0, -2.0, 1.0, "higher", "lower, worse"),
        (-3.0, -4.0, -2.0, 1.0, "neither", "lower"),
        (3.0, -1.0, 7.0, 0.9, "lower", "probably higher, worse"),
        (-3.0, -7.0, 1.0, 0.95, "lower", "probably lower, better"),
        (3.0, -1.0, 7.0, 0.89, "lower", "cannot tell"),
        (3.0, 0.0, 6.0, 0.5, "lower", "cannot tell"),
    ],
)
def test_the_verdict_scale(difference: float, low: float, high: float, agree: float, better: str, words: str) -> None:
    assert verdict(difference, low, high, agree, 1.0, better) == words


@pytest.mark.parametrize(
    ("low", "high", "agree", "different", "equal", "words"),
    [
        (-0.9, 0.9, 1.0, 0.9, 0.05, "no material difference"),
        (-0.9, 0.9, 1.0, 0.9, 0.06, "probably no material difference"),
        (2.0, 4.0, 1.0, 0.05, 1.0, "higher, worse"),
        (2.0, 4.0, 0.5, 0.06, 1.0, "probably higher, worse"),
        # what is sure of the mean comes before what most pairs hint at
        (-1.0, 7.0, 0.9, 0.001, 1.0, "higher on average, worse"),
        (-1.0, 7.0, 0.9, 0.001, 0.05, "no material difference on average"),
        (-1.0, 7.0, 0.8, 0.05, 1.0, "higher on average, worse"),
        (-1.0, 7.0, 0.8, 0.06, 1.0, "cannot tell"),
        (-1.0, 7.0, 0.8, 0.9, 0.05, "no material difference on average"),
        # surely there, surely too small to matter
        (-1.0, 7.0, 0.8, 0.01, 0.01, "no material difference on average"),
    ],
)
def test_the_verdict_scale_with_other_contrasts_counted(
    low: float, high: float, agree: float, different: float, equal: float, words: str
) -> None:
    assert verdict(3.0, low, high, agree, 1.0, "lower", different=different, equal=equal) == words


def test_how_far_from_nought_and_from_the_margin_by_hand() -> None:
    # differences 2, 3, 4: mean 3, its standard error 1 / sqrt 3, 2 degrees of freedom
    arm, reference = np.array([12.0, 15.0, 18.0]), np.array([10.0, 12.0, 14.0])
    found = effect(arm, reference, "lower", material=5.0)
    assert found.p == pytest.approx(0.035098719)  # t = 5.196
    assert found.p_equal == pytest.approx(0.037086, abs=1e-4)  # t = 3.464, one side
    assert found.margin == 5.0
    assert effect(arm, reference, "lower").margin == pytest.approx(0.24)
    # the interval of the mean leaves out nought as the test says
    assert (found.p < 0.05) == (found.mean_low > 0)
    assert effect(arm, reference, "lower", looks=2).mean_low < 0 < found.mean_low
    always = effect(arm, arm - 1, "lower", material=0.5)
    assert (always.p, always.p_equal) == (0.0, 1.0)
    nothing = effect(arm, arm.copy(), "lower")
    assert (nothing.p, nothing.p_equal) == (1.0, 0.0)


def several(**options: object) -> pd.DataFrame:
    """Two arms and three metrics, the third of them exploratory."""
    differences = {
        "hub": {"a": [9.8, 10.0, 10.3, 9.9], "b": [1.0, 1.2, 1.5, 1.4], "c": [2.0, 2.2, 2.4, 1.9]},
        "imbizo": {"a": [0.1, -0.3, 0.2, 0.1], "b": [-1.0, 1.2, 1.5, 1.4], "c": [0.0, 0.0, 0.0, 0.0]},
    }
    keys = {"future": range(4), "world": range(4)}
    frames = [pd.DataFrame(keys | {"arm": "silos"} | dict.fromkeys("abc", 100.0))]
    for arm, metrics in differences.items():
        frames.append(pd.DataFrame(keys | {"arm": arm} | {n: 100.0 + np.array(v) for n, v in metrics.items()}))
    about = pd.DataFrame({"name": list("abc"), "unit": "hours", "better": "lower"})
    analysis = Analysis(primary=("a", "b"), **options)  # type: ignore[arg-type]
    return effects_table(pd.concat(frames), about, "silos", ["silos", "hub", "imbizo"], analysis=analysis)


def of_futures(values: np.ndarray, worlds: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs of two arms whose difference is a value for each future, the same in every world."""
    future, world = (ids.ravel() for ids in np.meshgrid(range(len(values)), range(worlds), indexing="ij"))
    keys = pd.DataFrame({"future": future, "world": world})
    runs = pd.concat([keys.assign(arm="silos", a=100.0), keys.assign(arm="hub", a=100.0 + values[future])])
    return runs, pd.DataFrame({"name": ["a"], "unit": "hours", "better": "lower"})


@pytest.mark.parametrize("worlds", [1, 3])
def test_futures_drawn_together_are_one_unit(worlds: int) -> None:
    blocks = np.random.default_rng(1).normal(1.0, 1.0, 8)
    runs, about = of_futures(np.repeat(blocks, 5), worlds)
    together = effects_table(runs, about, "silos", ["silos", "hub"], analysis=Analysis(together=5)).iloc[0]
    each = effects_table(*of_futures(blocks), "silos", ["silos", "hub"]).iloc[0]
    for name in ("difference", "mean_low", "mean_high", "p", "futures_low", "futures_high"):
        assert together[name] == pytest.approx(each[name]), name
    apart = effects_table(runs, about, "silos", ["silos", "hub"]).iloc[0]
    assert apart["p"] < together["p"] / 10


@pytest.mark.parametrize("together", [0, 40])
def test_nothing_is_concluded_from_a_screening_or_a_single_draw(together: int) -> None:
    runs, about = of_futures(np.random.default_rng(1).normal(9.0, 1.0, 40))
    found = effects_table(runs, about, "silos", ["silos", "hub"], analysis=Analysis(together=together)).iloc[0]
    assert found["verdict"] in ("not judged: a screening design", "not judged: all futures were drawn together")
    assert found["verdict"] == found["not_told_apart"]
    assert found["difference"] == pytest.approx(9.0, abs=0.5)
    unknown = ["low", "high", "mean_low", "mean_high", "p", "p_adjusted", "p_equal", "p_equal_adjusted", "futures_low",
               "futures_high", "worlds_low", "worlds_high", "futures_share"]  # fmt: skip
    assert found[unknown].isna().all()


def test_families_are_counted_apart() -> None:
    table = several(margin={"b": 3.0})
    primary = table[table.contrast == "primary"]
    assert list(primary.metric) == ["a", "b", "a", "b"]
    assert list(primary.p_adjusted) == pytest.approx(list(holm(primary.p.to_numpy())))
    assert list(primary.p_equal_adjusted) == pytest.approx(list(holm(primary.p_equal.to_numpy())))
    others = table[table.contrast == "exploratory"]
    assert list(others.p_adjusted) == pytest.approx(list(benjamini_hochberg(others.p.to_numpy())))
    assert list(table.margin) == pytest.approx([2.0, 3.0, 2.0, 2.0, 3.0, 2.0])
    assert list(table.verdict)[:2] == ["higher, worse", "no material difference"]
    assert list(table.verdict)[-1] == "exactly no difference"
    assert set(table.not_told_apart) == {"every pair has a world and a future of its own"}
    plain = several(adjust="none")
    assert list(plain.p_adjusted) == list(plain.p)
    assert list(several(looks=3).p_adjusted) == pytest.approx(
        [min(3 * p, 1.0) for p in several().p_adjusted], rel=1e-12
    )


def test_a_primary_contrast_must_survive_the_others() -> None:
    # by itself the interval of three pairs leaves out nought; among twenty contrasts that is no surprise
    names = [f"m{i}" for i in range(20)]
    keys = {"future": range(3), "world": range(3)}
    values = {n: 100.0 + (np.array([8.0, 9.5, 11.0]) if n == "m0" else np.array([-3.0, 4.0, 1.0])) for n in names}
    runs = pd.concat(
        [
            pd.DataFrame(keys | {"arm": "hub"} | values),
            pd.DataFrame(keys | {"arm": "silos"} | dict.fromkeys(names, 100.0)),
        ]
    )
    about = pd.DataFrame({"name": names, "unit": "hours", "better": "neither"})
    words = {
        how: effects_table(runs, about, "silos", ["silos", "hub"], analysis=Analysis(adjust=how)).verdict[0]
        for how in ("none", "holm")
    }
    assert words == {"none": "higher", "holm": "probably higher"}


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(lambda p: (round(p[0], 3), round(p[1], 3))),
        min_size=2,
        max_size=12,
    )
)
def test_exchanging_arms_turns_the_sign(pairs: list[tuple[float, float]]) -> None:
    arm, reference = (np.array(side) for side in zip(*pairs, strict=True))
    there, back = effect(arm, reference, "neither"), effect(reference, arm, "neither")
    assert back.difference == -there.difference
    assert back.low == pytest.approx(-there.high)
    assert there.low <= there.mean_low <= there.difference <= there.mean_high <= there.high


def test_pairs_are_matched_by_world_and_future_whatever_the_order_of_rows() -> None:
    runs = pd.DataFrame(
        [("hub", 0, 1, 5.0), ("silos", 1, 1, 2.0), ("silos", 0, 1, 1.0), ("hub", 1, 1, 4.0)],
        columns=["arm", "future", "world", "x"],
    )
    about = pd.DataFrame({"name": ["x"], "unit": ["hours"], "better": ["lower"]})
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        table = effects_table(runs.iloc[order], about, "silos", ["silos", "hub"])
        assert list(table.difference) == [3.0]
        assert list(table.pairs) == [2]


@pytest.mark.parametrize("lost", ["hub", "silos"])
def test_an_arm_without_runs_is_undefined(lost: str) -> None:
    runs = pd.DataFrame([("hub", 0, 0, 5.0), ("silos", 0, 0, 2.0)], columns=["arm", "future", "world", "x"])
    about = pd.DataFrame({"name": ["x"], "unit": ["hours"], "better": ["lower"]})
    table = effects_table(runs[runs.arm != lost], about, "silos", ["silos", "hub"])
    assert list(table.pairs) == [0]
    assert "undefined" in table.verdict[0]


def crossed(futures: int, worlds: int, luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Differences with a spread of 1 between futures and of 0.3 between worlds, about nought."""
    future, world = (ids.ravel() for ids in np.meshgrid(np.arange(futures), np.arange(worlds), indexing="ij"))
    by_future, by_world = luck.normal(0, 1, futures), luck.normal(0, 0.3, worlds)
    return by_future[future] + by_world[world], future, world


@pytest.mark.parametrize(("futures", "worlds"), [(5, 5), (12, 2)])
def test_intervals_of_crossed_runs_hold_the_truth_about_as_often_as_they_say(futures: int, worlds: int) -> None:
    luck = np.random.default_rng(7)
    mean = one_more = 0
    for _ in range(300):
        values, future, world = crossed(futures, worlds, luck)
        found = effect(values, np.zeros(len(values)), "neither", futures=future, worlds=world)
        mean += found.mean_low <= 0 <= found.mean_high
        one_more += found.low <= luck.normal(0, math.hypot(1, 0.3)) <= found.high
    assert mean / 300 >= 0.88
    assert one_more / 300 >= 0.88


def test_worlds_of_one_future_are_no_units_of_their_own() -> None:
    values = np.array([1.0, 1.5, 3.0, 3.5, 5.0, 5.5])
    found = effect(values, np.zeros(6), "neither", futures=np.array([0, 0, 1, 1, 2, 2]), worlds=np.arange(6))
    # means of futures 1.25, 3.25, 5.25: standard deviation 2
    assert found.mean_high - found.difference == pytest.approx(REACH * 2 / math.sqrt(3))
    assert found.pairs == 6
    # six that agree, of three futures
    assert found.verdict == "cannot tell"


@pytest.mark.parametrize(
    ("futures", "worlds"), [([0, 1, 2], [0, 1, 2]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [4, 4, 4])]
)
def test_where_pairs_are_independent_nothing_changes(futures: list[int], worlds: list[int]) -> None:
    arm, reference = np.array([0.1, 3.3, 0.7]), np.array([0.2, 0.5, 0.9])
    told = effect(arm, reference, "lower", futures=np.array(futures), worlds=np.array(worlds))
    assert told == effect(arm, reference, "lower")


def test_the_table_of_effects_knows_futures_and_worlds() -> None:
    values, future, world = crossed(4, 3, np.random.default_rng(2))
    frame = pd.DataFrame({"future": future, "world": world})
    runs = pd.concat([frame.assign(arm="hub", x=values), frame.assign(arm="silos", x=0.0)])
    about = pd.DataFrame({"name": ["x"], "unit": ["hours"], "better": ["lower"]})
    told = effects_table(runs, about, "silos", ["silos", "hub"]).iloc[0]
    by_hand = effect(values, np.zeros(12), "lower", futures=future, worlds=world)
    assert told.mean_low == pytest.approx(by_hand.mean_low)
    assert told.mean_low < effect(values, np.zeros(12), "lower").mean_low
    assert told.futures_low < told.difference < told.futures_high
    assert told.worlds_high - told.worlds_low < told.mean_high - told.mean_low
    assert told.futures_share > 0.5
