"""Make the lesson's sheets, and the tables of its guide and answer key; --from DIR reads a run anew; --check says what is stale."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import teaching_consequences as consequences
import teaching_lesson
from teaching_blocks import BLOCKS
from teaching_page import page
from teaching_sums import ROOT, TEACHING

PAGES = ("guide.md", "answers.md")
SHEETS = "printable.html"
MADE = re.compile(r"(<!-- made: ([a-z-]+)((?: [^ \n]+?)*) -->\n)(.*?)(<!-- /made -->)", re.DOTALL)

HOLDS = re.compile(r"<!-- holds: ([^ ]+) ([a-z -]+) -->")
"""Beside a sentence that says which way an outcome goes: the line it rests on, and what that line must say."""


def unheld(name: str, text: str) -> list[str]:
    """Sentences of a page that the runs no longer bear out."""
    lines, faults = consequences.read(), []
    for line, said in HOLDS.findall(text):
        found = consequences.find(lines, *line.split("/"))
        if found.said != said:
            faults.append(
                f"docs/teaching/{name} holds that {line} is '{said}', the run says '{found.said}': write the sentence anew"
            )
    return faults


def filled(text: str) -> str:
    """A page with every made part written anew."""

    def write(place: re.Match[str]) -> str:
        begin, name, words, _, end = place.groups()
        if name not in BLOCKS:
            raise ValueError(f"nothing called '{name}' is made: {', '.join(sorted(BLOCKS))}")
        return f"{begin}{BLOCKS[name](*words.split()).strip()}\n{end}"

    return MADE.sub(write, text)


def made() -> dict[Path, str]:
    """Every file that is made, and what should stand in it."""
    found = {TEACHING / name: filled((TEACHING / name).read_text(encoding="utf-8")) for name in PAGES}
    found[TEACHING / SHEETS] = page()
    found[teaching_lesson.FILE] = teaching_lesson.text({name: found[TEACHING / name] for name in PAGES})
    return found


def main(words: list[str]) -> int:
    """Write or check."""
    try:
        if words[:1] == ["--from"]:
            if len(words) < 2:
                raise ValueError("--from needs the folder of a run: --from lesson/NAME")
            for folder in words[1:]:
                consequences.write(consequences.read_results(Path(folder)))
        elif words not in ([], ["--check"]):
            raise ValueError("usage: make_teaching.py [--check | --from FOLDER ...]")
        files = made()
        faults = [fault for path, text in files.items() if path.suffix == ".md" for fault in unheld(path.name, text)]
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if words == ["--check"]:
            print(
                f"{path.relative_to(ROOT).as_posix()} is not what its sources say: python scripts/make_teaching.py",
                file=sys.stderr,
            )
        else:
            path.write_text(files[path], encoding="utf-8", newline="\n")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults or (stale and words == ["--check"]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
