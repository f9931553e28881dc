"""The command line: `igrsim run`, `compare`, `report` and the rest."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from igrsim.kernel.errors import InputError


def one_line(message: str) -> str:
    """A message on one line: what a user's file holds can neither break it nor colour it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message.strip())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns its exit code.

    0 done; 1 some cells failed; 2 bad input; 4 out of disk or memory; 130 interrupted.
    """
    import typer

    from igrsim.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        # a console without a letter shows a question mark rather than a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # newer typer brings a click of its own: its errors are found by what typer itself raises
    click_error: type[Exception] = next(
        kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
    )
    try:
        code: Any = app(args=arguments, standalone_mode=False, prog_name="igrsim")
        status = int(code) if isinstance(code, int) else 0
    except InputError as error:
        print(one_line(str(error)), file=sys.stderr)
        status = 2
    except click_error as error:
        words = error.format_message()  # type: ignore[attr-defined]
        if type(error).__name__ == "NoArgsIsHelpError":
            print(words)
        else:
            print(one_line(f"error E001: {words}"), file=sys.stderr)
        status = 2
    except (typer.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:
        # whoever read our output has gone: nothing is left to flush when Python ends
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        status = 0
    except MemoryError:
        print("error E401: out of memory: fewer citizens or workers (--workers 1) need less", file=sys.stderr)
        status = 4
    except OSError as error:
        if error.errno == 28:
            print("error E402: the disk is full: what was finished is kept", file=sys.stderr)
            status = 4
        else:
            print(f"error E403: {error.strerror}: {error.filename}", file=sys.stderr)
            status = 2
    if status == 130:
        print("interrupted: what was finished is kept", file=sys.stderr)
    if arguments is None:
        sys.exit(status)
    return status
