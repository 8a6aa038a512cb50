"""The inbox: what a surface received and nobody has dealt with yet. The ground of "nothing lost, nothing twice".

``put`` comes before the surface acknowledges; a ``Claim`` is a lease on one item, which others respect until it runs out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a surface received, to be handled once.

    ``key`` is what makes it the same thing when it is delivered again. Items of one ``place`` (see ``Place.key``) are handled one at
    a time in ``order``; what belongs to no draft takes its own key as place. ``payload`` is JSON and may hold draft text.
    """

    key: str
    surface: str
    kind: str
    place: str
    order: float
    received_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on an item. ``attempts`` counts this one; ``tried_since`` is when it was claimed first."""

    item: Item
    token: str
    until: datetime
    attempts: int
    tried_since: datetime


class LeaseLost(Exception):  # noqa: N818 - reads as what happened
    """The lease ran out and somebody else holds the item, or it is done."""


class Inbox:
    """The inbox of one database, shared by all processes that use it. ``arrived`` is set by every ``put`` of this process."""

    arrived: asyncio.Event

    async def put(self, item: Item) -> bool:
        """Store an item durably. False when its key is already known."""

    async def claim(self, now: datetime, lease: timedelta, surfaces: Collection[str]) -> Claim | None:
        """Take the oldest item of these surfaces that is free, is due, and has no earlier open item at its place."""

    async def extend(self, claim: Claim, until: datetime) -> Claim:
        """Hold the item longer. Raises ``LeaseLost``."""

    async def complete(self, claim: Claim, receipt: str | None, now: datetime) -> None:
        """The item is done: its payload is erased, its key stays known. Raises ``LeaseLost``."""

    async def fail(self, claim: Claim, reason: str, now: datetime) -> None:
        """The item is given up: as ``complete``, but remembered as failed. Raises ``LeaseLost``."""

    async def release(self, claim: Claim, not_before: datetime, reason: str, *, counts: bool = True) -> None:
        """Give the item back, to be claimed again from ``not_before``. Raises ``LeaseLost``.

        ``counts=False`` takes the attempt back: it was not the item's fault.
        """

    async def forget(self, before: datetime) -> int:
        """Drop the keys of items finished before a time (keep them at least 10 minutes); returns how many."""
