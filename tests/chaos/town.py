"""An installation: Slack's double, a database, and the replicas of the service, which share nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.history import History
from tests.chaos.plan import CHANNELS, TownPlan
from tests.doubles.slack import SlackDouble
from tests.doubles.slack.delivery import calm
from tests.e2e.service import Mode, Service
from tests.postgres import Postgres, running_postgres

CHIEFS = "S8CHIEFS"
"""The user group of those who decide."""
RETRIES_AFTER = (0.0, 10.0, 50.0)
"""Seconds before Slack sends something again: a sixth of the real times, so that a run takes minutes."""
SETTLES_WITHIN = 90.0


class Town:
    """What a run has in hand of one town."""

    def __init__(
        self,
        plan: TownPlan,
        slack: SlackDouble,
        replicas: tuple[Service, ...],
        database: str,
        postgres: Postgres | None,
    ) -> None:
        self.plan = plan
        self.slack = slack
        self.replicas = replicas
        self.postgres = postgres
        self.database = database

    @property
    def logs(self) -> Iterator[tuple[str, str]]:
        """Everything that was written on a machine of the town, by who wrote it."""
        for number, replica in enumerate(self.replicas, 1):
            yield f"replica {number}", replica.log
        if self.postgres:
            yield "PostgreSQL", self.postgres.log

    def misbehave(self) -> None:
        """Let events travel badly and calls go wrong from now on."""
        self.slack.courier.retries_after = RETRIES_AFTER
        self.slack.courier.weather = self.plan.weather()
        self.slack.mischief.whim = self.plan.whim()

    async def calm_down(self) -> None:
        """Let nothing more go wrong, and roll out: each replica is asked to stop, and started again."""
        self.slack.courier.weather = calm
        self.slack.mischief.relent()
        for replica in self.replicas:
            status = await replica.stop()
            assert status == 0, f"stopped with {status}\n{replica.log[-2_000:]}"
            await replica.start()

    async def settle(self) -> None:
        """Wait until Slack has nothing more to send and the service nothing more to do. Raises TimeoutError."""
        async with asyncio.timeout(SETTLES_WITHIN), History.open(self.database) as history:
            quiet = 0
            while quiet < 3:
                await self._deliver()
                done = self.slack.courier.idle and await history.inbox.open_items() == 0
                quiet = quiet + 1 if done else 0
                await asyncio.sleep(0.3)

    async def _deliver(self) -> None:
        """Wait until everything is delivered, setting Slack's clock forward when it is what is waited for."""
        try:
            await self.slack.until(lambda: self.slack.courier.idle, within=1)
        except AssertionError:
            self.slack.clock.advance(max(RETRIES_AFTER))


@asynccontextmanager
async def open_town(plan: TownPlan, directory: Path) -> AsyncIterator[Town]:
    """Start everything of a town, and stop it at the end."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackDouble())
        for channel in CHANNELS:  # all that are configured are there, and read when a replica catches up
            slack.channel(channel)
        slack.user_group(CHIEFS, *(life.boss for life in plan.lives))
        postgres = stack.enter_context(running_postgres()) if plan.replicas > 1 else None
        directories = [directory / f"replica-{number}" for number in range(plan.replicas)]
        settings = {
            "SNS_CHECK_SUPERVISORS": CHIEFS,
            "SNS_CHECK_LOG_LEVEL": "debug",
            "SNS_CHECK_REVIEW_CHANNELS": ",".join(CHANNELS),
        }
        if postgres:
            url = postgres.new_database()
            settings |= {"SNS_CHECK_DATABASE_URL": url}
            database = url.replace("postgresql://", "postgresql+psycopg://")
        else:
            database = f"sqlite+aiosqlite:///{directories[0]}/data/sns-check.sqlite3"
        for each in directories:
            each.mkdir(parents=True)
        mode: Mode = "socket" if postgres else "http"
        replicas = tuple(Service(slack, mode, each, **settings) for each in directories)
        for replica in replicas:
            stack.push_async_callback(replica.kill)
        await asyncio.gather(*(replica.start() for replica in replicas))
        yield Town(plan, slack, replicas, database, postgres)
