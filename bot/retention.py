"""Keeps to the retention period (保存期間) and to what may be kept of texts, by itself while the program runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.faults import describe
from bot.history import History, Keeping

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=5)
"""How often to look. Several replicas may look at once: what one of them erases the others find no more."""


@asynccontextmanager
async def erasing(
    history: History, days: int | None, clock: Callable[[], datetime], keeping: Keeping = Keeping.FULL
) -> AsyncIterator[None]:
    """Erase what is older than so many days, and what is not to be kept of texts, until the end of the block.

    ``None``: nothing is erased for its age.
    """
    if days is None and keeping is Keeping.FULL:
        yield
        return
    task = asyncio.create_task(_erase_for_ever(history, days, clock, keeping))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _erase_for_ever(history: History, days: int | None, clock: Callable[[], datetime], keeping: Keeping) -> None:
    while True:
        try:
            await _erase(history, days, clock(), keeping)
        except Exception as error:  # noqa: BLE001 - nobody waits for this task, so nobody would miss it
            log.error("not_erased", **describe(error))  # noqa: TRY400 - a traceback would show texts
        await asyncio.sleep(EVERY.total_seconds())


async def _erase(history: History, days: int | None, now: datetime, keeping: Keeping) -> None:
    if withheld := await history.withholding.sweep(keeping, now):
        log.info("withheld", drafts=withheld)
    if days is None:
        return
    erased = await history.retention.purge(now - timedelta(days=days), now)
    if erased.drafts:
        log.info("erased", drafts=erased.drafts, versions=erased.versions)
