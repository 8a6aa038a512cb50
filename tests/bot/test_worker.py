"""The worker over a real inbox: everything is dealt with, in order, and nothing ends in silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

import bot.worker
from bot.history import Claim, History, Inbox, Item
from bot.history.cipher import CannotDecryptError
from bot.history.database import connect
from bot.worker import HANDS, LANE_HANDS, Handler, Patience, RetryLater, Worker

PROMPT = Patience(attempts=3, pause=timedelta(milliseconds=1), outage=timedelta(hours=1))
LEASE = timedelta(seconds=60)


class Clock:
    """The real time, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Desk:
    """A handler that does what the test wants, and remembers."""

    def __init__(
        self,
        do: Callable[[Item], Awaitable[str | None]] | None = None,
        give_up: Callable[[Item], Awaitable[None]] | None = None,
    ) -> None:
        self._do = do
        self._give_up = give_up
        self.handled: list[str] = []
        self.given_up: list[str] = []

    async def handle(self, item: Item) -> str | None:
        self.handled.append(item.key)
        return await self._do(item) if self._do else "posted"

    async def give_up(self, item: Item) -> None:
        self.given_up.append(item.key)
        if self._give_up:
            await self._give_up(item)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}"


@pytest.fixture
async def inbox(url: str) -> AsyncIterator[Inbox]:
    async with History.open(url) as history:
        yield history.inbox


@pytest.fixture(autouse=True)
def _only_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polling would hide a wake-up that is missing."""
    monkeypatch.setattr(bot.worker, "POLL_SECONDS", 60.0)


def item(key: str, *, place: str | None = None, order: float = 1.0, kind: str = "message") -> Item:
    return Item(key, "slack", kind, place or key, order, datetime.now(UTC), {"text": "秘密の本文"})


@asynccontextmanager
async def at_work(inbox: Inbox, handler: Handler, clock: Clock, **options: Any) -> AsyncIterator[Worker]:
    handlers: Mapping[tuple[str, str], Handler] = {("slack", "message"): handler}
    worker = Worker(inbox, handlers, clock=clock, **{"patience": PROMPT, **options})
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(running, 10)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - the condition is in the database, where nothing can wake us
            await asyncio.sleep(0.005)


async def finished(inbox: Inbox) -> None:
    async def nothing_open() -> bool:
        return await inbox.open_items() == 0

    await until(nothing_open)


async def states(url: str) -> list[tuple[str, str | None, str | None]]:
    async with connect(url) as database, database.reading() as connection:
        rows = await connection.execute(text("SELECT state, receipt, reason FROM inbox ORDER BY id"))
        return [(row.state, row.receipt, row.reason) for row in rows]


async def test_handles_what_was_there_and_what_arrives(inbox: Inbox, clock: Clock, url: str) -> None:
    handler = Desk()
    await inbox.put(item("before"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
        await inbox.put(item("later"))
        await finished(inbox)
    assert handler.handled == ["before", "later"]
    assert await states(url) == [("done", "posted", None)] * 2


async def test_places_are_handled_side_by_side_but_no_more_than_there_are_hands(inbox: Inbox, clock: Clock) -> None:
    all_hands_full, go_on = asyncio.Event(), asyncio.Event()
    busy = 0
    most = 0

    async def wait(_item: Item) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        if busy == HANDS:
            all_hands_full.set()
        await go_on.wait()
        busy -= 1

    for number in range(3 * HANDS):
        await inbox.put(item(str(number)))
    async with at_work(inbox, Desk(wait), clock):
        await asyncio.wait_for(all_hands_full.wait(), 10)
        go_on.set()
        await finished(inbox)
    assert most == HANDS


async def test_a_busy_channel_leaves_hands_to_the_others(inbox: Inbox, clock: Clock) -> None:
    go_on = asyncio.Event()

    async def wait_in_the_busy_one(item: Item) -> None:
        if item.place.startswith("slack/T1/C_1/"):
            await go_on.wait()

    handler = Desk(wait_in_the_busy_one)
    for number in range(2 * HANDS):
        await inbox.put(item(f"busy {number}", place=f"slack/T1/C_1/{number}"))
    for channel in ("C_2", "C_10", "Cx1"):  # none of them begins like the busy one, whatever a pattern says
        await inbox.put(item(f"quiet {channel}", place=f"slack/T1/{channel}/1"))
    async with at_work(inbox, handler, clock):

        async def only_the_busy_one_is_left() -> bool:
            return await inbox.open_items() == 2 * HANDS

        await until(only_the_busy_one_is_left)
        assert len([key for key in handler.handled if key.startswith("busy")]) == LANE_HANDS
        go_on.set()
        await finished(inbox)
    busy = [key for key in handler.handled if key.startswith("busy")]
    assert busy == [f"busy {number}" for number in range(2 * HANDS)]


async def test_a_place_is_handled_in_order(inbox: Inbox, clock: Clock) -> None:
    handler = Desk()
    for order in (3, 1, 2):
        await inbox.put(item(f"p{order}", place="p", order=order))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert handler.handled == ["p1", "p2", "p3"]


async def test_a_failure_is_tried_again_then_given_up_aloud(inbox: Inbox, clock: Clock, url: str) -> None:
    async def fail(item: Item) -> None:
        raise ValueError(item.payload["text"])

    handler = Desk(fail)
    with capture_logs() as logs:
        await inbox.put(item("a"))
        async with at_work(inbox, handler, clock):
            await finished(inbox)
    assert (handler.handled, handler.given_up) == (["a"] * 3, ["a"])
    assert await states(url) == [("failed", None, "given up")]
    assert [entry["event"] for entry in logs] == ["item_failed"] * 3 + ["item_given_up"]
    assert logs[0]["error"] == "ValueError"
    assert "test_worker.py" in logs[0]["where"]
    assert "秘密" not in repr(logs)


async def test_an_outage_does_not_count(inbox: Inbox, clock: Clock, url: str) -> None:
    async def recover(_item: Item) -> str:
        if len(handler.handled) <= 3 * PROMPT.attempts:
            raise RetryLater(0.001)
        return "posted at last"

    handler = Desk(recover)
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert handler.given_up == []
    assert await states(url) == [("done", "posted at last", "RetryLater")]


async def test_what_this_process_has_no_key_for_is_left_to_one_that_has(inbox: Inbox, clock: Clock, url: str) -> None:
    """Else it would be the first to take it again, each time, and the author would wait for it to end."""

    async def cannot(each: Item) -> str:
        if each.key == "a":
            raise CannotDecryptError
        return "posted"

    async def postponed() -> bool:
        return await states(url) == [("open", None, "CannotDecryptError")]

    async def passed_over() -> bool:
        return [state for state, *_ in await states(url)] == ["open", "done"]

    behind, ahead = Desk(cannot), Desk()
    await inbox.put(item("a"))
    async with at_work(inbox, behind, clock):
        await until(postponed)
        clock.ahead = timedelta(seconds=30)
        await inbox.put(item("b"))
        await until(passed_over)
        async with History.open(url) as other, at_work(other.inbox, ahead, clock):
            await finished(inbox)
    assert (behind.handled, ahead.handled, behind.given_up) == (["a", "b"], ["a"], [])


async def test_a_database_that_is_away_while_an_item_is_handled_does_not_count(
    inbox: Inbox, clock: Clock, url: str
) -> None:
    async def recover(_item: Item) -> str:
        clock.ahead += timedelta(minutes=1)
        if len(handler.handled) <= 3 * PROMPT.attempts:
            raise OperationalError("UPDATE drafts", None, OSError("server closed the connection"))
        return "posted at last"

    handler = Desk(recover)
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock, patience=Patience(attempts=3, longest_pause=timedelta(milliseconds=1))):
        await finished(inbox)
    assert handler.given_up == []
    assert await states(url) == [("done", "posted at last", "OperationalError")]


async def test_an_outage_without_end_is_given_up(inbox: Inbox, clock: Clock) -> None:
    async def outage(_item: Item) -> None:
        clock.ahead += timedelta(minutes=40)
        raise RetryLater(0.001)

    handler = Desk(outage)
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert (handler.handled, handler.given_up) == (["a"] * 2, ["a"])


async def test_giving_up_is_repeated_until_it_is_heard(inbox: Inbox, clock: Clock, url: str) -> None:
    async def fail(_item: Item) -> None:
        raise ValueError

    async def unheard_at_first(_item: Item) -> None:
        if len(handler.given_up) == 1:
            raise RetryLater(0.001)
        if len(handler.given_up) == 2:
            raise ValueError

    handler = Desk(fail, unheard_at_first)
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert (len(handler.handled), len(handler.given_up)) == (3, 3)
    assert await states(url) == [("failed", None, "given up")]


async def test_giving_up_that_always_breaks_comes_to_an_end(inbox: Inbox, clock: Clock, url: str) -> None:
    async def fail(_item: Item) -> None:
        raise ValueError

    await inbox.put(item("a"))
    async with at_work(inbox, Desk(fail, fail), clock):
        await finished(inbox)
    assert await states(url) == [("failed", None, "given up, and nobody could be told")]


async def test_an_item_that_killed_its_process_too_often_is_given_up(inbox: Inbox, clock: Clock) -> None:
    handler = Desk()
    await inbox.put(item("deadly"))
    for _ in range(PROMPT.attempts):
        assert await inbox.claim(clock(), LEASE, {"slack"}) is not None
        clock.ahead += LEASE
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert (handler.handled, handler.given_up) == ([], ["deadly"])


async def test_a_kind_without_handler_fails_in_the_end(inbox: Inbox, clock: Clock, url: str) -> None:
    await inbox.put(item("a", kind="novelty"))
    with capture_logs() as logs:
        async with at_work(inbox, Desk(), clock):
            await finished(inbox)
    assert [state for state, *_ in await states(url)] == ["failed"]
    assert "nobody_to_tell" in [entry["event"] for entry in logs]


class StandingClock(Clock):
    """Goes on only when it is put forward: a busy machine must not make a lease run out."""

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now + self.ahead


async def test_a_long_job_keeps_its_lease(inbox: Inbox, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, lease = StandingClock(), timedelta(milliseconds=300)
    extend, extended = inbox.extend, asyncio.Event()
    taken: list[Claim | None] = []

    async def noticed(claim: Claim, until: datetime) -> None:
        await extend(claim, until)
        if until == clock() + lease:
            extended.set()

    async def outlast_the_lease(_item: Item) -> None:
        for _ in range(3):
            clock.ahead += 0.9 * lease
            taken.append(await rival.inbox.claim(clock(), lease, {"slack"}))
            extended.clear()
            await asyncio.wait_for(extended.wait(), 30)

    monkeypatch.setattr(inbox, "extend", noticed)
    handler = Desk(outlast_the_lease)
    await inbox.put(item("a"))
    clock.ahead += timedelta(seconds=1)  # past the moment at which it was put
    async with History.open(url) as rival, at_work(inbox, handler, clock, lease=lease):
        await finished(inbox)
    assert handler.handled == ["a"]
    assert taken == [None] * 3


async def test_a_job_goes_on_while_its_lease_cannot_be_extended_for_a_moment(
    inbox: Inbox, clock: Clock, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extend, refused, extended = inbox.extend, asyncio.Event(), asyncio.Event()

    async def away_at_first(claim: Claim, until: datetime) -> None:
        if not refused.is_set():
            refused.set()
            raise OperationalError("UPDATE inbox", None, OSError("server closed the connection"))
        await extend(claim, until)
        extended.set()

    async def wait(_item: Item) -> str:
        await extended.wait()
        return "posted"

    monkeypatch.setattr(inbox, "extend", away_at_first)
    await inbox.put(item("a"))
    handler = Desk(wait)
    async with at_work(inbox, handler, clock, lease=timedelta(seconds=1)):
        await finished(inbox)
    assert handler.handled == ["a"]
    assert await states(url) == [("done", "posted", None)]


async def test_a_job_whose_lease_is_lost_is_stopped(inbox: Inbox, clock: Clock, url: str) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_item: Item) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await inbox.put(item("a"))
    async with (
        History.open(url) as rival,
        at_work(inbox, Desk(hang), clock, lease=timedelta(milliseconds=300)),
    ):
        await asyncio.wait_for(begun.wait(), 10)
        claim = await rival.inbox.claim(clock() + LEASE, LEASE, {"slack"})
        assert claim is not None
        await asyncio.wait_for(stopped.wait(), 10)
        await rival.inbox.complete(claim, "posted by the other", clock())
    assert await states(url) == [("done", "posted by the other", None)]


async def test_stopping_lets_what_is_in_hand_end(inbox: Inbox, clock: Clock, url: str) -> None:
    begun, end = asyncio.Event(), asyncio.Event()

    async def wait(_item: Item) -> str:
        begun.set()
        await end.wait()
        return "posted while stopping"

    await inbox.put(item("in hand"))
    async with at_work(inbox, Desk(wait), clock) as worker:
        await asyncio.wait_for(begun.wait(), 10)
        worker.stop()
        await inbox.put(item("too late"))
        end.set()
    assert await states(url) == [("done", "posted while stopping", None), ("open", None, None)]


async def test_stopping_gives_back_what_takes_too_long(inbox: Inbox, clock: Clock) -> None:
    begun = asyncio.Event()

    async def hang(_item: Item) -> None:
        begun.set()
        await asyncio.Event().wait()

    await inbox.put(item("a"))
    async with at_work(inbox, Desk(hang), clock, drain_seconds=0.01):
        await asyncio.wait_for(begun.wait(), 10)
    again = await inbox.claim(clock(), LEASE, {"slack"})
    assert again is not None
    assert again.attempts == 1


async def test_a_handler_that_cancels_itself_has_failed(inbox: Inbox, clock: Clock) -> None:
    async def cancel(_item: Item) -> None:
        raise asyncio.CancelledError

    handler = Desk(cancel)
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
    assert handler.given_up == ["a"]


async def test_survives_a_database_that_is_away_for_a_while(inbox: Inbox, clock: Clock, url: str) -> None:
    async def change(statement: str) -> None:
        async with connect(url) as database, database.writing() as connection:
            await connection.execute(text(statement))

    await inbox.put(item("a"))
    await change("ALTER TABLE inbox RENAME TO away")
    handler = Desk()
    with capture_logs() as logs:
        async with at_work(inbox, handler, clock):

            async def noticed() -> bool:
                return "inbox_unreachable" in [entry["event"] for entry in logs]

            await until(noticed)
            await change("ALTER TABLE away RENAME TO inbox")
            inbox.arrived.set()
            await finished(inbox)
    assert handler.handled == ["a"]


async def test_polls_for_what_another_process_put(
    inbox: Inbox, clock: Clock, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.worker, "POLL_SECONDS", 0.05)
    async with History.open(url) as other, at_work(inbox, Desk(), clock):
        await other.inbox.put(item("a"))
        await finished(inbox)


async def test_forgets_keys_after_a_day(inbox: Inbox, clock: Clock) -> None:
    handler = Desk()
    await inbox.put(item("a"))
    async with at_work(inbox, handler, clock):
        await finished(inbox)
        clock.ahead = timedelta(days=2)
        await inbox.put(item("b"))
        await finished(inbox)
    assert await inbox.put(item("a"))
    assert not await inbox.put(item("b"))


def test_pauses_double_up_to_a_limit() -> None:
    patience = Patience()
    assert [patience.after(attempts).total_seconds() for attempts in (1, 2, 3, 7, 100)] == [1, 2, 4, 60, 60]
