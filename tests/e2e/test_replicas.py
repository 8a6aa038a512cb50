"""Several processes over one PostgreSQL: they share the work, and whoever goes leaves nothing undone."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import psycopg
import pytest
import pytest_asyncio

from tests.doubles.slack import Post, Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, Mode, Service
from tests.postgres import Postgres, running_postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOSS = "U8BOSS"


class Replicas:
    """Two services over one database. Over HTTP a balancer gives each its share."""

    def __init__(self, slack: SlackDouble, services: tuple[Service, ...], postgres: Postgres, url: str) -> None:
        self.slack = slack
        self.services = services
        self.postgres = postgres
        self._url = url
        self._turn = itertools.cycle(services)

    def deliver_to_the_next(self) -> None:
        """Have the next request go to the other one; Slack does so by itself over sockets."""
        running = [service for service in self.services if service.running]
        service = next(service for service in self._turn if service in running)
        if service.mode == "http":
            self.slack.request_url = f"{service.url}/slack/events"

    async def caught_up(self) -> None:
        """Wait until everything that was received has been dealt with."""

        def nothing_open() -> bool:
            with psycopg.connect(self._url) as database:
                row = database.execute("SELECT count(*) FROM inbox WHERE finished_at IS NULL").fetchone()
                return row == (0,)

        await self.slack.until(nothing_open, within=60, expected="an empty inbox")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def replicas(
    slack: SlackDouble, mode: Mode, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Replicas]:
    """Both start at once on an empty database, and each wants to bring it up to date."""
    slack.user(BOSS)
    url = postgres.new_database()
    settings = {"SNS_CHECK_DATABASE_URL": url, "SNS_CHECK_SUPERVISORS": BOSS}
    services = tuple(Service(slack, mode, tmp_path_factory.mktemp(f"{mode}{n}"), **settings) for n in range(2))
    async with AsyncExitStack() as stack:
        for service in services:
            stack.push_async_callback(service.kill)
        await asyncio.gather(*(service.start() for service in services))
        if mode == "socket":
            await slack.connected(2)
        yield Replicas(slack, services, postgres, url)
        assert await asyncio.gather(*(service.stop() for service in services)) == [0, 0]


@pytest.fixture
def rooms(slack: SlackDouble, replicas: Replicas) -> Iterator[Room]:
    """Review channels that no test of the module has used."""
    assert replicas.services
    used = len(slack.workspace.channels)
    return (slack.channel(channel) for channel in CHANNELS[used:])


def posted(replicas: Replicas, rooms: list[Room], count: int) -> list[Post]:
    posts = []
    for room in itertools.islice(itertools.cycle(rooms), count):
        replicas.deliver_to_the_next()
        posts.append(room.post("U1", drafts.INSULT))
    return posts


async def answered_once(replicas: Replicas, posts: list[Post]) -> None:
    for post in posts:
        await post.answer(within=60)
    await replicas.caught_up()
    assert [len(post.answers) for post in posts] == [1] * len(posts)


async def test_both_work_and_no_draft_is_answered_twice(
    slack: SlackDouble, replicas: Replicas, rooms: Iterator[Room]
) -> None:
    slack.courier.duplicate(2)
    posts = posted(replicas, [next(rooms) for _ in range(4)], 12)
    slack.courier.duplicate(1)
    await answered_once(replicas, posts)


async def test_both_begin_to_watch_a_channel_with_one_welcome(
    slack: SlackDouble, replicas: Replicas, rooms: Iterator[Room]
) -> None:
    room = next(rooms)
    slack.courier.duplicate(2)
    room.join(slack.identity.bot_user)
    slack.courier.duplicate(1)
    await slack.until(lambda: room.bot_messages)
    await replicas.caught_up()
    assert len(room.bot_messages) == 1


async def test_a_rolling_restart_loses_nothing(slack: SlackDouble, replicas: Replicas, rooms: Iterator[Room]) -> None:
    channels = [next(rooms) for _ in range(3)]
    posts: list[Post] = []
    for service in replicas.services:
        posts += posted(replicas, channels, 4)
        assert await service.stop() == 0
        posts += posted(replicas, channels, 4)
        await service.start()
    await answered_once(replicas, posts)
    assert slack.calls("chat.postMessage")


async def test_what_one_had_in_hand_when_it_was_stopped_is_given_to_the_other(
    slack: SlackDouble, replicas: Replicas, rooms: Iterator[Room]
) -> None:
    room = next(rooms)
    slack.mischief.rate_limit("chat.postMessage", times=2, retry_after=2, channel=room.id)
    posts = posted(replicas, [room], 3)
    await slack.until(lambda: any(call.status == 429 for call in slack.calls("chat.postMessage")))
    stopped = replicas.services[0]
    assert await stopped.stop() == 0
    replicas.deliver_to_the_next()
    await answered_once(replicas, posts)
    await stopped.start()


async def test_a_database_that_restarts_only_delays_the_answers(
    slack: SlackDouble, replicas: Replicas, rooms: Iterator[Room]
) -> None:
    channels = [next(rooms) for _ in range(3)]
    before = posted(replicas, channels, 6)
    await slack.until(lambda: any(post.answers for post in before))
    await asyncio.to_thread(replicas.postgres.stop)
    during = posted(replicas, channels, 2)
    await slack.until(lambda: all(post.deliveries[0].attempts for post in during))
    await asyncio.to_thread(replicas.postgres.start)
    await slack.delivered()
    await answered_once(replicas, [*before, *during])
    assert all(service.running for service in replicas.services)
