"""Commands on what is kept: ``sns-check db …`` for the database as a whole, ``sns-check history …`` for the records."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.cli import words
from bot.cli.drafts import UnusableError, parse_day
from bot.cli.japanese import BadValue, Group
from bot.cli.terminal import harmless
from bot.desk import Desk, Query, Record, Reviewers
from bot.export import csv_of, jsonl_of
from bot.history import HistoryError, Purged, Verification
from bot.history.cipher import CannotDecryptError, Cipher
from bot.history.database import attach
from bot.history.rekey import rekey
from bot.history.upkeep import backup, downgrade, restore, revision, upgrade
from bot.settings import Settings
from bot.storage import keys, open_history
from bot.workhours import JAPAN

T = TypeVar("T")


def _day(ctx: click.Context, option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    if day := parse_day(value):
        return day
    raise BadValue(f"日付「{value}」は読めません。2026-11-21 のような実在する日付で書いてください。", ctx, option)


@click.group("db", cls=Group, options_metavar="[オプション]", subcommand_metavar="コマンド …", help=words.DB)
def database() -> None:
    """Hold the commands on the database together."""


@database.command("upgrade", options_metavar="[オプション]", help=words.UPGRADE)
def upgrade_database() -> None:
    """Migrate to the newest schema."""
    settings = Settings.load()
    url = settings.database_url.get_secret_value()
    before = _perform(revision(url))
    after = _perform(upgrade(url, keys(settings)))
    _say(words.up_to_date(after) if before == after else words.upgraded(before, after))


@database.command("downgrade", options_metavar="[オプション]", help=words.DOWNGRADE)
@click.argument("wanted", metavar="形式")
def downgrade_database(wanted: str) -> None:
    """Take migrations back."""
    _perform(downgrade(Settings.load().database_url.get_secret_value(), wanted))
    _say(words.downgraded(wanted))


@database.command("backup", options_metavar="[オプション]", help=words.BACKUP)
@click.argument("file", metavar="ファイル", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=words.OVERWRITE_FILE)
def back_up(file: Path, *, force: bool) -> None:
    """Write a backup."""
    _perform(backup(Settings.load().database_url.get_secret_value(), file, overwrite=force))
    _say(words.backed_up(str(file)))


@database.command("restore", options_metavar="[オプション]", help=words.RESTORE)
@click.argument("file", metavar="ファイル", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=words.OVERWRITE_DATABASE)
def restore_backup(file: Path, *, force: bool) -> None:
    """Put a backup back."""
    _perform(restore(Settings.load().database_url.get_secret_value(), file, overwrite=force))
    _say(words.restored(str(file)))


@database.command("new-key", options_metavar="[オプション]", help=words.NEW_KEY)
def new_key() -> None:
    """Print a random key."""
    _say(Cipher.new_key())


@database.command("rotate-keys", options_metavar="[オプション]", help=words.ROTATE_KEYS)
@click.option("--off", is_flag=True, help=words.OFF)
def rotate_keys(*, off: bool) -> None:
    """Encrypt everything with the first key."""
    settings = Settings.load()
    if not settings.encryption_keys:
        raise UnusableError(words.NO_KEYS)
    _say(words.rekeyed(_perform(_rekey(settings, off=off)), off=off))


@click.group("history", cls=Group, options_metavar="[オプション]", subcommand_metavar="コマンド …", help=words.HISTORY)
def history() -> None:
    """Hold the commands on the records together."""


@history.command("verify", options_metavar="[オプション]", help=words.VERIFY)
@click.option("--head", metavar="値", help=words.HEAD)
def verify(head: str | None) -> int:
    """Prove the event log."""
    verification = _perform(_verify(Settings.load(), head))
    _say(words.verified(verification))
    return 1 if verification.fault else 0


@history.command("export", options_metavar="[オプション]", help=words.EXPORT)
@click.option("--since", callback=_day, metavar="日付", help=words.SINCE)
@click.option("--until", callback=_day, metavar="日付", help=words.UNTIL)
@click.option("--format", "style", type=click.Choice(["csv", "jsonl"]), default="csv", help=words.STYLE)
def export(since: date | None, until: date | None, style: str) -> None:
    """Print the records of all drafts."""
    records = _perform(_records(Settings.load(), since, until))
    sys.stdout.buffer.write(csv_of(records) if style == "csv" else jsonl_of(records))


@history.command("purge", options_metavar="[オプション]", help=words.PURGE)
@click.option("--before", callback=_day, metavar="日付", help=words.BEFORE)
@click.option("--dry-run", is_flag=True, help=words.DRY_RUN)
def purge(before: date | None, *, dry_run: bool) -> None:
    """Erase what is too old."""
    settings = Settings.load()
    if before is None and settings.retention_days is None:
        raise UnusableError(words.NO_PERIOD)
    now = datetime.now(UTC)
    end = _midnight(before) if before else now - timedelta(days=settings.retention_days or 0)
    if end > now:
        raise UnusableError(words.IN_THE_FUTURE)
    _say(words.purged(_perform(_purge(settings, end, now, dry_run=dry_run)), end, dry_run=dry_run))


async def _rekey(settings: Settings, *, off: bool) -> int:
    async with open_history(settings, migrate=False):
        pass  # refuses what does not fit before anything is changed
    async with attach(settings.database_url.get_secret_value()) as attached:
        return await rekey(attached, Cipher(keys(settings), only_decrypt=off))


async def _verify(settings: Settings, head: str | None) -> Verification:
    async with open_history(settings, migrate=False) as opened:
        return await opened.ledger.verify(head)


async def _purge(settings: Settings, before: datetime, now: datetime, *, dry_run: bool) -> Purged:
    async with open_history(settings, migrate=False) as opened:
        return await (opened.retention.due(before) if dry_run else opened.retention.purge(before, now))


async def _records(settings: Settings, since: date | None, until: date | None) -> list[Record]:
    start = _midnight(since) if since else None
    end = _midnight(until + timedelta(days=1)) if until else None
    async with open_history(settings, migrate=False) as opened:
        desk = Desk(opened, Reviewers(), lambda: datetime.now(UTC))
        return [
            record
            for surface, team in await opened.records.towns()
            async for record in desk.export(Query(surface, team, since=start, until=end))
        ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def _perform(job: Coroutine[Any, Any, T]) -> T:
    """Do it, and turn what may go wrong into a sentence."""
    try:
        return asyncio.run(job)
    except HistoryError as error:
        raise UnusableError(str(error)) from None
    except CannotDecryptError:
        raise UnusableError(words.CANNOT_DECRYPT) from None
    except (SQLAlchemyError, OSError):  # their messages may hold the address with its password
        raise UnusableError(words.DATABASE_FAILED) from None


def _say(text: str) -> None:
    print(harmless(text), flush=True)  # noqa: T201 - this is a command
