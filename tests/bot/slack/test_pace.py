"""Turns over a clock of the test's own: in order, a second apart, and together at rest."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.pace import LONGEST_WAIT, Pace
from bot.worker import RetryLater


class Clock:
    """Seconds that pass when somebody sleeps, as long as they sleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        monkeypatch.setattr("bot.slack.pace.asyncio.sleep", self._sleep)

    def __call__(self) -> float:
        return self.now

    async def _sleep(self, seconds: float) -> None:
        awake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, awake))
        await awake

    def wake_next(self) -> bool:
        """Let the time pass until the first sleeper wakes."""
        if not self._sleepers:
            return False
        first = min(self._sleepers, key=lambda sleeper: sleeper[0])
        self._sleepers.remove(first)
        self.now = max(self.now, first[0])
        first[1].set_result(None)
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Callers:
    """Several who ask for a turn, and when they got it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.pace = Pace(clock)
        self.turns: list[tuple[str, float]] = []
        self.sent_away: list[tuple[str, float | None]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def ask(self, name: str, what: str = "C1", interval: float = 1.0) -> None:
        async def caller() -> None:
            try:
                await self.pace.turn(what, interval)
            except RetryLater as later:
                self.sent_away.append((name, later.seconds))
            else:
                self.turns.append((name, self.clock.now))

        self._tasks.append(asyncio.create_task(caller()))
        await _settled()

    async def finish(self) -> None:
        """Let the time pass until nobody waits any more."""
        while self.clock.wake_next():
            await _settled()
        await asyncio.gather(*self._tasks)


async def _settled() -> None:
    loop = asyncio.get_running_loop()
    for _ in range(5):
        turned: asyncio.Future[None] = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


async def test_turns_are_an_interval_apart_and_in_the_order_of_asking(clock: Clock) -> None:
    callers = Callers(clock)
    for name in "abc":
        await callers.ask(name)
    await callers.finish()
    assert callers.turns == [("a", 100.0), ("b", 101.0), ("c", 102.0)]


async def test_what_is_limited_apart_does_not_wait_for_each_other(clock: Clock) -> None:
    callers = Callers(clock)
    await callers.ask("a", "C1")
    await callers.ask("b", "C2")
    await callers.ask("c", "conversations.replies", 0.0)
    await callers.ask("d", "conversations.replies", 0.0)
    await callers.finish()
    assert {when for _, when in callers.turns} == {100.0}


async def test_who_waits_already_respects_what_slack_asks_for_later_and_keeps_the_order(clock: Clock) -> None:
    callers = Callers(clock)
    for name in "abc":
        await callers.ask(name)
    callers.pace.hold("C1", 4.0)
    await callers.finish()
    assert callers.turns == [("a", 100.0), ("b", 104.0), ("c", 105.0)]


async def test_a_shorter_hold_does_not_end_a_longer_one(clock: Clock) -> None:
    callers = Callers(clock)
    callers.pace.hold("C1", 4.0)
    callers.pace.hold("C1", 1.0)
    await callers.ask("a")
    await callers.finish()
    assert callers.turns == [("a", 104.0)]


async def test_nobody_is_kept_waiting_for_long(clock: Clock) -> None:
    callers = Callers(clock)
    callers.pace.hold("C1", 30.0)
    await callers.ask("early")
    clock.now += 30
    for number in range(int(LONGEST_WAIT) + 2):
        await callers.ask(str(number))
    await callers.finish()
    assert callers.sent_away == [("early", 30.0), ("6", 6.0)]
    assert len(callers.turns) == 6


async def test_who_waits_when_a_long_hold_begins_is_sent_away(clock: Clock) -> None:
    callers = Callers(clock)
    for name in "ab":
        await callers.ask(name)
    callers.pace.hold("C1", 30.0)
    await callers.finish()
    assert callers.turns == [("a", 100.0)]
    assert callers.sent_away == [("b", 29.0)]
