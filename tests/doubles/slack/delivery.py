"""How a payload reaches the app: once, again when it was not acknowledged, or badly when a test asks for it."""

from __future__ import annotations

import asyncio
import enum
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from .clock import Board, Clock

Json = dict[str, Any]

ACKNOWLEDGE_WITHIN = 3.0
"""Seconds that Slack waits for an acknowledgement."""
RETRIES_AFTER = (0.0, 60.0, 300.0)
"""Seconds before the first, second and third repetition of an event."""


class Kind(enum.StrEnum):
    """What sort of payload it is, by the names of Socket Mode's envelopes."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: Slack's word for the failure, and what the app sent along with its ack."""

    acknowledged: bool
    reason: str = ""
    body: Any = None
    lost: bool = False
    """No way to the app at all: Slack does not come back to it."""
    seconds: float = 0.0
    """Real time that it took."""


@dataclass
class Delivery:
    """One payload on its way, with all that happened to it."""

    kind: Kind
    payload: Json
    attempts: list[Outcome] = field(default_factory=list)
    finished: bool = False
    resting: bool = False
    """Not acknowledged; Slack lets time pass before it sends it again."""
    board: Board = field(default_factory=Board, repr=False)
    on_ack: Callable[[Any], None] = field(default=lambda _: None, repr=False)
    """What Slack does with the body of the acknowledgement."""

    @property
    def acknowledged(self) -> bool:
        return any(attempt.acknowledged for attempt in self.attempts)

    @property
    def event(self) -> Json:
        """The inner event of an Events API payload."""
        event: Json = self.payload.get("event", {})
        return event

    @property
    def response(self) -> Any:
        """What the app sent with its acknowledgement."""
        return next((attempt.body for attempt in self.attempts if attempt.acknowledged), None)

    async def acked(self, within: float = 30.0) -> Any:
        """Wait for the acknowledgement and return what came with it; AssertionError when Slack gave up."""
        await self.board.until(lambda: self.finished, within)
        assert self.acknowledged, f"{self.kind} not acknowledged: {[attempt.reason for attempt in self.attempts]}"
        return self.response


Weather = Callable[[Delivery], Sequence[float]]
"""Says of an event after how many seconds each of its copies sets out."""


def calm(_: Delivery) -> Sequence[float]:
    """One copy, at once."""
    return (0.0,)


class Transport(Protocol):
    """A way to the app: HTTP requests, or Socket Mode."""

    async def send(self, delivery: Delivery, number: int, reason: str) -> Outcome:
        """Hand it over and wait for the acknowledgement; ``number`` is 0 for the first attempt."""
        ...


class Courier:
    """Carries payloads, repeats events as Slack does, and misbehaves on order."""

    def __init__(self, clock: Clock, board: Board, transport: Callable[[], Transport]) -> None:
        self.deliveries: list[Delivery] = []
        self.weather: Weather = calm
        """How events travel. Commands and interactions always go once and at once."""
        self.retries_after: Sequence[float] = RETRIES_AFTER
        """As Slack does it, unless a test has no time for it and cannot set the clock forward."""
        self._clock = clock
        self._board = board
        self._transport = transport
        self._tasks: set[asyncio.Task[object]] = set()
        self._held: list[Delivery] | None = None
        self._losing = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way, and nothing will set out later."""
        return not self._tasks

    def dispatch(self, kind: Kind, payload: Json, on_ack: Callable[[Any], None] = lambda _: None) -> Delivery:
        """Send a payload on its way, and return at once."""
        delivery = Delivery(kind, payload, board=self._board, on_ack=on_ack)
        self.deliveries.append(delivery)
        if self._held is not None:
            self._held.append(delivery)
        else:
            for delay in self.weather(delivery) if kind is Kind.EVENT else calm(delivery):
                self._start(self._carry(delivery, delay))
        self._board.announce()
        return delivery

    # misbehaviour

    def duplicate(self, times: int = 2) -> None:
        """From now on each event is delivered so many times, at the same moment (1 ends it)."""
        self.weather = lambda _: (0.0,) * times

    def repeat(self, delivery: Delivery) -> None:
        """Deliver once more what was delivered already."""
        self._start(self._attempt(delivery, 1, "http_timeout"))

    def lose_acknowledgements(self, count: int) -> None:
        """The app's next ``count`` acknowledgements do not reach Slack, which therefore repeats the events."""
        self._losing = count

    def hold(self) -> None:
        """Keep back what is dispatched from now on, until :meth:`release`."""
        self._held = []

    async def release(self, order: Callable[[list[Delivery]], list[Delivery]] = list) -> list[Delivery]:
        """Deliver what was kept back in this order, each when the one before was acknowledged."""
        held, self._held = self._held or [], None
        for delivery in order(held):
            await self._carry(delivery)
        return held

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery, delay: float = 0.0) -> None:
        if delay:
            await self._clock.wait(delay)
        outcome = await self._attempt(delivery, 0, "")
        if delivery.kind is Kind.EVENT:
            for number, wait in enumerate(self.retries_after, start=1):
                if outcome.acknowledged or outcome.lost:
                    break
                delivery.resting = True
                await self._clock.wait(wait)
                delivery.resting = False
                outcome = await self._attempt(delivery, number, outcome.reason)
        delivery.finished = True
        self._board.announce()

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Outcome:
        started = time.perf_counter()
        outcome = await self._transport().send(delivery, number, reason)
        outcome = replace(outcome, seconds=time.perf_counter() - started)
        if outcome.acknowledged and self._losing:
            self._losing -= 1
            outcome = replace(outcome, acknowledged=False, reason="timeout", body=None)
        delivery.attempts.append(outcome)
        if outcome.acknowledged:
            delivery.on_ack(outcome.body)
        self._board.announce()
        return outcome


def reversed_order(held: list[Delivery]) -> list[Delivery]:
    """The last first: an edit arrives before the message that it edits."""
    return held[::-1]


def shuffled(seed: int) -> Callable[[list[Delivery]], list[Delivery]]:
    """Any order, the same for the same seed."""
    return lambda held: random.Random(seed).sample(held, len(held))  # noqa: S311 - an order, not a secret
