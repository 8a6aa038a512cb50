"""The door (入口) for what Teams delivers over HTTP: who may come in, with how much, and for how long.

It stands before Microsoft's SDK, which would stumble over what is no activity and ask for keys on behalf of strangers.
Nobody's bytes are read whose token is not the Bot Framework's. Refusals say next to nothing, and no log line holds what
was sent.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from structlog.contextvars import bound_contextvars

from bot.metrics import Metrics
from bot.teams.signatures import Proof, Signatures
from bot.teams.spot import Json, part, string
from bot.web import Refused, body_of

log: Final = structlog.get_logger(__name__)

MESSAGES_PATH: Final = "/api/messages"
MAX_BODY: Final = 1_000_000
"""Bytes of a request: several times a message with the longest text that Teams takes, and its HTML."""
AT_ONCE: Final = 32
"""Bodies in hand at once: the bound on memory. Others wait for their turn."""
READ_SECONDS: Final = 5.0
"""How long a request may be checked, wait for its turn and take to arrive."""
ANSWER_SECONDS: Final = 14.0
"""How long an answer may take, a database that is locked for ten seconds included. Teams gives up after fifteen."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a status, and JSON for what asks for an answer."""

    status: int = 200
    body: Any = None
    after: Callable[[], Awaitable[object]] | None = None
    """What is left to do once that is answered. It must not raise."""


Receive = Callable[[Json], Awaitable[Reply]]
"""Deals with an activity that has proved itself."""


class Door:
    """The endpoint. ``tenant``'s people come in and nobody else; ``signatures`` is ``None`` in anonymous mode.

    Where nothing is signed only what says that it comes from this machine is let in, since answers go where it says.
    """

    def __init__(self, receive: Receive, signatures: Signatures | None, tenant: str | None, metrics: Metrics) -> None:
        self._receive = receive
        self._signatures = signatures
        self._tenant = tenant
        self._metrics = metrics
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """Answer one request. Log lines on the way carry a number of its own."""
        with bound_contextvars(request=secrets.token_hex(4)):
            try:
                reply = await self._admit(request)
            except Refused as refused:
                log.info("request_refused", reason=refused.reason)
                self._metrics.refused(refused.reason.replace(" ", "_"))
                return PlainTextResponse(refused.reason, status_code=refused.status)
        # The server counts it among what is in hand, and waits for it when it is told to stop.
        background = BackgroundTask(reply.after) if reply.after else None
        if reply.body is None:
            return Response(status_code=reply.status, background=background)
        return JSONResponse(reply.body, status_code=reply.status, background=background)

    async def _admit(self, request: Request) -> Reply:
        try:
            async with asyncio.timeout(READ_SECONDS) as patience:
                proof = await self._proof(request)  # before its turn: a stranger takes nobody's
                async with self._turns:
                    activity = _activity(await body_of(request, MAX_BODY))
                    patience.reschedule(None)
                    self._check(activity, proof)
                    return await self._dispatch(activity)
        except TimeoutError:
            raise Refused(408, "too slow") from None

    async def _proof(self, request: Request) -> Proof | None:
        if self._signatures is None:
            # A page that somebody has open in a browser must not talk to us behind their back.
            if "origin" in request.headers or not _is_here(f"http://{request.headers.get('host', '')}"):
                raise Refused(403, "not from here")
            return None
        return await self._signatures.prove(request.headers.get("authorization", ""))

    def _check(self, activity: Json, proof: Proof | None) -> None:
        """Refuse what the token does not stand for, and what comes from elsewhere."""
        if proof is None:
            if not _is_here(string(activity.get("serviceUrl"))):
                raise Refused(403, "not from here")
        elif not proof.stands_for(activity):
            raise Refused(401, "not signed")
        if self._tenant is not None and _tenant(activity) != self._tenant:
            raise Refused(403, "tenant")

    async def _dispatch(self, activity: Json) -> Reply:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._receive(activity)
        except TimeoutError:
            raise Refused(503, "no answer in time") from None


def _activity(body: bytes) -> Json:
    try:
        activity = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not readable") from None
    if not isinstance(activity, dict):
        raise Refused(400, "not readable")
    return activity


def _tenant(activity: Json) -> str:
    told = part(part(activity, "channelData"), "tenant").get("id")
    return (string(told) or string(part(activity, "conversation").get("tenantId"))).lower()


def _is_here(url: str) -> bool:
    """Tell whether an address is on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in {"http", "https"} and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
