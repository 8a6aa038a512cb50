"""``python -m tests.load``: the load that a town could bring at its worst, and the most that is borne; as a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.doubles.slack import SlackDouble
from tests.load.measure import (
    Percentiles,
    acknowledged,
    answered,
    memory,
    post_steadily,
    running_echo,
    running_service,
)

STEPS = (10, 20, 30, 40, 50, 75, 100, 150, 200)
"""Drafts a second, for the search."""
STEP_SECONDS = 6.0
BEARABLE = 1.0
"""Seconds within which 99 of 100 acknowledgements have to be there; Slack waits for three."""
ANSWERED_WITHIN = 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0, help="drafts a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sns-check-load-") as directory:
        asyncio.run(_measure(options.rate, options.seconds, Path(directory)))
    return 0


async def _measure(rate: float, seconds: float, directory: Path) -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; HTTP, SQLite, 99 channels; doubled Slack beside it")
    echo = await _echo(rate)
    _show("round trip", echo, None)
    async with SlackDouble() as slack, running_service(slack, directory / "steady") as service:
        before = memory(service.pid)
        posted, real = await post_steadily(slack, rate, seconds)
        print(f"{len(posted)} drafts, {real:.1f} a second")
        _show("acknowledgement", await acknowledged(slack, posted, within=60), echo)
        _show("answer", await answered(slack, posted, ANSWERED_WITHIN), echo)
        print(f"memory: {before:.0f} MiB before, {memory(service.pid):.0f} MiB after")
    await _search(directory)


async def _echo(rate: float) -> Percentiles:
    """The round trip of a delivery to a server that does nothing, at the same rate."""
    async with SlackDouble() as slack, running_echo(slack):
        await post_steadily(slack, rate, 2)  # warms up
        posted, _ = await post_steadily(slack, rate, 10)
        return await acknowledged(slack, posted, within=30)


async def _search(directory: Path) -> None:
    """Raise the rate step by step, each on a service of its own, until the acknowledgement takes too long."""
    best = 0.0
    for rate in STEPS:
        async with SlackDouble() as slack, running_service(slack, directory / f"step-{rate}"):
            posted, real = await post_steadily(slack, rate, STEP_SECONDS)
            times = await acknowledged(slack, posted, within=60)
        print(f"at {real:.0f} a second: acknowledged in {times.p50:.3f} s (p50), {times.p99:.3f} s (p99)", flush=True)
        if times.p99 >= BEARABLE or real < 0.9 * rate:
            break
        best = real
    print(f"highest rate with p99 below {BEARABLE:.0f} s: {best:.0f} drafts a second")


def _show(what: str, times: Percentiles, echo: Percentiles | None) -> None:
    ratio = times.over(echo) if echo else None
    compared = f"; {ratio.p50:.0f} ×, {ratio.p95:.0f} ×, {ratio.p99:.0f} × the round trip" if ratio else ""
    print(f"{what:<16} {times.p50:.4f} s (p50), {times.p95:.4f} s (p95), {times.p99:.4f} s (p99){compared}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
