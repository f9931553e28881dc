"""Every keyed draw in the code: its purpose, its distribution, what it is keyed by and where it is drawn."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from code_meaning import tree_of
from odd_ties import UnreadableError

LEFT_OUT = ("kernel", "runs/validation")
"""Where draws are defined, and where made-up worlds are tried."""


@dataclass(frozen=True)
class Draw:
    """A purpose as it is drawn at one place.

    Attributes
    ----------
    kind : str
        Name of the method; ``key`` where only the stream's key is taken, empty where the stream is.
    keys : str
        What it is keyed by, as the code says it.
    file : str
        Path within the package.
    """

    purpose: str
    kind: str
    keys: str
    file: str


def all_draws(src: Path) -> list[Draw]:
    """Every draw of the model and of studies, by file and then in the order of the code."""
    found = []
    package = src / "igrsim"
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith(LEFT_OUT):
            found += list(_in_file(path, name))
    return found


def _in_file(path: Path, name: str) -> Iterator[Draw]:
    tree, text = tree_of(path), path.read_text(encoding="utf-8")
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        # a purpose is one key; what is cut by rows and columns is an array
        if not (isinstance(node, ast.Subscript) and _is_draws(node.value) and not isinstance(node.slice, ast.Tuple)):
            continue
        kind, keys = _drawn(node, parents, text)
        for purpose in _purposes(node, parents, tree, f"{name}, line {node.lineno}"):
            yield Draw(purpose, kind, keys, name)


def _is_draws(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "Draws"
    return (isinstance(value, ast.Name) and value.id == "draws") or (
        isinstance(value, ast.Attribute) and value.attr == "draws"
    )


def _drawn(node: ast.Subscript, parents: dict[ast.AST, ast.AST], text: str) -> tuple[str, str]:
    """How the stream is asked, and with what."""
    method = parents[node]
    if not isinstance(method, ast.Attribute):
        return "", ""
    call = parents[method]
    if not isinstance(call, ast.Call) or call.func is not method:
        return method.attr, ""
    # a Poisson draw's first argument is its mean
    identities = call.args[method.attr == "poisson" :]
    return method.attr, ", ".join(_identity(a, parents, text) for a in identities)


def _identity(value: ast.expr, parents: dict[ast.AST, ast.AST], text: str) -> str:
    """What a draw is keyed by, as the code says it; of a name, what was last put under it in the same function."""
    bare = value.value if isinstance(value, ast.Starred) else value
    found: list[tuple[ast.AST, ast.expr]] = []
    if isinstance(bare, ast.Name):
        above: ast.AST = value
        while not isinstance(above, ast.FunctionDef):
            above = parents[above]
        for node in ast.walk(above):
            if isinstance(node, ast.Assign) and node.lineno < value.lineno and len(node.targets) == 1:
                for target, given in _put(node.targets[0], node.value):
                    if isinstance(target, ast.Name) and target.id == bare.id:
                        found.append((parents[node], given))
    if not found:
        return _words(bare, text)
    # of what stands in two branches either may be meant
    last = found[-1][0]
    if not isinstance(last, ast.If) or found[-1][1] not in [n.value for n in last.orelse if isinstance(n, ast.Assign)]:
        found = found[-1:]
    return " or ".join(_words(given, text) for where, given in found if where is last)


def _words(value: ast.expr, text: str) -> str:
    said = " ".join((ast.get_source_segment(text, value) or "").split())
    return said.removeprefix("(").removesuffix(")") if isinstance(value, ast.Tuple) else said


def _put(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Which value goes under which name."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _purposes(node: ast.Subscript, parents: dict[ast.AST, ast.AST], tree: ast.Module, where: str) -> list[str]:
    """The purposes that a place draws by: said outright, or the values its name goes through."""
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return [node.slice.value]
    found: list[str] = []
    if isinstance(node.slice, ast.Name):
        name = node.slice.id
        above: ast.AST | None = node
        while above is not None and not found:
            if isinstance(above, ast.GeneratorExp | ast.ListComp):
                for part in above.generators:
                    if isinstance(part.target, ast.Name) and part.target.id == name:
                        found = _strings(part.iter, tree)
            elif isinstance(above, ast.FunctionDef) and name in [a.arg for a in above.args.args]:
                place = [a.arg for a in above.args.args].index(name)
                calls = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and ast.unparse(c.func) == above.name]
                found = [s for c in calls if len(c.args) > place for s in _strings(c.args[place], tree)]
                if len(found) < len(calls):
                    found = []
            above = parents.get(above)
    if not found:
        raise UnreadableError(f"{where} draws by a purpose that cannot be read from the code")
    return found


def _strings(value: ast.expr, tree: ast.Module) -> list[str]:
    """Strings of a literal, or of a constant of the module."""
    if isinstance(value, ast.Name):
        for node in tree.body:
            if isinstance(node, ast.Assign) and any(ast.unparse(t) == value.id for t in node.targets):
                return _strings(node.value, tree)
        return []
    if isinstance(value, ast.Tuple | ast.List):
        return [s for one in value.elts for s in _strings(one, tree)]
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []
