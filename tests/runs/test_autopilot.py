"""A study whose number of worlds is not fixed: when it looks, when it stops, what it says, and that it finds its way again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from igrsim.report.autopilot_in_words import autopilot_in_words
from igrsim.results.effects import LEVEL, effect
from igrsim.results.results import CAP, Results
from igrsim.runs import session
from igrsim.runs.autopilot import DECIDED, DECIDED_OTHERS, HOPELESS, PRECISE, decided, reason_to_stop
from igrsim.runs.layout import lay_out
from igrsim.runs.manifest import study_digest
from igrsim.runs.study import make_study, read_study
from igrsim.runs.study.size import looks_of, pairs_of
from small_study import STUDY, Said, igrsim, no_traceback, tables, without_report, write

RANGE = STUDY.replace("worlds = 2", "worlds = { min = 3, max = 5 }").replace("n = 2", "n = 5")


def made(fewest: int, most: int, **changes: Any) -> Any:
    arms = {"a": {"regime": "siloed"}, "b": {"regime": "district-hub-core"}}
    worlds = {"replication": {"worlds": {"min": fewest, "max": most}}, "world": {"scope": "two-towns"}}
    return make_study({"title": "x", "arms": arms, **worlds, **changes})


@pytest.mark.fast
@pytest.mark.parametrize(
    ("fewest", "most", "futures", "looks"),
    [
        (20, 200, {"method": "none"}, (20, 40, 80, 160, 200)),
        (20, 20, {"method": "none"}, (20,)),
        # worlds go round the futures: every look has each equally often
        (20, 200, {"n": 8}, (24, 48, 96, 192, 200)),
        (20, 199, {"n": 8}, (24, 48, 96, 192)),
        (2, 100, {"n": 32}, (32, 64, 96)),
        # a future for every world
        (20, 100, {"n": 101}, (20, 40, 80, 100)),
        (20, 100, {"n": 100}, (20, 40, 80, 100)),
        (20, 100, {"n": 99}, (99,)),
        # every world with every future
        (3, 10, {"n": 8, "pairing": "crossed"}, (3, 6, 10)),
    ],
)
def test_when_a_study_looks(fewest: int, most: int, futures: dict[str, Any], looks: tuple[int, ...]) -> None:
    study = made(fewest, most, futures=futures)
    assert looks_of(study) == looks
    assert pairs_of(study) == looks[-1] * (8 if "pairing" in futures else 1)
    assert made(3, 10).replication.seed == 20190821


@pytest.mark.fast
def test_which_folder_a_study_has_does_not_depend_on_when_it_stops(tmp_path: Path) -> None:
    study, _ = read_study(write(tmp_path, RANGE))
    digests = {study_digest(lay_out(study, worlds)) for worlds in looks_of(study)}
    assert len(digests) == 1
    assert len(lay_out(study).cells) == 10
    assert len(lay_out(study, 3).cells) == 6
    other, _ = read_study(write(tmp_path, RANGE.replace("max = 5", "max = 4")))
    assert study_digest(lay_out(other, 3)) not in digests


def contrast(**changes: Any) -> dict[str, Any]:
    return {"contrast": "primary", "metric": "meeting_hours", "decided": True, "half_width": 2.0, "pairs": 3} | changes


@pytest.mark.fast
def test_why_a_study_stops() -> None:
    study = made(3, 10)
    assert reason_to_stop(study, [contrast(), contrast()]) == DECIDED
    assert reason_to_stop(study, [contrast(), contrast(decided=False)]) == ""
    assert reason_to_stop(study, [contrast(), contrast(decided=False, contrast="exploratory")]) == DECIDED
    replication = {"worlds": {"min": 3, "max": 10}, "stop": {"on": "meeting_hours", "half_width": 2.0}}
    asked = made(3, 10, replication=replication)
    # the precision of every arm, whatever is decided, and that alone
    assert reason_to_stop(asked, [contrast(), contrast(decided=False)]) == PRECISE
    assert reason_to_stop(asked, [contrast(), contrast(half_width=2.1)]) == ""
    assert reason_to_stop(asked, [contrast(half_width=None)]) == ""
    assert reason_to_stop(asked, [contrast(), contrast(metric="ties", half_width=9.0)]) == PRECISE


@pytest.mark.fast
def test_what_no_run_can_tell_is_not_decided() -> None:
    study, lost = made(3, 10), contrast(pairs=0, decided=False, half_width=None)
    assert reason_to_stop(study, []) == reason_to_stop(study, [lost, lost]) == HOPELESS
    assert reason_to_stop(study, [contrast(), lost]) == DECIDED_OTHERS
    assert reason_to_stop(study, [contrast(decided=False), lost]) == ""
    replication = {"worlds": {"min": 3, "max": 10}, "stop": {"on": "meeting_hours", "half_width": 2.0}}
    assert reason_to_stop(made(3, 10, replication=replication), [lost]) == HOPELESS


@pytest.mark.fast
@pytest.mark.parametrize("gap", [0.0, 1.0])
def test_pairs_that_are_all_alike_settle_nothing_by_being_few(gap: float) -> None:
    def after(worlds: int, last: bool = False, futures: int = 1) -> bool:
        count = np.arange(worlds * futures)
        found = effect(
            np.ones(len(count)),
            np.full(len(count), 1.0 + gap),
            "neither",
            futures=count % futures,
            worlds=count // futures,
        )
        return decided(vars(found) | {"p_adjusted": found.p, "p_equal_adjusted": found.p_equal}, last)

    assert [after(worlds) for worlds in (2, 5, 6)] == [False, False, True]
    assert after(2, last=True)
    # two worlds in eight futures each are two worlds
    assert not after(2, futures=8)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("undisturbed")
    said = igrsim("run", write(folder, RANGE), "--out", folder / "out")
    assert said.code == 0, said.err
    return said


def test_a_study_that_goes_on_to_its_cap(undisturbed: Said) -> None:
    results = Results(undisturbed.folder)
    about = results.manifest["autopilot"]
    assert about["looks"] == [3, 5]
    assert (about["taken"], about["worlds"], about["why"]) == (2, 5, CAP)
    assert about["level_each_look"] == pytest.approx(LEVEL / 2)
    assert results.manifest["worlds"] == 5
    assert len(results.design) == 10
    # what the last look saw is what the tables say
    effects = results.effects().set_index("metric")
    for found in about["contrasts"]:
        row = effects.loc[found["metric"]]
        assert found["half_width"] == pytest.approx(
            (row["mean_high"] - row["mean_low"]) / 2, abs=1e-3 * abs(row["mean"])
        )
        assert found["verdict"] == row["verdict"]
    states = {found["metric"]: found["decided"] for found in about["contrasts"]}
    assert states["hours_per_need"]
    assert not all(states.values())
    words = autopilot_in_words(results)
    assert words in undisturbed.err
    assert "5 of at most 5 worlds, after 2 looks of at most 2" in words
    assert "Not decided: hub in" in words
    assert "Number of worlds" in (undisturbed.folder / "report.html").read_text(encoding="utf-8")


def test_interrupted_between_looks_it_finds_its_way_again(
    tmp_path: Path, undisturbed: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = session.compute_missing, []

    def interrupted(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    study, out = write(tmp_path, RANGE), tmp_path / "out"
    monkeypatch.setattr(session, "compute_missing", interrupted)
    assert igrsim("run", study, "--out", out).code == 130
    monkeypatch.undo()
    without_report(monkeypatch)
    again = igrsim("run", study, "--out", out)
    assert again.code == 0, again.err
    assert again.folder.name == undisturbed.folder.name
    assert Results(again.folder).manifest["run"]["computed"] == 10 - 6
    aside = ("manifest.json", "report.html", "study.toml", "ro-crate-metadata.json")

    def told(said: Said) -> dict[str, str]:
        found = tables(said.folder)
        return {n: text for n, text in found.items() if n not in aside and not n.startswith("figures")}

    mine, theirs = told(again), told(undisturbed)
    assert {n: text for n, text in mine.items() if n in theirs and theirs[n] != text} == {}
    assert len(mine) > 15
    both = [Results(said.folder).manifest["autopilot"] for said in (again, undisturbed)]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("settings", "why", "worlds"),
    [
        # three pairs, all alike, settle nothing while more may come
        (("analysis.primary=['hours_per_need']",), DECIDED, 4),
        (("replication.stop={on='meeting_hours',half_width=1e6}",), PRECISE, 3),
        (("replication.stop={on='hours_per_need_both',half_width=1e6}",), PRECISE, 3),
        # decided at once, and not what was asked
        (
            ("analysis.primary=['hours_per_need']", "replication.stop={on='meeting_hours',half_width=1e-9}"),
            CAP,
            4,
        ),
    ],
)
def test_when_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, ...], why: str, worlds: int
) -> None:
    without_report(monkeypatch)
    options = [part for setting in settings for part in ("-s", setting)]
    text = RANGE.replace("max = 5", "max = 4")
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out", *options)
    assert said.code == 0, said.err
    about = Results(said.folder).manifest["autopilot"]
    assert (about["why"], about["worlds"]) == (why, worlds)
    assert f"Autopilot: {worlds} of at most 4 worlds" in said.err
    assert igrsim("verify", said.folder, "--cells", 1).code == 0


def test_a_fixed_number_of_worlds_has_no_autopilot_and_a_range_no_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    said = igrsim("run", write(tmp_path, STUDY), "--out", tmp_path / "out")
    assert "autopilot" not in Results(said.folder).manifest
    assert autopilot_in_words(Results(said.folder)) == ""
    refused = igrsim("run", write(tmp_path, RANGE), "--out", tmp_path / "out", "--shard", "1/2")
    no_traceback(refused, 2)
    assert "cannot be shared out" in refused.err


def test_the_plan_says_from_how_many_to_how_many(tmp_path: Path) -> None:
    rows = {row["what"]: row["value"] for row in igrsim("plan", write(tmp_path, RANGE), "--format", "json").table()}
    assert rows["cells"].startswith("at most 10 = 2 arms x 5 pairs")
    assert rows["worlds"] == f"3 to 5: looks after 3, 5; stops once {DECIDED}"
    assert " to " in rows["minutes"]
    options = ["-s", "futures.n=8", "-s", "replication.worlds={min=9,max=30}", "--format", "json"]
    rows = {row["what"]: row["value"] for row in igrsim("plan", write(tmp_path, RANGE), *options).table()}
    assert rows["worlds"].startswith("16 to 24: looks after 16, 24;")
    assert rows["worlds"].endswith("max = 30 is rounded down to whole rounds of the futures")
