"""The working group on alignment: its queue, its hours, whose consent it takes, and when what is agreed counts."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.working_group import (
    AGREED,
    COMPLEMENT,
    DISPUTE,
    IN_FORCE,
    LAPSED,
    NORM,
    OVERLAP,
    PROCEDURE,
    REFUSED,
    RESTS,
    WAITING,
    WorkingGroupWork,
)
from igrsim.phases.adjudicate import _spread, adjudicate
from igrsim.phases.adjust import _redirect
from igrsim.phases.arrangements import Arrangements
from igrsim.phases.giving_way import yields
from igrsim.phases.keep_up import Upkeep
from igrsim.phases.knowing import perceived
from igrsim.phases.letting import bound, unlike
from igrsim.phases.need import need
from igrsim.phases.plan import eligible
from igrsim.plans.calendars import CYCLES
from igrsim.plans.pipeline import DOUBLED, FREE, Disputes, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.regimes.regime import Regime, Term
from igrsim.runs.validation.small_worlds import begin, believe, decree, of_levers, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.ruling import Ruling
from igrsim.world.world import World

AMPLE = 1e7
"""Hours for whatever comes in."""
OCTOBER, NOVEMBER, DECEMBER = 6, 7, 8
"""Months of a study that begins in April."""


def alike(*scope: str, months: int = 60, **numbers: float) -> World:
    """Spaces with their opening needs, of which the group hears what comes in, and every award is accepted."""
    world = small_model(scope=list(scope) or ["ETH"], citizens=100, months=months).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, settles=0.0, accepted=1.0)
    believe(world, WorkingGroupWork, **({"brought": 1.0, "hours": AMPLE, "norm_agreed": 1.0} | numbers))
    begin(world, 0)
    need(world)
    return world


def sit(world: World, month: int) -> None:
    begin(world, month)
    adjudicate(world)


def of_kind(world: World, kind: int, state: int) -> int:
    docket = world.group.docket
    return int(((docket.kind == kind) & (docket.state == state)).sum())


def charged(world: World, bearer: str) -> int:
    return int(world.now.minutes["alignment", bearer].sum())


def test_in_silos_nobody_sits() -> None:
    world = alike()
    sit(world, 0)
    assert len(world.group.docket) == 0
    assert not world.now.minutes
    assert not world.now.by_space


def test_every_dispute_that_is_brought_is_heard_and_ends_in_december() -> None:
    world = alike()
    decree(world, adjudication=1.0)
    disputes = world.pipeline.dispute != FREE
    for month in range(DECEMBER):
        sit(world, month)
        # agreed, but in no budget yet
        np.testing.assert_array_equal(world.pipeline.dispute != FREE, disputes)
    assert of_kind(world, DISPUTE, AGREED) == disputes.sum() > 5
    sit(world, DECEMBER)
    assert not world.pipeline.dispute.any()
    assert of_kind(world, DISPUTE, IN_FORCE) == disputes.sum()
    assert world.now.by_space["interventions_ppm"].sum() == 1_000_000 * disputes.sum()


def test_what_is_agreed_after_october_waits_for_the_next_year() -> None:
    world = alike()
    decree(world, adjudication=1.0)
    for month in (NOVEMBER, DECEMBER, DECEMBER + 11):
        sit(world, month)
        assert world.pipeline.dispute.any()
    sit(world, DECEMBER + 12)
    assert not world.pipeline.dispute.any()


@pytest.mark.parametrize("brought", [0.0, 0.4])
def test_only_what_somebody_brings_is_heard(brought: float) -> None:
    world = alike(brought=brought)
    decree(world, adjudication=1.0)
    sit(world, 0)
    disputes = (world.pipeline.dispute != FREE).sum()
    assert of_kind(world, DISPUTE, AGREED) == pytest.approx(brought * disputes, abs=3 * np.sqrt(disputes) / 2)


def hours_for(world: World, cases: int) -> None:
    """Hours for so many cases after the meeting."""
    p = world.params[WorkingGroupWork]
    believe(world, WorkingGroupWork, hours=p.members * p.meeting_hours + cases * p.dispute_hours)


@pytest.mark.parametrize("cases", [0, 1, 3])
@pytest.mark.parametrize("worst", [0.0, 1.0])
def test_it_hears_the_oldest_or_the_worst_first_as_far_as_its_hours_go(cases: int, worst: float) -> None:
    world = alike(worst_first=worst, complement_hours=60.0)
    decree(world, adjudication=1.0)
    items = world.pipeline
    mine = np.flatnonzero(items.dispute != FREE)
    items.born[mine] = -np.arange(len(mine))
    items.severity[mine] = 1 + np.arange(len(mine))[::-1]
    items.needs[:] = -1
    hours_for(world, cases)
    sit(world, 0)
    heard = np.flatnonzero(items.heard == 0)
    wanted = mine[:cases] if worst else mine[len(mine) - cases :]
    np.testing.assert_array_equal(heard, np.sort(wanted))
    p = world.params[WorkingGroupWork]
    own = round(60 * (p.members * p.meeting_hours + cases * p.dispute_hours))
    parties = round(60 * world.params[Upkeep].leads * p.party_others * cases)
    assert charged(world, "nation") == own + parties
    assert charged(world, "municipality") == round(60 * p.party_municipal) * cases
    assert world.now.by_municipality["upkeep_minutes"].sum() == round(60 * p.party_municipal) * cases


def test_work_on_a_case_is_not_lost_at_the_end_of_the_month() -> None:
    world = alike()
    decree(world, adjudication=1.0)
    world.pipeline.needs[:] = -1
    p = world.params[WorkingGroupWork]
    believe(world, WorkingGroupWork, hours=p.members * p.meeting_hours + p.dispute_hours / 2)
    found = []
    for month in range(4):
        sit(world, month)
        found.append(of_kind(world, DISPUTE, AGREED))
    assert found == [0, 1, 1, 2]


def test_platforms_take_hours_in_october_only() -> None:
    world = alike(hours=100.0)
    decree(world, norms_differentiated=1.0)
    p = world.params[WorkingGroupWork]
    for month, hours in ((OCTOBER - 1, p.meeting_hours), (OCTOBER, p.meeting_hours + p.platform_hours)):
        world.group.docket.state[:] = LAPSED
        world.group.docket.decided[:] = month
        world.group.differentiated[:] = True
        sit(world, month)
        assert charged(world, "nation") == min(round(60 * p.members * hours), 6000)


def test_cases_are_conserved() -> None:
    model = small_model(
        of_levers("alignment-adjudication", "norms-differentiation", "finance-enablement"), ["ETH", "DC15"], months=40
    )
    brought: dict[str, int] = {}

    def record(world: World, _: object) -> None:
        for name, values in world.now.by_space.items():
            if name.startswith("cases_"):
                brought[name] = brought.get(name, 0) + int(values.sum())

    model.record = record
    believe(model.world, WorkingGroupWork, hours=4000.0)
    model.run()
    docket = model.world.group.docket
    assert brought["cases_brought_ppm"] == 1_000_000 * len(docket)
    assert brought["cases_lapsed_ppm"] == 1_000_000 * (docket.state == LAPSED).sum()
    assert brought["cases_refused_ppm"] == 1_000_000 * (docket.state == REFUSED).sum()
    ended = np.isin(docket.state, (AGREED, IN_FORCE)).sum()
    # some that were agreed lapsed before the budget took them up
    assert 1_000_000 * ended <= brought["cases_agreed_ppm"]
    assert min((docket.state == state).sum() for state in (WAITING, AGREED, IN_FORCE, REFUSED, LAPSED)) > 0
    assert set(docket.kind) >= {DISPUTE, COMPLEMENT, PROCEDURE, NORM}


def test_a_refused_award_rests_and_is_heard_again() -> None:
    world = alike()
    believe(world, Disputes, accepted=0.0)
    decree(world, adjudication=1.0)
    world.pipeline.needs[:] = -1
    disputes = int((world.pipeline.dispute != FREE).sum())
    for month in range(RESTS):
        sit(world, month)
        assert of_kind(world, DISPUTE, REFUSED) == disputes
    sit(world, RESTS)
    assert of_kind(world, DISPUTE, REFUSED) == 2 * disputes
    assert (world.pipeline.dispute != FREE).sum() == disputes


def test_what_the_two_settle_meanwhile_lapses() -> None:
    world = alike(hours=0.0)
    decree(world, adjudication=1.0)
    sit(world, 0)
    waiting = of_kind(world, DISPUTE, WAITING)
    one = np.flatnonzero(world.pipeline.dispute != FREE)[0]
    world.pipeline.dispute[one] = FREE
    sit(world, 1)
    assert (of_kind(world, DISPUTE, LAPSED), of_kind(world, DISPUTE, WAITING)) == (1, waiting - 1)


def test_when_the_mechanism_ends_its_cases_lapse_and_nobody_sits() -> None:
    world = alike(hours=0.0)
    decree(world, adjudication=1.0, enabling_finance=1.0, norms_differentiated=1.0)
    sit(world, 0)
    decree(world)
    sit(world, 1)
    assert set(world.group.docket.state) == {LAPSED}
    assert not world.now.minutes


def test_frozen_it_hears_and_nothing_ends() -> None:
    world = alike()
    believe(world, Frozen, benefits=1.0)
    decree(world, adjudication=1.0)
    before = world.pipeline.dispute.copy()
    for month in range(DECEMBER + 1):
        sit(world, month)
        if month == 0:
            assert charged(world, "nation") > 0
    np.testing.assert_array_equal(world.pipeline.dispute, before)
    assert of_kind(world, DISPUTE, REFUSED) == (before != FREE).sum()


def doubly_funded(dispute: int = FREE) -> tuple[World, int]:
    """A world with one item that two fund, who know and have not withdrawn."""
    world = alike()
    items, money = world.pipeline, world.portfolios
    items.dispute[:], items.needs[:] = FREE, -1
    slots = money.slots[items.municipality, items.sector]
    item = int(np.flatnonzero((slots >= 0).sum(axis=1) >= 2)[0])
    items.funded[item, :2] = True
    items.unyielded[item] = 1
    items.dispute[item] = dispute
    decree(world, adjudication=1.0)
    return world, item


def test_who_agreed_to_withdraw_does() -> None:
    world, item = doubly_funded()
    money = world.portfolios
    believe(world, Disputes, accepted=1.0)
    sit(world, 2)
    assert of_kind(world, OVERLAP, IN_FORCE) == 1
    assert np.flatnonzero(world.pipeline.conceded).tolist() == [item]
    slots = money.slots[world.pipeline.municipality[item], world.pipeline.sector[item]]
    every = np.arange(len(world.pipeline))
    mine, theirs = np.full(len(every), slots[0]), np.full(len(every), slots[1])
    sure = yields(world, every, mine, theirs)
    world.pipeline.conceded[:] = False
    np.testing.assert_array_equal(sure, yields(world, every, mine, theirs) | (every == item))


def test_a_withdrawal_agreed_moves_the_money_at_the_adjustments_budget() -> None:
    for conceded in (False, True):
        world, item = doubly_funded()
        items, money, works, purses = world.pipeline, world.portfolios, world.works, world.purses
        world.ties[:] = world.peer_ties[:] = 0.0
        items.conceded[item] = conceded
        two = np.array([item, item])
        portfolio = money.slots[items.municipality[item], items.sector[item], :2]
        nothing = np.zeros(2, np.int64)
        works.keep(np.zeros(len(works), np.bool_))
        works.add(
            two, np.array([0, 1]), portfolio, items.cents[two], nothing, nothing, nothing + 50, world.params[Delivery]
        )
        purses.year[:] = 10**14
        believe(world, Planning, published=0.0, tie_sight=0.0, district_tie=0.0, agency_sight=0.0)
        begin(world, NOVEMBER)
        for cycle in CYCLES:
            _redirect(world, cycle)
        assert items.funded[item].sum() == (1 if conceded else 2)


def test_a_dispute_in_which_both_go_ahead_is_no_mere_overlap() -> None:
    world, _ = doubly_funded(DOUBLED)
    sit(world, 2)
    assert of_kind(world, OVERLAP, IN_FORCE) == 0
    assert of_kind(world, DISPUTE, AGREED) == 1


def test_a_missing_complement_is_brought_first_by_who_agreed_to() -> None:
    world = alike()
    items = world.pipeline
    items.dispute[:], items.needs[:] = FREE, -1
    part, whole, other = 0, 1, 2
    items.needs[part] = whole
    items.funded[part, 0] = True
    # nobody has begun what depends on this one
    items.needs[other] = 3
    decree(world, adjudication=1.0)
    for month in range(DECEMBER + 1):
        assert (items.allotted == -1).all()
        sit(world, month)
    assert np.flatnonzero(items.allotted >= 0).tolist() == [whole]
    found = 0
    for cycle in CYCLES:
        pairs = eligible(world, cycle)
        score = perceived(world, pairs)
        mine = (pairs.item == whole) & (pairs.slot == items.allotted[whole])
        found += int(mine.sum())
        assert (score[mine] > 5).all()
        assert (score[~mine] < 5).all()
    assert found == 1


def test_a_complement_that_comes_by_itself_lapses() -> None:
    world = alike(hours=0.0)
    items = world.pipeline
    items.dispute[:], items.needs[:] = FREE, -1
    items.needs[0] = 1
    items.funded[0, 0] = True
    decree(world, adjudication=1.0)
    sit(world, 0)
    assert of_kind(world, COMPLEMENT, WAITING) == 1
    items.drafted[1, 0] = True
    sit(world, 1)
    assert of_kind(world, COMPLEMENT, LAPSED) == 1


def test_one_space_lengthens_the_queue_of_another() -> None:
    """What two spaces do to each other, they do through the group's hours only: with hours enough, each is as if alone."""

    def settled(hours: float, *served: str) -> int:
        world = alike("ETH", "JHB", hours=hours)
        world.pipeline.needs[:] = -1
        codes = world.geography.spaces.codes
        world.rules.rulings = tuple(Ruling(adjudication=float(code in served)) for code in codes)
        for month in range(3):
            sit(world, month)
        return int(world.group.settled[codes.index("ETH")])

    assert settled(400.0, "ETH", "JHB") < settled(400.0, "ETH")
    assert settled(AMPLE, "ETH", "JHB") == settled(AMPLE, "ETH")


def test_a_part_of_the_country_has_its_part_of_the_hours() -> None:
    found = []
    for served in ((), ("JHB", "TSH", "CPT")):
        world = alike(hours=1000.0)
        decree(world, adjudication=1.0)
        world.rules.elsewhere = tuple(Ruling(adjudication=1.0) for _ in served)
        world.pipeline.needs[:] = -1
        believe(world, WorkingGroupWork, party_others=0.0)
        sit(world, 0)
        found.append(charged(world, "nation"))
    assert found[0] == 60 * 1000
    assert found[1] == 60 * 1000 / 4


def test_the_model_knows_what_stands_outside_the_scope() -> None:
    lever = "alignment-adjudication"
    metros = ("BUF", "CPT", "EKU", "ETH", "JHB", "MAN", "NMA", "TSH")
    for terms, served in (((), 49), ((Term(lever, spaces=metros),), 7), ((Term(lever, 0.5, ("CPT", "ETH")),), 0.5)):
        model = small_model(Regime("made up", "made up", "assumption", (lever,), terms=terms), "pilots", months=2)
        model.turn_rules()
        assert len(model.world.rules.elsewhere) == 49
        assert sum(r.adjudication for r in model.world.rules.elsewhere) == served
    for scope in ("two-towns", "pilots"):
        model = small_model("siloed" if scope == "pilots" else of_levers(lever), scope, months=2)
        model.turn_rules()
        assert model.world.rules.elsewhere == ()


@pytest.mark.parametrize(("given_up", "found"), [(0.0, 0), (1.0, 12)])
def test_procedures_are_reviewed_once_and_given_up_unless_the_law_wants_them(given_up: float, found: int) -> None:
    world = alike(given_up=given_up)
    decree(world, enabling_finance=1.0)
    for month in range(30):
        sit(world, month)
        assert world.group.given_up == (found if month >= DECEMBER else 0)
    assert of_kind(world, PROCEDURE, IN_FORCE) == found
    assert (world.group.docket.kind == PROCEDURE).sum() == 12


def test_who_must_change_gives_hours_for_each_procedure_given_up() -> None:
    world = alike(given_up=1.0)
    decree(world, enabling_finance=1.0)
    for month in range(DECEMBER + 1):
        sit(world, month)
    p = world.params[WorkingGroupWork]
    assert charged(world, "municipality") == 12 * round(60 * p.change_municipal)
    assert charged(world, "province") == 12 * round(60 * p.change_others * (1 - world.params[Upkeep].leads))


def test_who_joins_later_changes_too_before_it_gains() -> None:
    world = alike("ETH", "JHB", given_up=1.0)
    every = (Ruling(enabling_finance=1.0),) * 2
    world.rules.rulings = (every[0], Ruling())
    for month in range(DECEMBER + 3):
        sit(world, month)
    np.testing.assert_array_equal(world.group.taken_over, [12, 0])
    world.rules.rulings = every
    sit(world, DECEMBER + 3)
    p, minutes = world.params[WorkingGroupWork], world.now.minutes["alignment", "municipality"]
    np.testing.assert_array_equal(minutes, [0, 12 * round(60 * p.change_municipal)])
    np.testing.assert_array_equal(world.group.taken_over, [12, 12])
    sit(world, DECEMBER + 4)
    assert charged(world, "municipality") == 0


def test_norms_are_negotiated_where_they_do_not_fit() -> None:
    world = alike("ETH", "DC15", "DC2")
    fits = [not unlike(world)[world.municipality_space == s].any() for s in range(world.spaces)]
    assert True in fits
    assert False in fits
    decree(world, norms_differentiated=1.0)
    for month in range(DECEMBER + 1):
        sit(world, month)
    for space, fit in enumerate(fits):
        np.testing.assert_array_equal(world.group.differentiated[space], bound(world) & (not fit))


def test_others_settled_cases_make_ones_own_easier_only_where_people_visit() -> None:
    def minutes(settled_here: int, settled_there: int, learning: float) -> int:
        world = alike("ETH", "JHB")
        world.pipeline.needs[:] = -1
        believe(world, WorkingGroupWork, party_others=0.0, meeting_hours=0.0)
        codes = world.geography.spaces.codes
        here = codes.index("ETH")
        world.group.settled[:] = settled_there
        world.group.settled[here] = settled_here
        world.rules.rulings = tuple(
            Ruling(adjudication=float(code == "ETH"), cross_learning=learning) for code in codes
        )
        sit(world, 0)
        return charged(world, "nation")

    alone = minutes(0, 20, 0.0)
    p = Arrangements()
    assert alone == minutes(0, 0, 1.0) == minutes(5, 0, 1.0)
    assert minutes(0, 20, 1.0) == pytest.approx(alone * (1 + p.transfer * 20) ** -p.learning, rel=1e-3)


def test_visits_take_hours_where_the_group_serves() -> None:
    world = alike("ETH", "JHB", hours=0.0)
    codes = world.geography.spaces.codes
    world.rules.rulings = tuple(Ruling(adjudication=float(c == "ETH"), cross_learning=0.5) for c in codes)
    sit(world, 0)
    visits = round(60 * world.params[WorkingGroupWork].visit_hours / 2)
    assert world.now.minutes["alignment", "municipality"].tolist() == [visits * (c == "ETH") for c in codes]


def test_a_whole_number_spreads_without_loss() -> None:
    extent = np.array([0.3, 0.0, 1.0, 0.7, 0.11])
    for total in (0, 1, 7, 1_000_003):
        parts = _spread(total, extent)
        assert parts.sum() == total
        assert (parts >= 0).all()
        assert parts[1] == 0
    assert _spread(9, np.zeros(3)).tolist() == [0, 0, 0]


def test_nothing_depends_on_the_order_of_visits() -> None:
    worlds = []
    for reverse in (False, True):
        model = small_model(
            of_levers("alignment-adjudication", "norms-differentiation", "finance-enablement", "platform-linkage"),
            ["ETH", "DC15"], months=26, reverse=reverse,
        )  # fmt: skip
        believe(model.world, WorkingGroupWork, hours=3000.0)
        model.run()
        worlds.append(model.world)
    for column in ("kind", "state", "about", "decided", "left"):
        np.testing.assert_array_equal(*(getattr(w.group.docket, column) for w in worlds), err_msg=column)
    np.testing.assert_array_equal(*(w.pipeline.funded for w in worlds))
