"""A social compact that lays companies' plans beside public ones."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class PrivateCompact(Lever):
    """A social compact that lays companies' plans beside public ones."""

    id = "private-compact"
    summary = "a social compact: private investment and social and labour plans in the One Plan"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, social compact and private sector partnerships; lessons of the pilots, private investment and social and labour plans"
    touches = "mining companies' plans are mapped, tabled and compared like public ones"
    costs = "departments' hours to keep the compact"
    limits = "investment other than social and labour plans is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, private_compact=max(ruling.private_compact, dose))
