"""毎月第3日曜日 … 12月は13日です: the next date of something that comes again, against its own week and weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rules.detectors.dates.calendar_words import WEEKDAYS, number, weekday_name, written_out
from rules.detectors.dates.resolved import existing
from rules.detectors.dates.week_lists import first_of_month, nth_weekday
from rules.draft import Detection, Draft

_N = "[1-5一二三四五]"
_MONTHLY = "毎月"
_EVERY = re.compile(
    rf"{_MONTHLY}の?(?P<weeks>第{_N}(?:[・、と]第?{_N}){{0,4}})(?P<weekday>[{WEEKDAYS}])曜"
    r"(?!日?[ ]?(?:[・、,と]第|の?[翌前]))"
)
_WEEK = re.compile(_N)
_THIS_TIME = re.compile(
    r"(?:次回の?(?:開催)?は、?(?P<next>\d{1,2})月|(?P<month>\d{1,2})月は、?|今月は、?)(?P<day>\d{1,2})日(?![間目])"
    r"(?:\([^()\n]{1,8}\))?(?=です|に(?!も)|。|!|\n|$)"
)
_IS_ANOTHER_DAY = re.compile(
    r"変更|臨時|特別|ため|ので|都合|年末|年始|祝|重な|ずら|ずれ|繰り|振り?替|休|除|のみ|だけ|例外|ではなく|ですが|けど|ただし|但し|違"
)
"""What says that this time it is on another day."""
_REACH = 60
"""Code points behind the rule within which a date is still one of its dates."""
_REST = 30
"""Code points behind a date within which a reason for it may stand."""


def disagreements(draft: Draft) -> Iterator[Detection]:
    """Report a date that is in none of the weeks, or on another weekday, than the rule before it says."""
    text = draft.text
    if _MONTHLY not in text:
        return
    for every in _EVERY.finditer(text):
        found = _THIS_TIME.search(text, every.end(), min(len(text), every.end() + _REACH))
        if found is None or _IS_ANOTHER_DAY.search(text, every.end(), min(len(text), found.end() + _REST)):
            continue
        first = first_of_month(draft.today, found["next"] or found["month"])
        day = existing([(first.year, first.month, int(found["day"]))]) if first is not None else ()
        weekday, weeks = every["weekday"], [number(week) for week in _WEEK.findall(every["weeks"])]
        if day and day[0] not in (nth_weekday(day[0].replace(day=1), WEEKDAYS.index(weekday), nth) for nth in weeks):
            yield Detection("dates.recurring", found.start(), found.end(), _facts(day[0], weekday, weeks))


def _facts(day: date, weekday: str, weeks: list[int]) -> dict[str, str]:
    right = (nth_weekday(day.replace(day=1), WEEKDAYS.index(weekday), nth) for nth in weeks)
    return {
        "date": written_out(day),
        "actual": f"第{(day.day - 1) // 7 + 1}{weekday_name(day)}曜日",
        "written": f"毎月第{'・第'.join(map(str, weeks))}{weekday}曜日",
        "expected": "・".join(f"{found.month}月{found.day}日" for found in right if found is not None),
    }
