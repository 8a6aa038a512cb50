"""One service and one Teams per module; each test takes a review channel of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.doubles.teams import Person, Room, TeamsDouble
from tests.e2e.leaks import teams_leaks
from tests.e2e.teams.service import CHANNELS, TeamsService


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as double:
        yield double


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(
    teams: TeamsDouble, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TeamsService]:
    """A running service. At its end its log holds no word of what it was told, at no level."""
    running = TeamsService(teams, tmp_path_factory.mktemp("teams"), **settings)
    await running.start()
    yield running
    assert await running.stop() == 0, running.log
    assert teams_leaks(running.log, teams) == []


@pytest.fixture(scope="module")
def fresh_channels(teams: TeamsDouble) -> Iterator[Room]:
    return (teams.channel(channel) for channel in CHANNELS)


@pytest.fixture
def review(fresh_channels: Iterator[Room], service: TeamsService) -> Room:
    """A review channel of one test, watched by the running service."""
    assert service.running
    return next(fresh_channels)


@pytest.fixture
def staff(teams: TeamsDouble) -> Person:
    return teams.person("佐藤")
