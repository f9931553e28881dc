"""What a metric follows from in the model: other metrics, and the rules that reach it without passing through one of them.

A chain is declared for each metric, in the order of the model's month. It holds what comes before: within a run nothing
that a metric is said to follow from differs later than the metric itself. What comes back in later months (trust that
broken promises cost, hours that quarrels take) is left out, so that no chain runs in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Follows:
    """One metric's place in the chain of causes.

    Attributes
    ----------
    metric : str
    after : tuple of str
        Metrics it follows from.
    rules : tuple of str
        Rules of a space that reach it without passing through those.
    because : str
        How, in the model.
    """

    metric: str
    after: tuple[str, ...]
    rules: tuple[str, ...]
    because: str


HUB = (
    "hub_posts", "channels_retired", "expert_unit", "provincial_capacity", "leadership", "joint_arena", "one_plan", "profile",
    "shared_skills", "support_framework", "adjudication",
)  # fmt: skip
"""What takes the hours of hubs and of the centres behind them, or adds to them."""
FORUMS = (
    "joint_arena",
    "hub_posts",
    "channels_retired",
    "forum_audit",
    "forums_merged",
    "idp_indaba",
    "task_teams",
    "imbizo",
)
"""Who calls meetings."""
UPKEEP = (
    "joint_arena", "one_plan", "profile", "spatial_reference", "live_information", "needs_weighting", "private_compact",
    "grants_consolidated", "platforms_linked", "idp_indaba", "synchronised", "bulk_plans", "communication", "compact", "duty",
    "fewer_indicators", "imbizo", "municipal_buy_in", "support_framework", "stabilisation", "adjudication",
    "enabling_finance", "norms_differentiated",
)  # fmt: skip
"""What takes municipalities' hours beside meetings and reports."""
ASKED = ("fewer_indicators", "grants_consolidated", "profile", "reporting_channel", "channels_retired", "hub_posts")
"""What is asked of municipalities, and through whom."""
SIGHT = (
    "joint_arena", "hub_posts", "one_plan", "profile", "spatial_reference", "live_information", "platforms_linked",
    "idp_indaba", "synchronised", "private_compact", "bulk_plans", "grants_consolidated", "communication",
)  # fmt: skip
"""What lets planners see others' projects."""
CHOICE = ("needs_weighting", "investment_plan")
"""What is put first."""
WORD = ("compact", "duty", "binding", "leadership", "imbizo", "task_teams")
"""What moves governments to do as agreed."""
SKILL = ("support_framework", "shared_skills", "stabilisation", "bursary_scheme")
CENTRES = (
    "centres_a_municipality", "centres_further", "centre_services", "centre_management", "department_champions",
    "agency_agreements", "municipal_buy_in", "awareness_campaign", "multiskilled_staff", "centre_connectivity",
    "pooled_centre_funding", "centre_monitoring", "complaints_feedback", "cross_learning",
)  # fmt: skip
WAYS = (*CENTRES, "thusong_zones", "mobile_rounds", "extension_service", "requirement_guides")
"""Where counters are, who knows of them, and who is ready for them."""
EVERY = tuple(sorted({*HUB, *FORUMS, *UPKEEP, *ASKED, *SIGHT, *CHOICE, *WORD, *SKILL, *WAYS, "regional_management"}))
"""Every rule takes somebody's hours or rand."""

HOURS_OF = "The hours of the accounts that this sphere bears, and its rand."

DECLARED = (
    # who can do what, and who leads
    Follows("skills", (), (*SKILL, *HUB, *ASKED), "Programmes teach where reports show need, posts are filled, people are lent and sent, as far as a hub has hours to arrange it."),
    Follows("partnership", (), ("leadership", "provincial_capacity"), "Premiers who give hours bring the centres of a province together."),
    Follows("support_overlap", ("skills",), SKILL, "Programmes choose functions of municipalities; with one agenda they see what others chose."),
    Follows("support_gap", ("skills",), SKILL, "What no programme chose is left alone."),
    # disputes and the working group
    Follows("alignment_queue", (), ("adjudication", "enabling_finance", "norms_differentiated"), "Cases wait for the hours of one national group."),
    Follows("alignment_wait", ("alignment_queue",), (), "The longer the queue, the longer a case has waited."),
    Follows("interventions", ("alignment_queue",), (), "What the group agreed moves the next budgets."),
    # what is asked and what meets
    Follows("repeat_request_share", ("skills",), ASKED, "Departments ask for the same indicator, and ask again where an answer is in doubt."),
    Follows("report_hours", ("repeat_request_share", "skills"), ASKED, "Each request takes hours to answer, more where skills are thin."),
    Follows("data_quality", ("report_hours", "skills"), ASKED, "Answers given in haste are worth less."),
    Follows("attendance_rate", ("report_hours", "skills"), (*FORUMS, *UPKEEP, *HUB, *CHOICE), "Municipalities take up invitations while hours last that reports and standing arrangements leave."),
    Follows("meeting_hours", ("attendance_rate",), (*FORUMS, *UPKEEP), "Each meeting that is attended takes hours, with the way there."),
    Follows("displaced_hours", ("meeting_hours", "skills"), (*UPKEEP, *HUB, *CHOICE), "Where coordination hours are gone, meetings take hours of delivery."),
    Follows("load_share", ("meeting_hours", "report_hours", "skills"), (*FORUMS, *UPKEEP, *HUB, *CHOICE, "regional_management"), "Meetings, reports and all else that takes the hours there are."),
    Follows("decisions_per_meeting", ("attendance_rate", "displaced_hours"), FORUMS, "Without a quorum nothing is decided, and juniors decide less."),
    Follows("salience", ("attendance_rate", "decisions_per_meeting"), ("leadership", "imbizo", "task_teams"), "A space is on principals' minds as long as they spend hours on it, and task teams that sit follow it up."),
    Follows("functional_forum_share", ("decisions_per_meeting",), FORUMS, "A forum works if half of its meetings decide."),
    Follows("repeat_agenda_share", ("attendance_rate", "meeting_hours"), FORUMS, "Forums handle what another has handled."),
    Follows("ties", ("attendance_rate", "meeting_hours"), ("regional_management",), "Officials who sit together get to know each other's plans; ties fade."),
    # plans and money
    Follows("hub_backlog", ("skills", "partnership", "load_share"), (*HUB, *SIGHT, *CHOICE), "What a hub has no hours for stays on its desk."),
    Follows("one_plan_share", ("skills", "partnership", "decisions_per_meeting", "hub_backlog"), HUB, "Each step of the One Plan takes hours of specialists and hubs, and a forum that can decide."),
    Follows("months_to_one_plan", ("one_plan_share",), (), "Counted when a plan is adopted."),
    Follows("redirected_share", ("ties", "salience", "partnership", "one_plan_share", "interventions", "skills"), (*SIGHT, *CHOICE, *WORD), "Overlaps found before commitment are settled together: one side may withdraw."),
    Follows("plan_alignment", ("one_plan_share", "ties", "salience", "partnership", "redirected_share", "skills"), WORD, "Owners write agreed items into their own plans, or do not."),
    Follows("duplicate_spend_share", ("ties", "redirected_share", "one_plan_share", "interventions", "skills"), (*SIGHT, *CHOICE, *WORD), "What nobody knew of, or nobody withdrew from, is funded twice."),
    Follows("duplicate_items", ("duplicate_spend_share",), (), "The same, counted in items."),
    Follows("budget_alignment", ("plan_alignment", "duplicate_spend_share"), WORD, "Owners commit agreed money by the agreed date, or do not."),
    Follows("underspend_share", ("skills", "duplicate_spend_share", "interventions"), ("grants_consolidated", "enabling_finance"), "Purses pay out as fast as skill allows."),
    Follows("municipal_underspend_share", ("skills", "duplicate_spend_share", "interventions"), ("grants_consolidated", "enabling_finance"), "The same, of municipalities' own purses."),
    Follows("gap_share", ("duplicate_spend_share", "underspend_share", "skills", "one_plan_share"), CHOICE, "A rand that funds an item twice, or is not spent, funds nothing else."),
    Follows("stranded_share", ("gap_share",), ("bulk_plans",), "A part stands idle while nobody funds what it depends on."),
    Follows("disputed_items", ("interventions", "salience", "partnership", "duplicate_spend_share"), (*HUB, *WORD, *CHOICE), "Disputes over powers block items, or double them, until they are settled."),
    Follows("trust", ("ties", "decisions_per_meeting", "one_plan_share", "redirected_share", "budget_alignment", "data_quality"), FORUMS, "Trust grows with meetings that decide and words that are kept."),
    # people
    Follows("anchored_centre_share", ("salience",), CENTRES, "Centres are built, and anchors come as tenants."),
    Follows("tenant_days", ("salience",), CENTRES, "Tenants decide each year how often they come."),
    Follows("wasted_by_papers", ("tenant_days",), WAYS, "People come without a paper."),
    Follows("wasted_by_absence", ("tenant_days",), WAYS, "A department that promised to come stays away."),
    Follows("wasted_by_outage", ("tenant_days",), WAYS, "Counters stand still while lines are down."),
    Follows("wasted_by_queue", ("tenant_days",), WAYS, "Desks are full, or the day is too short."),
    Follows("wasted_trip_share", ("wasted_by_papers", "wasted_by_absence", "wasted_by_outage", "wasted_by_queue"), (), "A trip is wasted for one of four reasons."),
    Follows("trips_per_need", ("wasted_trip_share",), WAYS, "Who goes in vain goes again."),
    Follows("km_per_need", ("trips_per_need",), WAYS, "Each trip is as long as the way to the counter chosen."),
    Follows("rand_per_need", ("km_per_need",), WAYS, "Fares are paid by the way, and not by those who walk."),
    Follows("hours_per_need", ("wasted_trip_share", "trips_per_need", "km_per_need"), WAYS, "Hours on the way, in the queue and at the desk."),
    Follows("needs_resolved_share", ("wasted_trip_share", "trips_per_need"), WAYS, "A need is met by the last step of its chain."),
    Follows("needs_abandoned_share", ("wasted_trip_share", "trips_per_need"), WAYS, "Who goes in vain may give up."),
    Follows("months_to_resolve", ("wasted_trip_share", "needs_resolved_share"), WAYS, "Each further trip takes another month."),
    Follows("burden_share_of_income", ("rand_per_need",), (), "Fares over income."),
    Follows("burden_gini", ("wasted_trip_share", "hours_per_need"), (), "How unevenly the hours fall on people."),
    Follows("burden_ratio_rural_urban", ("hours_per_need",), (), "Hours of rural people over those of others."),
    Follows("share_beyond_norm", (), ("thusong_zones",), "Offices that move change who lives near one."),
    Follows("share_beyond_norm_sassa", (), ("thusong_zones",), "Offices that move change who lives near one."),
    # what it costs
    Follows("official_hours_all", ("meeting_hours", "report_hours", "skills"), EVERY, "Meetings, reports, hubs, and the upkeep of every arrangement."),
    *(Follows(f"coordination_borne_by_{sphere}", ("official_hours_all",), EVERY, HOURS_OF) for sphere in ("nation", "province", "municipality", "private")),
    Follows("cost_of_coordination", ("official_hours_all",), EVERY, "Officials' hours at what they are worth, hub posts, and the rand of every arrangement."),
    Follows("cost_of_silos", ("duplicate_spend_share", "redirected_share", "repeat_request_share", "report_hours", "wasted_trip_share", "hours_per_need"), SIGHT, "Money for what is funded twice, hours for what is asked twice, fares and time of wasted trips."),
    Follows("net_benefit", ("cost_of_silos", "cost_of_coordination"), (), "What silos cost and what coordination costs, together and with the sign turned."),
    Follows("break_even", ("cost_of_coordination",), (), "The cost of coordination over the money there is."),
)  # fmt: skip
"""Every metric that a single run has, each after those it follows from."""

BY_METRIC = {one.metric: one for one in DECLARED}


def chain(metric: str) -> tuple[Follows, ...]:
    """The steps up to a metric, each after those it follows from, and itself last; none where no chain is declared."""
    wanted, ahead = set[str](), [metric]
    while ahead:
        name = ahead.pop()
        if name in BY_METRIC and name not in wanted:
            wanted.add(name)
            ahead += BY_METRIC[name].after
    return tuple(one for one in DECLARED if one.metric in wanted)
