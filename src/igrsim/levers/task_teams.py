"""Intergovernmental task teams and work-streams that follow a space up."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class TaskTeams(Lever):
    """Intergovernmental task teams and work-streams that follow a space up.

    Task teams led by national cooperative governance, with work-streams for content, communication and logistics,
    follow a space up. Here they are one forum a month: those in it get to know each other, decide, and keep the space
    on principals' minds.
    """

    id = "task-teams"
    summary = "intergovernmental task teams and work-streams (content, communication, logistics) for each space, led by national cooperative governance"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, implementation plan, task 2 (national, provincial and district teams); lessons of the pilots, lesson 2"
    touches = "one more forum a month, which can decide matters; ties between those who sit in it; attention of principals while it can decide"
    costs = "every member's hours, preparation and travel; hours to convene it (nation)"
    limits = "the three work-streams are one forum, which meets in such a share of months as the dose says; national technical structures stay as they are; no phase of a plan ends by its word"
    numbers = (
        "engagement.tie_gain",
        "principals.follow_up",
        "principals.fades",
        "authority.salience",
        "engagement.quorum",
        "meetings.task_team_hours",
        "engagement.convening",
        "engagement.department_travel",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, task_teams=max(ruling.task_teams, dose))
