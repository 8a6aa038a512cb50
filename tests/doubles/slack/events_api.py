"""Delivery over HTTP: signed requests to the app's request URL."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from .clock import Clock
from .delivery import ACKNOWLEDGE_WITHIN, Delivery, Kind, Outcome

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app's HTTP server said."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """Parsed when it is JSON; None when empty."""
        if "application/json" in self.headers.get("content-type", ""):
            return json.loads(self.text)
        return self.text or None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class HttpTransport:
    """Posts to ``request_url``; two hundred something within three seconds is an acknowledgement."""

    def __init__(self, clock: Clock, signing_secret: str) -> None:
        self.request_url = ""
        self._clock = clock
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def send(self, delivery: Delivery, number: int, reason: str) -> Outcome:
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
        content_type, body = _encoded(delivery)
        try:
            answer = await self._clock.within(ACKNOWLEDGE_WITHIN, self.post(body, content_type, headers=headers))
        except TimeoutError:
            return Outcome(acknowledged=False, reason="http_timeout")
        except aiohttp.ClientError:
            return Outcome(acknowledged=False, reason="connection_failed")
        if 200 <= answer.status < 300:
            return Outcome(acknowledged=True, body=answer.body)
        stop = answer.headers.get("x-slack-no-retry") == "1"
        return Outcome(acknowledged=False, reason="http_error", body=answer.text, lost=stop)

    async def post(
        self,
        body: bytes,
        content_type: str = "application/json",
        *,
        secret: str | None = None,
        timestamp: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One signed request as Slack sends it; a test may sign with another secret or at another time."""
        # The app compares with its own clock, which no test moves.
        stamp = str(int(time.time() if timestamp is None else timestamp))
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._secret if secret is None else secret, stamp, body),
            **(headers or {}),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.request_url, data=body, headers=signed) as response:
            seen = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, seen, await response.text())

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _encoded(delivery: Delivery) -> tuple[str, bytes]:
    if delivery.kind is Kind.EVENT:
        return "application/json", json.dumps(delivery.payload).encode()
    fields = delivery.payload if delivery.kind is Kind.COMMAND else {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()
