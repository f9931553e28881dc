"""A surge's further events come after the usual ones, wherever they surge and however many settlements are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from igrsim.citizens.population import EVENTS
from igrsim.citizens.surge import surged
from igrsim.citizens.terms import Book

BIRTH, IDENTITY = EVENTS.index("birth"), EVENTS.index("identity")


@pytest.fixture
def usual(make_world: Any) -> tuple[np.ndarray[Any, Any], Book]:
    people = make_world(10).people
    return people.hazard, people.book


def befalls(hazard: np.ndarray[Any, Any], book: Book, luck: float) -> tuple[int, int] | None:
    """The route and variant that befall a person of this luck."""
    event = int(np.searchsorted(hazard, luck, side="right"))
    return (int(book.event_route[event]), int(book.event_variant[event])) if event < len(hazard) else None


def test_no_surge_is_the_usual(usual: tuple[np.ndarray[Any, Any], Book]) -> None:
    hazard, book = usual
    hazards, hazard_of, same = surged(hazard, book, None, 7)
    np.testing.assert_array_equal(hazards, hazard[None])
    np.testing.assert_array_equal(hazard_of, np.zeros(7))
    assert same is book


def test_further_events_come_after_the_usual_ones(usual: tuple[np.ndarray[Any, Any], Book]) -> None:
    hazard, book = usual
    more = np.zeros((6, len(EVENTS)))
    more[1, IDENTITY], more[2, IDENTITY], more[4, BIRTH], more[5, IDENTITY] = 2.0, 0.5, 3.0, 2.0
    hazards, hazard_of, longer = surged(hazard, book, more, 6)
    # as many kinds of places as there are different surges
    assert len(hazards) == 4
    assert hazard_of[1] == hazard_of[5]
    assert hazard_of[0] == hazard_of[3]
    assert len({hazard_of[k] for k in (0, 1, 2, 4)}) == 4
    first, second = sorted((BIRTH, IDENTITY))
    np.testing.assert_array_equal(longer.event_route[len(EVENTS) :], book.event_route[[first, second]])
    np.testing.assert_array_equal(longer.event_variant[len(EVENTS) :], book.event_variant[[first, second]])
    rate = np.diff(hazard, axis=2, prepend=0.0)
    for home in range(6):
        mine = hazards[hazard_of[home]]
        np.testing.assert_array_equal(mine[..., : len(EVENTS)], hazard)
        assert (np.diff(mine, axis=2) >= 0).all()
        further = np.diff(mine[..., len(EVENTS) - 1 :], axis=2)
        np.testing.assert_allclose(further[..., 0], rate[..., first] * more[home, first], atol=1e-15)
        np.testing.assert_allclose(further[..., 1], rate[..., second] * more[home, second], atol=1e-15)


def test_a_settlement_alone_has_the_surge_it_has_among_others(usual: tuple[np.ndarray[Any, Any], Book]) -> None:
    hazard, book = usual
    rng = np.random.default_rng(2)
    more = rng.uniform(0, 9, (20, len(EVENTS))) * (rng.random((20, len(EVENTS))) < 0.3)
    more[3], more[4] = 0.0, more[5]
    hazards, hazard_of, longer = surged(hazard, book, more, 20)
    struck = 0
    for home in range(20):
        alone, zero, own = surged(hazard, book, more[home : home + 1], 1)
        np.testing.assert_array_equal(zero, [0])
        for band, fifth in ((1, 0), (2, 2), (3, 4)):
            among = hazards[hazard_of[home], band, fifth]
            # to the bit where one event ends and the next begins
            turns = np.unique([*among, *alone[0, band, fifth]])
            for luck in [*turns, *np.nextafter(turns, 0), *rng.uniform(0, 1.2 * turns[-1], 50)]:
                assert befalls(among, longer, luck) == befalls(alone[0, band, fifth], own, luck)
                struck += befalls(among, longer, luck) is not None
    assert struck > 1000


def test_a_surge_that_reaches_nobody_is_the_usual(usual: tuple[np.ndarray[Any, Any], Book]) -> None:
    hazard, book = usual
    hazards, hazard_of, same = surged(hazard, book, np.zeros((4, len(EVENTS))), 4)
    np.testing.assert_array_equal(hazards, hazard[None])
    np.testing.assert_array_equal(hazard_of, np.zeros(4))
    np.testing.assert_array_equal(same.event_route, book.event_route)
