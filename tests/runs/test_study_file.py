"""A study file as its author may get it wrong: one line with the place and the right spelling, exit code 2."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.runs.study import make_study, read_study, write_resolved
from small_study import STUDY, igrsim, no_traceback, write

pytestmark = pytest.mark.fast

HUB = 'regime = "district-hub-core"'
SILOS = 'regime = "siloed"'
MONTHS = "months = 3"
SCOPE = 'scope = "two-towns"'
FUTURES = "n = 2"
WORLDS = "worlds = 2"

# what of the study is replaced, by what, and the line and words of the answer
WRONG = {
    "unknown key": (MONTHS, "mnths = 3", 4, "unknown key 'world.mnths' (did you mean 'months'?)"),
    "unknown key at the top": ('title = "Two', 'titel = "Two', 1, "unknown key 'titel' (did you mean 'title'?)"),
    "unknown key of an arm": (SILOS, f"{SILOS}\nlever = []", 8, "unknown key 'arms.siloed.lever'"),
    "unknown table": ("[futures]", "[future]", 11, "unknown key 'future' (did you mean 'futures'?)"),
    "key with a line break": (MONTHS, '"a\\nb" = 3', 4, "unknown key 'world.a\\nb'"),
    "key with a colour": (MONTHS, '"\\u001b[31mred" = 3', 4, "unknown key 'world.\\x1b[31mred'"),
    "key twice": (MONTHS, f"{MONTHS}\n{MONTHS}", 5, "is no TOML: a key stands twice"),
    "table twice": ("[replication]", "[world]", 13, "is no TOML: table 'world' stands twice"),
    "word for a number": (MONTHS, 'months = "three"', 4, "world.months = 'three'"),
    "truth for a number": (MONTHS, "months = true", 4, "world.months = True"),
    "fraction of a month": (MONTHS, "months = 2.5", 4, "world.months = 2.5"),
    "number for a word": ('title = "Two towns"', "title = 2", 1, "title = 2"),
    "no months": (MONTHS, "months = 0", 4, "world.months = 0"),
    "very many months": (MONTHS, f"months = {10**30}", 4, "at most 600 is needed"),
    "31 February": (MONTHS, "months = 3\nstart = 2019-02-31", 5, "is no TOML: there is no such date"),
    "31 February in quotes": (MONTHS, 'months = 3\nstart = "2019-02-31"', 5, "world.start = '2019-02-31'"),
    "hour for a day": (MONTHS, "months = 3\nstart = 2019-02-01T09:00:00", 5, "world.start = 2019-02-01T09:00:00"),
    "middle of a month": (MONTHS, "months = 3\nstart = 2019-02-02", 5, "first day of a month"),
    "end of time": (MONTHS, "months = 600\nstart = 9999-12-01", 5, "between 1900 and 2200"),
    "year 1": (MONTHS, "months = 3\nstart = 0001-01-01", 5, "between 1900 and 2200"),
    "ends too late": (MONTHS, "months = 600\nstart = 2199-01-01", 5, "between 1900 and 2200"),
    "nobody": ("citizens = 60", "citizens = 0", 5, "citizens must be at least 1"),
    "all of them": ("citizens = 60", 'citizens = "all"', 5, "world.citizens = 'all'"),
    "negative seed": (WORLDS, f"{WORLDS}\nseed = -1", 15, "replication.seed = -1"),
    "seed too large": (WORLDS, f"{WORLDS}\nseed = {2**64}", 15, "replication.seed"),
    "no worlds": (WORLDS, "worlds = 0", 14, "replication.worlds = 0"),
    "no futures": (FUTURES, "n = 0", 12, "futures.n = 0"),
    "10^9 cells": (
        f"{FUTURES}\n[replication]\n{WORLDS}",
        'n = 10000\npairing = "crossed"\n[replication]\nworlds = 100000',
        15,
        "2000000000 cells = 2 arms x 1000000000 pairs",
    ),
    "unknown method": (FUTURES, 'method = "lsh"', 12, "(did you mean 'lhs'?)"),
    "unknown scope": (SCOPE, 'scope = "two-town"', 3, "unknown scope 'two-town' (did you mean 'two-towns'?)"),
    "empty scope": (SCOPE, 'scope = ""', 3, "unknown scope ''"),
    "no space": (SCOPE, "scope = []", 3, "no space is given"),
    "unknown space": (SCOPE, 'scope = ["DC15", "DC99"]', 3, "unknown space 'DC99'"),
    "unknown province": (SCOPE, 'scope = "province:Gautneg"', 3, "(did you mean 'Gauteng'?)"),
    "unknown regime": (HUB, 'regime = "district-hub-cor"', 9, "(did you mean 'district-hub-core'?)"),
    "unknown roll-out": ('"all-at-once"', '"all-at-onec"', 10, "(did you mean 'all-at-once'?)"),
    "unknown lever": (HUB, f'{HUB}\nadd = ["one-plam"]', 10, "unknown lever 'one-plam' (did you mean 'one-plan'?)"),
    "unknown lever dropped": (HUB, f'{HUB}\ndrop = ["one-plam"]', 10, "(did you mean 'one-plan'?)"),
    "lever that is there": (HUB, f'{HUB}\nadd = ["district-hub"]', 10, "'district-hub' is there already"),
    "lever twice": (SILOS, f'{SILOS}\nadd = ["one-plan", "one-plan"]', 8, "'one-plan' is there already"),
    "lever that is not there": (SILOS, f'{SILOS}\ndrop = ["one-plan"]', 8, "is not in regime 'siloed'"),
    "unknown parameter": (HUB, f'{HUB}\nset = {{ "district-hub.post" = 3 }}', 10, "(did you mean 'district-hub.posts'?)"),
    "parameter outside": (HUB, f'{HUB}\nset = {{ "district-hub.posts" = -3 }}', 10, "-3 posts is outside 0 to 22"),
    "not a number": (HUB, f'{HUB}\nset = {{ "district-hub.posts" = nan }}', 10, "a finite number is needed"),
    "1e400": (HUB, f'{HUB}\nset = {{ "district-hub.posts" = 1e400 }}', 10, "a finite number is needed"),
    "number in quotes": (HUB, f'{HUB}\nset = {{ "district-hub.posts" = "11" }}', 10, "district-hub.posts = '11'"),
    "choice among futures": (FUTURES, 'vary = ["district-hub.retire"]', 12, "is a choice of policy"),
    "unknown among futures": (FUTURES, 'vary = ["district-hub.retir"]', 12, "unknown parameter"),
    "unknown metric": (
        "audit = false",
        'audit = false\nprimary = ["meeting_hour"]',
        19,
        "unknown metric 'meeting_hour' (did you mean 'meeting_hours'?)",
    ),
    "fewest above most": (WORLDS, "worlds = { min = 9, max = 3 }", 14, "min = 9 is more than max = 3"),
    "no whole round of futures": (
        'n = 2\n[replication]\nworlds = 2',
        'n = 8\n[replication]\nworlds = { min = 12, max = 15 }',
        14,
        "no whole round of 8 futures ends between min = 12 and max = 15 worlds: max = 16 or more is needed",
    ),
    "threads that hang": ("workers = 1", 'executor = "threads"\ncell_minutes = 5', 17, "threads cannot be ended"),
    "inline that hangs": ("workers = 1", 'executor = "inline"\ncell_minutes = 5', 17, "inline cannot be ended"),
    "most worlds missing": (WORLDS, "worlds = { min = 9 }", 14, "'replication.worlds.max' is missing"),
    "misspelt fewest": (WORLDS, "worlds = { mn = 2, max = 3 }", 14, "'replication.worlds.mn' (did you mean 'min'?)"),
    "stop and a fixed number": (
        WORLDS,
        f"{WORLDS}\nstop = {{ on = 'meeting_hours', half_width = 1.0 }}",
        15,
        "stop is for a number of worlds that is not fixed",
    ),
    "stop on what there is not": (
        WORLDS,
        "worlds = { min = 2, max = 4 }\nstop = { on = 'meeting_hour', half_width = 1.0 }",
        15,
        "(did you mean 'meeting_hours'?)",
    ),
    "stop at nought": (
        WORLDS,
        "worlds = { min = 2, max = 4 }\nstop = { on = 'meeting_hours', half_width = 0 }",
        15,
        "more than 0 is needed",
    ),
    "unknown metric with a margin": (
        "audit = false",
        "margin = { meeting_hour = 1.0 }",
        18,
        "unknown metric 'meeting_hour' (did you mean 'meeting_hours'?)",
    ),
    "margin of nought": ("audit = false", "margin = { meeting_hours = 0 }", 18, "more than 0 is needed"),
    "margin without end": ("audit = false", "margin = { meeting_hours = inf }", 18, "finite number"),
    "unknown adjustment": ("audit = false", 'adjust = "bonferroni"', 18, '"holm" or "none" is needed'),
    "metric named twice": ("audit = false", 'primary = ["meeting_hours", "meeting_hours"]', 18, "is named twice"),
    "no workers": ("workers = 1", "workers = 0", 16, "workers must be 1 to 1024"),
    "two references": ('rollout = "all', f'reference = true\n[arms.more]\nreference = true\n{SILOS}\nrollout = "all', 6, ""),
    "formula as an arm": ("[arms.hub]", '[arms."=hub"]', 8, "letters, digits"),
    "path as an arm": ("[arms.hub]", '[arms."../hub"]', 8, "letters, digits"),
    "long value": (MONTHS, f'months = "{"x" * 90_000}"', 4, "..."),
    "deep value": ('title = "Two towns"', f"title = {'[' * 90}{']' * 90}", 1, "..."),
    "zero byte": ("Two towns", "Two\0towns", 1, "is no TOML: Illegal character"),
    "half a letter": ("Two towns", "\\ud800", 1, "is no TOML"),
    "no such points": (MONTHS, f'{MONTHS}\npoints = "none.csv"', None, "none.csv: error E120: there is no such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_study_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    given, instead, line, words = WRONG[case]
    assert given in STUDY
    file = write(tmp_path, STUDY.replace(given, instead, 1))
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert words in said.err
    assert len(said.err) < 400 + len(str(file))
    if case == "two references":
        assert "two arms say that they are the reference" in said.err
    elif line is not None:
        assert re.match(rf"{re.escape(str(file))}:{line}:[0-9]+: error E", said.err), said.err


EVENTS = """
[[event]]
kind = "election"
date = 2019-05-01

[[event]]   # a surge
kind = "demand-surge"
date = 2019-05-01
need = "disability_grant"
times = 4
"""
KIND = 'kind = "election"'
# what of the events is replaced, by what, and the line among theirs and the words of the answer
WRONG_EVENTS = {
    "unknown kind": (KIND, 'kind = "electon"', 3, "unknown kind of event 'electon' (did you mean 'election'?)"),
    "no kind": (f"{KIND}\n", "", 2, "'event.0.kind' is missing (known: budget-shock,"),
    "no date": ("date = 2019-05-01\n\n", "", 2, "'event.0.date' is missing"),
    "unknown key": ("times", "tims", 10, "unknown key 'event.1.tims' (did you mean 'times'?)"),
    "another kind's key": ("times = 4", "times = 4\nuntil = 2019-06-01", 11, "unknown key 'event.1.until'"),
    "no size": ("times = 4", "", 6, "either times or people"),
    "two sizes": ("times = 4", "times = 4\npeople = 9", 6, "either times or people"),
    "too many times": ("times = 4", "times = 400", 10, "event.1.times = 400: at most 50 is needed"),
    "no number": ("times = 4", "times = nan", 10, "finite number"),
    "too many people": ("times = 4", "people = 40_000", 10, "more than a tenth a month of the 60000"),
    "unknown need": ("disability_grant", "disability_grnt", 9, "(did you mean 'disability_grant'?)"),
    "unknown space": ("times = 4", 'times = 4\nspaces = ["DC366"]', 11, "unknown space 'DC366' (did you mean 'DC36'?)"),
    "unknown province": ("times = 4", 'times = 4\nprovinces = ["Gautneg"]', 11, "(did you mean 'Gauteng'?)"),
    "unknown municipality": ("times = 4", 'times = 4\nmunicipalities = ["TTT1"]', 11, "unknown municipality 'TTT1'"),
    "unknown office": (KIND, 'kind = "office-closes"\noffice = "sassa-TTB"', 4, "(did you mean 'sassa-TT-B'?)"),
    "no month": (KIND, 'kind = "office-closes"\noffice = "sassa-TT-B"\nmonths = 0', 5, "event.0.months = 0"),
    "share beyond": (KIND, 'kind = "budget-shock"\nshare = -1.1', 4, "at least -1 is needed"),
    "unknown sphere": (KIND, 'kind = "budget-shock"\nshare = 0\nsphere = "local"', 5, "'local': \"nation\", \"province\" or \"municipality\" is needed"),
    "unknown sector": (KIND, 'kind = "budget-shock"\nshare = 0\nsectors = ["watr"]', 5, "(did you mean 'water'?)"),
    "reversed": (KIND, 'kind = "lockdown"\nuntil = 2019-04-30', 4, "event.0.until = 2019-04-30: lies before the date"),
    "before the start": ("2019-05-01\nneed", "2019-03-31\nneed", 8, "event on 2019-03-31: lies before the start"),
    "31 February": ("2019-05-01\nneed", '"2019-02-31"\nneed', 8, "event.1.date = '2019-02-31'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_EVENTS)
def test_a_wrong_event_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    given, instead, line, words = WRONG_EVENTS[case]
    assert given in EVENTS
    file = write(tmp_path, STUDY + EVENTS.replace(given, instead, 1))
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert words in said.err
    assert re.match(rf"{re.escape(str(file))}:{len(STUDY.splitlines()) + line}:[0-9]+: error E", said.err), said.err


def test_events_are_accepted_resolved_and_read_again(tmp_path: Path) -> None:
    file = write(tmp_path, STUDY + EVENTS)
    assert igrsim("check", file).code == 0
    study, _ = read_study(file)
    assert [event.kind for event in study.event] == ["election", "demand-surge"]
    text = write_resolved(study)
    again, _ = read_study(write(tmp_path, text, "resolved.toml"))
    assert again == study.model_copy(update={"arms": again.arms, "runtime": again.runtime})
    assert write_resolved(again) == text
    inline = text.replace("times = 4", "times = -4")
    said = igrsim("check", write(tmp_path, inline, "inline.toml"))
    no_traceback(said, 2)
    assert "event.1.times = -4" in said.err
    assert "event" not in write_resolved(read_study(write(tmp_path, name="none.toml"))[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# nothing yet\n", "is empty"),
        (b'title = "x"\n', "'arms' is missing"),
        (b'title = "x"\n[arms]\n', "at least one arm"),
        (b'title = "x"\narms = ["siloed"]\n', "arms = ['siloed']"),
        (STUDY.encode("utf-16"), "is not UTF-8 text"),
        (STUDY.encode("utf-16-le"), "is no TOML"),
        (STUDY.replace("Two", "Tw\u00e9").encode("latin-1"), "is not UTF-8 text"),
        (STUDY.replace("\n", "\r").encode(), "is no TOML"),
        (b"title = " + b"[" * 100_000, "is no TOML"),
        (b"\xff" * 9, "is not UTF-8 text"),
    ],
    ids=[
        "empty", "only a comment", "no arms", "empty arms", "a list of arms", "UTF-16", "UTF-16 without mark", "Latin-1",
        "old Mac line ends", "deep nesting", "not text",
    ],
)  # fmt: skip
def test_a_file_that_is_no_study_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "study.toml"
    file.write_bytes(content)
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert words in said.err
    assert str(file) in said.err


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    with file.open("wb") as handle:
        handle.truncate(100_000_000)
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert "larger than" in said.err


def test_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "this is a folder"), (tmp_path / "none.toml", "cannot be read")):
        said = igrsim("check", path)
        no_traceback(said, 2)
        assert words in said.err


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + STUDY.encode(), STUDY.replace("\n", "\r\n").encode()])
def test_windows_habits_are_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "study.toml"
    file.write_bytes(content)
    assert read_study(file)[0] == read_study(write(tmp_path, name="plain.toml"))[0]


def test_defaults() -> None:
    study = make_study({"title": "x", "arms": {"siloed": {"regime": "siloed"}}})
    assert (study.world.scope, study.world.start, study.world.months) == ("country", date(2019, 4, 1), 60)
    assert (study.futures.method, study.futures.n, study.replication.worlds) == ("lhs", 8, 10)
    assert study.reference == "siloed"


def test_the_reference_is_the_arm_that_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, STUDY.replace(HUB, f"{HUB}\nreference = true"))
    assert read_study(file)[0].reference == "hub"


def test_overrides(tmp_path: Path) -> None:
    study, text = read_study(
        write(tmp_path),
        ["world.months=7", 'world.scope=["DC15"]', "world.start=2020-04-01", "title=A name", "futures.n=5",
         "arms.siloed.add=['spatial-budgeting']"],
    )  # fmt: skip
    assert (study.world.months, study.world.scope, study.title) == (7, ["DC15"], "A name")
    assert (study.world.start, study.futures.n) == (date(2020, 4, 1), 5)
    assert study.arms["siloed"].add == ["spatial-budgeting"]
    assert text == STUDY


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("world.months", "write key=value"),
        ("=3", "write key=value"),
        ("title.x=3", "'title' is no table"),
        ("world.mnths=3", "(did you mean 'months'?)"),
        ("world.months=three", "world.months = 'three'"),
        ("world=3", "world = 3"),
        ("x=" + "[" * 5000, "unknown key 'x'"),
    ],
)
def test_wrong_overrides_are_refused(tmp_path: Path, override: str, words: str) -> None:
    said = igrsim("check", write(tmp_path), "-s", override)
    no_traceback(said, 2)
    assert words in said.err


def test_resolved_reads_as_the_same_study(tmp_path: Path) -> None:
    study, _ = read_study(write(tmp_path, STUDY.replace(HUB, f'{HUB}\nset = {{ "district-hub.retire" = 1 }}')))
    text = write_resolved(study)
    again, _ = read_study(write(tmp_path, text, "resolved.toml"))
    assert again.resolved() == study.resolved()
    assert write_resolved(again) == text


def test_an_error_has_a_place_and_a_stable_number() -> None:
    error = InputError("no", file="a.toml", line=3, column=7, code="E142")
    assert str(error) == "a.toml:3:7: error E142: no"
