"""How many small faults in the model the tests notice: seeded mutants of the core, each tried on the tests that reach its line.

A mutant is one changed operator, comparison, connective or whole number in the model (not in the declaration of a parameter, whose
values are data). It is killed when a test fails or no longer ends. Which tests reach a line is read from a coverage database with
contexts; compiled kernels, whose lines coverage does not see, are tried on the tests of their room and the exact run.

    python -m pytest -n 2 --cov=igrsim --cov-branch --cov-context=test --cov-report=
    python benchmarks/mutants.py --n 300 --lanes 2 --out mutants.json
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[1]
ROOMS = ("government", "services", "citizens", "plans", "world", "phases", "levers", "metrics", "regimes", "kernel")
COMPILED = ("citizens", "services")
"""Rooms with compiled kernels."""
EXACT = "tests/golden/test_golden.py"
MOST_TESTS = 60
SECONDS = 400
OPERATORS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
COMPARISONS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One small fault: where it is, and what stands there instead."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def applied(self, text: str) -> str:
        """The file with the fault in it."""
        lines = text.splitlines(keepends=True)
        line = lines[self.line - 1].encode()
        middle = line[self.start : self.end].decode().replace(self.before, self.after, 1)
        lines[self.line - 1] = (line[: self.start] + middle.encode() + line[self.end :]).decode()
        return "".join(lines)


def mutants_of(file: Path) -> list[Mutant]:
    """Every small fault that could stand in a file."""
    tree, name = ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOT).as_posix()
    declared = [
        (c.lineno, c.end_lineno or c.lineno)
        for c in ast.walk(tree)
        if isinstance(c, ast.ClassDef) and any(k.arg == "group" for k in c.keywords)
    ]
    annotations = {
        id(n)
        for c in ast.walk(tree)
        for a in ("annotation", "returns")
        if getattr(c, a, None)
        for n in ast.walk(getattr(c, a))
    }
    found = []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", None)
        if line is None or id(node) in annotations or any(a <= line <= b for a, b in declared):
            continue
        gap, swap = None, None
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            gap, swap = (node.left, node.right), OPERATORS[type(node.op)]
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
            gap, swap = (node.left, node.comparators[0]), COMPARISONS[type(node.ops[0])]
        elif isinstance(node, ast.BoolOp):
            gap = (node.values[0], node.values[1])
            swap = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        elif isinstance(node, ast.Constant) and type(node.value) is int and node.lineno == node.end_lineno:
            found.append(
                Mutant(name, line, node.col_offset, node.end_col_offset or 0, str(node.value), str(node.value + 1))
            )
        if gap and swap and gap[0].end_lineno == gap[1].lineno:
            start, end = gap[0].end_col_offset or 0, gap[1].col_offset
            found.append(Mutant(name, gap[1].lineno, start, end, *swap))
    texts = file.read_text(encoding="utf-8").splitlines()
    # an operand in brackets leaves no operator in the gap that was cut out
    return [m for m in found if m.before in texts[m.line - 1].encode()[m.start : m.end].decode()]


def reaching(database: Path, mutant: Mutant) -> list[str]:
    """Tests that reach a mutant's line, those of its own room first."""
    room = Path(mutant.file).parts[2].removesuffix(".py")
    with sqlite3.connect(database) as base:
        rows = base.execute(
            "select distinct context.context from arc join file on file.id = arc.file_id join context on context.id = arc.context_id "
            "where file.path like ? and (arc.fromno = ? or arc.tono = ?)", (f"%/{mutant.file}", mutant.line, mutant.line)
        ).fetchall()  # fmt: skip
    tests = sorted({context.partition("|")[0] for (context,) in rows if "::" in context})
    own = [t for t in tests if t.startswith(f"tests/{room}/")]
    others = [t for t in tests if t not in own and not t.startswith(EXACT)]
    random.Random(str(mutant)).shuffle(others)
    chosen = [*own[:MOST_TESTS], *(others[: max(MOST_TESTS - len(own), 10)])]
    if room in COMPILED:
        chosen = [*chosen, f"tests/{room}"]
    return [EXACT, *chosen]


def tried(mutant: Mutant, tests: list[str], lane: Path) -> str:
    """What becomes of a mutant: killed, timed out, or survived."""
    file = lane / mutant.file
    sound = file.read_text(encoding="utf-8")
    file.write_text(mutant.applied(sound), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(lane / "src")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        *tests,
    ]
    try:
        ended = subprocess.run(command, cwd=lane, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "timed out"
    finally:
        file.write_text(sound, encoding="utf-8")
    # 4 and 5: pytest found no such test, which is no test that failed
    return "survived" if ended.returncode == 0 else "not tried" if ended.returncode in (4, 5) else "killed"


def main() -> None:
    """Try a seeded sample and say what survived."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--n", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=20190821)
    arguments.add_argument("--lanes", type=int, default=2)
    arguments.add_argument("--coverage", type=Path, default=ROOT / ".coverage")
    arguments.add_argument("--out", type=Path, default=Path("mutants.json"))
    given = arguments.parse_args()
    files = [f for room in ROOMS for f in sorted((ROOT / "src/igrsim" / room).glob("*.py")) if f.name != "__init__.py"]
    every = [m for f in [ROOT / "src/igrsim/model.py", *files] for m in mutants_of(f)]
    chosen = random.Random(given.seed).sample(every, min(given.n, len(every)))
    print(f"{len(chosen)} of {len(every)} mutants in {len(files) + 1} files", flush=True)
    with tempfile.TemporaryDirectory() as work:
        lanes: SimpleQueue[Path] = SimpleQueue()
        for number in range(given.lanes):
            lane = Path(work) / str(number)
            for part in (
                "src",
                "tests",
                "experiments",
                "scripts",
                "docs",
                "pyproject.toml",
                "constraints.txt",
                "README.md",
                "CHANGELOG.md",
            ):
                if (ROOT / part).is_dir():
                    shutil.copytree(ROOT / part, lane / part)
                elif (ROOT / part).exists():
                    shutil.copy(ROOT / part, lane / part)
            lanes.put(lane)

        def one(mutant: Mutant) -> tuple[Mutant, str]:
            lane = lanes.get()
            try:
                return mutant, tried(mutant, reaching(given.coverage, mutant), lane)
            finally:
                lanes.put(lane)

        found = []
        with ThreadPoolExecutor(given.lanes) as pool:
            for mutant, end in pool.map(one, chosen):
                found.append({**asdict(mutant), "end": end})
                print(
                    f"{len(found):4d} {end:9s} {mutant.file}:{mutant.line} {mutant.before} -> {mutant.after}",
                    flush=True,
                )
                given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    killed = sum(row["end"] in ("killed", "timed out") for row in found)
    tried_now = sum(row["end"] != "not tried" for row in found)
    print(f"{killed} of {tried_now} noticed: {killed / max(tried_now, 1):.1%}")


if __name__ == "__main__":
    main()
