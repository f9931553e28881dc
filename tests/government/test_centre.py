"""Coordinating centres: one of the nation and one of each province, with the partnership that luck gave them."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.centre import CentreWork
from igrsim.kernel.draws import Draws, code_key
from igrsim.kernel.params import ParamSet
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.convening import partnership_drawn

WORK = ParamSet()[CentreWork]


def drawn(spread: float, centres: int = 400, when: int = 0) -> np.ndarray:
    work = ParamSet({"centres.partnership_spread": spread})[CentreWork]
    return np.array([partnership_drawn(work, Draws(1, 0), code_key(f"P{k}"), when) for k in range(centres)])


def test_partnerships_have_the_mean_and_spread_of_their_parameters() -> None:
    found = drawn(0.1)
    assert found.mean() == pytest.approx(WORK.partnership, abs=0.02)
    assert found.std() == pytest.approx(0.1, abs=0.02)
    assert np.ptp(drawn(0.0)) == 0
    wide = drawn(0.3)
    assert 0.05 <= wide.min() < 0.1
    assert 0.9 < wide.max() <= 0.95


def test_a_new_champion_brings_new_luck() -> None:
    assert not np.isclose(drawn(0.2), drawn(0.2, when=5)).any()
    np.testing.assert_array_equal(drawn(0.2, when=5), drawn(0.2, when=5))


def test_a_part_of_the_country_keeps_the_centres_of_the_whole() -> None:
    whole = {c.code: c.partnership for c in small_model(scope="country", citizens=100).world.centres}
    assert len(whole) == 10
    world = small_model(scope=["DC36"], citizens=100).world
    here = {c.code: c.partnership for c in world.centres}
    assert here.items() <= whole.items()
    assert world.partnership().tolist() == [whole[world.geography.spaces.provinces[0]]]


def test_a_centre_remembers_what_luck_gave_it() -> None:
    for centre in small_model(scope=["DC15", "DC36"], citizens=100).world.centres:
        assert centre.drawn == centre.partnership
