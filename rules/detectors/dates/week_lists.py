"""第1・第3土曜日(5日・19日): several weeks of a month, and the days that they fall on, member by member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rules.detectors.dates.calendar_words import WEEKDAYS, number, weekday_name, written_out
from rules.detectors.dates.resolved import existing
from rules.draft import Detection, Draft

_N = "[1-5一二三四五]"
_NTH = rf"{_N}(?:[ ]?[{WEEKDAYS}]曜日?)?"
_LIST = re.compile(
    rf"(?:(?P<month>\d{{1,2}})月の?[ ]?)?"
    rf"(?P<weeks>第{_NTH}(?:[ ]?[・、,と][ ]?第?{_NTH}){{1,4}})"
    r"[ ]?(?:\(|は、?)(?:(?P<inner>\d{1,2})[月/])?"
    r"(?P<days>\d{1,2}日?(?:[ ]?[・、,と][ ]?\d{1,2}日?){1,4})(?=[)です])"
)
_A_SIGN = re.compile(rf"第{_N}")
"""Cheap to look for, and in every such list."""
_WEEK = re.compile(rf"({_N})(?:[ ]?([{WEEKDAYS}])曜日?)?(?=[・、,と ]|$)")
_DAY = re.compile(r"\d{1,2}")


def disagreements(draft: Draft) -> Iterator[Detection]:
    """Report the days of such a list that are not the week and weekday that stand for them."""
    if not _A_SIGN.search(draft.text):
        return
    for match in _LIST.finditer(draft.text):
        weeks = [(number(week[1]), week[2]) for week in _WEEK.finditer(match["weeks"])]
        days = [int(day) for day in _DAY.findall(match["days"])]
        weekday = next((name for _, name in reversed(weeks) if name), None)
        first = first_of_month(draft.today, match["inner"] or match["month"])
        if weekday is None or first is None or len(days) != len(weeks):
            continue
        for (nth, named), day in zip(weeks, days, strict=True):
            yield from _slip(match, first, (nth, named or weekday), day)


def first_of_month(today: date, month: str | None) -> date | None:
    """Give the month that is named, as it comes next, else this one."""
    if month is None:
        return today.replace(day=1)
    coming = existing((year, int(month), 1) for year in (today.year, today.year + 1))
    return next((first for first in coming if (first.year, first.month) >= (today.year, today.month)), None)


def nth_weekday(first: date, weekday: int, nth: int) -> date | None:
    """Give the ``nth`` such weekday, from Monday = 0, of the month that begins with ``first``; None if it has none."""
    found = existing([(first.year, first.month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))])
    return found[0] if found else None


def _slip(match: re.Match[str], first: date, week: tuple[int, str], day: int) -> Iterator[Detection]:
    nth, weekday = week
    meant = nth_weekday(first, WEEKDAYS.index(weekday), nth)
    found = existing([(first.year, first.month, day)])
    if not found or meant == found[0]:
        return
    written = f"第{nth}{weekday}曜日"
    yield Detection(
        "dates.week_of_month",
        match.start("weeks"),
        match.end("days"),
        {
            "date": written_out(found[0]),
            "written": written,
            "actual": f"第{(day - 1) // 7 + 1}{weekday_name(found[0])}曜日",
            "alternative": f"{written}は{meant.month}月{meant.day}日です"
            if meant
            else f"この月に{written}はありません",
        },
    )
