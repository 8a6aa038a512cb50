"""What looks at the clock beside the worker, from a surface's start to its end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Final

import structlog

from bot.faults import describe

log: Final = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 30.0
"""How soon one that broke begins anew."""


class Ticking(ABC):
    """Something that is looked for again and again in a task of its own."""

    def __init__(self) -> None:
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run_whatever_happens())

    async def close(self) -> None:
        """Stop looking."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _run_whatever_happens(self) -> None:
        """Begin anew after a mistake of ours: nobody waits for the task, so nobody would miss it."""
        while True:
            try:
                await self._run()
            except Exception as error:  # noqa: BLE001 - whatever it was
                log.error("clock_broken", clock=type(self).__name__, **describe(error))  # noqa: TRY400 - no traceback
            await asyncio.sleep(AGAIN_SECONDS)

    @abstractmethod
    async def _run(self) -> None:
        """Look until cancelled. What may go wrong for a while must not end it."""
