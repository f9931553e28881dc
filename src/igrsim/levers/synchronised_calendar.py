"""Plans exchanged before either side commits: municipal priorities ahead of departments' drafts, and drafts open to others."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class SynchronisedCalendar(Lever):
    """Dates of planning that let each sphere read what the other means to do before it commits.

    Municipalities lay priorities down in August, so that departments can read them for their submissions of September; those drafts
    are open when municipalities draft in March, and municipal drafts are when departments commit in April. They are read with the
    chance of any published plan; no hub compares. Dates of adoption stay as the law has them.
    """

    id = "synchronised-calendar"
    summary = "the spheres exchange priorities and drafts in time for each other's planning, before either commits"
    seed = "s3-ddm-lessons"
    passage = "lessons of the pilots, lesson 4"
    touches = (
        "when municipal priorities are laid down, and which drafts the other sphere can read when it drafts and commits"
    )
    costs = "municipal hours to lay priorities down early, hours of every sphere to exchange projects in draft"
    limits = (
        "the model's needs arise in April, so none waits because it came after an early priority: what earliness costs here is hours; "
        "nobody is held to priorities laid down early; priorities beyond a municipality's own money are not shown; in-year reprioritisation is left to adjustments budgets"
    )
    numbers = (
        "planning.published",
        "planning.referenced",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, synchronised=max(ruling.synchronised, dose))
