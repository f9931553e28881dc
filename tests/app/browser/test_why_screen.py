"""Why two arms differ: the chain of causes, and a ladder asked for in the app, or a study file that has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from page_seen import PHONE, SMALL_PROJECTOR, fits, open_to_all, press

from igrsim.runs.chains import chain


def _steps(page: Any) -> list[str]:
    return " ".join(
        page.locator("#why [data-step]").evaluate_all("rows => rows.map((row) => row.dataset.step)")
    ).split()


def test_a_file_tells_the_chain_and_offers_a_study_with_a_ladder(look: Callable[..., Any], exported: str) -> None:
    page = look(exported, PHONE)
    page.select_option("#metric", "duplicate_spend_share")
    page.locator("#why > summary").click()
    assert _steps(page) == [step.metric for step in chain("duplicate_spend_share")]
    assert "no difference: the cause does not pass here" in page.inner_text("#why tr.still")
    # the last step is the metric, with the verdict that stands above
    last = page.locator("#why [data-step='duplicate_spend_share'] td").all_inner_texts()
    size, _, verdict = last[1].partition(": ")
    assert page.inner_text("#verdict").endswith(f": {verdict}")
    assert f"difference {size}" in page.inner_text("#numbers")
    # another metric, another chain, and the answer stays open
    page.select_option("#metric", "hours_per_need")
    assert _steps(page)[-1] == "hours_per_need"
    page.get_by_text("Which lever sets which rule, from when").click()
    assert "takes it from 0 to" in page.inner_text("#why")
    fits(page)
    assert page.locator("#ladder button").count() == 0
    toml = unquote(page.get_by_role("link", name="Save ladder.toml").get_attribute("href"))
    assert '[ladder]\narm = "district-hub-core"' in toml
    open_to_all(page)


def test_the_app_says_how_many_runs_and_computes_a_ladder(look: Callable[..., Any], served: str) -> None:
    page = look(served, PHONE, has_touch=True)
    press(page.locator("#why > summary"), "keyboard")
    press(page.locator("#ladder-ask"), "touch")
    page.locator("#ladder-start").wait_for()
    assert "A first answer takes 16 runs, of one world, and cannot say how surely" in page.inner_text("#ladder")
    press(page.locator("#ladder-start"), "keyboard")
    page.locator(".rungs").wait_for(timeout=60_000)
    page.select_option("#metric", "meeting_hours")
    assert "Meeting hours, district-hub-core against siloed" in page.inner_text("#ladder")
    assert page.locator(".rungs tbody tr").count() == 6
    assert "ladder.toml" in page.inner_text("#ladder")
    stop = page.locator("#ladder-stop")
    if stop.count():
        press(stop, "touch")
    fits(page)
    page.set_viewport_size(SMALL_PROJECTOR)
    open_to_all(page)
