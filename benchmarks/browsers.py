"""Thirty browsers ask at once, with and without a hog beside them: how long each waits for its first picture.

    python benchmarks/browsers.py --browsers 30

The app is started as a user starts it. Each browser asks for pilots of its own (a seed nobody asked for before, so nothing is
kept) and listens until its first picture; so does one alone. A hog asks for the most that the page computes, a while before the
others. Rounds with and without alternate. Prints waits in seconds and, browser by browser in the order of their waits, how many
times as long they waited beside the hog; exit 1 if anyone waited more than twice as long.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from typing import Any

AHEAD = 3.0
"""Seconds by which the hog comes first."""
ARMS = [{"name": "siloed", "regime": "siloed"}, {"name": "district-hub", "regime": "district-hub"}]


def post(address: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
    """Ask the app for something."""
    body = json.dumps(data).encode()
    asked = urllib.request.Request(f"{address}{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=600) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def ask(address: str, client: str, **more: Any) -> str:
    """Queue a scenario; its job."""
    return str(post(address, "api/jobs", {"client": client, "scenario": {"version": 1, "arms": ARMS} | more})["job"])


def first_picture(address: str, client: str, seed: int) -> float:
    """Seconds from asking to the first picture."""
    begun = time.perf_counter()
    job = ask(address, client, seed=seed, worlds=1, futures=1)
    with urllib.request.urlopen(f"{address}api/jobs/{job}/events", timeout=600) as events:
        for line in events:
            if line.startswith(b"event: picture"):
                return time.perf_counter() - begun
    raise RuntimeError("no picture came")


def together(address: str, browsers: int, seed: int) -> list[float]:
    """Waits of all who ask at once, shortest first."""
    waits = [0.0] * browsers

    def one(place: int) -> None:
        waits[place] = first_picture(address, f"browser-{seed}-{place}", seed + place)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(waits)


def beside_a_hog(address: str, browsers: int, seed: int) -> list[float]:
    """The same while one asks for the most there is."""
    job = ask(
        address, f"hog-{seed:08d}", seed=seed + 999, scope="country", months=120, citizens=20_000, worlds=32, futures=32
    )
    gone = threading.Event()

    def listen() -> None:
        with urllib.request.urlopen(f"{address}api/jobs/{job}/events", timeout=600) as events:
            for _ in events:
                if gone.is_set():
                    return

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(AHEAD)
    waits = together(address, browsers, seed)
    gone.set()
    post(address, f"api/jobs/{job}/cancel", {})
    time.sleep(AHEAD)
    return waits


def main() -> int:
    """Measure, print, judge."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--browsers", type=int, default=30)
    words.add_argument("--rounds", type=int, default=2)
    words.add_argument("--workers", type=int, default=2)
    wanted = words.parse_args()
    with tempfile.TemporaryDirectory() as out:
        call = [sys.executable, "-c", "from igrsim.cli import main; main()", "app", "--no-open", "--port", "0",
                "--workers", str(wanted.workers), "--out", out]  # fmt: skip
        with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as app:
            assert app.stderr is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", app.stderr.readline())
            assert found
            try:
                address = found[0]
                first_picture(address, "warming-up", 1)
                alone = [first_picture(address, f"alone-{i:08d}", 100 + i) for i in range(5)]
                without, with_hog = [], []
                for number in range(wanted.rounds):
                    seed = 10_000 * (number + 1)
                    without += together(address, wanted.browsers, seed)
                    with_hog += beside_a_hog(address, wanted.browsers, seed + 5_000)
            finally:
                app.terminate()
    ratios = [b / a for a, b in zip(sorted(without), sorted(with_hog), strict=True)]
    print(json.dumps({
        "alone": [round(each, 2) for each in alone],
        "together": {"median": round(sorted(without)[len(without) // 2], 1), "longest": round(max(without), 1)},
        "beside a hog": {"median": round(sorted(with_hog)[len(with_hog) // 2], 1), "longest": round(max(with_hog), 1)},
        "times as long": {"median": round(sorted(ratios)[len(ratios) // 2], 2), "most": round(max(ratios), 2)},
    }, indent=2))  # fmt: skip
    return int(max(ratios) > 2)


if __name__ == "__main__":
    sys.exit(main())
