"""The event log as evidence: its head, and whether anything in it was changed (``chain`` has the threat model)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.chain import GENESIS, hash_of, seal
from bot.history.database import Database
from bot.history.facts import FACTS, LastWord, facts_now
from bot.history.model import EventKind
from bot.history.tables import chain, events
from bot.history.withholding import may_be_withheld
from bot.history.witness import Testimony, contents

BATCH: Final = 500
"""Events that are read at a time."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event: how many there are, and the hash that covers them all."""

    number: int
    hash: str


class Fault(StrEnum):
    """What is wrong with an event. Whoever prints it has a Japanese sentence for each."""

    MISSING = "missing"
    """Events are missing before it, or were added."""
    CHANGED = "changed"
    """It is not what was recorded."""
    ACTOR = "actor"
    """Somebody else is named as the one who acted."""
    CONTENT = "content"
    """The text, finding, decision or comment of which it speaks is not what was recorded."""
    FACTS = "facts"
    """A place, state, revision, order, receipt or figure of which it speaks is not what was recorded."""
    ERASED = "erased"
    """Who acted, or the proof of what was written, is erased, but nothing says that the program did so."""
    CUT = "cut"
    """It is the last one, and newer ones are missing."""
    UNHEARD_OF = "unheard_of"
    """It is the last one of a draft of which there is a text, decision or allowance that no event speaks of."""
    UNKNOWN_HEAD = "unknown_head"
    """The head that was noted elsewhere is none of the log's: it was written anew, or its end was cut off."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it: the head, and the first event that is not as it was recorded, if there is one."""

    head: Head
    broken: int | None = None
    fault: Fault | None = None


class Ledger:
    """The event log of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def head(self) -> Head:
        """Return the head, to note it elsewhere."""
        async with self._database.reading() as connection:
            return await _head(connection)

    async def verify(self, noted: str | None = None) -> Verification:
        """Follow the chain from its beginning. ``noted`` is the hash of a head that was noted earlier.

        Reads one state of the database, whatever is added meanwhile. What was erased is not looked for.
        """
        async with self._database.snapshot() as connection:
            head = await _head(connection)
            walk = _Walk(noted)
            async for batch in _batches(connection):
                now, facts = await contents(connection, batch), await facts_now(connection, batch)
                for row in batch:
                    if fault := walk.step(row, now.get(row.id), facts.get(row.id)):
                        return Verification(head, walk.last.number + 1, fault)
            unheard_of = await _last_of(connection, await walk.testimony.unheard_of(connection))
            contradicted = await walk.last_word.contradicted(connection)
        return walk.end(head, unheard_of, contradicted)


class _Walk:
    """The way along the chain, from the first event to the last."""

    def __init__(self, noted: str | None) -> None:
        self.last = Head(0, GENESIS)
        self.testimony = Testimony()
        self.last_word = LastWord()
        self._noted = noted
        self._met_noted = noted in {None, GENESIS}
        self._unexplained: dict[tuple[int, EventKind], int] = {}
        """By draft, its first event of which something is erased that only such an event explains, until it is met."""

    def step(self, row: Row[Any], content: str | None, facts: str | None) -> Fault | None:
        """Go on to an event, unless something is wrong with it."""
        if fault := _fault(row, self.last, content):
            return fault
        if row.data.get(FACTS) != facts:
            return Fault.FACTS
        self._explain(row)
        self.testimony.hear(row)
        self.last_word.hear(row)
        self.last = Head(row.number, row.hash)
        self._met_noted = self._met_noted or row.hash == self._noted
        return None

    def _explain(self, row: Row[Any]) -> None:
        """Note what is erased of an event, and what an event explains of those before it."""
        if row.kind in {EventKind.ERASED, EventKind.WITHHELD}:
            self._unexplained.pop((row.draft_id, EventKind.WITHHELD), None)
        if row.kind == EventKind.ERASED:
            self._unexplained.pop((row.draft_id, EventKind.ERASED), None)
        unsealed = row.content_seal is not None and row.content_salt is None
        if row.actor_salt is None or (unsealed and not may_be_withheld(row)):
            self._unexplained.setdefault((row.draft_id, EventKind.ERASED), row.number)
        elif unsealed:
            self._unexplained.setdefault((row.draft_id, EventKind.WITHHELD), row.number)

    def end(self, head: Head, unheard_of: int | None, contradicted: int | None) -> Verification:
        """Say what came of it, given what the database takes for its head.

        ``unheard_of`` is the last event of a draft with something of which no event speaks, ``contradicted`` one that
        spoke last of something that is otherwise now.
        """
        if self.last != head:
            return Verification(head, self.last.number, Fault.CUT)
        if self._unexplained:
            return Verification(head, min(self._unexplained.values()), Fault.ERASED)
        if unheard_of is not None:
            return Verification(head, unheard_of, Fault.UNHEARD_OF)
        if contradicted is not None:
            return Verification(head, contradicted, Fault.FACTS)
        if not self._met_noted:
            return Verification(head, head.number, Fault.UNKNOWN_HEAD)
        return Verification(head)


async def _head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(select(chain))).one()
    return Head(row.number, row.hash)


async def _last_of(connection: AsyncConnection, draft_id: int | None) -> int | None:
    """Return the number of the last event of a draft, 0 where there is none."""
    if draft_id is None:
        return None
    last = select(func.max(events.c.number)).where(events.c.draft_id == draft_id)
    return (await connection.execute(last)).scalar_one() or 0


async def _batches(connection: AsyncConnection) -> AsyncIterator[Sequence[Row[Any]]]:
    last = None
    while True:
        query = select(events).order_by(events.c.number).limit(BATCH)
        if last is not None:
            query = query.where(events.c.number > last)
        batch = (await connection.execute(query)).all()
        if not batch:
            return
        yield batch
        last = batch[-1].number


def _fault(row: Row[Any], previous: Head, content: str | None) -> Fault | None:
    """Return what is wrong with an event that has to follow ``previous``."""
    if row.number != previous.number + 1:
        return Fault.MISSING
    linked = hash_of(
        previous.hash,
        number=row.number,
        draft_id=row.draft_id,
        version_id=row.version_id,
        kind=row.kind,
        at=row.at,
        actor_seal=row.actor_seal,
        content_seal=row.content_seal,
        data=row.data,
    )
    if linked != row.hash:
        return Fault.CHANGED
    if row.actor if row.actor_salt is None else seal(row.actor_salt, row.actor) != row.actor_seal:
        return Fault.ACTOR
    if row.content_salt is not None and (content is None or seal(row.content_salt, content) != row.content_seal):
        return Fault.CONTENT
    return None
