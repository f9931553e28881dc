"""Whether theories agree, on made-up verdicts and in runs whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from igrsim.results.agreement import ALL, COLUMNS, agreement, bearing, rival_effects
from igrsim.results.effects import Analysis, effects_table

pytestmark = pytest.mark.fast
LOWER, HIGHER, PROBABLY = "lower, better", "higher, worse", "probably lower, better"
SAME, EXACT, OPEN, NONE = (
    "no material difference",
    "exactly no difference",
    "cannot tell",
    "undefined: nothing to measure here",
)
CASES = {
    "all sure": ([LOWER, LOWER, LOWER], "all rules agree: lower, better"),
    "some probably": ([PROBABLY, LOWER, LOWER], "all rules agree: lower, better (probably so under a)"),
    "all probably": ([PROBABLY, PROBABLY, PROBABLY], "all rules agree: probably lower, better"),
    "nothing": ([SAME, EXACT, SAME], "all rules agree: no material difference"),
    "nothing at all": ([EXACT, EXACT, EXACT], "all rules agree: exactly no difference"),
    "one unsure": ([LOWER, OPEN, LOWER], "agree in direction: lower, better; cannot tell under b"),
    "probably, or unsure": ([PROBABLY, OPEN, PROBABLY], "agree in direction: probably lower, better; cannot tell under b"),
    "two contradict": ([LOWER, HIGHER, LOWER], "differ: lower under a, c; higher under b"),
    "all three": ([LOWER, HIGHER, OPEN], "differ: lower under a; higher under b; cannot tell under c"),
    "something and nothing": ([LOWER, SAME, LOWER], "differ: lower under a, c; no material difference under b"),
    "nothing, or unsure": ([SAME, OPEN, SAME], "cannot tell under b: no material difference under a, c"),
    "none can tell": ([OPEN, "one pair only: lower, not known how surely", OPEN], "cannot tell under any rule"),
    "on average": ([LOWER, "lower on average, better"], "all rules agree: lower on average, better"),
    "nothing on average": ([SAME, "no material difference on average"], "all rules agree: no material difference on average"),
    "on average, or unsure": (["higher on average, worse", "lower on average"], "differ: lower under b; higher under a"),
    "undefined": ([NONE, NONE, NONE], "undefined under every rule"),
    "undefined under one": ([LOWER, NONE, LOWER], "all rules agree: lower, better; undefined under b"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_scale(case: str) -> None:
    verdicts, words = CASES[case]
    assert agreement(dict(zip("abc", verdicts, strict=False)), dict.fromkeys("abc", -1.0)) == words


def test_who_cannot_tell_and_points_the_other_way_agrees_in_nothing() -> None:
    verdicts = {"a": LOWER, "b": OPEN}
    assert agreement(verdicts, {"a": -1.0, "b": 0.2}) == "cannot tell under b: lower, better under a"
    assert agreement(verdicts, {"a": -1.0, "b": -0.2}).startswith("agree in direction: lower")


def test_every_verdict_has_a_bearing() -> None:
    from igrsim.results.effects import verdict

    said = {verdict(*numbers, "lower") for numbers in (
        (1.0, 0.5, 1.5, 1.0, 0.1), (-1.0, -1.5, -0.5, 1.0, 0.1), (-1.0, -3.0, 1.0, 0.95, 0.1), (0.0, -0.1, 0.1, 0.5, 1.0),
        (1.0, -3.0, 5.0, 0.5, 0.1),
    )}  # fmt: skip
    assert {words: bearing(words) for words in said} == {
        "higher, worse": "higher", "lower, better": "lower", "probably lower, better": "lower",
        "no material difference": "same", "cannot tell": "open",
    }  # fmt: skip


def test_each_theory_is_held_against_silos_of_its_own() -> None:
    rows = []
    for future in range(8):
        luck = np.sin(future)
        for rule, level, change in (("usual", 100.0, -10.0), ("rival", 500.0, 10.0)):
            for arm, gain in (("silos", 0.0), ("hubs", change + 0.1 * luck)):
                rows.append({"arm": arm, "planners": rule, "future": future, "world": future, "m": level + luck + gain})
    found = rival_effects(pd.DataFrame(rows), [("m", "hours", "lower")], "silos", ["silos", "hubs"], ["usual", "rival"])
    assert tuple(found.columns) == COLUMNS
    assert list(found.planners) == ["usual", "rival", ALL]
    assert found.difference[:2].tolist() == pytest.approx([-10.0, 10.0], abs=0.1)
    assert list(found.verdict) == ["lower, better", "higher, worse", "differ: lower under usual; higher under rival"]
    # by how much more, pair by pair: luck of a future that all share is no part of it
    assert found.beyond_own.isna().tolist() == [True, False, True]
    row = found.iloc[1]
    assert (row.beyond_own, row.beyond_own_low, row.beyond_own_high) == pytest.approx((20.0, 20.0, 20.0))
    # runs of one theory that failed leave the others as they are
    fewer = pd.DataFrame([row for row in rows if row["planners"] == "usual"])
    again = rival_effects(fewer, [("m", "hours", "lower")], "silos", ["silos", "hubs"], ["usual", "rival"])
    assert again.verdict[2] == "all rules agree: lower, better; undefined under rival"
    assert again.pairs[1] == 0


def test_contrasts_under_a_theory_are_judged_as_the_studys_own() -> None:
    luck = np.random.default_rng(1).normal(0, 1, 12)
    rows = [
        {"arm": arm, "planners": rule, "future": 0, "world": w, "m": 100 + luck[w] + gain, "n": 5.0 + gain * (w % 2)}
        for rule in ("usual", "rival")
        for w in range(12)
        for arm, gain in (("silos", 0.0), ("hubs", 0.9 * luck[w] + 0.7))
    ]
    runs, metrics = pd.DataFrame(rows), [("m", "hours", "lower"), ("n", "hours", "neither")]
    about = pd.DataFrame(metrics, columns=["name", "unit", "better"])
    own = runs[runs.planners == "usual"].drop(columns="planners")
    seen = set()
    for analysis in (
        Analysis(),
        Analysis(adjust="none"),
        Analysis(looks=5),
        Analysis(margin={"m": 50.0}),
        Analysis(("n",)),
    ):
        effects = effects_table(own, about, "silos", ["silos", "hubs"], None, analysis)
        for given in (effects, None):
            found = rival_effects(runs, metrics, "silos", ["silos", "hubs"], ["usual", "rival"], analysis, given)
            for rule in ("usual", "rival"):
                mine = found[found.planners == rule]
                for column in ("verdict", "difference", "mean_low", "mean_high"):
                    assert mine[column].tolist() == effects[column].tolist()
        seen |= {tuple(effects.verdict)}
    assert len(seen) > 1, "what was fixed beforehand matters here"
