"""A social compact that lays companies' plans beside public ones."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class PrivateCompact(Lever):
    """A social compact that lays companies' plans beside public ones.

    A social compact brings private investment into the plan; in the pilots, mining houses' social and labour plans.
    Here companies' plans are referenced, laid before the space and compared like public ones.
    """

    id = "private-compact"
    summary = "a social compact: private investment and social and labour plans in the One Plan"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, social compact and private sector partnerships; lessons of the pilots, private investment and social and labour plans"
    touches = "where there are mines: whether companies' plans can be seen in published plans, are tabled and compared like public ones"
    costs = "departments' hours to keep the compact, in spaces without mines too; companies' hours to table (with impact zones) and to map, weigh and enter their projects (with the levers that ask for it)"
    limits = "investment other than social and labour plans is left out"
    numbers = (
        "planning.referenced",
        "planning.tables_drafts",
        "planning.joint_sight",
        "upkeep.private_others",
        "upkeep.leads",
        "planning-hours.tabling",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, private_compact=max(ruling.private_compact, dose))
