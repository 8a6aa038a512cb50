"""``sns-check db`` and ``sns-check history`` as an administrator uses them, on a real database."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.cli import main
from bot.desk import DecisionKind
from bot.export import HEADS
from bot.history import History
from bot.history.database import connect
from bot.history.tables import decisions
from tests.bot.office import NOW, Office
from tests.bot.test_cli import refused
from tests.bot.test_cli import sns_check as as_a_process

FORMULA = "=禁a です。"


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """The environment of a house with one draft that was sent back."""
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    asyncio.run(_live(url.replace("sqlite:", "sqlite+aiosqlite:")))
    return {"SNS_CHECK_DATABASE_URL": url, "SNS_CHECK_DATA_DIR": str(tmp_path)}


async def _live(url: str) -> None:
    async with History.open(url) as history:
        office = Office(history)
        await office.post(1, FORMULA)
        await office.decide(1, DecisionKind.RETURN, "直してください。")


def tamper(house: dict[str, str]) -> None:
    async def change() -> None:
        url = house["SNS_CHECK_DATABASE_URL"].replace("sqlite:", "sqlite+aiosqlite:")
        async with connect(url) as database, database.writing() as connection:
            await connection.execute(update(decisions).values(kind="approve"))

    asyncio.run(change())


def sns_check(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run a command in this process: a new one for each step would take minutes."""
    out, error = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("SNS_CHECK_", "SLACK_"))]:
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", error)
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), _written(out), _written(error))


def _written(stream: io.TextIOWrapper[io.BytesIO]) -> bytes:
    stream.flush()
    return stream.buffer.getvalue()


def said(*arguments: str, env: dict[str, str]) -> str:
    """What a command says that does what it is asked to."""
    done = sns_check(*arguments, env=env)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def test_the_log_is_proven_and_its_head_shown(house: dict[str, str]) -> None:
    shown = said("history", "verify", env=house)
    assert "記録 4件を確かめました。書き換えはありません。" in shown
    found = re.search(r"4番　([0-9a-f]{64})$", shown, re.MULTILINE)
    assert found
    assert "書き換えはありません" in said("history", "verify", "--head", found[1], env=house)
    strange = sns_check("history", "verify", "--head", "0123", env=house)
    assert (strange.returncode, "控えた値がどの記録にもありません" in strange.stdout.decode()) == (1, True)


def test_what_was_changed_is_named(house: dict[str, str]) -> None:
    tamper(house)
    done = as_a_process("history", "verify", env=house)
    assert done.returncode == 1
    assert "4番の記録に異常があります：本文、指摘、判断、コメントのどれか" in done.stdout.decode()


def test_an_export_is_what_slack_exports(house: dict[str, str]) -> None:
    table = said("history", "export", env=house)
    heads, row = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    assert tuple(heads) == HEADS
    assert row[HEADS.index("本文")] == f"'{FORMULA}", "no spreadsheet takes it for a formula"
    assert row[HEADS.index("判断")] == "差し戻し"
    (line,) = said("history", "export", "--format", "jsonl", env=house).splitlines()
    assert json.loads(line)["本文"] == FORMULA
    assert list(json.loads(line)) == list(HEADS)


def test_an_export_is_bounded_by_days_in_japan(house: dict[str, str]) -> None:
    day = NOW.date().isoformat()
    assert len(said("history", "export", "--since", day, "--until", day, env=house).splitlines()) == 2
    assert len(said("history", "export", "--since", "2026-11-21", env=house).splitlines()) == 1
    assert len(said("history", "export", "--until", "2026-11-19", env=house).splitlines()) == 1
    assert "2026-11-31" in refused(sns_check("history", "export", "--until", "2026-11-31", env=house))


def test_purging_counts_first_and_then_erases(house: dict[str, str]) -> None:
    assert datetime.now(UTC) > NOW, "the clock of this machine is before the drafts of this test"
    tomorrow = ("--before", "2026-11-21")
    assert "下書き 1件（1版）が消す対象です" in said("history", "purge", *tomorrow, "--dry-run", env=house)
    assert "下書き 1件（1版）の本文と人の名前を消しました" in said("history", "purge", *tomorrow, env=house)
    assert "下書き 0件（0版）" in said("history", "purge", *tomorrow, env=house)
    assert len(said("history", "export", env=house).splitlines()) == 1
    assert "書き換えはありません" in said("history", "verify", env=house)


def test_purging_follows_the_period(house: dict[str, str]) -> None:
    assert "SNS_CHECK_RETENTION_DAYS" in refused(sns_check("history", "purge", env=house))
    assert "下書き 0件" in said("history", "purge", env={**house, "SNS_CHECK_RETENTION_DAYS": "36500"})
    assert "今日まで" in refused(sns_check("history", "purge", "--before", "2999-01-01", env=house))


def test_a_key_is_made_used_and_changed(house: dict[str, str]) -> None:
    old, new = said("db", "new-key", env=house).strip(), said("db", "new-key", env=house).strip()
    assert old != new
    assert "db new-key" in refused(sns_check("db", "rotate-keys", env=house))
    file = Path(house["SNS_CHECK_DATA_DIR"]) / "kept.sqlite3"
    assert FORMULA.encode() in file.read_bytes()
    said("db", "rotate-keys", env={**house, "SNS_CHECK_ENCRYPTION_KEY": old})
    assert FORMULA.encode() not in file.read_bytes()
    assert "暗号化されています" in refused(sns_check("history", "verify", env=house))
    assert "読めません" in refused(sns_check("history", "verify", env={**house, "SNS_CHECK_ENCRYPTION_KEY": new}))
    said("db", "rotate-keys", env={**house, "SNS_CHECK_ENCRYPTION_KEY": f"{new},{old}"})
    assert FORMULA in said("history", "export", env={**house, "SNS_CHECK_ENCRYPTION_KEY": new}), (
        "the old key is needed no more"
    )
    said("db", "rotate-keys", "--off", env={**house, "SNS_CHECK_ENCRYPTION_KEY": new})
    assert FORMULA in said("history", "export", env=house)


def test_a_database_is_backed_up_restored_and_moved(house: dict[str, str], tmp_path: Path) -> None:
    file = str(tmp_path / "backup.sqlite3")
    assert "すでに最新" in said("db", "upgrade", env=house)
    assert file in said("db", "backup", file, env=house)
    assert "--force" in refused(sns_check("db", "backup", file, env=house))
    assert "0002" in said("db", "downgrade", "0002", env=house)
    assert "sns-check db upgrade" in refused(sns_check("history", "verify", env=house))
    assert "0002 から" in said("db", "upgrade", env=house)
    assert "--force" in refused(sns_check("db", "restore", file, env=house))
    said("db", "restore", file, "--force", env=house)
    assert "記録 4件" in said("history", "verify", env=house)


def test_a_database_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    env = {
        "SNS_CHECK_DATABASE_URL": "postgresql://sns:open-sesame@127.0.0.1:1/sns",
        "SNS_CHECK_DATA_DIR": str(tmp_path),
    }
    for arguments in (("history", "verify"), ("db", "upgrade"), ("db", "backup", "x"), ("history", "export")):
        sentence = refused(sns_check(*arguments, env=env))
        assert "SNS_CHECK_DATABASE_URL" in sentence
        assert "open-sesame" not in sentence
