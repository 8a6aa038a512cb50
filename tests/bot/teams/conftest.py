"""A town hall on Teams: the double of Teams, the real surface, worker, desk and database, and an engine of marks."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.desk import Desk, Place, Reviewers, Thread
from bot.history import History, Inbox
from bot.settings import Settings
from bot.teams.surface import TeamsSurface, open_teams
from bot.worker import Patience, Worker
from tests.bot.readers import Marked
from tests.doubles.teams import Message, Person, Room, TeamsDouble

REVIEW = "19:review@thread.tacv2"
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


class Hall:
    """What a test has in hand."""

    def __init__(self, teams: TeamsDouble, history: History, desk: Desk, surface: TeamsSurface, clock: Clock) -> None:
        self.teams = teams
        self.history = history
        self.desk = desk
        self.surface = surface
        self.inbox: Inbox = history.inbox
        self._clock = clock

    @property
    def room(self) -> Room:
        """The review channel."""
        return self.teams.channel(REVIEW)

    @property
    def staff(self) -> Person:
        return self.teams.person("佐藤")

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the worker see what is due."""
        self._clock.advance(seconds)
        self.inbox.arrived.set()

    def place(self, post: Message) -> Place:
        return Place("teams", self.teams.registration.tenant_id, REVIEW, post.stored.root)

    async def record(self, post: Message) -> Thread | None:
        """The draft's history."""
        return await self.desk.thread(self.place(post))

    async def settled(self) -> None:
        """Wait until everything that was sent is acknowledged and dealt with."""
        await self.teams.delivered()
        await until(self.nothing_open)

    async def nothing_open(self) -> bool:
        return await self.inbox.open_items() == 0


Opening = Callable[[], AbstractAsyncContextManager[Hall]]


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    """A tenant of one test."""
    async with TeamsDouble() as double:
        yield double


@pytest.fixture
def open_hall(teams: TeamsDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Start the surface; to be called again for a restart over the same database."""
    for name, value in teams.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SNS_CHECK_TEAMS_CHANNELS", REVIEW)
    monkeypatch.setenv("SNS_CHECK_DATA_DIR", str(tmp_path))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Hall]:
        settings, clock = Settings.load(), Clock()
        async with History.open(settings.database_url.get_secret_value()) as history:
            desk = Desk(history, Reviewers(Marked), clock)
            surface = await open_teams(settings, desk, history, clock=clock, seconds=clock.seconds)
            patience = Patience(attempts=1)
            worker = Worker(
                history.inbox, surface.handlers, clock=clock, drain_seconds=2, lease=LEASE, patience=patience
            )
            async with _running(worker), _served(surface, teams):
                yield Hall(teams, history, desk, surface, clock)

    return opened


@pytest.fixture
async def hall(open_hall: Opening) -> AsyncIterator[Hall]:
    """A running town hall."""
    async with open_hall() as opened:
        yield opened


async def until(condition: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    """Wait for what only the database knows; AssertionError if it does not come."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not await condition():
        assert loop.time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


@asynccontextmanager
async def _served(surface: TeamsSurface, teams: TeamsDouble) -> AsyncIterator[None]:
    await surface.start()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=list(surface.routes)), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    teams.messaging_url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/messages"
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
        await surface.close()
