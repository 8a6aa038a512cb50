"""SIGTERM ends the process in the time that was promised, whatever hangs, and nothing is lost by it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.doubles.slack import SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, Mode, Service
from tests.postgres import Postgres, running_postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")

DRAIN = 3
AT_THE_LATEST = DRAIN + 12.0
"""Seconds after SIGTERM: two besides ``DRAIN`` are promised, a busy machine gets ten more, a driver takes thirty."""


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "socket"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(
    slack: SlackDouble, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    settings = {"SNS_CHECK_DATABASE_URL": postgres.new_database(), "SNS_CHECK_DRAIN_SECONDS": str(DRAIN)}
    running = Service(slack, "socket", tmp_path_factory.mktemp("stopping"), **settings)
    await running.start()
    yield running
    assert await running.stop() == 0


async def test_a_database_that_hangs_does_not_keep_the_process_from_ending(
    slack: SlackDouble, service: Service, postgres: Postgres
) -> None:
    room = slack.channel(CHANNELS[0])
    before = room.post("U1", drafts.INSULT)
    await before.answer(within=60)
    with postgres.frozen():
        during = room.post("U1", drafts.INSULT)
        await slack.until(lambda: during.deliveries[0].attempts)
        asked = time.monotonic()
        assert await service.stop() == 0
        took = time.monotonic() - asked
    assert took < AT_THE_LATEST
    await service.start()
    assert drafts.INSULT_LABEL in (await during.answer(within=60)).reading.text
    assert (len(before.answers), len(during.answers)) == (1, 1)
