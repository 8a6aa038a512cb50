"""Activities on their way to the app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.doubles.slack.clock import Board

Json = dict[str, Any]

ANSWER_WITHIN = 15.0
"""Seconds that Bot Framework waits for the app."""
INVOKE_WITHIN = 30.0
"""Seconds for what somebody waits for; Teams takes 5 for a message action. Machines may be busy."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app's HTTP server said."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """Parsed; None when empty."""
        return json.loads(self.text) if self.text else None


@dataclass
class Delivery:
    """One activity, and every answer to it."""

    activity: Json
    answers: list[Answer] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    courier: Courier | None = field(default=None, repr=False)

    @property
    def acknowledged(self) -> bool:
        return any(answer.status < 300 for answer in self.answers)

    def again(self) -> None:
        """Deliver the same activity once more, as Bot Framework now and then does."""
        assert self.courier
        self.courier.dispatch_again(self)


class Courier:
    """Brings activities to the app: one POST each, with a token. What fails is not sent again, as in reality."""

    def __init__(self, board: Board, token: Callable[[], str]) -> None:
        self.messaging_url = ""
        self.deliveries: list[Delivery] = []
        self._board = board
        self._token = token
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._held: list[Delivery] = []

    def dispatch(self, activity: Json) -> Delivery:
        """Send an activity; does not wait."""
        delivery = Delivery(activity, courier=self)
        self.deliveries.append(delivery)
        if self._open.is_set():
            self.dispatch_again(delivery)
        else:
            self._held.append(delivery)
        return delivery

    def dispatch_again(self, delivery: Delivery) -> None:
        """Send it another time; does not wait."""
        task = asyncio.get_running_loop().create_task(self._carry(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hold(self) -> None:
        """Keep back what happens from now on."""
        self._open.clear()

    def release(self, *, backwards: bool = False) -> None:
        """Send what was kept back, in its order or the other way round."""
        held, self._held = self._held, []
        self._open.set()
        for delivery in reversed(held) if backwards else held:
            self.dispatch_again(delivery)

    def lose(self) -> None:
        """Let what was kept back get lost on its way, as a delivery does that nobody takes."""
        self.deliveries = [each for each in self.deliveries if each not in self._held]
        self._held = []
        self._open.set()

    async def post(self, body: bytes, token: str | None, within: float = ANSWER_WITHIN) -> Answer:
        """One request with this token (None: without). Raises TimeoutError, aiohttp.ClientError."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with asyncio.timeout(within):
            async with self._session.post(self.messaging_url, data=body, headers=headers) as response:
                return Answer(response.status, await response.text())

    async def invoke(self, activity: Json) -> Answer:
        """Send an invoke and wait for what the app answers."""
        delivery = Delivery(activity, courier=self)
        self.deliveries.append(delivery)
        answer = await self.post(json.dumps(activity).encode(), self._token(), INVOKE_WITHIN)
        delivery.answers.append(answer)
        self._board.announce()
        return answer

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _carry(self, delivery: Delivery) -> None:
        try:
            answer = await self.post(json.dumps(delivery.activity).encode(), self._token())
        except (TimeoutError, aiohttp.ClientError) as error:
            delivery.failures.append(type(error).__name__)
        else:
            delivery.answers.append(answer)
        self._board.announce()
