"""The hash chain over the events: each one's hash covers the one before it, so nothing in the middle can be changed.

Threat model. Whoever changes, adds, removes or reorders rows of ``events``, or changes, removes or slips in texts,
decisions, disputes or allowances, without also computing every later hash anew is found by ``verify``; so is another
place or state of a draft, another order, revision or receipt of a version, and other figures (``facts``). What only
helps the program along is not looked at: when a card was folded, digests and marks in place of texts that are not kept,
settings of channels, watermarks, the inbox. Whoever can write the whole database and
computes all hashes anew, or cuts the tail off and puts the head back, is found only against a head (number and hash)
that was noted elsewhere: note it when records are handed over, and check it with ``verify --head``. Nothing here keeps
anybody from lying before the event is recorded.

What is erased later (who acted, what was written) enters a hash only as a seal: a digest keyed with a random salt of
its own. With salt and clear value gone, the seal says nothing any more and the chain still holds. So of a version in
which words were written over (``withholding``) nothing is proven but its ``facts``, also not the words that were left.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.model import Event
from bot.history.tables import chain, events

SCHEME: Final = 1
"""The first element of what is hashed. Another way of writing it down needs another number, and this one kept."""

GENESIS: Final = "0" * 64
"""What the first event's hash covers in place of a former one."""

SALT_BYTES: Final = 16


def seal(salt: bytes, content: str) -> str:
    """Return a digest by which this content can be recognised, but only with the salt."""
    return hmac.new(salt, content.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def hash_of(  # noqa: PLR0913 - everything that an event consists of
    previous: str,
    *,
    number: int,
    draft_id: int,
    version_id: int | None,
    kind: str,
    at: datetime,
    actor_seal: str,
    content_seal: str | None,
    data: Mapping[str, Any],
) -> str:
    """Return the hash of an event that follows the one with the hash ``previous``."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [SCHEME, previous, number, draft_id, version_id, kind, moment, actor_seal, content_seal, dict(data)]
    canonical = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


async def append(
    connection: AsyncConnection, draft_id: int, version_id: int | None, event: Event, content: str | None = None
) -> None:
    """Add an event as the newest of the database. ``content`` is what people wrote in it, sealed but not stored here.

    Locks the chain until the transaction ends, so whoever appends holds its draft already: draft before chain, always.
    """
    head = (await connection.execute(select(chain).with_for_update())).one()
    number = head.number + 1
    actor_salt, content_salt = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    actor_seal = seal(actor_salt, event.actor)
    content_seal = None if content is None else seal(content_salt, content)
    linked = hash_of(
        head.hash,
        number=number,
        draft_id=draft_id,
        version_id=version_id,
        kind=event.kind,
        at=event.at,
        actor_seal=actor_seal,
        content_seal=content_seal,
        data=event.data,
    )
    row = {
        "draft_id": draft_id,
        "version_id": version_id,
        "kind": event.kind,
        "actor": event.actor,
        "at": event.at,
        "data": dict(event.data),
        "number": number,
        "actor_salt": actor_salt,
        "actor_seal": actor_seal,
        "content_salt": None if content is None else content_salt,
        "content_seal": content_seal,
        "hash": linked,
    }
    await connection.execute(events.insert().values(row))
    await connection.execute(update(chain).values(number=number, hash=linked))
