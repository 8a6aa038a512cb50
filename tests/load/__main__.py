"""``python -m tests.load``: the load that a town could bring at its worst, and the most that is borne; as a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from tests.doubles.slack import SlackDouble
from tests.e2e.service import Mode
from tests.load.measure import (
    Percentiles,
    acknowledged,
    answered,
    memory,
    post_steadily,
    running_echo,
    running_service,
)
from tests.load.search import highest

LOOK_SECONDS = 10.0
"""For how long each rate of the search is kept up."""
BEARABLE = 1.0
"""Seconds within which 99 of 100 acknowledgements have to be there; Slack waits for three."""
ACKNOWLEDGED_WITHIN = 60.0
ANSWERED_WITHIN = 600.0
PLACES = {"http": "HTTP", "socket": "Socket Mode"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0, help="drafts a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long")
    parser.add_argument("--mode", choices=get_args(Mode), action="append", help="how Slack delivers; by default both")
    options = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; SQLite, 99 channels; doubled Slack beside it")
    for mode in options.mode or get_args(Mode):
        with tempfile.TemporaryDirectory(prefix="sns-check-load-") as directory:
            asyncio.run(_measure(mode, options.rate, options.seconds, Path(directory)))
    return 0


async def _measure(mode: Mode, rate: float, seconds: float, directory: Path) -> None:
    print(f"\n{PLACES[mode]}")
    echo = await _echo(mode, rate)
    _show("round trip", echo, None)
    async with SlackDouble() as slack, running_service(slack, mode, directory / "steady") as service:
        before = memory(service.pid)
        posted, real = await post_steadily(slack, rate, seconds)
        print(f"{len(posted)} drafts, {real:.1f} a second")
        _show("acknowledgement", await acknowledged(slack, posted, ACKNOWLEDGED_WITHIN), echo)
        _show("answer", await answered(slack, posted, ANSWERED_WITHIN), echo)
        print(f"memory: {before:.0f} MiB before, {memory(service.pid):.0f} MiB after")
    await _search(mode, rate, directory)


async def _echo(mode: Mode, rate: float) -> Percentiles:
    """The round trip of a delivery to an app that does nothing, at the same rate."""
    async with SlackDouble() as slack, running_echo(slack, mode):
        await post_steadily(slack, rate, 2)  # warms up
        posted, _ = await post_steadily(slack, rate, 10)
        return await acknowledged(slack, posted, ACKNOWLEDGED_WITHIN)


async def _search(mode: Mode, first: float, directory: Path) -> None:
    """Search for the highest rate that is acknowledged in time; each rate is tried on a service of its own."""

    async def is_borne(rate: float) -> bool:
        async with SlackDouble() as slack, running_service(slack, mode, directory / f"{rate:.1f}"):
            posted, real = await post_steadily(slack, rate, LOOK_SECONDS)
            times = await acknowledged(slack, posted, ACKNOWLEDGED_WITHIN)
        print(f"at {real:.0f} a second: acknowledged in {times.p50:.3f} s (p50), {times.p99:.3f} s (p99)", flush=True)
        return times.p99 < BEARABLE and real > 0.9 * rate  # the double itself has its limit too

    best = await highest(is_borne, first)
    print(f"highest rate with p99 below {BEARABLE:.0f} s: {best:.0f} drafts a second")


def _show(what: str, times: Percentiles, echo: Percentiles | None) -> None:
    ratio = times.over(echo) if echo else None
    compared = f"; {ratio.p50:.0f} ×, {ratio.p95:.0f} ×, {ratio.p99:.0f} × the round trip" if ratio else ""
    print(f"{what:<16} {times.p50:.4f} s (p50), {times.p95:.4f} s (p95), {times.p99:.4f} s (p99){compared}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
