"""What moves actors to do what was agreed, and how trust follows what they did."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.authority import Authority, Trusting
from igrsim.government.municipality import Administration
from igrsim.kernel.params import ParamSet
from igrsim.phases.engagement import Meetings, retired
from igrsim.phases.honouring import inclined
from igrsim.phases.learn import Memory, learn
from igrsim.phases.meet import _learn_of_each_other
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]


def strangers(scope: str | list[str] = "two-towns") -> World:
    """A world in which nothing binds anyone: middling partnerships, initial trust, nobody's attention."""
    world = small_model(scope=scope, citizens=100).world
    begin(world, 0)
    for centre in world.centres:
        centre.partnership = 0.5
    return world


def chance(world: World, base: float = 0.3, duty: bool = True, compact: bool = True) -> F64:
    """Of every portfolio about its own space."""
    portfolio = np.arange(len(world.portfolios.cents))
    return inclined(world, base, world.portfolios.space, portfolio, duty=duty, compact=compact)


def partner(world: World, quality: float) -> None:
    for centre in world.centres:
        centre.partnership = quality


def trusted(world: World, level: float) -> None:
    world.trust[:] = level


def minded(world: World, level: float) -> None:
    world.salience[:] = level


MOVES = {
    "duty": (lambda w, x: decree(w, duty=x), 0.0, 1.0),
    "compact": (lambda w, x: decree(w, compact=x), 0.0, 1.0),
    "salience": (minded, 0.0, 1.0),
    "partnership": (partner, 0.1, 0.9),
    "trust": (trusted, 0.1, 0.9),
}


@pytest.mark.parametrize("base", [0.05, 0.3, 0.5, 0.9])
def test_among_strangers_the_chance_is_that_of_silos(base: float) -> None:
    np.testing.assert_allclose(chance(strangers(), base), base, rtol=1e-12)


@pytest.mark.parametrize("base", [0.0, 1.0])
def test_what_is_certain_stays_certain(base: float) -> None:
    world = strangers()
    decree(world, duty=1.0, compact=1.0)
    minded(world, 1.0)
    assert (chance(world, base) == base).all()


@pytest.mark.parametrize("name", MOVES)
def test_more_of_each_is_more_of_the_chance(name: str) -> None:
    world = strangers()
    move, low, high = MOVES[name]
    found = []
    for level in np.linspace(low, high, 4):
        move(world, float(level))
        found.append(chance(world))
    assert (np.diff(found, axis=0) > 0).all()
    assert ((np.array(found) > 0) & (np.array(found) < 1)).all()


@pytest.mark.parametrize("name", MOVES)
def test_frozen_benefits_leave_the_chance_where_silos_have_it(name: str) -> None:
    world = strangers()
    believe(world, Frozen, benefits=1.0)
    move, _, high = MOVES[name]
    move(world, high)
    np.testing.assert_allclose(chance(world), 0.3, rtol=1e-12)


@pytest.mark.parametrize(("name", "rule"), [("duty", "duty"), ("compact", "compact")])
def test_known_answer_of_a_push(name: str, rule: str) -> None:
    world = strangers()
    decree(world, **{rule: 1.0})
    push = getattr(ParamSet()[Authority], name)
    np.testing.assert_allclose(chance(world, 0.5), 1 / (1 + np.exp(-push)))
    # it bears on what is asked under it only
    np.testing.assert_allclose(chance(world, 0.5, duty=name != "duty", compact=name != "compact"), 0.5)


def test_partnership_moves_the_provinces_own_departments_twice_as_far() -> None:
    world = strangers()
    partner(world, 1.0)
    odds = np.log(chance(world, 0.5) / (1 - chance(world, 0.5)))
    departments = world.institutions.departments
    provincial = np.array(
        [a < len(departments) and departments[a].sphere == "provincial" for a in world.portfolios.actor]
    )
    p = ParamSet()[Authority].partnership
    np.testing.assert_allclose(odds, np.where(provincial, p, p / 2))
    assert provincial.any()
    assert not provincial.all()


def test_trust_in_one_department_moves_that_one_and_the_municipalities_a_little() -> None:
    world = strangers()
    seat = int(world.portfolios.actor[0])
    before = chance(world)
    world.trust[:, seat] = 1.0
    after = chance(world)
    departments = len(world.institutions.departments)
    mine = world.portfolios.actor == seat
    municipal = world.portfolios.actor >= departments
    assert (after[mine] > before[mine]).all()
    np.testing.assert_array_equal(after[~mine & ~municipal], before[~mine & ~municipal])
    assert (after[municipal] > before[municipal]).all()
    assert (after[municipal] - before[municipal]).max() < (after[mine] - before[mine]).min()


def live(world: World, kept: int, broken: int, month: int = 5) -> None:
    """A month in which the first municipality saw the first department keep and break so many promises."""
    begin(world, month)
    one = np.zeros(1, np.int64)
    world.now.kept += [(one, one)] * kept
    world.now.broken += [(one, one)] * broken
    learn(world)


def faithful(**numbers: float) -> World:
    """A world whose officials never change."""
    world = strangers()
    believe(world, Trusting, **numbers)

    believe(world, Administration, turnover=0.0)
    believe(world, Memory, officials_change=0.0)
    return world


@pytest.mark.parametrize(("ratio", "low", "high"), [(1.0, -0.02, 0.02), (5.0, -0.2, -0.04)])
def test_trust_is_lost_as_quickly_as_won_or_quicker(ratio: float, low: float, high: float) -> None:
    world = faithful(loss_ratio=ratio)
    trusted(world, 0.5)
    live(world, kept=1, broken=1)
    assert low < world.trust[0, 0] - 0.5 < high
    world = faithful(loss_ratio=ratio)
    trusted(world, 0.5)
    live(world, kept=1, broken=0)
    won = world.trust[0, 0] - 0.5
    live(world, kept=0, broken=1)
    lost = 0.5 + won - world.trust[0, 0]
    assert won == pytest.approx(0.5 * world.params[Trusting].kept)
    assert lost / won == pytest.approx(ratio, rel=0.1)


def test_promises_are_counted_by_whom_they_bind() -> None:
    world = faithful()
    before = world.trust.copy()
    live(world, kept=3, broken=0)
    changed = world.trust != before
    assert changed[0, 0]
    assert changed.sum() == 1
    kept = ParamSet()[Trusting].kept
    assert world.trust[0, 0] == pytest.approx(1 - (1 - before[0, 0]) * (1 - kept) ** 3)
    for _ in range(300):
        live(world, kept=0, broken=4)
    assert 0 <= world.trust[0, 0] < 1e-6


def test_a_promise_of_a_municipality_is_none_to_itself() -> None:
    world = strangers()
    municipal = np.flatnonzero(world.portfolios.municipal)[:1]
    other = np.flatnonzero(~world.portfolios.municipal)[:1]
    place = np.zeros(1, np.int64)
    for kept in (True, False):
        world.promise(kept, place, municipal)
        world.promise(kept, place, other)
    for noted in (world.now.kept, world.now.broken):
        assert sum(len(m) for m, _ in noted) == 1
        assert noted[1][1].tolist() == [int(world.portfolios.actor[other[0]])]


@pytest.mark.parametrize("who", ["municipality", "department"])
def test_newcomers_go_back_towards_strangers(who: str) -> None:

    world = faithful()
    believe(world, Administration, turnover=float(who == "municipality"))
    believe(world, Memory, officials_change=float(who == "department"))
    p = world.params[Trusting]
    trusted(world, 0.9)
    live(world, 0, 0)
    np.testing.assert_allclose(world.trust, 0.9 + p.newcomer * (p.initial - 0.9))
    believe(world, Trusting, newcomer=1.0)
    live(world, 0, 0)
    np.testing.assert_allclose(world.trust, p.initial)


@pytest.mark.parametrize(("decisions", "quorate"), [(1, True), (0, True), (1, False)])
def test_a_meeting_that_decides_builds_trust_between_those_who_came(decisions: int, quorate: bool) -> None:
    world = strangers()
    index = next(i for i, f in enumerate(world.forums) if not f.of_hub and not f.rule and f.seats.sum() > 1)
    came = world.forums[index].seats.copy()
    came[np.flatnonzero(came)[0]] = False
    no = np.zeros(1, bool)
    held = Meetings.called(np.array([index]), np.zeros(1, int), no, retired(world), len(came))
    held.departments[0], held.quorate[0], held.decisions[0] = came, quorate, decisions
    held.attended, held.town = np.array([0]), np.array([1])
    before = world.trust.copy()
    _learn_of_each_other(world, held)
    step = world.params[Trusting].meeting * (decisions > 0 and quorate)
    np.testing.assert_allclose(world.trust[1], np.where(came, 1 - (1 - before[1]) * (1 - step), before[1]))
    np.testing.assert_array_equal(world.trust[0], before[0])
