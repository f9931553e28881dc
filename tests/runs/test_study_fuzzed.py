"""Studies and tables changed at random: accepted, and then the same when run again, or refused in one line; nothing else.

``FUZZED_EXAMPLES=20000 python -m pytest tests/runs/test_study_fuzzed.py`` tries more, other ones each time.
"""

from __future__ import annotations

import copy
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed.cases import BASE, CALIBRATED, FORUMS, FUTURES, POINTS, ROLLOUT, STUDY

from igrsim.cli import one_line
from igrsim.kernel.errors import InputError
from igrsim.runs.study import Study, check_places, read_study, write_resolved

pytestmark = pytest.mark.fast

MANY = os.environ.get("FUZZED_EXAMPLES")
fuzzed = settings(
    max_examples=int(MANY or 60),
    derandomize=not MANY,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)

FULL = f"""{STUDY}
[arms.thin]
extends = "hub"
set = {{ district-hub.posts = 2 }}
add = [{{ lever = "bursary-scheme" }}]
shared_hubs = [["DC36", "ETH"]]
[[exclude]]
arms = ["thin"]
when = "travel.fare_per_km > 1 and not trust.initial < 0.2"
[[event]]
kind = "lockdown"
date = 2019-05-01
until = 2019-05-20
services = ["sassa"]
[[event]]
kind = "demand-surge"
date = 2019-05-01
need = "disability_grant"
times = 4
[[check]]
it = "arms are identical before the first wave"
expect = "abs(diff) == 0 while month < first_wave"
metric = "meeting_hours"
[ladder]
arm = "thin"
permutations = 4
""".replace('[ladder]\narm = "thin"', '[ladder]\narm = "hub"').replace('arms = ["thin"]\nwhen', "when").replace('drop = ["one-plan"]\n', "")  # fmt: skip
GRID = re.sub(
    r"(?s)n = 2\nvary = [^\n]*\n",
    'method = "grid"\nvalues = { travel.fare_per_km = [0.8, 1.0], "trust.initial" = [0.3, 0.4] }\n',
    FULL,
)
SOBOL = re.sub(r"(?s)\[\[exclude\]\].*?(?=\[\[event\]\]\nkind = .lockdown)", "", FULL).replace(
    "n = 2\n", 'method = "sobol"\nn = 4\n'
)
STOPS = STUDY.replace(
    "worlds = 2", 'worlds = { min = 2, max = 6 }\nstop = { on = "meeting_hours", half_width = 0.5 }'
).replace("audit = false", "audit = false\nmargin = { meeting_hours = 1.0 }")
STARTS = [STUDY, FULL, GRID, SOBOL, STOPS, BASE]
TABLES = {
    "points.csv": (POINTS, "months = 3", 'months = 3\npoints = "points.csv"'),
    "forums.csv": (FORUMS, "months = 3", 'months = 3\nforums = "forums.csv"'),
    "rollout.csv": (ROLLOUT, '"all-at-once"', '"rollout.csv"'),
    "futures.csv": (FUTURES, STUDY[STUDY.index("n = 2") : STUDY.index("[repl")], 'method = "table"\ntable = "futures.csv"\n'),
    "calibrated.toml": (CALIBRATED, "months = 3", 'months = 3\ncalibration = "calibrated.toml"'),
    "base.toml": (BASE, 'title = "Two towns"', 'title = "Two towns"\nextends = "base.toml"'),
}  # fmt: skip
ODD = ["", "=x", "../x", "a\nb", "<b>", "é", "none.csv", "nan"]
WORDS = [*sorted(set(re.findall(r"[A-Za-z_][\w.-]+", FULL + GRID))), *ODD]

NAMES = [
    "siloed", "district-hub", "district-hub-core", "one-stop", "mandated-hub", "hub", "thin", "pilots", "two-towns", "DC15", "ETH",
    "imbizo", "leadership", "one-plan", "bursary-scheme", "district-hub-as-found", "travel.fare_per_km", "trust.initial", "meeting_hours",
    "report_hours", "all-at-once", "ddm-2019-plan", "lhs", "sobol", "morris", "grid", "zip", "table", "none", "crossed", "cycled", "all",
    "everyone", "auto", "province:Gauteng", "country", "election", "lockdown", "budget-shock", "need-ranked", "incremental", "2019-05-01",
    "trust.initial > 0.4", "travel.fare_per_km < 1 or trust.initial >= 0.3", "1 < 2", "assumed",
]  # fmt: skip

scalars = (
    st.sampled_from(WORDS)
    | st.text(max_size=8)
    | st.integers(-5, 5)
    | st.sampled_from([10**9, 10**30, -(10**18), 2**63, 2**64])
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from([0.5, 1.0, -0.1, 50.0, 1e300])
    | st.booleans()
    | st.dates(date(1, 1, 1), date(9999, 12, 31))
    | st.datetimes()
    | st.times()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=6,
)


def slots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every table or list in some data with each of its keys or places."""
    for key, inner in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(inner, dict | list):
            yield from slots(inner)


def near(value: Any) -> st.SearchStrategy[Any]:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int | float):
        return st.sampled_from([0, 1, 2, 3, 4, 8, 16, 0.0, 0.3, 0.5, 0.9, 1.0, 1.1, -1, -0.5, 50, 600, 10_000, 1e6])
    if isinstance(value, str):
        return st.sampled_from(NAMES)
    if isinstance(value, date):
        return st.sampled_from(
            [date(2019, 4, 1), date(2019, 5, 1), date(2019, 6, 30), date(2018, 1, 1), date(2031, 1, 1)]
        )
    if isinstance(value, list):
        return st.lists(st.sampled_from([*value, *NAMES[:20]]), max_size=3)
    if isinstance(value, dict) and value:
        # a table in another order
        return st.permutations(list(value.items())).map(dict)
    return st.just(value)


@st.composite
def changed_studies(draw: st.DrawFn) -> str:
    """A study with a few keys dropped, renamed, repeated or given other values."""
    data = copy.deepcopy(tomllib.loads(draw(st.sampled_from(STARTS))))
    for _ in range(draw(st.integers(1, 3))):
        found = list(slots(data))
        if not found:
            break
        table, key = draw(st.sampled_from(found))
        # mostly what is nearly right: an unknown key hides every other fault
        how = draw(st.sampled_from([*["near"] * 9, "drop", "value", "rename", "copy", "more", "swap"]))
        if how == "near":
            table[key] = draw(near(table[key]))
        elif how == "drop":
            del table[key]
        elif how == "value":
            table[key] = draw(values)
        elif how == "swap":
            other, place = draw(st.sampled_from(found))
            table[key] = (
                copy.deepcopy(other[place]) if place in (other if isinstance(other, dict) else range(len(other))) else 0
            )
        elif isinstance(table, list):
            table.insert(key, copy.deepcopy(table[key]) if how == "copy" else draw(values))
        elif how == "rename":
            table[draw(st.sampled_from(WORDS) | st.text(max_size=6))] = table.pop(key)
        else:
            table[draw(st.sampled_from(WORDS))] = copy.deepcopy(table[key]) if how == "copy" else draw(values)
    return tomli_w.dumps(data)


@st.composite
def changed_bytes(draw: st.DrawFn, start: str) -> bytes:
    """A text with a few of its bytes or lines dropped, repeated, replaced."""
    raw = start.encode()
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(raw)))
        end = min(len(raw), begin + draw(st.integers(0, 12)))
        how = draw(st.sampled_from(["drop", "insert", "replace", "repeat", "line"]))
        if how == "line":
            lines = raw.split(b"\n")
            one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
            lines.insert(one, lines[other])
            raw = b"\n".join(lines)
            continue
        new = {
            "drop": b"",
            "repeat": raw[begin:end] * 2,
            "insert": raw[begin:end] + draw(snippets),
            "replace": draw(snippets),
        }[how]
        raw = raw[:begin] + new + raw[end:]
    return raw


snippets = (
    st.binary(max_size=6)
    | st.sampled_from([b'"', b"'", b"[", b"]", b"{", b"}", b"=", b",", b";", b"\n", b"\r\n", b"#", b".", b"-", b"_", b"nan", b"1e400",
                       b'"""', b"\xef\xbb\xbf", b"\x00", b"\xff", b"0x", b"9" * 40, b"=1+1", b"<b>", b"\t", b"\xe2\x80\xa8"])
    | st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass"))
)  # fmt: skip


def tried(files: dict[str, bytes]) -> None:
    """Read a study as the command line does: it is accepted, or refused in one line."""
    before = os.getcwd()
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        os.chdir(folder)
        try:
            study = accepted(Path("study.toml"))
            if study is not None:
                the_same_again(study)
        finally:
            os.chdir(before)


def accepted(file: Path) -> Study | None:
    try:
        study, _ = read_study(file)
        check_places(study)
    except InputError as error:
        fault = error
    else:
        return study
    said = one_line(str(fault))
    assert re.match(r"([^:]+(:[0-9]+(:[0-9]+)?)?: )?error E[0-9]{3}: .", said), said
    assert fault.file, said
    assert len(said) < 700, said
    return None


def the_same_again(study: Study) -> None:
    text = write_resolved(study)
    file = Path("resolved.toml")
    file.write_text(text, encoding="utf-8")
    again = read_study(file)[0]
    assert again.resolved() == study.resolved()
    assert write_resolved(again) == text


def test_what_is_changed_was_in_order() -> None:
    for text in STARTS:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "study.toml"
            file.write_text(text, encoding="utf-8")
            assert accepted(file) is not None


@fuzzed
@given(changed_studies())
def test_a_study_with_other_keys_and_values(text: str) -> None:
    tried({"study.toml": text.encode("utf-8", "replace")})


@fuzzed
@given(st.sampled_from(STARTS).flatmap(changed_bytes))
def test_a_study_with_other_bytes(raw: bytes) -> None:
    tried({"study.toml": raw})


@fuzzed
@given(st.sampled_from(sorted(TABLES)).flatmap(lambda name: st.tuples(st.just(name), changed_bytes(TABLES[name][0]))))
def test_a_table_with_other_bytes(change: tuple[str, bytes]) -> None:
    name, raw = change
    _, key, instead = TABLES[name]
    tried({"study.toml": STUDY.replace(key, instead, 1).encode(), name: raw})
