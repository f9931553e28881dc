"""A district or metro coordination hub: posts, hours, and what it works on first."""

from __future__ import annotations

from typing import Any

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param

STEPS = ("consultation", "launch", "skills gap")
"""What a space goes through before its plan is begun, with its profile between the first two."""
PLAN_PHASES = (
    ("deep-dive diagnostic", 0.25),
    ("vision", 0.10),
    ("strategy", 0.20),
    ("implementation plan", 0.20),
    ("drafting", 0.15),
    ("adoption", 0.10),
)
"""Phases of a One Plan, and their parts of the work on it; each ends when a forum of the space that can decide takes note."""
TASKS = (
    "convening",
    "comparing departments' drafts",
    "comparing municipalities' drafts",
    "disputes",
    "agenda",
    "requests",
    "support",
    "shared skills",
    "profile",
    "one plan",
)
"""What a hub does, in the order in which it does it when hours are short."""


class HubWork(Params, group="hub"):
    """What a hub's posts can do in a month, and what its tasks take."""

    hours_per_post: float = param(
        130, unit="hours a month", low=110, high=150, grade="assumed", source="assumption",
        meaning="working hours of a post",
    )  # fmt: skip
    months_to_staff: float = param(
        13, unit="months", low=6, high=24, grade="derived", source="cogta-slides-2022",
        meaning="from a hub's date to all posts filled: pilots launched from September 2019, hubs by October 2020",
    )  # fmt: skip
    rand_per_post: float = param(
        68_000, unit="rand a month", low=38_000, high=92_000, grade="assumed", source="pmg-nw1215",
        meaning="cost of a filled post, from 5 to 12.2 million rand a hub and year over eleven posts",
    )  # fmt: skip
    convening_hours: float = param(
        40, unit="hours a meeting", low=16, high=80, grade="assumed", source="assumption",
        meaning="hub hours to prepare and follow up its own forum's meeting",
    )  # fmt: skip
    meetings: float = param(
        6, unit="meetings a year", low=4, high=12, grade="assumed", source="assumption", choice=True,
        meaning="meetings of the hub's own forum",
    )  # fmt: skip
    meeting_hours: float = param(
        4, unit="hours", low=2, high=8, grade="assumed", source="assumption",
        meaning="length of a meeting of the hub's own forum",
    )  # fmt: skip
    preparation_hours: float = param(
        4, unit="hours", low=1, high=8, grade="assumed", source="assumption",
        meaning="preparation of each municipal delegate for it",
    )  # fmt: skip
    delegates: float = param(
        2, unit="officials", low=1, high=3, grade="assumed", source="assumption",
        meaning="delegates of each municipality",
    )  # fmt: skip
    draft_hours: float = param(
        2.0, unit="hours a draft", low=0.5, high=6, grade="assumed", source="assumption",
        meaning="hub hours to compare one drafted project with the others of its space",
    )  # fmt: skip
    agenda_hours: float = param(
        1.5, unit="hours an item", low=0.5, high=4, grade="assumed", source="assumption",
        meaning="hub hours to keep one agenda item registered and referred to one forum",
    )  # fmt: skip
    request_hours: float = param(
        1.0, unit="hours a request", low=0.25, high=3, grade="assumed", source="assumption",
        meaning="hub hours to pass on or answer one pooled request, where channels are retired",
    )  # fmt: skip
    support_hours: float = param(
        8, unit="hours a programme and year", low=2, high=24, grade="assumed", source="assumption",
        meaning="hours to lay one support programme's choices in a space beside those of the others",
    )  # fmt: skip
    sharing_hours: float = param(
        40, unit="hours a month", low=10, high=120, grade="assumed", source="assumption",
        meaning="hub hours to know the skills of a district family and arrange that they are lent",
    )  # fmt: skip
    profile_hours: float = param(
        1200, unit="hours", low=600, high=2400, grade="assumed", source="assumption",
        meaning="hub hours for one profile of a space",
    )  # fmt: skip
    profile_months: float = param(
        24, unit="months", low=12, high=36, grade="assumed", source="assumption",
        meaning="age at which a profile is made anew",
    )  # fmt: skip
    plan_hours: float = param(
        8000, unit="hours", low=4000, high=16000, grade="assumed", source="cogta-slides-2022",
        meaning="hub hours for one One Plan: with eleven posts it takes the 12 to 30 months of the first plans",
    )  # fmt: skip
    desk_plan: float = param(
        0.5, unit="ratio", low=0.3, high=1.0, grade="assumed", source="dpme-2024",
        meaning="hours of a One Plan made by specialists without a hub over those of one made with it: all spaces had theirs five years on",
    )  # fmt: skip
    phase_municipal: float = param(
        12, unit="hours a phase", low=4, high=40, grade="assumed", source="s3-ddm-lessons",
        meaning="of each municipality of the space for one phase of a One Plan, beside the forum's meetings",
    )  # fmt: skip
    phase_department: float = param(
        3, unit="hours a phase", low=1, high=12, grade="assumed", source="s3-ddm-lessons",
        meaning="of each department for one phase of a One Plan",
    )  # fmt: skip
    review_hours: float = param(
        120, unit="hours a month", low=40, high=240, grade="assumed", source="assumption",
        meaning="hub hours to keep an adopted One Plan under review",
    )  # fmt: skip


class RollOut(Params, group="roll-out"):
    """What it takes to bring a space to its plan, and what helps or hinders."""

    consultation: float = param(
        120, unit="hours", low=40, high=300, grade="assumed", source="s3-ddm-lessons",
        meaning="specialists' hours to consult a space's governments before its profile",
    )  # fmt: skip
    launch: float = param(
        240, unit="hours", low=80, high=600, grade="assumed", source="s3-ddm-lessons",
        meaning="specialists' hours for a space's launch",
    )  # fmt: skip
    skills_gap: float = param(
        360, unit="hours", low=120, high=900, grade="assumed", source="s3-ddm-lessons",
        meaning="specialists' hours for its skills-gap analysis and reprioritisation",
    )  # fmt: skip
    switching: float = param(
        0.01, unit="share a space", low=0.0, high=0.03, grade="assumed", source="assumption",
        meaning="specialists' hours lost for each further space that a team serves in the same month",
    )  # fmt: skip
    lessons: float = param(
        0.15, unit="exponent", low=0.0, high=0.3, grade="assumed", source="s3-ddm-lessons",
        meaning="how the hours that a step takes fall with the number of plans adopted before: (1 + plans) to minus this",
    )  # fmt: skip


class Hub(Actor):
    """The coordination hub of one space, or, without posts, the desk that specialists fill on its way to a plan.

    Attributes
    ----------
    opened : int
        Month in which it was established.
    established : int
        Month in which posts were first established, -1 before.
    heard : int
        Minutes given to disputes that no award has used up yet.
    filled : float
        Posts filled this month.
    backlog : dict
        Minutes of each task still to be done.
    done : dict
        Minutes of each task done this month.
    coverage : dict
        Share of this month's work of each task that was done.
    brought : dict
        Minutes of drafts brought to compare in the current cycle.
    convenes : bool
        Whether its own forum meets this month.
    surveying : bool
        Whether a profile is being made.
    plan_phase : int
        Phase of the plan being worked on, -1 before.
    awaits, sat : bool
        Whether the phase's work is done and waits for a forum that can decide; whether one sat this month.
    steps : dict
        Minutes still to be done of each step before the plan.
    leads_to_plan : bool
        Whether its space was set out on the way to a plan.
    profile_made, plan_adopted : int
        Month of the last profile and of the One Plan's adoption, -1 before.
    """

    def __init__(self, model: Any, *, space: int, code: str, opened: int) -> None:
        super().__init__(model)
        self.space = space
        self.code = code
        self.opened = opened
        self.established = -1
        self.heard = 0
        self.filled = 0.0
        self.minutes = 0
        self.backlog = dict.fromkeys(TASKS, 0)
        self.done = dict.fromkeys(TASKS, 0)
        self.coverage = dict.fromkeys(TASKS, 0.0)
        self.brought = dict.fromkeys(TASKS, 0)
        self.convenes = False
        self.steps = dict.fromkeys(STEPS, 0)
        self.leads_to_plan = False
        self.surveying = False
        self.plan_phase = -1
        self.awaits = self.sat = False
        self.profile_made = -1
        self.plan_adopted = -1

    @property
    def stage(self) -> str:
        """How far the space has come on its way to a plan."""
        if self.plan_adopted >= 0:
            return "implementation and review"
        if self.plan_phase >= 0:
            return PLAN_PHASES[self.plan_phase][0]
        if self.backlog["profile"]:
            return "profile"
        return next((name for name, left in self.steps.items() if left > 0), "skills gap")

    def help(self, task: str, minutes: int) -> int:
        """Take specialists' minutes for what lies on the desk; what they do not need is given back."""
        used = min(self.backlog[task], minutes)
        self.backlog[task] -= used
        return minutes - used

    def staff(self, posts: float, month: int, work: HubWork) -> None:
        """Fill posts evenly over the months that staffing takes, from the month in which there first are any."""
        if posts > 0 and self.established < 0:
            self.established = month
        since = month - self.established + 1 if self.established >= 0 else 0
        self.filled = posts * min(1.0, since / max(work.months_to_staff, 1.0))
        self.minutes = int(self.filled * work.hours_per_post * 60)
        self.done = dict.fromkeys(TASKS, 0)
        self.coverage = dict.fromkeys(TASKS, 0.0)

    def next_phase(self, minutes: int) -> int:
        """Begin the plan, or its next phase once a forum has sat on the last; the minutes this brings, -1 when all are done.

        Parameters
        ----------
        minutes : int
            Of the whole plan.
        """
        if self.plan_phase >= 0 and not (self.awaits and self.sat):
            return 0
        self.plan_phase += 1
        self.awaits = False
        if self.plan_phase == len(PLAN_PHASES):
            self.plan_phase -= 1
            return -1
        return round(minutes * PLAN_PHASES[self.plan_phase][1])

    def work(self, task: str, minutes: int, keep: bool) -> float:
        """Spend what hours are left on a task.

        Parameters
        ----------
        task : str
        minutes : int
            New work of this month.
        keep : bool
            Whether work left undone stays on the desk; else it lapses with the month.

        Returns
        -------
        float
            Share of the work on the desk that was done.
        """
        wanted = self.backlog[task] + minutes
        spent = min(wanted, self.minutes)
        self.minutes -= spent
        self.done[task] += spent
        self.backlog[task] = wanted - spent if keep else 0
        self.coverage[task] = spent / wanted if wanted else 1.0
        return self.coverage[task]
