"""The server: routes, and what every answer carries. What is asked, computed and shown is decided elsewhere."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from igrsim.app.api import BODY_BYTES, read_ladder_request, read_request, read_story_request
from igrsim.app.classroom import Classroom
from igrsim.app.classroom_routes import classroom_routes, join_page
from igrsim.app.export import page, start
from igrsim.app.jobs import Job, Jobs
from igrsim.app.papers import Papers
from igrsim.app.payload import as_json
from igrsim.app.planner import answer_plan
from igrsim.app.study_files import answer_study
from igrsim.kernel.errors import InputError

SESSION = "igrsim"
WRONG_PINS, PAUSE = 10, 60.0
"""Wrong PINs, from anywhere, after which none is taken for so many seconds."""
HEARTBEAT = 15.0
LOCAL = ("127.0.0.1", "localhost", "[::1]")
HALVES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
"""Half a character, in JSON: it can be read, and then neither written nor sent."""


def make_app(
    jobs: Jobs,
    saved: list[dict[str, Any]],
    pin: str | None = None,
    papers: Papers | None = None,
    addresses: list[str] | None = None,
) -> Starlette:
    """The application.

    Parameters
    ----------
    jobs : Jobs
    saved : list of dict
        Payloads that are answered from at once.
    pin : str, optional
        Required of everyone but participants of a lesson, where the page is served to a room; without it only this
        machine is answered.
    papers : Papers, optional
        Reports and briefs of the saved studies.
    addresses : list of str, optional
        Where this machine is found by others.
    """
    papers = papers or Papers()
    html, policy = page(None)
    first = as_json(start(saved, live=True, bounds=asdict(jobs.bounds)))
    doors = Doors(pin)

    async def show(request: Request) -> Response:
        return HTMLResponse(html)

    async def enter(request: Request) -> Response:
        if doors.pin is None:
            return JSONResponse({})
        try:
            given = json.loads(await _body(request))["pin"]
        except (ValueError, KeyError, TypeError):
            given = ""
        token = doors.enter(str(given))
        answer = JSONResponse({})
        answer.set_cookie(SESSION, token, httponly=True, samesite="strict", path="/")
        return answer

    async def begin(request: Request) -> Response:
        doors.check(request)
        return Response(first, media_type="application/json")

    async def ask(request: Request) -> Response:
        doors.check(request)
        client, scenario = read_request(await _body(request), jobs.bounds)
        plan = await asyncio.wrap_future(jobs.plan(scenario))
        job = await run_sync(jobs.submit, client, scenario, plan)
        return JSONResponse({"job": job.name, "link": scenario.link(), "command": scenario.command()})

    async def weigh(request: Request) -> Response:
        doors.check(request)
        try:
            told = await run_sync(answer_plan, await _body(request))
        except InputError as why:
            # somebody is writing an amount: to say what is wrong with it is the answer, and no failure
            return JSONResponse({"error": str(why)})
        return Response(as_json(told), media_type="application/json")

    async def tell(request: Request) -> Response:
        doors.check(request)
        client, scenario, whose = read_story_request(await _body(request), jobs.bounds)
        plan = await asyncio.wrap_future(jobs.plan(scenario))
        job = await run_sync(jobs.submit, client, scenario, plan, whose)
        return JSONResponse({"job": job.name})

    async def climb(request: Request) -> Response:
        doors.check(request)
        client, scenario, metrics = read_ladder_request(await _body(request), jobs.bounds)
        found = await asyncio.wrap_future(jobs.climb(scenario, metrics))
        job = await run_sync(partial(jobs.submit, client, scenario, found.plan, climb=found))
        return JSONResponse({"job": job.name})

    async def foresee(request: Request) -> Response:
        doors.check(request)
        try:
            _, scenario, metrics = read_ladder_request(await _body(request), jobs.bounds)
            found = await asyncio.wrap_future(jobs.climb(scenario, metrics))
        except InputError as why:
            # that there is no ladder between two arms is an answer, and no failure
            return JSONResponse({"error": why.message})
        return JSONResponse(found.about())

    async def study(request: Request) -> Response:
        doors.check(request)
        try:
            return JSONResponse(await run_sync(answer_study, await _body(request), jobs.bounds))
        except InputError as why:
            # what is wrong with somebody's file is what they asked
            return JSONResponse({"error": str(why)})

    async def paper(request: Request) -> Response:
        doors.check(request)
        name = request.path_params["name"]
        content = await run_sync(papers.read, request.path_params["study"], name)
        kind = "application/pdf" if name.endswith(".pdf") else "text/plain; charset=utf-8"
        # never opened as a page of ours: the page itself shows what it reads, or saves it
        return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    async def hear(request: Request) -> Response:
        doors.check(request)
        return StreamingResponse(_events(jobs, _job(jobs, request)), media_type="text/event-stream")

    async def cancel(request: Request) -> Response:
        doors.check(request)
        return JSONResponse({"cancelled": jobs.cancel(_job(jobs, request).name)})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        jobs.warm()
        yield
        await run_sync(jobs.close)

    return Starlette(
        routes=[
            Route("/", show),
            Route("/api/enter", enter, methods=["POST"]),
            Route("/api/start", begin),
            Route("/api/jobs", ask, methods=["POST"]),
            Route("/api/plan", weigh, methods=["POST"]),
            Route("/api/stories", tell, methods=["POST"]),
            Route("/api/ladder", climb, methods=["POST"]),
            Route("/api/ladder/plan", foresee, methods=["POST"]),
            Route("/api/study", study, methods=["POST"]),
            Route("/api/papers/{study}/{name}", paper),
            Route("/api/jobs/{job}/events", hear),
            Route("/api/jobs/{job}/cancel", cancel, methods=["POST"]),
            *classroom_routes(Classroom(), doors.check, _body, addresses or [], jobs.workers),
        ],
        middleware=[
            Middleware(_Guard, policies={"": policy, "/join": join_page()[1]}, anywhere=pin is not None),
            Middleware(GZipMiddleware),
        ],
        exception_handlers={InputError: _in_one_line, HTTPException: _refused, Exception: _failed},
        lifespan=lifespan,
    )


class Doors:
    """Who may come in: everyone without a PIN, and with one whoever has given it; nothing of them is kept but a token."""

    def __init__(self, pin: str | None) -> None:
        self.pin = pin
        self._tokens: set[str] = set()
        self._wrong: list[float] = []

    def enter(self, given: str) -> str:
        """A token for the right PIN."""
        now = time.monotonic()
        self._wrong = [when for when in self._wrong if now - when < PAUSE]
        if len(self._wrong) >= WRONG_PINS:
            raise HTTPException(429, "too many wrong PINs: wait a minute")
        if not secrets.compare_digest(given.encode(), str(self.pin).encode()):
            self._wrong.append(now)
            raise HTTPException(403, "that is not the PIN")
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        return token

    def check(self, request: Request) -> None:
        """Turn away who has no token, where one is needed."""
        if self.pin is not None and request.cookies.get(SESSION) not in self._tokens:
            raise HTTPException(401, "the facilitator's PIN is needed")


class _Guard:
    """What holds for every answer: its headers, and that only a page of ours asks."""

    def __init__(self, app: ASGIApp, policies: dict[str, str], anywhere: bool) -> None:
        self.app, self.anywhere, self.policies = app, anywhere, policies
        self.headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        policy = self.policies.get(scope["path"], self.policies[""])
        headers = [(b"content-security-policy", f"{policy}; frame-ancestors 'none'".encode()), *self.headers]

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if why := self._foreign(given):
            await JSONResponse({"error": why}, 403)(scope, receive, sealed)
        else:
            await self.app(scope, receive, sealed)

    def _foreign(self, given: dict[str, str]) -> str:
        host = given.get("host", "")
        # a name that somebody's name server points at this machine would make their page one of ours
        if not self.anywhere and host.rpartition(":")[0] not in LOCAL and host not in LOCAL:
            return "this page answers its own machine only"
        if given.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "another page asks"
        origin = given.get("origin")
        return "another page asks" if origin is not None and origin.partition("://")[2] != host else ""


async def _body(request: Request) -> bytes:
    """A request's body, as far as one may be."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "JSON is needed")
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > BODY_BYTES:
            raise HTTPException(413, f"a request of more than {BODY_BYTES} bytes")
    if HALVES.search(content):
        raise InputError("a request holds a character that is none", code="E433")
    return content


def _job(jobs: Jobs, request: Request) -> Job:
    job = jobs.find(request.path_params["job"])
    if job is None:
        raise HTTPException(404, "no such job: ask again")
    return job


async def _events(jobs: Jobs, job: Job) -> AsyncIterator[str]:
    """What happens to a job, as server-sent events, until it is over or the browser has gone."""
    loop, heard = asyncio.get_running_loop(), asyncio.Queue[tuple[str, str]]()

    def listener(kind: str, text: str) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, (kind, text))

    await run_sync(jobs.listen, job, listener)
    try:
        while True:
            try:
                kind, text = await asyncio.wait_for(heard.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still there\n\n"
                continue
            yield f"event: {kind}\ndata: {text}\n\n"
            if kind in ("done", "failed", "cancelled"):
                return
    finally:
        jobs.leave(job, listener)


async def _in_one_line(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 422)


async def _failed(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "error E434: the app failed at this; its terminal says more"}, 500)


async def _refused(request: Request, error: Exception) -> Response:
    status, words = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return JSONResponse({"error": words}, status)
