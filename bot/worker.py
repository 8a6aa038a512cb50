"""Takes what is in the inbox to the handler that its surface registered, until it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.history import Inbox, Item


class RetryLater(Exception):  # noqa: N818 - reads as what to do
    """Raised by a handler when the world outside is at fault (rate limit, outage): try again after ``seconds``.

    Such an attempt does not count against the item.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class Handler(Protocol):
    """What a surface does with one kind of item."""

    async def handle(self, item: Item) -> str | None:
        """Deal with the item; may be called again for the same one. Returns the receipt of what was posted, if anything."""

    async def give_up(self, item: Item) -> None:
        """Say where the author sees it that the item could not be dealt with. May raise ``RetryLater``."""


class Worker:
    """Handles the inbox's items, several at a time, each place in order."""

    def __init__(
        self,
        inbox: Inbox,
        handlers: Mapping[tuple[str, str], Handler],
        *,
        clock: Callable[[], datetime],
        hands: int = 4,
        drain_seconds: float = 20.0,
    ) -> None:
        """``handlers`` by (surface, kind)."""

    async def run(self) -> None:
        """Work until ``stop`` is called, then finish what is in hand within ``drain_seconds`` and give back the rest."""

    def stop(self) -> None:
        """Ask ``run`` to return. Takes nothing new from now on."""
