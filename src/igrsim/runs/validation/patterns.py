"""Patterns that were seen in the field, each with a threshold set before the model was run.

Only facts whose test is given and that the present mechanisms can carry stand here, none of them coded in directly. A
pattern that fails stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from igrsim.runs.validation.finding import Finding
from igrsim.runs.validation.patterns_calendar import lag_of_two_years
from igrsim.runs.validation.patterns_government import (
    agendas,
    bounded_by_staff,
    load_on_load,
    meetings_upon_meetings,
    requests_and_data,
)
from igrsim.runs.validation.patterns_money import late_knowledge, silos_and_maps, underspending
from igrsim.runs.validation.patterns_people import far_and_poor, papers_multiply_visits, use_falls_with_minutes
from igrsim.runs.validation.patterns_plans import paper_ahead_of_money, partnership_and_champions


def patterns() -> Iterator[Finding]:
    """Every pattern, by the number of its fact."""
    yield from papers_multiply_visits()
    yield use_falls_with_minutes()
    yield from far_and_poor()
    yield agendas()
    yield from meetings_upon_meetings()
    yield from load_on_load()
    yield from requests_and_data()
    yield from late_knowledge()
    yield from lag_of_two_years()
    yield from paper_ahead_of_money()
    yield from bounded_by_staff()
    yield from partnership_and_champions()
    yield from silos_and_maps()
    yield from underspending()
