"""What events say of other rows: the texts and decisions that are kept beside the events, and sealed in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Select, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.cipher import CannotDecryptError
from bot.history.facts import FACTS
from bot.history.model import EventKind, RulingKind
from bot.history.tables import allowances, decisions, disputes, reviews, versions


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where it is kept.

    By which key and as which columns, and where an event has the key (``None``: its version). ``same`` names columns
    that say what the event says too, by what the event calls it. ``there`` tells which rows such an event speaks of.
    ``added`` are columns that events of older programs, which carry no ``facts``, do not seal.
    """

    key: Column[int]
    columns: tuple[str, ...]
    same: Mapping[str, str]
    named: str | None = None
    there: ColumnElement[bool] = field(default_factory=true)
    added: tuple[str, ...] = ()

    def key_in(self, event: Row[Any]) -> int | None:
        """Return the key that an event has, if it is an event as we write them."""
        if self.named is None:
            key = event.version_id
        else:
            key = event.data.get(self.named) if isinstance(event.data, Mapping) else None
        return key if isinstance(key, int) else None

    def sealed_in(self, event: Row[Any]) -> tuple[str, ...]:
        """Return the columns that an event seals."""
        tells_facts = isinstance(event.data, Mapping) and FACTS in event.data
        return (*self.columns, *self.added) if tells_facts else self.columns

    def agrees(self, row: Row[Any], event: Row[Any]) -> bool:
        """Tell whether a row says of time and place what the event says."""
        return all(getattr(row, ours) == getattr(event, its) for ours, its in self.same.items())


_PLACED: Final = {"draft_id": "draft_id", "version_id": "version_id"}

_KEPT: Final = {
    EventKind.SUBMITTED: _Kept(
        versions.c.id,
        ("author", "guideline", "text"),
        {"draft_id": "draft_id", "received_at": "at"},
        added=("attached",),
    ),
    EventKind.REVIEWED: _Kept(reviews.c.version_id, ("verdict", "findings"), {"reviewed_at": "at"}),
    EventKind.DECIDED: _Kept(decisions.c.id, ("kind", "actor", "comment"), {**_PLACED, "at": "at"}, "id"),
    EventKind.DISPUTED: _Kept(
        disputes.c.id, ("actor", "rule", "finding", "reason"), {**_PLACED, "at": "at"}, "dispute"
    ),
    EventKind.RULED: _Kept(
        disputes.c.id,
        ("ruling", "ruled_by", "note"),
        {**_PLACED, "ruled_at": "at"},
        "dispute",
        disputes.c.ruling.is_not(None),
    ),
    EventKind.ALLOWED: _Kept(
        allowances.c.id,
        ("surface", "team", "for_town", "rule", "phrase", "actor", "reason"),
        {"draft_id": "draft_id", "at": "at"},
        "allowance",
    ),
}


_ALLOWED: Final = tuple(
    allowances.c[name] for name in ("id", "draft_id", "rule", "at", "for_town", "revoked_by", "revoked_at")
)


def content(kind: EventKind, row: Mapping[str, Any]) -> str:
    """Return what an event of this kind seals of the row that was written with it."""
    return _written_down(row, (*_KEPT[kind].columns, *_KEPT[kind].added))


def _written_down(row: Mapping[str, Any], columns: Collection[str]) -> str:
    return json.dumps([row[name] for name in columns], sort_keys=True)


async def contents(connection: AsyncConnection, events: Collection[Row[Any]]) -> dict[int, str]:
    """Return by id of event what the rows say now.

    Without those whose row is gone, cannot be read, or does not say of time and place what the event says.
    """
    found: dict[int, str] = {}
    for kind, kept in _KEPT.items():
        keys = {event.id: key for event in events if event.kind == kind and (key := kept.key_in(event)) is not None}
        rows = await _rows(connection, kept, keys.values())
        for event in events:
            row = rows.get(keys[event.id]) if event.id in keys else None
            if row is not None and kept.agrees(row, event):
                found[event.id] = _written_down(row._asdict(), kept.sealed_in(event))
    return found


async def _rows(connection: AsyncConnection, kept: _Kept, keys: Collection[int]) -> dict[int, Row[Any]]:
    """Return the rows by key, without what is no text or was encrypted by nobody who had a key."""
    if not keys:
        return {}
    try:
        rows = await connection.execute(select(kept.key.table).where(kept.key.in_(keys)))
        return {getattr(row, kept.key.name): row for row in rows}
    except (ValueError, CannotDecryptError):
        if len(keys) == 1:
            return {}
    found: dict[int, Row[Any]] = {}
    for key in keys:
        found.update(await _rows(connection, kept, [key]))
    return found


class Testimony:
    """All that the events which were heard speak of, to find what none of them does."""

    def __init__(self) -> None:
        self._keys: dict[EventKind, set[int | None]] = defaultdict(set)
        self._granted: set[tuple[int, str, datetime, bool]] = set()
        self._revoked: dict[int, tuple[str, datetime]] = {}

    def hear(self, event: Row[Any]) -> None:
        """Take in what an event speaks of."""
        if event.kind in _KEPT:
            self._keys[event.kind].add(_KEPT[event.kind].key_in(event))
        if event.kind == EventKind.RULED and RulingKind(event.data["ruling"]).accepted:
            for_town = event.data["ruling"] == RulingKind.FOR_TOWN
            self._granted.add((event.draft_id, event.data["rule"], event.at, for_town))
        if event.kind == EventKind.ALLOWED:
            for_town = bool(event.data["for_town"])
            self._granted.discard((event.draft_id, event.data["rule"], event.at, for_town))  # what it was granted for
        if event.kind == EventKind.REVOKED:
            self._revoked[event.data["allowance"]] = event.actor, event.at

    async def unheard_of(self, connection: AsyncConnection) -> int | None:
        """Return the draft of a text, decision or allowance that no event speaks of, ``None`` if there is none."""
        for kind, kept in _KEPT.items():
            known = self._keys[kind]
            if None in known or kind is EventKind.ALLOWED:
                continue  # written by a version whose events did not name what they speak of; or below
            for row in await connection.execute(_all_of(kept)):
                if row.key not in known:
                    return int(row.draft_id)
        for row in await connection.execute(select(*_ALLOWED)):
            granted = (row.draft_id, row.rule, row.at, row.for_town) in self._granted
            named = row.id in self._keys[EventKind.ALLOWED]  # older programs had no such event
            revoked = None if row.revoked_at is None else (row.revoked_by, row.revoked_at)
            if not (named or granted) or revoked != self._revoked.get(row.id):
                return int(row.draft_id)
        return None


def _all_of(kept: _Kept) -> Select[Any]:
    """Select key and draft of all rows that events are to speak of."""
    table = kept.key.table
    query = select(kept.key.label("key"), versions.c.draft_id).where(kept.there)
    return query if table is versions else query.join_from(table, versions, versions.c.id == table.c.version_id)
