"""Turns over a clock of the test's own: within every limit, and together at rest."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.pace import LIMITS, Pace
from bot.worker import RetryLater


class Time:
    """Seconds that pass when somebody sleeps, as long as they sleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("bot.teams.pace.asyncio.sleep", self._sleep)

    def __call__(self) -> float:
        return self.now

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


async def turns(pace: Pace, clock: Time, count: int) -> list[float]:
    """Take so many turns as soon as one is given."""
    taken: list[float] = []
    while len(taken) < count:
        try:
            await pace.turn("chat")
        except RetryLater as later:
            clock.now += later.seconds or 0.0
        else:
            taken.append(clock.now)
    return taken


async def test_no_limit_is_ever_passed_and_none_is_kept_away_for_longer(clock: Time) -> None:
    taken = await turns(Pace(clock), clock, 2_000)
    for count, seconds in LIMITS:
        spans = [later - first for first, later in zip(taken, itertools.islice(taken, count, None), strict=False)]
        assert min(spans) >= seconds - 1e-6
    assert taken[6] == 100.0, "seven at once"
    assert taken[7] == pytest.approx(101.0)


async def test_conversations_do_not_wait_for_each_other(clock: Time) -> None:
    pace = Pace(clock)
    await turns(pace, clock, 60)
    before = clock.now
    await pace.turn("another")
    assert clock.now == before


async def test_all_wait_for_what_one_was_told(clock: Time) -> None:
    pace = Pace(clock)
    pace.hold("chat", 30)
    with pytest.raises(RetryLater) as later:
        await pace.turn("chat")
    assert later.value.seconds == 30
    clock.now += 30
    await pace.turn("chat")


@given(st.lists(st.floats(0, 100), max_size=30))
def test_quiet_conversations_are_forgotten(gaps: list[float]) -> None:
    now = 0.0
    pace = Pace(lambda: now)
    for number, gap in enumerate(gaps):
        now += gap
        pace.hold(str(number), gap)
        pace._forget(now)
    now += 10_000
    pace._forget(now)
    assert not pace._held
    assert not pace._turns
