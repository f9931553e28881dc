"""When money and specialists let a space start: nobody overtakes, and what there is not is not granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from igrsim.kernel.clock import Clock
from igrsim.regimes.limits import Limits
from igrsim.regimes.rollout import Rollout

MILLION = 1_000_000
LONGEST_WAIT = 1200
"""Months after which nobody waits any longer: limits end long before."""


@dataclass(frozen=True)
class Granted:
    """A schedule as far as means allow.

    Attributes
    ----------
    start : dict of str to (int or None)
        By space: the month in which it is taken in, or None where it never is within the study.
    manned : tuple of float
        By month: the share of the posts of the spaces taken in that money and specialists suffice for. Below 1 only where
        there is less than there was.
    """

    start: Mapping[str, int | None]
    manned: tuple[float, ...]

    def of(self, codes: Sequence[str]) -> tuple[int | None, ...]:
        """The months of some spaces."""
        return tuple(self.start[code] for code in codes)


def posts_for(limits: Limits, clock: Clock, month: int, rand_per_post: float) -> float:
    """Posts that a month's means suffice for: a whole year of each must fit into the financial year's money."""
    money, pool = limits.rand_million(clock, month), limits.pool(clock, month)
    paid = float("inf") if money is None else money * MILLION / (12 * max(rand_per_post, 1e-9))
    return min(paid, float("inf") if pool is None else pool)


def grant(
    rollout: Rollout,
    codes: Sequence[str],
    posts: Sequence[float] | Mapping[int, Sequence[float]],
    clock: Clock,
    rand_per_post: float,
) -> Granted:
    """Take spaces in as they fall due, in their order, each only once all posts of its hub can be paid and filled.

    Parameters
    ----------
    codes : sequence of str
        Its spaces.
    posts : sequence of float, or mapping of int to sequence of float
        Posts of each space's hub, or its part of a shared one; by the month from which there are so many, the first
        among them, where it changes. Nobody foresees a change: means that do not suffice for it man hubs in part.
    rand_per_post : float
        Rand a month.
    """
    limits = rollout.limits
    by_month = posts if isinstance(posts, Mapping) else {0: posts}
    if not limits or not any(any(each) for each in by_month.values()):
        return Granted(dict(zip(codes, rollout.start, strict=True)), (1.0,) * clock.months)
    due = _hubs_due(rollout, codes)
    taken: list[int | None] = [None] * len(codes)
    posts, used, manned = by_month[0], 0.0, []
    for month in range(clock.months):
        if month in by_month:
            posts = by_month[month]
            used = sum(p for p, begun in zip(posts, taken, strict=True) if begun is not None)
        there = posts_for(limits, clock, month, rand_per_post)
        # a hair of tolerance: thirds of a shared hub's posts add up to a little more than the whole
        while due and due[0][0] <= month and used + sum(posts[n] for n in due[0][1]) <= there + 1e-6:
            for space in due.pop(0)[1]:
                taken[space] = month
                used += posts[space]
        manned.append(min(1.0, there / used) if used else 1.0)
    return Granted(dict(zip(codes, taken, strict=True)), tuple(manned))


def _hubs_due(rollout: Rollout, codes: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Month and spaces of every hub in the order in which they are due; a shared one is opened for all that are due with it."""
    hub_of = {code: place for place, group in enumerate(rollout.shared) for code in group}
    hubs: dict[tuple[int, int], list[int]] = {}
    queue = sorted((month, rollout.rank[n], n) for n, month in enumerate(rollout.start) if month is not None)
    for month, _, n in queue:
        hubs.setdefault((month, hub_of.get(codes[n], -1 - n)), []).append(n)
    return [(month, spaces) for (month, _), spaces in hubs.items()]


def why_never(rollout: Rollout, posts: Sequence[float], rand_per_post: float, clock: Clock) -> str:
    """Why a schedule can never be carried out, however long one waits; empty if it can.

    Means that suffice when the last space is due, and are cut later, do not make it impossible: hubs are then manned in part.
    """
    due = [month for p, month in zip(posts, rollout.start, strict=True) if p > 0 and month is not None]
    wanted = sum(p for p, month in zip(posts, rollout.start, strict=True) if month is not None)
    # those who are trained join the pool for ever: it only takes time
    limits = replace(rollout.limits, specialists=(), trained=0.0) if rollout.limits.trained else rollout.limits
    if not limits or not due:
        return ""
    months = range(max(due), max(due) + LONGEST_WAIT)
    if any(posts_for(limits, clock, month, rand_per_post) + 1e-6 >= wanted for month in months):
        return ""
    if limits.money:
        most = max(limits.rand_million(clock, month) or 0.0 for month in months)
        if most * MILLION / (12 * rand_per_post) + 1e-6 < wanted:
            begins, cost = limits.money[-1][0], wanted * 12 * rand_per_post / MILLION
            given = f"there is R{most:.0f} million " + (
                f"from {begins}/{(begins + 1) % 100:02d} on" if begins and most == limits.money[-1][1] else "a year"
            )
            return f"{wanted:.0f} posts in {len(due)} spaces cost R{cost:.0f} million a year, {given}: not all can ever start"
    pool = max((limits.pool(clock, month) or 0.0 for month in months), default=0.0)
    if limits.specialists and pool + 1e-6 < wanted:
        return (
            f"{wanted:.0f} posts in {len(due)} spaces need as many specialists; the pool has {pool:.0f} and nobody is "
            f"trained: not all can ever start"
        )
    return f"money and specialists for {wanted:.0f} posts in {len(due)} spaces are never there at once: not all can ever start"
