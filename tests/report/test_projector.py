"""Pages for a room: nothing fetched, everything escaped, no arm left without its cards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from igrsim.report.projector import Arm, Band, Card, Figure, ProjectorPage, draw_page, write_page

HOSTILE = "<script>alert(1)</script> & \u0161"


def page(**other: object) -> ProjectorPage:
    parts: dict[str, object] = {
        "title": HOSTILE,
        "answer": "One sentence.",
        "arms": (Arm("siloed", "the reference", (Figure("12 h", "hours", 0.5),)), Arm("hub", figures=(Figure("3", "trips"),))),
        "bands": (Band("2020-04", ((Card(HOSTILE, "in Kokstad", "2 h", "turned away", "worse"),), ()), nothing="no trip"),),
        "points": (HOSTILE,),
        "caveats": ("Service points are synthetic.",),
        "command": f"igrsim journey --citizen '{HOSTILE}'",
        "kicker": HOSTILE,
    }  # fmt: skip
    return ProjectorPage(**(parts | other))  # type: ignore[arg-type]


def test_nothing_is_fetched_and_everything_is_escaped() -> None:
    text = draw_page(page())
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; \u0161") == 6
    assert not re.search(r"https?:|@import|<link|url\(|\bsrc=|\bhref=", text)
    assert "prefers-color-scheme: dark" in text
    assert "size: A4" in text
    for words in ("One sentence.", "no trip", "Service points are synthetic.", "turned away", "width: 50.0%"):
        assert words in text
    assert text.count("aria-hidden") == 1


def test_every_arm_has_its_place_in_every_band() -> None:
    with pytest.raises(ValueError, match="1 of 2 arms"):
        draw_page(page(bands=(Band("2020-04", ((),)),)))


@pytest.mark.parametrize("card", [Card("a", mark="splendid"), Card("a", mark="worse")])
def test_a_mark_is_known_and_never_colour_alone(card: Card) -> None:
    with pytest.raises(ValueError, match="mark"):
        draw_page(page(bands=(Band("2020-04", ((card,), ())),)))


def test_the_same_page_is_the_same_bytes(tmp_path: Path) -> None:
    first = write_page(page(), tmp_path / "new" / "a.html").read_bytes()
    assert write_page(page(), tmp_path / "b.html").read_bytes() == first
    assert b"\r" not in first
