"""The least that an app can do with a delivery: take it and say so. What the service does is compared with it.

``python -m tests.load.echo http PORT`` or ``… socket URL-OF-THE-WEB-API APP-TOKEN``.
"""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def _take(request: Request) -> Response:
    await request.body()
    return Response()


def _serve(port: int) -> None:
    app = Starlette(routes=[Route("/slack/events", _take, methods=["POST"])])
    uvicorn.run(app, port=port, log_level="error")


async def _listen(api_url: str, app_token: str) -> None:
    headers = {"Authorization": f"Bearer {app_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{api_url}apps.connections.open", headers=headers) as response:
            address = (await response.json())["url"]
        async with session.ws_connect(address) as socket:
            async for frame in socket:
                envelope = frame.json()
                if "envelope_id" in envelope:
                    await socket.send_json({"envelope_id": envelope["envelope_id"]})


if __name__ == "__main__":
    if sys.argv[1] == "http":
        _serve(int(sys.argv[2]))
    else:
        asyncio.run(_listen(*sys.argv[2:]))
