"""A person's story is what the kernel counted of them, whoever they are and whatever the arm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from same_lives import assert_same_lives

from igrsim.citizens.again import Again, live_again
from igrsim.citizens.story import FIELDS, KINDS
from igrsim.citizens.terms import (
    ABANDONED,
    ARISEN,
    CENTS,
    GAVE_UP,
    GOT,
    MERGED,
    METRES,
    MINUTES,
    MONTHS,
    RESOLVED,
    STEPS,
    TALLIES,
    TRIPS,
    VISITS,
)
from igrsim.kernel.errors import ConservationError
from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import live, offices, travel
from igrsim.world.world import Month, World

ARMS: dict[str, dict[str, float]] = {
    "as given": {},
    "papers at hand": {"access__missing_papers": 0.1, "access__offline": 0.02},
    "slow": {"access__lag_birth": 6, "access__give_up": 0.25, "access__outings": 4},
}
LIVED = 24


class Followed:
    """A world of which every person is counted alone, by the real run."""

    def __init__(self, world: World) -> None:
        self.world = world
        people, citizens = world.people, world.people.citizens
        citizens.cells = np.arange(citizens.count, dtype=np.int32)
        needs = len(world.catalogue.needs)
        # one counting cell a person; all of them are in the one space of the scope
        people.tally = np.zeros((citizens.count, needs, len(TALLIES)), dtype=np.int64)
        people.lived = []
        self.tokens = citizens.lives.tokens.copy()
        self.months = []
        for month in range(LIVED):
            world.month = month
            travel(world)
            self.months.append(people.tally.copy())
        self.counted = np.sum(self.months, axis=0)

    def follow(self, citizen: int) -> Again:
        people = self.world.people
        assert people.lived is not None
        return live_again(
            people.citizens,
            citizen,
            int(self.tokens[citizen]),
            people.lived,
            people.book,
            people.keys,
            len(self.world.catalogue.needs),
        )


@pytest.fixture(scope="module", params=list(ARMS))
def followed(request: pytest.FixtureRequest) -> Followed:
    values = {name.replace("__", "."): value for name, value in ARMS[request.param].items()}
    world = IGRModel(Scenario(scope="DC15", citizens=4_000, months=LIVED, params=values), seed=3).world
    world.now = Month.begin(len(world.municipalities), world.spaces)
    assert world.spaces == 1
    return Followed(world)


def people_worth_following(followed: Followed) -> list[int]:
    """The worst, the median, those with the most of each count, some at random, and one to whom nothing happened."""
    minutes = followed.world.people.citizens.lives.minutes
    order = np.argsort(minutes, kind="stable")
    per_person = followed.counted.sum(axis=1)
    most = [int(np.argmax(per_person[:, k])) for k in range(len(TALLIES))]
    idle = int(np.flatnonzero(per_person.sum(axis=1) == 0)[0])
    some = np.random.default_rng(1).integers(0, len(minutes), 25).tolist()
    return [int(order[-1]), int(order[-2]), int(order[len(order) // 2]), *most, idle, *some]


def sums(story: np.ndarray[Any, Any], routes: Any, needs: Any) -> np.ndarray[Any, Any]:
    """What a story says, need by need, under the names of the tallies."""
    found = np.zeros((len(needs), len(TALLIES)), dtype=np.int64)
    for row in story.tolist():
        e = dict(zip(FIELDS, row, strict=True))
        kind = KINDS[e["kind"]]
        if e["route"] < 0:
            continue
        mine = found[needs.index(routes[e["route"]].need)]
        if kind in ("arises", "joins"):
            mine[ARISEN] += 1
            mine[MERGED] += kind == "joins"
        elif kind == "calls":
            mine[VISITS] += 1
            mine[STEPS] += e["detail"] == 0
        elif kind == "resolved":
            mine[RESOLVED] += 1
            mine[MONTHS] += e["detail"]
        elif kind == "abandons":
            mine[ABANDONED] += 1
        elif kind == "trip":
            mine[TRIPS] += 1
            mine[METRES] += e["metres"]
            mine[MINUTES] += e["minutes"]
            mine[CENTS] += e["cents"]
            if e["detail"]:
                mine[e["detail"]] += 1
    return found


def test_the_story_is_what_was_counted(followed: Followed) -> None:
    catalogue = followed.world.catalogue
    trips = 0
    for citizen in people_worth_following(followed):
        again = followed.follow(citizen)
        # alone as in the run, month by month
        for month, counted in enumerate(followed.months):
            np.testing.assert_array_equal(again.tally[month], counted[citizen], err_msg=f"{citizen}, month {month}")
        told = sums(again.story, catalogue.routes, list(catalogue.needs))
        np.testing.assert_array_equal(told, followed.counted[citizen], err_msg=f"citizen {citizen}")
        trips += int(told[:, TRIPS].sum())
    assert trips > 50


def test_what_became_of_everyone_is_what_was_counted(followed: Followed) -> None:
    """Whether a need was resolved or given up, and what all trips took, of each person of the run."""
    lives, catalogue = followed.world.people.citizens.lives, followed.world.catalogue
    mine = followed.counted[:, np.array(catalogue.documentary)].sum(axis=1)
    np.testing.assert_array_equal(lives.fate & GOT > 0, mine[:, RESOLVED] > 0)
    np.testing.assert_array_equal(lives.fate & GAVE_UP > 0, mine[:, ABANDONED] > 0)
    assert set(np.unique(lives.fate)) == {0, GOT, GAVE_UP, GOT | GAVE_UP}
    for name, tally in (("trips", TRIPS), ("metres", METRES), ("minutes", MINUTES), ("cents", CENTS)):
        np.testing.assert_array_equal(lives.state[name], mine[:, tally], err_msg=name)


def test_a_person_s_fate_is_that_of_the_story(followed: Followed) -> None:
    lives, routes = followed.world.people.citizens.lives, followed.world.catalogue.routes
    # and one of each fate at least
    of_each = [int(np.argmax(lives.fate == fate)) for fate in (0, GOT, GAVE_UP, GOT | GAVE_UP)]
    fates = set()
    for citizen in [*people_worth_following(followed), *of_each]:
        fate, still_open = 0, np.zeros(LIVED, dtype=np.int64)
        for row in followed.follow(citizen).story.tolist():
            e = dict(zip(FIELDS, row, strict=True))
            if e["route"] < 0 or not routes[e["route"]].documentary:
                continue
            kind = KINDS[e["kind"]]
            fate |= GOT * (kind == "resolved") | GAVE_UP * (kind == "abandons")
            still_open[e["month"] :] += (kind == "arises") - (kind in ("resolved", "abandons"))
        waited = int((still_open > 0).sum())
        assert (fate, waited) == (lives.fate[citizen], lives.state["waited"][citizen]), citizen
        fates.add(fate)
    assert fates == {0, GOT, GAVE_UP, GOT | GAVE_UP}


def test_the_ways_of_a_day_add_up_to_the_trip(followed: Followed) -> None:
    legs = {KINDS.index(k) for k in ("sets_out", "goes_on", "returns")}
    kind, metres, cents = (FIELDS.index(name) for name in ("kind", "metres", "cents"))
    minutes = FIELDS.index("minutes")
    days = 0
    for citizen in people_worth_following(followed):
        so_far, times = np.zeros(2, dtype=np.int64), []
        for row in followed.follow(citizen).story:
            if int(row[kind]) in legs:
                so_far += row[[metres, cents]]
            if int(row[kind]) in {*legs, KINDS.index("calls")}:
                times.append(int(row[minutes]))
            if row[kind] == KINDS.index("trip"):
                np.testing.assert_array_equal(so_far, row[[metres, cents]])
                # each part is rounded by itself
                assert abs(sum(times) - row[minutes]) <= 0.5 * len(times) + 0.5
                so_far, times = np.zeros(2, dtype=np.int64), []
                days += 1
        assert not so_far.any()
    assert days > 50


def test_a_story_changes_nothing_and_says_when_its_room_was_too_small(make_world: Any) -> None:
    plain, told, short = (make_world(2_000) for _ in range(3))
    events = 0
    for month in range(6):
        for world in (plain, told, short):
            world.month = month
        room = np.zeros((200_000, len(FIELDS)), dtype=np.int64)
        small = np.zeros((3, len(FIELDS)), dtype=np.int64)
        assert live(plain, [(0, 2_000)], offices(plain)) == 0
        found = live(told, [(0, 2_000)], offices(told), story=room)
        assert live(short, [(0, 2_000)], offices(short), story=small) == found
        np.testing.assert_array_equal(small, room[:3])
        assert room[found - 1].any()
        assert not room[found:].any()
        events += found
    assert events > 1_000
    for other in (told, short):
        assert_same_lives(plain.people.citizens, other.people.citizens)
        for name in ("tally", "arrivals", "hours"):
            np.testing.assert_array_equal(getattr(plain.people, name), getattr(other.people, name))


def test_a_life_that_was_not_this_one_is_refused(followed: Followed) -> None:
    people = followed.world.people
    worst = int(np.argmax(people.citizens.lives.minutes))
    assert people.lived is not None
    first, *others = people.lived
    with pytest.raises(ConservationError, match="differs from the run"):
        live_again(
            people.citizens,
            worst,
            int(followed.tokens[worst]),
            [first],
            people.book,
            people.keys,
            len(followed.world.catalogue.needs),
        )
    assert len(others) == LIVED - 1


def test_what_months_were_lived_by_is_safe_from_later_months(followed: Followed) -> None:
    lived = followed.world.people.lived
    assert lived is not None
    assert [month.month for month in lived] == list(range(LIVED))
    assert not np.array_equal(lived[0].offices.wait, lived[-1].offices.wait)
    # what never changes is kept once
    assert lived[0].offices.lat is lived[-1].offices.lat
    assert lived[0].offices.lat is not followed.world.points.lat
