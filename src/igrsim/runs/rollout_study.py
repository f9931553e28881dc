"""A study without a file in which the same regime is rolled out by several schedules, beside the reference without it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography, two_towns
from igrsim.regimes.limits import Limits
from igrsim.regimes.regime import preset
from igrsim.regimes.rollout import is_file
from igrsim.regimes.schedule_file import FILES, named_schedules, read_schedule
from igrsim.runs.catalogue import known_names
from igrsim.runs.study import Study, make_study

REFERENCE = "siloed"
BENEFIT = "gap_share"
"""What a roll-out is for, unless the user says otherwise: need that nobody funds."""
PRIMARY = ("duplicate_spend_share", "meeting_hours", "cost_of_coordination")
"""Judged beside the benefit: named before the run."""
OTHER_SPREADSHEETS = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers")
_ROLLED_OUT = {"district-hub", "one-plan"}


def rollout_study(
    plans: Sequence[str],
    *,
    regime: str = "district-hub",
    benefit: str = BENEFIT,
    money: Mapping[str, float] | float | None = None,
    specialists: tuple[int, int] | None = None,
    scope: str | list[str] = "country",
    months: int = 60,
    worlds: int = 10,
    futures: int = 8,
    citizens: int | str = 200_000,
    start: str | None = None,
    seed: int = 20190821,
    workers: int | str = "auto",
    executor: str | None = None,
) -> Study:
    """One arm a schedule, all of one regime, and silos as the reference.

    Parameters
    ----------
    plans : sequence of str
        Names of schedules, or paths of files.
    benefit : str
        Metric by which roll-outs are held against each other first.
    money : mapping of str to float, or float
        Rand million for hub posts in each financial year, or in every one; of schedules that state none of their own.
    specialists : (int, int)
        People of the country who are fit for hub posts, and how many more are trained each year; of schedules that state none
        of their own.
    """
    if not _ROLLED_OUT & set(preset(regime).levers):
        raise InputError(f"regime '{regime}' has no hubs or One Plans: there is nothing to roll out", code="E333")
    check_benefit(benefit)
    arms: dict[str, Any] = {REFERENCE: {"regime": REFERENCE, "reference": True}}
    for plan in plans:
        name = arm_name(plan)
        if name in arms:
            raise InputError(
                f"'{plan}' would be the second arm called {name}: name each plan once, and give each file a name of its own",
                code="E334",
            )
        arms[name] = {"regime": regime, "rollout": plan, **limits_of(plan, scope, money, specialists)}
    world: dict[str, Any] = {"scope": scope, "months": months, "citizens": citizens}
    if start:
        world["start"] = start
    return make_study(
        {
            "title": f"Roll-outs of {regime}: {', '.join(list(arms)[1:])}",
            "world": world,
            "arms": arms,
            "futures": {"method": "none"} if futures <= 1 else {"n": futures},
            "replication": {"worlds": worlds, "seed": seed},
            "analysis": {"primary": list(dict.fromkeys([benefit, *PRIMARY]))},
            "runtime": {"workers": workers} | ({"executor": executor} if executor else {}),
        }
    )


def check_benefit(benefit: str) -> None:
    """Whether there is a metric of this name.

    Raises
    ------
    InputError
    """
    metrics = known_names("metrics")
    if benefit not in metrics:
        raise InputError(f"--benefit: unknown metric '{benefit}'{nearest(benefit, metrics)}", code="E110")


def arm_name(plan: str) -> str:
    """What an arm of a schedule is called: its name, or its file's.

    Raises
    ------
    InputError
        Neither a schedule's name nor a file that can hold one.
    """
    if not is_file(plan):
        if Path(plan).suffix.lower() in OTHER_SPREADSHEETS:
            raise InputError(f"'{plan}' cannot be read: save it as .xlsx or .csv", code="E112")
        if plan not in named_schedules():
            known = [*named_schedules(), *(f"FILE{ending}" for ending in FILES)]
            raise InputError(f"unknown schedule '{plan}'{nearest(plan, known)}", code="E112")
        return plan
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(plan).stem).strip("-")
    return name if name[:1].isalpha() else f"plan-{name}".rstrip("-")


def limits_of(
    plan: str, scope: str | list[str], money: Mapping[str, float] | float | None, specialists: tuple[int, int] | None
) -> dict[str, Any]:
    """What an arm is told of money and specialists; nothing of what its schedule states itself."""
    own = stated(plan, scope)
    found: dict[str, Any] = {}
    if money is not None and not own.money:
        found["money"] = dict(money) if isinstance(money, Mapping) else money
    if specialists is not None and not own.specialists:
        found["specialists"] = {"pool": specialists[0], "trained": specialists[1]}
    return found


def stated(plan: str, scope: str | list[str]) -> Limits:
    """Money and specialists that a schedule states itself."""
    if not is_file(plan):
        return named_schedules()[plan].limits
    return read_schedule(Path(plan), two_towns() if scope == "two-towns" else load_geography()).limits


def read_money(given: str) -> dict[str, float] | float:
    """Rand million a financial year: a number, or ``2019/20=60,2020/21=90``.

    Raises
    ------
    InputError
    """
    if "=" not in given:
        return _amount(given, given)
    found: dict[str, float] = {}
    for part in given.split(","):
        year, _, value = (piece.strip() for piece in part.partition("="))
        match = re.fullmatch(r"(\d{4})/(\d{2})", year)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise InputError(f"--money {given}: '{year}' is no financial year; write 2019/20=60", code="E335")
        if year in found:
            raise InputError(f"--money {given}: {year} stands twice", code="E335")
        found[year] = _amount(value, given)
    return found


def _amount(value: str, given: str) -> float:
    try:
        number = float(value.replace("_", ""))
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e7:
        raise InputError(
            f"--money {given}: rand million a financial year are needed: 60, or 2019/20=60,2020/21=90", code="E335"
        )
    return number


def read_specialists(given: str) -> tuple[int, int]:
    """People fit for hub posts, and how many are trained a year: ``400`` or ``400,50``.

    Raises
    ------
    InputError
    """
    pool, _, trained = (piece.strip() for piece in given.partition(","))
    if not (pool.isdecimal() and (trained or "0").isdecimal()) or len(pool) > 6 or len(trained) > 6:
        raise InputError(
            f"--specialists {given}: how many there are, and how many are trained a year: 400, or 400,50", code="E336"
        )
    return int(pool), int(trained or 0)
