"""The server: the Web API, Socket Mode, files and response URLs on one free loopback port."""

from __future__ import annotations

import json
import secrets
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from . import blocks as block_kit
from .clock import Board, Clock
from .delivery import RETRIES_AFTER, Courier, Delivery, Kind, Transport
from .errors import SlackError
from .events_api import Answer, HttpTransport
from .feed import Feed
from .interactions import Interactions
from .methods import METHODS
from .mischief import RESPONSE_URL, Mischief
from .people import WITHIN, Post, Room, Screen, Stage, Whisper, answer_to_interaction
from .reading import Reading, read_view
from .socket_mode import SocketTransport
from .web_api import ApiCall, Context, Credentials, WebApi
from .workspace import Channel, ChannelKind, Ephemeral, Identity, Message, User, Workspace

Json = dict[str, Any]
T = TypeVar("T")


class SlackDouble:
    """A Slack workspace with the app installed. See the package's docstring for how to use it."""

    def __init__(
        self,
        *,
        credentials: Credentials | None = None,
        identity: Identity | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``tls``: serve over HTTPS, with the certificates of this context."""
        self._tls = tls
        self.clock = Clock()
        self.credentials = credentials or Credentials()
        self.identity = identity or Identity()
        self.mischief = Mischief()
        self.downloads: list[str] = []
        """Paths of the files that somebody asked for, with a token or without."""
        self.workspace = Workspace(self.clock, self.identity)
        self.socket_mode = SocketTransport(self.clock, board := Board(), self.identity.app)
        self.events_api = HttpTransport(self.clock, self.credentials.signing_secret)
        self.courier = Courier(self.clock, board, self._transport)
        self.feed = Feed(self.workspace, self.courier)
        self._context = Context(
            self.credentials,
            self.workspace,
            self.feed,
            Interactions(self.workspace, board),
            board,
            self.clock,
            socket_ticket=self.socket_mode.ticket,
        )
        self._stage = Stage(self._context, self.courier)
        self._web_api = WebApi(self._context, METHODS, self.mischief)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls).start()
        self.known_as(f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._web_api.release()
        await self.courier.close()
        await self.socket_mode.close()
        await self.events_api.close()
        await self._runner.cleanup()

    # where it is

    @property
    def port(self) -> int:
        """Where it listens, on the loopback interface."""
        port: int = self._runner.addresses[0][1]
        return port

    def known_as(self, base_url: str) -> None:
        """Be reached under another address, which is all that the app is told."""
        self._context.base_url = self._context.interactions.base_url = base_url

    @property
    def base_url(self) -> str:
        return self._context.base_url

    @property
    def api_url(self) -> str:
        """Base URL of the Web API, with a slash at the end."""
        return f"{self.base_url}/api/"

    @property
    def request_url(self) -> str:
        """Where the app listens; empty means Socket Mode."""
        return self.events_api.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.events_api.request_url = url

    # who and what is there

    def user(self, user: str, name: str = "", *, is_bot: bool = False) -> User:
        """Somebody, with a name of any shape."""
        person = self.workspace.user(user)
        person.name = person.display_name = name or person.name
        person.is_bot = is_bot
        return person

    def user_group(self, group: str, *users: str) -> None:
        """A user group and its members."""
        self.workspace.user_groups[group] = list(users)

    def channel(self, channel: str, name: str = "", *, kind: ChannelKind = "channel", member: bool = True) -> Room:
        """The channel; made when it is new, with the bot in it unless ``member`` is False."""
        found = self.workspace.channels.get(channel)
        if found is None:
            members = {self.identity.bot_user} if member else set()
            found = Channel(channel, name or channel.lower(), kind, members)
            self.workspace.channels[channel] = found
        return Room(self._stage, found)

    def direct(self, user: str) -> Room:
        """The conversation between the bot and one person."""
        self.workspace.user(user)
        return Room(self._stage, self.workspace.direct_channel(user))

    def trigger(self, user: str) -> str:
        """A trigger id, as a click of this person carries it."""
        return self._context.interactions.trigger(user)

    def whispers(self, user: str) -> list[Whisper]:
        """What was shown to this person alone."""
        return [Whisper(self._stage, ephemeral) for ephemeral in self.workspace.ephemerals if ephemeral.user == user]

    def post(self, channel: str, ts: str) -> Post:
        """The message with this time stamp."""
        return Post(self._stage, self.workspace.message(channel, ts))

    # what happens

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """Calls of the Web API, all or those of one method, in order."""
        return [call for call in self._web_api.calls if method in (None, call.method)]

    async def until(self, condition: Callable[[], T | None], within: float = WITHIN, expected: str = "a change") -> T:
        """First truthy value of ``condition``, looked at after each change; AssertionError after ``within`` seconds."""
        try:
            return await self._context.board.until(condition, within)
        except TimeoutError:
            message = f"not within {within} s: {expected}\n{self.report()}"
            raise AssertionError(message) from None

    async def connected(self, count: int = 1, within: float = WITHIN) -> None:
        """Wait until the app has so many sockets open."""
        await self.until(lambda: len(self.socket_mode.connections) >= count, within, f"{count} socket(s)")

    async def called(self, method: str, times: int = 1, within: float = WITHIN) -> list[ApiCall]:
        """Wait until a method was called so often (refused calls count)."""
        return await self.until(
            lambda: calls if len(calls := self.calls(method)) >= times else None, within, f"{times} × {method}"
        )

    async def delivered(self, within: float = WITHIN) -> list[Delivery]:
        """Wait until every payload was acknowledged, letting the time pass after which Slack sends one again."""
        deliveries = self.courier.deliveries

        def nothing_under_way() -> bool:
            unacknowledged = [delivery for delivery in deliveries if not delivery.acknowledged]
            # Only when nothing else is on its way: what is would run out of its three seconds.
            if unacknowledged and all(delivery.resting for delivery in unacknowledged):
                self.clock.advance(max(RETRIES_AFTER))
            return not unacknowledged

        await self.until(nothing_under_way, within, "every payload acknowledged")
        return deliveries

    async def modal(self, user: str, within: float = WITHIN) -> Screen:
        """Wait until this person has a modal open."""
        modals = self._context.interactions.modals
        modal = await self.until(
            lambda: next((m for m in reversed(modals) if m.user == user and m.views), None),
            within,
            f"a modal for {user}",
        )
        return Screen(self._stage, modal)

    def open_home(self, user: str) -> Delivery | None:
        """Somebody opens the app's Home tab."""
        self.workspace.user(user)
        view = self._context.interactions.homes.get(user)
        event: Json = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"}
        return self.feed.happened({**event, **({"view": view} if view else {})})

    async def home(self, user: str, within: float = WITHIN) -> Reading:
        """Wait until the Home tab of this person has something, and read it."""
        homes = self._context.interactions.homes
        view = await self.until(lambda: homes.get(user), within, f"a Home tab for {user}")
        return read_view(view)

    async def home_shows(self, user: str, words: str, within: float = WITHIN) -> Reading:
        """Wait until the Home tab of this person shows these words."""
        homes = self._context.interactions.homes
        expected = f"{words!r} in the Home tab of {user}"
        await self.until(lambda: user in homes and words in read_view(homes[user]).text, within, expected)
        return read_view(homes[user])

    def click_home(self, user: str, action_id: str, value: Any = None) -> Delivery:
        """Somebody uses a button or menu of the Home tab."""
        view = self._context.interactions.homes[user]
        payload = {
            **self._stage.envelope("block_actions", user),
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self.trigger(user),
            "view": view,
            "actions": [self._stage.press(view["blocks"], action_id, value)],
        }
        return self.courier.dispatch(Kind.INTERACTIVE, payload)

    async def verify_request_url(self) -> Answer:
        """``url_verification``, as when the request URL is entered; asserts that the challenge comes back."""
        challenge = secrets.token_hex(20)
        payload = {"token": "verification-token", "challenge": challenge, "type": "url_verification"}
        answer = await self.events_api.post(json.dumps(payload).encode())
        assert answer.status == 200, answer
        assert challenge in answer.text, answer
        return answer

    def report(self) -> str:
        """What went on so far, for the message of a failed test."""
        lines = [f"  call {c.method} {c.status} {(c.response or {}).get('error', '')}" for c in self.calls()]
        for delivery in self.courier.deliveries:
            name = delivery.event.get("subtype") or delivery.event.get("type") or delivery.kind
            attempts = [a.reason or "acknowledged" for a in delivery.attempts]
            lines.append(f"  sent {name} {attempts}")
        return "\n".join(lines[-40:])

    # the server

    def _transport(self) -> Transport:
        return self.events_api if self.request_url else self.socket_mode

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=16 * 2**20)
        application.add_routes(
            [
                web.get("/api/{method}", self._web_api.serve),
                web.post("/api/{method}", self._web_api.serve),
                web.get("/link/", self.socket_mode.serve),
                web.get("/files-pri/{file}/{rest:.*}", self._download),
                web.post("/upload/{file}", self._upload),
                web.post("/response/{token}", self._respond),
                web.get("/signin", self._sign_in),
            ]
        )
        return application

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Without token or scope Slack leads to its sign-in page, which is a 200 with HTML."""
        self.downloads.append(request.path)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        stored = self.workspace.files.get(request.match_info["file"].partition("-")[2])
        if token != self.credentials.bot_token or "files:read" not in self.credentials.scopes:
            raise web.HTTPFound("/signin")
        if stored is None:
            raise web.HTTPNotFound
        return web.Response(body=stored.content, content_type=str(stored.body["mimetype"]))

    async def _sign_in(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        stored = self.workspace.files.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound
        stored.content = await request.read()
        return web.Response(text=f"OK - {len(stored.content)}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """What the app posts to a response URL."""
        if trouble := self.mischief.strike(RESPONSE_URL, {}):
            return await self._web_api.misbehave(request, trouble)
        token = request.match_info["token"]
        interactions = self._context.interactions
        try:
            url = interactions.use_response_url(token)
        except SlackError as error:
            return web.json_response(error.body(), status=404)
        body: Json = await request.json()
        try:
            self._apply_response(token, url.source, body)
        except SlackError as error:
            return web.Response(text=error.code, status=400)
        return web.Response(text="ok")

    def _apply_response(self, token: str, source: Message | Ephemeral | None, body: Json) -> None:
        if body.get("delete_original"):
            if isinstance(source, Message):
                Post(self._stage, source).delete()
            return
        _check_response(body)
        if body.get("replace_original") and source is not None:
            previous = source.shown() if isinstance(source, Message) else {}
            source.body |= {"text": text} if (text := body.get("text")) else {}
            source.body |= {"blocks": block_kit.complete(body["blocks"])} if "blocks" in body else {}
            if isinstance(source, Message):
                self.feed.changed(source, previous)
            self._context.board.announce()
            return
        answer_to_interaction(self._context, token, body, "response_url")


def _check_response(body: Json) -> None:
    text, blocks = body.get("text", ""), body.get("blocks", [])
    if not text and not blocks and not body.get("attachments"):
        raise SlackError("no_text")
    block_kit.check_message(blocks)
    if len(text) > block_kit.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
