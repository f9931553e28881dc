"""Conditions that a study's author writes, such as ``abs(diff) == 0 while month < first_wave``: parsed, never evaluated as code.

A condition compares sums of numbers and names (``+ - * /``, ``abs()``, ``min()``, ``max()``, parentheses) by
``== != < <= > >=`` and joins comparisons by ``and``, ``or``, ``not``. Names may hold dots and hyphens
(``district-hub.posts``): a minus sign between two names stands between spaces.
"""

from __future__ import annotations

import operator
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from igrsim.kernel.errors import InputError, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 500
DEEPEST = 25
"""Parentheses, signs and negations within each other."""

NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z_][A-Za-z0-9_]*)*(?:\.[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z_][A-Za-z0-9_]*)*)*"
NUMBER = r"(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
TOKEN = re.compile(rf"[ \t\r\n]*(?:(?P<number>{NUMBER})|(?P<name>{NAME})|(?P<sign>==|!=|<=|>=|[-+*/()<>,]))")
BLANKS = " \t\r\n"
WORDS = {"and", "or", "not", "while"}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
FUNCTIONS = ("abs", "max", "min")
HABITS = {"=": "'==' compares", "&": "'and' joins", "|": "'or' joins", "!": "'not' denies", "%": "a share is written 0.05",
          "^": "powers are not known", "'": "only numbers are compared", '"': "only numbers are compared"}  # fmt: skip

_shown = reprlib.Repr()
_shown.maxstring = 80

Value = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class _Term:
    """A number or a truth, and how to find it."""

    kind: Literal["number", "truth"]
    value: Value


@dataclass(frozen=True)
class Condition:
    """What an author asks of some values.

    Attributes
    ----------
    text : str
        As written.
    names : frozenset of str
        The values it speaks of.
    """

    text: str
    names: frozenset[str]
    _value: Value

    def holds(self, values: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Where the condition holds.

        Parameters
        ----------
        values : mapping of str to array or float
            What every name stands for; arrays broadcast. A comparison with an undefined value (NaN) does not hold,
            except that it differs (``!=``) from everything.
        """
        import numpy as np

        missing = sorted(self.names - set(values))
        if missing:
            raise InputError(f"'{self.text}': nothing is known of '{missing[0]}'", code="E211")
        known = {name: np.asarray(values[name], dtype=float) for name in self.names}
        with np.errstate(all="ignore"):
            found = np.asarray(self._value(known), dtype=bool)
        # a condition without names is the same everywhere
        return np.broadcast_to(found, np.broadcast_shapes(found.shape, *(v.shape for v in known.values())))


def parse(text: str, known: Iterable[str] | None = None) -> Condition:
    """A condition from its text.

    Parameters
    ----------
    known : iterable of str
        Names that may stand in it; any, if not given.

    Raises
    ------
    InputError
        With the column, within the text, at which it cannot be understood.
    """
    reader = _Reader(text, None if known is None else frozenset(known))
    found = reader.condition()
    reader.end()
    return found


def parse_claim(text: str, known: Iterable[str] | None = None) -> tuple[Condition, Condition | None]:
    """A claim, and the condition while which it is made: ``A while B``, or ``A`` alone."""
    reader = _Reader(text, None if known is None else frozenset(known))
    claim = reader.condition()
    during = None
    if reader.take("while"):
        during = reader.condition()
    reader.end()
    return claim, during


def _fault(text: str, column: int, words: str, code: str) -> InputError:
    shown = _shown.repr(text)
    return InputError(f"{shown}, column {column}: {words}", column=column, code=code)


class _Reader:
    """Reads a condition from left to right: what binds least first."""

    def __init__(self, text: str, known: frozenset[str] | None) -> None:
        self.text = text
        self.known = known
        self.names: set[str] = set()
        self.depth = 0
        self.tokens = self._split()
        self.at = 0

    def _split(self) -> list[tuple[str, str, int]]:
        text = self.text
        if len(text) > LONGEST:
            raise _fault(text, LONGEST, f"a condition has at most {LONGEST} characters", "E212")
        tokens = []
        place, end = 0, len(text.rstrip(BLANKS))
        while place < end:
            found = TOKEN.match(text, place)
            if not found:
                place += len(text[place:]) - len(text[place:].lstrip(BLANKS))
                hint = HABITS.get(
                    text[place], "conditions hold numbers, names, + - * /, comparisons, and, or, not, ( )"
                )
                raise _fault(text, place + 1, f"'{text[place]}' is not understood: {hint}", "E210")
            kind = str(found.lastgroup)
            word = found[kind]
            tokens.append(("sign" if word in WORDS else kind, word, found.start(kind) + 1))
            place = found.end()
        return [*tokens, ("end", "", len(text) + 1)]

    @property
    def word(self) -> str:
        return self.tokens[self.at][1] if self.tokens[self.at][0] == "sign" else ""

    @property
    def column(self) -> int:
        return self.tokens[self.at][2]

    def take(self, *words: str) -> str:
        """The next word, if it is one of these."""
        word = self.word
        if word and word in words:
            self.at += 1
            return word
        return ""

    def fail(self, words: str, column: int | None = None, code: str = "E210") -> NoReturn:
        raise _fault(self.text, self.column if column is None else column, words, code)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nested deeper than {DEEPEST}", code="E212")

    def end(self) -> None:
        kind, word, _ = self.tokens[self.at]
        if kind != "end":
            self.fail(f"'{word}' is not expected here")

    def condition(self) -> Condition:
        """One whole condition, up to its end or a ``while``."""
        self.names = set()
        begins = self.column
        found = self.truth(self.either(), begins)
        ends = self.column - 1
        return Condition(self.text[begins - 1 : ends].strip(), frozenset(self.names), found.value)

    def truth(self, term: _Term, column: int) -> _Term:
        if term.kind != "truth":
            if self.tokens[self.at][0] == "end" or self.word:
                self.fail("a comparison is needed: one of == != < <= > >=", column)
            self.fail(f"'{self.tokens[self.at][1]}' is not expected here")
        return term

    def number(self, term: _Term, column: int) -> _Term:
        if term.kind != "number":
            self.fail("a number is needed, not a comparison", column)
        return term

    def joined(self, word: str, inner: Callable[[], _Term], join: Callable[[Any, Any], Any]) -> _Term:
        column = self.column
        found = inner()
        while self.word == word:
            left = self.truth(found, column).value
            self.at += 1
            column = self.column
            right = self.truth(inner(), column).value
            found = _Term("truth", lambda v, a=left, b=right: join(a(v), b(v)))  # type: ignore[misc]
        return found

    def either(self) -> _Term:
        return self.joined("or", self.both, operator.or_)

    def both(self) -> _Term:
        return self.joined("and", self.denial, operator.and_)

    def denial(self) -> _Term:
        if not self.take("not"):
            return self.comparison()
        self.deeper()
        column = self.column
        inner = self.truth(self.denial(), column).value
        self.depth -= 1
        return _Term("truth", lambda v: ~inner(v))

    def comparison(self) -> _Term:
        column = self.column
        found = self.sum()
        if self.word not in COMPARISONS:
            return found
        left, every = self.number(found, column).value, []
        while sign := self.take(*COMPARISONS):
            column = self.column
            right = self.number(self.sum(), column).value
            every.append((COMPARISONS[sign], left, right))
            left = right

        def value(v: Mapping[str, Any]) -> Any:
            # 0 < x < 1 is both at once
            first, *more = (compare(a(v), b(v)) for compare, a, b in every)
            for one in more:
                first = first & one
            return first

        return _Term("truth", value)

    def chain(self, signs: tuple[str, ...], inner: Callable[[], _Term]) -> _Term:
        column = self.column
        found = inner()
        while sign := self.take(*signs):
            left = self.number(found, column).value
            column = self.column
            right = self.number(inner(), column).value
            found = _Term("number", lambda v, a=left, b=right, do=ARITHMETIC[sign]: do(a(v), b(v)))  # type: ignore[misc]
        return found

    def sum(self) -> _Term:
        return self.chain(("+", "-"), self.product)

    def product(self) -> _Term:
        return self.chain(("*", "/"), self.signed)

    def signed(self) -> _Term:
        sign = self.take("-", "+")
        if not sign:
            return self.atom()
        self.deeper()
        column = self.column
        inner = self.number(self.signed(), column).value
        self.depth -= 1
        return _Term("number", inner if sign == "+" else lambda v: -inner(v))

    def atom(self) -> _Term:
        kind, word, column = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return self.literal(word, column)
        if kind == "name":
            self.at += 1
            return self.function(word) if word in FUNCTIONS and self.word == "(" else self.named(word, column)
        if self.take("("):
            self.deeper()
            inner = self.either()
            self.close()
            return inner
        self.fail("a number or a name is needed" + (f", not '{word}'" if word else " here"))

    def close(self) -> None:
        self.depth -= 1
        if not self.take(")"):
            self.fail("')' is missing")

    def literal(self, word: str, column: int) -> _Term:
        try:
            number = float(word)
        except ValueError:
            self.fail(f"'{word}' is no number", column)
        if number in (float("inf"), float("-inf")):
            self.fail(f"{word[:40]} is too large a number", column)
        import numpy as np

        # a division by nought is then undefined rather than an error
        return _Term("number", lambda v: np.float64(number))

    def named(self, word: str, column: int) -> _Term:
        if self.known is not None and word not in self.known:
            hint = nearest(word, self.known)
            if "-" in word and any(part in self.known for part in word.split("-")):
                hint = " (a minus sign stands between spaces)"
            self.fail(f"unknown name '{word}'{hint}", column, "E211")
        self.names.add(word)
        return _Term("number", lambda v: v[word])

    def function(self, word: str) -> _Term:
        self.at += 1
        self.deeper()
        given: list[Value] = []
        while True:
            column = self.column
            given.append(self.number(self.sum(), column).value)
            if not self.take(","):
                break
        if word == "abs" and len(given) > 1:
            self.fail("abs() takes one number", column)
        self.close()
        import numpy as np

        if word == "abs":
            return _Term("number", lambda v: np.abs(given[0](v)))
        pick = np.minimum if word == "min" else np.maximum

        def value(v: Mapping[str, Any]) -> Any:
            found = given[0](v)
            for one in given[1:]:
                found = pick(found, one(v))
            return found

        return _Term("number", value)
