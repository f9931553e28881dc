"""A journey's page: a column for each arm, every trip with its office and figures, nothing fetched, all escaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from igrsim.report.journey_page import journey_page
from igrsim.report.projector import draw_page
from igrsim.runs.chosen import arms_by_regime
from igrsim.runs.journey import Journey, follow

HOSTILE = "<img src=x onerror=alert(1)> & Košice"


@pytest.fixture(scope="module")
def journey() -> Journey:
    chosen = arms_by_regime(["siloed", "district-hub-core"], scope="two-towns", months=24, citizens=3000)
    return follow(chosen, None, "worst")


def test_every_trip_for_papers_stands_in_every_arm(journey: Journey) -> None:
    page = journey_page(journey, "igrsim journey")
    assert [arm.name for arm in page.arms] == ["siloed", "district-hub-core"]
    for column, story in enumerate(journey.arms):
        cards = [card for band in page.bands for card in band.cards[column]]
        trips = [m for m in story.moments if m.kind == "trip" and m.about_papers]
        assert len(trips) > 2
        assert sum(bool(card.figure) for card in cards) == len(trips)
        assert sum(card.mark == "better" for card in cards) == sum(bool(m.resolved) for m in trips)
    assert page.answer.startswith("district-hub-core: nothing was different")
    assert any(point.startswith("Why:") for point in page.points)
    assert any("synthetic" in caveat for caveat in page.caveats)
    assert page.arms[0].figures == page.arms[1].figures
    shares = [figure.share for arm in page.arms for figure in arm.figures if figure.share is not None]
    assert all(0 <= share <= 1 for share in shares)


def test_months_are_in_order_and_told_once(journey: Journey) -> None:
    labels = [band.label for band in journey_page(journey).bands]
    assert len(set(labels)) == len(labels)
    assert re.fullmatch(r"\w{3} \d{4}( to \w{3} \d{4})?", labels[0])


def test_nothing_is_fetched_and_names_are_escaped(journey: Journey) -> None:
    person = replace(journey.person, home=HOSTILE)
    moments = [
        replace(m, calls=[replace(c, office=HOSTILE, town=HOSTILE) for c in m.calls]) for m in journey.arms[0].moments
    ]
    hostile = replace(journey, person=person, arms=[replace(journey.arms[0], moments=moments), journey.arms[1]])
    text = draw_page(journey_page(hostile, f"igrsim journey {HOSTILE}"))
    assert "<img" not in text
    assert text.count("&lt;img") > 3
    assert not re.search(r"https?:|@import|<link|url\(|\bsrc=\"|\bhref=", text)


def test_where_an_arm_differs_that_is_the_answer(journey: Journey) -> None:
    other = replace(journey, differences=["hub: nothing was different", "calm: 2 instead of 4 trips.", "Why: so."])
    page = journey_page(other)
    assert page.answer == "calm: 2 instead of 4 trips."
    assert page.points == ("hub: nothing was different", "Why: so.")


def test_a_person_without_needs_has_a_page(journey: Journey) -> None:
    quiet = [
        replace(s, moments=[], needs=[], papers=dict.fromkeys(s.papers, 0), others=dict.fromkeys(s.others, 0))
        for s in journey.arms
    ]
    page = journey_page(replace(journey, arms=quiet))
    assert page.title == "One person who needed no papers"
    assert page.bands == ()
    draw_page(page)
