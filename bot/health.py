"""What container engines, load balancers and Prometheus ask of a running process.

``/healthz``: whether it is alive. ``/readyz``: whether every part can do its work, else the names of those that cannot.
``/metrics``: its figures (``bot.metrics``), for neighbours only. None of them tells a reason, which may hold addresses
or worse; the log does.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.desk import Desk
from bot.faults import describe
from bot.history import History
from bot.history.inbox import Backlog
from bot.metrics import Metrics
from rules.tokens import tokenize

log = structlog.get_logger(__name__)

ALIVE: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"

CHECK_SECONDS: Final = 3.0
"""How long a part may take to answer: less than a probe waits."""

Check = Callable[[], Awaitable[bool]]
"""Asks one part whether it can do its work; raising is a no."""

_GIVEN_UP: Final[set[asyncio.Future[Any]]] = set()
"""Questions that are coming to their end: the loop itself would forget them."""
T = TypeVar("T")

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
"""What a reverse proxy adds to requests from outside."""


class Readiness:
    """The parts of a process, by name, and how each is asked."""

    def __init__(self, checks: Mapping[str, Check], metrics: Metrics) -> None:
        self._checks = checks
        self._metrics = metrics
        self._known: list[str] = []

    async def failing(self) -> list[str]:
        """Ask all parts at once; return the names of those that cannot do their work. Each change is logged."""
        answers = await asyncio.gather(*(self._ask(part) for part in self._checks))
        failing = [part for part, ready in zip(self._checks, answers, strict=True) if not ready]
        if failing != self._known:
            log.warning("not_ready", parts=failing) if failing else log.info("ready")
            self._known = failing
        return failing

    async def _ask(self, part: str) -> bool:
        try:
            ready = await _promptly(self._checks[part])
        except Exception as error:  # noqa: BLE001 - whatever it was, the part does not work
            log.debug("part_not_ready", part=part, **describe(error))
            ready = False
        self._metrics.show_ready(part, ready=ready)
        return ready


def house_checks(history: History, desk: Desk, guidelines: Collection[str]) -> dict[str, Check]:
    """Return the checks of what every surface stands on: ``guidelines`` are the names of those in use."""

    async def database() -> bool:
        await history.check()
        return True

    async def dictionary() -> bool:
        return bool(tokenize("確認"))

    async def loaded() -> bool:
        for name in guidelines:
            await desk.guideline(name)
        return True

    return {"database": database, "schema": history.is_current, "dictionary": dictionary, "guidelines": loaded}


def health_routes(readiness: Readiness) -> list[Route]:
    """Return ``/healthz``, which asks nobody, and ``/readyz``."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        failing = await readiness.failing()
        return JSONResponse({"ready": not failing, "failing": failing}, status_code=503 if failing else 200)

    return [Route(ALIVE, healthz), Route(READY, readyz)]


def metrics_route(
    metrics: Metrics,
    readiness: Readiness,
    backlog: Callable[[], Awaitable[Backlog]],
    clock: Callable[[], datetime],
) -> Route:
    """Return ``/metrics``. Whoever comes from the internet, or through a proxy, finds nothing there."""

    async def figures(request: Request) -> Response:
        if not is_neighbour(request):
            return PlainTextResponse("Not Found", status_code=404)
        await readiness.failing()
        metrics.show_backlog(await _within_reason(backlog), clock())
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return Route(METRICS, figures)


def is_neighbour(request: Request) -> bool:
    """Tell whether a request comes straight from this machine or a private network: from Prometheus, as a rule."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return not ipaddress.ip_address(request.client.host).is_global
    except ValueError:
        return False


async def _promptly(ask: Callable[[], Awaitable[T]]) -> T:
    """Answer within ``CHECK_SECONDS`` or raise ``TimeoutError``. What was asked is given up and not waited for.

    A driver takes its time to give up a question to a database that hangs; a probe does not.
    """
    question = asyncio.ensure_future(ask())
    await asyncio.wait({question}, timeout=CHECK_SECONDS)
    if not question.done():
        question.add_done_callback(_let_go)
        question.cancel()
        _GIVEN_UP.add(question)
        raise TimeoutError
    return question.result()


def _let_go(question: asyncio.Future[Any]) -> None:
    _GIVEN_UP.discard(question)
    if not question.cancelled():
        question.exception()  # nobody asks any more


async def _within_reason(backlog: Callable[[], Awaitable[Backlog]]) -> Backlog | None:
    try:
        return await _promptly(backlog)
    except Exception as error:  # noqa: BLE001 - figures without it are better than none
        log.debug("backlog_unknown", **describe(error))
        return None
