"""What looks at the clock beside the worker, from a surface's start to its end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod


class Ticking(ABC):
    """Something that is looked for again and again in a task of its own."""

    def __init__(self) -> None:
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop looking."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])

    @abstractmethod
    async def _run(self) -> None:
        """Look until cancelled. What may go wrong for a while must not end it."""
