"""Keeps the retention period (保存期間) while the program runs: what is older is erased by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.faults import describe
from bot.history import History

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(hours=1)
"""How often to look. Several replicas may look at once: what one of them erases the others find no more."""


@asynccontextmanager
async def erasing(history: History, days: int | None, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Erase what is older than so many days, now and every hour, until the end of the block. ``None``: nothing is."""
    if days is None:
        yield
        return
    task = asyncio.create_task(_erase_for_ever(history, timedelta(days=days), clock))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _erase_for_ever(history: History, age: timedelta, clock: Callable[[], datetime]) -> None:
    while True:
        now = clock()
        try:
            erased = await history.retention.purge(now - age, now)
        except (SQLAlchemyError, OSError) as error:
            log.error("not_erased", **describe(error))  # noqa: TRY400 - a traceback would show texts
        else:
            if erased.drafts:
                log.info("erased", drafts=erased.drafts, versions=erased.versions)
        await asyncio.sleep(EVERY.total_seconds())
