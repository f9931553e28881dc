"""The page put together: one HTML file that fetches nothing, for the server to serve and for a stick to carry."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from igrsim.app.classroom import lesson
from igrsim.app.evidence import about_numbers
from igrsim.app.ladders import why_none
from igrsim.app.papers import TITLES, Compose, Papers
from igrsim.app.payload import about_choices, as_json, packed, payload_of, territories
from igrsim.app.planner import about_plans, as_usual
from igrsim.app.scenario import scenario_of
from igrsim.app.stories import about_lives
from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.causes import about_chains
from igrsim.runs.store import write_whole
from igrsim.runs.study import read_study

MODULES = (
    "text.js", "scenario.js", "source.js", "colours.js", "charts.js", "maps.js", "player.js", "decisions.js", "levers.js",
    "loading.js", "ladder.js", "why.js", "comparison.js", "compare.js",
    "plan_board.js", "plan_files.js", "planner.js",
    "lesson.js", "replay.js", "reveal.js", "debrief.js", "classroom.js",
    "evidence.js", "papers.js", "report.js", "lives.js", "app.js",
)  # fmt: skip
"""The page's modules, each after those it imports; a screen more is a file more, before ``app.js``."""
STYLES = ("app.css", "planner.css", "papers.css", "classroom.css", "compare.css")
"""How they look: what holds everywhere, then screen by screen."""
JOIN_MODULES = ("text.js", "source.js", "lesson.js", "join.js")
JOIN_STYLES = ("app.css", "classroom.css")
"""Those of the page that participants of a lesson open."""
LARGEST = 5_000_000
"""Bytes that an exported file may have."""
PACKED_TWICE = 0.97
"""Part of its room that a paper fills, being packed by itself and with all else."""
_IMPORT = re.compile(r"^import .*? from \"\./[a-z_]+\.js\";\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=function|const|class|async)", re.MULTILINE)


def saved_studies(
    folders: list[Path], papers: Papers | None = None, stories: Callable[[Path], list[dict[str, Any]]] | None = None
) -> list[dict[str, Any]]:
    """Payloads of the finished studies in some folders.

    Parameters
    ----------
    folders : list of Path
        Each a study's folder, or a results folder with one or many.
    papers : Papers, optional
        Takes up the studies' reports and briefs.
    stories : callable, optional
        Tells the stories that are saved with a study, from its folder.
    """
    found: dict[Path, dict[str, Any]] = {}
    for folder in folders:
        each = (
            [folder]
            if (folder / "manifest.json").exists()
            else sorted(m.parent for m in folder.glob("*/manifest.json"))
        )
        if not each:
            raise InputError(f"'{folder}' holds no finished study", code="E301")
        for one in each:
            if one.resolve() in found:
                continue
            payload = saved_study(one)
            payload["papers"] = papers.add(payload["study"], one) if papers else []
            payload["stories"] = stories(one) if stories else []
            found[one.resolve()] = payload
    return list(found.values())


def saved_study(folder: Path) -> dict[str, Any]:
    """The payload of a finished study, with its scenario where it is one that the page can change."""
    results = Results(folder)
    usual = {"usual": as_usual(results)}
    try:
        scenario = scenario_of(read_study(results.folder / "resolved.toml")[0])
    except ValueError:
        # it says more than a scenario holds, or read files that are no longer there: it is shown, and not changed
        return payload_of(results) | usual
    found = payload_of(results, scenario=scenario.document()) | {"toml": scenario.toml()} | usual
    arms = [arm.name for arm in scenario.arms[1:]]
    return found | {"no_ladder": {arm: why for arm in arms if (why := why_none(scenario, arm)) is not None}}


def start(saved: list[dict[str, Any]], live: bool, bounds: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page knows before anything is asked."""
    return {
        "live": live,
        "bounds": bounds,
        "choices": about_choices(),
        "territories": territories(),
        "plans": about_plans(),
        "numbers": about_numbers(),
        "lives": about_lives(),
        "chains": about_chains(),
        "saved": saved,
        "lesson": lesson(),
    }


def page(data: dict[str, Any] | None) -> tuple[str, str]:
    """The page's HTML and its Content-Security-Policy.

    Parameters
    ----------
    data : dict or None
        What it carries in itself, and then it connects to nothing; None: it asks the server it came from.
    """
    scripts, style = [charts_library(), joined()], looks()
    allowed = " ".join(f"'{digest(script)}'" for script in scripts)
    whom = "'none'" if data else "'self'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src '{digest(style)}'; img-src data:; "
        f"connect-src {whom}; base-uri 'none'; form-action 'none'"
    )
    environment = Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    html = environment.get_template("index.html.j2").render(
        policy=policy,
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=packed(as_json(data).encode()) if data else None,
    )
    return html, policy


def write_export(
    file: Path,
    folders: list[Path],
    compose: Compose | None = None,
    stories: Callable[[Path], list[dict[str, Any]]] | None = None,
) -> int:
    """Write the page with saved results as one file; gives back its bytes.

    Papers go along as far as there is room, briefs before reports; the page names those that stayed behind.

    Parameters
    ----------
    compose, stories : callable, optional
        As for `Papers` and `saved_studies`.

    Raises
    ------
    InputError
        If there is nothing to show, or too much for one file.
    """
    papers = Papers(compose)
    saved = saved_studies(folders, papers, stories)
    if not saved:
        raise InputError("--export needs saved results to show: name a folder with --results", code="E389")
    content = page(start(saved, live=False))[0].encode()
    if len(content) > LARGEST:
        words = f"the page would have {len(content) / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f}: name fewer studies"
        raise InputError(words, code="E389")
    if take_along(saved, papers, int(PACKED_TWICE * (LARGEST - len(content)))):
        content = page(start(saved, live=False))[0].encode()
    write_whole(file, content)
    return len(content)


def take_along(saved: list[dict[str, Any]], papers: Papers, room: int) -> bool:
    """Put papers into payloads while there is room in bytes, every study's shortest first; whether any went in."""
    order = {name: place for place, name in enumerate(TITLES)}
    every = [(one, payload["papers"]) for payload in saved for one in payload["papers"]]
    for one, mine in sorted(every, key=lambda each: order[each[0]["name"]]):
        try:
            content = packed(papers.read(one["of"], one["name"]))
        except InputError:
            # a study about which no brief can be written is shown without
            mine.remove(one)
            continue
        # the key and its quotes
        if len(content) + 20 <= room:
            one["content"] = content
            room -= len(content) + 20
    return any("content" in one for one, _ in every)


@cache
def joined(modules: tuple[str, ...] = MODULES) -> str:
    """A page's modules as one, so that the same bytes run from a server and from a file."""
    parts = []
    for name in modules:
        text = _EXPORT.sub("", _IMPORT.sub("", _read(name)))
        parts.append(f"// {name}\n{text}")
    return _safe("\n".join(parts))


@cache
def looks(styles: tuple[str, ...] = STYLES) -> str:
    """A page's styles as one."""
    return "".join(_read(name) for name in styles)


@cache
def charts_library() -> str:
    """Vega-Lite and what it needs, out of the installed package."""
    try:
        import vl_convert
    except ImportError:
        raise InputError("the app needs its extra: pip install 'igrsim[app]'", code="E380") from None
    return _safe(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def _safe(script: str) -> str:
    """A script that may stand inside HTML."""
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("a script holds what would end it")
    return script


def _read(name: str) -> str:
    return (files("igrsim.app") / "page" / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """What a policy knows a script or style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
