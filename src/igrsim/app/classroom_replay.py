"""What the tables of a lesson decided, and what a rule decides within the same limits, as one scenario that the model can play."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from igrsim.app.classroom import lesson
from igrsim.app.scenario import Arm, Decision, Scenario
from igrsim.kernel.errors import InputError
from igrsim.regimes.regime import preset
from igrsim.regimes.schedule_line import write_line
from igrsim.runs.ladder import HUB

SCOPE = "province:Eastern Cape"
"""The province whose eight spaces are the slips of round 2."""
MONTHS, CITIZENS, WORLDS = 60, 2000, 8
"""As long as the runs behind the sheets and with as many pairs of runs; of one province and few people, so that a room can wait."""
RULE = "rule"
SECONDS_A_RUN, SECONDS_A_PICTURE = 1.8, 3.0
"""What one run takes on one core, and one look at the runs so far: measured with four tables on two cores, and rounded up."""
LOOKS = 5
NOT_PLAYED = (
    "Forums closed in round 1 are not played: the calendar is one district's example, and the model has no lever that "
    "closes a forum by its name. The audit's merges are not played either.",
    "Dates are those that the order gives in the whole country; only the eight spaces of the Eastern Cape are played, "
    "with national forums and hours for this part alone. Numbers therefore differ from those of the sheets, which are "
    "of the country.",
)


@dataclass
class Player:
    """A table, or the rule, and what is played of its decisions.

    Attributes
    ----------
    table : int or None
        None for the rule.
    letter : str or None
        The proposal; None where the table chose none.
    arm : str or None
        Under which name it is played; None where it is not.
    a_year : int or None
        Hubs a year as they are played.
    starts : dict of str to str
        Month in which each space joins, where the proposal has hubs with dates of the table's own.
    notes : list of str
        What is played otherwise than it was decided, and why.
    """

    table: int | None
    letter: str | None
    arm: str | None = None
    a_year: int | None = None
    order: str | None = None
    starts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def words(self) -> dict[str, Any]:
        """As the page reads it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Replay:
    """A scenario of all who decided, and which of its arms is whose."""

    scenario: Scenario
    players: tuple[Player, ...]
    outcome: str

    def beside_rule(self) -> Scenario | None:
        """The same runs with the rule as what the others are compared with; None where the rule leaves things as they are."""
        mine = next(player.arm for player in self.players if player.table is None)
        arms = self.scenario.arms
        if mine == arms[0].name:
            return None
        first = next(arm for arm in arms if arm.name == mine)
        return self.scenario.model_copy(update={"arms": (first, *(arm for arm in arms if arm is not first))})

    def seconds(self, workers: int) -> int:
        """What it takes, roughly, in tens of seconds."""
        runs = len(self.scenario.arms) * self.scenario.worlds
        return 10 * math.ceil((runs * SECONDS_A_RUN / max(workers, 1) + LOOKS * SECONDS_A_PICTURE) / 10)

    def told(self, workers: int) -> dict[str, Any]:
        """As the page reads it."""
        beside = self.beside_rule()
        return {
            "outcome": self.outcome,
            "scenario": self.scenario.document(),
            "beside": beside.document() if beside else None,
            "players": [player.words() for player in self.players],
            "citizens": self.scenario.citizens,
            "worlds": self.scenario.worlds,
            "runs": len(self.scenario.arms) * self.scenario.worlds,
            "seconds": self.seconds(workers),
            "not_played": list(NOT_PLAYED),
        }


def replay_of(proposals: Sequence[Mapping[str, Any]], outcome: Any) -> Replay:
    """Every table's proposal as an arm, beside what the rule decides that looks at one outcome, and things left as they are.

    Tables that decided the same share an arm, and so every number.

    Raises
    ------
    InputError
        If there is nothing to play.
    """
    known = {one["metric"]: one for one in lesson()["outcomes"]}
    if not isinstance(outcome, str) or outcome not in known:
        raise InputError(f"outcome: one of {', '.join(known)}", code="E420")
    if all(one["choice"] is None for one in proposals):
        raise InputError("no table has chosen a proposal yet: that is round 3", code="E421")
    players = [_by_rule(known[outcome]), *(_of_table(i, one) for i, one in enumerate(proposals))]
    reference = _arm(lesson()["proposals"][0], "")
    of: dict[str, list[Player]] = {}
    differ = {_key(reference): reference}
    most = Scenario.model_fields["arms"].metadata[1].max_length
    for player in players:
        if player.letter is None:
            player.notes = ["It chose no proposal, and is not played."]
            continue
        arm = _arm(_proposal(player.letter), write_line(_waves(player.starts)))
        key = _key(arm)
        if key not in differ and len(differ) == most:
            player.notes.append(
                f"Not played: {most} different decisions are played at once, the rule's and A among them."
            )
            continue
        differ.setdefault(key, arm)
        of.setdefault(key, []).append(player)
    if len(differ) == 1:
        raise InputError("all leave things as they are, the rule too: there is nothing to play", code="E422")
    arms = []
    for key, arm in differ.items():
        name = lesson()["proposals"][0]["arm"] if key == _key(reference) else "-".join(map(_name, of[key]))
        for player in of.get(key, ()):
            player.arm = name
        arms.append(arm.model_copy(update={"name": name}))
    scenario = Scenario(arms=tuple(arms), scope=SCOPE, months=MONTHS, citizens=CITIZENS, worlds=WORLDS, futures=WORLDS)
    return Replay(scenario, tuple(players), outcome)


def _name(player: Player) -> str:
    return RULE if player.table is None else f"table-{player.table + 1}"


def _key(arm: Arm) -> str:
    return arm.model_dump_json(exclude={"name"})


def _proposal(letter: str) -> dict[str, Any]:
    return next(one for one in lesson()["proposals"] if one["letter"] == letter)


def _has_hubs(proposal: Mapping[str, Any]) -> bool:
    plays = proposal["plays"]
    return HUB in {*preset(plays["regime"]).levers, *plays.get("add", ())}


def _arm(proposal: Mapping[str, Any], rollout: str) -> Arm:
    plays = proposal["plays"]
    return Arm(
        name="a",
        regime=plays["regime"],
        rollout=rollout or None,
        set=plays.get("set", {}),
        add=tuple(Decision(lever=lever) for lever in plays.get("add", ())),
    )


def _by_rule(outcome: Mapping[str, Any]) -> Player:
    """The proposal and the order whose verdict is best for one outcome, as many hubs as the smaller limit allows."""
    two = lesson()["round_2"]
    found = Player(None, outcome["rule"])
    if _has_hubs(_proposal(outcome["rule"])):
        found.a_year, found.order = min(two["by_rand"], two["by_hours"]), outcome["order"]
        found.starts = _starts(found.a_year, outcome["order"], ())
    else:
        found.notes.append("Its proposal has no hubs: round 2 changes nothing of it.")
    return found


def _of_table(table: int, proposal: Mapping[str, Any]) -> Player:
    two = lesson()["round_2"]
    found = Player(table, proposal["choice"])
    if proposal["choice"] is None:
        return found
    if not _has_hubs(_proposal(proposal["choice"])):
        found.notes.append("Its proposal has no hubs: round 2 changes nothing of it.")
        return found
    if proposal["a_year"] is None:
        found.notes.append(
            "It did not say how many hubs a year: they come at the dates planned in 2019, as on the sheets."
        )
        return found
    most = min(two["by_rand"], two["by_hours"])
    found.a_year, found.order = min(proposal["a_year"], most), proposal["order"]
    if proposal["a_year"] > most:
        limit = "purse pays for" if two["by_rand"] <= two["by_hours"] else "specialists' hours allow"
        found.notes.append(f"It wanted {proposal['a_year']} hubs a year; the {limit} {most}, and {most} are played.")
    if found.order not in two["queues"]:
        said = "named no order" if found.order is None else "has an order of its own"
        usual = two["reference"].replace("-", " ")
        found.notes.append(f"It {said}: its first slips join first, the other spaces {usual}.")
        found.order = two["reference"]
    found.starts = _starts(found.a_year, found.order, proposal["first"])
    return found


def _starts(a_year: int, order: str, first: Sequence[str]) -> dict[str, str]:
    """When each slip's space joins: so many spaces of the country each April, those that the table takes first before all."""
    two = lesson()["round_2"]
    queue = [*first, *(code for code in two["queues"][order] if code not in first)]
    year = Scenario.model_fields["start"].default.year
    return {space["code"]: f"{year + queue.index(space['code']) // a_year}-04" for space in two["spaces"]}


def _waves(starts: Mapping[str, str]) -> dict[str, list[str]]:
    waves: dict[str, list[str]] = {}
    for code, month in starts.items():
        waves.setdefault(month, []).append(code)
    return waves
