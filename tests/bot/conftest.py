"""What is kept is kept alike: tests of the history and of the desk run on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.history import History
from bot.history.upkeep import upgrade
from tests.bot.office import Office
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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema and nothing in it: to copy it takes a tenth of what migrating does."""
    file = tmp_path_factory.mktemp("migrated") / "history.sqlite3"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}", ()))
    return file


@pytest.fixture
async def history(url: str, migrated: Path) -> AsyncIterator[History]:
    address = make_url(url)
    if address.database and address.get_backend_name() == "sqlite":
        shutil.copy(migrated, address.database)
    async with History.open(url) as history:
        yield history


@pytest.fixture
def office(history: History) -> Office:
    return Office(history)
