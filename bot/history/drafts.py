"""The store of drafts: each with its versions, their reviews, and the events in which it all happened.

Every change locks its draft first, so changes of one draft happen one after the other, also from several processes.
Every change may be repeated: the first one counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, astuple, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.compare import FindingKey
from bot.history import facts
from bot.history.chain import append
from bot.history.database import ALLOW_LOCK, Database
from bot.history.model import (
    BOT,
    Decision,
    Dispute,
    DraftState,
    Event,
    EventKind,
    Place,
    Retraction,
    Ruling,
    Submission,
    Thread,
    Unreadable,
)
from bot.history.rows import read_thread
from bot.history.tables import allowances, decisions, disputes, drafts, events, reviews, tallies, versions
from bot.history.witness import content
from rules.model import Finding, Review


class Drafts:
    """The drafts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def receive(self, submission: Submission, guideline: str, unreadable: Unreadable | None) -> Thread:
        """Store a version and who wrote it when; returns the draft as it stands now."""
        async with self._database.writing() as connection:
            draft = await self._lock(connection, submission.place, submission.received_at)
            return await self._add_version(connection, draft, submission, guideline, unreadable)

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
            review_id = await self._database.insert_new(connection, reviews, row)
            if review_id is not None:
                if counted := list(_tallies(review_id, review)):
                    await connection.execute(tallies.insert(), counted)
                used = (review.versions.guideline, review.versions.rules, review.versions.dictionary)
                data: dict[str, str | int] = {
                    "verdict": review.verdict,
                    "findings": len(review.findings),
                    facts.FACTS: facts.of_review(used, counted),
                }
                event = Event(EventKind.REVIEWED, at, BOT, data=data)
                await _record(connection, draft.id, version.id, event, content(event.kind, row))
            return await read_thread(connection, draft)

    async def refuse(self, place: Place, revision: str, reason: Unreadable, at: datetime) -> Thread:
        """Store that the text of a known version cannot be reviewed; returns the draft as it stands now."""
        async with self._database.writing() as connection:
            draft, version = await self._lock_version(connection, place, revision, at)
            if version.unreadable is None:
                await _set(connection, version, unreadable=reason)
                event = Event(EventKind.REVIEWED, at, BOT, data={"unreadable": reason})
                await _record(connection, draft.id, version.id, event)
            return await read_thread(connection, draft)

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

    async def withdraw(self, place: Place, actor: str, at: datetime, before: float | None = None) -> None:
        """Store that the draft was withdrawn, whether it has arrived or not.

        Versions whose order is after ``before`` bring it back; ``None``: none does.
        """
        async with self._database.writing() as connection:
            draft = await self._lock(connection, place, at)
            thread = await read_thread(connection, draft)
            if thread.withdrawn_before < (math.inf if before is None else before):
                data: dict[str, str | int] = {} if before is None else {"before": repr(before)}
                event = Event(EventKind.WITHDRAWN, at, actor, data=data)
                await _settle(connection, draft, replace(thread, events=(*thread.events, event)), event)

    async def thread(self, place: Place) -> Thread | None:
        """Return the draft at a place, ``None`` if there is none."""
        async with self._database.reading() as connection:
            draft = (await connection.execute(_draft_at(place))).one_or_none()
            return await read_thread(connection, draft) if draft else None

    async def fold(self, place: Place, revision: str, at: datetime) -> None:
        """Store that the answer to a known version was folded to a line."""
        async with self._database.writing() as connection:
            _, version = await self._lock_version(connection, place, revision, at)
            if version.folded_at is None:
                await _set(connection, version, folded_at=at)

    @asynccontextmanager
    async def locked(self, place: Place) -> AsyncIterator[LockedDraft | None]:
        """Hold the draft at a place to change it after a look at it; ``None`` if there is none.

        What is done to it is kept at the end of the block, and nothing of it if the block raises.
        """
        async with self._database.writing() as connection:
            draft = (await connection.execute(_draft_at(place).with_for_update())).one_or_none()
            if draft is None:
                yield None
            else:
                yield LockedDraft(self._database, connection, draft, await read_thread(connection, draft))

    async def _lock(self, connection: AsyncConnection, place: Place, at: datetime) -> Row[Any]:
        new = {**asdict(place), "state": DraftState.WAITING, "created_at": at, "updated_at": at}
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
    ) -> Thread:
        """Store a version unless it is known; returns the draft as it stands then."""
        row = {
            "draft_id": draft.id,
            "revision": submission.revision,
            "sequence": submission.order,
            "author": submission.author,
            "guideline": guideline,
            "text": submission.text,
            "received_at": submission.received_at,
            "unreadable": unreadable,
            "attached": {kind: sorted(names) for kind, names in asdict(submission.attached).items() if names} or None,
        }
        version_id = await self._database.insert_new(connection, versions, row)
        thread = await read_thread(connection, draft)
        if version_id is None:
            return thread
        place = astuple(submission.place)
        data: dict[str, str | int] = {
            "length": len(submission.text),
            facts.FACTS: facts.of_version(place, submission.revision, submission.order),
        }
        if unreadable:
            data["unreadable"] = unreadable
        event = Event(EventKind.SUBMITTED, submission.received_at, submission.author, data=data)
        sealed = content(event.kind, row)
        return await _settle(connection, draft, thread, event, version_id=version_id, content=sealed)


class LockedDraft:
    """A draft that nobody else can change meanwhile. ``thread`` is always how it stands now."""

    def __init__(self, database: Database, connection: AsyncConnection, row: Row[Any], thread: Thread) -> None:
        self._database = database
        self._connection = connection
        self._row = row
        self.thread = thread

    async def decide(self, decision: Decision) -> None:
        """Add a decision on a known version."""
        version_id = await self._version_id(decision.revision)
        row = {"draft_id": self._row.id, "version_id": version_id, **asdict(decision)}
        del row["revision"]
        inserted = await self._connection.execute(decisions.insert().values(row).returning(decisions.c.id))
        data: dict[str, str | int] = {"decision": decision.kind, "id": inserted.scalar_one()}
        event = Event(EventKind.DECIDED, decision.at, decision.actor, data=data)
        decided, sealed = await read_thread(self._connection, self._row), content(event.kind, row)
        self.thread = await _settle(self._connection, self._row, decided, event, version_id=version_id, content=sealed)

    async def retract(self, retraction: Retraction, actor: str, at: datetime) -> None:
        """Take back what was written in a message, also what has not arrived yet.

        Answers that are to be shown otherwise from now on count as not folded.
        """
        if retraction in self.thread.retractions:
            return
        event = Event(EventKind.RETRACTED, at, actor, data=retraction.as_data())
        self.thread = await _settle(self._connection, self._row, _without(self.thread, retraction, event), event)
        standing = [version.revision for version in self.thread.standing]
        gone = [version.revision for version in self.thread.versions if version.retracted]
        changed = (versions.c.draft_id == self._row.id) & versions.c.revision.in_([*standing, *gone])
        await self._connection.execute(update(versions).where(changed).values(folded_at=None))
        self.thread = replace(await read_thread(self._connection, self._row), state=self.thread.state)

    async def dispute(self, revision: str, position: int, actor: str, at: datetime, reason: str) -> Dispute:
        """Add a dispute of the finding at this position of a version's review. ``IndexError`` if none is there."""
        version = self.thread.version(revision)
        findings = version.review.findings if version and version.review else ()
        finding = findings[position]
        version_id = await self._version_id(revision)
        row = {
            "draft_id": self._row.id,
            "version_id": version_id,
            "position": position,
            "rule": finding.rule,
            "finding": asdict(finding),
            "actor": actor,
            "at": at,
            "reason": reason,
        }
        inserted = await self._connection.execute(disputes.insert().values(row).returning(disputes.c.id))
        dispute_id: int = inserted.scalar_one()
        data: dict[str, str | int] = {"dispute": dispute_id, "rule": finding.rule}
        event = Event(EventKind.DISPUTED, at, actor, data={**data, facts.FACTS: facts.of_dispute(position)})
        await _record(self._connection, self._row.id, version_id, event, content(event.kind, row))
        return await self._dispute(dispute_id)

    async def rule(self, ruled: Collection[Dispute], ruling: Ruling) -> None:
        """Answer these disputes of the draft, which are open."""
        values = {"ruling": ruling.kind, "ruled_by": ruling.actor, "ruled_at": ruling.at, "note": ruling.note}
        ids = [dispute.id for dispute in ruled]
        await self._connection.execute(update(disputes).where(disputes.c.id.in_(ids)).values(values))
        for dispute in ruled:
            data: dict[str, str | int] = {"dispute": dispute.id, "rule": dispute.finding.rule, "ruling": ruling.kind}
            version_id = await self._version_id(dispute.revision)
            event = Event(EventKind.RULED, ruling.at, ruling.actor, data=data)
            await _record(self._connection, self._row.id, version_id, event, content(event.kind, values))
        self.thread = await read_thread(self._connection, self._row)

    async def allow(self, finding: Finding, ruling: Ruling, reason: str, *, for_town: bool) -> None:
        """Allow the words of a finding from now on, in this draft or in the whole town, unless they are already."""
        # Other drafts are not locked: whoever waited here has to look again.
        await self._database.serialise(self._connection, ALLOW_LOCK)
        self.thread = await read_thread(self._connection, self._row)
        if _is_allowed(self.thread, finding, for_town=for_town):
            return
        row = {
            "surface": self._row.surface,
            "team": self._row.team,
            "draft_id": self._row.id,
            "for_town": for_town,
            "rule": finding.rule,
            "phrase": finding.quote,
            "actor": ruling.actor,
            "at": ruling.at,
            "reason": reason,
        }
        inserted = await self._connection.execute(allowances.insert().values(row).returning(allowances.c.id))
        data: dict[str, str | int] = {
            "allowance": inserted.scalar_one(),
            "rule": finding.rule,
            "for_town": int(for_town),
        }
        event = Event(EventKind.ALLOWED, ruling.at, ruling.actor, data=data)
        await _record(self._connection, self._row.id, None, event, content(event.kind, row))
        self.thread = await read_thread(self._connection, self._row)

    async def revoke(self, allowance_id: int, actor: str, at: datetime) -> None:
        """Take back an allowance that came from this draft, if it is in force."""
        revoked = await self._connection.execute(
            update(allowances)
            .where(allowances.c.id == allowance_id, allowances.c.revoked_at.is_(None))
            .values(revoked_by=actor, revoked_at=at)
            .returning(allowances.c.rule)
        )
        if rule := revoked.scalar_one_or_none():
            data: dict[str, str | int] = {"allowance": allowance_id, "rule": rule}
            await _record(self._connection, self._row.id, None, Event(EventKind.REVOKED, at, actor, data=data))
        self.thread = await read_thread(self._connection, self._row)

    async def _version_id(self, revision: str) -> int:
        query = select(versions.c.id).where(versions.c.draft_id == self._row.id, versions.c.revision == revision)
        version_id: int = (await self._connection.execute(query)).scalar_one()
        return version_id

    async def _dispute(self, dispute_id: int) -> Dispute:
        self.thread = await read_thread(self._connection, self._row)
        return next(dispute for dispute in self.thread.disputes if dispute.id == dispute_id)


def _draft_at(place: Place) -> Select[Any]:
    return select(drafts).where(
        drafts.c.surface == place.surface,
        drafts.c.team == place.team,
        drafts.c.channel == place.channel,
        drafts.c.thread == place.thread,
    )


async def _set(connection: AsyncConnection, version: Row[Any], **values: Any) -> None:
    await connection.execute(update(versions).where(versions.c.id == version.id).values(**values))


async def _record(
    connection: AsyncConnection, draft_id: int, version_id: int | None, event: Event, content: str | None = None
) -> None:
    await append(connection, draft_id, version_id, event, content)
    await connection.execute(update(drafts).where(drafts.c.id == draft_id).values(updated_at=event.at))


async def _settle(  # noqa: PLR0913 - as ``_record``, and how the draft stands
    connection: AsyncConnection,
    draft: Row[Any],
    thread: Thread,
    event: Event,
    *,
    version_id: int | None = None,
    content: str | None = None,
) -> Thread:
    """Record an event with the state to which it brings the draft; returns the draft.

    ``thread`` is the draft as it stands once the event has happened.
    """
    state = _state(thread)
    telling = replace(event, data={**event.data, facts.STATE: state})
    await _record(connection, draft.id, version_id, telling, content)
    await connection.execute(update(drafts).where(drafts.c.id == draft.id).values(state=state))
    return replace(await read_thread(connection, draft), state=state)


def _without(thread: Thread, retraction: Retraction, event: Event) -> Thread:
    """Return the draft as it stands once what a retraction covers is taken back."""
    kept = tuple(
        replace(each, retracted=each.retracted or retraction.covers(each.revision, each.order))
        for each in thread.versions
    )
    return replace(thread, versions=kept, events=(*thread.events, event))


def _state(thread: Thread) -> DraftState:
    written = thread.latest.order if thread.latest else -math.inf
    if -math.inf < thread.withdrawn_before and written <= thread.withdrawn_before:
        return DraftState.WITHDRAWN
    return thread.decision.kind.state if thread.decision else DraftState.WAITING


def _is_allowed(thread: Thread, finding: Finding, *, for_town: bool) -> bool:
    key = FindingKey.of(finding)
    return any(
        FindingKey.quoting(allowance.rule, allowance.phrase) == key and (allowance.place is None) == for_town
        for allowance in thread.allowances
    )


def _tallies(review_id: int, review: Review) -> Iterator[dict[str, Any]]:
    counts = Counter(
        (finding.rule, finding.topic, finding.level, " ".join(finding.clauses)) for finding in review.findings
    )
    for (rule, topic, level, clauses), count in counts.items():
        yield {
            "review_id": review_id,
            "rule": rule,
            "topic": topic,
            "level": level,
            "clauses": clauses,
            "count": count,
        }
