"""Reminders of the real process, whose clock is set forward to a working day, also of two over one database."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.slack.test_reminders import time_to_remind
from tests.doubles.slack import SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, Mode, Service

BOSS, CHIEF, CHIEFS = "U8BOSS", "U7CHIEF", "S8CHIEFS"


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file that says how many seconds the processes' clock is ahead."""
    file = tmp_path / "ahead"
    file.write_text("0", encoding="ascii")
    return file


@asynccontextmanager
async def running(slack: SlackDouble, mode: Mode, directory: Path, clock: Path) -> AsyncIterator[Service]:
    settings = {"SNS_CHECK_SUPERVISORS": f"{BOSS},{CHIEFS}", "CLOCK_AHEAD": str(clock)}
    service = Service(slack, mode, directory, **settings)
    service.command = (sys.executable, "-m", "tests.e2e.clocked", "serve")
    await service.start()
    try:
        yield service
    finally:
        assert await service.stop() == 0, service.log


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:  # the others share one
    async with SlackDouble() as double:
        yield double


async def test_each_supervisor_is_reminded_once_of_what_waits(
    slack: SlackDouble, mode: Mode, tmp_path: Path, clock: Path
) -> None:
    for user in (BOSS, CHIEF):
        slack.user(user)
    slack.user_group(CHIEFS, CHIEF)
    began = datetime.now(UTC)
    async with running(slack, mode, tmp_path, clock) as service:
        post = slack.channel(CHANNELS[0]).post("U1", drafts.INSULT)
        await post.answer()
        assert [len(slack.direct(user).messages) for user in (BOSS, CHIEF)] == [0, 0]
    ahead = (time_to_remind(began) - began).total_seconds()
    await asyncio.to_thread(clock.write_text, str(ahead), encoding="ascii")
    slack.clock.advance(ahead)
    async with running(slack, mode, tmp_path, clock), running(slack, mode, tmp_path, clock) as service:
        rooms = [slack.direct(user) for user in (BOSS, CHIEF)]
        await slack.until(lambda: all(room.messages for room in rooms), within=60)
        await service.settled()
        link = f"https://machi.slack.com/archives/{CHANNELS[0]}/p{post.ts.replace('.', '')}"
        assert [message.reading.links for room in rooms for message in room.messages] == [(link,), (link,)]
    async with running(slack, mode, tmp_path, clock) as service:  # the same day again
        await service.settled()
        assert [len(slack.direct(user).messages) for user in (BOSS, CHIEF)] == [1, 1]
