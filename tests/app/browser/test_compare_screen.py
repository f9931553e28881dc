"""Two arms are compared in a browser: months, maps, metrics, a lever changed, a link that restores it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from page_seen import fits


def _works(page: Any) -> None:
    """What holds of the page wherever it comes from."""
    fits(page)
    slider = page.get_by_role("slider", name="Month")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "April 2019"
    page.get_by_role("button", name="One month on").click()
    assert page.locator(".player output").inner_text() == "May 2019"
    page.get_by_role("button", name="Play").press("Enter")
    page.locator(".player output", has_text="June 2019").wait_for()
    page.get_by_role("button", name="Pause").press("Space")
    page.get_by_role("button", name="Equal squares").click()
    for metric in page.locator("#metric option").evaluate_all("options => options.map((o) => o.value)"):
        page.select_option("#metric", metric)
    page.wait_for_timeout(300)


def test_the_exported_page_opens_from_disk(look: Callable[[str], Any], exported: str) -> None:
    page = look(exported)
    assert "saved results" in page.locator("#mode").inner_text()
    _works(page)


def test_the_served_page_answers_from_saved_results_and_then_computes(look: Callable[[str], Any], served: str) -> None:
    page = look(served)
    assert "nothing had to be computed" in page.inner_text("main")
    _works(page)
    page.fill("#worlds", "1")
    page.locator("#worlds").press("Enter")
    page.wait_for_selector("main[data-done]", timeout=60_000)
    page.select_option("#metric", "meeting_hours")
    assert "from 1 pair of runs" in page.inner_text("#numbers")
    # the link alone restores what is seen; it is written a moment later
    page.wait_for_url(re.compile("metric=meeting_hours"))
    again = look(page.url)
    again.reload()
    again.wait_for_selector("main[data-done]", timeout=60_000)
    assert again.input_value("#worlds") == "1"


def test_an_address_that_is_pasted_is_followed(look: Callable[..., Any], exported: str) -> None:
    page = look(exported)
    link = page.url.partition("#")[2]
    page.evaluate("link => { location.hash = `${link}&metric=meeting_hours`; }", link)
    page.wait_for_selector("#metric option[value=meeting_hours]:checked", state="attached")
    # the way past the header is no such address
    page.evaluate("location.hash = 'main'")
    page.wait_for_timeout(300)
    assert page.input_value("#metric") == "meeting_hours"


def test_what_never_differs_is_not_called_likely_and_a_link_of_many_arms_offers_them_all(
    look: Callable[..., Any], served: str
) -> None:
    regimes = ("siloed", "district-hub", "one-stop")
    arms = [{"name": name, "regime": name} for name in regimes]
    asked = {"version": 1, "arms": arms, "scope": "two-towns", "months": 3, "citizens": 60, "worlds": 1, "futures": 1}
    link = base64.urlsafe_b64encode(json.dumps(asked).encode()).decode().rstrip("=")
    page = look(f"{served}#{link}")
    assert "exactly no difference" in page.inner_text("#verdict")
    assert "the same in the one pair of runs" in page.inner_text("#numbers")
    assert page.locator("#loaded option").all_inner_texts() == [f"siloed and {name}" for name in regimes[1:]]
    # hubs come to this scope later than these months
    page.click("#why > summary")
    assert "its levers are in force nowhere in these months" in page.inner_text("#why")
