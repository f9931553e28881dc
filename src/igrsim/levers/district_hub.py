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
    """A hub of specialists for a space, which convenes, compares drafts, keeps the agenda and helps plan."""

    id = "district-hub"
    summary = "a hub of up to eleven specialists at the district or metro; retiring old channels is its own switch"
    seed = "s3-ddm-lessons"
    passage = "lessons of the pilots, district and metro hubs: eleven roles, appointed by the national department, differentiated, shared where it fits"
    touches = "hub posts and hours; the hub's forum; with retire, departments' own forums and requests"
    costs = "posts (national department of cooperative governance), and every member's hours in the hub's forum"
    limits = "the differing tasks of the eleven roles are pooled into hours; a shared hub divides its posts evenly"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        choices = self.params[DistrictHubChoices]
        return amend(
            ruling,
            hub_posts=ruling.hub_posts + choices.posts * dose,
            channels_retired=max(ruling.channels_retired, choices.retire * dose),
        )
