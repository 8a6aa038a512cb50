"""The inbox's one protocol against a model of it, on both databases: put, claim, hold, lose, finish in any order."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.history import Claim, History, Item, LeaseLost
from tests.postgres import Postgres

T = TypeVar("T")
START = datetime(2026, 11, 21, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SLOW = [HealthCheck.too_slow]  # a real database on a busy machine


@dataclass
class Expected:
    """What the model knows of one item."""

    item: Item
    arrival: int
    not_before: datetime
    attempts: int = 0
    token: str | None = None
    until: datetime = START
    finished: bool = False

    def leased(self, now: datetime) -> bool:
        return self.token is not None and self.until > now


class InboxMachine(RuleBasedStateMachine):
    claims: Bundle[Claim] = Bundle("claims")

    def __init__(self, url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.inbox = self._run(self._stack.enter_async_context(History.open(url))).inbox
        self.now = START
        self.known: dict[str, Expected] = {}

    def teardown(self) -> None:
        self._run(self._stack.aclose())
        self._runner.close()

    def _run(self, job: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(job)

    @rule(place=st.sampled_from("ab"), order=st.integers(1, 3), variant=st.integers(0, 1))
    def put(self, place: str, order: int, variant: int) -> None:
        key = f"{place}.{order}.{variant}"
        item = Item(key, "slack", "message", place, float(order), self.now, {"text": key})
        assert self._run(self.inbox.put(item)) == (key not in self.known)
        self.known.setdefault(key, Expected(item, len(self.known), self.now))

    @rule(target=claims)
    def claim(self) -> Any:
        claim = self._run(self.inbox.claim(self.now, LEASE, {"slack"}))
        expected = self._next()
        if expected is None:
            assert claim is None
            return multiple()
        assert claim is not None
        expected.attempts += 1
        expected.token, expected.until = claim.token, self.now + LEASE
        assert (claim.item, claim.attempts) == (expected.item, expected.attempts)
        return claim

    @rule(claim=consumes(claims), outcome=st.sampled_from(["complete", "fail"]))
    def finish(self, claim: Claim, outcome: str) -> None:
        if outcome == "complete":
            done = self._attempt(claim, self.inbox.complete(claim, "posted", self.now))
        else:
            done = self._attempt(claim, self.inbox.fail(claim, "reason", self.now))
        if done:
            expected = self.known[claim.item.key]
            expected.token, expected.finished = None, True

    @rule(claim=consumes(claims), pause=st.integers(0, 90), counts=st.booleans())
    def release(self, claim: Claim, pause: int, *, counts: bool) -> None:
        not_before = self.now + timedelta(seconds=pause)
        if self._attempt(claim, self.inbox.release(claim, not_before, "reason", counts=counts)):
            expected = self.known[claim.item.key]
            expected.token, expected.not_before = None, not_before
            expected.attempts -= not counts

    @rule(claim=claims)
    def extend(self, claim: Claim) -> None:
        if self._attempt(claim, self.inbox.extend(claim, self.now + LEASE)):
            self.known[claim.item.key].until = self.now + LEASE

    @precondition(lambda self: self.known)
    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self._run(self.inbox.open_items()) == sum(not expected.finished for expected in self.known.values())

    def _attempt(self, claim: Claim, job: Coroutine[Any, Any, None]) -> bool:
        """Do it; it has to succeed exactly for who holds the item."""
        if self.known[claim.item.key].token == claim.token:
            self._run(job)
            return True
        with pytest.raises(LeaseLost):
            self._run(job)
        return False

    def _next(self) -> Expected | None:
        for expected in sorted(self.known.values(), key=lambda known: known.arrival):
            place = [e for e in self.known.values() if e.item.place == expected.item.place and not e.finished]
            if expected.finished or expected.not_before > self.now or any(e.leased(self.now) for e in place):
                continue
            if expected is min(place, key=lambda e: (e.item.order, e.arrival)):
                return expected
        return None


def test_on_sqlite(tmp_path: Path) -> None:
    numbers = itertools.count()

    class OnSqlite(InboxMachine):
        def __init__(self) -> None:
            super().__init__(f"sqlite+aiosqlite:///{tmp_path / f'{next(numbers)}.sqlite3'}")

    run_state_machine_as_test(
        OnSqlite, settings=settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=SLOW)
    )


def test_on_postgresql(postgres: Postgres) -> None:
    class OnPostgresql(InboxMachine):
        def __init__(self) -> None:
            super().__init__(postgres.new_database().replace("postgresql:", "postgresql+psycopg:"))

    run_state_machine_as_test(
        OnPostgresql,
        settings=settings(max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=SLOW),
    )
