"""The laws of conservation under any regime, scope and numbers within their ranges."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.params import all_params
from igrsim.levers._base import levers
from igrsim.regimes.regime import Regime, Term
from igrsim.runs.validation.conservation import Books, meeting_books
from igrsim.runs.validation.small_worlds import small_model

PARAMS = {name: p for name, p in all_params().items() if p.low < p.high}


@st.composite
def settings_of_params(draw: Any) -> dict[str, float]:
    names = draw(st.lists(st.sampled_from(sorted(PARAMS)), max_size=12, unique=True))
    shares = draw(st.lists(st.floats(0, 1), min_size=len(names), max_size=len(names)))
    return {n: PARAMS[n].low + u * (PARAMS[n].high - PARAMS[n].low) for n, u in zip(names, shares, strict=True)}


# a breach is told as it was found: to make it smaller would take longer than to look into it
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    scope=st.sampled_from(["two-towns", "DC6", "DC45", "NMA"]),
    chosen=st.sets(st.sampled_from(sorted(levers))),
    params=settings_of_params(),
    seed=st.integers(0, 2**32),
    citizens=st.integers(1, 1500),
    reverse=st.booleans(),
    ended=st.sets(st.sampled_from(sorted(levers))),
)
def test_books_balance(
    scope: str, chosen: set[str], params: dict[str, float], seed: int, citizens: int, reverse: bool, ended: set[str]
) -> None:
    terms = tuple(Term(lever, ends=(("2020-02-01", ()),)) for lever in sorted(chosen & ended))
    regime = Regime("made up", "made up", "assumption", tuple(sorted(chosen)), terms=terms)
    model = small_model(regime, scope, months=17, citizens=citizens, seed=seed, params=params, reverse=reverse)
    books = Books(model)
    for _ in range(16):
        model.step()
    assert books.wrong == []
    attendees, meetings = meeting_books(model)
    assert attendees == meetings
