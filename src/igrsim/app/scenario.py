"""A scenario: the small document behind a link, a study file and the command that computes it again."""

from __future__ import annotations

import base64
import json
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from igrsim.kernel.errors import InputError
from igrsim.regimes.regime import preset
from igrsim.runs.study import Study, make_study

VERSION = 1
"""Raised when a document changes its meaning; older ones are then read here and written anew."""
MOST_ARMS = 8
STUDY_FILE = "scenario.toml"
"""Name under which a scenario's study file is offered."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class Decision(_Strict):
    """A lever that an arm adds: where, how far, and from which month on.

    Attributes
    ----------
    lever : str
    start : date, optional
        From when (``from`` in the document); from the roll-out's date without it.
    dose : float
    scope : tuple of str
        Spaces; everywhere if none is named.
    """

    lever: str
    start: date | None = Field(None, alias="from")
    dose: float = Field(1.0, ge=0, le=1, allow_inf_nan=False)
    scope: tuple[str, ...] = ()

    def as_study(self) -> str | dict[str, Any]:
        """As a study file says it: a name alone, where nothing else is to be said."""
        found = self.model_dump(mode="json", exclude_defaults=True)
        return self.lever if set(found) == {"lever"} else found | ({"scope": list(self.scope)} if self.scope else {})


class Ending(_Strict):
    """A lever that an arm drops in part: from which month on, where.

    Attributes
    ----------
    lever : str
    start : date, optional
        From when (``from`` in the document).
    scope : tuple of str
        Spaces; everywhere if none is named.
    """

    lever: str
    start: date | None = Field(None, alias="from")
    scope: tuple[str, ...] = ()

    def as_study(self) -> str | dict[str, Any]:
        """As a study file says it: a name alone, where nothing else is to be said."""
        found = self.model_dump(mode="json", exclude_defaults=True)
        return self.lever if set(found) == {"lever"} else found


class Arm(_Strict):
    """One side of a comparison: a regime, and how it differs from it.

    Attributes
    ----------
    name, regime : str
    rollout : str, optional
    set : dict of str to float
    add : tuple of Decision
    drop : tuple of Ending
        A lever dropped from a month on and added from the same month has another dose from then on.
    money, specialists : number or dict, optional
        As in a study file.
    """

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
    regime: str
    rollout: str | None = None
    set: dict[str, float] = {}
    add: tuple[Decision, ...] = ()
    drop: tuple[Ending, ...] = ()
    money: float | dict[str, float] | None = None
    specialists: float | dict[str, float] | None = None

    @field_validator("drop", mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        # in a document a lever dropped wholly is a name, as in a study file
        return [{"lever": one} if isinstance(one, str) else one for one in given] if isinstance(given, list) else given

    def document(self) -> dict[str, Any]:
        """Its part of the document, without what goes without saying."""
        found = self.model_dump(mode="json", exclude_defaults=True)
        return found | ({"drop": [ending.as_study() for ending in self.drop]} if self.drop else {})

    def as_study(self) -> dict[str, Any]:
        """Its table in a study file."""
        found: dict[str, Any] = {"regime": self.regime}
        if self.rollout:
            found["rollout"] = self.rollout
        if self.set:
            found["set"] = dict(sorted(self.set.items()))
        if self.add:
            found["add"] = [decision.as_study() for decision in self.add]
        if self.drop:
            found["drop"] = [ending.as_study() for ending in self.drop]
        for name in ("money", "specialists"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        return found


class Scenario(_Strict):
    """What the page asks: arms, the first of which is the reference, in the same worlds and futures.

    Attributes
    ----------
    version : int
    arms : tuple of Arm
    scope : str or tuple of str
    start : date
    months, citizens, worlds, futures, seed : int
    """

    version: int = VERSION
    arms: tuple[Arm, ...] = Field(min_length=2, max_length=MOST_ARMS)
    scope: str | tuple[str, ...] = "pilots"
    start: date = date(2019, 4, 1)
    months: int = Field(36, ge=1, le=600)
    citizens: int = Field(2000, ge=1)
    worlds: int = Field(8, ge=1, le=100_000)
    futures: int = Field(8, ge=1, le=10_000)
    seed: int = Field(20190821, ge=0, le=2**62)

    def as_study(self) -> dict[str, Any]:
        """The study file's tables."""
        return {
            "title": " against ".join(arm.name for arm in self.arms),
            "world": {
                "scope": self.scope if isinstance(self.scope, str) else list(self.scope),
                "start": self.start,
                "months": self.months,
                "citizens": self.citizens,
            },
            "arms": {
                arm.name: arm.as_study() | ({"reference": True} if arm is self.arms[0] else {}) for arm in self.arms
            },
            "futures": {"method": "none"} if self.futures == 1 else {"n": self.futures},
            "replication": {"worlds": self.worlds, "seed": self.seed},
        }

    def study(self) -> Study:
        """The study, checked against the model; whatever is wrong is said in one line."""
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names):
            raise InputError("two arms have one name: give each its own", code="E381")
        return make_study(self.as_study())

    def toml(self) -> str:
        """The study file."""
        return tomli_w.dumps(self.as_study())

    def document(self) -> dict[str, Any]:
        """The document, without what goes without saying."""
        rest = self.model_dump(mode="json", exclude={"arms", "version"}, exclude_defaults=True)
        return {"version": self.version, "arms": [arm.document() for arm in self.arms]} | rest

    def link(self) -> str:
        """The document as it stands after the ``#`` of a link."""
        text = json.dumps(self.document(), separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def command(self) -> str:
        """The exact command that computes the same numbers."""
        plain = all(set(arm.as_study()) == {"regime"} and arm.name == arm.regime for arm in self.arms)
        # a list of codes of one letter apart from a name is written with commas
        scope = self.scope if isinstance(self.scope, str) else ",".join(self.scope)
        if not plain:
            return f"igrsim run {STUDY_FILE}"
        start = "" if self.start == Scenario.model_fields["start"].default else f" --start {self.start}"
        return (
            f"igrsim compare {' '.join(arm.name for arm in self.arms)} --scope {shlex.quote(scope)} "
            f"--months {self.months} --worlds {self.worlds} --futures {self.futures} --citizens {self.citizens}"
            f"{start} --seed {self.seed}"
        )


def read_document(data: Any) -> Scenario:
    """A scenario from its document.

    Raises
    ------
    InputError
        In one line, with the key that is wrong.
    """
    if not isinstance(data, dict):
        raise InputError("a scenario is a table with arms", code="E381")
    if data.get("version") != VERSION:
        raise InputError(
            f"a scenario of version {data.get('version')!r:.20}, this page reads {VERSION}: make it anew", code="E382"
        )
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80]
        raise InputError(f"scenario: {where}: {first['msg'].lower()}", code="E381") from None


def read_link(text: str) -> Scenario:
    """A scenario from what stands after the ``#`` of a link; what the page looks at may follow."""
    text = text.partition("&")[0]
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError("the link is damaged: copy all of it", code="E383") from None
    return read_document(data)


def scenario_of(study: Study) -> Scenario:
    """A study as a scenario.

    Raises
    ------
    InputError
        If it says more than a scenario holds: events, limits, ladders, designs of futures other than the usual.
    """
    if not 2 <= len(study.arms) <= MOST_ARMS:
        raise InputError(f"'{study.title}' has {len(study.arms)} arms: a scenario has 2 to {MOST_ARMS}", code="E384")
    names = sorted(study.arms, key=lambda name: name != study.reference)
    world, worlds = study.world, study.replication.worlds
    method = study.futures.method
    if not isinstance(worlds, int) or world.citizens == "everyone" or method not in ("lhs", "none"):
        raise InputError(f"'{study.title}' has open worlds, everyone, or futures of its own design", code="E384")
    found = Scenario(
        arms=tuple(_arm(study, name) for name in names),
        scope=world.scope if isinstance(world.scope, str) else tuple(world.scope),
        start=world.start,
        months=world.months,
        citizens=int(world.citizens),
        worlds=worlds,
        futures=study.futures.n if method == "lhs" else 1,
        seed=study.replication.seed,
    )
    mine, theirs = _decides(found.study()), _decides(study)
    lost = sorted(key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key))
    if lost:
        raise InputError(f"'{study.title}' says more than a scenario holds: {', '.join(lost)}", code="E384")
    return found


def _arm(study: Study, name: str) -> Arm:
    part = study.arms[name]
    usual = part.rollout is None or part.rollout == preset(part.regime).rollout
    return Arm(
        name=name,
        regime=part.regime,
        rollout=None if usual else part.rollout,
        set={key: float(value) for key, value in part.set.items()},
        add=tuple(
            Decision(lever=a)
            if isinstance(a, str)
            else Decision(lever=a.lever, start=a.start, dose=a.dose, scope=tuple(a.scope))
            for a in part.add
        ),
        drop=tuple(
            Ending(lever=d) if isinstance(d, str) else Ending(lever=d.lever, start=d.start, scope=tuple(d.scope))
            for d in part.drop
        ),
        money=part.money,
        specialists=part.specialists,
    )


def _decides(study: Study) -> dict[str, Any]:
    """What decides a study's numbers; neither its title nor whether a cell is computed twice does."""
    found = study.resolved()
    found.pop("title")
    found["analysis"].pop("audit")
    return found


def write_study(scenario: Scenario, folder: Path) -> Path:
    """Write a scenario's study file, for ``igrsim run``."""
    file = folder / STUDY_FILE
    file.write_text(scenario.toml(), encoding="utf-8", newline="\n")
    return file
