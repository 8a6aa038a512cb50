"""One service and one Slack per module and mode; each test takes a review channel of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.doubles.slack import Room, SlackDouble
from tests.e2e.leaks import leaks
from tests.e2e.service import CHANNELS, Mode, Service


@pytest.fixture(scope="module", params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> Mode:
    """How Slack reaches the service."""
    chosen: Mode = request.param
    return chosen


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack(mode: Mode) -> AsyncIterator[SlackDouble]:
    """A Slack workspace; a new one for each mode."""
    assert mode
    async with SlackDouble() as double:
        yield double


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Environment variables on top of the usual ones; a module may have its own."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(
    slack: SlackDouble, mode: Mode, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """A running service. At its end its log holds no word of what it was told, at no level."""
    running = Service(slack, mode, tmp_path_factory.mktemp(mode), **settings)
    await running.start()
    yield running
    assert await running.stop() == 0, running.log
    assert leaks(running.log, slack) == []


@pytest.fixture(scope="module")
def fresh_channels(slack: SlackDouble) -> Iterator[Room]:
    """Review channels that no test of the module has used."""
    return (slack.channel(channel) for channel in CHANNELS)


@pytest.fixture
def review(fresh_channels: Iterator[Room], service: Service) -> Room:
    """A review channel of one test, watched by the running service."""
    assert service.environment["SNS_CHECK_REVIEW_CHANNELS"]
    return next(fresh_channels)
