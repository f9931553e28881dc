"""What follows of what the points publish."""

from __future__ import annotations

from typing import Any

import numpy as np

from igrsim.citizens.terms import CHOICE, COUNTER, PURPOSES, TALLIES, WASTED_LATE, post, purpose_keys
from igrsim.kernel.draws import Draws
from igrsim.phases.travel import offices


def test_the_chances_at_the_counter_are_those_of_three_that_befall_independently(make_world: Any) -> None:
    world = make_world(10, scope="DC15")
    rng = np.random.default_rng(3)
    n = len(world.points)
    absent, offline, admit = rng.random((3, n))
    absent[:3], offline[:3], admit[:3] = (0, 1, 0), (0, 0, 1), (1, 1, 1)
    found = post(offices(world)._replace(absent=absent, offline=offline, admit=admit), world.people.conduct)
    np.testing.assert_array_equal(found.absent, absent)
    np.testing.assert_allclose(found.offline, 1 - (1 - absent) * (1 - offline), atol=1e-15)
    np.testing.assert_allclose(found.full, 1 - (1 - absent) * (1 - offline) * admit, atol=1e-15)
    assert (found.full[0], found.full[1], found.full[2]) == (0, 1, 1)


def test_a_queue_draws_fewer_and_a_closed_point_nobody(make_world: Any) -> None:
    world = make_world(10, scope="DC15")
    n, conduct = len(world.points), world.people.conduct
    wait, is_open = np.linspace(0, 300, n), np.arange(n) % 3 > 0
    knows = np.where(np.arange(n) % 5, 1.0, 0.4)
    queue = post(offices(world)._replace(wait=wait, open=is_open, knows=knows), conduct).queue
    assert conduct.per_queue_minute < 0
    np.testing.assert_allclose(
        np.abs(queue[:-1][is_open]), np.exp(-conduct.per_queue_minute * wait[is_open]), rtol=1e-14
    )
    assert np.isinf(queue[:-1][~is_open]).all()
    # the sign says of what not everybody knows; behind all points stands one that nobody can call at
    np.testing.assert_array_equal(queue[:-1] < 0, knows < 1)
    assert queue[-1] == np.inf


def test_every_purpose_has_a_key_of_its_own_in_every_replication() -> None:
    one, other = purpose_keys(Draws(1)), purpose_keys(Draws(1, replication=1))
    assert len({*one.tolist(), *other.tolist()}) == 2 * len(PURPOSES)
    assert one[CHOICE] == Draws(1)["choice of point"].key
    assert one[COUNTER] == Draws(1)["what awaits at the counter"].key
    assert TALLIES[WASTED_LATE] == "wasted_late"
