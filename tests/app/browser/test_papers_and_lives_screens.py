"""Evidence, reports and stories in a browser: what is filtered, saved and printed, and nothing of a paper runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from page_seen import HOSTILE_NAME, fits


def _evidence_works(page: Any) -> None:
    page.click("#to-evidence")
    every = page.inner_text("h2")
    page.fill("#e-words", "access.going")
    assert page.inner_text("h2").startswith("1 of ")
    assert "log-odds" in page.inner_text("table")
    assert "assumed" in page.inner_text("table")
    page.fill("#e-words", "")
    assert page.inner_text("h2") == every
    page.select_option("#e-grade", "measured")
    rows = page.locator("table.numbers tbody tr").count()
    assert page.inner_text("h2").startswith(f"{rows} of ")
    assert re.search(rf"\b{rows} measured", page.inner_text(".grades"))
    page.select_option("#e-sort", "width")
    with page.expect_download() as saved:
        page.click("#numbers-csv")
    assert len(Path(saved.value.path()).read_text().splitlines()) == rows + 1
    fits(page)


def test_evidence_report_and_stories_open_from_disk(look: Callable[[str], Any], exported: str) -> None:
    page = look(exported)
    address = page.url
    _evidence_works(page)
    page.click("#to-report")
    page.wait_for_selector("main[data-paper='brief.html']")
    inside = page.locator(".paper")
    assert inside.evaluate("host => getComputedStyle(host.shadowRoot.querySelector('h1')).color") == "rgb(1, 2, 3)"
    assert inside.evaluate("host => getComputedStyle(host.shadowRoot.querySelector('h1')).fontStyle") == "italic"
    foreign = "host => host.shadowRoot.querySelectorAll('script, iframe, [onclick], [src], [href*=\"//\"]').length"
    assert inside.evaluate(foreign) == 0
    page.get_by_role("heading", name="Brief").click()
    page.get_by_role("link", name="up").click()
    # following a paper's own links leaves the scenario where it was
    assert page.url == address
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save brief.pdf").press("Enter")
    assert Path(saved.value.path()).read_bytes() == b"%PDF-1.7"
    fits(page)
    page.click("#to-lives")
    assert page.inner_text("#whose").startswith(HOSTILE_NAME)
    assert page.locator("main img").count() == 0
    assert page.locator(".month .sides").count() > 0
    fits(page)
    page.select_option("#saved-story", "1")
    page.locator("details.month > summary").last.press("Enter")
    fits(page)
    page.click("#to-compare")
    assert page.url == address


def test_evidence_report_and_stories_are_served(look: Callable[[str], Any], served: str) -> None:
    page = look(served)
    _evidence_works(page)
    page.click("#to-report")
    page.wait_for_selector("main[data-paper='brief.html']", timeout=60_000)
    # the brief is set small for print: here it is shown larger
    assert page.locator(".paper").evaluate(
        """host => Math.min(...[...host.shadowRoot.querySelectorAll("p, li, h2, span")].filter((e) => e.textContent.trim())
          .map((e) => parseFloat(getComputedStyle(e).fontSize) * parseFloat(getComputedStyle(host).zoom)))"""
    ) >= 15.9  # fmt: skip
    page.click("#to-lives")
    page.select_option("#story-pick", "worst")
    page.get_by_role("button", name="Tell the story").press("Enter")
    page.wait_for_selector("main[data-told]", timeout=60_000)
    assert "most hours spent on papers" in page.inner_text("main")
    page.get_by_role("button", name="A municipality").click()
    page.click("#tell")
    page.wait_for_selector("main:not([data-told])")
    page.wait_for_selector("main[data-told]", timeout=60_000)
    assert page.inner_text("#story-command").startswith("igrsim diary results/")
    fits(page)
