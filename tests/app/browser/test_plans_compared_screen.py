"""Saved roll-outs on the planner: two plans held against each other, by nothing but runs of just these plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_seen import PHONE, PROJECTOR, SMALL_PROJECTOR, fits

from igrsim.app.export import page, saved_study, start

PLANS = {"one": "ddm-2019-plan", "two": "pilots-then-waves"}
LOW = """() => [...document.querySelectorAll("main button, main select, main input, main a[href], main summary")]
  .map((e) => [e.id || e.textContent, e.getBoundingClientRect().height]).filter(([, high]) => high && high < 43.9)"""


def _country(saved: Path, study: str, arms: dict[str, str], change: str, **other: Any) -> dict[str, Any]:
    """The small study as if it were the country's, its hubs rolled out by these schedules."""
    payload = saved_study(saved) | {"scope": "country", "study": study, "usual": list(arms)}
    hubs, out = payload["arms"][1], payload["rollout"]["arms"]["district-hub-core"] | {"regime": "district-hub"}
    payload["arms"] = [payload["arms"][0], *(hubs | {"name": arm, "rollout": plan} for arm, plan in arms.items())]
    payload["effects"] = [row | {"arm": arm} for arm in arms for row in payload["effects"]]
    causes = payload["causes"]
    payload["causes"] = causes | {
        key: dict.fromkeys(arms, causes[key]["district-hub-core"]) for key in ("rules", "first")
    }
    found = {"gap_share": [change, "+0.5 to +1.5", "higher, worse"]}
    payload["rollout"] |= {"arms": dict.fromkeys(arms, out), "apart": {arm: dict.fromkeys(arms, found) for arm in arms}}
    return payload | other


@pytest.fixture(scope="module")
def planned(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page on which runs of one plan, of the plans with other levers and of another year come first."""
    studies = [
        _country(saved, "a", {"one": PLANS["one"]}, "+7"),
        _country(saved, "b", PLANS, "+8", usual=[]),
        _country(saved, "c", PLANS, "+9", months=["2021-04", "2021-05"]),
        _country(saved, "d", PLANS, "+1"),
    ]
    file = tmp_path_factory.mktemp("planned") / "page.html"
    file.write_text(page(start(studies, live=False))[0], encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def planner(window: Callable[..., Any], planned: str) -> Callable[..., Any]:
    def open_planner(size: dict[str, int] = PROJECTOR, **options: Any) -> Any:
        tab = window(planned, size, **options)
        tab.click("#to-planner")
        tab.wait_for_selector("#plan-command")
        return tab

    return open_planner


def test_plan_b_is_held_against_plan_a_in_the_study_that_ran_both(planner: Callable[..., Any]) -> None:
    tab = planner()
    told = tab.inner_text(".planner")
    assert "Both plans met the same luck" in told
    assert "+1 percentage points (+0.5 to +1.5): higher, worse" in told
    assert not any(f"+{other} percentage points" in told for other in (7, 8, 9))
    # a space that is put back where it was stays as it was
    written = tab.get_attribute("#save-a-csv", "href")
    tab.drag_and_drop("#chip-DC36", "#chip-ETH")
    assert tab.get_attribute("#save-a-csv", "href") == written
    assert tab.inner_text("#side-a") == "Plan A: The plan of August 2019"
    # plans are called by what they are
    assert tab.inner_text("#side-b") == "Plan B: Pilots, a year of learning, then waves"
    run = tab.locator("#preset option", has_text="with saved runs").evaluate_all("all => all.map((one) => one.value)")
    assert sorted(run) == sorted(PLANS.values())
    tab.select_option("#preset", "all-at-once")
    assert "Of one plan there are none" in tab.inner_text(".planner")
    assert "B less A" not in tab.inner_text(".planner")
    for size in (SMALL_PROJECTOR, PROJECTOR):
        tab.set_viewport_size(size)
        fits(tab)


def test_the_menu_comes_into_sight_for_fingers_and_keys(planner: Callable[..., Any]) -> None:
    tab = planner(PHONE, has_touch=True)
    tab.tap("#chip-DC15")
    tab.wait_for_timeout(100)
    box = tab.locator("#move-to").bounding_box()
    assert 0 <= box["y"] <= PHONE["height"] - box["height"]
    # and the space that was moved far away does, too
    tab.select_option("#move-to", "12")
    chip = tab.locator("#chip-DC15").bounding_box()
    assert 0 <= chip["x"] <= PHONE["width"] - chip["width"]
    tab.focus("#chip-ETH")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "move-to"
    # and no table is wider than the phone
    wide = "all => all.map((one) => one.scrollWidth - one.clientWidth)"
    assert max(tab.locator(".picture .wide").evaluate_all(wide)) <= 0
    # fingers find what they press
    for screen in ("planner", "lives", "evidence", "report"):
        tab.click(f"#to-{screen}")
        assert tab.evaluate(LOW) == []


def test_a_link_that_cannot_be_read_is_told_and_wrong_money_loses_no_plan(
    window: Callable[..., Any], planned: str, planner: Callable[..., Any]
) -> None:
    tab = window(f"{planned}#plan=nothing")
    assert "cannot be read" in tab.inner_text(".notice")
    mine = planner()
    mine.focus("#chip-DC15")
    mine.keyboard.press("ArrowRight")
    link = mine.url.replace("%22money%22%3A%22%22", "%22money%22%3A%22much%22")
    assert link != mine.url
    again = window(link)
    assert again.inner_text("#side-a") == "Plan A: The plan of August 2019, changed"
    assert "much" not in again.inner_text("#plan-command")
