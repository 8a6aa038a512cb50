"""A town hall: the Slack double, the real surface, worker, desk and database, and an engine of one rule."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.desk import Desk, Reviewers
from bot.history import History, Inbox, Place, Thread
from bot.settings import Settings
from bot.slack import pace
from bot.slack.surface import SlackSurface, open_slack
from bot.worker import Patience, Worker
from rules.guideline import Clause, Guideline
from rules.model import Finding, Level, Review, Topic, Versions
from tests.doubles.slack import Post, Room, SlackDouble

BAD = "無能"
BOSS = "U8BOSS"
CHIEFS = "S8CHIEFS"
"""Who decides: a person, and a user group that a test may fill."""

BREAKING = "故障"
"""A word on which the engine breaks."""


LEASE = timedelta(days=1)
"""Longer than the time that tests let pass."""


class OneWord:
    """A reader with one rule: ``BAD`` is forbidden."""

    versions = Versions("test 1", "2026.11+0", "none")

    def __init__(self, name: str) -> None:
        self.guideline = Guideline(
            id=name,
            municipality="みどり市",
            name=f"{name}の手引き",
            edition="1",
            source="",
            clauses=(Clause("4(6)①", "人をおとしめる言い方を含む情報"),),
            topics={},
        )

    def review(self, text: str, *, today: date) -> Review:  # noqa: ARG002 - the interface has it
        if BREAKING in text:
            raise RuntimeError(text)
        findings = []
        start = text.find(BAD)
        while start >= 0:
            end = start + len(BAD)
            found = ("insult.ability", Topic.INSULT, Level.BLOCK, ("4(6)①",), start, end, BAD)
            findings.append(Finding(*found, "能力を否定する言い方です。", "事実だけを書く"))
            start = text.find(BAD, end)
        return Review(tuple(findings), self.versions)


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


class Town:
    """What a test has in hand."""

    def __init__(self, slack: SlackDouble, history: History, desk: Desk, clock: Clock) -> None:
        self.slack = slack
        self.desk = desk
        self.inbox: Inbox = history.inbox
        self._clock = clock

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the worker see what is due."""
        self._clock.advance(seconds)
        self.inbox.arrived.set()

    @property
    def room(self) -> Room:
        """The review channel."""
        return self.slack.channel("C01REV")

    async def record(self, post: Post) -> Thread | None:
        """The draft's history."""
        return await self.desk.thread(Place("slack", self.slack.identity.team, post.message.channel, post.ts))


Opening = Callable[[], AbstractAsyncContextManager[Town]]


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    """How Slack delivers. A test that does not depend on it sets ``mode`` by ``parametrize``."""
    return str(request.param)


@pytest.fixture
def post_interval() -> float:
    """Seconds between two messages into a channel. Real ones are for the test of it."""
    return 0.01


@pytest.fixture
def open_town(
    slack: SlackDouble, mode: str, post_interval: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Opening:
    """Start the surface; to be called again for a restart over the same database."""
    monkeypatch.setattr(pace, "POST_INTERVAL", post_interval)
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.credentials.bot_token)
    if mode == "socket":
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.credentials.app_token)
    else:
        monkeypatch.setenv("SLACK_SIGNING_SECRET", slack.credentials.signing_secret)
    monkeypatch.setenv("SNS_CHECK_SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("SNS_CHECK_REVIEW_CHANNELS", "C01REV,C02REV=oizumi")
    monkeypatch.setenv("SNS_CHECK_SUPERVISORS", f"{BOSS},{CHIEFS}")
    monkeypatch.setenv("SNS_CHECK_REVIEW_BOTS", "B0RESERVE")
    monkeypatch.setenv("SNS_CHECK_DATA_DIR", str(tmp_path))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Town]:
        settings, clock = Settings.load(), Clock()
        async with History.open(settings.database_url.get_secret_value()) as history:
            desk = Desk(history, Reviewers(OneWord), clock)
            surface = await open_slack(settings, desk, history, clock=clock, seconds=clock.seconds)
            worker = Worker(
                history.inbox,
                surface.handlers,
                clock=clock,
                drain_seconds=2,
                lease=LEASE,
                patience=Patience(attempts=1),
            )
            async with _running(worker), _served(surface, slack):
                yield Town(slack, history, desk, clock)

    return opened


@pytest.fixture
async def town(open_town: Opening) -> AsyncIterator[Town]:
    """A running town hall."""
    async with open_town() as opened:
        yield opened


async def until(condition: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
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
async def _served(surface: SlackSurface, slack: SlackDouble) -> AsyncIterator[None]:
    await surface.start()
    try:
        if surface.routes:
            async with _web_server(surface) as address:
                slack.request_url = f"{address}/slack/events"
                yield
        else:
            await slack.connected()
            yield
    finally:
        await surface.close()


@asynccontextmanager
async def _web_server(surface: SlackSurface) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=list(surface.routes)), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()
