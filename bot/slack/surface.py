"""The Slack surface as a whole: put together, started and closed by ``sns-check serve``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from starlette.routing import Route

from bot.catching_up import CATCH_UP, CatchUpClock
from bot.desk import Desk
from bot.desk.channels import ReviewChannels
from bot.egress import tls_context
from bot.history import History, Inbox, Item
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.allowlist import AllowList
from bot.slack.answering import Answering, AnswerVersion, NoteRetraction, NoteWithdrawal
from bot.slack.app import Intake, Reader, bolt_app, bolt_logger
from bot.slack.catch_up import MISSED, CatchUp, TellMissed
from bot.slack.client import Slack
from bot.slack.commands import Commands, answer_help
from bot.slack.deciding import DECISION, Decide, DecisionForms
from bot.slack.direct import Direct
from bot.slack.disputing import DISPUTED, RULED, DisputeForms, RaiseDispute, Rule
from bot.slack.edge import EVENTS_PATH, Door
from bot.slack.events import DELETION, RETRACTION, SURFACE, VERSION, item_of
from bot.slack.files import SlackFiles
from bot.slack.gap import Gaps
from bot.slack.home import HOME, Home, home_opened
from bot.slack.interaction import Counter
from bot.slack.private import PrivateChecks
from bot.slack.records import EXPORT, DraftHistory, Export, ExportRequests
from bot.slack.reference import Reference
from bot.slack.refreshing import REFRESH, Refresh, Refreshing
from bot.slack.reminders import REMINDER, REMINDERS, BeginReminders, Overdue, Remind, ReminderClock
from bot.slack.revising import REVISION, Revise, RevisionForms
from bot.slack.setup import Setup
from bot.slack.socket_mode import SocketModeHandler
from bot.slack.supervisors import Supervisors
from bot.slack.thread import Thread
from bot.slack.transport import web_client
from bot.slack.waiting import TellWaiting, told_in_thread
from bot.slack.welcome import WELCOME, Welcome, bot_joined
from bot.slack.workspace import OfOurs
from bot.ticking import Ticking
from bot.unstored import PatientInbox
from bot.waiting import WAITING, WaitingClock
from bot.worker import Handler
from rules.guideline import Guideline

PING_SECONDS = 3.0
"""How often a broken WebSocket is looked for; nothing is delivered until it is found."""


class SlackSurface:
    """Slack, connected or about to be.

    ``handlers`` is what the worker needs, ``routes`` what the web server needs (none in Socket Mode).
    """

    def __init__(
        self,
        handlers: Mapping[tuple[str, str], Handler],
        routes: list[Route],
        connection: SocketConnection | None,
        clocks: Sequence[Ticking],
        resources: AsyncExitStack,
    ) -> None:
        self.handlers = handlers
        self.routes = routes
        self._connection = connection
        self._clocks = clocks
        self._resources = resources

    async def is_connected(self) -> bool:
        """Tell whether Slack can reach us: over the socket that is open, or over HTTP, where it opens connections."""
        return self._connection is None or await self._connection.is_open()

    async def start(self) -> None:
        """Begin to receive. Socket Mode connects in the background, and again whenever the connection breaks."""
        if self._connection:
            self._connection.start()
        for each in self._clocks:
            each.start()

    async def close(self) -> None:
        """Stop receiving and let go of all connections. The worker has to have stopped."""
        for each in self._clocks:
            await each.close()
        if self._connection:
            await self._connection.close()
        await self._resources.aclose()


class SocketConnection:
    """Socket Mode: Slack delivers over a WebSocket that we open."""

    def __init__(self, app: AsyncApp, app_token: SecretStr) -> None:
        self._handler = SocketModeHandler(app, app_token.get_secret_value(), PING_SECONDS)
        self._connecting: asyncio.Task[None] | None = None

    def on_connected(self, act: Callable[[], None]) -> None:
        """Have something done whenever Slack greets us over a new connection, the first one included."""

        async def listen(_client: object, message: Mapping[str, Any], _raw: str | None) -> None:
            if message.get("type") == "hello":
                act()

        self._handler.client.message_listeners.append(listen)

    def start(self) -> None:
        """Connect; Slack's client tries until it succeeds."""
        self._connecting = asyncio.create_task(self._handler.client.connect())  # type: ignore[no-untyped-call]

    async def is_open(self) -> bool:
        """Tell whether the connection is there and answers."""
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Close the connection, or stop trying."""
        if self._connecting and not self._connecting.done():
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        await self._handler.client.close()  # type: ignore[no-untyped-call]


async def open_slack(  # noqa: PLR0913 - what varies between production and tests, by name
    settings: Settings,
    desk: Desk,
    history: History,
    *,
    metrics: Metrics | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    seconds: Callable[[], float] = time.monotonic,
) -> SlackSurface:
    """Put the surface together. ``settings.slack`` must not be ``None``; nothing is sent before ``start``.

    ``clock`` tells the time, ``seconds`` how long something takes.
    """
    metrics = metrics or Metrics()
    token, app_token = settings.slack_bot_token, settings.slack_app_token
    secret = settings.slack_signing_secret if app_token is None else None
    if token is None or (app_token is None and secret is None):
        raise ValueError("Slack is not configured")
    tls = tls_context(settings.ca_file)
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(
            web_client(token.get_secret_value(), settings.slack_api_url, bolt_logger(), tls, metrics)
        )
        http = await stack.enter_async_context(httpx.AsyncClient(verify=tls))
        parts = _Parts.of(settings, desk, history, Slack(web, seconds), clock)
        files = SlackFiles(http, token, settings.slack_api_url)
        inbox = PatientInbox(history.inbox)
        app = bolt_app(web, Intake(inbox, _readers(parts), parts.slack, metrics, clock), parts.slack)
        for listener in _listeners(parts, files):
            listener.listen(app)
        connection = SocketConnection(app, app_token) if app_token else None
        telling = TellWaiting(parts.slack, history.inbox)
        return SlackSurface(
            handlers={kind: OfOurs(each, parts.slack.identity) for kind, each in _handlers(parts, files).items()},
            routes=[Route(EVENTS_PATH, Door(app, secret, metrics).answer, methods=["POST"])] if secret else [],
            connection=connection,
            clocks=[
                ReminderClock(history.inbox, parts.slack, clock),
                WaitingClock(history.inbox, inbox, told_in_thread(telling.show_if_possible), clock),
                *_catch_up_clock(parts, connection),
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
    slack: Slack
    channels: ReviewChannels
    supervisors: Supervisors
    counter: Counter
    refreshing: Refreshing
    clock: Callable[[], datetime]

    @classmethod
    def of(
        cls, settings: Settings, desk: Desk, history: History, slack: Slack, clock: Callable[[], datetime]
    ) -> _Parts:
        inbox = history.inbox
        return cls(
            settings=settings,
            desk=desk,
            history=history,
            inbox=inbox,
            slack=slack,
            channels=ReviewChannels(desk, SURFACE, settings.review_channels, settings.guideline),
            supervisors=Supervisors(slack, desk, settings.slack_supervisors, time.monotonic),
            counter=Counter(slack, inbox, clock),
            refreshing=Refreshing(desk, inbox, clock),
            clock=clock,
        )


class _Listener(Protocol):
    def listen(self, app: AsyncApp) -> None:
        """Register what answers commands, buttons and forms."""


def _readers(parts: _Parts) -> Mapping[str, Reader]:
    return {
        "message": drafts_reader(parts.channels, parts.settings.review_bots),
        "app_home_opened": home_opened,
        "member_joined_channel": bot_joined,
    }


def _listeners(parts: _Parts, files: SlackFiles) -> Sequence[_Listener]:
    desk, slack, supervisors, clock = parts.desk, parts.slack, parts.supervisors, parts.clock
    private = PrivateChecks(desk, slack, files, parts.channels)
    history = DraftHistory(desk, slack, supervisors, clock)
    words = AllowList(desk, supervisors, parts.refreshing)
    reference = Reference(desk, parts.channels)
    setup = Setup(
        desk=desk,
        slack=slack,
        supervisors=supervisors,
        channels=parts.channels,
        guidelines=choosable_guidelines(parts.settings),
        clock=clock,
    )
    answers = {
        "help": answer_help,
        "history": history.answer,
        "export": ExportRequests(parts.inbox, supervisors, clock).answer,
        "words": words.answer,
        "rules": reference.rules,
        "clause": reference.clause,
        "setup": setup.answer,
    }
    return (
        Commands(answers, text=private.text, nothing=private.nothing),
        private,
        history,
        words,
        reference,
        setup,
        Home(desk, slack, supervisors, clock),
        DecisionForms(desk, parts.counter, supervisors),
        DisputeForms(desk, parts.counter, supervisors),
        RevisionForms(desk, parts.counter),
    )


def _handlers(parts: _Parts, files: SlackFiles) -> Mapping[tuple[str, str], Handler]:
    desk, slack, supervisors, counter = parts.desk, parts.slack, parts.supervisors, parts.counter
    thread = Thread(slack, desk)
    answering = Answering(desk, thread, parts.channels)
    direct = Direct(slack)
    overdue = Overdue(desk, supervisors, parts.settings.remind_after)
    return {
        (SURFACE, VERSION): AnswerVersion(desk, files, thread, answering, parts.settings.review_bots),
        (SURFACE, DELETION): NoteWithdrawal(desk, thread, answering),
        (SURFACE, RETRACTION): NoteRetraction(desk, thread, answering),
        (SURFACE, REVISION): Revise(desk, thread, answering, counter),
        (SURFACE, DISPUTED): RaiseDispute(desk, thread, counter, supervisors),
        (SURFACE, RULED): Rule(desk, thread, counter, supervisors, parts.refreshing),
        (SURFACE, REFRESH): Refresh(thread),
        (SURFACE, DECISION): Decide(desk, thread, counter, supervisors),
        (SURFACE, HOME): Home(desk, slack, supervisors, parts.clock),
        (SURFACE, EXPORT): Export(desk, slack, supervisors, direct),
        (SURFACE, WELCOME): Welcome(direct, parts.channels),
        (SURFACE, REMINDERS): BeginReminders(parts.inbox, overdue),
        (SURFACE, REMINDER): Remind(slack, direct, overdue),
        (SURFACE, CATCH_UP): _catch_up(parts),
        (SURFACE, MISSED): TellMissed(direct),
        (SURFACE, WAITING): TellWaiting(slack, parts.inbox),
    }


def _catch_up(parts: _Parts) -> CatchUp:
    gaps = Gaps(
        desk=parts.desk,
        watermarks=parts.history.watermarks,
        slack=parts.slack,
        bots=parts.settings.review_bots,
        reach=parts.settings.catch_up or timedelta(),
        clock=parts.clock,
    )
    return CatchUp(
        gaps=gaps,
        inbox=parts.inbox,
        slack=parts.slack,
        channels=parts.channels,
        supervisors=parts.supervisors,
        clock=parts.clock,
    )


def _catch_up_clock(parts: _Parts, connection: SocketConnection | None) -> list[CatchUpClock]:
    """Return what begins the reading of channels: on every connection, or at once where Slack connects to us."""
    if parts.settings.catch_up is None:
        return []
    clock = CatchUpClock(SURFACE, parts.inbox, parts.clock)
    if connection:
        connection.on_connected(clock.connected)
    else:
        clock.connected()
    return [clock]


def drafts_reader(channels: ReviewChannels, bots: Collection[str]) -> Reader:
    """Return what reads the messages of review channels; ``bots`` may write drafts too."""

    async def read(body: Mapping[str, Any], received_at: datetime) -> Item | None:
        item = item_of(body, bots, received_at)
        # The database is asked only about what would be stored.
        if item is None or await channels.review(item.payload["team"], item.payload["channel"]) is None:
            return None
        return item

    return read


def choosable_guidelines(settings: Settings) -> Mapping[str, Guideline]:
    """Return the guidelines that supervisors may choose: the default one first, those of channels, those shipped."""
    names = (settings.guideline, *settings.review_channels.values(), *Guideline.shipped())
    return {name: Guideline.load(name) for name in dict.fromkeys(names)}
