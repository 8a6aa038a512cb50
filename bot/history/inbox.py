"""The inbox: what a surface received and nobody has dealt with yet. The ground of "nothing lost, nothing twice".

A surface puts an item before it acknowledges. A ``Claim`` is a lease on one item, which others respect until it ends.
Times are handed in. Several machines that share an inbox have to agree on the time to within a small part of a lease.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.cipher import CannotDecryptError
from bot.history.database import CLAIM_LOCK, Database
from bot.history.tables import inbox

log = structlog.get_logger(__name__)

LEFT_FOR = timedelta(minutes=1)
"""How long an item with something that this process cannot read is left to those who can."""

_HEAD = tuple(column for column in inbox.c if column is not inbox.c.payload)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a surface received, to be handled once.

    ``key`` is what makes it the same thing when it is delivered again. Items of one ``place`` (see ``Place.key``) are
    handled one at a time in ``order``; what belongs to no draft takes its own key as place. ``payload`` is JSON and may
    hold draft text.
    """

    key: str
    surface: str
    kind: str
    place: str
    order: float
    received_at: datetime
    payload: Mapping[str, Any]
    again: bool = field(default=False, compare=False)
    """It was claimed before: whatever its handler does may have been done already."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on an item. ``attempts`` counts this one; ``tried_since`` is when it was claimed first."""

    item: Item
    token: str
    attempts: int
    tried_since: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not finished: how many items, and when the oldest of them was received."""

    items: int
    oldest: datetime | None


class LeaseLost(Exception):  # noqa: N818 - reads as what happened
    """The lease ran out and somebody else holds the item, or it is finished."""


class _State(StrEnum):
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class Inbox:
    """The inbox of one database, shared by all processes that use it.

    ``arrived`` is set by every ``put`` of this process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left: dict[str, datetime] = {}
        """By key, until when an item is left to others."""
        self.arrived = asyncio.Event()

    async def put(self, item: Item) -> bool:
        """Store an item durably. False when its key is already known."""
        row = {
            "key": item.key,
            "surface": item.surface,
            "kind": item.kind,
            "place": item.place,
            "sequence": item.order,
            "payload": dict(item.payload),
            "received_at": item.received_at,
            "state": _State.OPEN,
            "attempts": 0,
            "not_before": item.received_at,
        }
        async with self._database.writing(ahead=True) as connection:  # Slack waits for it, for three seconds
            new = await self._database.insert_new(connection, inbox, row)
        self.arrived.set()
        return new is not None

    async def claim(
        self, now: datetime, lease: timedelta, surfaces: Collection[str], full_lanes: Collection[str] = ()
    ) -> Claim | None:
        """Take the oldest item of these surfaces that is due, and first at a place where nobody is at work.

        Places that begin with one of ``full_lanes`` and a slash are passed over, and what cannot be read: it holds up
        nobody but its own place.
        """
        candidate = (
            select(*_HEAD)
            .where(
                inbox.c.surface.in_(surfaces),
                inbox.c.not_before <= now,
                _is_open(),
                ~_is_leased(now),
                ~_must_wait(now),
                *(~inbox.c.place.startswith(f"{lane}/", autoescape=True) for lane in sorted(full_lanes)),
            )
            .order_by(inbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=inbox)
        )
        token = uuid.uuid4().hex
        async with self._database.writing() as connection:
            # One claim after the other, else two of them could take two items of one place. Handling is parallel.
            await self._database.serialise(connection, CLAIM_LOCK)
            found = await self._first_readable(connection, candidate, now)
            if found is None:
                return None
            row, item = found
            await connection.execute(
                update(inbox)
                .where(inbox.c.id == row.id)
                .values(
                    lease_token=token,
                    lease_until=now + lease,
                    attempts=row.attempts + 1,
                    tried_since=row.tried_since or now,
                )
            )
        return Claim(item, token, row.attempts + 1, row.tried_since or now)

    async def extend(self, claim: Claim, until: datetime) -> None:
        """Hold the item longer. Raises ``LeaseLost``."""
        await self._change(claim, lease_until=until)

    def leave(self, key: str, now: datetime) -> None:
        """Leave an item to other processes for a while, since this one has no key for what it is about."""
        log.error("item_unreadable", item=key)
        self._left[key] = now + LEFT_FOR

    async def complete(self, claim: Claim, receipt: str | None, now: datetime) -> None:
        """Finish the item: its payload is erased, its key stays known. Raises ``LeaseLost``."""
        await self._finish(claim, now, state=_State.DONE, receipt=receipt)

    async def fail(self, claim: Claim, reason: str, now: datetime) -> None:
        """Finish the item without success, for a reason without draft text. Raises ``LeaseLost``."""
        await self._finish(claim, now, state=_State.FAILED, reason=reason)

    async def release(self, claim: Claim, not_before: datetime, reason: str, *, counts: bool = True) -> None:
        """Give the item back, to be claimed again from ``not_before``. Raises ``LeaseLost``.

        ``reason`` holds no draft text. ``counts=False`` takes the attempt back: the item was not at fault.
        """
        attempts = claim.attempts if counts else claim.attempts - 1
        await self._change(
            claim, lease_token=None, lease_until=None, not_before=not_before, reason=reason, attempts=attempts
        )

    async def forget(self, before: datetime) -> int:
        """Drop the keys of items finished before a time, and return how many. Slack repeats itself for 10 minutes."""
        async with self._database.writing() as connection:
            result = await connection.execute(delete(inbox).where(~_is_open(), inbox.c.finished_at < before))
        return result.rowcount

    async def abandon(self, before: datetime, now: datetime) -> int:
        """Finish without success what was received before a time and lies open, and return how many. No payload stays.

        Such as what is left of a surface that is not configured any more.
        """
        values = {"payload": None, "lease_token": None, "lease_until": None, "finished_at": now}
        old = update(inbox).where(_is_open(), inbox.c.received_at < before)
        async with self._database.writing() as connection:
            result = await connection.execute(old.values(**values, state=_State.FAILED, reason="too old to be kept"))
        return result.rowcount

    async def open_items(self) -> int:
        """Count what is not finished."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).where(_is_open()))).scalar_one()

    async def is_open(self, key: str) -> bool:
        """Tell whether an item is known and not finished."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(inbox.c.id).where(inbox.c.key == key, _is_open()))
        return found.first() is not None

    async def waiting(self, surface: str, kinds: Collection[str], since: datetime, limit: int) -> tuple[Item, ...]:
        """Return at most ``limit`` unfinished items of these kinds that were received before a time, oldest first."""
        query = (
            select(*_HEAD)
            .where(inbox.c.surface == surface, inbox.c.kind.in_(kinds), inbox.c.received_at < since, _is_open())
            .order_by(inbox.c.received_at, inbox.c.id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            return tuple([item for row in rows if (item := await _item(connection, row))])

    async def backlog(self) -> Backlog:
        """Count what is not finished, and find its oldest."""
        query = select(func.count(), func.min(inbox.c.received_at)).where(_is_open())
        async with self._database.reading() as connection:
            items, oldest = (await connection.execute(query)).one()
        return Backlog(items, oldest)

    async def _first_readable(
        self, connection: AsyncConnection, candidates: Select[Any], now: datetime
    ) -> tuple[Row[Any], Item] | None:
        self._left = {key: until for key, until in self._left.items() if until > now}
        while True:
            others = candidates.where(inbox.c.key.not_in(list(self._left))) if self._left else candidates
            row = (await connection.execute(others)).one_or_none()
            if row is None:
                return None
            if item := await _item(connection, row):
                return row, item
            self.leave(row.key, now)

    async def _finish(self, claim: Claim, now: datetime, **values: Any) -> None:
        await self._change(claim, payload=None, lease_token=None, lease_until=None, finished_at=now, **values)

    async def _change(self, claim: Claim, **values: Any) -> None:
        held = and_(inbox.c.key == claim.item.key, inbox.c.lease_token == claim.token)
        async with self._database.writing() as connection:
            result = await connection.execute(update(inbox).where(held).values(**values))
        if result.rowcount != 1:
            raise LeaseLost(claim.item.key)


def _is_open() -> ColumnElement[bool]:
    return inbox.c.state == _State.OPEN


def _is_leased(now: datetime) -> ColumnElement[bool]:
    return and_(inbox.c.lease_until.is_not(None), inbox.c.lease_until > now)


def _must_wait(now: datetime) -> ColumnElement[bool]:
    """Whether the place has an earlier open item, or somebody at work."""
    other = inbox.alias("other")
    earlier = or_(
        other.c.sequence < inbox.c.sequence,
        and_(other.c.sequence == inbox.c.sequence, other.c.id < inbox.c.id),
    )
    return exists(
        select(other.c.id).where(
            other.c.place == inbox.c.place,
            other.c.state == _State.OPEN,
            other.c.id != inbox.c.id,
            or_(earlier, other.c.lease_until > now),
        )
    )


async def _item(connection: AsyncConnection, row: Row[Any]) -> Item | None:
    """Return the item of which a row tells everything but the payload; ``None`` if that cannot be read."""
    try:
        payload = (await connection.execute(select(inbox.c.payload).where(inbox.c.id == row.id))).scalar_one()
    except (CannotDecryptError, ValueError):
        return None
    again = row.tried_since is not None
    return Item(row.key, row.surface, row.kind, row.place, row.sequence, row.received_at, payload, again)
