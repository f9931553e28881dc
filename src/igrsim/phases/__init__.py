"""A month, as data: the phases in their order, each in a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from igrsim.phases.befall import befall
from igrsim.phases.commit import commit
from igrsim.phases.coordinate import coordinate
from igrsim.phases.deliver import deliver
from igrsim.phases.learn import learn
from igrsim.phases.meet import meet
from igrsim.phases.need import need
from igrsim.phases.plan import plan
from igrsim.phases.request import request
from igrsim.phases.roll_out import roll_out
from igrsim.phases.travel import travel
from igrsim.world.world import World

Phase = Callable[[World], None]

MONTH: tuple[Phase, ...] = (
    befall,  # events take hold
    roll_out,  # hubs open and fill their posts
    coordinate,  # hubs work on what lies on their desks
    need,  # items and problems arise
    travel,  # citizens' needs arise, they travel and are served
    request,  # departments ask municipalities, who answer
    meet,  # forums meet, problems are decided, ties form
    plan,  # drafts are laid down, by each sphere's calendar
    commit,  # overlaps found are withdrawn, money is committed
    deliver,  # what was committed comes into use
    learn,  # ties fade, officials change, load and data quality drift
)
