"""``sns-check serve``: puts the parts together, runs every surface that is configured, and ends in good order.

Slack and Teams as they are configured, over one worker and one port; neither: the console. With nothing but Slack's
Socket Mode the port serves nothing but what ``bot.health`` does, so that a container is watched the same way whatever
the surface.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog
from starlette.routing import Route

from bot import log as logs
from bot.console import is_loopback, open_console
from bot.desk import Desk, Reviewers
from bot.egress import tls_context
from bot.environment import unheard_of
from bot.health import Check, Readiness, health_routes, house_checks, metrics_route
from bot.history import History, HistoryError, Keeping
from bot.links import LinkCheck, link_check
from bot.metrics import MeteredHandler, Metrics
from bot.retention import erasing
from bot.settings import Settings
from bot.storage import open_history
from bot.web import WebServer, application
from bot.worker import Handler, Worker
from rules import RulesError

log = structlog.get_logger(__name__)

USAGE: Final = 2
"""Exit code for what the administrator has to mend."""

END_SECONDS: Final = 1.5
"""How long it may take, after what was begun is finished or given back, to let go of connections."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class CannotStartError(Exception):
    """The program cannot start with these settings on this machine. ``str(error)`` is a Japanese sentence."""


class _Stop:
    """The wish that the process ends, and the seconds it has for that once it is uttered.

    What answers nobody any more (a frozen database, a thread that is busy) would keep the process alive for as long as
    it pleases. Ending in the midst loses nothing: what was in hand has a lease, which ends soon.
    """

    def __init__(self, within: float) -> None:
        self._within = within
        self._uttered = asyncio.Event()

    def utter(self, status: int = 0) -> None:
        """Ask the process to end, if nobody has yet. ``status`` is what it ends with if it has to be ended."""
        if self._uttered.is_set():
            return
        self._uttered.set()
        # A thread, since the event loop is among what may hang; it lasts until the interpreter has ended as well.
        patience = threading.Timer(self._within, _end_at_once, [status])
        patience.daemon = True
        patience.start()

    async def wait(self) -> None:
        """Wait until somebody asks for it."""
        await self._uttered.wait()


def _end_at_once(status: int) -> None:
    log.warning("stopped_in_the_midst")
    os._exit(status)


def run(settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit code: 2 if it could not start (said on stderr), else 0."""
    logs.configure(settings.log_level, settings.log_format)
    for variable, meant in unheard_of(Settings.names(), os.environ).items():
        log.warning("setting_unknown", variable=variable, meant=meant)
    try:
        asyncio.run(_serve(settings, _Stop(settings.drain_seconds + END_SECONDS)))
    except (CannotStartError, HistoryError, RulesError) as error:
        print(f"エラー：{error}", file=sys.stderr)  # noqa: T201 - this is a command
        return USAGE
    return 0


async def _serve(settings: Settings, stop: _Stop) -> None:
    _refuse_strangers(settings)
    _listen_for_signals(stop)
    listener = _bind(settings.host, settings.port)
    async with AsyncExitStack() as stack:
        stack.callback(listener.close)
        history = await stack.enter_async_context(open_history(settings))
        await stack.enter_async_context(erasing(history, settings.retention_days, _now, Keeping(settings.store_text)))
        tls = tls_context(settings.ca_file)
        links = await stack.enter_async_context(link_check(tls)) if settings.follow_links else None
        with _lasting():
            house = await _House.open(settings, history, links)
        if settings.slack or settings.teams:
            await _run_surfaces(house, listener, stop)
        else:
            await _run_console(house, listener, stop)
    log.info("stopped")


def _refuse_strangers(settings: Settings) -> None:
    """Raise ``CannotStartError`` where others could reach what asks nobody who they are."""
    if is_loopback(settings.host):
        return
    if settings.teams == "anonymous":
        raise CannotStartError(
            "SNS_CHECK_TEAMS_ANONYMOUS を true にすると、だれからの配信も受け付けるため、"
            f"SNS_CHECK_HOST の「{settings.host}」では始められません。"
            "127.0.0.1 を指定するか、TEAMS_CLIENT_ID などを指定して SNS_CHECK_TEAMS_ANONYMOUS をやめてください。"
        )
    if settings.slack is None and settings.teams is None:
        raise CannotStartError(
            "確認画面はこのコンピューターの中だけで使うものなので、"
            f"SNS_CHECK_HOST の「{settings.host}」では開けません。"
            "127.0.0.1 を指定するか、指定をやめてください。"
        )


@contextmanager
def _lasting() -> Iterator[None]:
    """Have the garbage collector pass over what is there at the end of the block, and let it rest meanwhile.

    Rules stay until the process ends. Looking through them took a quarter of a second again and again, in which nobody
    was answered, and an eighth of the start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@dataclass(frozen=True, slots=True)
class _House:
    """What every surface stands on."""

    settings: Settings
    history: History
    desk: Desk
    metrics: Metrics
    guidelines: Collection[str]
    """Names of all that are configured."""

    @classmethod
    async def open(cls, settings: Settings, history: History, links: LinkCheck | None) -> _House:
        """Load all configured guidelines: a broken rule file is found now, not in a thread."""
        reviewers, metrics = Reviewers(), Metrics()
        desk = Desk(history, reviewers, _now, links, metrics)
        chosen = (*settings.review_channels.values(), *settings.teams_channels.values())
        guidelines = tuple(dict.fromkeys((settings.guideline, *chosen)))
        for name in guidelines:
            metrics.built_with((await reviewers.get(name)).versions)
        return cls(settings, history, desk, metrics, guidelines)

    def watched(self, **checks: Check) -> list[Route]:
        """Return the routes that tell how the house is, and the parts that a surface has besides."""
        own = house_checks(self.history, self.desk, self.guidelines)
        readiness = Readiness({**own, **checks}, self.metrics)
        figures = metrics_route(self.metrics, readiness, self.history.inbox.backlog, _now)
        return [*health_routes(readiness), *([figures] if self.settings.metrics else ())]


async def _run_console(house: _House, listener: socket.socket, stop: _Stop) -> None:
    settings = house.settings
    app = await open_console(house.desk, guideline=settings.guideline, clock=_now, routes=house.watched())
    await _work(stop, listener, WebServer(app, settings.drain_seconds), None, "ブラウザーで {} を開いてください。")


class _Surface(Protocol):
    """What people use over a network, and the worker does the work of."""

    handlers: Mapping[tuple[str, str], Handler]
    routes: list[Route]

    async def is_connected(self) -> bool:
        """Tell whether it can work."""

    async def start(self) -> None:
        """Begin to receive."""

    async def close(self) -> None:
        """Let go of all connections, once the worker has stopped."""


async def _run_surfaces(house: _House, listener: socket.socket, stop: _Stop) -> None:
    settings, inbox = house.settings, house.history.inbox
    async with AsyncExitStack() as stack:
        surfaces = await _open_surfaces(house, stack)
        handlers = {
            kind: MeteredHandler(each, house.metrics, _now)
            for surface in surfaces.values()
            for kind, each in surface.handlers.items()
        }
        worker = Worker(inbox, handlers, clock=_now, drain_seconds=settings.drain_seconds)

        async def working() -> bool:
            return worker.is_alive

        own = [route for surface in surfaces.values() for route in surface.routes]
        checks = {name.lower(): surface.is_connected for name, surface in surfaces.items()}
        routes = [*own, *house.watched(**checks, worker=working)]
        for surface in surfaces.values():
            await surface.start()
        web = WebServer(application(routes), settings.drain_seconds)
        await _work(stop, listener, web, worker, f"{'と'.join(surfaces)}の投稿を確認しています（{{}}）。")


async def _open_surfaces(house: _House, stack: AsyncExitStack) -> Mapping[str, _Surface]:
    """Return what is configured, by its name. What is not is not even imported: both bring libraries of some size."""
    surfaces: dict[str, _Surface] = {}
    settings, parts = house.settings, (house.settings, house.desk, house.history)
    if settings.slack:
        from bot.slack.surface import open_slack  # noqa: PLC0415 - see above

        surfaces["Slack"] = await open_slack(*parts, metrics=house.metrics, clock=_now)
        stack.push_async_callback(surfaces["Slack"].close)
    if settings.teams:
        from bot.teams.surface import open_teams  # noqa: PLC0415 - see above

        surfaces["Teams"] = await open_teams(*parts, metrics=house.metrics, clock=_now)
        stack.push_async_callback(surfaces["Teams"].close)
    return surfaces


async def _work(stop: _Stop, listener: socket.socket, web: WebServer, worker: Worker | None, greeting: str) -> None:
    """Run the web server and the worker until ``stop``, then let both finish what they have in hand.

    If one of them ends by itself it is broken: the other is brought to its end and the error raised.
    """
    listener.listen()  # from here on connections wait instead of being refused, so the greeting is true
    print(greeting.format(_address(listener)), "終わるときは Ctrl+C を押してください。", flush=True)  # noqa: T201 - a command
    log.info("started", address=_address(listener))
    tasks = [asyncio.create_task(web.serve([listener]))]
    if worker:
        tasks.append(asyncio.create_task(worker.run()))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    stop.utter(status=1)  # unless somebody has asked: then one of them is broken
    log.info("stopping")
    web.should_exit = True
    if worker:
        worker.stop()
    await asyncio.gather(*tasks)


def _listen_for_signals(stop: _Stop) -> None:
    """Utter ``stop`` at the first signal; a second one ends the process at once."""
    loop = asyncio.get_running_loop()

    def begin_to_stop() -> None:
        stop.utter()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, begin_to_stop)


def _bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, not listening yet. Raises ``CannotStartError``."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise CannotStartError(
            f"SNS_CHECK_HOST の「{host}」は見つかりません。このコンピューターのアドレスを指定してください。"
        ) from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise CannotStartError(_why_not_bound(error, host, port)) from None
    return listener


def _why_not_bound(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"ポート {port} は、ほかのプログラムが使っています。SNS_CHECK_PORT で別の番号を指定してください。"
    if error.errno == errno.EACCES:
        return f"ポート {port} を使う権限がありません。SNS_CHECK_PORT で1024以上の番号を指定してください。"
    return f"SNS_CHECK_HOST の「{host}」は、このコンピューターのアドレスではありません。"


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"


def _now() -> datetime:
    return datetime.now(UTC)
