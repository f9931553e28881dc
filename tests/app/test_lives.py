"""Stories on the page are those that the command line tells."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.scenario import Scenario
from igrsim.app.stories import Whose, about_lives, read_whose, story_of_folder, tell
from igrsim.kernel.errors import InputError
from small_study import igrsim


def _told(asked: Scenario, **whose: str) -> dict[str, Any]:
    done = tell(asked.document(), whose, "key")
    assert done[0] is not None, done[1]
    assert done[0][0] == "key"
    found: dict[str, Any] = json.loads(done[0][1])
    return found


def test_a_persons_story_is_that_of_the_command_it_names(asked: Scenario, saved: Path) -> None:
    story = _told(asked, kind="person", name="median")
    words = story["command"].split()
    # the folder is the one that the scenario's own command writes
    assert (words[:2], Path(words[2]).name) == (["igrsim", "journey"], saved.name)
    printed = igrsim("journey", saved, *words[3:], "--format", "json").table()
    assert printed["person"]["citizen"] == story["name"]
    for mine, theirs in zip(story["arms"], printed["arms"], strict=True):
        trips = [line for line in mine["lines"] if line["what"] == "trip"]
        assert sum(round(line["km"] * 10) for line in trips) == pytest.approx(
            sum(round(m["metres"] / 100) for m in theirs["moments"] if m["kind"] == "trip" and _of_papers(m))
        )
    assert [row["needs"] for row in story["sums"]] == [arm["papers"]["arisen"] for arm in printed["arms"]]
    assert [words["text"] for words in story["words"]] == printed["differences"]
    kept = story_of_folder(saved, Whose("person", "median"))
    assert [arm["lines"] for arm in kept["arms"]] == [arm["lines"] for arm in story["arms"]]


def _of_papers(moment: dict[str, Any]) -> bool:
    return bool(moment["documentary"]) or any(call["papers"] for call in moment["calls"])


def test_a_municipalitys_story_is_that_of_the_command_it_names(asked: Scenario, saved: Path) -> None:
    code = next(c for c, _, space in about_lives()["municipalities"] if space in about_lives()["scopes"]["two-towns"])
    story = _told(asked, kind="municipality", name=code, begin="2019-08")
    words = story["command"].split()
    printed = igrsim("diary", saved, *words[3:], "--format", "json").table()
    for arm in story["arms"]:
        theirs = [
            row for row in printed if row["arm"] == arm["name"] and row["kind"] not in ("total", "difference", "month")
        ]
        assert arm["lines"] == [{key: row[key] for key in arm["lines"][0]} for row in theirs]
    assert story["months"] == ["2019-08", "2020-07"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "E395"),
        ({"kind": "person"}, "E395"),
        ({"kind": "person", "name": ["median"]}, "E395"),
        ({"kind": "ghost", "name": "median"}, "E395"),
        ({"kind": "person", "name": "medain"}, "E396"),
        ({"kind": "person", "name": "<b>/1"}, "E396"),
        ({"kind": "municipality", "name": "../EC157"}, "E396"),
        ({"kind": "municipality", "name": "EC157", "begin": "soon"}, "E396"),
        ({"kind": "municipality", "name": "EC157", "begin": "٢٠١٩-٠٤"}, "E396"),
        ({"kind": "person", "name": "1/٣"}, "E396"),
    ],
)
def test_whose_story_is_checked(given: Any, code: str) -> None:
    with pytest.raises(InputError, match=code):
        read_whose(given)


def test_a_municipality_elsewhere_is_refused_in_a_line(asked: Scenario) -> None:
    done = tell(asked.document(), {"kind": "municipality", "name": "EC157"}, "key")
    assert done[0] is None
    assert "E173" in done[1]
    assert "\n" not in done[1]


def test_what_stops_a_story_is_one_line_with_a_code(asked: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: Any) -> None:
        raise KeyError("a table\nwithout its column")

    monkeypatch.setattr("igrsim.app.stories.follow", fails)
    done = tell(asked.document(), {"kind": "person", "name": "median"}, "key")
    assert done[0] is None
    assert "E432" in done[1]
    assert "\n" not in done[1]


def test_a_folders_name_is_quoted_in_the_command(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "it's; a copy"
    shutil.copytree(saved, folder, ignore=shutil.ignore_patterns("figures"))
    story = story_of_folder(folder, Whose("municipality", "TT1"))
    assert shlex.split(story["command"])[2] == "results/it's; a copy"
