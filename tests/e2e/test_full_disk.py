"""The disk is full for a while: what was posted is told that it takes longer, and answered once when there is room."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.doubles.slack import Post, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, Service
from tests.postgres import running_postgres

LATE = 70.0
"""Seconds: longer than somebody waits without being told."""
LONG = drafts.INSULT + drafts.CLEAN * 300
"""More than there is room for in pages that are begun."""

OPEN = "SELECT count(*) FROM inbox WHERE finished_at IS NULL"


@dataclass(frozen=True)
class Disk:
    """A database, what makes its disk full for the length of a block, and how many items in it are not dealt with."""

    settings: Mapping[str, str]
    full: Callable[[], AbstractContextManager[None]]
    open_items: Callable[[], int]


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:  # the others share one
    async with SlackDouble() as double:
        yield double


@pytest.fixture(params=["sqlite", "postgresql"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    file = tmp_path / "full"
    if request.param == "sqlite":

        @contextmanager
        def full() -> Iterator[None]:
            file.touch()
            yield
            file.unlink()

        def open_items() -> int:
            with closing(sqlite3.connect(tmp_path / "data" / "sns-check.sqlite3")) as database:
                return int(database.execute(OPEN).fetchone()[0])

        yield Disk({"DISK_FULL": str(file)}, full, open_items)
        return
    with running_postgres() as server:
        url = server.new_database()
        settings = {"SNS_CHECK_DATABASE_URL": url, "DISK_FULL": str(file)}
        yield Disk(settings, lambda: no_room_in(url), lambda: count(url))


def count(url: str) -> int:
    with psycopg.connect(url) as database:
        (number,) = database.execute(OPEN).fetchone() or (0,)
        return int(number)


@contextmanager
def no_room_in(url: str) -> Iterator[None]:
    """Have PostgreSQL refuse new rows as it does without room for them: its own error, in its own transaction."""
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        for table in ("inbox", "versions", "events"):
            administrator.execute(
                f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()".encode()
            )
        yield
        administrator.execute("DROP FUNCTION no_room CASCADE")


def says_that_it_waits(post: Post) -> bool:
    return any("時間がかかっています" in answer.reading.text for answer in post.answers)


async def test_what_came_while_the_disk_was_full_is_answered_once(
    slack: SlackDouble, tmp_path: Path, disk: Disk
) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text("0", encoding="ascii")
    service = Service(slack, "socket", tmp_path, CLOCK_AHEAD=str(ahead), **disk.settings)
    service.command = (sys.executable, "-m", "tests.e2e.cramped", "serve")
    await service.start()
    try:
        room = slack.channel(CHANNELS[0])
        before = room.post("U1", drafts.INSULT)
        await before.answer(within=60)
        await slack.until(lambda: disk.open_items() == 0, within=60)
        with disk.full():
            during = room.post("U1", LONG)
            await slack.until(lambda: "event_not_stored" in service.log, within=60, expected="a refusal")
            assert not during.deliveries[0].acknowledged
            written = ahead.with_suffix(".new")
            written.write_text(str(LATE), encoding="ascii")
            written.replace(ahead)
            await slack.until(lambda: says_that_it_waits(during), within=60, expected="that it takes longer")
            assert len(during.answers) == 1
        await slack.delivered()
        await slack.until(
            lambda: during.answers and not says_that_it_waits(during) and disk.open_items() == 0,
            within=90,
            expected="the answer alone, and an empty inbox",
        )
        assert [len(post.answers) for post in (before, during)] == [1, 1]
        assert drafts.INSULT_LABEL in during.answers[0].reading.text
    finally:
        assert await service.stop() == 0, service.log
