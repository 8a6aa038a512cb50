"""Reminders: once on a working day each supervisor is sent the drafts that have waited too long.

Whoever's clock ticks first puts the day into the inbox; from there on the worker sees to it that every supervisor gets
one message, whichever process does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import JAPAN, Desk, Summary
from bot.faults import describe
from bot.history import Inbox, Item
from bot.slack.client import Gone, Slack, SlackError
from bot.slack.direct import Direct
from bot.slack.events import SURFACE
from bot.slack.lists import reminder_card
from bot.slack.supervisors import CannotTell, Supervisors
from bot.ticking import Ticking
from bot.worker import RetryLater
from bot.workhours import CLOSES, is_working_day

log: Final = structlog.get_logger(__name__)

REMINDERS: Final = "reminders"
"""Kind of item: a day has come on which supervisors are to be reminded."""
REMINDER: Final = "reminder"
"""Kind of item: one supervisor is to be reminded."""
REMINDED: Final = "sns_check_reminder"
"""``event_type`` of the message."""

NOT_BEFORE: Final = time(9)
TICK_SECONDS = 60.0
"""How often the clock is looked at."""


def day_to_remind(now: datetime) -> date | None:
    """Return the day in Japan if this is the time to remind: a working day from nine to the end of work."""
    local = now.astimezone(JAPAN)
    return local.date() if is_working_day(local.date()) and NOT_BEFORE <= local.time() < CLOSES else None


class ReminderClock(Ticking):
    """Puts each working day into the inbox when its time has come."""

    def __init__(self, inbox: Inbox, slack: Slack, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._inbox = inbox
        self._slack = slack
        self._clock = clock
        self._put: date | None = None

    async def tick(self) -> None:
        """Look at the clock. A day that is in the inbox already is not put twice."""
        now = self._clock()
        day = day_to_remind(now)
        if day is None or day == self._put:
            return
        team = (await self._slack.identity()).team
        key = f"{SURFACE}/reminders/{team}/{day}"
        await self._inbox.put(Item(key, SURFACE, REMINDERS, key, now.timestamp(), now, {"team": team, "day": f"{day}"}))
        self._put = day

    async def _run(self) -> None:
        while True:
            try:
                await self.tick()
            except (SlackError, RetryLater, SQLAlchemyError, OSError) as error:
                log.warning("reminders_not_begun", **describe(error))
            await asyncio.sleep(TICK_SECONDS)


class Overdue:
    """Finds the drafts that have waited longer than ``after`` of working time, and who can decide on them."""

    def __init__(self, desk: Desk, supervisors: Supervisors, after: timedelta) -> None:
        self._desk = desk
        self._supervisors = supervisors
        self.after = after

    async def by_supervisor(self, team: str, now: datetime) -> dict[str, list[Summary]]:
        """Return the drafts by supervisor, the oldest first; nobody is reminded of their own. Raises ``RetryLater``."""
        found: dict[str, list[Summary]] = {}
        for summary in await self._desk.overdue(SURFACE, team, now, self.after):
            try:
                people = await self._supervisors.people(team, summary.place.channel)
            except CannotTell:
                raise RetryLater from None
            for person in people - set(summary.authors):
                found.setdefault(person, []).append(summary)
        return found


class BeginReminders:
    """Handles ``REMINDERS``: one item for each supervisor, so that one who cannot be reached keeps up nobody else."""

    def __init__(self, inbox: Inbox, overdue: Overdue) -> None:
        self._inbox = inbox
        self._overdue = overdue

    async def handle(self, item: Item) -> None:
        """Put what is to be sent into the inbox."""
        team, day = item.payload["team"], item.payload["day"]
        for user in sorted(await self._overdue.by_supervisor(team, item.received_at)):
            key = f"{SURFACE}/reminder/{team}/{day}/{user}"
            payload = {"team": team, "user": user}
            await self._inbox.put(Item(key, SURFACE, REMINDER, key, item.order, item.received_at, payload))

    async def give_up(self, item: Item) -> None:
        """Nobody waits to be reminded: the inbox remembers that it failed."""


class Remind:
    """Handles ``REMINDER``."""

    def __init__(self, slack: Slack, direct: Direct, overdue: Overdue) -> None:
        self._slack = slack
        self._direct = direct
        self._overdue = overdue

    async def handle(self, item: Item) -> str | None:
        """Send one supervisor what still waits; nothing if all of it was decided meanwhile."""
        team, user = item.payload["team"], item.payload["user"]
        summaries: Sequence[Summary] = (await self._overdue.by_supervisor(team, item.received_at)).get(user, ())
        if not summaries:
            return None
        identity = await self._slack.identity()
        card = reminder_card(summaries, self._overdue.after // timedelta(hours=1), identity.link)
        try:
            return await self._direct.tell(user, item, card, REMINDED)
        except Gone:
            log.warning("nobody_to_remind", user=user)
            return None

    async def give_up(self, item: Item) -> None:
        """Nobody waits to be reminded: the inbox remembers that it failed."""
