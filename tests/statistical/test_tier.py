"""Every claim of the statistical tier holds; and a way of judging that is wrong would not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import claims_of_effects
import claims_of_looks
import tier
from claims_of_effects import ALARMS, COVERS, STUDIES, differs, family, study

from igrsim.results.effects import Analysis

SEEDS = 200


@pytest.mark.parametrize("name", tier.CLAIMS)
def test_a_claim_about_chance(name: str) -> None:
    assert tier.CLAIMS[name](tier.luck(name, 0)) > tier.share()


@pytest.mark.slow
@pytest.mark.parametrize("name", tier.CLAIMS)
def test_no_false_alarm_over_two_hundred_seeds(name: str) -> None:
    alarms = [seed for seed in range(SEEDS) if tier.CLAIMS[name](tier.luck(name, seed)) <= tier.share()]
    assert alarms == []


@pytest.mark.fast
def test_the_tier_shares_one_small_chance() -> None:
    assert len(tier.CLAIMS) == len(set(tier.CLAIMS.values())) > 5
    assert tier.share() * len(tier.CLAIMS) == pytest.approx(1e-3)
    assert tier.too_few(95, 100, 0.95) > 0.3
    assert tier.too_few(80, 100, 0.95) < tier.share()
    assert tier.too_many(5, 100, 0.05) > 0.3
    assert tier.too_many(25, 100, 0.05) < tier.share()


def test_what_is_wrong_would_be_found() -> None:
    # without adjustment, one study in five has a finding that is none
    luck = np.random.default_rng(1)
    alarms = sum(
        bool((study(family(luck, 10, np.zeros(6)), Analysis(adjust="none"))[0] <= ALARMS).any()) for _ in range(STUDIES)
    )
    assert tier.too_many(alarms, STUDIES, ALARMS) < tier.share()
    # pairs of one future taken for independent ones: the interval misses far more often than it says
    hits = 0
    for _ in range(STUDIES):
        values, _, _ = claims_of_effects.crossed(luck, 8, 6)
        found = claims_of_effects.effect(values, np.zeros(48), "neither")
        hits += found.mean_low <= 0 <= found.mean_high
    assert tier.too_few(hits, STUDIES, COVERS) < tier.share()
    # looks that are not counted: about one study in seven stops at a finding that is none
    alarms = claims_of_looks.alarms_of(luck, contrasts=1, futures=200, corrected=False)
    assert tier.too_many(alarms, claims_of_looks.STUDIES, ALARMS) < tier.share()
    assert not differs(["probably higher", "no material difference on average", "cannot tell"]).any()
