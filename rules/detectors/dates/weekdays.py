"""Weekdays (曜日) and weeks of the month (第2土曜日) against the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rules.detectors.dates.calendar_words import (
    ENGLISH_MONTH_NAMES,
    ENGLISH_WEEKDAY_NAMES,
    FIRST_GREGORIAN_YEAR,
    LAST_YEAR,
    WEEKDAYS,
    weekday_name,
    written_out,
)
from rules.detectors.dates.holidays import holiday_name
from rules.detectors.dates.resolved import Resolved, existing
from rules.detectors.dates.written_date import Link, WrittenDate
from rules.draft import Detection


def disagreement(current: Resolved) -> Detection | None:
    """Report a weekday that fits none of the days that the date can mean, or a week that it does not lie in."""
    note = current.written.note
    if note is None or note.weekday is None or not FIRST_GREGORIAN_YEAR <= current.day.year <= LAST_YEAR:
        return None
    if all(day.weekday() != note.weekday for day in current.days):
        return _weekday(current, note.weekday)
    if note.nth is not None and all(_week(day) != note.nth for day in current.days):
        return _week_of_month(current, note.nth)
    return None


def shared_disagreements(members: Sequence[Resolved]) -> Iterator[Detection]:
    """Compare 5日・6日(土・日) and 5日~7日(土~月) member by member, where there are as many weekdays as dates."""
    note = members[-1].written.note
    if note is None or len(note.several) != len(members):
        return
    for member, weekday in zip(members, note.several, strict=True):
        if member.days and all(day.weekday() != weekday and day.year <= LAST_YEAR for day in member.days):
            yield _weekday(member, weekday)


class Sharing:
    """Collects the dates of a list or range that have no weekday of their own, until one names those of all."""

    def __init__(self) -> None:
        self._members: list[Resolved] = []

    def add(self, current: Resolved) -> Iterator[Detection]:
        """Take the next date; report it and those before it if its note is theirs and does not fit."""
        if current.written.link is Link.NONE:
            self._members = []
        if current.written.note is None:
            self._members.append(current)
            return
        yield from shared_disagreements([*self._members, current])
        self._members = []


def _weekday(current: Resolved, weekday: int) -> Detection:
    written, day = current.written, current.days[0]
    shifts = (day + timedelta(days=shift) for shift in range(-3, 4))
    nearest = next(other for other in shifts if other.weekday() == weekday)
    facts = {
        "date": written_out(day),
        "actual": weekday_name(day),
        "written": WEEKDAYS[weekday],
        "corrected": _corrected(written, day),
        "alternative": _with_weekday(written, nearest),
        "basis": "" if written.years else _basis(day),
    }
    return Detection("dates.weekday", written.start, written.end, facts)


def _corrected(written: WrittenDate, day: date) -> str:
    """Write the date as it stands there, with its weekday; a holiday that it was said to be stays one if it is."""
    if _is_in_english(written):
        return f"{written.stem} ({ENGLISH_WEEKDAY_NAMES[day.weekday()]})"
    is_holiday = written.note is not None and written.note.holiday and holiday_name(day)
    return f"{written.stem}（{weekday_name(day)}{'・祝' if is_holiday else ''}）"


def _with_weekday(written: WrittenDate, day: date) -> str:
    """Write another day in the language of the one that is written."""
    if not _is_in_english(written):
        return f"{day.month}月{day.day}日（{weekday_name(day)}）"
    has_a_name = any(letter.isascii() and letter.isalpha() for letter in written.stem)
    stem = f"{ENGLISH_MONTH_NAMES[day.month - 1]} {day.day}" if has_a_name else f"{day.month}/{day.day}"
    return f"{stem} ({ENGLISH_WEEKDAY_NAMES[day.weekday()]})"


def _is_in_english(written: WrittenDate) -> bool:
    return written.note is not None and written.note.is_english and written.stem.isascii()


def _basis(day: date) -> str:
    """Say which year was assumed, and what the years next to it would give."""
    neighbours = existing((year, day.month, day.day) for year in (day.year - 1, day.year + 1))
    others = "、".join(f"{other.year}年なら{weekday_name(other)}曜日" for other in neighbours)
    return f"年の記載がないため、{day.year}年として確かめました" + (f"（{others}です）。" if others else "。")


def _week(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _week_of_month(current: Resolved, nth: int) -> Detection:
    day = current.day
    name = weekday_name(day)
    facts = {
        "date": written_out(day),
        "written": f"第{nth}{name}曜日",
        "actual": f"第{_week(day)}{name}曜日",
        "alternative": _day_of_week(day, nth),
    }
    return Detection("dates.week_of_month", current.written.start, current.written.end, facts)


def _day_of_week(day: date, nth: int) -> str:
    """Say when the ``nth`` such weekday of that month is."""
    shifted = existing([(day.year, day.month, (day.day - 1) % 7 + 1 + 7 * (nth - 1))])
    name = f"第{nth}{weekday_name(day)}曜日"
    return f"{name}は{shifted[0].month}月{shifted[0].day}日です" if shifted else f"この月に{name}はありません"
