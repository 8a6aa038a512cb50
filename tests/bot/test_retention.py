"""The running program erases what is too old by itself."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.history import History, Keeping
from bot.history.database import connect
from bot.retention import erasing
from tests.bot.office import NOW, PLACE, Office


async def erased(history: History) -> None:
    async with asyncio.timeout(10):
        while (thread := await history.drafts.thread(PLACE)) is None or thread.versions:  # noqa: ASYNC110 - in the database, where nothing can wake us
            await asyncio.sleep(0.02)


async def test_what_is_too_old_is_erased_at_once(history: History, office: Office) -> None:
    await office.post(1, "禁a です。")
    async with erasing(history, 30, lambda: NOW + timedelta(days=31)):
        await erased(history)


async def test_a_mistake_does_not_end_it(history: History, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.retention.EVERY", timedelta(milliseconds=20))
    await office.post(1, "禁a です。")
    asked = 0

    def clock() -> datetime:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise ValueError("秘密の本文")
        return NOW + timedelta(days=31)

    async with erasing(history, 30, clock):
        await erased(history)


async def test_it_looks_again_and_survives_a_database_that_does_not_answer(
    url: str, history: History, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retention.EVERY", timedelta(milliseconds=20))
    await office.post(1, "禁a です。")
    now, asked = NOW, asyncio.Event()
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(text("ALTER TABLE events RENAME TO hidden"))

    def clock() -> datetime:
        asked.set()
        return now

    async with erasing(history, 30, clock):
        await asked.wait()
        asked.clear()
        async with asyncio.timeout(10):
            await asked.wait()
        async with connect(url) as database, database.writing() as connection:
            await connection.execute(text("ALTER TABLE hidden RENAME TO events"))
        now = NOW + timedelta(days=31)
        await erased(history)


async def test_without_a_period_nothing_is_erased(history: History, office: Office) -> None:
    await office.post(1, "禁a です。")
    async with erasing(history, None, lambda: NOW + timedelta(days=9999)):
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1, "nobody is at work beside this test"
    assert (await office.thread()).versions


async def test_what_is_not_to_be_kept_goes_without_a_period_too(history: History, office: Office) -> None:
    await office.post(1, "禁a です。")
    async with erasing(history, None, lambda: NOW + timedelta(days=2), Keeping.NONE), asyncio.timeout(10):
        while (await office.thread()).versions[0].text != "■■ ■■■":  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
