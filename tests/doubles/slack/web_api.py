"""The Web API: reads a call, checks token and scopes, runs the method, answers in Slack's shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from .clock import Board, Clock
from .errors import SlackError
from .feed import Feed
from .interactions import Interactions
from .mischief import Fault, Mischief, Trouble
from .workspace import Workspace

Json = dict[str, Any]

SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }
)
"""What the app is granted unless a test says otherwise."""


@dataclass
class Credentials:
    """What the app was given at installation."""

    bot_token: str = "xoxb-double"
    app_token: str = "xapp-double"
    signing_secret: str = "double-signing-secret"
    scopes: frozenset[str] = SCOPES
    app_scopes: frozenset[str] = frozenset({"connections:write"})


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call as it was recorded. ``response`` is None when the test made Slack misbehave."""

    method: str
    args: Json
    at: float
    status: int
    response: Json | None


@dataclass
class Context:
    """What the methods work on."""

    credentials: Credentials
    workspace: Workspace
    feed: Feed
    interactions: Interactions
    board: Board
    clock: Clock
    base_url: str = ""
    socket_ticket: Callable[[], str] = str


@dataclass
class Call:
    """The arguments of one call."""

    context: Context
    args: Json

    def text(self, name: str) -> str:
        """A required string. Raises SlackError ``invalid_arguments``."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            raise SlackError("invalid_arguments", f"missing required field: {name}")
        return value

    def optional(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def count(self, name: str, default: int, maximum: int) -> int:
        try:
            return min(max(1, int(self.args.get(name) or default)), maximum)
        except ValueError:
            raise SlackError("invalid_limit") from None

    def parsed(self, name: str, otherwise: str) -> Any:
        """JSON given as JSON or as a string of it. Raises SlackError ``otherwise`` when it cannot be read."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(otherwise) from None

    def require(self, scope: str) -> None:
        """Raises SlackError ``missing_scope``."""
        granted = self.context.credentials.scopes
        if scope not in granted:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(granted)))


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what carries it out, any of which scopes it needs, whose token, and whether it reads JSON bodies."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app"] = "bot"
    reads_json: bool = True


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it came in."""

    method: str
    args: Json
    token: str
    is_json: bool

    def args_for(self, method: Method) -> Json:
        """Methods that only read forms see nothing of a JSON body."""
        return self.args if method.reads_json or not self.is_json else {}


class WebApi:
    """Serves ``/api/…`` and records every call."""

    def __init__(self, context: Context, methods: dict[str, Method], mischief: Mischief) -> None:
        self.calls: list[ApiCall] = []
        self._context = context
        self._methods = methods
        self._mischief = mischief
        self._never = asyncio.Event()

    def release(self) -> None:
        """Let go of the calls that hang."""
        self._never.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The handler of ``/api/{method}``."""
        asked = await _read(request)
        if trouble := self._mischief.strike(asked.method, asked.args):
            return await self._fail(request, trouble, asked)
        body = self._answer(asked)
        self._record(asked, 200, body)
        return self._reply(body)

    def _answer(self, asked: _Request) -> Json:
        method = self._methods.get(asked.method)
        if method is None:
            return SlackError("unknown_method", req_method=asked.method).body()
        try:
            self._authorize(method, asked.token)
            return {"ok": True, **method.run(Call(self._context, asked.args_for(method)))}
        except SlackError as error:
            return error.body()

    def _authorize(self, method: Method, token: str) -> None:
        credentials = self._context.credentials
        if not token:
            raise SlackError("not_authed")
        if token not in (credentials.bot_token, credentials.app_token):
            raise SlackError("invalid_auth")
        expected = credentials.bot_token if method.token == "bot" else credentials.app_token
        if token != expected:
            raise SlackError("not_allowed_token_type")
        granted = credentials.scopes if method.token == "bot" else credentials.app_scopes
        if method.scopes and not granted & set(method.scopes):
            raise SlackError("missing_scope", needed=method.scopes[0], provided=",".join(sorted(granted)))

    async def _fail(self, request: web.Request, trouble: Trouble, asked: _Request) -> web.StreamResponse:
        if trouble.after_effect:
            self._answer(asked)
        self._record(asked, trouble.status, None)
        return await self.misbehave(request, trouble)

    async def misbehave(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        """Answer a request with this trouble."""
        match trouble.fault:
            case Fault.RATE_LIMIT:
                headers = {"Retry-After": str(trouble.retry_after)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case Fault.STATUS:
                return web.Response(status=trouble.status, text="<html>Slack is down</html>", content_type="text/html")
            case Fault.ERROR:
                return self._reply({"ok": False, "error": trouble.error})
            case Fault.HANG:
                await self._never.wait()
                return web.Response(status=503)
            case Fault.DROP:
                assert isinstance(request.transport, asyncio.WriteTransport)
                request.transport.abort()
                return web.Response(status=503)

    def _record(self, asked: _Request, status: int, body: Json | None) -> None:
        self.calls.append(ApiCall(asked.method, asked.args, self._context.clock.now(), status, body))
        self._context.board.announce()

    def _reply(self, body: Json) -> web.Response:
        scopes = ",".join(sorted(self._context.credentials.scopes))
        return web.json_response(body, headers={"x-oauth-scopes": scopes, "x-slack-req-id": "double"})


async def _read(request: web.Request) -> _Request:
    """Query and body are one set of arguments; the token may be among them."""
    args: Json = dict(request.query)
    is_json = request.content_type == "application/json"
    if is_json:
        raw = await request.read()
        body = json.loads(raw) if raw else {}
        args |= body if isinstance(body, dict) else {}
    else:
        args |= dict(await request.post())
    given = str(args.pop("token", ""))
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given
    return _Request(request.match_info["method"], args, token, is_json)
