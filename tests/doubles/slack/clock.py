"""Slack's clock, and the board on which every change of the double's state is announced."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

LOOK_EVERY = 0.05
"""Seconds between two looks at a condition that nobody announces, such as a line in a log."""


class Clock:
    """Runs with the real clock, and can be moved on: nobody waits a minute for a retry."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Seconds since the epoch, as Slack sees them."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once; whatever was due in them happens now."""
        self._ahead += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when so many seconds of this clock have passed."""
        due = self.now() + seconds
        while (left := due - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """Result of ``work``; TimeoutError when this clock has run so many seconds before it was done."""
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self.wait(seconds))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            message = f"nothing within {seconds} s"
            raise TimeoutError(message)
        finally:
            task.cancel()
            alarm.cancel()


class Board:
    """Where changes are announced, so that tests wait for events and never sleep."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def announce(self) -> None:
        """Something in the double's state has changed: wake everybody who waits."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], T | None], within: float) -> T:
        """First truthy value of ``condition``: looked at after each change, and often for what changes elsewhere.

        Raises TimeoutError after ``within`` real seconds.
        """
        deadline = time.monotonic() + within
        while True:
            changed = self._changed
            if value := condition():
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), min(left, LOOK_EVERY))
