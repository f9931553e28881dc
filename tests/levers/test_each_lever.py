"""Each lever: the mechanism it names moves the way it says, what it costs is in the ledger, and frozen it only costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.hub import PLAN_PHASES
from igrsim.government.municipality import Administration
from igrsim.government.reporting_channel import ChannelWork
from igrsim.government.working_group import WorkingGroupWork
from igrsim.kernel.params import ParamSet
from igrsim.levers._base import levers
from igrsim.phases.adjudicate import adjudicate
from igrsim.phases.adjust import _pool_grants
from igrsim.phases.bulk import plan_bulk
from igrsim.phases.coordinate import coordinate
from igrsim.phases.engagement import Engagement
from igrsim.phases.exchange import exchange
from igrsim.phases.forum_audit import AuditWork, audit_forums
from igrsim.phases.honouring import inclined
from igrsim.phases.investing import potential
from igrsim.phases.knowing import perceived, profile_clarity, referenced, sight, tables
from igrsim.phases.lead import lead
from igrsim.phases.learn import Memory
from igrsim.phases.letting import procurement
from igrsim.phases.meet import _called, meet
from igrsim.phases.need import need
from igrsim.phases.plan import draft, eligible, mark_compared
from igrsim.phases.regions import leave, nearer
from igrsim.phases.request import asked_here, request
from igrsim.phases.roll_out import roll_out
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import FREE
from igrsim.runs.validation.small_worlds import Settled, begin, believe, of_levers, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.ruling import SILOS
from igrsim.world.world import World

I64 = NDArray[np.int64]
Lived = tuple[World, dict[str, I64], dict[tuple[str, str], int]]


class Cost(NamedTuple):
    """What a lever charges, and the levers without which it has nothing to do."""

    charged: tuple[tuple[str, str], ...]
    beside: tuple[str, ...] = ()


HUB = ("district-hub", "impact-zones")
PLAN = ("impact-zones", "one-plan")


def upkeep(*bearers: str) -> Cost:
    return Cost(tuple(("upkeep", b) for b in bearers))


ALL = ("nation", "province", "municipality")
COSTS = {
    "alignment-adjudication": Cost(tuple(("alignment", b) for b in ALL)),
    "bulk-infrastructure-plans": Cost((("bulk plans", "province"), ("bulk plans", "municipality"))),
    "bursary-scheme": Cost((("bursary scheme", "province"),)),
    "communication-strategy": upkeep(*ALL),
    "compacting": upkeep(*ALL),
    "district-hub": Cost((("hub posts", "nation"), *(("meetings", b) for b in ALL))),
    "district-profile": Cost((("profiles", "nation"), ("profiles", "province"), ("reports", "municipality")), HUB),
    "expert-unit": Cost((("roll-out", "nation"),), PLAN),
    "finance-enablement": Cost(tuple(("alignment", b) for b in ALL)),
    "forum-audit": Cost(
        (("forum audit", "province"), ("forum audit", "municipality"), *(("convening", b) for b in ALL))
    ),
    "gender-needs-budgeting": Cost(tuple(("plans", b) for b in ALL)),
    "grant-consolidation": upkeep("nation", "province"),
    "idp-indaba": Cost((*(("meetings", b) for b in ALL), ("convening", "province"), *(("plans", b) for b in ALL))),
    "imbizo": Cost(tuple(("imbizos", b) for b in ALL)),
    "impact-zones": Cost(tuple(("plans", b) for b in ALL)),
    "investment-plan": Cost((("plans", "nation"), ("plans", "province"))),
    "leadership": Cost((("leadership", "nation"), ("leadership", "province"))),
    "live-information-system": upkeep(*ALL),
    "norms-differentiation": Cost(tuple(("alignment", b) for b in ALL)),
    "one-plan": Cost((("roll-out", "nation"), ("roll-out", "province"), ("meetings", "municipality")), HUB),
    "platform-linkage": Cost(tuple((account, b) for account in ("upkeep", "plans") for b in ALL)),
    "private-compact": Cost((("upkeep", "nation"), ("upkeep", "province")), HUB),
    "provincial-cogta-capacity": Cost((("roll-out", "province"),), PLAN),
    "realistic-indicators": upkeep("nation", "province"),
    "regional-management": Cost((("regional management", "nation"), ("regional management", "province"))),
    "regulated-plan": upkeep(*ALL),
    "shared-skills": Cost((("shared skills", "municipality"),), HUB),
    "single-reporting-channel": Cost((("reporting channel", "province"),)),
    "spatial-budgeting": Cost(tuple(("plans", b) for b in ALL)),
    "stabilisation": Cost((("stabilisation", "nation"), ("stabilisation", "municipality"))),
    "synchronised-calendar": Cost(tuple(("plans", b) for b in ALL)),
    "support-framework": Cost(tuple(("support framework", b) for b in ALL), HUB),
    "task-teams": Cost(tuple(("meetings", b) for b in ALL)),
}
EACH = pytest.mark.parametrize("name", sorted(COSTS))
ACCESS = {
    "agency-agreements", "awareness-campaign", "centre-connectivity", "centre-management", "centre-monitoring",
    "complaints-feedback", "cross-learning", "department-champions", "extension-service", "mobile-thusong",
    "multiskilled-staff", "municipal-buy-in", "pooled-centre-funding", "requirement-guides", "thusong-centres", "thusong-zones",
}  # fmt: skip
"""Tested with centres, with what reaches people, and with mobile rounds."""
MAY_DIFFER = {
    "meeting_minutes", "report_minutes", "plan_minutes", "imbizo_minutes", "upkeep_minutes", "support_minutes",
    "profile_minutes", "displaced_minutes", "report_overload_ppm",
    # more forums are invited to, meet and decide: what they decide is no part of what is frozen
    "invited", "attended", "meetings_ppm", "quorate_ppm", "forums_ppm", "functional_forums_ppm",
    "agenda_items", "agenda_repeats", "decisions",
    # cases are heard, if in vain
    "cases_brought_ppm", "cases_agreed_ppm", "cases_refused_ppm", "cases_lapsed_ppm", "cases_waiting_ppm", "case_months_ppm",
    "interventions_ppm",
}  # fmt: skip
"""Counts of what coordination takes, and of how often people sit together."""


@cache
def lived(*names: str) -> Lived:
    """Two years and a third of one district under some levers, whose good is frozen.

    Attendance and data quality do not answer to load here, so that costs leave no other trace.
    """
    model = small_model(of_levers(*names), ["DC36"], months=28, citizens=50, params={"frozen.benefits": 1})
    world = model.world
    believe(world, Engagement, fatigue=0.0, usefulness_pull=0.0, overrun=1.0, national_hours=1e9, provincial_hours=1e9)
    believe(world, Administration, seniority=1.0)
    believe(world, Memory, overload_harm=0.0)
    believe(world, Trusting, meeting=0.0)
    counts: dict[str, I64] = {}
    ledger: dict[tuple[str, str], int] = {}

    def record(world: World, _: object) -> None:
        for by in (world.now.by_municipality, world.now.by_space):
            for name, values in by.items():
                counts[name] = counts.get(name, np.zeros_like(values)) + values
        for table in (world.now.minutes, world.now.cents):
            for place, values in table.items():
                ledger[place] = ledger.get(place, 0) + int(values.sum())

    model.record = record
    model.run()
    return world, counts, ledger


def test_every_lever_is_listed() -> None:
    assert set(COSTS) | ACCESS == set(levers)


@EACH
def test_what_a_lever_costs_is_in_the_ledger_of_who_bears_it(name: str) -> None:
    cost = COSTS[name]
    _, _, without = lived(*sorted(cost.beside))
    _, _, with_it = lived(*sorted({name, *cost.beside}))
    for place in cost.charged:
        assert with_it.get(place, 0) > without.get(place, 0), place
    # and nothing is paid for out of another account
    for place in without:
        if place[0] not in ("hub posts", "roll-out"):
            assert with_it.get(place, 0) >= without[place], place


@EACH
def test_a_frozen_lever_only_costs(name: str) -> None:
    silos, counts, _ = lived()
    world, found, _ = lived(*sorted({name, *COSTS[name].beside}))
    nothing = np.zeros(1, np.int64)
    for count in (counts.keys() | found.keys()) - MAY_DIFFER:
        np.testing.assert_array_equal(found.get(count, nothing) * 1, counts.get(count, nothing) * 1, err_msg=count)
    for index in ("ties", "peer_ties", "trust", "salience"):
        np.testing.assert_array_equal(getattr(world, index), getattr(silos, index), err_msg=index)
    np.testing.assert_array_equal(world.partnership(), silos.partnership())
    np.testing.assert_array_equal(world.skills.effective(), silos.skills.effective())
    for column in ("funded", "delivered_by", "dispute", "owner"):
        np.testing.assert_array_equal(getattr(world.pipeline, column), getattr(silos.pipeline, column), err_msg=column)
    assert (world.salience == 0).all()


def prepared(*names: str, dose: float = 1.0, frozen: float = 0.0) -> World:
    """A mining district with its opening needs, under some levers."""
    world = small_model(scope=["DC36"], citizens=50, months=36).world
    believe(world, Frozen, benefits=frozen)
    begin(world, 0)
    need(world)
    ruling = SILOS
    for name in sorted(names):
        ruling = levers[name](ParamSet()).amend(ruling, dose)
    world.rules.rulings = (ruling,) * world.spaces
    return world


def of_others(world: World) -> tuple[I64, I64, I64]:
    """Items, who may fund them, and another who may."""
    pairs = eligible(world, DEPARTMENTS)
    slots = world.portfolios.slots[world.pipeline.municipality[pairs.item], world.pipeline.sector[pairs.item]]
    other = np.where(slots[:, 0] == pairs.portfolio, slots[:, 1], slots[:, 0])
    there = other >= 0
    return pairs.item[there], pairs.portfolio[there], other[there]


def seen(world: World) -> float:
    item, mine, theirs = of_others(world)
    return float(sight(world, item, mine, theirs, drafts=False).mean())


def mapped(world: World) -> float:
    item, mine, _ = of_others(world)
    return float(referenced(world, item, mine).mean())


def companies_mapped(world: World) -> float:
    items, money = world.pipeline, world.portfolios
    item, slot = np.nonzero(money.slots[items.municipality, items.sector] >= 0)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    private = money.private[portfolio]
    assert private.any()
    return float(referenced(world, item[private], portfolio[private]).mean())


def agreements_stand(world: World) -> float:
    portfolio = np.arange(len(world.portfolios.cents))
    return float(inclined(world, 0.5, world.portfolios.space, portfolio, compact=True).mean())


def lays_drafts(world: World) -> float:
    portfolio = np.arange(len(world.portfolios.cents))
    return float(tables(world, world.portfolios.space, portfolio).mean())


def companies_lay_drafts(world: World) -> float:
    """Whether companies could ever lay theirs, whatever the luck of a year."""
    world.draws = Settled(world.draws, "drafts tabled")
    private = np.flatnonzero(world.portfolios.private)
    return float(tables(world, world.portfolios.space[private], private).sum())


def the_poor_first(world: World) -> float:
    pairs = eligible(world, DEPARTMENTS)
    poor = world.poverty()[world.pipeline.municipality[pairs.item]]
    return float(np.polyfit(poor, perceived(world, pairs), 1)[0])


def asked(world: World) -> float:
    return -float(len(asked_here(world, 0)))


def alike(world: World) -> float:
    return -float(sum(one.before and not one.pooled for one in asked_here(world, 0)))


def pooled(world: World) -> float:
    world.purses.free[:] = world.portfolios.cents
    before = world.purses.free.copy()
    _pool_grants(world)
    return float(np.abs(world.purses.free - before).sum())


def compared(world: World) -> float:
    roll_out(world)
    for cycle in CYCLES:
        draft(world, cycle)
    for hub in world.hubs.values():
        hub.minutes = 10**9
    coordinate(world)
    for cycle in CYCLES:
        mark_compared(world, cycle)
    return float(world.pipeline.compared.sum())


def hub_minutes(world: World) -> float:
    roll_out(world)
    return float(sum(hub.minutes for hub in world.hubs.values()))


def seen_truly(world: World) -> float:
    roll_out(world)
    for hub in world.hubs.values():
        hub.minutes = 10**9
    coordinate(world)
    return -float(profile_clarity(world, np.arange(len(world.pipeline))).mean())


def steps_done(world: World) -> float:
    roll_out(world)
    return -float(sum(sum(hub.steps.values()) for hub in world.hubs.values()))


def minded(world: World) -> float:
    lead(world)
    return float(world.salience.mean())


def surveyed(world: World) -> float:
    lead(world)
    return -float(profile_clarity(world, np.arange(len(world.pipeline))).mean())


def partnership(world: World) -> float:
    lead(world)
    return float(world.partnership().mean())


def meetings(world: World) -> float:
    return float(len(_called(world)))


def meetings_in_september(world: World) -> float:
    begin(world, 5)
    return float(len(_called(world)))


def owned(world: World) -> float:
    roll_out(world)
    for month in range(1, 3 + len(PLAN_PHASES)):
        begin(world, month)
        for hub in world.hubs.values():
            hub.steps = dict.fromkeys(hub.steps, 0)
            hub.minutes, hub.sat = 10**9, True
        coordinate(world)
    return float((world.pipeline.owner >= 0).sum())


def adjudicated(world: World) -> None:
    """April to December before a working group with hours for whatever comes in."""
    believe(world, WorkingGroupWork, hours=1e6, given_up=1.0, norm_agreed=1.0)
    for month in range(9):
        begin(world, month)
        adjudicate(world)


def disputes_ended(world: World) -> float:
    adjudicated(world)
    return -float((world.pipeline.dispute != FREE).sum())


def let_sooner(world: World) -> float:
    adjudicated(world)
    pairs = eligible(world, DEPARTMENTS)
    return -float(procurement(world, pairs.item, pairs.portfolio).mean())


def shown(world: World) -> float:
    begin(world, 5)
    # everyone comes
    believe(world, Engagement, base_attendance=9.0, department_attendance=1.0, national_attendance=1.0, overrun=1.0)
    meet(world)
    return float(world.pipeline.shown.sum())


def drafts_read(world: World) -> float:
    # August's priorities and September's drafts
    for month in (4, 5):
        begin(world, month)
        if month == 5:
            draft(world, DEPARTMENTS)
        exchange(world)
    item, mine, theirs = of_others(world)
    return float(sight(world, item, mine, theirs, drafts=True).mean())


def officials_stay(world: World) -> float:
    return -float(leave(world).mean())


def short_ways(world: World) -> float:
    return -float(nearer(world, np.arange(len(world.forums))).sum())


def growth_put_first(world: World) -> float:
    pairs = eligible(world, DEPARTMENTS)
    where = potential(world)[world.pipeline.municipality[pairs.item]]
    return float(np.polyfit(where, perceived(world, pairs), 1)[0])


def bulk_put_first(world: World) -> float:
    items = world.pipeline
    for month in range(1, 40):
        begin(world, month)
        plan_bulk(world)
    pairs = eligible(world, MUNICIPALITIES)
    needed = np.isin(pairs.item, items.needs[(items.needs >= 0) & ~items.complete(world.month)])
    score = perceived(world, pairs)
    return float(score[needed].mean() - score[~needed].mean())


def answered_from_what_is_there(world: World) -> float:
    believe(world, ChannelWork, setup_months=0.0, hours=1e6)
    request(world)
    return -float(world.now.by_municipality["asks"].sum())


def forums_gone(world: World) -> float:
    believe(world, AuditWork, framework_months=0.0, audit_hours=0.0, framework_hours=0.1)
    for month in range(4):
        begin(world, month)
        audit_forums(world)
    return float(world.framework.merged.sum())


Mechanism = Callable[[World], float]
WORKS: tuple[tuple[str, Mechanism, tuple[str, ...], bool], ...] = (
    # lever, what grows, beside which levers, whether that is a good that can be frozen
    ("communication-strategy", seen, (), True),
    ("live-information-system", seen, (), True),
    ("spatial-budgeting", mapped, (), True),
    ("spatial-budgeting", seen, (), True),
    ("private-compact", companies_mapped, (), True),
    ("private-compact", companies_lay_drafts, (), False),
    ("compacting", agreements_stand, (), True),
    ("regulated-plan", lays_drafts, (), True),
    ("gender-needs-budgeting", the_poor_first, (), True),
    ("grant-consolidation", asked, (), True),
    ("grant-consolidation", pooled, (), True),
    ("realistic-indicators", asked, (), True),
    ("realistic-indicators", alike, (), True),
    ("impact-zones", compared, ("district-hub",), True),
    ("district-hub", compared, ("impact-zones",), True),
    ("district-hub", hub_minutes, (), False),
    ("district-profile", seen_truly, ("district-hub",), True),
    ("expert-unit", steps_done, ("one-plan",), False),
    ("provincial-cogta-capacity", steps_done, ("one-plan",), False),
    ("imbizo", minded, (), True),
    ("imbizo", surveyed, (), True),
    ("leadership", minded, (), True),
    ("leadership", partnership, (), True),
    ("task-teams", meetings, (), False),
    ("one-plan", owned, ("district-hub",), True),
    ("alignment-adjudication", disputes_ended, (), True),
    ("finance-enablement", let_sooner, (), True),
    ("norms-differentiation", let_sooner, (), True),
    ("platform-linkage", mapped, (), True),
    ("platform-linkage", seen, (), True),
    ("idp-indaba", meetings_in_september, (), False),
    ("idp-indaba", shown, (), True),
    ("synchronised-calendar", drafts_read, (), True),
    ("regional-management", officials_stay, (), True),
    ("regional-management", short_ways, (), True),
    ("investment-plan", growth_put_first, (), True),
    ("bulk-infrastructure-plans", bulk_put_first, (), True),
    ("single-reporting-channel", answered_from_what_is_there, (), True),
    ("forum-audit", forums_gone, (), True),
)


@pytest.mark.parametrize(("name", "grows", "beside", "freezes"), WORKS, ids=lambda v: getattr(v, "__name__", None))
def test_a_lever_moves_the_mechanism_it_names(
    name: str, grows: Mechanism, beside: tuple[str, ...], freezes: bool
) -> None:
    without = grows(prepared(*beside))
    half, whole = (grows(prepared(name, *beside, dose=dose)) for dose in (0.5, 1.0))
    assert without < whole
    assert without <= half <= whole
    if freezes:
        assert grows(prepared(name, *beside, frozen=1.0)) == grows(prepared(*beside, frozen=1.0))


def test_levers_of_skills_have_their_mechanisms_tested_with_support() -> None:
    apart = {"bursary-scheme", "shared-skills", "stabilisation", "support-framework"}
    assert {name for name, *_ in WORKS} | apart | ACCESS == set(levers)


def test_binding_makes_owners_pay_first() -> None:
    found = []
    for binding in (0.0, 1.0):
        world = prepared()
        params = ParamSet({"regulated-plan.binding": binding})
        world.rules.rulings = (levers["regulated-plan"](params).amend(SILOS, 1.0),)
        pairs = eligible(world, DEPARTMENTS)
        first = np.unique(pairs.item, return_index=True)[1]
        world.pipeline.owner[pairs.item[first]] = pairs.slot[first]
        mine = world.pipeline.owner[pairs.item] == pairs.slot
        found.append(float((perceived(world, pairs)[mine] > 5).mean()))
    assert found[0] < 1
    assert found[1] == 1
