"""``python -m tests.chaos``: the whole run, as a table. Ends with 1 if a promise was broken."""

from __future__ import annotations

import argparse
import asyncio
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.plan import ONE, TWO, Plan, plan
from tests.chaos.run import Result, run

BROKEN_SHOWN = 10
LIMIT = 298.0
"""Seconds after which a run is broken off: on a machine that is too busy it proves nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="the run to repeat; by default a new one")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the run: 0.1 is a tenth of it")
    parser.add_argument("--keep", type=Path, help="directory for logs and databases, kept afterwards")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds after which it is broken off")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    planned = plan(seed, two=TWO.part(options.scale), one=ONE.part(options.scale))
    print(f"SEED={seed}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sns-check-chaos-") as temporary:
        try:
            results = asyncio.run(_limited(planned, options.keep or Path(temporary), options.limit))
        except TimeoutError:
            print(f"Not done within {options.limit:.0f} s: this machine is too busy, or something hangs.")
            return 2
    for result in results:
        _show(result)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"\n{time.monotonic() - started:.0f} seconds; of processor time {children.ru_utime + children.ru_stime:.0f} "
        f"for the services and {own.ru_utime + own.ru_stime:.0f} for Slack's double, people and verdict"
    )
    kept = all(result.kept for result in results)
    print(f"\n{'All promises were kept.' if kept else 'PROMISES WERE BROKEN.'} Again: make chaos SEED={seed}")
    return 0 if kept else 1


async def _limited(planned: Plan, directory: Path, seconds: float) -> list[Result]:
    async with asyncio.timeout(seconds):
        return await run(planned, directory)


def _show(result: Result) -> None:
    print(f"\n{result.name}")
    for name, figure in result.figures.items():
        print(f"  {name:<12} {figure}")
    print(f"  {'blows':<12} {', '.join(f'{times} × {strike}' for strike, times in result.strikes.most_common())}")
    for check in result.checks:
        mark = "FAIL" if check.broken else "ok"
        print(f"  {mark:<4} {check.promise:<70} {check.on:>8} checked, {len(check.broken)} broken")
        for broken in check.broken[:BROKEN_SHOWN]:
            print(f"         {broken}")


if __name__ == "__main__":
    sys.exit(main())
