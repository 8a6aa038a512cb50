"""The connection to one database: SQLite on one machine, PostgreSQL behind several replicas."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_MILLISECONDS = 10_000
"""How long a writer of SQLite waits for another one."""

MIGRATION_LOCK = 0x534E5301
CLAIM_LOCK = 0x534E5302
ALLOW_LOCK = 0x534E5303
"""Advisory locks of PostgreSQL, by number; the numbers mean nothing but must differ."""


class HistoryError(Exception):
    """The database cannot be used. ``str(error)`` is Japanese, for the administrator, and shows no password."""


class Database:
    """An engine and its two kinds of transaction.

    Statements that fail never show their parameters: those may be draft text.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self.is_postgresql = engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that reads one state of the database throughout. SQLite's do so anyway."""
        async with self._engine.connect() as connection:
            if self.is_postgresql:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes, committed at the end of the block. On SQLite there is one at a time."""
        async with self._writer.begin() as connection:
            yield connection

    async def serialise(self, connection: AsyncConnection, lock: int) -> None:
        """Wait until this transaction is the only one that holds the lock. SQLite's writers are alone anyway."""
        if self.is_postgresql:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})

    async def insert_new(self, connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> int | None:
        """Insert a row and return its id; ``None`` if there is one with the same unique key, which is left as it is."""
        insert = postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)
        # Asked for the id, since not every driver counts the rows of an insert.
        statement = insert.values(row).on_conflict_do_nothing().returning(table.c.id)
        new: int | None = (await connection.execute(statement)).scalar_one_or_none()
        return new


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Database]:
    """Connect, bring the schema up to date, and close at the end of the block. Raises ``HistoryError``."""
    with _explained():
        engine = _engine(url)
    database = Database(engine)
    try:
        with _explained():
            await _migrate(database)
        yield database
    finally:
        await engine.dispose()


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what may go wrong at the start into what the administrator can do about it."""
    try:
        yield
    except CommandError as error:
        raise HistoryError(
            "データベースの形式がこのプログラムより新しいため、開けません。sns-check を新しい版に更新してください。"
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise HistoryError(
            "データベースに接続できません。"
            "SNS_CHECK_DATABASE_URL と SNS_CHECK_DATA_DIR の値、データベースの状態を確かめてください。"
        ) from error


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_async_engine(parsed, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: a writer has to say so at its beginning (_begin_sqlite),
    # else two that have read and now want to write block each other.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


async def _migrate(database: Database) -> None:
    # Several processes may start at once: the first one in migrates, the others wait and find nothing to do.
    async with database.writing() as connection:
        await database.serialise(connection, MIGRATION_LOCK)
        await connection.run_sync(upgrade)


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database lacks, inside the transaction of ``connection``."""
    command.upgrade(migrations(connection), "head")


def is_current(connection: Connection) -> bool:
    """Tell whether the schema is the one that this program was made for."""
    wanted = ScriptDirectory.from_config(migrations(connection)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(wanted)


def migrations(connection: Connection) -> Config:
    """Return what Alembic's commands take to work inside the transaction of ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
