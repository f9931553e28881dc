"""A month, as data: the phases in their order, each in a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from igrsim.phases.adjudicate import adjudicate
from igrsim.phases.adjust import adjust
from igrsim.phases.befall import befall
from igrsim.phases.bulk import plan_bulk
from igrsim.phases.centres import centres
from igrsim.phases.commit import commit
from igrsim.phases.coordinate import coordinate
from igrsim.phases.deliver import deliver
from igrsim.phases.exchange import exchange
from igrsim.phases.forum_audit import audit_forums
from igrsim.phases.honour import honour
from igrsim.phases.investing import keep_investment_plan
from igrsim.phases.keep_up import keep_up
from igrsim.phases.lead import lead
from igrsim.phases.learn import learn
from igrsim.phases.meet import meet
from igrsim.phases.need import need
from igrsim.phases.plan import plan
from igrsim.phases.reach import reach
from igrsim.phases.regions import keep_regions
from igrsim.phases.request import request
from igrsim.phases.roll_out import roll_out
from igrsim.phases.rounds import go_round
from igrsim.phases.settle import settle
from igrsim.phases.support import support
from igrsim.phases.travel import travel
from igrsim.phases.zones import relocate
from igrsim.world.world import World

Phase = Callable[[World], None]

MONTH: tuple[Phase, ...] = (
    befall,  # events take hold
    audit_forums,  # provinces audit forums, and merge them as their frameworks say
    roll_out,  # spaces set out for a plan, hubs fill their posts, specialists help
    coordinate,  # hubs work on what lies on their desks
    settle,  # disputes over powers and functions end, or do not
    adjudicate,  # the working group on alignment hears cases, reviews procedures, negotiates norms
    lead,  # principals give spaces their time; champions leave
    need,  # items and problems arise
    relocate,  # offices whose leases expire move to zones
    centres,  # Thusong centres are built, open and close; tenants decide again whether to come
    reach,  # word goes round, guides and workers make people ready, lines are made sound
    go_round,  # mobile units call at settlements far from offices
    travel,  # citizens' needs arise, they travel and are served
    keep_up,  # standing arrangements take their hours
    keep_regions,  # departments pay their regional managers and offices
    keep_investment_plan,  # provinces make and keep their investment plans
    plan_bulk,  # provinces work on plans of bulk services
    request,  # departments ask municipalities, who answer
    meet,  # forums meet, problems are decided, ties form
    plan,  # drafts are laid down, by each sphere's calendar
    exchange,  # drafts are exchanged, municipalities' priorities ahead of them
    commit,  # years are closed, overlaps found are withdrawn, money is committed
    adjust,  # adjustments budgets: virement, stopped grants, what is left
    deliver,  # works are procured, paid for and come to stand
    support,  # programmes teach, officials leave and come, skills are lent
    honour,  # what was agreed is signed and paid, or not
    learn,  # ties fade, officials change, trust, load and data quality drift
)
