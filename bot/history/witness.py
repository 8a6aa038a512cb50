"""What an event says of another row: the texts and decisions that are kept beside the events, and sealed in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.model import EventKind
from bot.history.tables import decisions, disputes, reviews, versions


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where it is kept: by which key, as which columns, and where an event has the key (``None``: its version)."""

    key: Column[int]
    columns: tuple[str, ...]
    named: str | None = None


_KEPT: Final = {
    EventKind.SUBMITTED: _Kept(versions.c.id, ("author", "guideline", "text")),
    EventKind.REVIEWED: _Kept(reviews.c.version_id, ("verdict", "findings")),
    EventKind.DECIDED: _Kept(decisions.c.id, ("kind", "actor", "comment"), "id"),
    EventKind.DISPUTED: _Kept(disputes.c.id, ("actor", "rule", "finding", "reason"), "dispute"),
    EventKind.RULED: _Kept(disputes.c.id, ("ruling", "ruled_by", "note"), "dispute"),
}


def content(kind: EventKind, row: Mapping[str, Any]) -> str:
    """Return what an event of this kind seals of the row that was written with it."""
    return json.dumps([row[name] for name in _KEPT[kind].columns], sort_keys=True)


async def contents(connection: AsyncConnection, events: Collection[Row[Any]]) -> dict[int, str]:
    """Return by id of event what the rows say now; without those whose row is gone."""
    found: dict[int, str] = {}
    for kind, kept in _KEPT.items():
        keys = {row.id: row.data[kept.named] if kept.named else row.version_id for row in events if row.kind == kind}
        if not keys:
            continue
        rows = await connection.execute(select(kept.key.table).where(kept.key.in_(keys.values())))
        now = {getattr(row, kept.key.name): content(kind, row._asdict()) for row in rows}
        found.update({event: now[key] for event, key in keys.items() if key in now})
    return found
