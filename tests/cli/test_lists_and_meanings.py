"""Lists, explanations and help: at once, plain where no terminal is, with the promised fields."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from igrsim.cli.app import KINDS
from igrsim.cli.explaining import explain_name
from igrsim.runs.catalogue import catalogue, make_catalogue
from small_study import igrsim, no_traceback, shell, write

FIELDS = {
    "levers": {"name", "summary", "seed", "touches", "costs", "rules", "params", "numbers"},
    "regimes": {"name", "title", "levers", "source"},
    "metrics": {"name", "family", "unit", "better", "meaning"},
    "params": {"name", "unit", "default", "low", "high", "grade", "source", "meaning"},
}


def test_the_catalogue_says_what_the_code_says() -> None:
    assert json.loads(json.dumps(make_catalogue())) == catalogue()


@pytest.mark.fast
@pytest.mark.parametrize("kind", KINDS)
def test_every_list_in_every_format(kind: str) -> None:
    rows = igrsim("list", kind, "--format", "json").table()
    assert len(rows) > 1
    assert all(FIELDS.get(kind, {"name"}) <= set(row) for row in rows)
    assert len({row["name"] for row in rows}) == len(rows)
    sheet = list(csv.DictReader(io.StringIO(igrsim("list", kind, "--format", "csv").out)))
    assert len(sheet) == len(rows)
    assert set(sheet[0]) == set(rows[0])
    assert not [cell for row in sheet for cell in row.values() if cell[:1] in ("=", "+", "@")]
    shown = igrsim("list", kind)
    assert shown.code == 0
    assert "\x1b" not in shown.out + shown.err
    if kind != "spaces":
        assert "\u2026" not in shown.out


@pytest.mark.fast
def test_params_say_how_many_are_assumed() -> None:
    said = igrsim("list", "params")
    assert "are assumed: no published figure was found" in said.err


@pytest.mark.fast
@pytest.mark.parametrize("kind", ["levers", "metrics", "params", "regimes", "sources"])
def test_every_name_is_explained(kind: str) -> None:
    cited = {row["name"]: row["citation"] for row in catalogue()["sources"]}
    for row in catalogue()[kind]:
        found = explain_name(f"{kind[:-1]}:{row['name']}")
        assert found["name"] == row["name"]
        # a lever's way of working is told under the name that a regime's has, its choices among its numbers
        assert set(row) - {"touches", "params"} <= set(found)
        for key in str(row.get("source", "")).split(";"):
            if key in cited:
                assert cited[key] in found["cited"]
    assert igrsim("explain", f"{kind[:-1]}:{row['name']}", "--format", "json").table() == [
        json.loads(json.dumps(found))
    ]
    tall = igrsim("explain", f"{kind[:-1]}:{catalogue()[kind][0]['name']}").out
    assert tall.splitlines()[0].split() == ["name", catalogue()[kind][0]["name"]]


@pytest.mark.fast
def test_a_lever_is_explained_with_its_rules_and_numbers() -> None:
    (found,) = igrsim("explain", "lever:regulated-plan", "--format", "json").table()
    rules = {r["rule"]: r for r in found["rules"]}
    assert list(rules) == ["duty", "binding"]
    assert rules["duty"]["theme"] == "authority"
    assert rules["duty"]["meaning"].startswith("Duty to take part")
    assert [r["by_choice"] for r in rules.values()] == ["", "regulated-plan.binding"]
    known = {p["name"]: p for p in catalogue()["params"]}
    assert found["numbers"][0]["name"] == "regulated-plan.binding"
    assert found["numbers"][0]["meaning"].endswith("(a choice)")
    assert "authority.duty" in {n["name"] for n in found["numbers"]}
    for number in found["numbers"]:
        for column in ("default", "unit", "low", "high", "grade", "source"):
            assert number[column] == known[number["name"]][column]
    told = igrsim("explain", "lever:regulated-plan").out
    for words in ("mechanism  ", "costs  ", "limits  ", "cited  ", "rules:", "numbers:", "authority.duty", "log odds"):
        assert words in told
    (sheet,) = csv.DictReader(io.StringIO(igrsim("explain", "lever:regulated-plan", "--format", "csv").out))
    assert sheet["rules"] == "duty, binding"


@pytest.mark.fast
def test_a_regime_is_explained_with_what_each_of_its_levers_is() -> None:
    summaries = {row["name"]: row["summary"] for row in catalogue()["levers"]}
    for row in catalogue()["regimes"]:
        (found,) = igrsim("explain", f"regime:{row['name']}", "--format", "json").table()
        assert found["levers"] == [{"name": name, "summary": summaries[name]} for name in row["levers"]]
    told = igrsim("explain", "regime:district-hub-core").out
    for words in ("mechanism  ", "costs  ", "limits  ", "levers:", summaries["impact-zones"]):
        assert words in told


@pytest.mark.fast
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "lever"], "did you mean 'levers'"),
        (["list"], "Missing argument"),
        (["explain", "lever:one-plam"], "did you mean 'one-plan'"),
        (["explain", "levr:one-plan"], "did you mean 'lever'"),
        (["explain", "param:"], "unknown param ''"),
        (["explain", "nowhere"], "holds no finished study"),
        (["report", "nowhere"], "holds no finished study"),
        (["rnu"], "No such command 'rnu'"),
        (["run"], "Missing argument"),
        (["run", "none.toml", "--colour"], "No such option"),
        (["run", "none.toml"], "none.toml: error E131: cannot be read"),
        (["list", "levers", "--format", "xml"], "'xml' is not one of"),
        (["compare"], "Missing argument"),
        (["compare", "silod"], "did you mean 'siloed'"),
        (["compare", "siloed", "--start", "2019-02-31"], "a date, written 2019-04-01, is needed"),
        (["compare", "siloed", "--months", "0"], "--months"),
        (["compare", "siloed", "--worlds", "0"], "--worlds"),
        (["compare", "siloed", "--seed", "-1"], "--seed"),
        (["compare", "siloed", "--workers", "x"], "whole number"),
        (["compare", "siloed", "--workers", "0"], "workers must be 1 to 1024"),
        (["compare", "siloed", "--citizens", "0"], "citizens must be at least 1"),
        (["compare", "siloed", "--citizens", "1.000"], "--citizens 1.000"),
        (["compare", "siloed", "--scope", "two-town"], "did you mean 'two-towns'"),
        (["compare", "district-hub-core", "--rollout", "none.csv"], "none.csv: error E120"),
    ],
)
def test_a_wrong_command_is_refused_in_one_line(arguments: list[str], words: str) -> None:
    said = igrsim(*arguments)
    no_traceback(said, 2)
    assert words in said.err
    assert "error E" in said.err


@pytest.mark.fast
def test_nothing_asked_shows_the_help() -> None:
    said = igrsim()
    assert said.code == 2
    assert "Usage: igrsim" in said.out
    assert igrsim("--help").code == 0
    for name in ("run", "compare", "plan", "check", "report", "list", "explain", "demo", "validate"):
        assert name in said.out
        assert igrsim(name, "--help").code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["list", "params"], ["check"]], ids=["help", "list", "check"])
def test_help_lists_and_checks_answer_at_once(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    if arguments == ["check"]:
        arguments = ["check", str(write(tmp_path_factory.mktemp("study")))]
    # what takes a second is waking the model; seconds themselves are measured in the benchmarks, not here
    said = shell(*arguments)
    assert said.code == 0, said.err


def test_a_check_wakes_neither_kernels_nor_agents_nor_pictures(tmp_path_factory: pytest.TempPathFactory) -> None:
    import subprocess
    import sys

    study = str(write(tmp_path_factory.mktemp("study")))
    code = f"import sys; from igrsim.cli import main; main(['check', {study!r}]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scipy", "numba", "mesa", "matplotlib"} & set(loaded)


def test_lists_do_not_wake_the_model() -> None:
    import subprocess
    import sys

    code = "import sys; from igrsim.cli import main; main(['list', 'levers', '--format', 'csv']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "numba", "mesa", "matplotlib"} & set(loaded)


def test_a_console_without_the_letters_and_with_forced_colours() -> None:
    said = shell("list", "sources", PYTHONIOENCODING="ascii", FORCE_COLOR="1")
    assert said.code == 0, said.err
    assert "Traceback" not in said.err
    assert "\x1b" not in said.out + said.err


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    import subprocess

    from small_study import command

    with subprocess.Popen(
        command("list", "params", "--format", "json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as asked:
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdout.read(10)
        asked.stdout.close()
        complaint = asked.stderr.read().decode()
        asked.wait(timeout=30)
    assert "Traceback" not in complaint
    assert "BrokenPipe" not in complaint


def test_the_package_run_as_a_module_is_the_same_command() -> None:
    runs = [subprocess.run([sys.executable, "-m", "igrsim", *words], capture_output=True, encoding="utf-8", check=False)
            for words in (["list", "regimes", "--format", "csv"], ["list", "regims"])]  # fmt: skip
    said = igrsim("list", "regimes", "--format", "csv")
    assert (runs[0].returncode, runs[0].stdout) == (said.code, said.out)
    assert runs[1].returncode == 2
    assert "did you mean 'regimes'?" in runs[1].stderr
