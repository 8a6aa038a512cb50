"""How far each channel was read: what is newer was perhaps never delivered and has to be fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from bot.history.database import Database
from bot.history.tables import watermarks


@dataclass(frozen=True, slots=True)
class Watermark:
    """Everything of a channel up to the message ``seen`` (Slack: its ``ts``) is stored; noted at ``at``."""

    seen: str
    at: datetime


class Watermarks:
    """The watermarks of one database. Those of a channel only ever rise."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, surface: str, team: str, channel: str) -> Watermark | None:
        """Return how far a channel was read, ``None`` if it never was."""
        key = (watermarks.c.surface == surface, watermarks.c.team == team, watermarks.c.channel == channel)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(watermarks).where(*key))).one_or_none()
        return Watermark(row.seen, row.at) if row else None

    async def longest_unread_first(self, surface: str, team: str, channels: Iterable[str]) -> list[str]:
        """Return channels in the order in which to read them: first those that were read longest ago, or never.

        So a reading that is stopped again and again still comes to each of them.
        """
        key = (watermarks.c.surface == surface, watermarks.c.team == team)
        async with self._database.reading() as connection:
            read = {row.channel: row.at for row in await connection.execute(select(watermarks).where(*key))}
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(channels, key=lambda channel: (read.get(channel, never), channel))

    async def advance(self, surface: str, team: str, channel: str, seen: str, at: datetime) -> None:
        """Note that a channel was read up to ``seen``. Less than what is known changes nothing.

        Messages are compared as strings: Slack's ``ts`` are of one length and sort as they are.
        """
        key = {"surface": surface, "team": team, "channel": channel}
        insert = postgresql.insert(watermarks) if self._database.is_postgresql else sqlite.insert(watermarks)
        statement = insert.values({**key, "seen": seen, "at": at}).on_conflict_do_update(
            index_elements=list(key), set_={"seen": seen, "at": at}, where=watermarks.c.seen < seen
        )
        async with self._database.writing() as connection:
            await connection.execute(statement)
