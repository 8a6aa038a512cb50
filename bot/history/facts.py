"""What events say of other rows without a word or a person, so that it can be proven even when texts are erased.

Where a draft lives, the revision and order of a version, by which rules it was read and how much was found, where a
disputed finding stands: each such event carries one digest of it (``facts``). The state of a draft, the receipt of an
answer and why a text cannot be read change; there the last event that tells counts.

Events of older programs tell less, and what they do not tell is not asked: their history stays as whole as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.model import EventKind
from bot.history.tables import disputes, drafts, reviews, tallies, versions

FACTS: Final = "facts"
STATE: Final = "state"
"""By what events call them in their data."""

_MOVING: Final = frozenset({EventKind.SUBMITTED, EventKind.WITHDRAWN, EventKind.RETRACTED, EventKind.DECIDED})
"""Events that may bring a draft to another state."""

_GONE: Final = {EventKind.ERASED: versions.c.erased_at, EventKind.WITHHELD: versions.c.withheld_at}
"""When the program wrote over what a version said, by the event of its draft that tells so at the same time."""

_PLACE: Final = (drafts.c.surface, drafts.c.team, drafts.c.channel, drafts.c.thread)
_CHANGING: Final = (
    *(versions.c.id, versions.c.draft_id, versions.c.receipt, versions.c.unreadable),
    *_GONE.values(),
)
_COUNTED: Final = (tallies.c.rule, tallies.c.topic, tallies.c.level, tallies.c.clauses, tallies.c.count)


def of_version(place: tuple[str, str, str, str], revision: str, order: float) -> str:
    """Return the digest of where and when a version was written; ``place`` as ``Place`` has it."""
    return _digest([*place, revision, float(order)])


def of_review(versions_used: tuple[str, str, str], counted: Collection[Mapping[str, Any]]) -> str:
    """Return the digest of a review's figures; ``versions_used``: of guideline, rules and dictionary."""
    return _digest([*versions_used, *sorted([str(each[column.name]) for column in _COUNTED] for each in counted)])


def of_dispute(position: int) -> str:
    """Return the digest of where a disputed finding stands in its review."""
    return _digest([position])


async def facts_now(connection: AsyncConnection, events: Collection[Row[Any]]) -> dict[int, str]:
    """Return by id of event, of those that carry facts, what the rows say now. Where a row is gone there is nothing."""
    telling = [event for event in events if _told(event, FACTS) is not None]
    by_kind: dict[str, dict[int, str]] = {
        EventKind.SUBMITTED: await _written(connection, _keys(telling, EventKind.SUBMITTED)),
        EventKind.REVIEWED: await _reviewed(connection, _keys(telling, EventKind.REVIEWED)),
        EventKind.DISPUTED: await _disputed(connection, _keys(telling, EventKind.DISPUTED)),
    }
    found = ((event.id, by_kind.get(event.kind, {}).get(_key(event))) for event in telling)
    return {number: digest for number, digest in found if digest is not None}


async def _written(connection: AsyncConnection, keys: Collection[int]) -> dict[int, str]:
    query = select(versions.c.id, versions.c.revision, versions.c.sequence, *_PLACE)
    rows = await connection.execute(
        query.join(drafts, drafts.c.id == versions.c.draft_id).where(versions.c.id.in_(keys))
    )
    return {
        row.id: of_version((row.surface, row.team, row.channel, row.thread), row.revision, row.sequence) for row in rows
    }


async def _reviewed(connection: AsyncConnection, keys: Collection[int]) -> dict[int, str]:
    used = (reviews.c.guideline_version, reviews.c.rules_version, reviews.c.dictionary_version)
    counted: dict[int, list[dict[str, Any]]] = defaultdict(list)
    figures = select(reviews.c.version_id, *_COUNTED).join(reviews, reviews.c.id == tallies.c.review_id)
    for row in await connection.execute(figures.where(reviews.c.version_id.in_(keys))):
        counted[row.version_id].append(row._asdict())
    rows = await connection.execute(select(reviews.c.version_id, *used).where(reviews.c.version_id.in_(keys)))
    return {
        row.version_id: of_review(
            (row.guideline_version, row.rules_version, row.dictionary_version), counted[row.version_id]
        )
        for row in rows
    }


async def _disputed(connection: AsyncConnection, keys: Collection[int]) -> dict[int, str]:
    rows = await connection.execute(select(disputes.c.id, disputes.c.position).where(disputes.c.id.in_(keys)))
    return {row.id: of_dispute(row.position) for row in rows}


def _keys(events: Collection[Row[Any]], kind: EventKind) -> list[int]:
    return [_key(event) for event in events if event.kind == kind]


def _key(event: Row[Any]) -> int:
    """Return the row of which an event speaks; -1, which no row has, if it names none."""
    key = _told(event, "dispute") if event.kind == EventKind.DISPUTED else event.version_id
    return key if isinstance(key, int) else -1


def _told(event: Row[Any], name: str) -> Any:
    return event.data.get(name) if isinstance(event.data, Mapping) else None


def _digest(told: list[Any]) -> str:
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


class LastWord:
    """What was told last of what changes, and by which event."""

    def __init__(self) -> None:
        self._state: dict[int, tuple[str, int]] = {}
        self._receipt: dict[int, tuple[str, int]] = {}
        self._unreadable: dict[int, str] = {}
        self._versions: dict[int, int] = {}
        """By version, the event that brought it: only those that tell of all that comes after."""
        self._gone: set[tuple[int, str, datetime]] = set()

    def hear(self, event: Row[Any]) -> None:
        """Take in what an event tells."""
        if event.kind in _MOVING:
            self._state.pop(event.draft_id, None)  # an older program beside this one says nothing of it
        if (state := _told(event, STATE)) is not None:
            self._state[event.draft_id] = state, event.number
        if event.kind in _GONE:
            self._gone.add((event.draft_id, event.kind, event.at))
        if event.kind == EventKind.SUBMITTED and _told(event, FACTS) is not None:
            self._versions[event.version_id] = event.number
        if event.kind == EventKind.ANSWERED:
            self._receipt[event.version_id] = _told(event, "receipt"), event.number
        if (reason := _told(event, "unreadable")) is not None:
            self._unreadable[event.version_id] = reason

    async def contradicted(self, connection: AsyncConnection) -> int | None:
        """Return the number of an event that the rows contradict, the first there is; ``None`` if there is none."""
        wrong = [
            self._state[row.id][1]
            for row in await connection.execute(select(drafts.c.id, drafts.c.state))
            if row.id in self._state and self._state[row.id][0] != row.state
        ]
        for row in await connection.execute(select(*_CHANGING)):
            submitted = self._versions.get(row.id)
            receipt, answered = self._receipt.get(row.id, (None, submitted))
            if answered is not None and row.receipt != receipt:
                wrong.append(answered)
            elif submitted is not None and row.unreadable != self._unreadable.get(row.id):
                wrong.append(submitted)
            elif self._hidden(row):
                wrong.append(submitted or 0)
        return min(wrong, default=None)

    def _hidden(self, version: Row[Any]) -> bool:
        """Tell whether a version counts as erased or withheld, and no event says that the program did so."""
        moments = ((kind, getattr(version, column.name)) for kind, column in _GONE.items())
        return any(at is not None and (version.draft_id, kind, at) not in self._gone for kind, at in moments)
