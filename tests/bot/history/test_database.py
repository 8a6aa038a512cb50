"""Opening a database: migrations, several at once, and what an administrator is told."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.history import History, HistoryError, Place
from bot.history.database import CLAIM_LOCK, Database, connect
from bot.history.tables import metadata
from bot.worker import DATABASE_AWAY
from tests.postgres import Postgres


async def test_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with connect(url) as database, database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_several_processes_may_start_at_once(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.history import History\n"
        "async def main():\n"
        "    async with History.open(sys.argv[1]) as history: await history.check()\n"
        "asyncio.run(main())\n"
    )
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", program, url) for _ in range(4)
    ]
    assert await asyncio.gather(*(process.wait() for process in started)) == [0, 0, 0, 0]


async def test_a_process_that_freezes_in_a_transaction_holds_nobody_up(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.history.database.HELD_SECONDS", 1)
    url = postgres.new_database().replace("postgresql:", "postgresql+psycopg:")
    async with connect(url) as frozen, connect(url) as alive:
        with pytest.raises(DBAPIError) as raised:  # noqa: PT012 - the others go on before it is raised
            async with frozen.writing() as connection:
                await frozen.serialise(connection, CLAIM_LOCK)
                async with asyncio.timeout(10), alive.writing() as other:
                    await alive.serialise(other, CLAIM_LOCK)
                await connection.execute(text("SELECT 1"))
    assert isinstance(raised.value, DATABASE_AWAY), "what it had in hand is tried again"


async def test_a_url_may_say_how_soon_a_dead_connection_is_noticed(postgres: Postgres) -> None:
    url = postgres.new_database().replace("postgresql:", "postgresql+psycopg:")
    async with connect(f"{url}?keepalives_idle=77") as database, database.reading() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        said = driver.info.get_parameters()
    assert (said["keepalives_idle"], said["tcp_user_timeout"]) == ("77", "15000")


async def test_opening_again_keeps_what_is_there(url: str) -> None:
    place = Place("slack", "T", "C", "1")
    async with History.open(url) as history:
        await history.drafts.withdraw(place, "U", datetime.fromisoformat("2026-11-21T09:00:00+00:00"))
    async with History.open(url) as history:
        assert await history.drafts.thread(place) is not None


async def test_a_database_of_a_later_version_is_refused(url: str) -> None:
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(HistoryError, match="新しい版に更新"):
        async with History.open(url):
            pass


@pytest.mark.parametrize(
    "unusable",
    [
        "sqlite+aiosqlite:////proc/nowhere/history.sqlite3",
        "postgresql+psycopg://sns:open-sesame@127.0.0.1:1/sns",
    ],
)
async def test_an_unreachable_database_is_named_without_its_password(unusable: str) -> None:
    with pytest.raises(HistoryError, match="SNS_CHECK_DATABASE_URL") as raised:
        async with History.open(unusable):
            pass
    assert "open-sesame" not in str(raised.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").write_text("これはデータベースではありません。" * 100, encoding="utf-8")
    with pytest.raises(HistoryError):
        async with History.open(f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}"):
            pass


async def test_a_failing_statement_does_not_show_its_parameters(url: str) -> None:
    async with connect(url) as database, database.writing() as connection:
        with pytest.raises(DBAPIError) as raised:
            await connection.execute(text("SELECT :draft FROM nowhere"), {"draft": "秘密の本文"})
        await connection.rollback()
    assert "秘密の本文" not in str(raised.value)


async def test_a_time_without_zone_is_refused(history: History) -> None:
    with pytest.raises(StatementError, match="without time zone"):
        await history.drafts.withdraw(Place("slack", "T", "C", "1"), "U", datetime(2026, 11, 21))  # noqa: DTZ001 - on purpose


async def test_the_end_waits_for_transactions_that_are_open_and_refuses_new_ones(url: str) -> None:
    opened, goes_on = asyncio.Event(), asyncio.Event()

    async def use(database: Database) -> str:
        async with database.writing() as connection:
            opened.set()
            await goes_on.wait()
            return str((await connection.execute(text("SELECT 'whole'"))).scalar_one())

    async with connect(url) as database:
        using = asyncio.create_task(use(database))
        await opened.wait()
        asyncio.get_running_loop().call_soon(goes_on.set)
    assert using.done()
    assert await using == "whole"
    with pytest.raises(RuntimeError, match="closed"):
        async with database.reading():
            pass


async def test_on_sqlite_writers_take_turns_and_who_is_waited_for_goes_ahead(tmp_path: Path) -> None:
    finished: list[str] = []
    async with connect(f"sqlite+aiosqlite:///{tmp_path}/turns.sqlite3") as database:

        async def write(name: str, *, ahead: bool = False) -> None:
            async with database.writing(ahead=ahead):
                finished.append(name)

        async with database.writing():
            writers = [asyncio.create_task(write(name, ahead=name == "ahead")) for name in ("one", "two", "ahead")]
            await asyncio.sleep(0)  # all of them wait now
            assert finished == []
        await asyncio.gather(*writers)
    assert finished == ["ahead", "one", "two"]
