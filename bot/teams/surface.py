"""The Teams surface as a whole: put together, started and closed by ``sns-check serve``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
from starlette.routing import Route

from bot.catching_up import CATCH_UP, CatchUpClock
from bot.desk import Desk
from bot.desk.channels import ReviewChannels
from bot.egress import tls_context
from bot.history import History, Inbox
from bot.metrics import Metrics
from bot.settings import Settings
from bot.teams.acting import DECISION, DISPUTED, REMARK, REVISION, RULED, Acting
from bot.teams.allowlist import AllowList
from bot.teams.answering import Answering, AnswerVersion, NoteTaken
from bot.teams.app import Reception, listeners_of, teams_app
from bot.teams.catch_up import CatchUp, Reach
from bot.teams.chat import Chat
from bot.teams.connector import Connector
from bot.teams.door import MESSAGES_PATH, Door
from bot.teams.events import TAKEN, VERSION
from bot.teams.files import TeamsFiles
from bot.teams.graph import Graph
from bot.teams.listening import Listening
from bot.teams.people import People
from bot.teams.private import PrivateChecks
from bot.teams.records import (
    DECLINED,
    EXPORT,
    UPLOAD,
    DraftHistory,
    DropExport,
    ExportRequests,
    OfferExport,
    SaveExport,
)
from bot.teams.reference import Reference
from bot.teams.showing import REFRESH, Refresh, Refreshing, Remark, Revise, ShowDecision, ShowDispute, ShowRuling
from bot.teams.signatures import FAILED_SECONDS, KeyRing, Signatures
from bot.teams.spot import SURFACE
from bot.teams.supervisors import Supervisors
from bot.teams.thread import Thread
from bot.teams.tokens import Tokens
from bot.teams.waiting import TellWaiting, told_in_thread
from bot.ticking import Ticking
from bot.unstored import PatientInbox
from bot.waiting import WAITING, WaitingClock
from bot.worker import Handler

CALL_SECONDS: Final = 10.0
"""How long a call to Microsoft may take."""
WARM_SECONDS: Final = 60.0
"""How often to look whether the signing keys have to be fetched anew."""


class TeamsSurface:
    """Teams, about to deliver.

    ``handlers`` is what the worker needs, ``routes`` what the web server needs.
    """

    def __init__(
        self,
        handlers: Mapping[tuple[str, str], Handler],
        routes: list[Route],
        keys: KeyRing | None,
        clocks: Sequence[Ticking],
        resources: AsyncExitStack,
    ) -> None:
        self.handlers = handlers
        self.routes = routes
        self._keys = keys
        self._clocks = clocks
        self._resources = resources
        self._warming: asyncio.Task[None] | None = None

    async def is_connected(self) -> bool:
        """Tell whether Teams can reach us: it opens connections, and we know its signatures."""
        return self._keys is None or self._keys.is_known

    async def start(self) -> None:
        """Fetch the signing keys, and again from time to time, so that no delivery waits for them."""
        if self._keys:
            self._warming = asyncio.create_task(_keep_warm(self._keys))
        for clock in self._clocks:
            clock.start()

    async def close(self) -> None:
        """Let go of all connections. The worker has to have stopped."""
        for clock in self._clocks:
            await clock.close()
        if self._warming:
            self._warming.cancel()
            await asyncio.wait([self._warming])
        await self._resources.aclose()


async def _keep_warm(keys: KeyRing) -> None:
    while True:
        await keys.warm()
        await asyncio.sleep(WARM_SECONDS if keys.is_known else FAILED_SECONDS)


async def open_teams(  # noqa: PLR0913 - what varies between production and tests, by name
    settings: Settings,
    desk: Desk,
    history: History,
    *,
    metrics: Metrics | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    seconds: Callable[[], float] = time.monotonic,
) -> TeamsSurface:
    """Put the surface together. ``settings.teams`` must not be ``None``; nothing is sent before ``start``.

    ``clock`` tells the time, ``seconds`` counts them, monotonically.
    """
    if settings.teams is None:
        raise ValueError("Teams is not configured")
    metrics = metrics or Metrics()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(verify=tls_context(settings.ca_file), timeout=CALL_SECONDS)
        )
        parts = _Parts.of(settings, desk, history, http, clock, seconds)
        app, inlet = teams_app(settings.teams_client_id, settings.teams_client_secret, settings.teams_tenant_id)
        _listening(parts).listen(app)
        await app.initialize()
        unstored = PatientInbox(parts.inbox)
        reception = Reception(
            inbox=unstored,
            channels=parts.channels,
            people=parts.people,
            listeners=listeners_of(inlet),
            metrics=metrics,
            clock=clock,
        )
        keys = KeyRing(http, settings.teams_openid_url, seconds) if settings.teams == "signed" else None
        signatures = Signatures(keys, settings.teams_client_id) if keys and settings.teams_client_id else None
        door = Door(reception.receive, signatures, settings.teams_tenant_id, metrics)
        telling = TellWaiting(parts.thread, parts.answering, parts.inbox)
        return TeamsSurface(
            handlers={**_handlers(parts), (SURFACE, WAITING): telling},
            routes=[Route(MESSAGES_PATH, door.answer, methods=["POST"])],
            keys=keys,
            clocks=[
                WaitingClock(parts.inbox, unstored, told_in_thread(telling.show_if_possible), clock),
                *_catch_up_clock(parts),
            ],
            resources=stack.pop_all(),
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What most of the surface is built on."""

    settings: Settings
    desk: Desk
    history: History
    inbox: Inbox
    http: httpx.AsyncClient
    connector: Connector
    graph: Graph
    files: TeamsFiles
    people: People
    channels: ReviewChannels
    supervisors: Supervisors
    thread: Thread
    answering: Answering
    refreshing: Refreshing
    clock: Callable[[], datetime]

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - what varies between production and tests
        cls,
        settings: Settings,
        desk: Desk,
        history: History,
        http: httpx.AsyncClient,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> _Parts:
        tokens = _tokens(settings, http, seconds)
        connector = Connector(http, tokens, seconds)
        graph = Graph(http, tokens, connector, settings.graph_url, seconds)
        people = People(connector)
        channels = ReviewChannels(desk, SURFACE, settings.teams_channels, settings.guideline)
        thread = Thread(connector, graph, people, desk)
        return cls(
            settings=settings,
            desk=desk,
            history=history,
            inbox=history.inbox,
            http=http,
            connector=connector,
            graph=graph,
            files=TeamsFiles(http),
            people=people,
            channels=channels,
            supervisors=Supervisors(desk, settings.teams_supervisors),
            thread=thread,
            answering=Answering(desk, thread, channels),
            refreshing=Refreshing(desk, history.inbox, clock),
            clock=clock,
        )


def _tokens(settings: Settings, http: httpx.AsyncClient, seconds: Callable[[], float]) -> Tokens | None:
    client_id, secret, tenant = (
        settings.teams_client_id,
        settings.teams_client_secret,
        settings.teams_tenant_id,
    )
    if client_id is None or secret is None or tenant is None:
        return None
    return Tokens(
        http, login_url=settings.teams_login_url, tenant=tenant, client_id=client_id, secret=secret, clock=seconds
    )


def _catch_up(parts: _Parts) -> CatchUp:
    settings = parts.settings
    reach = Reach(
        tenant=settings.teams_tenant_id or "",
        groups=settings.teams_groups,
        service_url=settings.teams_service_url,
        back=settings.catch_up or timedelta(),
    )
    return CatchUp(
        desk=parts.desk,
        inbox=parts.inbox,
        graph=parts.graph,
        channels=parts.channels,
        watermarks=parts.history.watermarks,
        reach=reach,
        clock=parts.clock,
    )


def _catch_up_clock(parts: _Parts) -> list[CatchUpClock]:
    """Return what begins the reading of channels: at once, and again and again. Who is anonymous reads nothing."""
    if parts.settings.catch_up is None or not parts.settings.teams_groups or parts.settings.teams != "signed":
        return []
    clock = CatchUpClock(SURFACE, parts.inbox, parts.clock)
    clock.connected()
    return [clock]


def _listening(parts: _Parts) -> Listening:
    """Return what answers buttons, the message action and the chat."""
    desk, people, supervisors, clock = parts.desk, parts.people, parts.supervisors, parts.clock
    acting = Acting(
        desk=desk,
        inbox=parts.inbox,
        graph=parts.graph,
        people=people,
        channels=parts.channels,
        supervisors=supervisors,
        clock=clock,
    )
    private = PrivateChecks(desk, parts.files, parts.channels)
    exports = ExportRequests(parts.inbox, supervisors, clock)
    chat = Chat(
        connector=parts.connector,
        private=private,
        history=DraftHistory(desk, people, supervisors, clock),
        exports=exports,
        allowlist=AllowList(desk=desk, people=people, supervisors=supervisors, refreshing=parts.refreshing),
        reference=Reference(desk, parts.channels),
    )
    return Listening(acting, chat, private, exports)


def _handlers(parts: _Parts) -> Mapping[tuple[str, str], Handler]:
    desk, thread, answering, people = parts.desk, parts.thread, parts.answering, parts.people
    return {
        (SURFACE, VERSION): AnswerVersion(desk, parts.files, parts.graph, answering),
        (SURFACE, TAKEN): NoteTaken(desk, parts.inbox, thread, answering, parts.clock),
        (SURFACE, DECISION): ShowDecision(desk, thread, people),
        (SURFACE, DISPUTED): ShowDispute(desk, thread, people, parts.supervisors),
        (SURFACE, RULED): ShowRuling(desk, thread, people, parts.refreshing),
        (SURFACE, REVISION): Revise(desk, thread, answering, people),
        (SURFACE, REMARK): Remark(answering),
        (SURFACE, REFRESH): Refresh(thread),
        (SURFACE, EXPORT): OfferExport(desk, parts.connector, people, parts.supervisors),
        (SURFACE, UPLOAD): SaveExport(desk, parts.http, parts.connector, people, parts.supervisors),
        (SURFACE, DECLINED): DropExport(parts.connector),
        (SURFACE, CATCH_UP): _catch_up(parts),
    }
