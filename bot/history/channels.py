"""The store of what supervisors chose for channels: one row a channel, the last choice counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.history.database import Database
from bot.history.model import ChannelSettings
from bot.history.tables import channels


class Channels:
    """The settings of the channels of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, surface: str, team: str, channel: str) -> ChannelSettings | None:
        """Return what was chosen for a channel, ``None`` if nothing was."""
        key = (channels.c.surface == surface, channels.c.team == team, channels.c.channel == channel)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(channels).where(*key))).one_or_none()
        return _settings(row) if row else None

    async def set(self, settings: ChannelSettings) -> None:
        """Store a choice in place of the former one."""
        chosen = {
            "guideline": settings.guideline,
            "supervisors": None if settings.supervisors is None else sorted(settings.supervisors),
            "actor": settings.actor,
            "at": settings.at,
        }
        key = {"surface": settings.surface, "team": settings.team, "channel": settings.channel}
        insert = postgresql.insert(channels) if self._database.is_postgresql else sqlite.insert(channels)
        statement = insert.values({**key, **chosen}).on_conflict_do_update(index_elements=list(key), set_=chosen)
        async with self._database.writing() as connection:
            await connection.execute(statement)

    async def all(self, surface: str, team: str) -> tuple[ChannelSettings, ...]:
        """Return what was chosen in a town, by channel."""
        query = select(channels).where(channels.c.surface == surface, channels.c.team == team)
        async with self._database.reading() as connection:
            return tuple(_settings(row) for row in await connection.execute(query.order_by(channels.c.channel)))


def _settings(row: Row[Any]) -> ChannelSettings:
    return ChannelSettings(
        surface=row.surface,
        team=row.team,
        channel=row.channel,
        guideline=row.guideline,
        supervisors=None if row.supervisors is None else frozenset(row.supervisors),
        actor=row.actor,
        at=row.at,
    )
