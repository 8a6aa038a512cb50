"""The console over a real desk and a real database of one test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest

from bot.console import open_console
from bot.desk import Desk, Reviewers
from bot.history import History

ORIGIN = "http://127.0.0.1:8080"
REVIEWERS = Reviewers()  # loaded once for all tests


_seconds = count()


def clock() -> datetime:
    """Every look at the clock is a second later than the one before."""
    return datetime(2026, 11, 21, 3, 0, tzinfo=UTC) + timedelta(seconds=next(_seconds))


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    async with History.open(f"sqlite+aiosqlite:///{tmp_path}/history.sqlite3") as opened:
        yield opened


@pytest.fixture
def desk(history: History) -> Desk:
    return Desk(history, REVIEWERS, clock)


@pytest.fixture
async def console(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = await open_console(desk, guideline="chiba", clock=clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client
