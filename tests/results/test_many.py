"""Adjusted probabilities by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from igrsim.results.many import benjamini_hochberg, holm

pytestmark = pytest.mark.fast


def test_holm_by_hand() -> None:
    # in order 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.4 x 1, none below the one before it
    assert holm(np.array([0.03, 0.01, 0.4, 0.02])) == pytest.approx([0.06, 0.04, 0.4, 0.06])
    assert holm(np.array([0.5, 0.9])) == pytest.approx([1.0, 1.0])
    assert len(holm(np.zeros(0))) == 0


def test_benjamini_and_hochberg_by_hand() -> None:
    # 0.01 x 4/1, 0.02 x 4/2, 0.03 x 4/3, 0.4 x 4/4, none above the one after it
    assert benjamini_hochberg(np.array([0.03, 0.01, 0.4, 0.02])) == pytest.approx([0.04, 0.04, 0.4, 0.04])
    assert benjamini_hochberg(np.array([0.6, 0.5])) == pytest.approx([0.6, 0.6])
    assert len(benjamini_hochberg(np.zeros(0))) == 0


def test_what_is_not_known_counts_among_those_fixed_beforehand_only() -> None:
    p = np.array([0.01, math.nan, 0.04])
    assert holm(p) == pytest.approx([0.03, math.nan, 0.08], nan_ok=True)
    assert benjamini_hochberg(p) == pytest.approx([0.02, math.nan, 0.04], nan_ok=True)
