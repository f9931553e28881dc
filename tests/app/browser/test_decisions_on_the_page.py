"""Levers that end or change their dose from a month on, and study files: by every hand, and never from a file on disk."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_seen import SIZES, fits, open_to_all, press

from igrsim.app.payload import about_choices
from igrsim.app.scenario import Scenario, read_document


def _document(page: Any) -> dict[str, Any]:
    text = page.url.partition("#")[2].partition("&")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def _computed(page: Any) -> None:
    page.wait_for_selector("main[data-done]", timeout=90_000)


def _decide(page: Any, hand: str, lever: str, what: str, month: str | None = None) -> None:
    page.select_option("#decide-lever", lever)
    if month:
        page.select_option("#decide-from", month)
    page.select_option("#decide-what", what)
    press(page.locator("#decide"), hand)


@pytest.mark.parametrize("hand", SIZES)
def test_a_lever_is_decided_on_and_all_is_undone(hand: str, look: Callable[..., Any], served: str) -> None:
    page = look(served, SIZES[hand], has_touch=hand == "touch", is_mobile=hand == "touch")
    page.fill("#worlds", "1")
    page.locator("#worlds").press("Enter")
    _computed(page)
    slider = page.get_by_role("slider", name="Month")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    press(page.get_by_text("Decisions from a month on"), hand)
    # the month at which the slider stands
    assert page.input_value("#decide-from") == "2019-09-01"
    _decide(page, hand, "one-plan", "0")
    _computed(page)
    # a picture with the decision has its mark
    page.wait_for_selector("#marks")
    assert page.inner_text("#marks") == "Decided: (1) September 2019: one-plan ends (district-hub-core)."
    assert page.locator("figure svg.marks text", has_text="1").count()
    assert _document(page)["arms"][1]["drop"] == [{"lever": "one-plan", "from": "2019-09-01"}]
    _decide(page, hand, "one-plan", "1", "2020-02-01")
    _decide(page, hand, "district-hub", "dose", "2019-09-01")
    assert page.evaluate("document.activeElement.id") == "decide" or hand != "keyboard"
    arm = _document(page)["arms"][1]
    assert arm["add"] == [
        {"lever": "district-hub", "from": "2019-09-01", "dose": 0.5},
        {"lever": "one-plan", "from": "2020-02-01"},
    ]
    assert page.locator(".decided li").count() == 3
    fits(page)
    open_to_all(page)
    # what was to be taken up again after an end that is taken back goes with it
    press(page.get_by_role("button", name="Remove: September 2019, one-plan ends"), hand)
    assert [each["lever"] for each in _document(page)["arms"][1]["drop"]] == ["district-hub"]
    assert "Removed: September 2019, one-plan ends" in page.inner_text("#said")
    press(page.locator("#undo-all"), hand)
    assert _document(page)["arms"][1] == {"name": "district-hub-core", "regime": "district-hub-core"}
    _computed(page)
    assert page.locator("#marks").count() == 0


def test_a_study_file_is_opened_or_told_what_is_wrong_with_it(
    look: Callable[..., Any], served: str, asked: Scenario, tmp_path: Path
) -> None:
    page = look(served)
    file = tmp_path / "three.toml"
    text = asked.model_copy(update={"worlds": 1}).toml()
    file.write_text(text + '\n[arms.again]\nregime = "siloed"\n', encoding="utf-8")
    page.set_input_files("#study-file", str(file))
    page.wait_for_selector("#loaded")
    assert [arm["name"] for arm in _document(page)["arms"]] == [arm.name for arm in asked.arms]
    page.select_option("#loaded", "1")
    assert [arm["name"] for arm in _document(page)["arms"]] == ["siloed", "again"]
    file.write_text(text.replace("months", "mnths"), encoding="utf-8")
    page.set_input_files("#study-file", str(file))
    page.locator(".progress .notice", has_text="three.toml:6:1: error E140").wait_for()
    fits(page)


def test_from_a_file_on_disk_nothing_is_loaded_and_that_is_said(look: Callable[..., Any], exported: str) -> None:
    page = look(exported)
    assert page.locator("#study-file").count() == 0
    assert "loads study files" in page.inner_text(".choices")


def test_whatever_is_decided_on_the_page_is_a_study_that_can_be_run(chromium: Any) -> None:
    """Any decisions in any order, some taken back again: the study is in order, and what was decided last holds."""
    text = (files("igrsim.app") / "page" / "decisions.js").read_text(encoding="utf-8").replace("export ", "")
    visitor = chromium.new_context()
    page = visitor.new_page()
    page.evaluate(f"() => {{ {text}; Object.assign(window, {{ decisionsOf, withDecisions, standing }}); }}")
    made = np.random.default_rng(1)
    regime = next(each for each in about_choices()["regimes"] if each["name"] == "district-hub-as-found")
    names = [*regime["levers"][:4], "leadership", "imbizo", "forum-audit"]
    months = ["", "2019-06-01", "2019-12-01", "2020-04-01"]
    sequences = [
        [
            {"lever": made.choice(names), "from": made.choice(months), "dose": made.choice([0, 0.5, 1]), "scope": []}
            for _ in range(made.integers(1, 12))
        ]
        for _ in range(40)
    ]
    found = page.evaluate(
        """([sequences, regime]) => sequences.map((decisions) => decisions.reduce((arm, one, i) => {
             const others = decisionsOf(arm).filter((each) => each.lever !== one.lever || each.from !== one.from);
             // every fifth is taken back
             return withDecisions(arm, standing(regime), i % 5 === 4 ? others : [...others, one]);
           }, { name: "arm", regime: regime.name }))""",
        [json.loads(json.dumps(sequences, default=lambda value: value.item())), regime],
    )
    visitor.close()
    for arm, decisions in zip(found, sequences, strict=True):
        arms = [{"name": "siloed", "regime": "siloed"}, arm]
        study = read_document({"version": 1, "arms": arms}).study()
        last, regime_now = decisions[-1], study.regime("arm")
        if len(decisions) % 5:
            terms = [term for term in regime_now.terms if term.lever == last["lever"]]
            month = date.fromisoformat(last["from"] or "2019-04-01")
            there = float(last["lever"] in regime_now.levers)
            assert max((term.dose_in("DC15", month, True) for term in terms), default=there) == last["dose"]


@pytest.mark.parametrize("whence", ["served", "exported"])
def test_the_link_restores_what_is_looked_at(
    whence: str, look: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    page = look(request.getfixturevalue(whence))
    page.select_option("#metric", "meeting_hours")
    page.get_by_role("button", name="Equal squares").click()
    for _ in range(3):
        page.get_by_role("button", name="One month on").click()
    page.wait_for_url(re.compile("&metric=meeting_hours&month=2&kind=squares$"))
    again = look(page.url)
    assert again.input_value("#metric") == "meeting_hours"
    assert again.locator(".player output").inner_text() == "June 2019"
    assert again.get_by_role("button", name="Equal squares").get_attribute("aria-pressed") == "true"
