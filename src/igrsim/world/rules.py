"""The arrangements in force: one ruling per space and month, folded from the levers at their doses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ruling:
    """What the arrangements of one space allow this month; the defaults are those of silos.

    Attributes
    ----------
    joint_arena : float
        Share of drafts that are laid side by side for the space as a whole (0 to 1).
    hub_posts : float
        Posts established at the space's hub.
    channels_retired : float
        Share of departments' own retirable forums and direct requests that are retired in favour of the hub.
    one_plan : float
        Extent to which one plan is made for the space (0 to 1).
    profile : float
        Extent to which the space is profiled (0 to 1).
    spatial_reference : float
        Share of the way from today's spatial referencing of projects to all of them (0 to 1).
    imbizo : float
        Extent to which principals meet the people of the space, once a year (0 to 1).
    task_teams : float
        Extent to which intergovernmental task teams and work-streams follow the space up, monthly (0 to 1).
    expert_unit : float
        Extent to which dedicated experts help spaces on their way to a plan (0 to 1).
    live_information : float
        Extent to which commitments are in a live information system (0 to 1).
    fewer_indicators : float
        Extent to which few, agreed indicators replace departments' own (0 to 1).
    grants_consolidated : float
        Extent to which grants are consolidated: one report, and money that can move between sectors (0 to 1).
    needs_weighting : float
        Extent to which budgets are weighed by need and gender (0 to 1).
    private_compact : float
        Extent to which social and labour plans are laid beside public ones (0 to 1).
    provincial_capacity : float
        Extent to which the provincial centre is strengthened (0 to 1).
    communication : float
        Extent to which one communication strategy is in force (0 to 1).
    leadership : float
        Extent to which ministers and premiers give the space hours and keep roles clear (0 to 1).
    compact : float
        Standing of agreements, from negotiated (0) to a compact (1).
    duty : float
        Duty to take part in the One Plan, from none (0) to regulated (1).
    binding : float
        Extent to which the One Plan binds budgets (0 to 1); beyond the law of today.
    support_framework : float
        Extent to which support programmes choose by one agenda (0 to 1).
    shared_skills : float
        Extent to which a district and its locals lend each other skilled people (0 to 1).
    stabilisation : float
        Extent to which dysfunctional municipalities are stabilised (0 to 1).
    bursary_scheme : float
        Extent to which bursaries go by one analysis of needs (0 to 1).
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

    joint_arena: float = 0.0
    hub_posts: float = 0.0
    channels_retired: float = 0.0
    one_plan: float = 0.0
    profile: float = 0.0
    spatial_reference: float = 0.0
    imbizo: float = 0.0
    task_teams: float = 0.0
    expert_unit: float = 0.0
    live_information: float = 0.0
    fewer_indicators: float = 0.0
    grants_consolidated: float = 0.0
    needs_weighting: float = 0.0
    private_compact: float = 0.0
    provincial_capacity: float = 0.0
    communication: float = 0.0
    leadership: float = 0.0
    compact: float = 0.0
    duty: float = 0.0
    binding: float = 0.0
    support_framework: float = 0.0
    shared_skills: float = 0.0
    stabilisation: float = 0.0
    bursary_scheme: float = 0.0
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


SILOS = Ruling()


def meanings() -> dict[str, str]:
    """What each rule of a ruling means, as its documentation says."""
    text = inspect.cleandoc(Ruling.__doc__ or "")
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", text.partition("----------\n")[2]):
        names, _, about = entry.partition(" : ")
        words = " ".join(about.partition("\n")[2].split())
        found |= dict.fromkeys((name.strip() for name in names.split(",")), words)
    return {f.name: found.get(f.name, "") for f in fields(Ruling)}


@dataclass(frozen=True)
class Amendment:
    """One entry of the trail: a lever that changed a rule of a space, or ceased to.

    Attributes
    ----------
    before, after : float
        The rule before the lever and after it; alike where the lever no longer changes it.
    """

    month: int
    space: str
    lever: str
    dose: float
    field: str
    before: float
    after: float


class Rules:
    """The rulings of all spaces this month, and the trail of who set what since the start.

    Parameters
    ----------
    spaces : tuple of str
        Codes of the spaces, in order.

    Attributes
    ----------
    first : dict of (space, rule) to int
        Month in which a rule first differed from that of silos.
    """

    def __init__(self, spaces: tuple[str, ...]) -> None:
        self.spaces = spaces
        self.rulings: tuple[Ruling, ...] = (SILOS,) * len(spaces)
        self.trail: list[Amendment] = []
        self.first: dict[tuple[int, str], int] = {}
        self._standing: tuple[dict[str, dict[str, float]], ...] = tuple({} for _ in spaces)
        self._arranged: list[list[tuple[str, float, Ruling]]] = [[] for _ in spaces]

    def __getitem__(self, space: int) -> Ruling:
        return self.rulings[space]

    def by_space(self, field: str) -> NDArray[np.float64]:
        """One rule over all spaces."""
        return np.array([getattr(ruling, field) for ruling in self.rulings])

    def turn(self, month: int, folded: Mapping[int, list[tuple[str, float, Ruling]]]) -> None:
        """Put a month's rulings in force.

        Parameters
        ----------
        month : int
        folded : mapping of int to list
            For each space with a lever in force: lever, dose and the ruling after it, in the order of folding.
        """
        rulings = []
        for index in range(len(self.spaces)):
            arranged = folded.get(index, [])
            ruling = arranged[-1][2] if arranged else SILOS
            rulings.append(ruling)
            if arranged == self._arranged[index]:
                # what stands as it did leaves no trace
                continue
            self._arranged[index] = arranged
            for lever in sorted(set(self._standing[index]) - {lever for lever, _, _ in arranged}):
                self._enter(month, index, lever, 0.0, ruling, ruling)
            before = SILOS
            for lever, dose, after in arranged:
                self._enter(month, index, lever, dose, before, after)
                before = after
            for field in changed(SILOS, ruling):
                self.first.setdefault((index, field), month)
        self.rulings = tuple(rulings)

    def _enter(self, month: int, space: int, lever: str, dose: float, before: Ruling, after: Ruling) -> None:
        """Enter in the trail what a lever changes differently from last month."""
        now = {field: getattr(after, field) for field in changed(before, after)}
        last = self._standing[space].get(lever, {})
        for name in (f.name for f in fields(Ruling)):
            if now.get(name) != last.get(name):
                was, value = getattr(before, name), getattr(after, name)
                self.trail.append(Amendment(month, self.spaces[space], lever, dose, name, was, value))
        if now or last:
            self._standing[space][lever] = now


def changed(before: Ruling, after: Ruling) -> list[str]:
    """The rules in which two rulings differ."""
    return [f.name for f in fields(Ruling) if getattr(before, f.name) != getattr(after, f.name)]


def amend(ruling: Ruling, **rules: float) -> Ruling:
    """A ruling with some rules changed: the levers' only tool."""
    return replace(ruling, **rules)
