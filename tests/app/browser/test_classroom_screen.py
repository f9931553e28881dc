"""The lesson in a browser: by hands and paper from a file, with phones from a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from page_seen import PHONE, SIZES, fits

from igrsim.app.classroom import lesson

LESSON = lesson()


@pytest.mark.parametrize("hand", SIZES)
def test_the_lesson_runs_from_a_file_with_hands_and_paper(look: Callable[..., Any], exported: str, hand: str) -> None:
    page = look(exported, SIZES[hand])
    page.get_by_role("button", name="Classroom").press("Enter")
    assert page.locator("#open-room").count() == 0
    for step in LESSON["steps"][:-1]:
        assert page.locator(".step h2").inner_text() == step["name"]
        fits(page)
        page.click("#notes")
        fits(page)
        page.click("#notes")
        if step["name"].startswith("Round 1"):
            page.get_by_text("Type in what a table decided").click()
            page.get_by_role("checkbox").first.check()
            assert "not within" in page.inner_text(".panel")
        if step["name"].startswith("Round 3"):
            page.get_by_text("Type in what a table decided").click()
            page.get_by_role("radio").nth(3).check()
        if step["name"] == "Reveal":
            _reveal(page)
        page.click("#next")
    page.click("#back")
    rules = page.inner_text("#rules")
    assert "= same" in rules
    assert "\u2260 D" in rules


def _reveal(page: Any) -> None:
    """Every bet, with three hands at 90 and one at 10."""
    for bet in LESSON["bets"]:
        page.fill("#hands-0", "1")
        page.fill("#hands-4", "3")
        page.locator("#hands-4").press("Tab")
        page.click("#reveal")
        assert ("came true" if bet["true"] else "did not come true") in page.inner_text("#came")
        if page.locator("#bet-next").is_enabled():
            page.click("#bet-next")
    true = sum(bet["true"] for bet in LESSON["bets"])
    every = len(LESSON["bets"])
    last = page.locator("#so-far tbody tr").last.inner_text()
    assert f"{3 * every}" in last
    assert f"{3 * true} (" in last


def test_a_phone_joins_bets_and_sees_only_what_was_revealed(
    look: Callable[..., Any], window: Callable[..., Any], served: str
) -> None:
    page = look(served)
    page.get_by_role("button", name="Classroom").click()
    page.click("#open-room")
    code = page.inner_text("#code-shown")
    phone = window(f"{served}join", PHONE, has_touch=True, is_mobile=True)
    phone.fill("#code", code.lower())
    phone.fill("#table", "1")
    phone.fill("#nickname", "<img src=x>")
    phone.get_by_role("button", name="Take a seat").tap()
    phone.wait_for_selector(".seat")
    assert "<img src=x>" in phone.inner_text(".seat")
    for summary in phone.locator("summary").all():
        if not summary.evaluate("e => e.parentElement.open"):
            summary.tap()
    fits(phone)
    # the same rule on the phone, on the facilitator's page and in the server
    phone.get_by_role("checkbox").first.check()
    closing = next(forum for forum in LESSON["round_1"]["forums"] if forum["may_close"])
    short = LESSON["round_1"]["to_free"] - closing["hours"]
    phone.locator("#a-year-mine").fill("14")
    phone.locator("#a-year-mine").press("Tab")
    assert "not within: the purse" in phone.inner_text(".joined")
    assert "within: specialists" in phone.inner_text(".joined")
    page.click("#step-3")
    page.get_by_text(re.compile(f"{short:,.0f} short".replace(",", r"\s"))).first.wait_for()
    page.click("#step-5")
    page.click("#open-bets")
    phone.get_by_role("button", name="Place my bets").wait_for()
    for choice in phone.locator(".chances").all():
        choice.get_by_text("70").tap()
    phone.get_by_role("button", name="Place my bets").tap()
    page.get_by_text("1 of 1 phones have bet").wait_for()
    page.click("#end-bets")
    page.click("#step-6")
    page.click("#reveal")
    phone.get_by_text("Together:").wait_for()
    assert phone.locator(".joined").inner_text().count("You said 70") == 1
    fits(phone)
    phone.reload()
    phone.wait_for_selector(".seat")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#end-room")
    phone.get_by_text("The room has ended").wait_for()
