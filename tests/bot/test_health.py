"""``/healthz``, ``/readyz`` and ``/metrics``: names of parts and figures, and never a reason that tells more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from bot import health
from bot.desk import Desk, Reviewers
from bot.health import Check, Readiness, health_routes, house_checks, metrics_route
from bot.history import History
from bot.history.database import connect
from bot.history.inbox import Backlog
from bot.metrics import Metrics

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def fine() -> bool:
    return True


async def ask(
    path: str, *, client: str = "127.0.0.1", headers: dict[str, str] | None = None, **checks: Check
) -> httpx.Response:
    async def backlog() -> Backlog:
        return Backlog(0, None)

    metrics = Metrics()
    readiness = Readiness(checks, metrics)
    app = Starlette(routes=[*health_routes(readiness), metrics_route(metrics, readiness, backlog, lambda: NOW)])
    transport = httpx.ASGITransport(app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        return await asking.get(path, headers=headers)


async def test_a_process_that_answers_is_alive_whatever_its_database_does() -> None:
    async def never() -> bool:
        return await asyncio.Event().wait()

    assert (await ask("/healthz", database=never)).status_code == 200


async def test_a_question_that_cannot_be_taken_back_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.05)
    released, ended = asyncio.Event(), asyncio.Event()

    async def stubborn() -> bool:
        try:
            return await asyncio.Event().wait()
        finally:
            await released.wait()
            ended.set()

    answer = await ask("/readyz", database=stubborn)
    assert (answer.json()["failing"], ended.is_set()) == (["database"], False)
    released.set()
    await ended.wait()


async def test_all_parts_ready() -> None:
    answer = await ask("/readyz", database=fine, slack=fine)
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "failing": []})


async def test_parts_that_fail_are_named_without_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.05)

    async def refused() -> bool:
        raise OperationalError("SELECT 1", {}, Exception("postgresql://sns:secret@db"))

    async def hanging() -> bool:
        return await asyncio.Event().wait()

    async def not_yet() -> bool:
        return False

    answer = await ask("/readyz", database=refused, schema=hanging, slack=not_yet, worker=fine)
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "failing": ["database", "schema", "slack"]})


async def test_the_house_is_ready_until_its_schema_is_another(url: str) -> None:
    async with History.open(url) as history:
        desk = Desk(history, Reviewers(), lambda: NOW)
        await desk.guideline("chiba")  # as serve does before it answers anybody; it may take longer than a check
        readiness = Readiness(house_checks(history, desk, ["chiba"]), Metrics())
        assert await readiness.failing() == []
        async with connect(url) as database, database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
        assert await readiness.failing() == ["schema"]


@pytest.mark.parametrize("client", ["127.0.0.1", "10.1.2.3", "192.168.0.7", "100.64.0.9", "::1", "fd00::1"])
async def test_figures_are_for_neighbours(client: str) -> None:
    answer = await ask("/metrics", client=client, slack=fine)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'sns_check_ready{part="slack"} 1.0' in answer.text


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("8.8.8.8", {}),
        ("2001:4860:4860::8888", {}),
        ("somewhere", {}),
        ("10.1.2.3", {"X-Forwarded-For": "8.8.8.8"}),
        ("127.0.0.1", {"Forwarded": "for=8.8.8.8"}),
        ("127.0.0.1", {"X-Real-IP": "8.8.8.8"}),
    ],
)
async def test_others_find_none(client: str, headers: dict[str, str]) -> None:
    answer = await ask("/metrics", client=client, headers=headers)
    assert (answer.status_code, answer.text) == (404, "Not Found")


async def test_figures_do_without_a_database() -> None:
    async def refused() -> Backlog:
        raise ConnectionRefusedError

    metrics = Metrics()
    app = Starlette(routes=[metrics_route(metrics, Readiness({}, metrics), refused, lambda: NOW)])
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert "sns_check_queue_items NaN" in (await client.get("/metrics")).text
