"""Several studies of one name, and numbers as the model's lists have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_seen import SMALL_PROJECTOR, fits

from igrsim.app.export import page, saved_study, start
from igrsim.app.payload import packed

PAPER = b"""<!doctype html><body><p>The whole: <a href="report.html">report.html</a></p><a href="#here">below</a><p id="here">%s</p>
<svg viewBox="0 0 9 9" width="90"><defs><path id="box" d="M0 0h9v9z"/></defs><use xlink:href="#box"/></svg></body>"""


@pytest.fixture(scope="module")
def alike(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    studies = []
    for number, months in enumerate((17, 17, 12)):
        payload = saved_study(saved)
        paper = {"name": "report.html", "title": "Report", "of": "a", "content": packed(PAPER % str(number).encode())}
        studies.append(payload | {"months": payload["months"][:months], "papers": [paper]})
    file = tmp_path_factory.mktemp("alike") / "page.html"
    file.write_text(page(start(studies, live=False))[0], encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def telling(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with a study whose futures tell how much two numbers matter."""
    row = {"metric": "gap_share", "arm": "district-hub-core", "of": "difference", "method": "pawn",
           "unit": "distance of distributions, 0 to 1", "low": None, "high": None}  # fmt: skip
    payload = saved_study(saved)
    payload["evidence"]["matters"] = [
        row | {"parameter": "access.give_up", "index": 0.512, "beyond_chance": True, "rank": 1},
        row | {"parameter": "access.going", "index": 0.2, "beyond_chance": False, "rank": 2},
    ]
    file = tmp_path_factory.mktemp("telling") / "page.html"
    file.write_text(page(start([payload], live=False))[0], encoding="utf-8")
    return file.as_uri()


def test_how_much_a_number_matters_is_seen_beside_it(look: Callable[..., Any], telling: str) -> None:
    tab = look(telling, SMALL_PROJECTOR)
    tab.click("#to-evidence")
    said = tab.inner_text("#matters")
    assert "1 of the 2 numbers that varied matters beyond chance" in said
    assert "distance of distributions, 0 to 1" in said
    rows = tab.locator("table.numbers tbody tr")
    assert "1st: 0.512" in rows.first.inner_text()
    assert "2nd: 0.200, within chance" in rows.nth(1).inner_text()
    cell = tab.get_by_role("columnheader", name="How much it matters").bounding_box()
    assert cell["x"] + cell["width"] <= SMALL_PROJECTOR["width"]
    wide = "document.querySelector('.wide').scrollWidth - document.querySelector('.wide').clientWidth"
    assert tab.evaluate(wide) <= 0
    fits(tab)


def _options(tab: Any, field: str) -> list[str]:
    found: list[str] = tab.eval_on_selector_all(f"{field} option", "all => all.map((one) => one.textContent)")
    return found


def test_studies_of_one_name_are_told_apart(look: Callable[..., Any], alike: str) -> None:
    tab = look(alike)
    tab.click("#to-report")
    title = "siloed against district-hub-core, "
    assert _options(tab, "#paper-study") == [
        f"{title}17 months, copy 1", f"{title}17 months, copy 2", f"{title}12 months"
    ]  # fmt: skip
    tab.select_option("#paper-study", "1")
    inside = tab.locator(".paper")
    inside.get_by_text("1", exact=True).wait_for()
    # a file that lies elsewhere is named, and is no link; what is drawn by reference is drawn
    assert inside.evaluate("host => host.shadowRoot.querySelectorAll('a').length") == 1
    assert inside.evaluate("host => host.shadowRoot.querySelector('use').getBoundingClientRect().width") > 0
    tab.click("#to-evidence")
    assert len(set(_options(tab, "#e-study"))) == 4


def test_numbers_stand_as_in_the_models_list(look: Callable[..., Any], alike: str) -> None:
    tab = look(alike)
    tab.click("#to-evidence")
    tab.fill("#e-words", "access.give_up ")
    assert "0.1 share" in tab.inner_text("table.numbers tr:has-text('access.give_up')")
    assert "0.03 to 0.25" in tab.inner_text("table.numbers")
    tab.fill("#e-words", "hub.rand_per_post")
    assert "68\u202f000 rand a month" in tab.inner_text("table.numbers")
    tab.fill("#e-words", "forum-audit.merge")
    assert ", a choice: not varied" in tab.inner_text("table.numbers")
