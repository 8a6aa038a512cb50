"""One run, from the plan to the verdict."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.history import History
from tests.chaos.blows import strike_all
from tests.chaos.lives import Told, play_all
from tests.chaos.pace import Pace
from tests.chaos.plan import Plan, Strike, TownPlan
from tests.chaos.town import Town, open_town
from tests.chaos.verdict import Check, books, cases, judge, leaks
from tests.doubles.slack import Kind


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one town. ``figures`` say how much went on."""

    name: str
    figures: dict[str, str]
    strikes: Counter[Strike]
    checks: tuple[Check, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(check.broken for check in self.checks)


async def run(plan: Plan, directory: Path) -> list[Result]:
    """Carry the plan out, all towns at the same time. ``directory`` gets logs and databases."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_run_town(town, directory / f"town-{number}")) for number, town in enumerate(plan.towns)
        ]
    return [task.result() for task in tasks]


async def _run_town(plan: TownPlan, directory: Path) -> Result:
    started = time.monotonic()
    async with open_town(plan, directory) as town:
        town.misbehave()
        pace = Pace([blow.at for blow in plan.blows])
        async with asyncio.TaskGroup() as group:
            striking = group.create_task(strike_all(town, pace))
            living = group.create_task(play_all(town.slack, plan.lives, pace))
        lived = time.monotonic()
        await town.calm_down()
        await town.settle()
        _keep_trace(town, directory)
        chronicle = living.result()
        checks = await _judge(town, chronicle)
        seconds = f"{lived - started:.0f} with people and blows, {time.monotonic() - lived:.0f} until all was settled"
        return Result(plan.name, {"seconds": seconds, **_figures(town, chronicle)}, striking.result(), tuple(checks))


async def _judge(town: Town, chronicle: list[Told]) -> list[Check]:
    async with History.open(town.database) as history:
        checks = judge(await cases(town.slack, chronicle, history))
        return [*checks, *await books(history), leaks(town.logs, town.slack)]


def _keep_trace(town: Town, directory: Path) -> None:
    """Write down every call and every delivery, to find out how a promise came to be broken."""
    lines: list[dict[str, Any]] = [
        {"at": call.at, "call": call.method, "status": call.status, "with": call.args, "answer": call.response}
        for call in town.slack.calls()
    ]
    lines += [
        {
            "at": float(each.event["event_ts"]),
            "event": each.event,
            "attempts": list(map(dataclasses.asdict, each.attempts)),
        }
        for each in town.slack.courier.deliveries
        if each.kind is Kind.EVENT
    ]
    lines.sort(key=lambda line: line["at"])
    with (directory / "trace.jsonl").open("w") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)


def _percentiles(waits: list[float]) -> list[tuple[int, float]]:
    if len(waits) < 2:  # nothing lies between fewer
        return []
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return [(share, cuts[share - 1]) for share in (50, 95, 99)]


def _figures(town: Town, chronicle: list[Told]) -> dict[str, str]:
    deliveries = [each for each in town.slack.courier.deliveries if each.kind is Kind.EVENT]
    attempts = [attempt for each in deliveries for attempt in each.attempts]
    calls = town.slack.calls()
    waits = [wait for told in chronicle for wait in told.waits]
    return {
        "drafts": f"{len(chronicle)}",
        "versions": f"{sum(len(told.versions) for told in chronicle)}",
        "deletions": f"{sum(told.deleted for told in chronicle)}",
        "decisions": f"{sum(len(told.decisions) for told in chronicle)}",
        "disputes": f"{sum(len(told.disputes) for told in chronicle)}",
        "events": f"{len(deliveries)} sent {len(attempts)} times, {sum(not a.acknowledged for a in attempts)} in vain, "
        f"{sum(not each.acknowledged for each in deliveries)} never acknowledged",
        "calls": f"{len(calls)}, {sum(call.response is None for call in calls)} disturbed",
        "answers": "in " + ", ".join(f"{seconds:.1f} s (p{share})" for share, seconds in _percentiles(waits)),
    }
