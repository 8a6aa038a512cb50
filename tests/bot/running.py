"""What runs around a surface in a test: a worker, a web server, a clock that can be set forward."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.history import Inbox
from bot.worker import Handler, Patience, Worker

LEASE = timedelta(days=1)
"""Longer than the time that tests let pass."""


class Clock:
    """The time, which a test may set forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def seconds(self) -> float:
        return time.monotonic() + self._ahead.total_seconds()

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


async def until(condition: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    """Wait for what only the database knows; AssertionError if it does not come."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not await condition():
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def working(inbox: Inbox, handlers: Mapping[tuple[str, str], Handler], clock: Clock) -> AsyncIterator[None]:
    """Have a worker deal with the inbox. It tries everything once."""
    worker = Worker(inbox, handlers, clock=clock, drain_seconds=2, lease=LEASE, patience=Patience(attempts=1))
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


@asynccontextmanager
async def served(routes: Sequence[BaseRoute]) -> AsyncIterator[str]:
    """Serve over HTTP; hands over the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=list(routes)), log_config=None, lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()
