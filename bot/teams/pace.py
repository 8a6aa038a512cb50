"""When a message may go out: within what Teams allows one bot in one conversation, and what it has asked to wait."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Final

from bot.worker import RetryLater

LIMITS: Final = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""So many messages within so many seconds."""
LONGEST_WAIT: Final = 5.0
"""Seconds that a caller is kept waiting. Whoever would wait longer is sent away, so that no hand is idle."""
AT_MOST: Final = max(count for count, _seconds in LIMITS)
LONGEST: Final = max(seconds for _count, seconds in LIMITS)


class Pace:
    """Turns, in the order of asking, for each conversation apart.

    All callers of one process share them: when one of them is told to wait, the others do not ask in vain.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` counts seconds, monotonically."""
        self._clock = clock
        self._turns: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=AT_MOST))
        self._held: dict[str, float] = {}

    async def turn(self, conversation: str) -> None:
        """Return when it is this caller's turn. Raises ``RetryLater`` at once where that is too far away."""
        now = self._clock()
        self._forget(now)
        mine = max(now, self._held.get(conversation, now), _free_at(self._turns[conversation]))
        if mine - now > LONGEST_WAIT:
            raise RetryLater(mine - now)
        self._turns[conversation].append(mine)
        if mine > now:
            await asyncio.sleep(mine - now)
        self._respect_hold(conversation, mine)

    def hold(self, conversation: str, seconds: float) -> None:
        """Let nobody have a turn for so long, those included who are waiting for theirs."""
        until = self._clock() + seconds
        self._held[conversation] = max(until, self._held.get(conversation, until))

    def _respect_hold(self, conversation: str, mine: float) -> None:
        until = self._held.get(conversation, mine)
        if until > mine:
            raise RetryLater(until - mine)

    def _forget(self, now: float) -> None:
        """Drop conversations that have been quiet for as long as anybody counts."""
        self._held = {which: until for which, until in self._held.items() if until > now}
        for which in [which for which, turns in self._turns.items() if not turns or turns[-1] < now - LONGEST]:
            del self._turns[which]


def _free_at(turns: Sequence[float]) -> float:
    """Return when one more message stays within all limits. Turns only grow, so the last ones tell."""
    return max((turns[-count] + seconds for count, seconds in LIMITS if len(turns) >= count), default=0.0)
