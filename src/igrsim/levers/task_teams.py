"""Intergovernmental task teams and work-streams that follow a space up."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class TaskTeams(Lever):
    """Intergovernmental task teams and work-streams that follow a space up."""

    id = "task-teams"
    summary = "intergovernmental task teams and work-streams (content, communication, logistics) for each space, led by national cooperative governance"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, implementation plan, task 2 (national, provincial and district teams); lessons of the pilots, lesson 2"
    touches = "one more forum a month; ties between those who sit in it; attention of principals while it can decide"
    costs = "every member's hours, preparation and travel"
    limits = "the three work-streams are one forum; national technical structures stay as they are"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, task_teams=max(ruling.task_teams, dose))
