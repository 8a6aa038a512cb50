"""Backing up, restoring and moving the schema of a real database, of both kinds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.history import History, HistoryError
from bot.history.cipher import Cipher
from bot.history.database import connect
from bot.history.schema import revisions
from bot.history.upkeep import backup, downgrade, restore, revision, upgrade
from tests.bot.office import PLACE, Office
from tests.postgres import Postgres, postgres_programs


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find PostgreSQL's programs where Debian keeps them."""
    if found := postgres_programs():
        monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


async def write(url: str, order: float, words: str) -> None:
    async with History.open(url) as history:
        await Office(history).post(order, words)


async def texts(url: str) -> list[str]:
    async with History.open(url) as history:
        thread = await history.drafts.thread(PLACE)
        assert (await history.ledger.verify()).fault is None
        return [version.text for version in thread.versions] if thread else []


async def test_what_was_backed_up_comes_back(url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    await write(url, 1, "一つめ。\x00\ud83c")
    async with History.open(url):  # the service runs meanwhile
        await backup(url, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await write(url, 2, "二つめ。")
    with pytest.raises(HistoryError, match="--force"):
        await restore(url, file)
    assert await texts(url) == ["一つめ。\x00\ud83c", "二つめ。"]
    await restore(url, file, overwrite=True)
    assert await texts(url) == ["一つめ。\x00\ud83c"]
    assert not file.with_name("backup.part").exists()


async def test_an_empty_database_takes_a_backup_unasked(url: str, tmp_path: Path) -> None:
    await write(url, 1, "一つめ。")
    await backup(url, tmp_path / "backup")
    if "sqlite" in url:
        other = f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}"
    else:
        async with connect(url) as database, database.writing() as connection:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        other = url
    await restore(other, tmp_path / "backup")
    assert await texts(other) == ["一つめ。"]


async def test_a_backup_overwrites_only_when_told_to(url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("大切なもの", encoding="utf-8")
    await write(url, 1, "一つめ。")
    with pytest.raises(HistoryError, match="すでにあります"):
        await backup(url, file)
    assert file.read_text(encoding="utf-8") == "大切なもの"
    await backup(url, file, overwrite=True)
    await restore(url, file, overwrite=True)


async def test_nothing_is_no_backup(url: str, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="まだ何もない"):
        await backup(url, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    await write(url, 1, "一つめ。")
    with pytest.raises(HistoryError, match="書き込めません"):
        await backup(url, tmp_path / "nowhere" / "backup")


async def test_what_is_no_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    await write(url, 1, "一つめ。")
    file = tmp_path / "notes.txt"
    file.write_text("買い物の覚え書き", encoding="utf-8")
    with pytest.raises(HistoryError, match="バックアップではありません"):
        await restore(url, file, overwrite=True)
    with pytest.raises(HistoryError, match="見つかりません"):
        await restore(url, tmp_path / "missing", overwrite=True)
    assert await texts(url) == ["一つめ。"]


async def test_a_backup_of_a_later_program_is_refused(url: str, tmp_path: Path) -> None:
    await write(url, 1, "一つめ。")
    async with connect(url) as database:
        for number, saved in (("9999", "later"), (revisions()[0], None)):
            async with database.writing() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
            if saved:
                await backup(url, tmp_path / saved)
    with pytest.raises(HistoryError, match="新しいため"):
        await restore(url, tmp_path / "later", overwrite=True)
    assert await texts(url) == ["一つめ。"]


async def test_a_backup_of_an_older_program_is_brought_up_to_date(url: str, tmp_path: Path) -> None:
    await write(url, 1, "一つめ。")
    await downgrade(url, "0002")
    await backup(url, tmp_path / "backup")
    await upgrade(url, ())
    await restore(url, tmp_path / "backup", overwrite=True)
    assert await revision(url) == "0002"
    assert await texts(url) == ["一つめ。"]


async def test_without_its_program_postgresql_says_what_is_missing(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_url = postgres.new_database().replace("postgresql:", "postgresql+psycopg:")
    await upgrade(postgres_url, ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HistoryError, match="pg_dump が見つかりません"):
        await backup(postgres_url, tmp_path / "backup")
    (tmp_path / "backup").write_bytes(b"")
    with pytest.raises(HistoryError, match="pg_restore が見つかりません"):
        await restore(postgres_url, tmp_path / "backup", overwrite=True)


async def test_the_schema_moves_down_and_up(url: str) -> None:
    assert await revision(url) is None
    newest, *older = revisions()
    assert await upgrade(url, ()) == newest
    for wanted in older:
        await downgrade(url, wanted)
        assert await revision(url) == wanted
    assert await upgrade(url, ()) == newest


@pytest.mark.parametrize("wanted", ["0000", "base", "head", revisions()[0] + "0", ""])
async def test_an_unknown_revision_is_refused(url: str, wanted: str) -> None:
    newest = await upgrade(url, ())
    with pytest.raises(HistoryError, match="戻せません"):
        await downgrade(url, wanted)
    assert await revision(url) == newest


async def test_what_is_not_there_has_no_earlier_schema(url: str) -> None:
    with pytest.raises(HistoryError, match="まだ何もない"):
        await downgrade(url, "0001")
    assert await revision(url) is None


async def test_encrypted_texts_are_not_given_to_a_program_that_cannot_read_them(url: str) -> None:
    newest = await upgrade(url, (Cipher.new_key(),))
    with pytest.raises(HistoryError, match="rotate-keys --off"):
        await downgrade(url, "0002")
    assert await revision(url) == newest


async def test_an_outdated_schema_is_refused_where_a_job_migrates(url: str) -> None:
    with pytest.raises(HistoryError, match="sns-check db upgrade"):
        async with History.open(url, migrate=False):
            pass
    await upgrade(url, ())
    async with History.open(url, migrate=False) as history:
        await history.check()
    await downgrade(url, "0001")
    with pytest.raises(HistoryError, match="sns-check db upgrade"):
        async with History.open(url, migrate=False):
            pass
