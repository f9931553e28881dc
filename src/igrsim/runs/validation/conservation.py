"""What must be neither made nor lost, looked at after every phase of every month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import ABANDONED, ARISEN, MERGED, RESOLVED, VISITS
from igrsim.government.hub import HubWork
from igrsim.levers._base import levers
from igrsim.model import IGRModel
from igrsim.phases import MONTH
from igrsim.phases.engagement import Meetings
from igrsim.phases.meet import _attend, _called, meet
from igrsim.plans.calendars import CYCLES
from igrsim.plans.pipeline import BLOCKED
from igrsim.plans.works import Delivery
from igrsim.regimes.regime import Regime
from igrsim.runs.validation.finding import CONSERVED, Finding, holds
from igrsim.runs.validation.small_worlds import begin, of_levers, small_model
from igrsim.world.world import LOAD, World

I64 = NDArray[np.int64]
ALL = Regime("every lever", "made up", "assumption", tuple(name for name, _ in levers.items()))
CONFIGURATIONS: tuple[tuple[str | Regime, str | list[str], dict[str, float]], ...] = (
    ("siloed", "two-towns", {}),
    ("district-hub-core", ["DC15"], {"district-hub.retire": 0.5}),
    ("district-hub-core", ["ETH"], {"planning.yields": 1.0, "engagement.overrun": 0.6, "programme.per_person": 4000}),
    (ALL, ["DC36", "ETH"], {}),
    ("district-hub-as-found", ["DC36", "DC15"], {"trust.loss_ratio": 5}),
    (of_levers("district-hub", "one-plan"), ["DC36"], {"administration.town_hours": 200, "reporting.silence": 0.8}),
)


class Books:
    """Checks a model's books after every phase; what does not balance is kept as words.

    Attributes
    ----------
    wrong : list of str
        Law, month and phase of each breach.
    looked : int
        Times a law was looked at.
    """

    def __init__(self, model: IGRModel) -> None:
        self.model = model
        self.wrong: list[str] = []
        self.looked = 0
        self.people = model.world.people.citizens.count
        self.lives = np.zeros(model.world.people.tally.shape[1:], np.int64)
        self.funded = model.world.pipeline.funded.reshape(-1, model.world.pipeline.slots).copy()
        self.twice = 0
        self.most = model.world.portfolios.cents.copy()
        model.after_phase = self.look
        model.record = self.count

    def law(self, name: str, holds: bool | np.bool_ | NDArray[np.bool_], phase: str) -> None:
        """Note whether a law holds."""
        self.looked += 1
        if not np.all(holds):
            self.wrong.append(f"{name} (month {self.model.world.month}, after {phase})")

    def look(self, phase: str, world: World) -> None:
        """Every law that can be broken, after any phase."""
        now, problems = world.now, world.problems
        self.law("people", len(world.people.citizens.key) == self.people, phase)
        open_now = int(problems.open.sum())
        over = world.totals["problems decided"] + world.totals["problems lapsed"]
        self.law("problems", world.totals["problems arisen"] == open_now + over, phase)
        self.law("items", world.totals["items arisen"] == len(world.pipeline), phase)
        asks, answered, dropped = (now.by_municipality[n] for n in ("asks", "answered", "dropped"))
        self.law("requests", asks == answered + dropped, phase)
        for account, count in (("meetings", "meeting_minutes"), ("reports", "report_minutes")):
            spent = now.by_municipality[count].sum()
            self.law(f"{account} in the ledger", now.minutes[account, "municipality"].sum() == spent, phase)
        for values in (
            *now.by_municipality.values(),
            *now.by_space.values(),
            *now.minutes.values(),
            *now.cents.values(),
        ):
            self.law("nothing is negative", values.dtype == np.int64 and (values >= 0).all(), phase)
        work = world.params[HubWork]
        for hub in world.hubs.values():
            whole = int(hub.filled * work.hours_per_post * 60)
            self.law("hub minutes", sum(hub.done.values()) + hub.minutes == whole and hub.minutes >= 0, phase)
            self.law("hub backlog", min(hub.backlog.values()) >= 0, phase)
        skills = world.skills
        for share in (skills.level, skills.vacancy, skills.effective()):
            self.law("skills and vacancies between nought and one", (share >= 0) & (share <= 1 + 1e-9), phase)
        lent, borrowed = (
            np.bincount(world.municipality_space, weights=s.sum(axis=1)) for s in (skills.lent, skills.borrowed)
        )
        self.law("no more skill borrowed in a space than lent", borrowed <= lent + 1e-9, phase)
        if phase == "travel":
            self._needs(world)
        self._purses(world, phase)
        if phase == "need":
            items = world.pipeline
            fresh = len(items) - len(self.funded)
            if world.month == 0:
                self.funded = items.funded.copy()
                self.twice = int(((items.funded.sum(axis=1) - items.funded.any(axis=1)) * items.cents).sum())
            else:
                self.funded = np.concatenate([self.funded, np.zeros((fresh, items.slots), np.bool_)])
        if phase == "adjust":
            self._money(world)
        if phase == "learn":
            self._trust(world)

    def _trust(self, world: World) -> None:
        for index in (world.trust, world.salience, world.ties, world.partnership()):
            self.law(
                "trust, attention, ties and partnership between nought and one", (index >= 0) & (index <= 1), "learn"
            )
        load = sum(world.now.by_municipality[name] for name in LOAD)
        ours = [v for (_, bearer), v in world.now.minutes.items() if bearer == "municipality"]
        borne = sum(ours, np.zeros(world.spaces, np.int64))
        there = np.bincount(world.municipality_space, weights=load, minlength=world.spaces)
        # who lends skilled people, or serves at a centre, gives work and no hours for coordination; to convene is not counted in the load
        accounts = ("convening", "shared skills", "centre staff", "tenancies")
        apart = sum(world.now.minutes[account, "municipality"] for account in accounts)
        # organised local government states its own programmes on a common agenda: its hours are no municipality's
        organised = np.where(world.rules.by_space("support_framework") > 0, np.maximum(borne - apart - there, 0), 0)
        self.law("municipal minutes in the ledger are those of their load", borne - apart == there + organised, "learn")

    def _needs(self, world: World) -> None:
        people = world.people
        self.lives += people.tally.sum(axis=0)
        still = np.zeros(len(world.catalogue.needs), np.int64)
        for route, about in enumerate(people.book.route_need):
            still[about] += int(((people.citizens.lives.routes >> route) & 1).sum())
        over = self.lives[:, RESOLVED] + self.lives[:, ABANDONED] + self.lives[:, MERGED]
        self.law("needs", self.lives[:, ARISEN] == still + over, "travel")
        self.law("visits", people.tally[:, :, VISITS].sum() == people.arrivals.sum(), "travel")

    def _money(self, world: World) -> None:
        items, money, now, works = world.pipeline, world.portfolios, world.now, world.works
        before = np.zeros(items.funded.shape, np.bool_)
        before[: len(self.funded)] = self.funded
        item, slot = np.nonzero(items.funded & ~before)
        portfolio = money.slots[items.municipality[item], items.sector[item], slot]
        self.law("an actor funds what its mandate allows", portfolio >= 0, "adjust")
        self.law("nobody funds what a dispute blocks", items.dispute[item] != BLOCKED, "adjust")
        gone, _ = np.nonzero(before & ~items.funded)
        taken_back = int(items.cents[gone].sum())
        self.law(
            "what is funded stays funded, or is taken back",
            taken_back <= now.by_municipality["returned_cents"].sum(),
            "adjust",
        )
        moves = [c for cycle in CYCLES for c in (cycle.commit_month, cycle.adjust_month)]
        self.law(
            "money moves by the calendar", world.calendar_month in moves or (len(item) == len(gone) == 0), "adjust"
        )
        by_municipality = np.zeros(len(world.municipalities), np.int64)
        np.add.at(by_municipality, items.municipality[item], items.cents[item])
        # what is taken back and funded again in one month is committed twice and returned once
        again = now.by_municipality["committed_cents"] - by_municipality
        self.law(
            "rand by municipality",
            (again >= 0) & (again.sum() <= now.by_municipality["returned_cents"].sum()),
            "adjust",
        )
        twice = int(((items.funded.sum(axis=1) - items.funded.any(axis=1)) * items.cents).sum())
        undone = sum(int(now.by_municipality[f"{whose}_undone_cents"].sum()) for whose in ("duplicates", "inherited"))
        beyond = now.by_municipality["duplicate_cents"].sum() - undone
        self.law("rand funded twice", twice - self.twice == beyond, "adjust")
        charged = sum(int(v.sum()) for (account, _), v in now.cents.items() if account == "items funded twice")
        self.law("rand funded twice in the ledger", charged == now.by_municipality["duplicate_cents"].sum(), "adjust")
        self.law(
            "a project for every item and who funds it",
            len(set(zip(works.item, works.slot, strict=True))) == len(works),
            "adjust",
        )
        self.law("works are funded", items.funded[works.item, works.slot], "adjust")
        self.funded, self.twice = items.funded.copy(), twice

    def _purses(self, world: World, phase: str) -> None:
        purses, works = world.purses, world.works
        kept = purses.committed - purses.returned
        self.law(
            "rand appropriated", purses.appropriated + purses.moved == kept + purses.free + purses.surrendered, phase
        )
        building = np.zeros(len(purses.free), np.int64)
        np.add.at(building, works.portfolio, works.cents - works.spent)
        self.law("rand committed", kept == purses.spent + building, phase)
        self.law("transfers between purses add up to nothing", purses.moved.sum() == 0, phase)
        self.most = np.maximum(self.most, purses.year)
        pledged = np.ceil(self.most * world.params[Delivery].outer_years).astype(np.int64)
        self.law("no purse below what it may pledge", purses.free + pledged >= 0, phase)
        self.law("no year's money below nothing", (purses.year >= 0) & (purses.surrendered >= 0), phase)

    def count(self, world: World, counts: dict[str, dict[str, I64]]) -> None:
        """Counts are whole numbers, none below zero."""
        for level, found in counts.items():
            for name, values in found.items():
                whole = np.issubdtype(np.asarray(values).dtype, np.integer) and (np.asarray(values) >= 0).all()
                self.law(f"{level} count {name}", whole, "the month")


def minutes_by_meeting(world: World, meetings: Meetings) -> int:
    """Municipal minutes of a month's meetings, meeting by meeting."""
    spent = 0
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        there = np.isin(forum.municipalities, meeting.there)
        spent += int((forum.delegates * (forum.minutes + forum.preparation + forum.travel[there])).sum())
    return spent


def meeting_books(model: IGRModel) -> tuple[int, int]:
    """A further month of a model up to its meetings: minutes by attendee, and by meeting."""
    world = model.world
    begin(world, model.month)
    model.turn_rules()
    for phase in MONTH[: MONTH.index(meet)]:
        phase(world)
    meetings = _called(world)
    _attend(world, meetings)
    return int(world.now.by_municipality["meeting_minutes"].sum()), minutes_by_meeting(world, meetings)


def conservation() -> Iterator[Finding]:
    """Every law on a few configurations, two years each."""
    for regime, scope, params in CONFIGURATIONS:
        model = small_model(regime, scope, months=25, citizens=3000, params=params)
        books = Books(model)
        for _ in range(24):
            model.step()
        attendees, meetings = meeting_books(model)
        if attendees != meetings:
            books.wrong.append("meeting minutes by attendee and by meeting")
        name = regime if isinstance(regime, str) else regime.name
        where = scope if isinstance(scope, str) else ",".join(scope)
        yield holds(
            f"{name} in {where}: people, needs, rand, items, minutes, problems, requests", CONSERVED,
            "every law holds after every phase",
            f"{books.looked + 1} looks, {len(books.wrong)} breaches" + "".join(f"; {w}" for w in books.wrong[:2]),
            not books.wrong,
        )  # fmt: skip
