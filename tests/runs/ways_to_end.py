"""Ways for a process to end or to hang, importable at once."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import time


def gone(how: str) -> str:
    """End this process in some way, or never; or say that all is well."""
    if how == "killed":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    elif how == "segfault":
        faulthandler.disable()
        ctypes.string_at(0)
    elif how == "exit":
        os._exit(0)
    elif how == "hang":
        time.sleep(600)
    elif how == "memory":
        raise MemoryError("no room")
    elif how == "system exit":
        raise SystemExit(0)
    elif how == "unpicklable":
        return lambda: None  # type: ignore[return-value]
    return f"{how} {os.getpid()}"
