"""What the arrangements of one space allow in a month: rules by theme, whose defaults are those of silos."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class OfPlanning:
    """Rules on plans and the money that follows them.

    Attributes
    ----------
    joint_arena : float
        Share of drafts that are laid side by side for the space as a whole (0 to 1).
    one_plan : float
        Extent to which one plan is made for the space (0 to 1).
    profile : float
        Extent to which the space is profiled (0 to 1).
    spatial_reference : float
        Share of the way from today's spatial referencing of projects to all of them (0 to 1).
    live_information : float
        Extent to which commitments are in a live information system (0 to 1).
    needs_weighting : float
        Extent to which budgets are weighed by need and gender (0 to 1).
    private_compact : float
        Extent to which social and labour plans are laid beside public ones (0 to 1).
    grants_consolidated : float
        Extent to which grants are consolidated: one report, and money that can move between sectors (0 to 1).
    platforms_linked : float
        Extent to which the platforms of Budget, IDP and BEPP are linked and hold one pipeline of projects (0 to 1).
    idp_indaba : float
        Share of what governments mean to do in the space that may be laid on the table of its yearly indaba (0 to 1).
    synchronised : float
        Share of projects in draft that governments exchange before either side commits (0 to 1).
    regional_management : float
        Extent to which departments' regions follow the space and have managers there (0 to 1).
    investment_plan : float
        Extent to which departments put places of economic potential first, beyond a basic package (0 to 1).
    bulk_plans : float
        Extent to which bulk services of the space's municipalities have a master plan and support plans (0 to 1).
    """

    joint_arena: float = 0.0
    one_plan: float = 0.0
    profile: float = 0.0
    spatial_reference: float = 0.0
    live_information: float = 0.0
    needs_weighting: float = 0.0
    private_compact: float = 0.0
    grants_consolidated: float = 0.0
    platforms_linked: float = 0.0
    idp_indaba: float = 0.0
    synchronised: float = 0.0
    regional_management: float = 0.0
    investment_plan: float = 0.0
    bulk_plans: float = 0.0


@dataclass(frozen=True)
class OfEngagement:
    """Rules on who meets, reports and helps whom.

    Attributes
    ----------
    hub_posts : float
        Posts established at the space's hub.
    channels_retired : float
        Share of departments' own retirable forums and direct requests that are retired in favour of the hub.
    reporting_channel : float
        Share of departments' requests to municipalities that go through the province's one entry point (0 to 1).
    forum_audit : float
        Extent to which the province audits who meets whom, and keeps a framework of forums (0 to 1).
    forums_merged : float
        Share of departments' own forums which that framework merges into the statutory forum of their place, those found dysfunctional first.
    imbizo : float
        Extent to which principals meet the people of the space, once a year (0 to 1).
    task_teams : float
        Extent to which intergovernmental task teams and work-streams follow the space up, monthly (0 to 1).
    expert_unit : float
        Extent to which dedicated experts help spaces on their way to a plan (0 to 1).
    fewer_indicators : float
        Extent to which few, agreed indicators replace departments' own (0 to 1).
    communication : float
        Extent to which one communication strategy is in force (0 to 1).
    """

    hub_posts: float = 0.0
    channels_retired: float = 0.0
    reporting_channel: float = 0.0
    forum_audit: float = 0.0
    forums_merged: float = 0.0
    imbizo: float = 0.0
    task_teams: float = 0.0
    expert_unit: float = 0.0
    fewer_indicators: float = 0.0
    communication: float = 0.0


@dataclass(frozen=True)
class OfAuthority:
    """Rules on who leads, and what an agreement is worth.

    Attributes
    ----------
    leadership : float
        Extent to which ministers and premiers give the space hours and keep roles clear (0 to 1).
    provincial_capacity : float
        Extent to which the provincial centre is strengthened (0 to 1).
    compact : float
        Standing of agreements, from negotiated (0) to a compact (1).
    duty : float
        Duty to take part in the One Plan, from none (0) to regulated (1).
    binding : float
        Extent to which the One Plan binds budgets (0 to 1); beyond the law of today.
    adjudication : float
        Extent to which the space's alignment problems come before the intergovernmental working group (0 to 1).
    enabling_finance : float
        Extent to which unhelpful procedures of procurement and regulation are reviewed, and given up where they can be (0 to 1).
    norms_differentiated : float
        Extent to which policy norms and standards are negotiated for the space where the national ones do not fit it (0 to 1).
    """

    leadership: float = 0.0
    provincial_capacity: float = 0.0
    compact: float = 0.0
    duty: float = 0.0
    binding: float = 0.0
    adjudication: float = 0.0
    enabling_finance: float = 0.0
    norms_differentiated: float = 0.0


@dataclass(frozen=True)
class OfSupport:
    """Rules on support to municipalities and their skills.

    Attributes
    ----------
    support_framework : float
        Extent to which support programmes choose by one agenda (0 to 1).
    shared_skills : float
        Extent to which a district and its locals lend each other skilled people (0 to 1).
    stabilisation : float
        Extent to which dysfunctional municipalities are stabilised (0 to 1).
    bursary_scheme : float
        Extent to which bursaries go by one analysis of needs (0 to 1).
    """

    support_framework: float = 0.0
    shared_skills: float = 0.0
    stabilisation: float = 0.0
    bursary_scheme: float = 0.0


@dataclass(frozen=True)
class OfAccess:
    """Rules on centres, offices and those who go to people.

    Attributes
    ----------
    centres_a_municipality : float
        Thusong centres that each local or metropolitan municipality shall have.
    centres_further : float
        Centres that the space shall have beyond those it has; twice as many where it is vast or densely peopled.
    centre_services : float
        Share of the departments whose services a centre is meant to have that promise to come (0 to 1).
    centre_management : float
        Extent to which managers and steering committees follow tenants' absences up and set common days (0 to 1).
    department_champions : float
        Extent to which departments have a champion for centres (0 to 1).
    agency_agreements : float
        Extent to which tenancies rest on an agreement (0 to 1).
    municipal_buy_in : float
        Extent to which councils see centres as enablers of their own services (0 to 1).
    awareness_campaign : float
        Extent to which centres are made known as government in full (0 to 1).
    requirement_guides : float
        Extent to which easy guides say which papers to bring (0 to 1).
    multiskilled_staff : float
        Extent to which staff at a centre serve for several departments (0 to 1).
    centre_connectivity : float
        Extent to which centres have sound lines to departments' systems (0 to 1).
    pooled_centre_funding : float
        Extent to which departments pool what centres cost (0 to 1).
    centre_monitoring : float
        Extent to which centres' transactions and tenants' presence are counted and published (0 to 1).
    complaints_feedback : float
        Extent to which what people ask for and complain of changes what centres offer (0 to 1).
    cross_learning : float
        Extent to which centres visit each other and share what they learned (0 to 1).
    thusong_zones : float
        Extent to which offices relocate, as leases expire, to where related services are (0 to 1).
    mobile_rounds : float
        Share of the mobile units it takes to call at every settlement without offices once a year (0 to 1).
    extension_service : float
        Share of the extension workers that the lever provides who are at work (0 to 1).
    """

    centres_a_municipality: float = 0.0
    centres_further: float = 0.0
    centre_services: float = 0.0
    centre_management: float = 0.0
    department_champions: float = 0.0
    agency_agreements: float = 0.0
    municipal_buy_in: float = 0.0
    awareness_campaign: float = 0.0
    requirement_guides: float = 0.0
    multiskilled_staff: float = 0.0
    centre_connectivity: float = 0.0
    pooled_centre_funding: float = 0.0
    centre_monitoring: float = 0.0
    complaints_feedback: float = 0.0
    cross_learning: float = 0.0
    thusong_zones: float = 0.0
    mobile_rounds: float = 0.0
    extension_service: float = 0.0


@dataclass(frozen=True)
class Ruling(OfAccess, OfSupport, OfAuthority, OfEngagement, OfPlanning):
    """What the arrangements of one space allow this month; the defaults are those of silos."""


SILOS = Ruling()


def meanings() -> dict[str, str]:
    """What each rule of a ruling means, as the documentation of its theme says."""
    found: dict[str, str] = {}
    for theme in Ruling.__bases__:
        text = inspect.cleandoc(theme.__doc__ or "")
        for entry in re.split(r"\n(?=\S)", text.partition("----------\n")[2]):
            names, _, about = entry.partition(" : ")
            words = " ".join(about.partition("\n")[2].split())
            found |= dict.fromkeys((name.strip() for name in names.split(",")), words)
    return {f.name: found.get(f.name, "") for f in fields(Ruling)}


def theme_of(rule: str) -> str:
    """The theme of a rule: planning, engagement, authority, support or access."""
    theme = next(t for t in Ruling.__bases__ if rule in t.__annotations__)
    return theme.__name__.removeprefix("Of").lower()


def changed(before: Ruling, after: Ruling) -> list[str]:
    """The rules in which two rulings differ."""
    return [f.name for f in fields(Ruling) if getattr(before, f.name) != getattr(after, f.name)]


def amend(ruling: Ruling, **rules: float) -> Ruling:
    """A ruling with some rules changed: the levers' only tool."""
    return replace(ruling, **rules)
