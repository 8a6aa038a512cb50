"""Kills, disconnects and restarts, one after the other: at most one replica of a town is down at a time."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.chaos.pace import Pace
from tests.chaos.plan import Blow, Strike
from tests.chaos.town import Town
from tests.postgres import Postgres

LOST_ACKNOWLEDGEMENTS = 5


async def strike_all(town: Town, pace: Pace) -> Counter[Strike]:
    """Let every blow of the plan fall when it is due; returns how many did, by what they were."""
    fallen: Counter[Strike] = Counter()
    for blow in town.plan.blows:
        await pace.reached(blow.at)
        await asyncio.sleep(blow.delay)
        await _strike(town, blow)
        fallen[blow.strike] += 1
        await pace.fallen()
    return fallen


async def _strike(town: Town, blow: Blow) -> None:
    sockets = town.slack.socket_mode
    match blow.strike:
        case Strike.KILL:
            replica = town.replicas[blow.replica]
            assert replica.running, f"ended by itself\n{replica.log[-2_000:]}"
            await replica.kill()
            await asyncio.sleep(blow.down)
            await replica.start()
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


async def _restart(postgres: Postgres | None, blow: Blow) -> None:
    assert postgres is not None
    await asyncio.to_thread(postgres.stop, "fast" if blow.strike is Strike.STOP_DATABASE else "immediate")
    await asyncio.sleep(blow.down)
    await asyncio.to_thread(postgres.start)
