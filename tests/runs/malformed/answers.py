"""What the command line answers to each malformed case, beside what it once answered; run as a script, it writes that down."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from malformed.cases import CASES, Case  # noqa: E402

from small_study import Said, igrsim  # noqa: E402

GOLDEN = Path(__file__).with_name("answers.txt")
MARK = "\n    "


def answer(case: Case, folder: Path) -> tuple[Said, float]:
    """The answer to a case, and the seconds of its own that it took."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    if case.prepare:
        case.prepare(folder)
    before = os.getcwd()
    os.chdir(folder)
    try:
        begun = time.process_time()
        said = igrsim(*case.command)
        return said, time.process_time() - begun
    finally:
        os.chdir(before)


def known() -> dict[str, str]:
    """What was answered once, by case."""
    entries = GOLDEN.read_text(encoding="utf-8").split("\n\n") if GOLDEN.exists() else []
    return dict(entry.strip("\n").split(MARK, 1) for entry in entries if MARK in entry)  # type: ignore[misc]


def main() -> None:
    """Write the answers down, and print those that differ."""
    old, new = known(), {}
    for name, case in CASES.items():
        with TemporaryDirectory() as folder:
            new[name] = answer(case, Path(folder))[0].err.strip("\n")
        if new[name] != old.get(name):
            print(f"{name}\n  - {old.get(name)}\n  + {new[name]}")
    for name in old.keys() - new.keys():
        print(f"{name}\n  - {old[name]}")
    text = "\n\n".join(f"{name}{MARK}{said}" for name, said in new.items())
    GOLDEN.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{len(new)} cases")


if __name__ == "__main__":
    main()
