"""Keeps lives and blows in step, so that a slow machine meets each blow at the same point of the plan as a fast one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

AHEAD = 30
"""So many lives may begin before a blow that is due has fallen: enough that people write while it falls."""


class Pace:
    """How far both have come."""

    def __init__(self, due: Sequence[int]) -> None:
        """``due``: the numbers of the lives with which the blows fall."""
        self._due = list(due)
        self._begun = -1
        self._moved = asyncio.Condition()

    async def begin(self, life: int) -> None:
        """Wait until this life may begin, and say that it does."""
        async with self._moved:
            await self._moved.wait_for(lambda: not self._due or life <= min(self._due) + AHEAD)
            self._begun = max(self._begun, life)
            self._moved.notify_all()

    async def reached(self, life: int) -> None:
        """Wait until a life has begun."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._begun >= life)

    async def fallen(self, life: int) -> None:
        """Say that a blow that was due with this life has fallen, and what was down is up again."""
        async with self._moved:
            self._due.remove(life)
            self._moved.notify_all()
