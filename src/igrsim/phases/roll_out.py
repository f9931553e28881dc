"""Hubs open in the month from which a space has posts for one, and fill their posts."""

from __future__ import annotations

from igrsim.government.hub import Hub, HubWork
from igrsim.world.world import World


def roll_out(world: World) -> None:
    """Open and staff hubs; their posts are paid by the nation, as an extra appropriation."""
    work = world.params[HubWork]
    for space in world.visit(range(world.spaces)):
        posts = world.rules[space].hub_posts
        if posts <= 0 and space not in world.hubs:
            continue
        if space not in world.hubs:
            code = world.geography.spaces.codes[space]
            world.hubs[space] = Hub(world.host, space=space, code=code, opened=world.month)
        hub = world.hubs[space]
        hub.staff(posts, world.month, work)
        world.charge("hub posts", "nation", space, hub.minutes, round(100 * hub.filled * work.rand_per_post))
