"""The web server: uvicorn within bounds, so that nobody can fill it up or keep it waiting, and stopped by us."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take to arrive."""
HEAD_BYTES: Final = 16_384
"""Longest head of a request: Slack's have some 600 bytes, behind a few proxies."""
IDLE_SECONDS: Final = 5
"""How long a connection is kept for a further request."""
CONNECTIONS: Final = 256
"""Connections at once; more are told that the service is not available."""


class Refused(Exception):  # noqa: N818 - reads as what happened
    """A request does not come in. ``reason``, a few words of ours, is told to who sent it, and counted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def body_of(request: Request, most: int) -> bytes:
    """Return the body; raises ``Refused`` as soon as it is more than ``most`` bytes, or its sender gone."""
    too_large = Refused(413, "too large")
    if int(request.headers.get("content-length", "0")) > most:  # the server has seen to it that it is a number
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise too_large
    except ClientDisconnect:
        raise Refused(400, "not complete") from None
    return bytes(body)


def application(routes: Sequence[BaseRoute]) -> Starlette:
    """Return an application of these routes and no others: nobody is sent from one address to another."""
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app


class WebServer(uvicorn.Server):
    """A server for one process whose other parts end together with it: signals are left alone."""

    def __init__(self, app: ASGIApp, drain_seconds: int) -> None:
        """``drain_seconds``: how long answers that have begun may take after ``should_exit``."""
        super().__init__(
            uvicorn.Config(
                app,
                http=_ImpatientProtocol,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                proxy_headers=False,
                server_header=False,
                h11_max_incomplete_event_size=HEAD_BYTES,
                limit_concurrency=CONNECTIONS,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=drain_seconds,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class _ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on who takes too long to say what they want. uvicorn itself would wait for ever."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until a head is complete; its request then keeps its own time."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._patience is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the wait."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
