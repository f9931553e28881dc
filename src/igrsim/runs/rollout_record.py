"""How far spaces came on their way in one cell, and what hubs took of money and specialists, month by month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from igrsim.government.hub import HubWork
from igrsim.model import IGRModel
from igrsim.phases.roll_out import centre_hours, national_hours
from igrsim.regimes.granting import MILLION
from igrsim.regimes.schedule import MILESTONES
from igrsim.world.world import World

NEVER = -1
COUNTED = dict.fromkeys(("month", "spaces_due", "spaces_running", "spaces_waiting", "plans_adopted"), "int64")
REAL = (
    "posts_wanted",
    "posts_filled",
    "specialists",
    "hours_available",
    "hours_used",
    "rand_million",
    "rand_million_limit",
)
MONTHLY = (*COUNTED, *REAL)


class RolloutRecord:
    """What is written down of a roll-out; nothing of a cell without hubs, profiles or plans.

    Parameters
    ----------
    model : IGRModel
        Before its first month.
    """

    def __init__(self, model: IGRModel) -> None:
        self.model = model
        self.reached = np.full((model.world.spaces, len(MILESTONES)), NEVER)
        self.months: list[dict[str, Any]] = []
        codes, clock = model.world.geography.spaces.codes, model.world.clock
        by_month = model.regime.posts_by_month(model.levers, codes, model.due.shared, clock)
        self.posts_from = {month: np.array(posts) for month, posts in by_month.items()}
        self.posts = self.posts_from[0]

    def look(self, world: World) -> None:
        """Look at the month that has just been lived."""
        if not self.model.levers:
            return
        self.posts = self.posts_from.get(world.month, self.posts)
        for space in range(world.spaces):
            for column, there in enumerate(self._there(world, space)):
                if there and self.reached[space, column] == NEVER:
                    self.reached[space, column] = world.month
        self.months.append(dict(zip(MONTHLY, self._now(world), strict=True)))

    def _there(self, world: World, space: int) -> tuple[bool, ...]:
        """Which milestones a space has reached, in their order; one that its levers do not lead to is never reached."""
        start, hub = self.model.rollout.start[space], world.hubs.get(space)
        taken = start is not None and start <= world.month
        if hub is None:
            return (taken,)
        steps = hub.leads_to_plan
        consulted = steps and hub.steps["consultation"] <= 0
        staffed = self.posts[space] > 0 and hub.filled >= self.posts[space] - 1e-9
        launched, known = (consulted and hub.steps[step] <= 0 for step in ("launch", "skills gap"))
        return (taken, consulted, hub.profile_made >= 0, launched, launched and known, staffed, hub.plan_adopted >= 0)

    def _now(self, world: World) -> tuple[Any, ...]:
        model, month = self.model, world.month
        due = np.array([start is not None and start <= month for start in model.due.start])
        running = np.array([start is not None and start <= month for start in model.rollout.start])
        # money and specialists are the whole country's: beside a part of it they would mean nothing
        limits = model.due.limits if world.spaces == max(world.spaces_in_country, 1) or not model.outside else None
        money = limits.rand_million(world.clock, month) if limits else None
        pool = limits.pool(world.clock, month) if limits else None
        hours = sum(national_hours(world)) + sum(centre_hours(world, p) for p in range(len(world.centres) - 1))
        used = sum(int(minutes.sum()) for (account, _), minutes in world.now.minutes.items() if account == "roll-out")
        work = world.params[HubWork]
        filled = sum(hub.filled for hub in world.hubs.values())
        return (
            month,
            int(due.sum()),
            int(running.sum()),
            int((due & ~running).sum()),
            sum(hub.plan_adopted >= 0 for hub in world.hubs.values()),
            float(self.posts[running].sum()),
            float(filled),
            np.nan if pool is None else pool,
            hours,
            used / 60,
            filled * work.rand_per_post / MILLION,
            np.nan if money is None else money / 12,
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """``milestones``, a row a space and milestone, and ``rollout``, a row a month."""
        due, stages = self.model.due, self.model.due.stages
        planned = np.full(self.reached.shape, NEVER)
        for space, start in enumerate(due.start):
            if start is not None:
                planned[space, 0] = start
                for stage, months in stages.items():
                    # a stage of one month is due to end in the month in which it begins
                    planned[space, MILESTONES.index(stage)] = start + max(round(months), 1) - 1
        spaces, columns = np.meshgrid(np.arange(len(planned)), np.arange(len(MILESTONES)), indexing="ij")
        hubs = self.model.world.hubs.values()
        if not any(hub.leads_to_plan for hub in hubs):
            planned[:, [MILESTONES.index(stage) for stage in ("consultation", "launch", "skills gap", "One Plan")]] = (
                NEVER
            )
        posts = np.max(list(self.posts_from.values()), axis=0)
        planned[posts == 0, MILESTONES.index("hub staffed")] = NEVER
        told = bool(hubs) or posts.any()
        rows = slice(None) if told else slice(0)
        milestones = {"space": spaces, "milestone": columns, "planned": planned, "reached": self.reached}
        return {
            "milestones": pd.DataFrame({name: values.ravel()[rows] for name, values in milestones.items()}),
            "rollout": pd.DataFrame(self.months[rows], columns=list(MONTHLY)).astype(
                COUNTED | dict.fromkeys(REAL, "float64")
            ),
        }
