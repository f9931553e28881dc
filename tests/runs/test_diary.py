"""A diary tells what was counted, to the minute, and changes nothing by being kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.government.municipality import JUNIOR, SENIOR, Invitation, Municipality
from igrsim.kernel.clock import Clock
from igrsim.model import IGRModel
from igrsim.phases.engagement import Meetings
from igrsim.regimes.regime import preset
from igrsim.runs.cell import CellSpec
from igrsim.runs.chosen import arms_by_regime, municipality_in
from igrsim.runs.diaries_compared import COLUMNS, Kept, differences, in_one_sentence, rows, sums
from igrsim.runs.diary import Diary, apportion, keep_diary
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.world import LOAD

SPEC = CellSpec(
    regime="district-hub-core",
    levers=("district-hub", "district-profile", "impact-zones", "one-plan", "spatial-budgeting"),
    rollout="all-at-once",
    rollout_digest="",
    scope=("DC44",),
    start="2019-04-01",
    months=14,
    citizens=400,
    params=(),
    seed=7,
    world=1,
)
SILOED = replace(SPEC, regime="siloed", levers=())
RETIRING = replace(SPEC, params=(("district-hub.retire", 1.0),))
WHOLE = replace(SPEC, regime="district-hub", levers=preset("district-hub").levers)


def lived(spec: CellSpec, witness: Diary | None = None) -> dict[str, bytes]:
    """Every count of a run, month after month."""
    model = IGRModel(spec.scenario(), seed=spec.seed, replication=spec.world)
    model.world.witness = witness
    found: dict[str, bytes] = {}

    def record(world: Any, counts: dict[str, Any]) -> None:
        for level, values in counts.items():
            for name, numbers in values.items():
                found[f"{level}.{name}"] = found.get(f"{level}.{name}", b"") + np.asarray(numbers).tobytes()
        for account, minutes in world.now.minutes.items():
            found[str(account)] = found.get(str(account), b"") + minutes.tobytes()
        if witness is not None:
            witness.close(world, counts)

    model.record = record
    model.run()
    return found


def test_being_watched_changes_no_number() -> None:
    diary = Diary(2)
    assert lived(SPEC, diary) == lived(SPEC)
    assert len(diary.months) == SPEC.months


@pytest.mark.parametrize("spec", [SILOED, SPEC, RETIRING, WHOLE], ids=["silos", "hub", "retired", "whole"])
@pytest.mark.parametrize("municipality", [0, 3])
def test_lines_sum_to_the_minute(spec: CellSpec, municipality: int) -> None:
    months = keep_diary(spec, municipality, 0, spec.months)
    assert [month.month for month in months] == list(range(14))
    for month in months:
        told = {
            "meeting_minutes": sum(m.sitting + m.preparation + m.travel for m in month.meetings),
            "report_minutes": sum(one.given for one in month.requests) + month.again_given + month.profile,
            "displaced_minutes": sum(m.displaced for m in month.meetings),
            "plan_minutes": month.planning,
            "invited": len(month.meetings),
            "attended": sum(m.sent != "nobody" for m in month.meetings),
        }
        assert told == {name: month.counted[name] for name in told}
        assert month.minutes == sum(month.counted[name] for name in LOAD)
        assert month.again_minutes >= month.again_given
        assert sum(len(one.indicators) for one in month.requests) + month.again - month.spared == month.sent
        for one in month.requests:
            assert one.minutes + 1 >= one.given >= 0
            assert len(one.indicators) >= one.before >= one.pooled
        for meeting in month.meetings:
            assert meeting.displaced <= meeting.minutes
            assert (meeting.why == "") == (meeting.sent != "nobody") == (meeting.minutes > 0)
            assert not meeting.decisions or meeting.quorate
    if municipality == 3 and spec is SILOED:
        # a small municipality runs out of hours now and then; the district, or one freed of channels, does not
        assert any(m.displaced for month in months for m in month.meetings)
    assert (sum(month.spared for month in months) > 0) == (spec is RETIRING)
    assert (sum(month.profile for month in months) > 0) == (spec is not SILOED)
    assert (sum(month.planning for month in months) > 0) == (spec is not SILOED)
    assert any("imbizo" in what for month in months for what in month.otherwise) == (spec is WHOLE)


def test_municipal_counts_do_not_depend_on_how_many_citizens_are_simulated() -> None:
    few, many = (lived(replace(SPEC, citizens=number)) for number in (30, 3000))
    municipal = [name for name in few if name.startswith("municipality.")]
    assert len(municipal) > 5
    assert {name: few[name] for name in municipal} == {name: many[name] for name in municipal}
    assert few != many
    assert keep_diary(SPEC, 1, 3, 6, citizens=30) == keep_diary(SPEC, 1, 3, 6, citizens=400)


def test_what_goes_beyond_the_hours_left_is_displaced() -> None:
    model = small_model()
    town = Municipality(model, code="X", index=0, space=0, kind="local", minutes=300, condition=0.5)
    asked = [Invitation(n, 5.0 - n, 120, n != 1, 0.0, 0.0) for n in range(5)]
    answers, displaced = town.answer(asked, busy=0, overrun=1.0, junior=0.0)
    assert displaced == 180
    meetings = Meetings.called(np.arange(5), np.zeros(5, int), np.zeros(5, bool), np.zeros((5, 1), bool), 1)
    diary = Diary(0)
    diary.invited(model.world, meetings, asked, answers, displaced)
    assert [(m.forum, sent, why, minutes, beyond) for m, sent, why, minutes, beyond in diary._went] == [
        (0, "senior", "", 120, 0),
        (1, "nobody", "unwilling", 0, 0),
        (2, "senior", "", 120, 0),
        (3, "senior", "", 120, 60),
        (4, "senior", "", 120, 120),
    ]
    answers, displaced = town.answer(asked, busy=300, overrun=0.0, junior=0.0)
    diary.invited(model.world, meetings, asked, answers, displaced)
    assert [why for _, _, why, _, _ in diary._went] == ["no hours left", "unwilling", *["no hours left"] * 3]
    assert (SENIOR, JUNIOR) == (2, 1)


@given(st.integers(0, 10**6), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_sharing_out_loses_nothing(total: int, shares: list[float]) -> None:
    parts = apportion(total, shares)
    assert sum(parts) == total
    assert min(parts) >= 0
    if sum(shares) > 1:
        assert all(abs(part - total * share / sum(shares)) <= 1 for part, share in zip(parts, shares, strict=True))


def test_diaries_side_by_side() -> None:
    clock = Clock(date(2019, 4, 1), 14)
    silos, hub = (tuple(keep_diary(spec, 0, 10, 3)) for spec in (SILOED, SPEC))
    diaries = [Kept("silos", silos), Kept("hub", hub)]
    table = rows(diaries, clock)
    assert all(tuple(row) == COLUMNS for row in table)
    for kept in diaries:
        mine = [row for row in table if row["arm"] == kept.arm]
        lines = [row for row in mine if row["kind"] not in ("month", "total", "difference")]
        assert sum(row["minutes"] for row in lines) == sums(kept).minutes
        assert [row["minutes"] for row in mine if row["kind"] == "total"] == [sums(kept).minutes]
        assert [row["month"] for row in mine if row["kind"] == "month"] == ["2020-02", "2020-03", "2020-04"]
    words = [told for arm, told in differences(diaries, clock) if arm == "hub"]
    assert words[0].startswith("In the months told, hub first differs from silos in 2020-02")
    assert any("Only under hub: Joint meeting called by the district hub" in told for told in words)
    assert differences([diaries[0], Kept("again", silos)], clock) == [
        ("again", "Nothing differs between again and silos in these months.")
    ]
    assert "in every arm" in in_one_sentence([diaries[0], Kept("again", silos)], "Umzimvubu")
    assert "under hub" in in_one_sentence(diaries, "Umzimvubu")


def test_arms_told_are_of_the_same_luck() -> None:
    chosen = arms_by_regime(["siloed", "district-hub-core"], world=3, future=5, scope="two-towns", months=20)
    assert [told.spec.world for told in chosen.runs] == [3, 3]
    first, second = (dict(told.spec.params) for told in chosen.runs)
    assert first == second
    assert len(first) > 20
    found = arms_by_regime(["siloed", "district-hub-as-found"], scope="two-towns", months=20).runs[1].spec
    assert dict(found.params)["district-hub.posts"] == 5
    row = municipality_in(chosen.geography, chosen.geography.municipalities.codes[1])
    assert row == 1
