"""Which days somebody means who writes a period (期間): 「今月」「11月」「10/1〜10/15」「令和8年度」. Pure.

A month or day without a year is the last one that has begun: nobody looks for drafts of the future.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

Days = tuple[date, date]
"""The first and the last day, both inclusive."""

_TILDE: Final = r"\s*(?:\.\.+|[~〜～…]|から)\s*"
_NUMBERS: Final = r"[\d年月日/／－\-令和元]+"
SPAN_WITH_SPACES: Final = rf"{_NUMBERS}{_TILDE}{_NUMBERS}(?:まで)?"
"""Pattern of a span of days as it may stand among other words: 「10/1 〜 10/15」."""

_YEAR: Final = r"(?:(?P<year>20\d\d)[-/年]|令和(?P<era>元|\d{1,2})年)"
_DAY: Final = re.compile(rf"{_YEAR}?(?P<month>\d{{1,2}})[-/月](?P<day>\d{{1,2}})日?")
_MONTH: Final = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})月?")
_MONTH_ALONE: Final = re.compile(r"(?P<month>\d{1,2})月")
_DAY_ALONE: Final = re.compile(r"(\d{1,2})日?")
_WHOLE_YEAR: Final = re.compile(r"(?:(?P<year>20\d\d)|令和(?P<era>元|\d{1,2}))年(?P<fiscal>度)?")
_LAST_DAYS: Final = re.compile(r"(?:直近(\d{1,4})日間?|(\d{1,4})日間)")
"""「15日」 alone may as well be a day of the month: it is asked back."""
_SPAN: Final = re.compile(rf"(.+?){_TILDE}(.*?)(?:まで)?")
_HYPHENATED: Final = re.compile("([^-\u2010\u2013\u2212ー]+)[-\u2010\u2013\u2212ー]([^-\u2010\u2013\u2212ー]+)")
"""「10/1-10/15」: a hyphen between days that hold none."""
_BEFORE_REIWA: Final = 2018
_APRIL: Final = 4


def days_of(written: str, today: date) -> Days | None:
    """Return the days that a word means, ``None`` if it means none."""
    word = unicodedata.normalize("NFKC", written)
    if named := _NAMED.get(word):
        return named(today)
    try:
        return _counted(word, today) or _year(word) or _point_days(word, today) or _span(word, today)
    except (ValueError, OverflowError):  # 2026-02-30
        return None


@dataclass(frozen=True, slots=True)
class _Point:
    """A month or a day as somebody wrote it, with its year or without."""

    year: int | None
    month: int
    day: int | None

    @classmethod
    def read(cls, word: str) -> Self | None:
        match = _DAY.fullmatch(word) or _MONTH.fullmatch(word) or _MONTH_ALONE.fullmatch(word)
        if match is None:
            return None
        parts = match.groupdict()
        return cls(_year_number(parts), int(parts["month"]), int(parts["day"]) if parts.get("day") else None)

    def days(self, year: int) -> Days:
        if self.day is None:
            return month_of(date(year, self.month, 1))
        day = date(year, self.month, self.day)
        return day, day

    def begun_by(self, end: date) -> Days:
        """Return the last such days that have begun at ``end``."""
        days = self.days(self.year or end.year)
        return days if self.year or days[0] <= end else self.days(end.year - 1)

    def following(self, first: date) -> Days:
        """Return the first such days that have not ended before ``first``."""
        days = self.days(self.year or first.year)
        return days if self.year or days[1] >= first else self.days(first.year + 1)


def _counted(word: str, today: date) -> Days | None:
    match = _LAST_DAYS.fullmatch(word)
    days = int(match[1] or match[2]) if match else 0
    return (today - timedelta(days=days - 1), today) if days else None


def _year(word: str) -> Days | None:
    match = _WHOLE_YEAR.fullmatch(word)
    year = _year_number(match.groupdict()) if match else None
    if match is None or year is None:
        return None
    return _fiscal_year(date(year, _APRIL, 1)) if match["fiscal"] else (date(year, 1, 1), date(year, 12, 31))


def _point_days(word: str, today: date) -> Days | None:
    point = _Point.read(word)
    return point.begun_by(today) if point else None


def _span(word: str, today: date) -> Days | None:
    match = _SPAN.fullmatch(word) or _HYPHENATED.fullmatch(word)
    begins = _Point.read(match[1]) if match else None
    if match is None or begins is None:
        return None
    if not match[2]:  # 10/1〜
        first = begins.begun_by(today)[0]
        return (first, today) if first <= today else None
    ends = _end(match[2], begins)
    if ends is None:
        return None
    first = begins.begun_by(ends.days(ends.year)[1] if ends.year else today)[0]
    last = ends.following(first)[1]
    return (first, last) if first <= last else None


def _end(word: str, begins: _Point) -> _Point | None:
    """Read the end of a span, which may leave out what it shares with the beginning: 「10月1日〜15日」."""
    if begins.day and (match := _DAY_ALONE.fullmatch(word)):
        return _Point(begins.year, begins.month, int(match[1]))
    return _Point.read(word)


def _year_number(parts: Mapping[str, str | None]) -> int | None:
    if era := parts.get("era"):
        return _BEFORE_REIWA + (1 if era == "元" else int(era))
    year = parts.get("year")
    return int(year) if year else None


def month_of(day: date) -> Days:
    """Return the month that a day is in."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _week(day: date) -> Days:
    """Return the week from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _fiscal_year(day: date) -> Days:
    """Return the year of the budget (年度), which begins in April."""
    year = day.year if day.month >= _APRIL else day.year - 1
    return date(year, _APRIL, 1), date(year + 1, _APRIL, 1) - timedelta(days=1)


_NAMED: Final[Mapping[str, Callable[[date], Days]]] = {
    "今日": lambda today: (today, today),
    "昨日": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "今週": _week,
    "先週": lambda today: _week(today - timedelta(days=7)),
    "今月": month_of,
    "先月": lambda today: month_of(today.replace(day=1) - timedelta(days=1)),
    "今年": lambda today: (date(today.year, 1, 1), date(today.year, 12, 31)),
    "今年度": _fiscal_year,
    "昨年度": lambda today: _fiscal_year(_fiscal_year(today)[0] - timedelta(days=1)),
}
