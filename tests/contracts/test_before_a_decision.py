"""A decision of a month leaves every month before it exactly as it was, whichever lever it is about."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from igrsim.levers._base import levers
from igrsim.regimes.regime import Regime, Term
from igrsim.runs.cell import CellSpec, run_cell
from igrsim.runs.validation.conservation import Books, meeting_books
from igrsim.runs.validation.small_worlds import small_model

ALL = tuple(sorted(levers))
FROM, MONTHS = "2020-02-01", 16
AT = 10
"""The month of the decision, counted from the first, 0; budgets, drafts and a year's decisions lie on both sides of it."""
KINDS = {
    "added": (Term("", start=FROM),),
    "ended": (Term("", ends=((FROM, ()),)),),
    "less": (Term("", ends=((FROM, ()),)), Term("", 0.4, start=FROM)),
    "more": (Term("", 0.4, ends=((FROM, ()),)), Term("", start=FROM)),
    "ended, and taken up again": (Term("", ends=((FROM, ()),)), Term("", start="2020-05-01")),
}
"""The terms of a lever about which something is decided."""
BEFORE = {"added": None, "more": 0.4}
"""Its dose before the decision, where it is not whole."""

Tables = dict[str, pd.DataFrame]


def terms_of(kind: str, names: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(Term(name, t.dose, t.spaces, t.start, t.ends) for name in names for t in KINDS[kind])


@cache
def lived(names: tuple[str, ...], terms: tuple[Term, ...]) -> Tables:
    spec = CellSpec(
        regime="made up", levers=names, rollout="all-at-once", rollout_digest="", scope="two-towns",
        start="2019-04-01", months=MONTHS, citizens=100, params=(), seed=1, world=0,
        terms=tuple(sorted(term.address for term in terms)),
    )  # fmt: skip
    return run_cell(spec).tables


def undecided(kind: str, names: tuple[str, ...], beside: tuple[str, ...]) -> Tables:
    """The same levers had nothing been decided."""
    dose = BEFORE.get(kind, 1.0)
    if dose is None:
        return lived(beside, ())
    return lived(tuple(sorted({*beside, *names})), tuple(Term(name, dose) for name in names if dose < 1))


def part(tables: Tables, early: bool) -> Tables:
    """All that was counted before the decision, or since."""
    found = {}
    for name, table in tables.items():
        if name in ("milestones", "rollout") and not len(table):
            # of hubs is told where there are any
            continue
        if name == "milestones":
            # what was reached later was not reached yet
            kept = table["reached"].where(table["reached"].between(0, AT - 1) == early, -1)
            found[name] = table[["space", "milestone"]].assign(reached=kept)[kept >= 0].reset_index(drop=True)
        else:
            month = table["resolved" if name == "resolved" else "month"]
            found[name] = table[(month < AT) == early].reset_index(drop=True)
    return found


def differing(one: Tables, other: Tables, early: bool) -> list[str]:
    mine, theirs = part(one, early), part(other, early)
    both = {name: (mine[name], theirs[name]) for name in mine if name in theirs}
    return [name for name, (a, b) in both.items() if (len(a) or len(b)) and not a.equals(b)]


def check(kind: str, names: tuple[str, ...], beside: tuple[str, ...]) -> list[str]:
    """See that nothing is otherwise before the decision; what is otherwise since, beside the trail of rules."""
    base = undecided(kind, names, beside)
    found = lived(tuple(sorted({*beside, *names})), terms_of(kind, names))
    assert differing(base, found, early=True) == []
    since = differing(base, found, early=False)
    assert "rules" in since
    return [name for name in since if name != "rules"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_levers_decided_on_at_once(kind: str) -> None:
    assert {"space", "municipality", "people", "ledger"} <= set(check(kind, ALL, ()))


@pytest.mark.parametrize("kind", ["added", "ended", "less"])
@pytest.mark.parametrize("name", ["one-plan", "thusong-centres", "forum-audit"])
def test_a_lever_decided_on_beside_all_others(name: str, kind: str) -> None:
    assert "ledger" in check(kind, (name,), tuple(other for other in ALL if other != name))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ALL)
def test_any_lever_decided_on_alone(name: str, kind: str) -> None:
    check(kind, (name,), ())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ALL)
def test_any_lever_decided_on_beside_all_others(name: str, kind: str) -> None:
    check(kind, (name,), tuple(other for other in ALL if other != name))


@pytest.mark.parametrize("kind", ["ended", "less", "ended, and taken up again"])
def test_books_balance_when_levers_end(kind: str) -> None:
    model = small_model(Regime("made up", "made up", "assumption", ALL, terms=terms_of(kind, ALL)), "DC36", MONTHS)
    books = Books(model)
    model.run()
    assert books.wrong == []
    attendees, meetings = meeting_books(model)
    assert attendees == meetings
