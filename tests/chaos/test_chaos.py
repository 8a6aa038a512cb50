"""A short run of the proof: real processes, killed while a town works with them. ``make chaos`` is the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.plan import Size, plan
from tests.chaos.run import run

SEED = 20261121
"""Fixed, so that a failure is about what was changed. ``make chaos`` takes a new one each time."""


@pytest.mark.asyncio
async def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    results = await run(plan(SEED, two=Size(30, 3, database_restarts=1), one=Size(15, 1)), tmp_path)
    broken = [
        (result.name, check.promise, check.broken) for result in results for check in result.checks if check.broken
    ]
    assert broken == []
    assert all(result.strikes.total() for result in results)
