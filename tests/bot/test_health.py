"""``/healthz``: 200 while the database answers, 503 when it does not, and never a reason that tells more."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from bot.health import PATH, health_route


async def ask(error: Exception | None) -> httpx.Response:
    async def check() -> None:
        if error:
            raise error

    transport = httpx.ASGITransport(Starlette(routes=[health_route(check)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(PATH)


async def test_a_database_that_answers_is_healthy() -> None:
    assert (await ask(None)).status_code == 200


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT 1", {}, Exception("secret")), ConnectionRefusedError("secret")]
)
async def test_a_database_that_does_not_is_told_without_its_words(error: Exception) -> None:
    answer = await ask(error)
    assert answer.status_code == 503
    assert "secret" not in answer.text
