"""The door (入口) for what Slack sends over HTTP: who may come in, with how much, and for how long.

Cheap questions come first: nobody's bytes are read who does not even look like Slack, and nobody's JSON who has not
proved to be Slack. Refusals say next to nothing, and no log line holds what was sent.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from structlog.contextvars import bound_contextvars

from bot.faults import describe
from bot.metrics import Metrics
from bot.slack.app import MALFORMED
from bot.web import Refused, body_of

log: Final = structlog.get_logger(__name__)

EVENTS_PATH: Final = "/slack/events"
MAX_BODY: Final = 1_000_000
"""Bytes of a request: several times a message of 40,000 characters with its blocks."""
MAX_FIELDS: Final = 100
"""Fields of a form; Slack sends some fifteen."""
AT_ONCE: Final = 32
"""Requests in hand at once: the bound on memory. Others wait for their turn."""
READ_SECONDS: Final = 5.0
"""How long a request may wait for its turn and take to arrive. Slack itself gives up after three."""
ANSWER_SECONDS: Final = 15.0
"""How long an answer may take, a database that is locked for ten seconds included."""
FRESH_SECONDS: Final = 300
"""How old a signature may be, and how far ahead its clock: what Slack recommends against replays."""

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


class Door:
    """The endpoint. ``clock`` tells the time in seconds since 1970, by which signatures grow old."""

    def __init__(
        self, app: AsyncApp, signing_secret: SecretStr, metrics: Metrics, clock: Callable[[], float] = time.time
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret.get_secret_value())
        self._metrics = metrics
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """Answer one request. Log lines on the way carry a number of its own."""
        with bound_contextvars(request=secrets.token_hex(4)):
            try:
                return await self._admit(request)
            except Refused as refused:
                log.info("request_refused", reason=refused.reason)
                self._metrics.refused(refused.reason.replace(" ", "_"))
                return PlainTextResponse(refused.reason, status_code=refused.status)

    async def _admit(self, request: Request) -> Response:
        timestamp, signature = self._credentials(request)
        try:
            async with asyncio.timeout(READ_SECONDS) as patience:
                async with self._turns:
                    body = await body_of(request, MAX_BODY)
                    patience.reschedule(None)
                    return await self._open(body, timestamp, signature, _media_type(request))
        except TimeoutError:
            raise Refused(408, "too slow") from None

    def _credentials(self, request: Request) -> tuple[str, str]:
        """Return time stamp and signature, if they could be Slack's and are of now."""
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            raise Refused(401, "not signed")
        if abs(self._clock() - int(timestamp)) > FRESH_SECONDS:
            raise Refused(401, "too old")
        return timestamp, signature

    async def _open(self, body: bytes, timestamp: str, signature: str, media_type: str) -> Response:
        """Read what has arrived, if it is signed, and have it answered."""
        try:
            expected = self._verifier.generate_signature(timestamp=timestamp, body=body)
        except UnicodeDecodeError:
            raise Refused(400, "not readable") from None
        if expected is None or not hmac.compare_digest(expected, signature):
            raise Refused(401, "not signed")
        return await self._dispatch(_payload(body, media_type))

    async def _dispatch(self, payload: Mapping[str, Any]) -> Response:
        """Have Bolt answer what has proved itself, in the way in which it takes what comes over a socket.

        No header goes along: they are not signed, and some of them tell Bolt what to do.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                request = AsyncBoltRequest(body=dict(payload), mode="socket_mode")
                return to_starlette_response(await self._app.async_dispatch(request))
        except TimeoutError:
            raise Refused(503, "no answer in time") from None
        except MALFORMED as error:
            log.info("not_understood", **describe(error))
            raise Refused(400, "not understood") from None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _payload(body: bytes, media_type: str) -> Mapping[str, Any]:
    """Return what Slack says: an event as JSON, a command as a form, what is pressed or filled in as JSON in a form."""
    try:
        match media_type:
            case "application/json":
                payload = json.loads(body)
            case "application/x-www-form-urlencoded":
                form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
                payload = json.loads(form["payload"]) if "payload" in form else form
            case _:
                raise Refused(415, "not of a kind that is read here")
    except (ValueError, RecursionError):
        raise Refused(400, "not readable") from None
    if not isinstance(payload, dict):
        raise Refused(400, "not readable")
    return payload
