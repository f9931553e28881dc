"""Every lesson has its seven parts, was executed in order, and says nothing of one machine or of a run long gone."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PARTS = (
    "1. Predict first",
    "2. A small run",
    "3. What came out",
    "4. A picture",
    "5. One (citizen|municipality)",
    "6. Questions for the room",
    "7. What the model leaves out",
)
PATHS = re.compile(r"/(?:tmp|home|root|Users|usr|opt|var)/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{6,}|ipykernel_")
KNOWN = re.compile(r"\b(?:19|20)\d\d\b|(?:section|lesson|objective) \d+(?:\.\d)?|^## \d\.", re.MULTILINE)
"""What a text may say in figures: years, a place in a source, a lesson's part. All else is for a cell to compute."""

pytestmark = pytest.mark.fast
each = pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)


def cells(file: Path, kind: str = "") -> list[dict[str, Any]]:
    found = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in ("", cell["cell_type"])]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def outputs(file: Path) -> list[dict[str, Any]]:
    return [out for cell in cells(file, "code") for out in cell["outputs"]]


def test_there_are_seven_and_the_readme_names_each() -> None:
    assert [file.name[0] for file in LESSONS] == list("1234567")
    readme = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\((\d_\w+\.ipynb)\)", readme) == [file.name for file in LESSONS]


@each
def test_a_lesson_has_its_parts_in_order(file: Path) -> None:
    heads = [line[3:] for cell in cells(file, "markdown") for line in source(cell).splitlines() if line[:3] == "## "]
    assert len(heads) == len(PARTS)
    assert all(re.fullmatch(part, head) for part, head in zip(PARTS, heads, strict=True)), heads


@each
def test_the_guess_comes_before_any_run_and_is_empty(file: Path) -> None:
    first = source(cells(file, "code")[0])
    (made,) = ast.parse(first).body
    assert isinstance(made, ast.Assign)
    assert first.startswith("my_guess = ")
    assert set(ast.literal_eval(made.value).values()) == {None}
    assert any("my_guess" in source(cell) for cell in cells(file, "code")[1:]), "nobody looks at the guess"


@each
def test_a_lesson_was_executed_in_order_and_nothing_failed(file: Path) -> None:
    code = cells(file, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = {out["output_type"] for out in outputs(file)}
    assert kinds <= {"execute_result", "display_data"}, "an error, a warning or a bare print"


@each
def test_a_lesson_shows_a_picture_with_words_and_a_story(file: Path) -> None:
    shown = [out["data"] for out in outputs(file) if "image/png" in out.get("data", {})]
    assert shown
    assert all("".join(data["text/plain"]).startswith("Picture: ") for data in shown)
    places = [k for k, cell in enumerate(cells(file)) if source(cell).startswith("## 5.")]
    after = cells(file)[places[0] :]
    assert any(re.search(r"igr\.(journey|diary|project)\(|story\.\w", source(cell)) for cell in after)


@each
def test_a_lesson_holds_no_words_of_one_machine(file: Path) -> None:
    found = json.loads(file.read_text(encoding="utf-8"))
    assert set(found["metadata"]) == {"kernelspec", "language_info"}
    assert all(not cell["metadata"] for cell in found["cells"])
    for out in outputs(file):
        for kind, text in out.get("data", {}).items():
            if kind.startswith("text/"):
                assert not PATHS.search("".join(text))


@each
def test_text_holds_no_number_that_a_run_gives(file: Path) -> None:
    for cell in cells(file, "markdown"):
        words = re.sub(r"`[^`]*`", "", source(cell))
        left = re.findall(r"\d[\d.,]*", KNOWN.sub("", words))
        assert not left, f"{left} in: {words[:80]}"


@each
def test_sentences_with_findings_are_computed(file: Path) -> None:
    code = "\n".join(source(cell) for cell in cells(file, "code"))
    assert "Markdown(" in code, "no sentence is computed"


def test_they_are_small() -> None:
    assert sum(file.stat().st_size for file in LESSONS) < 3_000_000
