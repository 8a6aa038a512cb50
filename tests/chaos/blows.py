"""Kills, disconnects and restarts, in the plan's rows: all replicas of a town may be down at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from tests.chaos.pace import Pace
from tests.chaos.plan import Blow, Strike
from tests.chaos.town import Town
from tests.e2e.service import Service
from tests.postgres import Postgres

LOST_ACKNOWLEDGEMENTS = 5
STARTS = 10
"""How often a replica is started that ends by itself, as systemd does: the database may be away too."""


async def strike_all(town: Town, pace: Pace) -> Counter[Strike]:
    """Let every blow of the plan fall when it is due; returns how many did, by what they were."""
    fallen: Counter[Strike] = Counter()

    async def strike_row(row: Sequence[Blow]) -> None:
        for blow in row:
            await pace.reached(blow.at)
            await asyncio.sleep(blow.delay)
            await _strike(town, blow)
            fallen[blow.strike] += max(1, blow.kills)
            await pace.fallen(blow.at)

    async with asyncio.TaskGroup() as group:
        for row in town.plan.rows_of_blows:
            group.create_task(strike_row(row))
    return fallen


async def _strike(town: Town, blow: Blow) -> None:
    sockets = town.slack.socket_mode
    match blow.strike:
        case Strike.KILL:
            await _kill(town.replicas[blow.replica], blow)
        case Strike.DROP:
            await sockets.drop()
        case Strike.REFRESH:
            await sockets.disconnect("refresh_requested")
        case Strike.HALF_OPEN:
            sockets.half_open()
        case Strike.LOSE_ACKNOWLEDGEMENTS:
            town.slack.courier.lose_acknowledgements(LOST_ACKNOWLEDGEMENTS)
        case Strike.STOP_DATABASE | Strike.CRASH_DATABASE:
            await _restart(town.postgres, blow)


async def _kill(replica: Service, blow: Blow) -> None:
    assert replica.running, f"ended by itself\n{replica.log[-2_000:]}"
    await replica.kill()
    await asyncio.sleep(blow.down)
    if blow.again is not None:
        await replica.launch()
        await asyncio.sleep(blow.again)
        await replica.kill()
    for _ in range(STARTS - 1):
        try:
            await replica.start()
        except AssertionError:
            if replica.running:
                raise
        else:
            return
    await replica.start()


async def _restart(postgres: Postgres | None, blow: Blow) -> None:
    assert postgres is not None
    await asyncio.to_thread(postgres.stop, "fast" if blow.strike is Strike.STOP_DATABASE else "immediate")
    await asyncio.sleep(blow.down)
    await asyncio.to_thread(postgres.start)
