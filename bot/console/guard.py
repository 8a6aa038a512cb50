"""Keeps other people's pages away from the console: it has no log-in, being reachable from its own machine only.

A page anywhere on the web can still make the browser on that machine send requests here. Two checks stop that: the
``Host`` must name the loopback interface (a rebound DNS name does not), and what changes something must come from the
console's own pages.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console import words

Refusal = Callable[[int, str], Response]
"""Makes the page that says a sentence with a status."""

HEADERS = {
    # There is no script anywhere, so none is allowed, whatever a draft holds.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would turn the Origin of our own forms into "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # drafts are confidential
}


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address, without port, stands for the loopback interface of this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, refusal: Refusal) -> None:
        self._app = app
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, sentence = _objection(scope["method"], Headers(scope=scope))
        app = self._refusal(status, sentence) if sentence else self._app
        await app(scope, receive, _with_headers(send))


def _objection(method: str, headers: Headers) -> tuple[int, str]:
    """Status and sentence if the request must not pass; the sentence is empty if it may."""
    host = headers.get("host", "")
    if not is_loopback(_name_in(host)):
        return 421, words.FOREIGN_HOST
    if method not in {"GET", "HEAD"} and not _is_our_own(host, headers):
        return 403, words.FOREIGN_ORIGIN
    return 200, ""


def _is_our_own(host: str, headers: Headers) -> bool:
    """Judge as browsers tell it: by ``Sec-Fetch-Site``, else by ``Origin``. Without either it is no browser's doing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == host


def _name_in(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
