"""A town hall: the Slack double, the real surface, worker, desk and database, and an engine of one rule."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.desk import Desk, Reviewers
from bot.history import History, Inbox, Place, Thread
from bot.settings import Settings
from bot.slack import pace
from bot.slack.surface import SlackSurface, open_slack
from rules.guideline import Clause, Guideline
from rules.model import Finding, Level, Review, Topic, Versions
from tests.bot.running import Clock, served, working
from tests.doubles.slack import Post, Room, SlackDouble

BAD = "無能"
BOSS = "U8BOSS"
CHIEFS = "S8CHIEFS"
"""Who decides: a person, and a user group that a test may fill."""

BREAKING = "故障"
"""A word on which the engine breaks."""


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
    clock = Clock()  # goes on over restarts: what was put off until later would wait for it to catch up

    @asynccontextmanager
    async def opened() -> AsyncIterator[Town]:
        settings = Settings.load()
        async with History.open(settings.database_url.get_secret_value()) as history:
            desk = Desk(history, Reviewers(OneWord), clock)
            surface = await open_slack(settings, desk, history, clock=clock, seconds=clock.seconds)
            # In this order, since a surface is closed after the worker has stopped.
            async with _served(surface, slack), working(history.inbox, surface.handlers, clock):
                yield Town(slack, history, desk, clock)

    return opened


@pytest.fixture
async def town(open_town: Opening) -> AsyncIterator[Town]:
    """A running town hall."""
    async with open_town() as opened:
        yield opened


@asynccontextmanager
async def _served(surface: SlackSurface, slack: SlackDouble) -> AsyncIterator[None]:
    await surface.start()
    try:
        if surface.routes:
            async with served(surface.routes) as address:
                slack.request_url = f"{address}/slack/events"
                yield
        else:
            await slack.connected()
            yield
    finally:
        await surface.close()
