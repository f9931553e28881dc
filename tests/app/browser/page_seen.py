"""What holds of every screen wherever it comes from: it fits, it is read from afar, it can be used without seeing or without a mouse."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

PROJECTOR = {"width": 1366, "height": 768}
SMALL_PROJECTOR = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
SIZES = {"mouse": PROJECTOR, "keyboard": SMALL_PROJECTOR, "touch": PHONE}
"""By which hand a window of each size is used."""

HOSTILE_NAME = "<img src=x onerror=alert(1)>"
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
UNNAMED = """() => [...document.querySelectorAll("button, select, input")].filter((e) => e.getClientRects().length
  && !(e.getAttribute("aria-label") || e.labels?.length || (e.tagName === "BUTTON" && e.textContent.trim()))).map((e) => e.outerHTML)"""
WATCH = """import sys

def seen(event, given):
    if event == "socket.connect":
        place = given[1]
        near = isinstance(place, (str, bytes)) or place[0] in ("127.0.0.1", "::1", "localhost")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        near = given[0] in (None, "", "127.0.0.1", "::1", "localhost", b"127.0.0.1")
    else:
        return
    if not near:
        with open({asked!r}, "a") as file:
            file.write(f"{{event}} {{given[-1] if event == 'socket.connect' else given[0]}}\\n")

sys.addaudithook(seen)
"""
"""Read by every Python that the app starts, its workers too: whom they connect to or look up beyond this machine is written down."""

SERIOUS = ("serious", "critical")


def watched(folder: Path, asked: Path) -> dict[str, str]:
    """The environment of processes whose look-ups and connections beyond this machine are written to a file."""
    (folder / "sitecustomize.py").write_text(WATCH.format(asked=str(asked)), encoding="utf-8")
    paths = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": paths}


def fits(page: Any) -> None:
    """Nothing is too small to be read from the back of a room, without a name, unsaid, or wider than the window."""
    assert page.evaluate(SMALLEST) == []
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    # a number or a name that is not there; a verdict says "undefined: …" where there was nothing to measure
    assert re.findall(r".*(?:\[object|\bundefined\b(?!:)|\bNaN\b).*", page.inner_text("body")) == []


def open_to_all(page: Any) -> None:
    """Nothing that axe holds for a serious fault."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], fault["help"], [node["html"] for node in fault["nodes"]][:3])
        for fault in found
        if fault["impact"] in SERIOUS
    ]
    assert serious == []


def press(target: Any, hand: str) -> None:
    """Use a button, by mouse, keyboard or finger."""
    if hand == "mouse":
        target.click()
    elif hand == "keyboard":
        target.focus()
        assert target.evaluate("e => e === document.activeElement")
        target.press("Enter")
    else:
        target.tap()
