"""Everyone's expected month in plain Python, one settlement and one position after the other."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from igrsim.citizens.demand import Demand
from igrsim.citizens.terms import Conduct, Offices, Ways


def fare_rand(metres: float, ways: Ways) -> float:
    """A ride's whole cents, in rand; short ways are walked."""
    return (
        0.0 if metres <= ways.walk_metres else int(ways.boarding_cents + ways.per_km_cents * metres / 1000 + 0.5) / 100
    )


class PlainVisits:
    """The people of a few settlements, by where they stand in their chains of steps."""

    def __init__(self, demand: Demand, conduct: Conduct, service: Any, rand_weight: Any, missing: Any) -> None:
        self.demand, self.conduct, self.service = demand, conduct, service
        self.rand_weight, self.missing = rand_weight, missing
        self.people = demand.entry.sum(axis=1)
        self.stock: list[dict[int, float]] = [defaultdict(float) for _ in self.people]
        self.signers = [0.0 for _ in self.people]

    def month(self, offices: Offices, ways: Ways, surge: Any = None) -> list[float]:
        """Live a month; returns the full transactions that reach the desks of each point."""
        load = [0.0] * len(self.service)
        callers_weight = self._callers_weight(ways)
        for i in range(len(self.stock)):
            self._settlement(i, offices, ways, callers_weight, 0.0 if surge is None else surge, load)
        return load

    def _attraction(self, i: int, s: int, k: int, ways: Ways) -> float:
        if ways.point[i, s, k] < 0:
            return 0.0
        c = self.conduct
        return math.exp(
            c.going + c.per_minute * ways.minutes[i, s, k] + self.rand_weight[i] * fare_rand(ways.metres[i, s, k], ways)
        )

    def _callers_weight(self, ways: Ways) -> Mapping[int, float]:
        """How much the fare weighs with those who would call at each point."""
        drawn: dict[int, float] = defaultdict(float)
        weighed: dict[int, float] = defaultdict(float)
        for i, s, k in np.ndindex(ways.point.shape):
            people = self.people[i] * self._attraction(i, s, k, ways)
            drawn[ways.point[i, s, k]] += people
            weighed[ways.point[i, s, k]] += people * self.rand_weight[i]
        return {point: weighed[point] / drawn[point] for point in drawn if drawn[point] > 0}

    def _settlement(
        self, i: int, o: Offices, ways: Ways, weights: Mapping[int, float], surge: Any, load: list[float]
    ) -> None:
        c, d = self.conduct, self.demand
        services, nearest = ways.point.shape[1:]
        share: dict[int, dict[int, float]] = {}
        admitted: dict[int, float] = {}
        together: dict[tuple[int, int], float] = {}
        for s in range(services):
            weight: dict[int, float] = {}
            late = {}
            for k in range(nearest):
                point = int(ways.point[i, s, k])
                if point >= 0 and o.open[point]:
                    weight[point] = (
                        self._attraction(i, s, k, ways) * o.knows[point] * math.exp(c.per_queue_minute * o.wait[point])
                    )
                    late[point] = max(0.0, ways.minutes[i, s, k] - c.early)
            total = 1 + sum(weight.values())
            share[s] = {point: w / total for point, w in weight.items()}
            served = {}
            for point, part in share[s].items():
                spent = late[point] + o.wait[point] + o.serve[point]
                fine = (1 - o.absent[point]) * (1 - o.offline[point]) * o.admit[point]
                served[point] = part * fine if spent <= c.opening else 0.0
            goes = sum(share[s].values())
            admitted[s] = sum(served.values()) / goes if goes else 0.0
            for t in range(services):
                on = 0.0
                for point, part in served.items():
                    there = int(o.hop[point, t])
                    if there < 0 or not o.open[there]:
                        continue
                    spent = late[point] + o.wait[point] + o.serve[point]
                    if spent + o.hop_minutes[point, t] + o.wait[there] + o.serve[there] > c.opening:
                        continue
                    worth = (
                        c.going
                        + c.per_minute * o.hop_minutes[point, t]
                        + weights[point] * fare_rand(o.hop_metres[point, t], ways)
                        + c.per_queue_minute * o.wait[there]
                    )
                    on += part * o.knows[there] * o.hop_same_day[point, t] / (1 + math.exp(-worth))
                together[s, t] = on / sum(served.values()) if sum(served.values()) else 0.0

        now: dict[int, float] = defaultdict(float)
        after: dict[int, float] = defaultdict(float)
        for p, people in self.stock[i].items():
            to = p if d.service[p] >= 0 else d.onward[p]
            (now if d.service[to] >= 0 else after)[to] += people
        for e, p in enumerate(d.enters):
            more = surge[i, d.event[e]] if d.event[e] >= 0 and np.ndim(surge) else 0.0
            now[p] += d.entry[i, e] * (1 + more)
        now[d.signing] += self.signers[i]
        self.signers[i] *= 1 - 1 / max(c.signings, 1)
        lacks = self.missing[i] * ways.unready[i]

        def call(s: int, people: float) -> None:
            """People who set out for a service reach the desks of points where somebody is there and the system up."""
            for point, part in share[s].items():
                reached = people * part / sum(share[s].values())
                load[point] += reached * (1 - o.absent[point]) * (1 - o.offline[point])

        def go_on(s: int, t: int, people: float) -> None:
            for point, part in share[s].items():
                there = int(o.hop[point, t])
                if there >= 0:
                    reached = people * part / sum(share[s].values())
                    load[there] += reached * (1 - o.absent[there]) * (1 - o.offline[there])

        def step_done(q: int, people: float) -> float:
            """Who is served and lacks no paper; an unemployment claim is signed for from the next month on."""
            if d.claims[q]:
                self.signers[i] += people
            return people

        for _ in range(c.outings):
            later: dict[int, float] = defaultdict(float)
            for p, people in now.items():
                s = int(d.service[p])
                keep = 1.0 if d.recurring[p] else 1 - c.give_up
                going = people * sum(share[s].values())
                after[p] += people - going
                call(s, going * d.desk_share[p])
                served_now = going * admitted[s]
                later[p] += (going - served_now) * keep
                lost = served_now * lacks if d.briefed[p] >= 0 else 0.0
                if d.briefed[p] >= 0:
                    later[d.briefed[p]] += lost * (1 - c.give_up)
                done = step_done(p, served_now - lost)
                q = int(d.onward[p])
                if q < 0:
                    continue
                if not d.same_day[p]:
                    after[q] += done
                    continue
                t = int(d.service[q])
                joins = done * together[s, t]
                go_on(s, t, joins * d.desk_share[q])
                served_there = joins * admitted[t]
                later[q] += done - served_there
                lost = served_there * lacks if d.briefed[q] >= 0 else 0.0
                if d.briefed[q] >= 0:
                    later[d.briefed[q]] += lost
                done = step_done(q, served_there - lost)
                if d.onward[q] >= 0:
                    after[d.onward[q]] += done
            now = later
        for p, people in now.items():
            after[p] += people
        self.stock[i] = defaultdict(float)
        for p, people in after.items():
            s = int(d.service[p])
            if d.recurring[p]:
                continue
            waits = 1 - c.give_up_waiting * (1 - sum(share[s].values())) ** c.patience if s >= 0 else 1.0
            self.stock[i][p] = people * waits
