"""What administrators do to a database as a whole: move its schema, back it up, restore it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, inspect, make_url, select

from bot.history import schema
from bot.history.database import MIGRATION_LOCK, Database, HistoryError, attach, connect, explained
from bot.history.tables import keyring

_ENCRYPTED_SINCE: Final = "0003"
"""The revision from which on texts may be encrypted."""


async def revision(url: str) -> str | None:
    """Return the revision of a database's schema, ``None`` for an empty one. Raises ``HistoryError``."""
    async with attach(url) as database:
        with explained():
            return await _revision(database)


async def upgrade(url: str, keys: tuple[str, ...]) -> str:
    """Bring the schema up to date and return its revision. Raises ``HistoryError``."""
    async with connect(url, keys=keys) as database:
        return await _revision(database) or ""


async def downgrade(url: str, wanted: str) -> None:
    """Give the schema back to an older program, without what newer ones added. Raises ``HistoryError``."""
    async with attach(url) as database:
        with explained():
            current = await _revision(database)
            if current is None:
                raise HistoryError("データベースにまだ何もないので、前の形式には戻せません。")
            known = schema.revisions()
            if wanted not in known or current not in known or known.index(wanted) < known.index(current):
                raise HistoryError(
                    f"形式「{wanted}」には戻せません。今の形式は「{current}」です。"
                    f"選べるのは {'、'.join(reversed(known))} のうち、今より前のものです。"
                )
            async with database.writing() as connection:
                await database.serialise(connection, MIGRATION_LOCK)
                if wanted < _ENCRYPTED_SINCE <= current and (await connection.execute(select(keyring))).first():
                    raise HistoryError(
                        "本文が暗号化されているため、前の形式には戻せません。"
                        "先に sns-check db rotate-keys --off で暗号化をやめてください。"
                    )
                await connection.run_sync(schema.downgrade, wanted)


async def backup(url: str, target: Path, *, overwrite: bool = False) -> None:
    """Write all that is stored into a file, while the service runs. Raises ``HistoryError``.

    SQLite: a database file of its own. PostgreSQL: what ``pg_dump`` writes in its custom format. Encrypted texts stay
    encrypted: the key is part of no backup.
    """
    if not overwrite:
        _refuse_existing(target)
    if await revision(url) is None:
        raise HistoryError("データベースにまだ何もないので、バックアップはできません。")
    partial = target.with_name(f"{target.name}.part")
    try:
        _create_privately(partial)
        if make_url(url).get_backend_name() == "sqlite":
            await asyncio.to_thread(_copy_sqlite, _file(url), partial)
        else:
            await _run("pg_dump", url, "--format=custom", "--no-owner", "--file", str(partial))
        partial.replace(target)
    except OSError as error:
        raise HistoryError(f"「{target}」に書き込めません（{error.strerror}）。") from None
    finally:
        partial.unlink(missing_ok=True)


async def restore(url: str, source: Path, *, overwrite: bool = False) -> None:
    """Put back what ``backup`` wrote, in place of what is stored. Raises ``HistoryError``; then nothing is changed."""
    _refuse_missing(source)
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    saved = await (asyncio.to_thread(_sqlite_revision, source) if is_sqlite else _dumped_revision(url, source))
    if saved is None:
        raise HistoryError(f"「{source}」は、このデータベース向けのバックアップではありません。")
    if saved not in schema.revisions():
        raise HistoryError(
            f"「{source}」の形式（{saved}）はこのプログラムより新しいため、戻せません。sns-check を更新してください。"
        )
    current = await revision(url)
    if current is not None and not overwrite:
        raise HistoryError(
            "データベースにはすでに記録があります。"
            "置き換えるときは、sns-check serve を止めて、--force を付けてください。"
        )
    if is_sqlite:
        await asyncio.to_thread(_copy_sqlite, source, _file(url))
    else:
        if current in schema.revisions() and current != saved:
            await downgrade(url, saved)  # pg_restore takes away only what it brings
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        await _run("pg_restore", url, *options, str(source))


async def _revision(database: Database) -> str | None:
    async with database.reading() as connection:
        if not await connection.run_sync(lambda each: inspect(each).has_table("alembic_version")):
            return None
        return await connection.run_sync(schema.revision_of)


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise HistoryError(f"「{target}」はすでにあります。上書きするときは --force を付けてください。")


def _refuse_missing(source: Path) -> None:
    if not source.is_file():
        raise HistoryError(f"「{source}」が見つかりません。")


def _create_privately(file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy one state of a database, page by page, also while others write to it."""
    try:
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
            origin.backup(copy)
            if copy.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise HistoryError("写したデータベースが壊れています。元のデータベースとディスクを確かめてください。")
    except sqlite3.Error as error:
        raise HistoryError(f"データベースを写せません（{error.sqlite_errorname}）。") from None


def _sqlite_revision(source: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"file:{source.absolute()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(found[0]) if found else None


async def _dumped_revision(url: str, source: Path) -> str | None:
    try:
        script = await _run(
            "pg_restore", url, "--data-only", "--table=alembic_version", "--file=-", str(source), connects=False
        )
    except HistoryError:
        if shutil.which("pg_restore") is None:
            raise
        return None
    found = re.search(r"^COPY \S*alembic_version .*\n(\S+)$", script, re.MULTILINE)
    return found[1] if found else None


async def _run(program: str, url: str, *arguments: str, connects: bool = True) -> str:
    """Run one of PostgreSQL's programs on a database and return what it prints. Raises ``HistoryError``."""
    if shutil.which(program) is None:
        raise HistoryError(
            f"{program} が見つかりません。PostgreSQLのクライアント（Debianでは postgresql-client）を入れるか、"
            "データベースのサーバーで pg_dump と pg_restore を使ってください。"
        )
    parsed = make_url(url)
    command = [program, *(("--dbname", _without_password(parsed)) if connects else ()), *arguments]
    password = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}  # not where others see it: arguments
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **password},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaint = await process.communicate()
    if process.returncode:
        reason = complaint.decode("utf-8", "replace").strip().partition("\n")[0]
        raise HistoryError(f"{program} が失敗しました：{reason}")
    return printed.decode("utf-8", "replace")


def _without_password(url: URL) -> str:
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query).render_as_string()
