"""The store of drafts: each with its versions, their reviews, and the events in which it all happened.

Every change locks its draft first, so changes of one draft happen one after the other, also from several processes.
Every change may be repeated: the first one counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.database import Database
from bot.history.model import (
    DraftState,
    Event,
    EventKind,
    Place,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from bot.history.tables import drafts, events, reviews, versions
from rules.model import Finding, Level, Review, Topic, Versions

BOT = "sns-check"
"""The actor of what nobody but the bot does."""


class Drafts:
    """The drafts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def receive(self, submission: Submission, guideline: str, unreadable: Unreadable | None) -> Thread:
        """Store a version and who wrote it when; returns the draft as it stands now."""
        async with self._database.writing() as connection:
            draft = await self._lock(connection, submission.place, submission.received_at)
            await self._add_version(connection, draft, submission, guideline, unreadable)
            return await _read(connection, draft)

    async def review(self, place: Place, revision: str, review: Review, at: datetime) -> Thread:
        """Store the review of a known version; returns the draft as it stands now."""
        async with self._database.writing() as connection:
            draft, version = await self._lock_version(connection, place, revision, at)
            row = {
                "version_id": version.id,
                "verdict": review.verdict,
                "guideline_version": review.versions.guideline,
                "rules_version": review.versions.rules,
                "dictionary_version": review.versions.dictionary,
                "findings": [asdict(finding) for finding in review.findings],
                "reviewed_at": at,
            }
            if await self._database.insert_new(connection, reviews, row) is not None:
                data: dict[str, str | int] = {"verdict": review.verdict, "findings": len(review.findings)}
                await _record(connection, draft.id, version.id, Event(EventKind.REVIEWED, at, BOT, data=data))
            return await _read(connection, draft)

    async def refuse(self, place: Place, revision: str, reason: Unreadable, at: datetime) -> Thread:
        """Store that the text of a known version cannot be reviewed; returns the draft as it stands now."""
        async with self._database.writing() as connection:
            draft, version = await self._lock_version(connection, place, revision, at)
            if version.unreadable is None:
                await _set(connection, version, unreadable=reason)
                event = Event(EventKind.REVIEWED, at, BOT, data={"unreadable": reason})
                await _record(connection, draft.id, version.id, event)
            return await _read(connection, draft)

    async def fail(self, place: Place, revision: str, error: str, at: datetime) -> None:
        """Record, once a version, that the review failed. ``error`` names the kind of error and holds no draft text."""
        async with self._database.writing() as connection:
            draft, version = await self._lock_version(connection, place, revision, at)
            known = select(events.c.id).where(events.c.version_id == version.id, events.c.kind == EventKind.FAILED)
            if (await connection.execute(known)).first() is None:
                await _record(connection, draft.id, version.id, Event(EventKind.FAILED, at, BOT, data={"error": error}))

    async def answer(self, place: Place, revision: str, receipt: str, at: datetime) -> None:
        """Store that the answer to a known version was posted."""
        async with self._database.writing() as connection:
            draft, version = await self._lock_version(connection, place, revision, at)
            if version.receipt is None:
                await _set(connection, version, receipt=receipt)
                event = Event(EventKind.ANSWERED, at, BOT, data={"receipt": receipt})
                await _record(connection, draft.id, version.id, event)

    async def withdraw(self, place: Place, actor: str, at: datetime) -> None:
        """Store that the draft was deleted, whether it has arrived or not."""
        async with self._database.writing() as connection:
            draft = await self._lock(connection, place, at)
            if draft.state != DraftState.WITHDRAWN:
                await connection.execute(
                    update(drafts).where(drafts.c.id == draft.id).values(state=DraftState.WITHDRAWN)
                )
                await _record(connection, draft.id, None, Event(EventKind.WITHDRAWN, at, actor))

    async def thread(self, place: Place) -> Thread | None:
        """Return the draft at a place, ``None`` if there is none."""
        async with self._database.reading() as connection:
            draft = (await connection.execute(_draft_at(place))).one_or_none()
            return await _read(connection, draft) if draft else None

    async def recent(self, limit: int, surface: str | None = None) -> tuple[Summary, ...]:
        """Return the drafts that something happened to last, newest first."""
        query = select(drafts).order_by(drafts.c.updated_at.desc(), drafts.c.id.desc()).limit(limit)
        if surface is not None:
            query = query.where(drafts.c.surface == surface)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            latest = await _latest(connection, [row.id for row in rows])
        return tuple(_summary(row, latest.get(row.id)) for row in rows)

    async def _lock(self, connection: AsyncConnection, place: Place, at: datetime) -> Row[Any]:
        new = {**asdict(place), "state": DraftState.OPEN, "created_at": at, "updated_at": at}
        await self._database.insert_new(connection, drafts, new)
        row: Row[Any] = (await connection.execute(_draft_at(place).with_for_update())).one()
        return row

    async def _lock_version(
        self, connection: AsyncConnection, place: Place, revision: str, at: datetime
    ) -> tuple[Row[Any], Row[Any]]:
        draft = await self._lock(connection, place, at)
        query = select(versions).where(versions.c.draft_id == draft.id, versions.c.revision == revision)
        return draft, (await connection.execute(query)).one()

    async def _add_version(
        self,
        connection: AsyncConnection,
        draft: Row[Any],
        submission: Submission,
        guideline: str,
        unreadable: Unreadable | None,
    ) -> None:
        row = {
            "draft_id": draft.id,
            "revision": submission.revision,
            "sequence": submission.order,
            "author": submission.author,
            "guideline": guideline,
            "text": submission.text,
            "received_at": submission.received_at,
            "unreadable": unreadable,
        }
        version_id = await self._database.insert_new(connection, versions, row)
        if version_id is not None:
            data: dict[str, str | int] = {"length": len(submission.text)}
            if unreadable:
                data["unreadable"] = unreadable
            event = Event(EventKind.SUBMITTED, submission.received_at, submission.author, data=data)
            await _record(connection, draft.id, version_id, event)


def _draft_at(place: Place) -> Select[Any]:
    return select(drafts).where(
        drafts.c.surface == place.surface,
        drafts.c.team == place.team,
        drafts.c.channel == place.channel,
        drafts.c.thread == place.thread,
    )


async def _set(connection: AsyncConnection, version: Row[Any], **values: Any) -> None:
    await connection.execute(update(versions).where(versions.c.id == version.id).values(**values))


async def _record(connection: AsyncConnection, draft_id: int, version_id: int | None, event: Event) -> None:
    row = {
        "draft_id": draft_id,
        "version_id": version_id,
        "kind": event.kind,
        "actor": event.actor,
        "at": event.at,
        "data": dict(event.data),
    }
    await connection.execute(events.insert().values(row))
    await connection.execute(update(drafts).where(drafts.c.id == draft_id).values(updated_at=event.at))


async def _read(connection: AsyncConnection, draft: Row[Any]) -> Thread:
    query = _with_review().where(versions.c.draft_id == draft.id).order_by(versions.c.sequence, versions.c.revision)
    rows = (await connection.execute(query)).all()
    revisions = {row.id: row.revision for row in rows}
    happened = await connection.execute(select(events).where(events.c.draft_id == draft.id).order_by(events.c.id))
    return Thread(
        place=_place(draft),
        state=DraftState(draft.state),
        created_at=draft.created_at,
        versions=tuple(_version(number, row) for number, row in enumerate(rows, start=1)),
        events=tuple(
            Event(EventKind(row.kind), row.at, row.actor, revisions.get(row.version_id), row.data) for row in happened
        ),
    )


async def _latest(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, Version]:
    """Return the version of each draft that was written last. Its number tells how many there are."""
    rank = func.row_number().over(
        partition_by=versions.c.draft_id, order_by=(versions.c.sequence.desc(), versions.c.revision.desc())
    )
    total = func.count().over(partition_by=versions.c.draft_id)
    ranked = (
        select(versions.c.id, rank.label("rank"), total.label("total"))
        .where(versions.c.draft_id.in_(draft_ids))
        .subquery()
    )
    query = (
        _with_review().add_columns(ranked.c.total).join(ranked, ranked.c.id == versions.c.id).where(ranked.c.rank == 1)
    )
    rows = (await connection.execute(query)).all()
    return {row.draft_id: _version(row.total, row) for row in rows}


def _with_review() -> Select[Any]:
    review = (
        reviews.c.guideline_version,
        reviews.c.rules_version,
        reviews.c.dictionary_version,
        reviews.c.findings,
        reviews.c.reviewed_at,
    )
    return select(versions, *review).outerjoin(reviews, reviews.c.version_id == versions.c.id)


def _place(row: Row[Any]) -> Place:
    return Place(row.surface, row.team, row.channel, row.thread)


def _summary(draft: Row[Any], latest: Version | None) -> Summary:
    return Summary(
        place=_place(draft),
        state=DraftState(draft.state),
        created_at=draft.created_at,
        updated_at=draft.updated_at,
        versions=latest.number if latest else 0,
        latest=latest,
    )


def _version(number: int, row: Row[Any]) -> Version:
    return Version(
        number=number,
        revision=row.revision,
        order=row.sequence,
        author=row.author,
        guideline=row.guideline,
        text=row.text,
        received_at=row.received_at,
        review=_review(row) if row.reviewed_at else None,
        unreadable=Unreadable(row.unreadable) if row.unreadable else None,
        reviewed_at=row.reviewed_at,
        receipt=row.receipt,
    )


def _review(row: Row[Any]) -> Review:
    return Review(
        findings=tuple(_finding(finding) for finding in row.findings),
        versions=Versions(row.guideline_version, row.rules_version, row.dictionary_version),
    )


def _finding(stored: dict[str, Any]) -> Finding:
    return Finding(
        **{
            **stored,
            "topic": Topic(stored["topic"]),
            "level": Level(stored["level"]),
            "clauses": tuple(stored["clauses"]),
        }
    )
