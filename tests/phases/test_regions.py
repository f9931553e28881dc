"""Regional management: officials stay, journeys shorten, posts are paid."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.regions import Regions
from igrsim.phases.engagement import Engagement
from igrsim.phases.learn import Memory, learn
from igrsim.phases.meet import _department_minutes
from igrsim.phases.regions import keep_regions, leave, nearer
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def world_of(extent: float = 1.0, **numbers: float) -> World:
    world = small_model(scope=["DC15", "DC36"], citizens=100).world
    believe(world, Regions, **numbers)
    decree(world, regional_management=extent)
    begin(world, 0)
    return world


@pytest.mark.parametrize("extent", [1.0, 0.25])
@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_managers_and_offices_are_paid_by_their_spheres(extent: float, frozen: float) -> None:
    world = world_of(extent)
    believe(world, Frozen, benefits=frozen)
    keep_regions(world)
    p = world.params[Regions]
    for bearer, posts in (("province", p.provincial_posts), ("nation", p.national_posts)):
        each = [round(60 * p.hours_per_post * posts * extent)] * 2
        assert world.now.minutes["regional management", bearer].tolist() == each
        rand = [round(100 * (p.rand_per_post + p.office) * posts * extent)] * 2
        assert world.now.cents["regional management", bearer].tolist() == rand
    assert set(world.now.cents) == {("regional management", "province"), ("regional management", "nation")}


def test_silos_have_no_regions() -> None:
    world = world_of(0.0)
    keep_regions(world)
    assert not world.now.cents
    assert (leave(world) == 1).all()
    assert (nearer(world, np.arange(len(world.forums))) == 1).all()


def test_fewer_officials_of_departments_with_a_region_leave_and_take_ties_along() -> None:
    gone = []
    for extent in (0.0, 1.0):
        world = world_of(extent, provincial_posts=1e9, national_posts=0.0, stay=0.5)
        believe(world, Memory, officials_change=0.4, tie_fades=0.0)
        provincial = np.array([d.sphere == "provincial" and d.role == "sector" for d in world.institutions.departments])
        lost = np.zeros(len(provincial))
        for month in range(40):
            begin(world, month)
            world.ties[:] = world.peer_ties[:] = 1.0
            learn(world)
            # where a department's tie is lost to every municipality its own official has changed
            for space in range(world.spaces):
                lost += (world.ties[world.municipality_space == space] == 0).all(axis=0)
        gone.append((lost[provincial].sum(), lost[~provincial].sum()))
    (silo, others), (region, same) = gone
    assert 0.35 * silo < region < 0.65 * silo
    assert same == others


def test_posts_for_half_the_departments_do_half() -> None:
    seats = world_of().institutions.departments
    sector = np.array([d.sphere == "provincial" and d.role == "sector" for d in seats])
    world = world_of(provincial_posts=sector.sum() / 2, national_posts=0.0)
    stay = world.params[Regions].stay
    np.testing.assert_allclose(leave(world)[:, sector], 1 - stay / 2)
    np.testing.assert_allclose(leave(world)[:, ~sector], 1.0)
    believe(world, Frozen, benefits=1.0)
    assert (leave(world) == 1).all()


def test_journeys_to_meetings_in_the_space_are_shorter_and_no_other() -> None:
    usual, regional = world_of(0.0), world_of(1.0, provincial_posts=1e9, national_posts=1e9, way=0.25)
    before, after = (_department_minutes(w, np.arange(len(w.forums))) for w in (usual, regional))
    sector = np.array([d.role == "sector" for d in usual.institutions.departments])
    local = np.array([f.level == "space" for f in usual.forums])
    saved = before - after
    whole = round(60 * usual.params[Engagement].department_travel)
    assert (saved[np.ix_(local, sector)] == whole - round(0.25 * whole)).all()
    assert not saved[~local].any()
    assert not saved[:, ~sector].any()
