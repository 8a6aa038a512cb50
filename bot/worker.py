"""Takes what is in the inbox to the handler that its surface registered, until it is dealt with.

Whatever happens to an item is said: it is completed, tried again, or given up aloud. Log lines name items and kinds of
errors, never payloads or the texts of errors, which may quote drafts.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.faults import describe
from bot.history import Claim, Inbox, Item, LeaseLost
from bot.history.cipher import CannotDecryptError

HANDS = 8
"""Items in hand at once: the bound on memory. Most of the time a hand waits for the network."""

LANE_HANDS = 3
"""Items of one lane (``lane_of``) in hand at once, so that one busy channel leaves hands to the others."""

LEASE = timedelta(seconds=15)
"""How long an item of a process that died stays untouched: its author waits for that. A living process extends it."""

POLL_SECONDS = 2.0
"""How often to look for what other processes put or left behind."""

ALIVE_SECONDS = 30.0
"""After how long without a look into the inbox a worker counts as stuck."""

KEEP_KEYS = timedelta(days=1)
"""How long finished items are remembered, so that a late repetition is recognised."""

TIDY_EVERY = timedelta(hours=1)

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeout, CannotDecryptError)
"""What is raised while the database restarts, fails over, has no room or does not answer, or another process encrypts
with a key that this one does not have yet: no item is at fault."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class RetryLater(Exception):  # noqa: N818 - reads as what to do
    """Raised by a handler when the world outside is at fault (rate limit, outage): try again after ``seconds``.

    ``None``: nobody said when; the pause grows with the time that the item has been tried. Such an attempt does not
    count against the item.
    """

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__("retry later" if seconds is None else f"retry after {seconds} s")
        self.seconds = seconds


class Handler(Protocol):
    """What a surface does with one kind of item."""

    async def handle(self, item: Item) -> str | None:
        """Deal with the item; may be called again for the same one. Returns the receipt of what was posted, if any."""

    async def give_up(self, item: Item) -> None:
        """Say where its author sees it that the item could not be dealt with. May raise ``RetryLater``."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an item is tried.

    After ``attempts`` failures of ours it is given up, soon enough that its author is still there. An outage of the
    world outside (``RetryLater``) is borne for as long as ``outage``.
    """

    attempts: int = 5
    pause: timedelta = timedelta(seconds=1)
    """Before the second attempt; doubled for each further one."""
    longest_pause: timedelta = timedelta(minutes=1)
    outage: timedelta = timedelta(days=1)

    def after(self, attempts: int) -> timedelta:
        """Return the pause after so many failed attempts."""
        doublings = min(attempts - 1, 16)  # more would only overflow
        return min(self.pause * (1 << doublings), self.longest_pause)


class Worker:
    """Handles the inbox's items, several at a time, each place in order.

    ``handlers`` are found by (surface, kind). Items of surfaces without any handler are left to a process with one.
    """

    def __init__(  # noqa: PLR0913 - what varies between production and tests, by name
        self,
        inbox: Inbox,
        handlers: Mapping[tuple[str, str], Handler],
        *,
        clock: Callable[[], datetime],
        drain_seconds: float = 20.0,
        lease: timedelta = LEASE,
        patience: Patience | None = None,
    ) -> None:
        self._inbox = inbox
        self._handlers = dict(handlers)
        self._surfaces = {surface for surface, _kind in handlers}
        self._clock = clock
        self._drain_seconds = drain_seconds
        self._lease = lease
        self._patience = patience or Patience()
        self._wake = inbox.arrived
        self._stopping = False
        self._in_hand: dict[asyncio.Task[None], str] = {}
        """By task: the lane of its item."""
        self._tidied: datetime | None = None
        self._looked = -math.inf

    @property
    def is_alive(self) -> bool:
        """Whether it looked into the inbox lately. A database that does not even refuse keeps it from looking."""
        return time.monotonic() - self._looked < ALIVE_SECONDS

    def stop(self) -> None:
        """Ask ``run`` to return. Takes nothing new from now on."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until ``stop`` is called, then finish what is in hand in ``drain_seconds`` and give back the rest."""
        try:
            while not self._stopping:
                self._looked = time.monotonic()
                self._wake.clear()  # before looking, so that nothing put after the look is slept over
                if not await self._take_one():
                    await self._rest()
        finally:
            await self._drain()

    async def _take_one(self) -> bool:
        """Start on one item; false if there is none, no hand is free, or the database does not answer."""
        if len(self._in_hand) >= HANDS:
            return False
        try:
            await self._tidy()
            claim = await self._inbox.claim(self._clock(), self._lease, self._surfaces, self._full_lanes())
        except (SQLAlchemyError, OSError) as error:
            log.error("inbox_unreachable", **describe(error))  # noqa: TRY400 - a traceback would show texts
            return False
        if claim is None:
            return False
        task = asyncio.create_task(self._work(claim))
        self._in_hand[task] = lane_of(claim.item)
        task.add_done_callback(self._put_down)
        return True

    def _full_lanes(self) -> frozenset[str]:
        counted = Counter(self._in_hand.values())
        return frozenset(lane for lane, hands in counted.items() if lane and hands >= LANE_HANDS)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        self._wake.set()  # a hand is free, and the next item of that place

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()

    async def _drain(self) -> None:
        if not self._in_hand:
            return
        _done, late = await asyncio.wait(self._in_hand, timeout=self._drain_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            await self._inbox.forget(now - KEEP_KEYS)
            self._tidied = now

    async def _work(self, claim: Claim) -> None:
        try:
            await self._settle(claim)
        except LeaseLost:
            log.warning("lease_lost", item=claim.item.key)
        except asyncio.CancelledError:
            log.info("item_given_back", item=claim.item.key)
            await self._inbox.release(claim, self._clock(), "stopped", counts=False)
            raise
        except (SQLAlchemyError, OSError) as error:
            # The lease runs out by itself and the item is tried again.
            self._log_failure("item_left", claim, error)

    async def _settle(self, claim: Claim) -> None:
        """Handle the item, and tell the inbox what came of it."""
        if claim.attempts > self._patience.attempts:  # the process died over it, or its giving up has to be repeated
            await self._give_up(claim)
            return
        try:
            receipt = await self._holding(claim, self._handler(claim.item).handle(claim.item))
        except (RetryLater, *DATABASE_AWAY) as outage:
            if self._clock() - claim.tried_since > self._patience.outage:
                await self._give_up(claim)
            else:
                if isinstance(outage, CannotDecryptError):
                    self._inbox.leave(claim.item.key, self._clock())
                reason = type(outage).__qualname__
                await self._postpone(claim, self._pause(claim, outage), reason, counts=False)
        except (LeaseLost, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - a handler's mistake must not silence the item
            self._log_failure("item_failed", claim, error)
            if claim.attempts >= self._patience.attempts:
                await self._give_up(claim)
            else:
                await self._postpone(claim, self._pause(claim, error), type(error).__qualname__)
        else:
            await self._inbox.complete(claim, receipt, self._clock())

    async def _give_up(self, claim: Claim) -> None:
        """Have the handler say that it did not work. That too may have to be tried more than once."""
        try:
            await self._holding(claim, self._handler(claim.item).give_up(claim.item))
        except (LeaseLost, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - as in _settle
            self._log_failure("give_up_failed", claim, error)
            if self._may_try_giving_up_again(claim, error):
                await self._postpone(claim, self._pause(claim, error), type(error).__qualname__)
            else:
                await self._inbox.fail(claim, "given up, and nobody could be told", self._clock())
        else:
            log.warning("item_given_up", item=claim.item.key, attempts=claim.attempts)
            await self._inbox.fail(claim, "given up", self._clock())

    def _may_try_giving_up_again(self, claim: Claim, error: Exception) -> bool:
        if isinstance(error, (RetryLater, *DATABASE_AWAY)):
            return self._clock() - claim.tried_since <= 2 * self._patience.outage
        return claim.attempts < 2 * self._patience.attempts

    def _pause(self, claim: Claim, error: Exception) -> timedelta:
        if isinstance(error, RetryLater) and error.seconds is not None:
            return timedelta(seconds=error.seconds)
        if isinstance(error, (RetryLater, *DATABASE_AWAY)):
            return self._outage_pause(claim)
        return self._patience.after(claim.attempts)

    def _outage_pause(self, claim: Claim) -> timedelta:
        """Wait as long again as the outage has lasted: a hiccup costs a second, and a long one few calls."""
        tried_for = self._clock() - claim.tried_since
        return min(max(tried_for, self._patience.pause), self._patience.longest_pause)

    def _log_failure(self, event: str, claim: Claim, error: Exception) -> None:
        log.error(event, item=claim.item.key, attempt=claim.attempts, **describe(error))

    async def _postpone(self, claim: Claim, pause: timedelta, reason: str, *, counts: bool = True) -> None:
        await self._inbox.release(claim, self._clock() + pause, reason, counts=counts)
        asyncio.get_running_loop().call_later(pause.total_seconds(), self._wake.set)

    def _handler(self, item: Item) -> Handler:
        return self._handlers.get((item.surface, item.kind), _NOBODY)

    async def _holding(self, claim: Claim, job: Coroutine[Any, Any, T]) -> T:
        """Run a handler's job, and hold the lease for as long as it takes. A job whose lease is lost is stopped."""
        task = asyncio.create_task(job)
        until = self._clock() + self._lease
        try:
            while not (await asyncio.wait({task}, timeout=self._lease.total_seconds() / 3))[0]:
                until = await self._extended(claim, until)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        if task.cancelled():  # by itself: for us that is a failure, not our own end
            raise RuntimeError("the handler cancelled itself")
        return task.result()

    async def _extended(self, claim: Claim, until: datetime) -> datetime:
        """Extend a lease; returns when it ends now. A database that is away leaves it as it is, until it has ended."""
        later = self._clock() + self._lease
        try:
            await self._inbox.extend(claim, later)
        except DATABASE_AWAY:
            if self._clock() >= until:
                raise
            return until
        return later


def lane_of(item: Item) -> str:
    """Return what an item shares with others that may keep each other waiting: a draft's channel. Empty: nothing."""
    return item.place.rpartition("/")[0]


class _Nobody:
    """The handler of a kind that this version does not know. A newer one beside it may, so the item is tried again."""

    async def handle(self, item: Item) -> str | None:
        raise LookupError(f"no handler for {item.surface} {item.kind}")

    async def give_up(self, item: Item) -> None:
        log.error("nobody_to_tell", item=item.key, surface=item.surface, kind=item.kind)


_NOBODY = _Nobody()
