"""The server: Bot Connector, sign-in, keys, Graph and files on one free loopback port."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.doubles.slack.clock import Board
from tests.doubles.slack.mischief import Fault, Mischief, Trouble

from .connector import Connector, RefusedError, refusal
from .delivery import Answer, Courier, Delivery
from .graph import Graph
from .login import BOT_SCOPE, ISSUER, Login, Registration
from .people import WITHIN, Chat, Message, Pressed, Room, Stage, message_payload
from .tenant import Person, Tenant

Json = dict[str, Any]
T = TypeVar("T")

BOT_NAME = "SNSチェック"
_POST, _UPDATE, _DELETE = "post", "update", "delete"


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the app as it was recorded. ``status`` is 0 where it got no answer."""

    name: str
    args: Json
    status: int
    body: Any


class TeamsDouble:
    """A Microsoft 365 tenant with the app installed. See the package's docstring for how to use it."""

    def __init__(self, *, registration: Registration | None = None, tls: ssl.SSLContext | None = None) -> None:
        """``tls``: serve over HTTPS, with the certificates of this context."""
        self.registration = registration or Registration()
        self.tenant = Tenant(self.registration.tenant_id, self.registration.client_id, BOT_NAME)
        self.login = Login(self.registration)
        self.graph = Graph(self.tenant)
        self.mischief = Mischief()
        self._tls = tls
        self._calls: list[Call] = []
        self._board = Board()
        self._connector = Connector(self.tenant, self._board.announce)
        self._courier = Courier(self._board, lambda: self.login.inbound(self.service_url))
        self._stage = Stage(self.tenant, self._courier, self._board, permitted=lambda: self.graph.permitted)
        self._stage.report = self.report
        self._never = asyncio.Event()
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls).start()
        self._stage.service_url = self.service_url
        self.login.graph_scope = f"{self.graph_url}/.default"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._never.set()
        await self._courier.close()
        await self._runner.cleanup()

    # where it is

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def service_url(self) -> str:
        """Bot Connector's address, which every activity names."""
        return f"{self.base_url}/teams"

    @property
    def graph_url(self) -> str:
        return f"{self.base_url}/graph"

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables with which the app finds its way here."""
        return {
            "TEAMS_CLIENT_ID": self.registration.client_id,
            "TEAMS_CLIENT_SECRET": self.registration.client_secret,
            "TEAMS_TENANT_ID": self.registration.tenant_id,
            "SNS_CHECK_TEAMS_LOGIN_URL": f"{self.base_url}/login",
            "SNS_CHECK_TEAMS_OPENID_URL": f"{self.base_url}/v1/.well-known/openidconfiguration",
            "SNS_CHECK_GRAPH_URL": self.graph_url,
            "SNS_CHECK_TEAMS_SERVICE_URL": self.service_url,
        }

    @property
    def messaging_url(self) -> str:
        """Where the app listens."""
        return self._courier.messaging_url

    @messaging_url.setter
    def messaging_url(self, url: str) -> None:
        self._courier.messaging_url = url

    @property
    def permitted(self) -> bool:
        """Whether the team's owners let the app read its channels."""
        return self.graph.permitted

    @permitted.setter
    def permitted(self, permitted: bool) -> None:
        self.graph.permitted = permitted

    @property
    def edits_told(self) -> bool:
        """Whether this tenant tells the app of edits."""
        return self._stage.edits_told

    @edits_told.setter
    def edits_told(self, told: bool) -> None:
        self._stage.edits_told = told

    # who and what is there

    def person(self, name: str) -> Person:
        """Somebody with this name; the same every time."""
        return self.tenant.person(name)

    def channel(self, channel_id: str, name: str = "") -> Room:
        """The channel; made when it is new."""
        return Room(self._stage, self.tenant.channel(channel_id, name))

    def chat(self, person: Person) -> Chat:
        """The chat of this person with the bot."""
        return Chat(self._stage, self.tenant.chat(person), person)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every activity that was sent, or is kept back."""
        return self._courier.deliveries

    @property
    def uploads(self) -> dict[str, bytes]:
        """Files by the name in their address."""
        return self._stage.files

    # what happens

    def calls(self, name: str | None = None) -> list[Call]:
        """Requests of the app, all or those of one kind, in order."""
        return [call for call in self._calls if name in (None, call.name)]

    def hold(self) -> None:
        """Keep back what happens from now on."""
        self._courier.hold()

    def release(self, *, backwards: bool = False) -> None:
        """Deliver what was kept back, in its order or the other way round."""
        self._courier.release(backwards=backwards)

    def lose_held(self) -> None:
        """Let what was kept back get lost on its way."""
        self._courier.lose()

    async def send(self, activity: Json | bytes, *, token: str | None = "") -> Answer:
        """One request with any body; ``token``: the right one (empty), another, or none."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        return await self._courier.post(body, self.login.inbound(self.service_url) if token == "" else token)

    def activity(self, kind: str, room: Room, person: Person, **fields: Any) -> Json:
        """An activity of this kind at the top of a channel, to be bent and sent by hand."""
        return {**self._stage.activity(kind, room.conversation, "", person), **fields}

    async def message_action(self, person: Person, message: Message, command: str) -> Pressed:
        """Somebody chooses the app's command in a message's menu."""
        conversation = message.stored.conversation
        root = message.stored.root if conversation.kind == "channel" else ""
        activity = self._stage.activity("invoke", conversation, root, person)
        value = {"commandId": command, "commandContext": "message", "context": {"theme": "default"}}
        activity |= {"name": "composeExtension/fetchTask"}
        activity["value"] = {**value, "messagePayload": message_payload(message.stored, self.tenant.bot)}
        answer = await self._courier.invoke(activity)
        return Pressed(answer.status, answer.body or {})

    async def until(self, condition: Callable[[], T | None], within: float = WITHIN, expected: str = "a change") -> T:
        """First truthy value of ``condition``, looked at after each change; AssertionError after ``within`` seconds."""
        return await self._stage.until(condition, within, expected)

    async def called(self, name: str, times: int = 1, within: float = WITHIN) -> list[Call]:
        """Wait until the app made so many requests of a kind (refused ones count)."""
        return await self.until(lambda: c if len(c := self.calls(name)) >= times else None, within, f"{times} × {name}")

    async def delivered(self, within: float = WITHIN) -> None:
        """Wait until the app has acknowledged everything."""
        await self.until(lambda: all(each.acknowledged for each in self.deliveries), within, "acknowledgements")

    def report(self) -> str:
        """What went on so far, for the message of a failed test."""
        calls = [f"  call {each.name} {each.status} {each.body if each.status >= 400 else ''}" for each in self._calls]
        sent = [
            f"  sent {each.activity['type']} {[answer.status for answer in each.answers]} {each.failures}"
            for each in self.deliveries
        ]
        return "\n".join([*sent[-20:], *calls[-20:]])

    # the server

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=16 * 2**20)
        conversation, graph = "/teams/v3/conversations/{conversation}", "/graph/v1.0/teams/{group}/channels/{channel}"
        application.add_routes(
            [
                web.post("/login/{tenant}/oauth2/v2.0/token", self._token),
                web.get("/v1/.well-known/openidconfiguration", self._metadata),
                web.get("/v1/.well-known/keys", self._keys),
                web.post("/teams/v3/conversations", self._create),
                web.post(f"{conversation}/activities", self._post),
                web.put(f"{conversation}/activities/{{activity}}", self._update),
                web.delete(f"{conversation}/activities/{{activity}}", self._delete),
                web.get(f"{conversation}/members", self._members),
                web.get(f"{conversation}/members/{{person}}", self._member),
                web.get("/teams/v3/teams/{team}", self._team),
                web.get("/teams/v3/teams/{team}/conversations", self._channels),
                web.get(graph, self._graph_channel),
                web.get(f"{graph}/messages", self._messages),
                web.get(f"{graph}/messages/delta", self._delta),
                web.get(f"{graph}/messages/{{message}}", self._message),
                web.get(f"{graph}/messages/{{message}}/replies", self._replies),
                web.get(f"{graph}/messages/{{message}}/replies/{{reply}}", self._reply),
                web.get("/download/{file}", self._download),
                web.put("/upload/{file}", self._upload),
            ]
        )
        return application

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = {"tenant": request.match_info["tenant"], **form}
        return await self._serve(request, "token", asked, lambda: self.login.token(asked["tenant"], form))

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        body: Json = {"issuer": ISSUER, "jwks_uri": f"{self.base_url}/v1/.well-known/keys"}
        body |= {"id_token_signing_alg_values_supported": ["RS256"]}
        return await self._serve(request, "metadata", {}, lambda: (200, body))

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        self.login.key_requests += 1
        return await self._serve(request, "keys", {}, lambda: (200, {"keys": [self.login.keys.public]}))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        return await self._bot(request, "create", {"body": body}, lambda: (201, self._connector.create(body)))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        where, body = request.match_info["conversation"], await _json(request)
        asked = {"conversation": where, "channel": where.partition(";")[0], "activity": body}
        return await self._bot(request, _POST, asked, lambda: (201, self._connector.post(where, body)))

    async def _update(self, request: web.Request) -> web.StreamResponse:
        where, which, body = request.match_info["conversation"], request.match_info["activity"], await _json(request)
        asked = {"conversation": where, "channel": where.partition(";")[0], "message": which, "activity": body}
        return await self._bot(request, _UPDATE, asked, lambda: (200, self._connector.update(where, which, body)))

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        where, which = request.match_info["conversation"], request.match_info["activity"]
        asked = {"conversation": where, "channel": where.partition(";")[0], "message": which}
        return await self._bot(request, _DELETE, asked, lambda: (200, self._connector.delete(where, which)))

    async def _members(self, request: web.Request) -> web.StreamResponse:
        where = request.match_info["conversation"]
        return await self._bot(request, "members", {}, lambda: (200, self._connector.members(where)))

    async def _member(self, request: web.Request) -> web.StreamResponse:
        where, who = request.match_info["conversation"], request.match_info["person"]
        return await self._bot(request, "member", {"person": who}, lambda: (200, self._connector.member(where, who)))

    async def _team(self, request: web.Request) -> web.StreamResponse:
        team = request.match_info["team"]
        return await self._bot(request, "team", {"team": team}, lambda: (200, self._connector.team(team)))

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        team = request.match_info["team"]
        return await self._bot(request, "channels", {"team": team}, lambda: (200, self._connector.channels(team)))

    async def _graph_channel(self, request: web.Request) -> web.StreamResponse:
        where = dict(request.match_info)
        return await self._see(request, "channel", lambda: self.graph.channel(where["group"], where["channel"]))

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        where, top = dict(request.match_info), int(request.query.get("$top", 20))
        return await self._see(request, "messages", lambda: self.graph.messages(where["group"], where["channel"], top))

    async def _delta(self, request: web.Request) -> web.StreamResponse:
        where, asked = dict(request.match_info), request.query["$filter"]
        since = datetime.fromisoformat(asked.removeprefix("lastModifiedDateTime gt "))
        skip, top = int(request.query.get("$skiptoken", 0)), int(request.query.get("$top", 20))

        def page() -> Json:
            value, more = self.graph.delta(where["group"], where["channel"], since, skip, top)
            link = f"{self.base_url}{request.path}?$filter={asked}&$top={top}&$skiptoken={skip + top}"
            return {"value": value, **({"@odata.nextLink": link} if more else {"@odata.deltaLink": self.base_url})}

        return await self._see(request, "delta", page)

    async def _message(self, request: web.Request) -> web.StreamResponse:
        where = dict(request.match_info)
        thread = (where["group"], where["channel"], where["message"])
        return await self._see(request, "message", lambda: self.graph.message(*thread))

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        where = dict(request.match_info)
        thread = (where["group"], where["channel"], where["message"])
        return await self._see(request, "reply", lambda: self.graph.reply(*thread, where["reply"]))

    async def _replies(self, request: web.Request) -> web.StreamResponse:
        where = dict(request.match_info)
        skip, top = int(request.query.get("$skiptoken", 0)), int(request.query.get("$top", 20))

        def page() -> Json:
            value, more = self.graph.replies(where["group"], where["channel"], where["message"], skip, top)
            link = f"{self.base_url}{request.path}?$top={top}&$skiptoken={skip + top}"
            return {"value": value, **({"@odata.nextLink": link} if more else {})}

        return await self._see(request, "replies", page)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        content = self.uploads.get(request.match_info["file"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        wrong = request.headers.get("Content-Range") != f"bytes 0-{len(content) - 1}/{len(content)}"
        if not wrong:
            self.uploads[request.match_info["file"]] = content
        self._board.announce()
        return web.json_response({}, status=400 if wrong else 201)

    async def _bot(
        self, request: web.Request, name: str, args: Json, work: Callable[[], tuple[int, Any]]
    ) -> web.StreamResponse:
        if not self.login.allows(request, BOT_SCOPE):
            return await self._serve(request, name, args, lambda: (401, {"message": "Authorization has been denied."}))
        return await self._serve(request, name, args, work)

    async def _see(self, request: web.Request, name: str, work: Callable[[], Any]) -> web.StreamResponse:
        args = dict(request.match_info)
        if not self.login.allows(request, self.login.graph_scope):
            body = {"error": {"code": "InvalidAuthenticationToken", "message": "Access token is empty."}}
            return await self._serve(request, name, args, lambda: (401, body))
        return await self._serve(request, name, args, lambda: (200, work()))

    async def _serve(
        self, request: web.Request, name: str, args: Json, work: Callable[[], tuple[int, Any]]
    ) -> web.StreamResponse:
        """Carry a request out, or let it go wrong, and record it."""
        trouble = self.mischief.strike(name, args)
        if trouble and not trouble.after_effect:
            return await self._misbehave(request, name, args, trouble)
        try:
            status, body = work()
        except RefusedError as error:
            self._record(Call(name, args, error.status, error.body))
            return refusal(error)
        if trouble:
            return await self._misbehave(request, name, args, trouble)
        self._record(Call(name, args, status, body))
        return web.json_response(body, status=status)

    async def _misbehave(self, request: web.Request, name: str, args: Json, trouble: Trouble) -> web.StreamResponse:
        self._record(Call(name, args, trouble.status if trouble.fault is Fault.STATUS else 0, None))
        match trouble.fault:
            case Fault.RATE_LIMIT:
                return web.Response(status=429, headers={"Retry-After": str(trouble.retry_after)})
            case Fault.HANG:
                await self._never.wait()
                return web.Response(status=503)
            case Fault.DROP:
                assert isinstance(request.transport, asyncio.WriteTransport)
                request.transport.abort()
                return web.Response(status=503)
            case Fault.STATUS | Fault.ERROR:
                return web.json_response({"error": {"code": trouble.error or "ServiceError"}}, status=trouble.status)

    def _record(self, call: Call) -> None:
        self._calls.append(call)
        self._board.announce()


async def _json(request: web.Request) -> Json:
    body: Json = json.loads(await request.read())
    return body
