"""A roll-out in one line: the same as its file, and refused in one line where it is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography
from igrsim.places.scopes import geography_of
from igrsim.regimes.rollout import plan_rollout
from igrsim.regimes.schedule_line import LONGEST, is_line, write_line

CLOCK = Clock(date(2019, 4, 1), 60)
LINE = "2019-04: DC44 NMA; 2021-10: BUF"


def test_a_line_starts_spaces_when_its_file_does(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("space,start\nDC44,2019-04-01\nNMA,2019-04-01\nBUF,2021-10-01\n", encoding="utf-8")
    part, country = geography_of("province:Eastern Cape"), load_geography()
    line, table = (plan_rollout(name, part, CLOCK, country) for name in (LINE, str(file)))
    assert (line.start, line.stages, line.limits) == (table.start, table.stages, table.limits)
    assert sorted({month for month in line.start if month is not None}) == [0, 30]
    # a space that is not named never joins
    assert line.start.count(None) == len(part.spaces) - 3


def test_the_same_dates_give_the_same_line() -> None:
    assert write_line({"2021-10": ["BUF"], "2019-04": ["NMA", "DC44"], "2020-04": []}) == LINE
    assert is_line(LINE)
    assert not any(is_line(name) for name in ("ddm-2019-plan", "plan.csv", "2019.csv", "C:plan.toml"))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2019-04: DC44;", "E425"),
        ("2019-13: DC44", "E425"),
        ("0000-01: DC44", "E425"),
        ("2019-04: DC44, NMA", "E425"),
        ("2019-04: ", "E425"),
        ("2019-04: DC44; 2020-04: ../x", "E425"),
        ("2019-04: DC44/../plan.csv", "E425"),
        ("2019-04: DC44\n2020-04: NMA", "E425"),
        ("2019-04: " + "DC44 " * LONGEST, "E425"),
        ("2019-04: DC444", "E114"),
        ("2019-04: DC44; 2020-04: DC44", "E115"),
    ],
)
def test_what_is_no_line_is_refused(line: str, code: str) -> None:
    country = load_geography()
    with pytest.raises(InputError, match=code) as refused:
        plan_rollout(line, country, CLOCK, country)
    assert "\n" not in str(refused.value)
