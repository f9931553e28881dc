"""District and metro coordination hubs: posts, and what channels they replace."""

from __future__ import annotations

from igrsim.kernel.params import Params, param
from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class DistrictHubChoices(Params, group="district-hub"):
    """How a hub is set up."""

    posts: float = param(
        11, unit="posts", low=0, high=22, grade="seed", source="s3-ddm-lessons", choice=True,
        meaning="posts of the core team, appointed and paid nationally",
    )  # fmt: skip
    retire: float = param(
        0, unit="share", low=0, high=1, grade="assumed", source="assumption", choice=True,
        meaning="share of departments' own retirable forums and direct requests replaced by the hub (0: old channels kept)",
    )  # fmt: skip


class DistrictHub(Lever):
    """A hub of specialists for a space, which convenes, compares drafts, keeps the agenda and helps plan.

    Coordination hubs at district or metro level: a core team of eleven roles, appointed and paid nationally, set up as
    needs differ and shared between spaces where that fits. Here posts are filled over months and give hours; the hub
    convenes a forum of the space in which people get to know each other and decide. What else it does, other levers ask
    of it: compare drafts, keep the agenda, hear disputes, profile, plan, arrange support and shared skills. With the
    choice to retire, it takes the place of departments' own forums and requests.
    """

    id = "district-hub"
    summary = "a hub of up to eleven specialists at the district or metro; retiring old channels is its own switch"
    seed = "s3-ddm-lessons"
    passage = "lessons of the pilots, district and metro hubs: eleven roles, appointed by the national department, differentiated, shared where it fits"
    touches = "hub posts and the hours they give to what other levers ask; the hub's forum, its ties and decisions; with retire, departments' own forums, called meetings and repeated requests"
    costs = "posts (national department of cooperative governance), and every member's hours in the hub's forum"
    limits = "the differing tasks of the eleven roles are pooled into hours; a shared hub divides its posts evenly; retiring needs hub hours for requests, else old channels go on"
    numbers = (
        "hub.hours_per_post",
        "hub.months_to_staff",
        "hub.convening_hours",
        "hub.meetings",
        "engagement.tie_gain",
        "hub.request_hours",
        "hub.rand_per_post",
        "hub.meeting_hours",
        "hub.preparation_hours",
        "hub.delegates",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        choices = self.params[DistrictHubChoices]
        return amend(
            ruling,
            hub_posts=ruling.hub_posts + choices.posts * dose,
            channels_retired=max(ruling.channels_retired, choices.retire * dose),
        )
