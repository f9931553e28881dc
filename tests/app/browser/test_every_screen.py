"""Every screen, live and from a file, on two projectors and a phone, by mouse, by keyboard and by finger."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_seen import SIZES, fits, open_to_all, press, watched

SCREENS = ("compare", "lives", "planner", "classroom", "evidence", "report")


def _compare(page: Any, hand: str) -> None:
    press(page.get_by_role("button", name="One month on"), hand)
    assert page.locator(".player output").inner_text() == "April 2019"
    press(page.get_by_role("button", name="Equal squares"), hand)
    assert page.get_by_role("button", name="Equal squares").get_attribute("aria-pressed") == "true"


def _lives(page: Any, hand: str) -> None:
    press(page.locator("#kind-municipality"), hand)
    assert page.get_attribute("#kind-municipality", "aria-pressed") == "true"


def _saved_lives(page: Any, hand: str) -> None:
    page.select_option("#saved-story", "1")
    press(page.locator("details.month > summary").last, hand)
    assert page.locator("details.month[open]").count() == 1


def _planner(page: Any, hand: str) -> None:
    press(page.locator("#chip-DC15"), hand)
    page.select_option("#move-to", "5")
    assert "July 2020" in page.get_attribute("#chip-DC15", "aria-label")


def _classroom(page: Any, hand: str) -> None:
    before = page.inner_text(".step h2")
    press(page.locator("#next"), hand)
    assert page.inner_text(".step h2") != before


def _evidence(page: Any, hand: str) -> None:
    count = page.locator("table.numbers tbody tr").count()
    press(page.locator("#all-numbers"), hand)
    assert page.locator("table.numbers tbody tr").count() > count


def _report(page: Any, hand: str) -> None:
    page.wait_for_selector(".paper")
    times = "getComputedStyle(document.querySelector('.paper')).getPropertyValue('--times')"
    before = page.evaluate(times)
    press(page.locator("#paper-larger"), hand)
    assert page.evaluate(times) > before


DEEDS = {"compare": _compare, "lives": _lives, "planner": _planner, "classroom": _classroom, "evidence": _evidence,
         "report": _report}  # fmt: skip


@pytest.mark.parametrize("hand", SIZES)
@pytest.mark.parametrize("whence", ["served", "exported"])
def test_every_screen_is_used(whence: str, hand: str, look: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    page = look(request.getfixturevalue(whence), SIZES[hand], has_touch=hand == "touch", is_mobile=hand == "touch")
    screens = page.locator("#screens button").evaluate_all("all => all.map((each) => each.id.slice(3))")
    assert sorted(screens) == sorted(SCREENS)
    for screen in SCREENS:
        press(page.locator(f"#to-{screen}"), hand)
        fits(page)
        deed = _saved_lives if (screen, whence) == ("lives", "exported") else DEEDS[screen]
        deed(page, hand)
        fits(page)
        if hand != "keyboard":
            # the smaller projector shows what the larger does
            open_to_all(page)


def test_nothing_foreign_runs_in_the_page(chromium: Any, served: str, exported: str) -> None:
    """The page's policy stands in a browser: what is put in is not executed, and what would be fetched is not."""
    for address in (served, exported):
        visitor = chromium.new_context()
        page = visitor.new_page()
        page.goto(address)
        page.wait_for_selector("#verdict", timeout=60_000)
        found = page.evaluate(
            """async () => {
          const broken = [];
          document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
          const script = document.createElement("script"); script.textContent = "window.ran = 1"; document.head.append(script);
          document.body.insertAdjacentHTML("beforeend", "<img src='http://127.0.0.1:9/x.png' onerror='window.ran = 2'>");
          await fetch("http://127.0.0.1:9/").catch(() => null);
          await new Promise((later) => setTimeout(later, 200));
          return [window.ran ?? null, broken.sort()];
        }"""
        )
        visitor.close()
        assert found[0] is None
        assert {"script-src-elem", "script-src-attr", "img-src", "connect-src"} <= set(found[1])


def test_a_look_up_beyond_this_machine_would_be_seen(tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    for words in ("getaddrinfo('127.0.0.1', 80)", "getaddrinfo('nowhere.invalid', 80)"):
        call = [sys.executable, "-c", f"import contextlib, socket\nwith contextlib.suppress(OSError): socket.{words}"]
        subprocess.run(call, env=watched(tmp_path, asked), check=True)
    assert asked.read_text().splitlines() == ["socket.getaddrinfo nowhere.invalid"]
