"""A room that plays its own decisions, and outlives reloads, second windows and lost networks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from page_seen import PHONE, PROJECTOR, fits, open_to_all

from igrsim.app.classroom import lesson

LESSON = lesson()
SMALL = {"scope": ["DC44"], "months": 6, "citizens": 50, "worlds": 1, "futures": 2}
"""What is played in place of a province and five years; everything else is as it would be."""
DEBRIEF = next(i for i, step in enumerate(LESSON["steps"]) if step["name"] == "Debrief")


def _smaller(route: Any) -> None:
    answer = route.fetch()
    told = answer.json()
    for name in ("scenario", "beside"):
        if told.get(name):
            told[name] |= SMALL
    route.fulfill(response=answer, body=json.dumps(told))


def _typed(page: Any, table: int, choice: str, a_year: str) -> None:
    """One table's sheet, typed in."""
    for step, round_ in ((4, "2"), (5, "3")):
        page.click(f"#step-{step}")
        if not page.locator(f"#typed-{round_}").evaluate("e => e.open"):
            page.locator(f"#typed-{round_} > summary").click()
        page.locator(f"#typed-{round_} #table-typed").select_option(str(table))
        if round_ == "2":
            page.fill("#a-year-typed-2", a_year)
            page.check("#order-typed-2-poorest-first")
        else:
            page.check(f"#choice-typed-3-{choice}")


def _all_shown(page: Any) -> None:
    page.click("#step-6")
    for place in range(len(LESSON["bets"])):
        page.click("#reveal")
        if place < len(LESSON["bets"]) - 1:
            page.click("#bet-next")
    page.click(f"#step-{DEBRIEF}")


def test_decisions_are_played_beside_the_rule_and_found_again(window: Callable[..., Any], served: str) -> None:
    page = window(f"{served}#classroom")
    page.route("**/api/room/replay", _smaller)
    page.wait_for_selector("#open-room")
    _typed(page, 0, "B", "13")
    _typed(page, 1, "B", "13")
    _typed(page, 2, "D", "20")
    _all_shown(page)
    page.get_by_text("seconds on this machine").wait_for()
    fits(page)
    page.locator("#play-decisions").press("Enter")
    page.locator("#played", has_text="Played: ").wait_for(timeout=60_000)
    rows = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in page.locator("#outcomes-played tbody tr").all()}  # fmt: skip
    # the same decision, the same numbers
    assert rows["Table 1 (B)"] == rows["Table 2 (B)"]
    assert rows["Table 3 (D)"][1].count(" to ") <= 1
    assert all(rows["Table 1 (B)"])
    decided = page.inner_text("#decisions-played")
    assert "the purse pays for 13, and 13 are played" in decided
    page.select_option("#played-view", "table 2")
    assert "Table 3 beside the rule" in page.inner_text("#outcomes-played")
    fits(page)
    open_to_all(page)
    page.locator("#reproduce-played > summary").click()
    assert "igrsim run scenario.toml" in page.inner_text("#reproduce-played")
    shown = page.inner_text("#outcomes-played")
    page.reload()
    page.locator("#played", has_text="Played: ").wait_for(timeout=60_000)
    page.select_option("#played-view", "table 2")
    assert page.inner_text("#outcomes-played") == shown


def test_a_file_says_which_part_needs_the_app(look: Callable[..., Any], exported: str) -> None:
    page = look(exported)
    page.get_by_role("button", name="Classroom").click()
    _all_shown(page)
    assert "needs the app" in page.inner_text("#replay")
    assert page.locator("#play-decisions").count() == 0
    assert "rule: D" in page.inner_text("#rules")


@pytest.mark.parametrize("source", ["exported", "served"])
def test_a_lesson_outlives_a_reload(request: pytest.FixtureRequest, window: Callable[..., Any], source: str) -> None:
    page = window(f"{request.getfixturevalue(source)}#classroom")
    _typed(page, 0, "C", "5")
    page.click("#step-6")
    page.fill("#hands-4", "17")
    page.locator("#hands-4").press("Tab")
    page.click("#reveal")
    page.click("#more")
    page.click("#run")
    page.reload()
    assert page.locator(".step h2").inner_text() == "Reveal"
    assert page.input_value("#hands-4") == "17"
    assert page.locator("#came").count() == 1
    assert page.inner_text("#run").endswith("Pause")
    assert page.inner_text(".clock")[:3] in ("16:", "15:")
    page.click("#step-5")
    assert page.locator(".panel td", has_text="C. ").count() == 1


def test_two_windows_of_a_facilitator_show_one_room(window: Callable[..., Any], served: str) -> None:
    one = window(f"{served}#classroom")
    one.click("#open-room")
    code = one.inner_text("#code-shown")
    other = window(f"{served}#classroom")
    other.locator("#code-shown", has_text=code).wait_for()
    other.click("#step-2")
    other.click("#run")
    one.locator(".step h2", has_text=LESSON["steps"][2]["name"]).wait_for()
    one.locator("#run", has_text="Pause").wait_for()
    # a table without a phone: its sheet is typed in on one, and seen on the other
    one.click("#step-5")
    one.locator("#typed-3 > summary").click()
    one.check("#choice-typed-3-E")
    other.locator(".panel tbody tr", has_text="E. ").wait_for()
    one.once("dialog", lambda dialog: dialog.accept())
    one.click("#end-room")
    other.get_by_text("The room is gone").wait_for()


@pytest.fixture
def alone(chromium: Any) -> Iterator[Any]:
    """A phone whose network may fail, of which its console speaks."""
    visitor = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    yield visitor
    visitor.close()


def test_a_phone_that_loses_its_network_sends_what_was_ticked_when_it_is_back(
    window: Callable[..., Any], served: str, alone: Any
) -> None:
    page = window(f"{served}#classroom", PROJECTOR)
    page.click("#open-room")
    page.click("#step-5")
    phone = alone.new_page()
    phone.goto(f"{served}join")
    phone.fill("#code", page.inner_text("#code-shown"))
    phone.fill("#table", "2")
    phone.get_by_role("button", name="Take a seat").tap()
    phone.wait_for_selector("#choice-mine-F")
    alone.set_offline(True)
    phone.get_by_text("Counters under one roof").tap()
    phone.get_by_text("No connection to the room").wait_for()
    alone.set_offline(False)
    page.locator(".panel tbody tr", has_text="F. ").wait_for()
    phone.get_by_text("No connection to the room").wait_for(state="detached")
    assert phone.locator("#choice-mine-F").is_checked()
    # who comes after the bets are closed is told so, and bets no more
    page.click("#open-bets")
    page.click("#end-bets")
    late = window(f"{served}join", PHONE)
    late.fill("#code", page.inner_text("#code-shown"))
    late.fill("#table", "2")
    late.get_by_role("button", name="Take a seat").click()
    late.get_by_text("Bets are over, and you made none").wait_for()
    assert late.locator("#choice-mine-F").is_checked()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#end-room")
