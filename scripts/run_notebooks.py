"""Execute every notebook in a fresh kernel and save what it says; --check compares with what is saved and writes nothing.

What is saved is clean: no timings, no paths, no counts of how often a cell was run before, so that executing twice gives
the same bytes. Pictures may differ by a pixel between machines; --check compares all text, and that each picture is there.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
ABOUT = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PATHS = re.compile(r"/(?:tmp|home|root|Users|var|opt|usr)/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{6,}")
"""What only one machine could say."""
AT_ONCE = 2
MINUTES = 5
COMPILE = "import igrsim as i; i.journey(['siloed'], scope='two-towns', months=12, citizens=500)"
"""Compiles what people live by; two kernels would otherwise both do it."""


class UncleanError(Exception):
    """A notebook that failed, or said what it should not."""


def execute(file: Path) -> nbformat.NotebookNode:
    """A notebook's cells, executed in order in a kernel of their own, in a folder that is then gone."""
    notebook = clean(nbformat.read(file, as_version=4), outputs=False)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=60 * MINUTES, kernel_name="python3", record_timing=False)
        client.extra_arguments = ["--IPKernelApp.log_level=40"]
        try:
            client.execute(cwd=folder)
        except CellExecutionError as error:
            raise UncleanError(f"{file.name}: {error}") from None
    return clean(notebook)


def clean(notebook: nbformat.NotebookNode, outputs: bool = True) -> nbformat.NotebookNode:
    """A notebook with nothing in it but cells, what they say, and their order."""
    notebook["metadata"] = nbformat.from_dict(ABOUT)
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    count = 0
    for place, cell in enumerate(notebook["cells"], start=1):
        cell["id"], cell["metadata"] = f"cell-{place:02d}", nbformat.NotebookNode()
        if cell["cell_type"] != "code":
            continue
        count += 1
        cell["execution_count"] = count if outputs else None
        cell["outputs"] = [said for out in cell["outputs"] if (said := _output(out, count))] if outputs else []
    return notebook


def _output(out: nbformat.NotebookNode, count: int) -> nbformat.NotebookNode:
    if out["output_type"] == "execute_result":
        out["execution_count"] = count
    if "metadata" in out:
        out["metadata"] = nbformat.NotebookNode()
    return out


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """All that a notebook says, line by line: text of every output, and that there is a picture."""
    lines: list[str] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for out in cell["outputs"]:
            lines.append(f"-- {cell['id']}: {out['output_type']}")
            parts = out.get("data", {"text/plain": out.get("text", "")})
            for kind in sorted(parts):
                text = parts[kind] if kind.startswith("text/") else "(a picture)"
                lines += [f"{kind}:", *("".join(text).splitlines())]
    return lines


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What a saved notebook must not hold."""
    found = []
    for cell in notebook["cells"]:
        for out in cell.get("outputs", []):
            if out["output_type"] == "error" or out.get("name") == "stderr":
                found.append(f"{cell['id']}: an error or warning: {out.get('text', out.get('evalue', ''))}")
    found += [f"a machine's own words: {line.strip()}" for line in said(notebook) if PATHS.search(line)]
    return found


def run(file: Path, check: bool) -> tuple[str, float]:
    """Execute one notebook; save it, or compare it with what is saved.

    Returns
    -------
    words : str
        What is wrong; empty if nothing is.
    seconds : float
    """
    begun = time.perf_counter()
    try:
        fresh = execute(file)
    except UncleanError as error:
        return str(error), time.perf_counter() - begun
    wrong = faults(fresh)
    if check:
        saved = nbformat.read(file, as_version=4)
        differing = difflib.unified_diff(said(saved), said(fresh), "saved", "now", lineterm="", n=1)
        wrong += list(differing)[:40]
    elif not wrong:
        file.write_text(nbformat.writes(fresh) + "\n", encoding="utf-8", newline="\n")
    return "\n".join(f"{file.name}: {line}" for line in wrong), time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="notebooks, by the beginning of their names; all without any")
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    given = parser.parse_args()
    files = [f for f in sorted(FOLDER.glob("*.ipynb")) if not given.names or f.name.startswith(tuple(given.names))]
    if not files:
        print("no such notebook", file=sys.stderr)
        return 2
    for name, value in {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}.items():
        os.environ.setdefault(name, value)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = folder
        subprocess.run([sys.executable, "-c", COMPILE], check=True, cwd=folder)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            # the later lessons take longest, and nobody waits for a long one that begins last
            found = list(pool.map(lambda file: run(file, given.check), files[::-1]))[::-1]
    for file, (wrong, seconds) in zip(files, found, strict=True):
        print(wrong if wrong else f"{file.name}: {'as saved' if given.check else 'saved'}, {seconds:.0f} s")
    print(f"{len(files)} notebooks in {time.perf_counter() - begun:.0f} s")
    return int(any(wrong for wrong, _ in found))


if __name__ == "__main__":
    raise SystemExit(main())
