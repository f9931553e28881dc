"""From a study's folder alone: what its differences depend on, in tables, words and a picture; and the study that goes on."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from igrsim import views
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import all_params
from igrsim.report.sensitivity_in_words import sensitivity_in_words
from igrsim.results.results import Results
from igrsim.runs.futures import triangular
from igrsim.runs.lock import held
from igrsim.runs.seal import broken_seals
from igrsim.runs.sensitivity import open_studied, place_in_range, that_matter, write_sensitivity
from made_up_futures import VARIED, write_futures
from small_study import STUDY, igrsim, no_traceback, write

WEIGHTS = np.array([1.0, 3.0, 0.0, 2.0])


def linear(places: np.ndarray) -> np.ndarray:
    return places @ WEIGHTS


def test_places_are_those_the_futures_were_made_from() -> None:
    u = np.linspace(0, 1, 21)
    for name in VARIED:
        p = all_params()[name]
        for mode in (p.default, p.low, p.high):
            found = place_in_range(np.array(triangular(u, p, mode)), p.low, mode, p.high)
            assert found == pytest.approx(u, abs=1e-6)


def test_a_screening_of_a_linear_difference_is_exact_and_not_that_of_the_level(tmp_path: Path) -> None:
    studied = open_studied(write_futures(tmp_path, "morris", 4, linear))
    table, shares = write_sensitivity(studied)
    mine = table[(table["metric"] == "meeting_hours")].set_index(["of", "parameter"])
    assert mine.loc["difference", "index"][VARIED].to_numpy() == pytest.approx(WEIGHTS)
    assert mine.loc["level", "index"][VARIED].to_numpy() == pytest.approx([1, 0, 0, 0])
    assert mine.loc["difference", "rank"][VARIED].tolist() == [3, 1, 4, 2]
    assert that_matter(table, 2) == ["travel.fare_per_km", "planning.error"]
    assert len(that_matter(table, 20)) == 3, "a number that changes nothing does not matter"
    assumed = shares[(shares["metric"] == "meeting_hours") & (shares["share_of"] == "assumed")].iloc[0]
    assert assumed["estimate"] == pytest.approx(13 / 14)
    assert pd.read_csv(tmp_path / "sensitivity.csv").shape == table.shape


def test_a_failed_run_is_counted_and_said(tmp_path: Path) -> None:
    folder = write_futures(tmp_path, "morris", 4, linear)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[runs["cell"] != 2].to_parquet(folder / "runs.parquet")
    write_sensitivity(open_studied(folder))
    told = {(s.metric.name, s.of): " ".join(s.sentences) for s in sensitivity_in_words(Results(folder))}
    assert "1 of 4 trajectories left out" in told["meeting_hours", "difference"]
    assert "93" in told["meeting_hours", "difference"]


def test_sobol_says_what_measuring_would_take_away(tmp_path: Path) -> None:
    folder = write_futures(tmp_path, "sobol", 128, linear)
    write_sensitivity(open_studied(folder))
    results = Results(folder)
    said = {(s.metric.name, s.of, s.method): s for s in sensitivity_in_words(results)}
    words = " ".join(said["meeting_hours", "difference", "sobol"].sentences)
    assert "Measuring travel.fare_per_km exactly would at least halve it on average" in words
    assert "The other" not in words or "stood at their defaults" in words
    assert "from published figures" in words
    nothing = said["hours_per_need", "difference", "sobol"]
    assert not nothing.drawn
    assert "none of the 4 numbers varied changes this difference" in nothing.sentences[0]
    figure = views.sensitivity(results, "meeting_hours", results.arms[1])
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["travel.fare_per_km", "planning.error", "trust.initial"]
    assert len(views.sensitivity(results, "hours_per_need", results.arms[1]).axes) == 1


def test_pawn_is_kept_from_a_design_whose_values_recur(tmp_path: Path) -> None:
    """Futures of a block are not independent: by the chance of independent ones every number that does nothing would be named."""
    table, shares = write_sensitivity(open_studied(write_futures(tmp_path, "sobol", 32, linear)))
    assert set(table["method"]) == set(shares["method"]) == {"sobol"}


def test_several_worlds_tell_luck_from_numbers(tmp_path: Path) -> None:
    folder = write_futures(tmp_path, "sobol", 32, linear, worlds=3, luck=3.0)
    _, shares = write_sensitivity(open_studied(folder))
    luck = shares[(shares["share_of"] == "luck of worlds") & (shares["of"] == "difference")].set_index("metric")
    told = " ".join(s for one in sensitivity_in_words(Results(folder)) for s in one.sentences)
    assert "is luck, or numbers and luck together" in told
    _, screened = write_sensitivity(open_studied(write_futures(tmp_path, "morris", 4, linear, worlds=3, luck=3.0)))
    assert "luck of worlds" not in set(screened["share_of"]), "steps of a screening have no variance to share out"
    assert luck.loc["meeting_hours", "estimate"] == pytest.approx(9 / (9 + 14 / 12), abs=0.05)


@pytest.mark.parametrize(
    ("method", "n", "pairing", "words"),
    [
        ("lhs", 20, "crossed", "at least 48"),
        ("lhs", 20, "cycled", "at least 48"),
        ("morris", 4, "cycled", "luck looks like"),
    ],
)
def test_futures_that_cannot_tell_say_so(tmp_path: Path, method: str, n: int, pairing: str, words: str) -> None:
    folder = write_futures(tmp_path, method, n, linear, pairing=pairing)
    with pytest.raises(InputError, match=words):
        write_sensitivity(open_studied(folder))
    assert sensitivity_in_words(Results(folder)) == []
    no_traceback(igrsim("sensitivity", folder), 2)


def test_pawn_on_a_hypercube_names_the_strongest(tmp_path: Path) -> None:
    folder = write_futures(tmp_path, "lhs", 100, lambda places: 5 * places[:, 3], pairing="cycled")
    table, _ = write_sensitivity(open_studied(folder))
    mine = table[(table["metric"] == "meeting_hours") & (table["of"] == "difference")]
    assert mine[mine["beyond_chance"]]["parameter"].tolist() == ["planning.error"]
    words = " ".join(s for told in sensitivity_in_words(Results(folder)) for s in told.sentences)
    assert "planning.error (assumed) moves the distribution of this difference" in words


SCREENED = STUDY.replace(
    "n = 2", 'method = "morris"\nn = 2\nvary = ["engagement.base_attendance", "engagement.overrun", "trust.initial"]'
).replace("worlds = 2", "worlds = 1")


def test_from_a_screening_to_a_study_of_the_numbers_that_matter(
    tmp_path: Path,
) -> None:
    done = igrsim("run", write(tmp_path, SCREENED), "--out", tmp_path / "out", "--format", "json")
    assert done.code == 0, done.err
    effects = pd.read_csv(done.folder / "effects.csv")
    judged = effects[effects["verdict"] != "exactly no difference"]
    assert set(judged["verdict"][judged["difference"].notna()]) == {"not judged: a screening design"}
    assert judged[["low", "p", "futures_low"]].isna().all(axis=None)
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "is not judged on" in page
    assert "None is given: the futures are steps of a screening" in page
    assert "A single pair of runs" not in page
    first = (done.folder / "sensitivity.csv").read_bytes()
    onward = tmp_path / "onward.toml"
    told = igrsim("sensitivity", done.folder, "--screen", 1, "--blocks", 8, "--to", onward, "--format", "json")
    assert told.code == 0, told.err
    assert (done.folder / "sensitivity.csv").read_bytes() == first, "the same bytes from the folder alone"
    # what an earlier version may have written otherwise is sealed again, and another run at work is heeded
    (done.folder / "sensitivity.csv").write_bytes(b"otherwise")
    assert igrsim("sensitivity", done.folder).code == 0
    assert not list(broken_seals(done.folder))
    with held(done.folder.parent):
        no_traceback(igrsim("sensitivity", done.folder), 3)
    best = {row["parameter"]: row["index"] for row in told.table() if row["metric"] == "meeting_hours"}
    assert best["engagement.base_attendance"] > 0
    study = tomllib.loads(onward.read_text(encoding="utf-8"))
    assert study["futures"] == {
        "method": "sobol", "n": 8, "pairing": "crossed", "vary": [study["futures"]["vary"][0]],
    }  # fmt: skip
    assert igrsim("check", onward).code == 0
    no_traceback(igrsim("sensitivity", done.folder, "--screen", 1, "--blocks", 12), 2)


@pytest.mark.parametrize("further", ['[ladder]\narm = "hub"\n', "worlds = { min = 2, max = 8 }"])
def test_nothing_that_needs_a_verdict_rests_on_a_screening(tmp_path: Path, further: str) -> None:
    text = SCREENED.replace("worlds = 1", further) if further.startswith("worlds") else SCREENED + further
    said = igrsim("check", write(tmp_path, text))
    no_traceback(said, 2)
    assert "E247" in said.err
