"""Skilled officials leave municipalities and others come; dysfunctional ones are stabilised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.skills import Staffing
from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import Params, param
from igrsim.places.capacity import FUNCTIONS
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]


class Stabilisation(Params, group="stabilising"):
    """What stabilising a dysfunctional municipality takes and gives."""

    below: float = param(
        0.45, unit="index 0-1", low=0.35, high=0.55, grade="assumed", source="cogta-health-2022",
        meaning="own skill, over all functions, below which a municipality is stabilised",
    )  # fmt: skip
    quicker: float = param(
        1.0, unit="ratio", low=0.25, high=3, grade="assumed", source="b2b-2014",
        meaning="by how much more of its vacant posts are filled in a month",
    )  # fmt: skip
    specialists: float = param(
        2, unit="posts", low=1, high=5, grade="assumed", source="engineers-2018",
        meaning="specialists sent to it, shared out by what its functions lack",
    )  # fmt: skip
    specialist_skill: float = param(
        0.85, unit="index 0-1", low=0.6, high=1.0, grade="assumed", source="assumption",
        meaning="what a specialist in a strange place can do",
    )  # fmt: skip
    rand_per_specialist: float = param(
        95_000, unit="rand a month", low=60_000, high=160_000, grade="assumed", source="assumption",
        meaning="cost of a specialist, borne by the nation",
    )  # fmt: skip
    municipal_hours: float = param(
        10, unit="hours a month", low=4, high=40, grade="assumed", source="b2b-2014",
        meaning="municipal hours for the monthly report and the steering of stabilisation",
    )  # fmt: skip


def stabilise(world: World) -> F64:
    """Send specialists to dysfunctional municipalities, and say by how much faster each fills its posts."""
    p, skills = world.params[Stabilisation], world.skills
    extent = world.rules.by_space("stabilisation")[world.municipality_space]
    own = skills.own()
    extent = np.where(own.mean(axis=1) < p.below, extent, 0.0)
    sent = p.specialists * extent
    world.charge(
        "stabilisation", "nation", world.municipality_space,
        cents=np.rint(100 * p.rand_per_specialist * sent).astype(np.int64),
    )  # fmt: skip
    minutes = np.rint(60 * p.municipal_hours * extent).astype(np.int64)
    world.now.by_municipality["support_minutes"] += minutes
    world.charge("stabilisation", "municipality", world.municipality_space, minutes)
    good = 1 - world.params[Frozen].benefits
    lacking = 1 - own
    skills.seconded = good * p.specialist_skill * sent[:, None] * lacking / lacking.sum(axis=1, keepdims=True)
    return np.asarray(1 + good * p.quicker * extent)


def come_and_go(world: World, quicker: F64) -> None:
    """Officials leave and take along what they learned; vacant posts are filled with people who know less.

    Parameters
    ----------
    quicker : (municipalities,) float
        How much faster than usual posts are filled.
    """
    p, skills = world.params[Staffing], world.skills
    filled = skills.vacancy * np.minimum(skills.filling * quicker[:, None], 1.0)
    enter(world, filled, skills.entrants)
    posts = skills.posts[:, None]
    staffed = posts * (1 - skills.vacancy)
    leavers = world.draws["skilled official leaves"].poisson(
        p.leaves * staffed, world.ordinal, world.municipality_keys[:, None], code_keys(FUNCTIONS)[None, :]
    )
    gone = np.minimum(leavers, staffed)
    skills.underway *= 1 - gone / np.maximum(staffed, 1e-9)
    skills.vacancy = np.clip(skills.vacancy + gone / posts, 0.0, 1.0)


def enter(world: World, filled: F64, skill: F64 | float) -> None:
    """Put people into vacant posts: the skill of those in post becomes the mean of old and new.

    Parameters
    ----------
    filled : (municipalities, functions) float
        Share of all posts that is filled.
    skill : float or (municipalities, functions) float
    """
    skills = world.skills
    staffed = 1 - skills.vacancy
    total = staffed + filled
    skills.level = np.where(
        total > 0, (skills.level * staffed + skill * filled) / np.maximum(total, 1e-9), skills.level
    )
    skills.vacancy = np.clip(skills.vacancy - filled, 0.0, 1.0)
