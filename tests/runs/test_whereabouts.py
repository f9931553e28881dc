"""Where keys stand: whatever way of writing TOML an author chose."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.runs.study import Whereabouts
from igrsim.runs.study.whereabouts import merged

pytestmark = pytest.mark.fast

TEXT = """\
title = 'a # b = "c"' # title = 2
top.dotted . "quoted key" = 1
[world]
scope = [ "DC15", # one
  'ETH',
]
text = \"\"\"
months = 3
\"\"\"
start = 2019-04-01
months = 3
[arms.hub]
set = { "district-hub.posts" = 3, a.b = [1, { c = 2 }] }
[arms."with.dot"]
months = 4
[[event]]
kind = "one"
[[event]]
kind = "two"
[event.more]
kind = "inner"
[other]
months = 5
"""


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("title", (1, 1), (1, 9)),
        ("top.dotted.quoted key", (2, 14), (2, 29)),
        ("top.dotted", (2, 5), (2, 5)),
        ("world", (3, 2), (3, 2)),
        ("world.scope", (4, 1), (4, 9)),
        ("world.scope.0", (4, 11), (4, 11)),
        ("world.scope.1", (5, 3), (5, 3)),
        ("world.scope.7", (4, 1), (4, 9)),
        ("world.months", (11, 1), (11, 10)),
        ("world.start", (10, 1), (10, 9)),
        ("world.nothing", (3, 2), (3, 2)),
        ("arms.hub.set", (13, 1), (13, 7)),
        ("arms.hub.set.district-hub.posts", (13, 9), (13, 32)),
        ("arms.hub.set.a.b", (13, 37), (13, 41)),
        ("arms.hub.set.a.b.1.c", (13, 47), (13, 51)),
        ("arms.with.dot.months", (15, 1), (15, 10)),
        ("event", (18, 3), (18, 3)),
        ("event.0.kind", (17, 1), (17, 8)),
        ("event.1.kind", (19, 1), (19, 8)),
        ("event.1.more.kind", (21, 1), (21, 8)),
        ("other.months", (23, 1), (23, 10)),
        ("nowhere", (1, 1), (1, 1)),
    ],
)
def test_keys_and_values_are_found(where: str, key: tuple[int, int], value: tuple[int, int]) -> None:
    tomllib.loads(TEXT)
    places = Whereabouts("study.toml", TEXT)
    for asked, wanted in ((False, key), (True, value)):
        spot = places.find(where.split("."), value=asked)
        assert spot.file == "study.toml"
        assert (spot.line, spot.column) == wanted


def test_what_is_not_found_in_a_study_is_found_in_what_it_extends() -> None:
    own = {"world": {"months": 3, "scope": ["a"]}, "event": [{"kind": "x"}]}
    base = {"world": {"start": 1, "scope": ["b", "c"]}, "event": [{"kind": "y", "date": 2}]}
    both, replaced = merged(base, own)
    assert both == {"world": {"start": 1, "months": 3, "scope": ["a"]}, "event": [{"kind": "x"}]}
    texts = (
        "[world]\nmonths = 3\nscope = ['a']\n[[event]]\nkind = 'x'\n",
        ("[world]\nstart = 1\nscope = ['b', 'c']\n[[event]]\nkind = 'y'\ndate = 2\n"),
    )
    assert [tomllib.loads(text) for text in texts] == [own, base]
    places = Whereabouts("own", texts[0]).over(Whereabouts("base", texts[1]), replaced)

    def at(where: str) -> tuple[str | None, int | None]:
        spot = places.find(where.split("."))
        return spot.file, spot.line

    assert at("world.months") == ("own", 2)
    assert at("world.start") == ("base", 2)
    # the base's list was replaced: what is wrong with the list is wrong here
    assert at("world.scope.1") == ("own", 3)
    assert at("event.0.date") == ("own", 4)
    assert at("world.nothing") == ("own", 1)
    given = places.set_by("-s world.start=2", "world.start")
    assert given.find(["world", "start"]).file == "-s world.start=2"
    assert given.find(["world", "start"]).line is None
    assert given.find(["world", "months"]).file == "own"


def test_a_character_within_a_text() -> None:
    places = Whereabouts("f", 'a = \'x < y\'\nb = """x"""\nc = "x \\u0041"\n')
    assert (places.inside(["a"], 3).line, places.inside(["a"], 3).column) == (1, 8)
    # where characters of the text are not those of the file, the value's beginning is told
    assert places.inside(["b"], 3).column == 5
    assert places.inside(["c"], 3).column == 5


words = st.text(alphabet="abc.-' \"\\\n#=[]{}", min_size=1, max_size=6)
data = st.recursive(
    st.integers() | st.booleans() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [at] if at else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += paths(inner, (*at, str(key)))
    return found


@given(st.dictionaries(words, data, max_size=4))
def test_every_key_of_any_data_is_found(given_data: dict[str, Any]) -> None:
    import tomli_w

    text = tomli_w.dumps(given_data)
    places = Whereabouts("f", text)
    for path in paths(tomllib.loads(text)):
        assert ".".join(path) in places._layers[0].places[0], (path, text)
