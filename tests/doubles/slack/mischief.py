"""How the Web API misbehaves when a test asks for it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

RESPONSE_URL = "response_url"
"""Stands for a method: what the app posts to a response URL."""


class Fault(enum.Enum):
    RATE_LIMIT = "429 with Retry-After"
    STATUS = "an HTTP error page"
    ERROR = "ok: false"
    HANG = "no answer"
    DROP = "the connection is cut"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of misbehaviour, for the next ``times`` calls of a method."""

    fault: Fault
    method: str
    times: int
    where: Mapping[str, Any] = field(default_factory=dict)
    """Only calls that have these arguments."""
    status: int = 200
    error: str = ""
    retry_after: int = 1
    after_effect: bool = False
    """The call is carried out first, and only its answer is lost."""


Whim = Callable[[str, Mapping[str, Any]], Trouble | None]
"""Decides for each call, by its method and arguments, whether it goes wrong."""


class Mischief:
    """What shall go wrong next: with a method (``"*"``: with any), and only where it is called with certain arguments.

    ``mischief.rate_limit("chat.postMessage", times=2, retry_after=1, channel="C01REV")``
    """

    def __init__(self) -> None:
        self.whim: Whim | None = None
        """Asked about every call for which nothing is planned."""
        self._planned: list[Trouble] = []

    def rate_limit(self, method: str, *, times: int = 1, retry_after: int = 1, **where: Any) -> None:
        """The next calls get 429 and ``Retry-After`` (seconds)."""
        self._planned.append(Trouble(Fault.RATE_LIMIT, method, times, where, 429, retry_after=retry_after))

    def break_down(
        self, method: str, *, times: int = 1, status: int = 503, after_effect: bool = False, **where: Any
    ) -> None:
        """The next calls get an HTTP error."""
        self._planned.append(Trouble(Fault.STATUS, method, times, where, status=status, after_effect=after_effect))

    def refuse(self, method: str, error: str, *, times: int = 1, **where: Any) -> None:
        """The next calls get ``ok: false`` with this error."""
        self._planned.append(Trouble(Fault.ERROR, method, times, where, error=error))

    def hang(self, method: str, *, times: int = 1, after_effect: bool = False, **where: Any) -> None:
        """The next calls get no answer until the double closes."""
        self._planned.append(Trouble(Fault.HANG, method, times, where, after_effect=after_effect))

    def cut(self, method: str, *, times: int = 1, after_effect: bool = False, **where: Any) -> None:
        """The connection of the next calls is cut."""
        self._planned.append(Trouble(Fault.DROP, method, times, where, after_effect=after_effect))

    def relent(self) -> None:
        """Nothing more goes wrong."""
        self._planned.clear()
        self.whim = None

    def strike(self, method: str, args: Mapping[str, Any]) -> Trouble | None:
        """What happens to this call; counts it."""
        for index, trouble in enumerate(self._planned):
            if trouble.method in ("*", method) and trouble.where.items() <= args.items():
                if trouble.times == 1:
                    del self._planned[index]
                else:
                    self._planned[index] = replace(trouble, times=trouble.times - 1)
                return trouble
        return self.whim(method, args) if self.whim else None
