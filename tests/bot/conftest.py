"""What is kept is kept alike: tests of the history and of the desk run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.history import History
from tests.bot.office import Office
from tests.bot.sqlite_files import sqlite_in
from tests.postgres import Postgres, running_postgres


@pytest.fixture(autouse=True)
def _nobody_looks_for_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests set the clock forward: on a busy machine a draft may seem late. Those about it look themselves."""
    monkeypatch.setattr("bot.waiting.LOOK_SECONDS", 3_600.0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database().replace("postgresql:", "postgresql+psycopg:")


@pytest.fixture
async def history(url: str, tmp_path: Path) -> AsyncIterator[History]:
    if url.startswith("sqlite"):
        assert await sqlite_in(tmp_path) == url
    async with History.open(url) as history:
        yield history


@pytest.fixture
def office(history: History) -> Office:
    return Office(history)
