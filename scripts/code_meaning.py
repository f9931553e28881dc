"""What code means, as a digest: only moves of logic change it, not its docstrings, comments, format or annotations."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

UNREAD = {"annotation", "returns", "ctx", "kind", "type_comment", "type_params"}
"""Parts of the syntax that change nothing of what is done, or that not every Python writes down."""
DEFINED = (ast.FunctionDef, ast.ClassDef)
WORDS = {"default", "low", "high", "grade", "source", "meaning"}
"""What is known of a number stands in the page of parameters, made from the code; here only that there is such a number."""


class UnknownCodeError(LookupError):
    """A name that no code has."""


def tree_of(path: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def file_of(name: str, src: Path) -> tuple[Path, list[str]]:
    """The file in which a dotted name stands, and what is left of the name inside it."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = src.joinpath(*parts[:length]).with_suffix(".py")
        if path.exists():
            return path, parts[length:]
    raise UnknownCodeError(f"{name} is no module, class or function of the code")


def node_of(name: str, src: Path) -> ast.AST:
    """The module, class or function of a dotted name."""
    path, inside = file_of(name, src)
    node: ast.AST = tree_of(path)
    for part in inside:
        found = [n for n in getattr(node, "body", ()) if isinstance(n, DEFINED) and n.name == part]
        if not found:
            raise UnknownCodeError(f"{name} is no module, class or function of the code")
        node = found[-1]
    return node


def meaning(name: str, src: Path) -> str:
    """A short digest of what the code of a dotted name does: the same on every Python."""
    return digest(node_of(name, src))


def digest(node: ast.AST) -> str:
    """A short digest of a piece of syntax."""
    return hashlib.blake2b("\n".join(_said(node)).encode(), digest_size=8).hexdigest()


def _said(value: object) -> list[str]:
    """Syntax as lines. Unlike ``ast.dump``, fields that are empty or that say nothing of what is done are left out."""
    if isinstance(value, list):
        return [line for one in value if not _silent(one) for line in _said(one)]
    if not isinstance(value, ast.AST):
        return [ascii(value)]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "param":
        unit = [k for k in value.keywords if k.arg not in WORDS]
        return ["param", *_said(unit)]
    lines = [type(value).__name__]
    for field, part in ast.iter_fields(value):
        if isinstance(value, ast.JoinedStr):
            # some 3.12 write down an f-string's empty parts, other Pythons do not
            part = [p for p in value.values if not (isinstance(p, ast.Constant) and p.value == "")]
        if field not in UNREAD and part is not None and part != []:
            lines += [f"{field}(", *_said(part), ")"]
    return lines


def _silent(statement: object) -> bool:
    """Docstrings, words beneath a constant, and imports: what is imported shows where it is used."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return isinstance(statement.value.value, str)
    return isinstance(statement, ast.Import | ast.ImportFrom)
