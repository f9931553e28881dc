"""The page in the system's Chromium, served and from a file: it works, says nothing to the console, asks nobody else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.classroom import lesson
from igrsim.app.export import LARGEST, write_export
from igrsim.app.stories import Whose, story_of_folder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
sync_api = pytest.importorskip("playwright.sync_api", reason="the page is not opened: playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page is not opened: this machine has no Chromium")

LESSON = lesson()
PROJECTOR = {"width": 1366, "height": 768}
SMALLEST = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), small = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
    if (!text || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName) || !element.getClientRects().length) continue;
    const drawing = element.ownerSVGElement, size = parseFloat(getComputedStyle(element).fontSize);
    const times = drawing ? drawing.getScreenCTM().a : 1;
    if (size * times < 15.9) small.push([text, size * times]);
  }
  return small;
}"""
HOSTILE_NAME = "<img src=x onerror=alert(1)>"
HOSTILE_PAPER = """<!DOCTYPE html><html><head><style>:root { --a: 1 } body { color: rgb(1, 2, 3) }</style></head><body>
<h1 onclick="alert(1)" id="top" style="font-style: italic">Brief</h1><script>alert(1)</script><a href="#top">up</a>
<a href="https://example.org/">away</a><img src="https://example.org/x.png"><iframe src="https://example.org/"></iframe>
<svg viewBox="0 0 9 9"><image href="https://example.org/y.png"></image><style>text { fill: red }</style></svg></body></html>"""
UNNAMED = """() => [...document.querySelectorAll("button, select, input")].filter((e) => e.getClientRects().length
  && !(e.getAttribute("aria-label") || e.labels?.length || (e.tagName === "BUTTON" && e.textContent.trim()))).map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[[str], Any]]:
    """Opens an address; at the end the console was silent and nobody else was asked."""
    page = chromium.new_page(viewport=PROJECTOR, reduced_motion="reduce")
    said: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url))

    def open_page(address: str) -> Any:
        page.goto(address)
        page.wait_for_selector("#verdict", timeout=60_000)
        page.wait_for_selector("figure canvas, figure svg.marks", timeout=10_000)
        return page

    yield open_page
    page.close()
    assert said == []
    assert [url for url in elsewhere if not re.match(r"file:|data:|http://127\.0\.0\.1:", url)] == []


@pytest.fixture(scope="module")
def exported(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "page.html"
    papers = {"brief.html": HOSTILE_PAPER.encode(), "brief.pdf": b"%PDF-1.7"}

    def stories(folder: Path) -> list[dict[str, Any]]:
        found = [story_of_folder(folder, Whose(*whose)) for whose in (("person", "median"), ("municipality", "TT1"))]
        return [story | {"who": HOSTILE_NAME + story["who"]} for story in found]

    assert write_export(file, [saved], lambda folder: papers, stories) < LARGEST
    return file


@pytest.fixture(scope="module")
def served(saved: Path) -> Iterator[str]:
    """The app as a user starts it, on any free port, with the saved study and its cells."""
    words = ("app", "--no-open", "--port", "0", "--workers", "1", "--results", str(saved), "--out", str(saved.parent))
    call = [sys.executable, "-c", "from igrsim.cli import main; main()", *words]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found
        yield found[0]
        process.terminate()


def _works(page: Any) -> None:
    """What holds of the page wherever it comes from."""
    assert page.evaluate(SMALLEST) == []
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PROJECTOR["width"]
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


def test_the_exported_page_opens_from_disk(look: Callable[[str], Any], exported: Path) -> None:
    page = look(exported.as_uri())
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
    # the link alone restores what is seen
    again = look(page.url)
    again.reload()
    again.wait_for_selector("main[data-done]", timeout=60_000)
    assert again.input_value("#worlds") == "1"


SIZES = ({"width": 1024, "height": 768}, {"width": 390, "height": 800}, PROJECTOR)


def _fits(page: Any) -> None:
    """Nothing is too small, without a name or wider than the screen, whatever the screen."""
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate(SMALLEST) == []
        assert page.evaluate(UNNAMED) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


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
    _fits(page)


def test_evidence_report_and_stories_open_from_disk(look: Callable[[str], Any], exported: Path) -> None:
    page = look(exported.as_uri())
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
    _fits(page)
    page.click("#to-lives")
    assert page.inner_text("#whose").startswith(HOSTILE_NAME)
    assert page.locator("main img").count() == 0
    assert page.locator(".month .sides").count() > 0
    _fits(page)
    page.select_option("#saved-story", "1")
    page.locator("details.month > summary").last.press("Enter")
    _fits(page)
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
    _fits(page)


# --- the lesson -----------------------------------------------------------------------------------------------------------


def _fits_at(page: Any, width: int) -> None:
    assert page.evaluate(SMALLEST) == []
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "[object" not in page.inner_text("body")
    assert "undefined" not in page.inner_text("body")


@pytest.mark.parametrize("size", [PROJECTOR, {"width": 1024, "height": 768}, {"width": 390, "height": 844}], ids=str)
def test_the_lesson_runs_from_a_file_with_hands_and_paper(
    look: Callable[[str], Any], exported: Path, size: dict[str, int]
) -> None:
    page = look(exported.as_uri())
    page.set_viewport_size(size)
    page.get_by_role("button", name="Classroom").press("Enter")
    assert page.locator("#open-room").count() == 0
    for step in LESSON["steps"][:-1]:
        assert page.locator(".step h2").inner_text() == step["name"]
        _fits_at(page, size["width"])
        page.click("#notes")
        _fits_at(page, size["width"])
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
    look: Callable[[str], Any], served: str, chromium: Any
) -> None:
    page = look(served)
    page.get_by_role("button", name="Classroom").click()
    page.click("#open-room")
    code = page.inner_text("#code-shown")
    visitor = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = visitor.new_page()
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    phone.on("pageerror", lambda error: said.append(str(error)))
    phone.on("request", lambda request: None if request.url.startswith(served) else said.append(request.url))
    phone.goto(f"{served}join")
    phone.fill("#code", code.lower())
    phone.fill("#table", "1")
    phone.fill("#nickname", "<img src=x>")
    phone.get_by_role("button", name="Take a seat").tap()
    phone.wait_for_selector(".seat")
    assert "<img src=x>" in phone.inner_text(".seat")
    for summary in phone.locator("summary").all():
        if not summary.evaluate("e => e.parentElement.open"):
            summary.tap()
    _fits_at(phone, 390)
    # the same rule on the phone, on the facilitator's page and in the server
    phone.get_by_role("checkbox").first.check()
    closing = next(forum for forum in LESSON["round_1"]["forums"] if forum["may_close"])
    short = LESSON["round_1"]["to_free"] - closing["hours"]
    phone.locator("#a-year-mine").fill("14")
    phone.locator("#a-year-mine").press("Tab")
    assert "not within: the purse" in phone.inner_text(".joined")
    assert "within: specialists" in phone.inner_text(".joined")
    page.click("#step-3")
    page.get_by_text(re.compile(f"{short:,.0f} short".replace(",", r"\s"))).wait_for()
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
    _fits_at(phone, 390)
    phone.reload()
    phone.wait_for_selector(".seat")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#end-room")
    phone.get_by_text("The room has ended").wait_for()
    visitor.close()
    assert said == []
