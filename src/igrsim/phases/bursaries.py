"""Bursaries: funders choose what to have studied, and graduates fill vacant posts years later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.skills import LONGEST, Bursaries, Staffing, fields_liked
from igrsim.kernel.draws import code_keys
from igrsim.phases.staffing import enter
from igrsim.places.capacity import FUNCTIONS
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def award(world: World, month: int, coordinated: F64) -> None:
    """Give a year's bursaries in every space.

    Parameters
    ----------
    month : int
        Month of the study, before its start too.
    coordinated : (spaces,) float
        Share that goes where posts stand vacant, by one analysis, among the functions its funder may pay for; the rest
        goes as each funder likes.
    """
    p, skills = world.params[Bursaries], world.skills
    funders = skills.capacity.bursaries
    keys = code_keys(f.code for f in funders)
    ordinal = world.clock.ordinal(month)
    posts = np.bincount(world.municipality_space, weights=skills.posts, minlength=world.spaces)
    mean = np.array([f.share for f in funders])[:, None] * posts[None, :] / p.posts_each
    given = world.draws["bursaries"].poisson(mean, ordinal, keys[:, None], world.space_keys[None, :])
    funder, space = (np.repeat(i.ravel(), given.ravel()) for i in np.indices(given.shape))
    if len(funder) == 0:
        return
    nth = np.concatenate([np.arange(n) for n in given.ravel()])
    who = ordinal, keys[funder], world.space_keys[space], nth
    likes = fields_liked(skills.capacity, p.popular)
    # an analysis finds what is needed; what a funder may pay for stays as its law says
    needs = vacant(world)[space] * (likes[funder] > 0)
    weight = likes[funder].copy()
    by_need = world.draws["bursary by need"].uniform(*who) < coordinated[space]
    by_need &= needs.sum(axis=1) > 0
    weight[by_need] = needs[by_need]
    # the upper end of each function's share of the bursar's luck
    ends = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    u = world.draws["field of a bursary"].uniform(*who)
    function = np.minimum((u[:, None] >= ends).sum(axis=1), len(FUNCTIONS) - 1)
    months = p.study_months + np.floor(world.draws["length of study"].uniform(*who) * (p.study_spread + 1))
    due = month + months.astype(np.int64)
    comes = (world.draws["bursar stays"].uniform(*who) < p.stays) & (due >= world.month)
    np.add.at(skills.graduates, (space[comes], function[comes], due[comes] % LONGEST), 1)


def vacant(world: World) -> F64:
    """Vacant posts, by space and function."""
    skills = world.skills
    found = np.zeros((world.spaces, len(FUNCTIONS)))
    np.add.at(found, world.municipality_space, skills.vacancy * skills.posts[:, None])
    return found


def graduate(world: World) -> None:
    """Let this month's graduates fill vacant posts of their space; those for whom there is none go elsewhere."""
    skills = world.skills
    slot = world.month % LONGEST
    coming = skills.graduates[:, :, slot].astype(np.float64)
    skills.graduates[:, :, slot] = 0
    if not coming.any():
        return
    share = np.minimum(coming / np.maximum(vacant(world), 1e-9), 1.0)
    enter(world, skills.vacancy * share[world.municipality_space], world.params[Staffing].graduate)
