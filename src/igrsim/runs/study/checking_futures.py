"""Whether the futures of a study can be made: the keys each method wants, names, values and numbers of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.catalogue import known_params
from igrsim.runs.futures import check_uncertain, count, varied
from igrsim.runs.study.faults import shortened
from igrsim.runs.study.parts import WANTED, FuturesPart

Fault = tuple[str, list[str], str] | tuple[str, list[str], str, bool]
"""Words, the key at fault, a code, and whether its value rather than its name is at fault."""

NAMED = {
    "n": "a number of futures",
    "levels": "levels",
    "vary": "parameters to draw",
    "values": "values",
    "table": "a table",
}


def faults_of_futures(part: FuturesPart, worlds: int) -> Iterator[Fault]:
    """What is wrong with the futures: words, the key at fault and a code.

    Parameters
    ----------
    worlds : int
        The fewest that will be run.
    """
    method = part.method
    if method == "none":
        return
    for key in NAMED:
        if key in part.model_fields_set and key not in WANTED[method]:
            users = [m for m, wanted in WANTED.items() if key in wanted and m != "none"]
            takes = ", ".join(WANTED[method])
            words = f"futures.{key} is for method {' or '.join(users)}; method = '{method}' takes {takes}"
            yield words, ["futures", key], "E213", False
    yield from _named(part)
    if method in ("grid", "zip"):
        yield from _values(part)
    if method == "table" and not part.table:
        yield (
            "method = 'table' needs table = \"FILE.csv\": a column for each parameter, a row for each future",
            ["futures", "method"],
            "E213",
        )
    if method in ("sobol", "morris"):
        if not varied(part):
            yield f"method = '{method}' needs at least one parameter in vary", ["futures", "vary"], "E213"
        if part.pairing != "crossed":
            words = (
                f"method = '{method}' needs pairing = 'crossed': its futures are analysed together, in the same worlds"
            )
            yield words, ["futures", "pairing"], "E217"
    if method == "sobol" and part.n & (part.n - 1):
        below = 1 << (part.n.bit_length() - 1)
        words = f"futures.n = {part.n}: Sobol points need a power of two (nearest: {below} and {2 * below})"
        yield words, ["futures", "n"], "E216"
    if method == "morris":
        if part.n < 2:
            yield (
                f"futures.n = {part.n}: at least 2 trajectories are needed to tell them apart",
                ["futures", "n"],
                "E216",
            )
        if part.levels % 2:
            yield f"futures.levels = {part.levels}: an even number is needed", ["futures", "levels"], "E216"
    if method in ("grid", "zip", "table") and part.pairing == "cycled" and (futures := count(part)) > worlds:
        words = f"pairing = 'cycled' would run {worlds} of {futures} futures: as many worlds, or pairing = 'crossed'"
        yield words, ["futures", "pairing"], "E217"


def _named(part: FuturesPart) -> Iterator[Fault]:
    """What is wrong with the names of the parameters varied."""
    known = known_params()
    key = "values" if part.method in ("grid", "zip") else "vary"
    if part.method == "table" or (key == "vary" and part.vary == "all"):
        return
    names = list(part.values) if key == "values" else list(part.vary)
    for name, times in Counter(names).items():
        place = ["futures", key, name] if key == "values" else ["futures", key, str(names.index(name))]
        if name not in known:
            yield f"unknown parameter '{shortened(name)}'{nearest(name, known)}", place, "E153", False
        if times > 1:
            last = len(names) - 1 - names[::-1].index(name)
            yield f"parameter '{name}' stands twice", ["futures", key, str(last)], "E214"
        try:
            check_uncertain(known[name])
        except InputError as error:
            yield error.message, place, error.code, False


def _values(part: FuturesPart) -> Iterator[Fault]:
    """What is wrong with the values of a grid, or of values side by side."""
    known = known_params()
    if not part.values:
        words = f"method = '{part.method}' needs values: [futures.values] with \"parameter\" = [1.0, 2.0]"
        yield words, ["futures", "method"], "E213"
    for name, values in part.values.items():
        place = ["futures", "values", name]
        if not values:
            yield f"futures.values.{name} is empty: at least one value is needed", place, "E214"
        for number, value in enumerate(values):
            try:
                known[name].check(value)
            except InputError as error:
                yield error.message, [*place, str(number)], error.code
        if part.method == "grid" and len(set(values)) < len(values):
            yield f"futures.values.{name} names a value twice", place, "E214"
    if part.method == "zip":
        lengths = {name: len(values) for name, values in part.values.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name}: {n}" for name, n in lengths.items())
            yield f"method = 'zip' needs as many values of every parameter ({told})", ["futures", "values"], "E214"
        rows = list(zip(*part.values.values(), strict=False))
        if len(set(rows)) < len(rows):
            yield "method = 'zip': the same values stand side by side twice", ["futures", "values"], "E214"
