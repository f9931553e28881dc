"""Support to municipalities: programmes choose whom to help, each for itself or by one agenda, and teach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.government.skills import GOVERNANCE, PLANNING, Bursaries, Staffing
from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import Params, param
from igrsim.phases.bursaries import award, graduate
from igrsim.phases.lending import lend
from igrsim.phases.staffing import come_and_go, stabilise
from igrsim.places.capacity import FUNCTIONS, CapacityProgramme
from igrsim.plans.calendars import DEPARTMENTS
from igrsim.world.frozen import Frozen
from igrsim.world.world import BEARERS, World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEW_STUDENTS = 2
"""The month in which the academic year begins and bursaries are given."""
LOOK_BACK = 60
"""Months before the study whose bursars may still graduate in it."""


class Support(Params, group="support"):
    """How programmes choose municipalities, and what their support takes and gives."""

    error: float = param(
        0.6, unit="log units", low=0.2, high=1.2, grade="assumed", source="assumption",
        meaning="error of what a programme sees of a municipality's need in a function, where data are middling",
    )  # fmt: skip
    distance_pull: float = param(
        0.15, unit="log units per 100 km", low=0.0, high=0.5, grade="assumed", source="assumption",
        meaning="how much less a need counts for each 100 km from the provincial capital",
    )  # fmt: skip
    absorption: float = param(
        0.5, unit="ratio", low=0.2, high=0.9, grade="assumed", source="pari-capacity-2022",
        meaning="what each further programme for the same function in a year teaches over what the one before it did",
    )  # fmt: skip
    lift: float = param(
        0.05, unit="share", low=0.02, high=0.12, grade="assumed", source="pari-capacity-2022",
        meaning="share of what a function's officials lack that one programme teaches in a year; improvements appear minimal",
    )  # fmt: skip
    learning_months: float = param(
        12, unit="months", low=6, high=24, grade="assumed", source="assumption",
        meaning="time over which what was taught becomes practice",
    )  # fmt: skip
    municipal_hours: float = param(
        60, unit="hours a place and year", low=20, high=160, grade="assumed", source="assumption",
        meaning="coordination hours that a municipality gives to one programme for one function",
    )  # fmt: skip
    rand_per_place: float = param(
        1_200_000, unit="rand a year", low=400_000, high=2_600_000, grade="derived", source="pmg-15999",
        meaning="cost of one place: 820 million rand over three years and 107 municipalities is 2.6 million, for about two functions",
    )  # fmt: skip
    framework_sight: float = param(
        0.8, unit="share", low=0.4, high=1.0, grade="assumed", source="s0-wc-so10",
        meaning="chance that a programme knows another's choice when one agenda is fully prepared",
    )  # fmt: skip
    centre_hours: float = param(
        96, unit="hours a space and year", low=0, high=600, grade="assumed", source="assumption",
        meaning="hours that a provincial department of cooperative governance has for common support in a space",
    )  # fmt: skip
    agenda_hours: float = param(
        6, unit="hours a space and year", low=2, high=24, grade="assumed", source="assumption",
        meaning="hours of each programme to take part in a space's common agenda",
    )  # fmt: skip
    statement_hours: float = param(
        16, unit="hours a year", low=4, high=60, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of each municipality for its part of the skills-gap analysis behind a common agenda",
    )  # fmt: skip


def support(world: World) -> None:
    """Let a month of support, staffing and lending pass."""
    skills = world.skills
    year = world.clock.financial_year(world.month, DEPARTMENTS.commit_month)
    if skills.year == 0:
        for past in range(-LOOK_BACK, 0):
            if world.clock.calendar_month(past) == NEW_STUDENTS:
                award(world, past, np.zeros(world.spaces))
    if year != skills.year:
        skills.centre_left[:] = round(60 * world.params[Support].centre_hours)
        begins = world.calendar_month == DEPARTMENTS.commit_month
        # a study that begins within a year finds its programmes at work as each chose them
        seen = common_agenda(world, year) if begins else np.zeros(world.spaces)
        skills.landed = chosen(world, year, seen)
        skills.year = year
        _pay(world)
    if world.calendar_month == NEW_STUDENTS:
        award(world, world.month, needs_analysis(world))
    _teach(world)
    quicker = stabilise(world)
    come_and_go(world, quicker)
    graduate(world)
    lend(world)
    shares = skills.follow((PLANNING, GOVERNANCE), world.params[Staffing].hours_follow)
    for municipality, share in zip(world.municipalities, shares.tolist(), strict=True):
        municipality.minutes = round(municipality.established * share)


def carry(world: World, space: I64, wanted: I64, account: str) -> I64:
    """Minutes of some spaces' common support that their provincial centre finds, borne by the province."""
    given = np.minimum(wanted, world.skills.centre_left[space])
    world.skills.centre_left[space] -= given
    world.charge(account, "province", space, given)
    return given


def common_agenda(world: World, year: int) -> F64:
    """Chance, by space, that programmes see each other's choices: as far as hub and centre prepared one agenda."""
    p, work, skills = world.params[Support], world.params[HubWork], world.skills
    ruling = world.rules.by_space("support_framework")
    seen = np.zeros(world.spaces)
    where = np.flatnonzero(ruling > 0)
    if len(where):
        coming = (places(world, year) > 0)[:, where]
        wanted = _whole(60 * work.support_hours * coming.sum(axis=0))
        prepared = np.minimum(skills.prepared[where], wanted)
        prepared += carry(world, where, wanted - prepared, "support framework")
        seen[where] = ruling[where] * p.framework_sight * np.where(wanted > 0, prepared / np.maximum(wanted, 1), 0.0)
        each = _whole(60 * p.agenda_hours * ruling[where])
        bearers = np.array([bearer_of(world, programme) for programme in skills.capacity.programmes])
        for bearer in np.unique(bearers).tolist():
            many = coming[bearers == bearer].sum(axis=0)
            world.charge("support framework", bearer, where[many > 0], (many * each)[many > 0])
        stated = _whole(60 * p.statement_hours * ruling)
        members = np.bincount(world.municipality_space, minlength=world.spaces)
        world.now.by_municipality["support_minutes"] += stated[world.municipality_space]
        world.charge("support framework", "municipality", where, (stated * members)[where])
    skills.prepared[:] = 0
    return seen * (1 - world.params[Frozen].benefits)


def needs_analysis(world: World) -> F64:
    """Share of bursaries, by space, that go by one analysis of needs: as far as the provincial centre has hours."""
    ruling = world.rules.by_space("bursary_scheme")
    wanted = round(60 * world.params[Bursaries].analysis_hours * len(world.skills.capacity.bursaries))
    done, where = np.zeros(world.spaces), np.flatnonzero(ruling > 0)
    given = carry(world, where, np.full(len(where), wanted), "bursary scheme")
    done[where] = ruling[where] * given / max(wanted, 1)
    return done * (1 - world.params[Frozen].benefits)


def bearer_of(world: World, programme: CapacityProgramme) -> str:
    """Which sphere pays for a programme; organised local government is paid by its members."""
    sphere = {d.code: d.sphere for d in world.institutions.departments}.get(programme.department)
    return {None: "municipality", "national": "nation"}.get(sphere, "province")


def places(world: World, year: int) -> I64:
    """Places of each programme in each space this year.

    A programme deals its places to spaces by how many municipalities are there and how weak they are held to be;
    what is left over falls to some by luck.
    """
    programmes = world.skills.capacity.programmes
    weakness = 2 * (1 - np.array([m.condition for m in world.municipalities]))
    weight = np.bincount(world.municipality_space, weights=weakness, minlength=world.spaces)
    keys = code_keys(p.code for p in programmes)
    u = world.draws["places left over"].uniform(year, keys[:, None], world.space_keys[None, :])
    share = np.array([p.share for p in programmes])
    return np.asarray(np.floor(share[:, None] * weight[None, :] + u), dtype=np.int64)


def chosen(world: World, year: int, seen: F64) -> Flags:
    """Where each programme will work: the functions of municipalities that seem to need it most and are near.

    They choose in the order of their table. One that knows of another's choice counts the need there as less, by what
    a further programme would still teach.

    Parameters
    ----------
    seen : (spaces,) float
        Chance that a programme knows an earlier one's choices in a space.

    Returns
    -------
    (programmes, municipalities, functions) bool
    """
    p, skills = world.params[Support], world.skills
    programmes = skills.capacity.programmes
    keys, named = code_keys(q.code for q in programmes), code_keys(FUNCTIONS)
    quality = np.array([m.data_quality for m in world.municipalities])
    need = np.log(np.maximum(1 - skills.effective(), 0.01)) - p.distance_pull * skills.km[:, None] / 100
    luck = world.draws["need seen by a programme"].normal(
        year, keys[:, None, None], world.municipality_keys[None, :, None], named[None, None, :]
    )
    score = need + p.error * (1.5 - quality)[None, :, None] * luck
    allowed = np.array([[f in q.functions for f in FUNCTIONS] for q in programmes])
    left = places(world, year)
    found = np.zeros(score.shape, np.bool_)
    for k in range(len(programmes)):
        value = score[k]
        if k and (seen > 0).any():
            u = world.draws["programme sees another's choice"].uniform(
                year, keys[k], keys[:k, None], world.space_keys[None, :]
            )
            sees = (u < seen[None, :])[:, world.municipality_space]
            known = (found[:k] & sees[:, :, None]).sum(axis=0)
            value = value + np.log(p.absorption) * known
        found[k] = _best(value, allowed[k], world.municipality_space, left[k])
    return found


def _best(value: F64, allowed: Flags, space: I64, places: I64) -> Flags:
    """The most valued functions of municipalities in each space, as many as there are places."""
    cells = np.broadcast_to(space[:, None], value.shape).ravel()
    open_to = np.broadcast_to(allowed[None, :], value.shape).ravel()
    order = np.lexsort((-value.ravel(), ~open_to, cells))
    first = np.searchsorted(cells[order], np.arange(len(places)))
    rank = np.arange(len(order)) - first[cells[order]]
    taken = np.zeros(len(order), np.bool_)
    taken[order] = (rank < places[cells[order]]) & open_to[order]
    return taken.reshape(value.shape)


def _pay(world: World) -> None:
    """Charge the year's places to whoever's programmes they are."""
    cents = round(100 * world.params[Support].rand_per_place)
    by_bearer: dict[str, I64] = {b: np.zeros(world.spaces, np.int64) for b in BEARERS}
    for k, programme in enumerate(world.skills.capacity.programmes):
        here = np.bincount(world.municipality_space, weights=world.skills.landed[k].sum(axis=1), minlength=world.spaces)
        by_bearer[bearer_of(world, programme)] += here.astype(np.int64) * cents
    for bearer, amount in by_bearer.items():
        world.charge("support", bearer, np.arange(world.spaces), cents=amount)


def _teach(world: World) -> None:
    """Programmes take municipal hours and teach; what was taught becomes practice by and by."""
    p, skills = world.params[Support], world.skills
    landed = skills.landed.sum(axis=0)
    minutes = np.rint(60 * p.municipal_hours * landed.sum(axis=1) / 12).astype(np.int64)
    world.now.by_municipality["support_minutes"] += minutes
    world.charge("support", "municipality", world.municipality_space, minutes)
    skills.underway += p.lift * (1 - p.absorption**landed) / (1 - p.absorption) / 12
    learned = skills.underway / p.learning_months
    skills.underway -= learned
    skills.level += learned * (1 - skills.level)


def _whole(amounts: F64) -> I64:
    return np.rint(amounts).astype(np.int64)
