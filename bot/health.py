"""``/healthz``: whether this process can do its work, for container engines and load balancers. Tells nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.faults import describe

log = structlog.get_logger(__name__)

PATH = "/healthz"


def health_route(check: Callable[[], Awaitable[None]]) -> Route:
    """Return the route. It answers 200 when ``check`` returns, and 503 when the database does not answer."""

    async def healthz(_request: Request) -> Response:
        try:
            await check()
        except (SQLAlchemyError, OSError) as error:
            log.warning("unhealthy", **describe(error))
            return PlainTextResponse("database unreachable\n", status_code=503)
        return PlainTextResponse("ok\n")

    return Route(PATH, healthz)
