"""One run at a time in a results folder: a lock that the system lets go when its holder dies."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil

from igrsim.kernel.errors import InputError

NAME = ".lock"


class FolderInUseError(InputError):
    """Another run is at work in the results folder; the command line exits with 3."""

    status = 3


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a results folder for one run.

    The system's own lock on a file, gone with the process that holds it however it ends: nothing is stale, no clock is
    asked. Where a network drive has no such locks, the holder's machine and process number decide.

    Raises
    ------
    FolderInUseError
        Who holds it.
    """
    # never removed: a run that waits to open it and one that has removed it would each hold a lock of their own
    with (folder / NAME).open("a+", encoding="utf-8") as file:
        try:
            _lock(file)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise _in_use(folder, _holder(file)) from None
            if _lives(_holder(file)):
                raise _in_use(folder, _holder(file)) from None
        me = {"process": os.getpid(), "begun": psutil.Process().create_time(), "machine": socket.gethostname()}
        _write(file, json.dumps(me))
        try:
            yield
        finally:
            # a disk that is full or gone must not hide why the run ended
            with contextlib.suppress(OSError):
                _write(file, "")


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        # far behind the text, which others must be able to read
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write(file: IO[str], text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _holder(file: IO[str]) -> dict[str, object]:
    try:
        file.seek(0)
        found = json.loads(file.read())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _lives(holder: dict[str, object]) -> bool:
    """Whether a holder is at work, as far as can be told: of another machine's processes nothing is known."""
    number = holder.get("process")
    if not isinstance(number, int) or not holder.get("machine") or number == os.getpid():
        return False
    if holder["machine"] != socket.gethostname():
        return True
    try:
        return psutil.Process(number).create_time() == holder.get("begun")
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True


def _in_use(folder: Path, holder: dict[str, object]) -> FolderInUseError:
    who = f"process {holder['process']} on {holder['machine']}" if {"process", "machine"} <= set(holder) else "a run"
    return FolderInUseError(
        f"'{folder}' is in use by {who}: wait until it is done, or name another folder with --out", code="E330"
    )
