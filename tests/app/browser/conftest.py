"""The page in the system's Chromium, served and from a file: it says nothing to the console, and nobody else is asked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.export import LARGEST, write_export
from igrsim.app.stories import Whose, story_of_folder

pytest.register_assert_rewrite("page_seen")
from page_seen import HOSTILE_NAME, PROJECTOR, watched  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip
"""Chromium itself asks nobody either: whatever is asked was asked by the page."""
HOSTILE_PAPER = """<!DOCTYPE html><html><head><style>:root { --a: 1 } body { color: rgb(1, 2, 3) }</style></head><body>
<h1 onclick="alert(1)" id="top" style="font-style: italic">Brief</h1><script>alert(1)</script><a href="#top">up</a>
<a href="https://example.org/">away</a><img alt="a picture" src="https://example.org/x.png"><iframe src="https://example.org/"></iframe>
<svg viewBox="0 0 9 9"><image href="https://example.org/y.png"></image><style>text { fill: red }</style></svg></body></html>"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; where there is none, what needs it is skipped and says so."""
    api = pytest.importorskip("playwright.sync_api", reason="the page is not opened: playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("the page is not opened: this machine has no Chromium")
    with api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens windows, each as if of a visitor of their own; at the end no console said a word and nobody else was asked."""
    said: list[str] = []
    opened: list[Any] = []

    def open_window(address: str, size: dict[str, int] = PROJECTOR, **options: Any) -> Any:
        visitor = chromium.new_context(viewport=size, reduced_motion="reduce", **options)
        opened.append(visitor)
        page = visitor.new_page()
        own = ("data:", "file:" if address.startswith("file:") else re.match(r"http://[^/]*/", address)[0])  # type: ignore[index]
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(own) else said.append(asked.url))
        page.on(
            "requestfailed", lambda asked: said.append(f"failed: {asked.url}") if "events" not in asked.url else None
        )
        page.goto(address)
        return page

    yield open_window
    for visitor in opened:
        visitor.close()
    assert said == []


@pytest.fixture
def look(window: Callable[..., Any]) -> Callable[..., Any]:
    """Opens an address and waits until the comparison is drawn."""

    def open_page(address: str, size: dict[str, int] = PROJECTOR, **options: Any) -> Any:
        page = window(address, size, **options)
        page.wait_for_selector("#verdict", timeout=60_000)
        page.wait_for_selector("figure canvas, figure svg.marks", timeout=10_000)
        return page

    return open_page


@pytest.fixture(scope="session")
def exported(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the page in one file, with a paper and a name that would do harm if they were let."""
    file = tmp_path_factory.mktemp("exported") / "page.html"
    papers = {"brief.html": HOSTILE_PAPER.encode(), "brief.pdf": b"%PDF-1.7"}

    def stories(folder: Path) -> list[dict[str, Any]]:
        found = [story_of_folder(folder, Whose(*whose)) for whose in (("person", "median"), ("municipality", "TT1"))]
        return [story | {"who": HOSTILE_NAME + story["who"]} for story in found]

    assert write_export(file, [saved], lambda folder: papers, stories) < LARGEST
    return file.as_uri()


@pytest.fixture(scope="session")
def served(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app as a user starts it, on any free port, with the saved study and its cells."""
    watching = tmp_path_factory.mktemp("watching")
    asked = watching / "asked.txt"
    environment = watched(watching, asked)
    words = ("app", "--no-open", "--port", "0", "--workers", "1", "--results", str(saved), "--out", str(saved.parent))
    call = [
        sys.executable,
        "-c",
        "import sitecustomize; from igrsim.cli import main; print(sitecustomize.__file__, flush=True); main()",
        *words,
    ]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # it is this machine's own hook that is read, and no other
        assert process.stdout.readline().startswith(str(watching))
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found
        yield found[0]
        process.terminate()
    assert not asked.exists(), asked.read_text()
