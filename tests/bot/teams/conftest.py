"""A town hall on Teams: the double of Teams, the real surface, worker, desk and database, and an engine of marks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.desk import Desk, Place, Reviewers, Thread
from bot.history import History, Inbox
from bot.settings import Settings
from bot.teams.surface import TeamsSurface, open_teams
from tests.bot.readers import Marked
from tests.bot.running import Clock, served, until, working
from tests.doubles.teams import Message, Person, Room, TeamsDouble

REVIEW = "19:review@thread.tacv2"


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

    def now(self) -> datetime:
        """The time as the surface has it."""
        return self._clock()

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
            async with working(history.inbox, surface.handlers, clock), _served(surface, teams):
                yield Hall(teams, history, desk, surface, clock)

    return opened


@pytest.fixture
async def hall(open_hall: Opening) -> AsyncIterator[Hall]:
    """A running town hall."""
    async with open_hall() as opened:
        yield opened


@asynccontextmanager
async def _served(surface: TeamsSurface, teams: TeamsDouble) -> AsyncIterator[None]:
    await surface.start()
    try:
        async with served(surface.routes) as address:
            teams.messaging_url = f"{address}/api/messages"
            yield
    finally:
        await surface.close()
