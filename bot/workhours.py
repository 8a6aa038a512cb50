"""Working hours of a Japanese town hall: how much of them lies between two moments. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

import jpholiday

JAPAN: Final = timezone(timedelta(hours=9), "JST")
"""Asia/Tokyo, which has no summer time: fixed, so that an image without a time zone database will do."""

OPENS: Final = time(8, 30)
CLOSES: Final = time(17, 15)
"""What the ordinances of most towns say, the lunch break not taken out: drafts are read at noon as well."""

_SATURDAY: Final = 5


@lru_cache(maxsize=1024)
def is_working_day(day: date) -> bool:
    """Whether the town hall is open: no weekend, no holiday, not the turn of the year (12/29 to 1/3)."""
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < _SATURDAY and not turn_of_year and not jpholiday.is_holiday(day)


def working_time(start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two aware moments; nothing if ``end`` is not after ``start``."""
    start, end = start.astimezone(JAPAN), end.astimezone(JAPAN)
    days = (start.date() + timedelta(days=number) for number in range((end.date() - start.date()).days + 1))
    return sum((_on(day, start, end) for day in days if is_working_day(day)), timedelta(0))


def _on(day: date, start: datetime, end: datetime) -> timedelta:
    opens = datetime.combine(day, OPENS, JAPAN)
    closes = datetime.combine(day, CLOSES, JAPAN)
    return max(min(end, closes) - max(start, opens), timedelta(0))
