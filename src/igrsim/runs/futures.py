"""Futures: sets of plausible parameter values, spread over every parameter's range or given by the study's author."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from igrsim.kernel.errors import InputError
from igrsim.kernel.params import Param
from igrsim.runs.catalogue import known_params

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igrsim.runs.study.parts import FuturesPart

DRAWN = ("lhs", "sobol", "morris")
"""Methods that draw futures from the parameters' own ranges."""


def varied(part: FuturesPart) -> list[Param]:
    """The parameters a study varies: those it names, or every one that is no choice and has a range."""
    known = known_params()
    if part.method == "none":
        return []
    if part.method in ("grid", "zip"):
        return [known[name] for name in part.values]
    if part.method == "table":
        return [known[name] for name in read_table(part.table or "")[0]]
    if part.vary == "all":
        return [p for p in known.values() if not p.choice and p.low < p.high]
    return [known[name] for name in part.vary]


def together(part: FuturesPart) -> int:
    """How many futures are drawn together, one after another, and are one independent unit.

    0 where they are no sample of plausible futures: a screening stands on the ends of ranges.
    """
    if part.method == "sobol":
        return len(varied(part)) + 2
    return 0 if part.method == "morris" else 1


def count(part: FuturesPart) -> int:
    """How many futures there are, found without making them."""
    if part.method in DRAWN:
        k = 0 if part.method == "lhs" else len(varied(part))
        return part.n * {"lhs": 1, "sobol": k + 2, "morris": k + 1}[part.method]
    if part.method == "grid":
        return math.prod(len(values) for values in part.values.values())
    if part.method == "zip":
        return min((len(values) for values in part.values.values()), default=0)
    return len(read_table(part.table or "")[1]) if part.method == "table" else 1


def design(part: FuturesPart, seed: int, calibrated: Mapping[str, float] | None = None) -> list[dict[str, float]]:
    """The futures of a study, each a value of every parameter it varies.

    Drawn futures (`unit_design`) lie in the parameters' ranges, triangular about their defaults; those of a grid, side by
    side or of a table are as their author wrote them.

    Parameters
    ----------
    calibrated : mapping of str to float
        Values that take the place of defaults.
    """
    if part.method in DRAWN:
        names, places = unit_design(part, seed)
        futures: list[dict[str, float]] = [{} for _ in range(len(places))]
        for column, name in enumerate(names):
            p = known_params()[name]
            mode = (calibrated or {}).get(name, p.default)
            for future, value in zip(futures, triangular(places[:, column], p, mode), strict=True):
                future[name] = value
        return futures
    if part.method == "none":
        return [{}]
    if part.method == "table":
        names, rows = read_table(part.table or "")
        return [dict(zip(names, row, strict=True)) for row in rows]
    columns = [[float(v) for v in values] for values in part.values.values()]
    combined = itertools.product(*columns) if part.method == "grid" else zip(*columns, strict=True)
    return [dict(zip(part.values, row, strict=True)) for row in combined]


def unit_design(part: FuturesPart, seed: int) -> tuple[list[str], NDArray[np.float64]]:
    """The drawn futures' places in the unit interval of each parameter, before they become values.

    - ``lhs``: each parameter's interval is cut into `n` slices and each future has one slice of each; a parameter's
      places do not change when another is added;
    - ``sobol``: Saltelli's design of `n` base points for indices of first and total order, n (k + 2) futures;
    - ``morris``: `n` trajectories over a grid of `levels`, each of k + 1 futures that differ in one parameter.

    Parameters
    ----------
    part : FuturesPart
    seed : int
        The study's: the same matrix whenever it is asked for.

    Returns
    -------
    names : list of str
        The parameters, k of them.
    places : (futures, k) array
        From 0 to 1, the rows in the order of the futures.
    """
    import numpy as np

    names = [p.name for p in varied(part)]
    if part.method == "lhs":
        columns = [spread(name, part.n, seed) for name in names]
        return names, np.column_stack(columns) if columns else np.zeros((part.n, 0))
    if part.method not in DRAWN:
        raise ValueError(f"futures of method {part.method!r} are not drawn")
    from SALib.sample import morris, sobol

    from igrsim.kernel.draws import code_key, fold

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    # a generator of its own: nothing is drawn from numpy's or SALib's global state
    own = np.random.default_rng(fold(fold(0, seed), code_key(f"{part.method} futures")))
    if part.method == "sobol":
        places = sobol.sample(problem, part.n, calc_second_order=False, seed=own)
    else:
        places = morris.sample(problem, part.n, num_levels=part.levels, seed=own)
    return names, np.clip(np.asarray(places, dtype=np.float64), 0.0, 1.0)


def spread(name: str, n: int, seed: int) -> NDArray[np.float64]:
    """A parameter's places in a Latin hypercube: one in each of `n` slices of the unit interval, in an order of its own."""
    import numpy as np

    from igrsim.kernel.draws import Draws, code_key

    draws, key, index = Draws(seed), code_key(name), np.arange(n)
    slices = np.argsort(draws["future slice"].uniform(key, index), kind="stable")
    return np.asarray((slices + draws["place in future slice"].uniform(key, index)) / n)


def triangular(u: NDArray[np.float64], p: Param, mode: float | None = None) -> list[float]:
    """Inverse of the triangular distribution from low over the mode, which is the default unless given, to high."""
    import numpy as np

    low, mode, high = p.low, p.default if mode is None else mode, p.high
    split = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return [float(np.clip(v, low, high)) for v in np.where(u < split, left, right)]


def pairs(part: FuturesPart, worlds: int) -> list[tuple[int, int]]:
    """Which future and world make a pair of runs: all with all, or world i with future i mod n."""
    n = count(part)
    if part.pairing == "crossed":
        return [(future, world) for future in range(n) for world in range(worlds)]
    return [(world % n, world) for world in range(worlds)]


def read_table(file: str) -> tuple[list[str], list[tuple[float, ...]]]:
    """A user's table of futures: a column for each parameter, a row for each future.

    Raises
    ------
    InputError
        With the line of the first cell that cannot stand.
    """
    path = Path(file)
    try:
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
    except (OSError, ValueError):
        stamp = (0, 0)
    return _read_table(path, stamp)


@lru_cache(maxsize=4)
def _read_table(path: Path, stamp: tuple[int, int]) -> tuple[list[str], list[tuple[float, ...]]]:
    from igrsim.places.user_table import read_rows

    known = known_params()
    rows, lines = read_rows(path, tuple(known), tuple(known), code="E215")
    names = list(rows[0])
    for name in names:
        check_uncertain(known[name], file=str(path), line=1)
    found: dict[tuple[float, ...], int] = {}
    for row, line in zip(rows, lines, strict=True):
        values = tuple(_number(known[name], row[name], str(path), line) for name in names)
        if values in found:
            raise InputError(
                f"the same future as on line {found[values]}", file=str(path), line=line, code="E215"
            )  # fmt: skip
        found[values] = line
    return names, list(found)


def _number(p: Param, cell: str, file: str, line: int) -> float:
    """A cell's number, in the parameter's range."""
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        words = (
            f"{p.name} = '{cell[:40]}' is not a number (write 1234.5: no thousands mark, no decimal comma, no formula)"
        )
        raise InputError(words, file=file, line=line, code="E215")
    try:
        return p.check(value)
    except InputError as error:
        error.file, error.line = file, line
        raise


def check_uncertain(p: Param, file: str | None = None, line: int | None = None) -> None:
    """Refuse to vary a choice of policy, or a number that has no range."""
    if p.choice:
        words = f"'{p.name}' is a choice of policy, not an uncertainty; set it in an arm"
        raise InputError(words, file=file, line=line, code="E154")
    if p.low >= p.high:
        words = f"'{p.name}' is known to be {p.default:g} {p.unit}: it has no range"
        raise InputError(words, file=file, line=line, code="E219")
