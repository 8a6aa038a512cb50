"""The least that a web server can do with a delivery: take it and say so. What the service does is compared with it."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def _take(request: Request) -> Response:
    await request.body()
    return Response()


app = Starlette(routes=[Route("/slack/events", _take, methods=["POST"])])
