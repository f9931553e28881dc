"""The planner in the system's Chromium: plans are made by mouse, keyboard and menu, and what it writes is read as it was meant."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
import uvicorn
from page_seen import PHONE, PROJECTOR, SIZES, fits

from igrsim.app.export import page, saved_study, start
from igrsim.app.jobs import Jobs
from igrsim.app.server import make_app
from igrsim.places.geography import load_geography
from igrsim.regimes.limits import read_limits
from igrsim.regimes.rollout import plan_rollout
from igrsim.regimes.schedule_file import read_schedule
from igrsim.runs.rollout_plans import CLOCK, means_of, named_plans


@pytest.fixture(scope="module")
def planned(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with saved runs of two named plans: the small study's, as if they were the country's."""
    payload = saved_study(saved) | {"scope": "country"}
    arm, out = payload["arms"][1], payload["rollout"]["arms"]["district-hub-core"] | {"regime": "district-hub"}
    payload["arms"][1] = arm | {"rollout": "pilots-then-waves"}
    payload["rollout"]["arms"] = {arm["name"]: out}
    file = tmp_path_factory.mktemp("planned") / "page.html"
    file.write_text(page(start([payload], live=False))[0], encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def planner(window: Callable[..., Any], planned: str) -> Callable[..., Any]:
    """Opens the planner, by a link or by its button."""

    def open_planner(size: dict[str, int] = PROJECTOR, link: str = "", address: str = planned, **options: Any) -> Any:
        tab = window(f"{address}#{link}", size, **options)
        if not link:
            tab.click("#to-planner")
        tab.wait_for_selector("#plan-command")
        return tab

    return open_planner


@pytest.fixture
def weighing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The app's address; nothing is computed there but what plans come to."""
    monkeypatch.setattr("igrsim.app.jobs.Processes", lambda workers: None)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        app = make_app(Jobs(tmp_path, workers=1), [])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        server.should_exit = True
        thread.join(10)


def _written(tab: Any, name: str, file: Path) -> Path:
    text = unquote(tab.get_attribute(f"#save-{name}", "href").partition(",")[2])
    file.write_text(text, encoding="utf-8")
    return file


def _starts(file: Path) -> dict[str, str]:
    country = load_geography()
    found = plan_rollout(str(file), country, CLOCK, country)
    queue = sorted(
        (m, r, c) for m, r, c in zip(found.start, found.rank, country.spaces.codes, strict=True) if m is not None
    )
    return {code: CLOCK.label(month) for month, _, code in queue}  # fmt: skip


def test_the_planner_fits_and_is_read(planner: Callable[..., Any]) -> None:
    tab = planner()
    for size in SIZES.values():
        tab.set_viewport_size(size)
        fits(tab)
    assert tab.locator(".chip").count() == 52
    assert "median" in tab.inner_text(".planner")


def test_a_plan_is_made_by_keyboard_mouse_and_menu_and_written_out(planner: Callable[..., Any], tmp_path: Path) -> None:
    tab = planner()
    assert tab.inner_text("#plan-command") == "igrsim rollout compare ddm-2019-plan pilots-then-waves"
    meant = dict(named_plans()["pilots-then-waves"][2])
    tab.click("#side-b")
    # what was not changed is written as it stands, in its queue
    assert list(_starts(_written(tab, "b-csv", tmp_path / "b.csv")).items()) == list(meant.items())
    tab.focus("#chip-DC15")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.id") == "chip-DC15"
    assert tab.inner_text("#said") == "DC15: Jul to Sep 2019"
    tab.drag_and_drop("#chip-ETH", ".wave:nth-child(3)")
    tab.click("#chip-DC36")
    tab.select_option("#move-to", "0")
    assert re.search("changed", tab.inner_text("#side-b"))
    meant |= {"DC15": "2019-07", "ETH": "2019-10", "DC36": "2019-04"}
    toml = _written(tab, "b-toml", tmp_path / "b.toml")
    assert _starts(toml) == _starts(_written(tab, "b-csv", tmp_path / "b.csv")) == meant
    assert read_schedule(toml, load_geography()).stages == named_plans()["pilots-then-waves"][1]
    assert tab.inner_text("#plan-command") == "igrsim rollout compare ddm-2019-plan plan-b.toml"
    # the file does not guess what the model would grant
    assert "does not reckon" in tab.inner_text(".planner .second")
    tab.select_option("#move-to", "-1")
    assert tab.locator("#save-b-toml").count() == 0
    assert "DC36" not in _starts(_written(tab, "b-csv", tmp_path / "b.csv"))
    assert tab.inner_text("#plan-command").endswith("plan-b.csv")


def test_turns_in_the_queue_are_written(planner: Callable[..., Any], tmp_path: Path) -> None:
    tab = planner()
    tab.select_option("#preset", "all-at-once")
    before = list(_starts(_written(tab, "a-csv", tmp_path / "a.csv")))
    tab.focus(f"#chip-{before[1]}")
    tab.keyboard.press("ArrowUp")
    assert list(_starts(_written(tab, "a-toml", tmp_path / "a.toml"))) == [before[1], before[0], *before[2:]]


def test_a_finger_moves_a_space_by_the_menu(planner: Callable[..., Any]) -> None:
    tab = planner(PHONE, has_touch=True)
    tab.tap("#chip-DC15")
    tab.select_option("#move-to", "5")
    assert "July 2020" in tab.get_attribute("#chip-DC15", "aria-label")


def test_a_link_restores_the_plans_and_a_wrong_one_does_not(planner: Callable[..., Any]) -> None:
    tab = planner()
    tab.focus("#chip-DC15")
    tab.keyboard.press("ArrowRight")
    tab.click("#to-compare")
    tab.click("#to-planner")
    told = (
        tab.inner_text("#plan-command"),
        tab.get_attribute("#chip-DC15", "aria-label"),
        tab.get_attribute("#save-a-csv", "href"),
    )
    again = planner(link=tab.url.partition("#")[2])
    assert (
        again.inner_text("#plan-command"),
        again.get_attribute("#chip-DC15", "aria-label"),
        again.get_attribute("#save-a-csv", "href"),
    ) == told
    wrong = planner(link=tab.url.partition("#")[2].replace("2019-10", "1819-10"))
    assert wrong.inner_text("#plan-command") == "igrsim rollout compare ddm-2019-plan pilots-then-waves"


def test_money_and_specialists_are_weighed_by_the_app(
    planner: Callable[..., Any], weighing: str, tmp_path: Path
) -> None:
    asked = {"version": 1, "a": {"name": "ddm-2019-plan"}, "b": {"name": "strongest-first"}, "regime": "district-hub"}
    link = "plan=" + quote(json.dumps(asked | {"money": "2019/20=200,2021/22=480", "specialists": "400,200"}))
    tab = planner(link=link, address=weighing)
    means = means_of(
        dict(named_plans()["strongest-first"][2]), money={"2019/20": 200, "2021/22": 480}, specialists=(400, 200)
    )
    late = sum(str(means.taken[code]) > month for code, month in named_plans()["strongest-first"][2])
    assert late
    tab.click("#side-b")
    tab.locator("#sum-b", has_text=f"{late} taken in late").wait_for()
    assert tab.locator(".chip.late").count() == late
    # money and specialists travel in the file
    limits = read_schedule(_written(tab, "b-toml", tmp_path / "b.toml"), load_geography()).limits
    assert limits == read_limits({"2019/20": 200, "2021/22": 480}, {"pool": 400, "trained": 200})
    tab.fill("#given-money", "100")
    tab.locator("#given-money").press("Enter")
    tab.locator("#sum-b", has_text="never").wait_for()
    assert "The command refuses such a plan" in tab.inner_text(".planner .second")
    tab.fill("#given-money", "much")
    tab.locator("#given-money").press("Enter")
    tab.locator(".planner .second [role=alert]", has_text="--money").wait_for()
