"""When spaces start: the plan of 2019 by its published sizes, and a user's own table with its faults."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography, two_towns
from igrsim.regimes.rollout import plan_rollout

pytestmark = pytest.mark.fast

CLOCK = Clock(date(2019, 4, 1), 24)


def test_the_2019_plan_has_its_published_sizes() -> None:
    country = load_geography()
    start = plan_rollout("ddm-2019-plan", country, CLOCK, country).start
    kinds = [(month, kind) for month, kind in zip(start, country.spaces.kinds, strict=True)]
    # the waves of 1 and of 15 November fall into one month
    assert Counter(kinds) == {
        (4, "district"): 1,
        (5, "district"): 1,
        (5, "metro"): 1,
        (6, "district"): 10,
        (6, "metro"): 4,
        (7, "district"): 32,
        (7, "metro"): 3,
    }


def test_beyond_the_pilots_the_poorest_come_first() -> None:
    country = load_geography()
    spaces, start = country.spaces, plan_rollout("ddm-2019-plan", country, CLOCK, country).start
    for kind in ("district", "metro"):
        rest = [
            (month, float(poor))
            for month, poor, is_kind in zip(start, spaces.poor_share, spaces.kinds, strict=True)
            if is_kind == kind and month >= 6
        ]
        assert min(p for m, p in rest if m == 6) >= max(p for m, p in rest if m == 7)


def test_doses_of_the_2019_plan() -> None:
    country = load_geography()
    plan = plan_rollout("ddm-2019-plan", country, CLOCK, country)
    first = country.spaces.index["DC15"]
    assert plan.start[first] == plan.first == 4
    assert [plan.dose(first, month) for month in (3, 4, 20)] == [0.0, 1.0, 1.0]
    part = country.subset(["DC15", "ETH"])
    assert plan_rollout("ddm-2019-plan", part, CLOCK, country).start == (4, 5)
    # a study that starts later finds the hubs there
    assert plan_rollout("ddm-2019-plan", part, Clock(date(2021, 4, 1), 3), country).start == (0, 0)
    assert plan_rollout("ddm-2019-plan", two_towns(), CLOCK, country).start == (12,)


def read(tmp_path: Path, content: str | bytes) -> tuple[int | None, ...]:
    file = tmp_path / "waves.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    country = load_geography()
    return plan_rollout(str(file), country.subset(["DC15", "ETH"]), CLOCK, country).start


@pytest.mark.parametrize(
    "content",
    [
        "space,start\nDC15,2019-06-15\n",
        'start,space,note\n2019-06-01,DC15,"first, of all"\n',
        "\ufeffSpace,Start\r\nDC15,2019-06\r\n\r\n",
        "space,start\nDC15,2019-06-30\nDC36,2019-07-01\n",
    ],
)
def test_a_users_table_is_read(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == (2, None)


def test_a_start_before_the_study_is_its_first_month(tmp_path: Path) -> None:
    assert read(tmp_path, "space,start\nDC15,1994-04-27\nETH,2099-01-01\n") == (0, 956 + 1)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", None, "the file is empty"),
        ("space,start\n", None, "no rows"),
        ("space\tstart\nDC15\t2019-06-01\n", 1, "divided by tabs"),
        ("space,begin\nDC15,2019-06-01\n", 1, "column 'start' is missing"),
        ("space,start\nDC15,2019-06-01\nDC15,2019-07-01\n", 3, "stands twice"),
        ("space,start\nDC99,2019-06-01\n", 2, "unknown space 'DC99'"),
        ("space,start\ndc15,2019-06-01\n", 2, "unknown space 'dc15'"),
        ("space,start\nDC15\n", 2, "1 cells where the header has 2"),
        ("space,start\nDC15,2019-06-01,more\n", 2, "3 cells where the header has 2"),
        ("space,start\nDC15,2019-02-31\n", 2, "start '2019-02-31' is no date"),
        ("space,start\nDC15,01/06/2019\n", 2, "is no date"),
        ("space,start\nDC15,\n", None, "no space starts"),
        ("space,start\nDC15,=TODAY()\n", 2, "is no date"),
        ("space,start\n=DC15,2019-06-01\n", 2, "unknown space '=DC15'"),
        ("space,start\n\"DC15\n", 2, "not a CSV table"),
        ("space,start\n" + "D" * 200_000 + ",x\n", 2, "not a CSV table"),
        ("space,start\n<b>$\u00e9,2019-06-01\n", 2, "unknown space"),
        ("a\0b", None, "zero bytes"),
        ("space,start\nDC15,2019-06-01\n".encode("utf-16"), None, "not UTF-8"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, line: int | None, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert words in caught.value.message
    assert caught.value.file == str(tmp_path / "waves.csv")
    assert caught.value.line == line


def test_no_table_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    country = load_geography()
    for name, words in ((str(tmp_path / "none.csv"), "no such file"), ("ddm-2019", "did you mean 'ddm-2019-plan'")):
        with pytest.raises(InputError, match=words):
            plan_rollout(name, country, CLOCK, country)
