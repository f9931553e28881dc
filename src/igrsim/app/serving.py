"""Serve the page until it is closed: sockets, PIN, browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import uvicorn

from igrsim.app.jobs import Jobs
from igrsim.app.papers import Papers
from igrsim.app.server import make_app
from igrsim.kernel.errors import InputError
from igrsim.runs.lock import held
from igrsim.runs.runner import cores

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"


def serve(
    saved: list[dict[str, Any]],
    out: Path,
    port: int,
    show: bool,
    lan: bool,
    workers: int | None,
    say: Callable[[str], None],
    papers: Papers | None = None,
) -> int:
    """Serve the page; gives back the exit code.

    Parameters
    ----------
    saved : list of dict
        Payloads that are answered from at once.
    out : Path
        Where computed cells are kept; held against other runs while the page is served.
    show : bool
        Open it in the browser.
    lan : bool
        Answer the local network too, and ask for a PIN that is said here only.
    say : callable
        Told where the page is.
    papers : Papers, optional
        Reports and briefs of the saved studies.
    """
    pin = f"{secrets.randbelow(10**6):06d}" if lan else None
    with _socket(EVERYWHERE if lan else LOOPBACK, port) as listening:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
        with held(out):
            jobs = Jobs(out, workers or cores())
            jobs.store.clear_drafts()
            address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
            say(f"page: {address} (Ctrl-C ends it)")
            addresses = [f"http://{host}:{listening.getsockname()[1]}" for host in _hosts()] if lan else []
            if pin:
                say(f"others on this network: {' or '.join(f'{one}/' for one in addresses)}  PIN {pin}")
                say("participants of a lesson: the same with /join, and the room's code instead of the PIN")
            if show:
                threading.Timer(0.5, webbrowser.open, (address,)).start()
            config = uvicorn.Config(
                make_app(jobs, saved, pin, papers, addresses),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
                ws="none",
            )
            try:
                uvicorn.Server(config).run([listening])
            except KeyboardInterrupt:
                say("closed: what was computed is kept")
    return 0


def _hosts() -> list[str]:
    """By what others on the network find this machine: its numbers, and its name where it has none; nobody is asked."""
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    found = [
        address.address
        for name, each in psutil.net_if_addrs().items()
        for address in each
        if name in up and address.family == socket.AF_INET and not address.address.startswith(("127.", "169.254."))
    ]
    return found or [socket.gethostname()]


def _socket(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # whoever comes before the server is ready waits, and is not turned away
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise InputError(f"port {port}: {error.strerror}: name another with --port", code="E390") from None
    return listening
