"""The connection to one database: SQLite on one machine, PostgreSQL behind several replicas."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

from alembic.util.exc import CommandError
from sqlalchemy import Connection, Table, event, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.history import schema
from bot.history.cipher import CannotDecryptError, Cipher
from bot.history.tables import keyring

BUSY_MILLISECONDS = 10_000
"""How long a writer of SQLite waits for another one."""

MIGRATION_LOCK = 0x534E5301
CLAIM_LOCK = 0x534E5302
ALLOW_LOCK = 0x534E5303
"""Advisory locks of PostgreSQL, by number; the numbers mean nothing but must differ."""

_NOTICING: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""By when a PostgreSQL that vanished without a word (a cut network, a dead machine) is noticed: the system's own
answer is two hours. Seconds, the last one in milliseconds, by libpq's names."""

HELD_SECONDS: Final = 30
"""After how long PostgreSQL ends a transaction in which nothing happens: its process is frozen or gone, and everybody
else waits for its locks."""


CLOSING_SECONDS: Final = 5.0
"""How long the end waits for transactions that are still open, such as that of a delivery which came in last."""


class HistoryError(Exception):
    """The database cannot be used. ``str(error)`` is Japanese, for the administrator, and shows no password."""


class Database:
    """An engine and its two kinds of transaction.

    Statements that fail never show their parameters: those may be draft text.
    """

    def __init__(self, engine: AsyncEngine, cipher: Cipher) -> None:
        self._engine = engine
        self.cipher = cipher
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._in_use = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self.is_postgresql = engine.dialect.name == "postgresql"
        # SQLite lets its writers poll, and whoever comes first may be last. So those of one process queue up.
        self._turn: AbstractAsyncContextManager[None] = nullcontext() if self.is_postgresql else asyncio.Lock()
        self._queue: AbstractAsyncContextManager[None] = nullcontext() if self.is_postgresql else asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with self._used(), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that reads one state of the database throughout. SQLite's do so anyway."""
        async with self.reading() as connection:
            if self.is_postgresql:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @asynccontextmanager
    async def writing(self, *, ahead: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes, committed at the end of the block. On SQLite there is one at a time.

        ``ahead``: of those that wait for their turn. For what somebody waits for, and what is short.
        """
        async with (
            nullcontext() if ahead else self._queue,
            self._turn,
            self._used(),
            self._writer.begin() as connection,
        ):
            yield connection

    async def scrub(self, *, thoroughly: bool = False) -> None:
        """Leave nothing of what was erased in SQLite's log; ``thoroughly`` writes its file anew as well.

        PostgreSQL does so by itself in time (autovacuum).
        """
        if self.is_postgresql:
            return
        outside_transaction = self._engine.execution_options(sqlite_begin="")
        async with self._used(), outside_transaction.connect() as connection:
            for statement in (*(("VACUUM",) if thoroughly else ()), "PRAGMA wal_checkpoint(TRUNCATE)"):
                await connection.execute(text(statement))

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

    async def close(self) -> None:
        """Refuse new transactions, let open ones end for up to ``CLOSING_SECONDS``, and close all connections.

        A connection that is given back after its pool is gone would be closed by nobody.
        """
        self._closed = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), CLOSING_SECONDS)
        await self._engine.dispose()

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[None]:
        if self._closed:
            raise RuntimeError("the database is closed")
        self._in_use += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._idle.set()


@asynccontextmanager
async def connect(url: str, *, migrate: bool = True, keys: Sequence[str] = ()) -> AsyncIterator[Database]:
    """Connect with a schema that is up to date and keys that fit, and close at the end of the block.

    ``migrate`` brings the schema up to date; without it an outdated one is refused. Raises ``HistoryError``.
    """
    async with attach(url, keys) as database:
        with explained():
            await _prepare(database, migrate=migrate)
        yield database


@asynccontextmanager
async def attach(url: str, keys: Sequence[str] = ()) -> AsyncIterator[Database]:
    """Connect to a database as it is, whatever its schema and keys. Raises ``HistoryError`` for a URL that is none."""
    with explained():
        engine = _engine(url)
    cipher = Cipher(keys).serve(engine.dialect)
    database = Database(engine, cipher)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def explained() -> Iterator[None]:
    """Turn what may go wrong at the start into what the administrator can do about it."""
    try:
        yield
    except CommandError as error:
        raise HistoryError(_TOO_NEW) from error
    except (SQLAlchemyError, OSError) as error:
        raise HistoryError(
            "データベースに接続できません。"
            "SNS_CHECK_DATABASE_URL と SNS_CHECK_DATA_DIR の値、データベースの状態を確かめてください。"
        ) from error


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        noticing = {name: value for name, value in _NOTICING.items() if name not in parsed.query}
        engine = create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True, connect_args=noticing)
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
        return engine
    if parsed.database and parsed.database != ":memory:":
        _create_privately(Path(parsed.database))
    engine = create_async_engine(parsed, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _create_privately(file: Path) -> None:
    """Make a file that only its owner reads; SQLite gives its logs the same rights."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # A statement and not an option of the connection, which poolers between us and the database refuse.
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{HELD_SECONDS}s'")
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: a writer has to say so at its beginning (_begin_sqlite),
    # else two that have read and now want to write block each other.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased is written over, not only forgotten
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if statement := connection.get_execution_options().get("sqlite_begin", "BEGIN"):
        connection.exec_driver_sql(statement)


async def _prepare(database: Database, *, migrate: bool) -> None:
    # Several processes may start at once: the first one in migrates, the others wait and find nothing to do.
    async with database.writing() as connection:
        await database.serialise(connection, MIGRATION_LOCK)
        if migrate:
            await connection.run_sync(schema.upgrade)
        else:
            await connection.run_sync(_refuse_unless_current)
        await _check_keys(connection, database.cipher)


def _refuse_unless_current(connection: Connection) -> None:
    revision = schema.revision_of(connection)
    known = schema.revisions()
    if revision is not None and revision not in known:
        raise HistoryError(_TOO_NEW)
    if revision is None:
        raise HistoryError("データベースがまだ作られていません。sns-check db upgrade を実行してください。")
    if revision != known[0]:
        raise HistoryError(
            "データベースの形式がこのプログラムより古いため、開けません。"
            "バックアップを取ってから sns-check db upgrade を実行してください。"
        )


async def _check_keys(connection: AsyncConnection, cipher: Cipher) -> None:
    """Refuse keys that do not read what is stored, before anything is written that others could not read."""
    proof = (await connection.execute(select(keyring.c.proof))).scalar_one_or_none()
    if proof is None:
        if cipher.encrypts:
            await connection.execute(keyring.insert().values(id=1, proof=cipher.proof()))
        return
    try:
        cipher.decrypt(proof)
    except CannotDecryptError:
        raise HistoryError(_WRONG_KEY if cipher.encrypts else _NO_KEY) from None


_TOO_NEW: Final = (
    "データベースの形式がこのプログラムより新しいため、開けません。sns-check を新しい版に更新してください。"
)
_NO_KEY: Final = "データベースは暗号化されています。SNS_CHECK_ENCRYPTION_KEY に暗号鍵を指定してください。"
_WRONG_KEY: Final = (
    "SNS_CHECK_ENCRYPTION_KEY の暗号鍵では、データベースを読めません。暗号化したときの鍵を指定してください。"
    "鍵を替えるときは、新しい鍵、これまでの鍵の順に、コンマで区切って両方を指定します。"
)
