"""A disk that is full: what cannot be stored is refused whole, and everything goes on when there is room again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import Pool

from bot.history import Claim, History, Item
from tests.bot.office import PLACE, Office

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEXT = "長い本文です。" * 2000


class Disk:
    """How many pages of 4 KiB a database may have, as SQLite itself keeps to it. Holds for connections made later."""

    pages = 1_000_000

    def limit(self, connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {self.pages}")
        cursor.close()


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    event.listen(Pool, "connect", disk.limit)
    yield disk
    event.remove(Pool, "connect", disk.limit)


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}"


def item(number: int) -> Item:
    return Item(f"k{number}", "slack", "message", f"p{number}", 1.0, NOW, {"text": TEXT})


async def fill(history: History) -> int:
    """Put items until there is no room; returns how many were taken in."""
    taken = 0
    with pytest.raises(OperationalError, match="full") as refused:  # noqa: PT012 - it is not known which one fails
        while taken < 1000:
            await history.inbox.put(item(taken))
            taken += 1
    assert TEXT[:20] not in str(refused.value)
    return taken


async def all_claims(history: History) -> list[Claim]:
    claims = []
    while claim := await history.inbox.claim(NOW, timedelta(minutes=1), {"slack"}):
        claims.append(claim)
    return claims


async def test_the_inbox_refuses_what_it_cannot_keep_and_goes_on(file_url: str, disk: Disk) -> None:
    async with History.open(file_url):
        pass
    disk.pages = 120
    async with History.open(file_url) as history:
        taken = await fill(history)
        assert taken > 0
        assert await history.inbox.open_items() == taken, "nothing is half there"
        with pytest.raises(OperationalError, match="full"):
            await history.inbox.claim(NOW, timedelta(minutes=1), {"slack"})
    disk.pages = 1_000_000
    async with History.open(file_url) as history:
        assert await history.inbox.put(item(taken)), "delivered again, it is new"
        claims = await all_claims(history)
        assert [claim.item for claim in claims] == [item(number) for number in range(taken + 1)]


async def test_a_version_is_stored_whole_or_not_at_all(file_url: str, disk: Disk) -> None:
    async with History.open(file_url) as history:
        await Office(history).post(1, "禁a です。")
    disk.pages = 60
    async with History.open(file_url) as history:
        office = Office(history)
        with pytest.raises(OperationalError, match="full"):
            await office.post(2, TEXT * 10)
        thread = await history.drafts.thread(PLACE)
        assert thread is not None
        assert len(thread.versions) == 1
        assert (await history.ledger.verify()).fault is None
    disk.pages = 1_000_000
    async with History.open(file_url) as history:
        await Office(history).post(2, "ほかの文です。")
        assert (await history.ledger.verify()).fault is None
