"""The arithmetic of the lesson: its clock, its seats, its points, and what the paper rounds ask for."""

from __future__ import annotations

import csv
import json
import math
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from igrsim.kernel.params import ParamSet
from igrsim.places.forum_calendar import read_calendar
from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.places.travel import Travel, one_way_minutes, one_way_rand
from igrsim.runs.forum_table import Audit, audit
from igrsim.services.catalogue import load_catalogue

ROOT = Path(__file__).parents[1]
TEACHING = ROOT / "docs" / "teaching"
LENGTHS = (60, 90, 120)
PEOPLE = (12, 15, 18, 21, 24, 27, 30)
SAID = (10, 30, 50, 70, 90)
"""Chances, in per cent, that a bet can be put at."""


@cache
def read_toml(name: str) -> dict[str, Any]:
    """A source of the lesson."""
    return tomllib.loads((TEACHING / name).read_text(encoding="utf-8"))


@cache
def parameters() -> dict[str, dict[str, Any]]:
    """Every number of the model by name, as the lists and docs/parameters.md have them."""
    listed = json.loads((ROOT / "src" / "igrsim" / "catalogue.json").read_text(encoding="utf-8"))["params"]
    return {row["name"]: row for row in listed}


def default(name: str) -> float:
    """A parameter's default."""
    return float(parameters()[name]["default"])


# --- the clock and the seats ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of the lesson: its first and last minute."""

    name: str
    begin: int
    end: int
    does: str
    needs: str


def clock(steps: list[dict[str, Any]], length: int) -> list[Part]:
    """The parts of a lesson of this length, in order; what has no minutes is left out."""
    parts, now = [], 0
    for step in steps:
        minutes = int(step["minutes"][str(length)])
        if minutes:
            parts.append(Part(step["name"], now, now + minutes, step["does"], step["needs"]))
            now += minutes
    return parts


def tables(people: int, most: int = 8) -> list[int]:
    """How many sit at each table: as few tables as hold everyone, as even as can be."""
    count = math.ceil(people / most)
    return [people // count + (i < people % count) for i in range(count)]


# --- points ---------------------------------------------------------------------------------------------------------------


def points(said: int, true: bool) -> int:
    """Points for a chance in per cent: the quadratic rule, moved so that fifty gives nought, in whole points.

    One minus the squared distance from what came is a proper score: nobody gains by saying another chance than they
    believe. Moving it by 3/4 and measuring it in eighths of a tenth keeps that, and makes it whole for tens of odd
    number.
    """
    missed = (100 - said if true else said) / 100
    exact = (1 - missed**2 - 0.75) / 0.08
    whole = round(exact)
    if abs(exact - whole) > 1e-9:
        raise ValueError(f"{said} per cent gives no whole number of points")
    return whole


# --- paper: one grant -----------------------------------------------------------------------------------------------------


STEPS = {
    "swear_identity": "sworn statement in place of an identity document",
    "apply_identity": "application for an identity document",
    "collect_identity": "collecting the identity document",
    "assess_disability": "assessment of the disability",
    "apply_disability_grant": "application for a disability grant",
    "apply_disability_grant_sworn": "the same, with a sworn statement",
}
"""What a trip is for, by the model's step."""
PAPERS = {
    "identity_affidavit": "sworn statement",
    "birth_certificate": "birth certificate",
    "identity_applied": "receipt",
    "identity": "identity document",
    "medical_report": "medical report",
    "": "the grant",
}
"""Documents in words a desk would use, by the model's name."""


@dataclass(frozen=True)
class Call:
    """One step at one desk."""

    step: str
    service: str
    meaning: str
    asks: tuple[str, ...]
    gives: str
    checks_papers: bool
    months: int


def calls(route: str, held: tuple[str, ...]) -> list[Call]:
    """The steps that a person who holds these documents has before them."""
    known = load_catalogue()
    mask = sum(known.token(document) for document in held)
    lags = {"identity": "access.lag_identity", "birth": "access.lag_birth", "medical": "access.lag_medical"}
    found = []
    for number in known.path(known.route(route), mask):
        step = known.steps[number]
        found.append(
            Call(
                step=step.name,
                service=step.service,
                meaning=STEPS[step.name],
                asks=tuple(PAPERS[document] for document in step.requires),
                gives=PAPERS[step.gives or ""],
                checks_papers=step.papers,
                months=round(default(lags[step.lag])) if step.lag else 0,
            )
        )
    return found


@dataclass(frozen=True)
class Way:
    """There and back to one desk."""

    km: float
    hours: float
    rand: float
    why: str


def ways(journey: dict[str, Any]) -> dict[str, Way]:
    """What one trip to each desk takes a person in a village, waiting left out."""
    travel = Travel()
    return {
        service: Way(
            km=2.0 * place["km"],
            hours=2.0 * float(one_way_minutes(place["km"], True, travel)) / 60.0,
            rand=2.0 * float(one_way_rand(place["km"], travel)),
            why=place["why"],
        )
        for service, place in journey.items()
    }


def luck(desk: str, count: int = 24) -> list[int]:
    """Numbers from 0 to 99 for one desk's visitors, the same in every printing."""
    return [int(n) for n in random.Random(f"lesson {desk}").choices(range(100), k=count)]


def turned_away() -> dict[str, int]:
    """Bounds of the luck numbers: below the first a paper is missing, below the second the system is down."""
    papers = round(100 * default("access.missing_papers"))
    return {"papers": papers, "offline": papers + round(100 * default("access.offline"))}


# --- round 1: forums ------------------------------------------------------------------------------------------------------


@cache
def forum_audit() -> Audit:
    """What `igrsim forums audit` finds in the lesson's calendar."""
    country = load_geography()
    rows = read_calendar(
        ROOT / read_toml("room.toml")["round_1"]["calendar"], country.provinces.codes, country.spaces.codes
    )
    return audit(rows, country, load_institutions(), ParamSet({}))


@dataclass(frozen=True)
class Hours:
    """Hours a year of the calendar: all, what must be freed, what may be closed, what the audit's merges save."""

    all: float
    to_free: float
    may_close: float
    merges_save: float
    merges: int


def forum_hours() -> Hours:
    """The sums of round 1."""
    found, rules = forum_audit(), read_toml("room.toml")["round_1"]
    everything = sum(row["hours_a_year"] for row in found.forums)
    return Hours(
        all=everything,
        to_free=rules["free_share"] * everything,
        may_close=sum(row["hours_a_year"] for row in found.forums if row["basis"] == rules["close"]),
        merges_save=sum(row["hours_saved_a_year"] for row in found.merges),
        merges=len(found.merges),
    )


# --- round 2: who first ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What a year's rand and a year's specialists' hours allow."""

    hub_rand_million: float
    purse_rand_million: float
    specialist_hours: float
    taking_in_hours: float
    by_hours: int
    by_rand: int
    spaces: int

    @property
    def binds(self) -> str:
        """Which of the two is the smaller."""
        return "the purse" if self.by_rand <= self.by_hours else "the specialists' hours"

    @property
    def years(self) -> int:
        """Years until every space has been taken in."""
        return math.ceil(self.spaces / min(self.by_rand, self.by_hours))


def limits() -> Limits:
    """The sums of round 2."""
    rules = read_toml("room.toml")["round_2"]
    geography = load_geography()
    hub = default("district-hub.posts") * default("hub.rand_per_post") * 12 / 1e6
    hours = 12 * (
        default("centres.national_hours") + len(geography.provinces.codes) * default("centres.provincial_hours")
    )
    steps = ("roll-out.consultation", "hub.profile_hours", "roll-out.launch", "roll-out.skills_gap")
    taking_in = sum(default(name) for name in steps)
    return Limits(
        hub_rand_million=hub,
        purse_rand_million=rules["hubs_a_year"] * hub,
        specialist_hours=hours,
        taking_in_hours=taking_in,
        by_hours=math.floor(hours / taking_in),
        by_rand=rules["hubs_a_year"],
        spaces=len(geography.spaces.codes),
    )


def waits() -> dict[str, dict[str, int]]:
    """Years that each space waits for its hub, by order."""
    found = {}
    for order, name in read_toml("room.toml")["round_2"]["orders"].items():
        with (TEACHING / name).open(encoding="utf-8") as file:
            rows = {row["space"]: int(row["start"][:4]) for row in csv.DictReader(file)}
        first = min(rows.values())
        found[order] = {space: year - first for space, year in rows.items()}
    return found


def worked() -> dict[str, float]:
    """Numbers on cards that are reckoned from several parameters."""
    local = [row["hours_a_year"] for row in forum_audit().members if row["member"] == "EC155"]
    found = limits()
    return {
        "hub_rand_million": found.hub_rand_million,
        "specialist_hours_year": found.specialist_hours,
        "taking_in_hours": found.taking_in_hours,
        "local_forum_hours": local[0] / 12,
    }
