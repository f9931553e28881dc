"""What a user did wrong, in one line: the place, what was given, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Input that cannot be used; the command line prints it in one line and exits with 2.

    Parameters
    ----------
    message : str
        What was given, what is allowed, the nearest right spelling.
    file, line, column : optional
        The place, where there is one; lines and columns are counted from 1.
    code : str
        A stable number that documentation and tests may rely on.
    """

    status = 2
    """Exit code of a command that meets it."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        code: str = "E100",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.code = code

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            # a column without its line says nothing
            known = [self.line, self.column] if self.line is not None else []
            place = ":".join([self.file, *(str(n) for n in known if n is not None)]) + ": "
        return f"{place}error {self.code}: {self.message}"


class ConservationError(RuntimeError):
    """Something that must be conserved was not: people, needs, hours or rand."""


def nearest(word: str, options: Iterable[str]) -> str:
    """The nearest right spelling, as the end of an error message.

    Returns
    -------
    str
        ``" (did you mean 'x'?)"``, or the options if they are few, or nothing.
    """
    known = sorted(set(options))
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.55)
    if found:
        return f" (did you mean '{found[0]}'?)"
    if 0 < len(known) <= 12:
        return f" (known: {', '.join(known)})"
    return ""
