"""What measures the load, at a load that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.slack import SlackDouble
from tests.load.measure import LOST, acknowledged, answered, memory, post_steadily, running_echo, running_service
from tests.load.search import highest


@pytest.mark.parametrize("limit", [0.5, 8.0, 50.0, 75.0, 333.0, 3_000.0])
async def test_the_highest_rate_is_found_and_not_exceeded(limit: float) -> None:
    asked = []

    async def is_borne(rate: float) -> bool:
        asked.append(rate)
        return rate <= limit

    found = await highest(is_borne, 50.0, looks=12)
    assert 0.9 * limit <= found <= limit
    assert len(asked) <= 12


async def test_the_search_ends_where_nothing_is_borne() -> None:
    async def is_borne(_: float) -> bool:
        return False

    assert await highest(is_borne, 50.0) == 0


async def test_times_and_memory_are_taken_in_socket_mode(tmp_path: Path) -> None:
    async with SlackDouble() as slack, running_echo(slack, "socket"):
        posted, _ = await post_steadily(slack, 20.0, 0.5)
        echo = await acknowledged(slack, posted, 30)
    async with SlackDouble() as slack, running_service(slack, "socket", tmp_path / "service") as service:
        posted, rate = await post_steadily(slack, 20.0, 0.5)
        assert (len(posted), 0 < rate < 40) == (10, True)
        taken = await acknowledged(slack, posted, 30)
        given = await answered(slack, posted, 60)
        assert memory(service.pid) > 50
    assert 0 < echo.p50 <= echo.p99 < LOST
    assert 0 < taken.p50 < given.p50 <= given.p99
