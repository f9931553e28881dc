"""The ODD protocol says what the code does: prose is tied to it, tables are made from it, and what moves is found."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from code_meaning import UnknownCodeError, digest, meaning
from odd_draws import all_draws
from odd_ties import UnreadableError, moved, read_section, stamp, untold

from igrsim.model import IGRModel, Scenario

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
ODD = ROOT / "docs" / "odd"


@pytest.fixture
def copy(tmp_path: Path) -> tuple[Path, Path]:
    """A copy of prose and code that a test may change."""
    shutil.copytree(ODD, tmp_path / "odd")
    shutil.copytree(SRC, tmp_path / "src", ignore=lambda _, names: [n for n in names if n in ("tables", "__pycache__")])
    return tmp_path / "odd", tmp_path / "src"


def change(src: Path, file: str, before: str, after: str) -> None:
    """Change a file of the package at the one place that says so."""
    path = src / "igrsim" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (file, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_all_prose_was_read_beside_the_code_as_it_is() -> None:
    assert list(moved(ODD, SRC)) == []


def test_every_phase_agent_and_module_is_described() -> None:
    assert list(untold(ODD, SRC)) == []


def test_the_page_is_what_prose_and_code_say() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_odd.py"), "--check"], capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_function_names_each_section_that_describes_it(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    change(src, "phases/decide.py", "rank < p.agenda * times[forum]", "rank <= p.agenda * times[forum]")
    said = dict(line.split(" describes ") for line in moved(odd, src))
    assert set(said) == {"docs/odd/forums.md", "docs/odd/background.md"}
    assert said["docs/odd/forums.md"] == (
        "igrsim.phases.decide, which has changed since it was last read: read it again, then "
        "python scripts/make_odd.py --read forums"
    )


def test_a_function_beside_the_one_described_changes_nothing(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    change(
        src,
        "phases/plan.py",
        "    date = world.clock.date(world.month)\n",
        "    date = world.clock.date(world.month + 1)\n",
    )
    assert {line.split()[0] for line in moved(odd, src)} == {"docs/odd/planning.md", "docs/odd/prediction.md"}


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("phases/settle.py", '"""Let some disputes end."""', '"""Let disputes end, or not."""'),
        ("phases/settle.py", "# the oldest of each space first", "# the youngest last"),
        ("phases/settle.py", "    hub.heard += hub.done", "    # a remark\n        hub.heard += hub.done"),
        ("phases/settle.py", "items.heard[mine] = world.month", "(items.heard[mine]) = (\n            world.month\n        )"),
        ("phases/settle.py", "def settle(world: World) -> None:", "def settle(world) -> object:"),
        ("phases/lending.py", "0.2, unit=\"share\", low=0.05, high=0.4", "0.2, unit=\"share\", low=0.1, high=0.4"),
        ("phases/zones.py", '"""Of longitude at the southern end', '"""At the southern end'),
    ],
)  # fmt: skip
def test_words_format_types_and_ranges_are_no_change(
    copy: tuple[Path, Path], file: str, before: str, after: str
) -> None:
    odd, src = copy
    change(src, file, before, after)
    assert list(moved(odd, src)) == []


def test_who_has_read_a_section_again_says_so(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    change(src, "phases/keep_up.py", "np.rint(60 * others * part * extent)", "np.rint(61 * others * part * extent)")
    assert len(list(moved(odd, src))) == 1
    stamp(odd, src, ["upkeep"])
    assert list(moved(odd, src)) == []


def test_a_phase_that_nobody_describes_is_found(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    (src / "igrsim" / "phases" / "feast.py").write_text("def feast(world):\n    return None\n", encoding="utf-8")
    change(src, "phases/__init__.py", "from igrsim.phases.forum_audit", "from igrsim.phases.feast import feast\nfrom igrsim.phases.forum_audit")  # fmt: skip
    change(src, "phases/__init__.py", "    learn,  #", "    feast,\n    learn,  #")
    lines = list(untold(odd, src))
    assert "phase igrsim.phases.feast.feast is described by no section of docs/odd" in lines
    assert "module igrsim.phases.feast is described by no section of docs/odd" in lines
    # and that the month has another order is for whoever wrote of the schedule
    assert [line.split()[0] for line in moved(odd, src)] == ["docs/odd/schedule.md"]


def test_a_kind_of_agent_that_nobody_describes_is_found(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    (src / "igrsim" / "government" / "king.py").write_text("class King(Actor):\n    pass\n", encoding="utf-8")
    assert list(untold(odd, src)) == ["agent igrsim.government.king.King is described by no section of docs/odd"]


def test_a_section_that_names_what_is_gone_is_found(copy: tuple[Path, Path]) -> None:
    odd, src = copy
    change(src, "phases/indaba.py", "def lay_side_by_side(", "def lay_down(")
    assert [line.split()[0] for line in moved(odd, src)] == ["docs/odd/plans-laid-together.md"]
    (src / "igrsim" / "phases" / "indaba.py").unlink()
    (line,) = moved(odd, src)
    assert line == "docs/odd/plans-laid-together.md describes igrsim.phases.indaba, which is no module, class or function of the code"  # fmt: skip
    with pytest.raises(UnknownCodeError):
        meaning("igrsim.phases", src)


def test_a_section_must_say_what_it_describes(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nWords.\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="must begin with"):
        read_section(tmp_path / "a.md")


@pytest.mark.fast
def test_the_same_code_means_the_same_on_every_python() -> None:
    code = 'def f(a: int, *, b: str = "x") -> str:\n    """Words."""\n    return f"{a:>{4}}{b!r}" f"{a}" + ("y" "z") if a else ""\n'
    same = 'import os\ndef f(a, *, b="x"):\n    return (\n        f"{a:>{4}}{b!r}{a}" + "yz"  # a remark\n        if a\n        else ""\n    )\n'
    assert digest(ast.parse(code)) == digest(ast.parse(same)) == "268a8ba5cd773f1a"
    assert digest(ast.parse(code)) != digest(ast.parse(code.replace("if a", "if b")))


def test_every_luck_that_a_world_draws_is_told_of() -> None:
    model = IGRModel(Scenario(regime="district-hub", scope="two-towns", citizens=50, months=14))
    model.run()
    drawn = set(model.world.draws._streams)
    assert len(drawn) > 50
    assert drawn <= {draw.purpose for draw in all_draws(SRC)}


def test_luck_whose_purpose_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "igrsim").mkdir()
    (tmp_path / "igrsim" / "odd_one.py").write_text("def f(world, name):\n    return world.draws[name].one(1)\n")
    with pytest.raises(UnreadableError, match="line 2 draws by a purpose"):
        all_draws(tmp_path)


def test_links_of_the_page_lead_somewhere() -> None:
    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(([^)\s]+)\)", text))
    assert len(links) > 100
    for link in links:
        file, _, place = link.partition("#")
        if file in ("", "odd.md"):
            assert place in headings, link
        else:
            assert (ROOT / "docs" / file).exists(), link
