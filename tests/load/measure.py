"""Posts drafts at a steady rate and takes the times: of Slack's double, so that nothing is asked while it counts."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.channel import ANSWER, marked
from tests.doubles.slack import Delivery, Post, SlackDouble
from tests.e2e.service import CHANNELS, OIZUMI, Mode, Service, free_port

TEXTS = (
    "児童館の工作教室は、{}人でいっぱいになりました。",
    "水道の工事は、{}か所で終わりました。",
    "うちの係長は無能なので、{}件も終わっていません。",
)
STARTS_WITHIN = 30.0
"""Seconds that the echo may take to start."""
LOST = float("inf")
"""What takes for ever: a draft that was never acknowledged."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Seconds below which so many of a hundred stay."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Percentiles:
        """Read them from at least two times."""
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49], cuts[94], cuts[98])

    def over(self, other: Percentiles) -> Percentiles:
        """Return how many times as long it takes."""
        return Percentiles(self.p50 / other.p50, self.p95 / other.p95, self.p99 / other.p99)


@dataclass(frozen=True, slots=True)
class Posted:
    """One draft and the payload that tells of it."""

    post: Post
    delivery: Delivery

    @property
    def acknowledged_after(self) -> float:
        """Seconds until the first attempt was acknowledged; one that had to be repeated counts as lost."""
        first = self.delivery.attempts[0]
        return first.seconds if first.acknowledged else LOST


async def post_steadily(slack: SlackDouble, rate: float, seconds: float) -> tuple[list[Posted], float]:
    """Post drafts over all channels; returns them, and how many a second there were in fact."""
    posted, started = [], time.monotonic()
    for number, channel in zip(range(round(rate * seconds)), itertools.cycle(CHANNELS)):
        # By the clock and not by pauses, which would add up.
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        post = slack.channel(channel).post("U1", TEXTS[number % len(TEXTS)].format(number))
        posted.append(Posted(post, slack.courier.deliveries[-1]))
    return posted, len(posted) / (time.monotonic() - started)


async def acknowledged(slack: SlackDouble, posted: Sequence[Posted], within: float) -> Percentiles:
    """Wait for the first attempt of every delivery, and return how long they took."""
    await slack.until(lambda: all(each.delivery.attempts for each in posted), within, "an attempt of every delivery")
    return Percentiles.of([each.acknowledged_after for each in posted])


async def answered(slack: SlackDouble, posted: Sequence[Posted], within: float) -> Percentiles:
    """Wait for an answer to every draft, and return how long they took. Raises AssertionError."""
    answers: dict[str, float] = {}

    def complete() -> bool:
        for room in map(slack.channel, CHANNELS):
            for mark in marked(room):
                if mark.kind == ANSWER:
                    answers.setdefault(mark.draft, float(mark.post.ts))
        return all(each.post.ts in answers for each in posted)

    deadline = time.monotonic() + within
    while not complete():
        assert time.monotonic() < deadline, f"{sum(each.post.ts not in answers for each in posted)} drafts unanswered"
        await asyncio.sleep(1.0)  # a look at everything is dear, and would be in the way of what is measured
    return Percentiles.of([answers[each.post.ts] - float(each.post.ts) for each in posted])


def memory(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)  # noqa: S603, S607 - our own process
    return int(shown.stdout) / 1024


@asynccontextmanager
async def running_service(slack: SlackDouble, mode: Mode, directory: Path) -> AsyncIterator[Service]:
    """A service of its own with an empty database, set up as in a town hall."""
    for channel in (*CHANNELS, OIZUMI):
        slack.channel(channel)
    directory.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs yet
    service = Service(slack, mode, directory, SNS_CHECK_LOG_LEVEL="info")
    await service.start()
    try:
        yield service
    finally:
        await service.kill()


@asynccontextmanager
async def running_echo(slack: SlackDouble, mode: Mode) -> AsyncIterator[None]:
    """The app that only says yes, in the service's place."""
    port = free_port()
    credentials = slack.credentials
    reached_by = (slack.api_url, credentials.app_token) if mode == "socket" else (str(port),)
    if mode == "http":  # an app with an address is not reached over its socket
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.load.echo", mode, *reached_by)
    try:
        if mode == "socket":
            await slack.connected(within=STARTS_WITHIN)
        else:
            await _listening(port)
        yield
    finally:
        process.kill()
        await process.wait()


async def _listening(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert time.monotonic() < deadline, "the echo does not start"
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
