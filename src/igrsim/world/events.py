"""Events: what befalls a world at a date and place, the same in every arm; and what a month's events bring about."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from igrsim.citizens.population import EVENTS as NEEDS
from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography, country_of, load_geography
from igrsim.places.institutions import load_institutions
from igrsim.services.catalogue import SERVICE_NAMES, SERVICES

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

Months = Annotated[int, Field(ge=1, le=600)]
Share = Annotated[float, Field(ge=0, le=1)]


class Event(BaseModel):
    """Something that befalls the world; it takes hold in the month in which its date falls.

    Attributes
    ----------
    source, grade : str
        Where its date and numbers are from; how well the weakest of the numbers is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    date: datetime.date
    source: str = ""
    grade: Literal["seed", "measured", "derived", "assumed"] = "assumed"

    def what(self) -> str:
        """What happens, in words."""
        raise NotImplementedError

    def where(self) -> str:
        """Where, in words."""
        named = [place for key in ("provinces", "spaces", "municipalities") for place in getattr(self, key, [])]
        return ", ".join(named) or "everywhere"

    def words(self) -> str:
        """The event in a line."""
        return f"{self.date.isoformat()}, {self.where()}: {self.what()}"


class InSpaces(Event):
    """An event of some spaces or provinces; everywhere if none is named."""

    spaces: list[str] = []
    provinces: list[str] = []


class InMunicipalities(InSpaces):
    """An event that can be of single municipalities too."""

    municipalities: list[str] = []


class Election(InMunicipalities):
    """Municipal elections: councils dissolve, officials change, and a handover follows."""

    kind: Literal["election"] = "election"

    def what(self) -> str:
        """What happens, in words."""
        return "municipal elections; officials change, and delegations come less and decide less during the handover"


class OfficeCloses(Event):
    """A service point, by its code, is closed for some months, or for good."""

    kind: Literal["office-closes"] = "office-closes"
    office: str
    months: Months | None = None

    def where(self) -> str:
        """Where, in words."""
        return self.office

    def what(self) -> str:
        """What happens, in words."""
        return f"the office is closed {lasting(self.months) if self.months else 'for good'}"


class DemandSurge(InMunicipalities):
    """A need befalls people some times as often as usual, or so many people beyond the usual over the months.

    A part of the country has its part, by population, of a number of people stated for more than it.
    """

    kind: Literal["demand-surge"] = "demand-surge"
    need: str
    times: float | None = Field(None, ge=1, le=50)
    people: float | None = Field(None, gt=0, le=1e8)
    months: Months = 1

    @model_validator(mode="after")
    def _one_size(self) -> DemandSurge:
        if (self.times is None) == (self.people is None):
            raise ValueError("a demand surge has either times or people")
        return self

    def what(self) -> str:
        """What happens, in words."""
        need = self.need.replace("_", " ")
        if self.times is not None:
            return f"needs for {need} arise {self.times:g} times as often as usual {lasting(self.months)}"
        return f"{self.people:,.0f} people beyond the usual need {need} {lasting(self.months)}".replace(",", " ")


class ChampionLeaves(InSpaces):
    """The political champion of a province, or of the nation if none is named, leaves office."""

    kind: Literal["champion-leaves"] = "champion-leaves"

    def what(self) -> str:
        """What happens, in words."""
        return "the political champion leaves"


class BudgetShock(InMunicipalities):
    """Contestable money is cut or raised by a share, wherever it is appropriated in these months."""

    kind: Literal["budget-shock"] = "budget-shock"
    share: float = Field(ge=-1, le=1)
    months: Months = 12
    sphere: Literal["nation", "province", "municipality"] | None = None
    sectors: list[str] = []

    def what(self) -> str:
        """What happens, in words."""
        whose = {None: "all spheres", "nation": "national departments", "province": "provincial departments"}
        about = f" for {', '.join(self.sectors)}" if self.sectors else ""
        change = f"{'cut' if self.share < 0 else 'raised'} by {abs(self.share):.0%}"
        return f"money of {whose.get(self.sphere, 'municipalities')}{about} {change} {lasting(self.months)}"


class Lockdown(InSpaces):
    """From a day to a day, service points lose opening days and meetings are called off or held at a distance."""

    kind: Literal["lockdown"] = "lockdown"
    until: datetime.date
    offices_closed: Share = 0.0
    services: list[str] = list(SERVICES)
    meetings_called_off: Share = 0.0
    meetings_remote: Share = 1.0

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: datetime.date, info: ValidationInfo) -> datetime.date:
        if "date" in info.data and until < info.data["date"]:
            raise ValueError(f"lies before the date {info.data['date'].isoformat()}")
        return until

    def in_force(self, first: datetime.date, after: datetime.date) -> float:
        """Share of the days from `first` to before `after` on which it is in force."""
        days = (min(after, self.until + datetime.timedelta(1)) - max(first, self.date)).days
        return max(days, 0) / (after - first).days

    def what(self) -> str:
        """What happens, in words."""
        which = [SERVICE_NAMES[s] for s in SERVICES if s in self.services]
        offices = "all service points" if len(which) == len(SERVICES) else ", ".join(which)
        said = [
            f"{share:.0%} of {what}"
            for share, what in (
                (self.offices_closed, f"the opening days of {offices} lost"),
                (self.meetings_called_off, "meetings called off"),
                (self.meetings_remote, "the meetings held without travel"),
            )
            if share
        ]
        return f"lockdown until {self.until.isoformat()}: {', '.join(said) or 'nothing closed'}"


AnyEvent = Annotated[
    Election | OfficeCloses | DemandSurge | ChampionLeaves | BudgetShock | Lockdown, Field(discriminator="kind")
]
KINDS: dict[str, type[Event]] = {
    "election": Election,
    "office-closes": OfficeCloses,
    "demand-surge": DemandSurge,
    "champion-leaves": ChampionLeaves,
    "budget-shock": BudgetShock,
    "lockdown": Lockdown,
}


def lasting(months: int) -> str:
    """For how long, in words."""
    return "in that month" if months == 1 else f"over {months} months"


@dataclass(frozen=True)
class Placed:
    """An event in the months and places of one world.

    Attributes
    ----------
    first : int
        Month of the study in which its date falls.
    spaces, municipalities : (n,) bool
        Where it happens.
    people_there : int
        People of the whole country who live where it happens.
    """

    event: Event
    first: int
    spaces: Flags
    municipalities: Flags
    people_there: int


def faults(event: Event, geography: Geography, offices: tuple[str, ...] | None = None) -> Iterator[tuple[str, str]]:
    """What an event names and nobody knows: the key, and what is wrong with it.

    A place of the country outside the study's scope is no fault: nothing happens there.

    Parameters
    ----------
    offices : tuple of str, optional
        Codes of the service points that there are; unchecked without.
    """
    country = load_geography()
    names = dict(zip(country.provinces.names, country.provinces.codes, strict=True))
    known: dict[str, tuple[str, ...]] = {
        "space": (*geography.spaces.codes, *country.spaces.codes),
        "province": (*geography.provinces.codes, *names, *names.values()),
        "municipality": (*geography.municipalities.codes, *country.municipalities.codes),
        "service": SERVICES,
        "sector": tuple(s.code for s in load_institutions().sectors),
        "need": NEEDS,
    }
    if offices is not None:
        known["office"] = offices
    for word, options in known.items():
        key = {"municipality": "municipalities", "need": "need", "office": "office"}.get(word, f"{word}s")
        given = getattr(event, key, [])
        for one in [given] if isinstance(given, str) else given:
            if one not in options:
                yield key, f"unknown {word} '{one}'{nearest(one, options)}"
    if isinstance(event, DemandSurge) and event.people is not None:
        there = _residents(event, country_of(geography))
        if event.people > there / 10 * event.months:
            yield "people", f"{event.people:g} people are more than a tenth a month of the {there} who live there"


def place(event: Event, geography: Geography, clock: Clock) -> Placed:
    """Find an event's months and places in a world.

    Raises
    ------
    InputError
        If it names what nobody knows.
    """
    for key, fault in faults(event, geography):
        raise InputError(f"event on {event.date.isoformat()}, {key}: {fault}", code="E171")
    municipalities = _struck(event, geography)
    rows = geography.municipalities.space_row
    spaces = np.zeros(len(geography.spaces), np.bool_)
    spaces[rows[municipalities]] = True
    return Placed(event, clock.month_of(event.date), spaces, municipalities, _residents(event, country_of(geography)))


def _struck(event: Event, geography: Geography) -> Flags:
    """Which municipalities an event is of: those named, those of spaces and provinces named, or all."""
    spaces, table = geography.spaces, geography.municipalities
    provinces = dict(zip(geography.provinces.names, geography.provinces.codes, strict=True))
    named = [provinces.get(p, p) for p in getattr(event, "provinces", [])]
    wanted = {
        *getattr(event, "spaces", []),
        *(s for s, p in zip(spaces.codes, spaces.provinces, strict=True) if p in named),
    }
    single = getattr(event, "municipalities", [])
    if not any(getattr(event, key, []) for key in ("spaces", "provinces", "municipalities")):
        return np.ones(len(table), np.bool_)
    return np.array(
        [code in single or space in wanted for code, space in zip(table.codes, table.spaces, strict=True)], np.bool_
    )


def _residents(event: Event, geography: Geography) -> int:
    settlements = geography.settlements
    return int(settlements.population[_struck(event, geography)[settlements.municipality_row]].sum())


@dataclass
class Circumstances:
    """What a month's events bring about; without events, all is as usual.

    Attributes
    ----------
    budget_factor : (portfolios,) float
        What a year's money is multiplied by where it is appropriated this month.
    willing : (municipalities,) float
        What a delegation's willingness to attend is multiplied by.
    authority : (municipalities,) float
        What a delegation's contribution to decisions is multiplied by.
    called_off : (spaces,) float
        Share of the month's meetings that are not held.
    journeys : (spaces,) float
        Share of the way to meetings that is travelled; the rest is held at a distance.
    surge : (settlements, needs) float or None
        What comes to each life event's usual rate, as a multiple of it.
    """

    budget_factor: F64
    willing: F64
    authority: F64
    called_off: F64
    journeys: F64
    surge: F64 | None = None

    @classmethod
    def usual(cls, portfolios: int, municipalities: int, spaces: int) -> Circumstances:
        """A month that no event touches."""
        return cls(
            np.ones(portfolios), np.ones(municipalities), np.ones(municipalities), np.zeros(spaces), np.ones(spaces)
        )
