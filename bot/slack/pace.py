"""When a call may go out: one message a second into each channel, and nothing that Slack has asked to wait with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from bot.worker import RetryLater

POST_INTERVAL: Final = 1.0
"""Seconds between two messages into one channel, as Slack asks."""
LONGEST_WAIT: Final = 5.0
"""Seconds that a caller is kept waiting. Whoever would wait longer is sent away, so that no hand is idle."""


class Pace:
    """Turns, in the order of asking. What Slack limits apart (a method, a channel's messages) has turns of its own.

    All callers of one process share them: when one of them is told to wait, the others do not ask in vain.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` counts seconds, monotonically."""
        self._clock = clock
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}

    async def turn(self, what: str, interval: float = 0.0) -> None:
        """Return when it is this caller's turn; the next one's is ``interval`` seconds later.

        Raises ``RetryLater`` at once when the turn would come after more than ``LONGEST_WAIT``.
        """
        while True:
            now = self._clock()
            self._forget(now)
            mine = self._next.get(what, now)
            if mine - now > LONGEST_WAIT:
                raise RetryLater(mine - now)
            self._next[what] = mine + interval
            if mine > now:
                await asyncio.sleep(mine - now)
            if self._held.get(what, mine) <= mine:
                return

    def hold(self, what: str, seconds: float) -> None:
        """Let nobody have a turn for so long, those included who are waiting for theirs."""
        until = self._clock() + seconds
        self._held[what] = max(until, self._held.get(what, until))
        self._next[what] = max(until, self._next.get(what, until))

    def _forget(self, now: float) -> None:
        self._next = {what: when for what, when in self._next.items() if when > now}
        self._held = {what: when for what, when in self._held.items() if when > now}
