"""The command line: `igrsim run`, `compare`, `report` and the rest."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from igrsim.kernel.errors import InputError

INTERRUPTED = "interrupted: what was finished is kept"


def one_line(message: str) -> str:
    """A message on one line: what a user's file holds can neither break it nor colour it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message.strip())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns its exit code.

    0 done; 1 some cells failed; 2 bad input; 3 the results folder is in use; 4 out of disk or memory; 130 interrupted.
    """
    with _ended_as_interrupted():
        status = _answer(arguments)
    if arguments is None:
        sys.exit(status)
    return status


@contextlib.contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Let a command that is told to end, by a scheduler or a closed terminal, end as by Ctrl-C: what was finished is kept."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {kind: signal.signal(kind, interrupt) for kind in kinds if signal.getsignal(kind) is not signal.SIG_IGN}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _answer(arguments: list[str] | None) -> int:
    try:
        import typer

        from igrsim.cli.app import app
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return 130

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
        status = error.status
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
        status = _out_of(error)
    if status == 130:
        print(INTERRUPTED, file=sys.stderr)
    return status


def _out_of(error: OSError) -> int:
    """Say what the system would not give; returns the exit code."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        words, status = "error E402: the disk is full: what was finished is kept", 4
    elif error.errno == errno.ENOMEM:
        words, status = "error E401: out of memory: fewer citizens or workers (--workers 1) need less", 4
    elif error.errno in (errno.EMFILE, errno.ENFILE):
        words, status = "error E404: too many open files: fewer workers need less, or raise the limit (ulimit -n)", 2
    else:
        place = f": {error.filename}" if error.filename else ""
        words, status = f"error E403: {error.strerror or error}{place}: what was finished is kept", 2
    print(one_line(words), file=sys.stderr)
    return status
