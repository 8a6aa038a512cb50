"""What is erased in time: texts and people. Figures, states, the words that the town allows and the event chain stay.

A draft is erased as a whole, once nothing has happened to it for long enough. Nobody finds it any more; what is written
at its place later begins anew. That it was erased is an event of its own, so ``Ledger.verify`` tells erasing from
tampering. What supervisors allowed for the whole town is a setting in force, not a record: it stays, with who allowed
it and why, until it is taken back and the draft from which it came is erased. What was received and nobody handles any
more is erased as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, Text, case, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.chain import append
from bot.history.database import Database
from bot.history.inbox import Inbox
from bot.history.model import BOT, Event, EventKind
from bot.history.tables import DraftText, allowances, decisions, disputes, drafts, events, reviews, versions

BATCH: Final = 50
"""Drafts that are erased in one transaction: others wait for the chain meanwhile."""

TRIED_FOR: Final = timedelta(days=3)
"""Until when whoever tries an item has given it up aloud (``bot.worker``)."""

NOBODY: Final = ""
"""In place of a person."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was erased, or would be."""

    drafts: int
    versions: int


class Retention:
    """Erases from one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, before: datetime) -> Purged:
        """Count what ``purge`` would erase."""
        old = _due(before).subquery()
        kept = select(func.count()).select_from(versions).join(old, old.c.id == versions.c.draft_id)
        async with self._database.reading() as connection:
            number = (await connection.execute(select(func.count()).select_from(old))).scalar_one()
            return Purged(number, (await connection.execute(kept.where(versions.c.erased_at.is_(None)))).scalar_one())

    async def purge(self, before: datetime, now: datetime) -> Purged:
        """Erase the drafts to which nothing happened since a time, and what was received before and never handled.

        Several processes may do so at once.
        """
        abandoned = await Inbox(self._database).abandon(min(before, now - TRIED_FOR), now)
        total = Purged(0, 0)
        while (done := await self._purge_some(before, now)).drafts:
            total = Purged(total.drafts + done.drafts, total.versions + done.versions)
        if total.drafts or abandoned:
            await self._database.scrub()
        return total

    async def _purge_some(self, before: datetime, now: datetime) -> Purged:
        # Those that somebody is changing are not old any more; those that another process erases are its business.
        some = _due(before).order_by(drafts.c.id).limit(BATCH).with_for_update(skip_locked=True)
        async with self._database.writing() as connection:
            rows = (await connection.execute(some)).all()
            erased = 0
            for row in rows:
                erased += await _erase(connection, row.id, now)
        return Purged(len(rows), erased)


def _due(before: datetime) -> Select[Any]:
    kept = exists().where(
        events.c.draft_id == drafts.c.id, events.c.actor_salt.is_not(None), events.c.kind != EventKind.ERASED
    )
    return select(drafts.c.id).where(drafts.c.updated_at < before, kept)


async def _erase(connection: AsyncConnection, draft_id: int, now: datetime) -> int:
    """Erase a draft that is locked; returns of how many versions."""
    written = select(versions.c.id).where(versions.c.draft_id == draft_id)
    await connection.execute(update(reviews).where(reviews.c.version_id.in_(written)).values(findings=[]))
    await connection.execute(update(decisions).where(decisions.c.draft_id == draft_id).values(actor=NOBODY, comment=""))
    await connection.execute(update(disputes).where(disputes.c.draft_id == draft_id).values(_nobodys_dispute()))
    past = or_(~allowances.c.for_town, allowances.c.revoked_at.is_not(None))
    await connection.execute(delete(allowances).where(allowances.c.draft_id == draft_id, past))
    await connection.execute(
        update(events).where(events.c.draft_id == draft_id).values(actor=NOBODY, actor_salt=None, content_salt=None)
    )
    erased = await connection.execute(
        update(versions)
        .where(versions.c.draft_id == draft_id, versions.c.erased_at.is_(None))
        .values(author=NOBODY, text="", attached=None, digest=None, erased_at=now)
    )
    await append(connection, draft_id, None, Event(EventKind.ERASED, now, BOT, data={"versions": erased.rowcount}))
    await connection.execute(update(drafts).where(drafts.c.id == draft_id).values(secret=None, updated_at=now))
    return erased.rowcount


def _nobodys_dispute() -> dict[str, Any]:
    return {
        "actor": cast(disputes.c.id, Text),  # still a different one for each open dispute of a finding
        "finding": {},
        "reason": "",
        "ruled_by": case((disputes.c.ruling.is_not(None), NOBODY)),
        "note": case((disputes.c.ruling.is_not(None), literal("", DraftText))),
    }
