"""Two processes over one PostgreSQL say once what each of them could say: what waits, what was missed, what is late."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot.slack.waiting import TOLD_WAITING
from tests.bot.slack.test_reminders import time_to_remind
from tests.doubles.slack import SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, Mode, Service
from tests.postgres import running_postgres

BOSS = "U8BOSS"
LATE = 70.0
"""Seconds: longer than somebody waits without being told."""


@pytest.fixture
def mode() -> Mode:
    return "socket"


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:  # the others share one
    async with SlackDouble() as double:
        double.user(BOSS)
        yield double


@pytest.fixture
def url() -> Iterator[str]:
    """A database of a server of its own."""
    with running_postgres() as server:
        yield server.new_database()


class Clock:
    """The clock of Slack and of all processes."""

    def __init__(self, slack: SlackDouble, file: Path) -> None:
        self._slack = slack
        self.file = file
        self._ahead = 0.0
        self.advance(0)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        written = self.file.with_suffix(".new")
        written.write_text(str(self._ahead), encoding="ascii")
        written.replace(self.file)  # the processes read it at any moment
        self._slack.clock.advance(seconds)


@asynccontextmanager
async def two_running(slack: SlackDouble, url: str, directory: Path, clock: Clock) -> AsyncIterator[None]:
    settings = {
        "SNS_CHECK_DATABASE_URL": url,
        "SNS_CHECK_SUPERVISORS": BOSS,
        "SNS_CHECK_CATCH_UP": "1",
        "CLOCK_AHEAD": str(clock.file),
    }
    services = [Service(slack, "socket", directory / name, **settings) for name in ("one", "two")]
    for service in services:
        service.directory.mkdir(exist_ok=True)
        service.command = (sys.executable, "-m", "tests.e2e.clocked", "serve")
    async with AsyncExitStack() as stack:
        for service in services:
            stack.push_async_callback(service.kill)
        await asyncio.gather(*(service.start() for service in services))
        await slack.connected(2)
        yield
        assert await asyncio.gather(*(service.stop() for service in services)) == [0, 0]


def messages_about(slack: SlackDouble, event_type: str) -> int:
    """Count what was posted under this name, and stayed or not."""
    calls = slack.calls("chat.postMessage")
    return sum(call.status == 200 and event_type in str(call.args.get("metadata", "")) for call in calls)


async def nothing_open(slack: SlackDouble, url: str) -> None:
    def done() -> bool:
        with psycopg.connect(url) as database:
            return database.execute("SELECT count(*) FROM inbox WHERE finished_at IS NULL").fetchone() == (0,)

    await slack.until(done, within=60, expected="an empty inbox")


async def test_supervisors_and_authors_are_told_once(slack: SlackDouble, url: str, tmp_path: Path) -> None:
    began = datetime.now(UTC)
    clock = Clock(slack, tmp_path / "ahead")
    room = slack.channel(CHANNELS[0])
    async with two_running(slack, url, tmp_path, clock):
        waiting = room.post("U1", drafts.INSULT)
        await waiting.answer(within=60)
        await nothing_open(slack, url)
    missed = room.post("U1", drafts.INSULT)
    clock.advance((time_to_remind(began) - began).total_seconds())
    async with two_running(slack, url, tmp_path, clock):
        told = slack.direct(BOSS)
        await slack.until(lambda: len(told.messages) >= 2, within=60, expected="a reminder, and what was missed")
        await nothing_open(slack, url)
        counted = [messages_about(slack, name) for name in ("sns_check_reminder", "sns_check_missed")]
        assert (len(told.messages), counted, missed.answers) == (2, [1, 1], [])
        await an_answer_that_is_late_is_told_once(slack, url, clock)
        assert len(told.messages) == 2


async def an_answer_that_is_late_is_told_once(slack: SlackDouble, url: str, clock: Clock) -> None:
    post = slack.channel(CHANNELS[1]).post("U1", drafts.INSULT)
    await post.answer(within=60)
    await nothing_open(slack, url)
    async with await psycopg.AsyncConnection.connect(url) as other:
        await other.execute("SELECT id FROM drafts WHERE thread = %s FOR UPDATE", [post.ts])
        post.edit(drafts.CLEAN)
        await post.deliveries[-1].acked()
        clock.advance(LATE)
        await slack.until(lambda: messages_about(slack, TOLD_WAITING), within=60, expected="that it takes longer")
    await nothing_open(slack, url)
    assert messages_about(slack, TOLD_WAITING) == 1
    assert len(post.answers) == 2, "the line is gone, and each version has its answer"
    assert drafts.CALM in post.answers[1].reading.text
