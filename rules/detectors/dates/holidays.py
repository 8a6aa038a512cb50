"""National holidays (国民の祝日) by name and by 祝, against the calendar. The data is jpholiday's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import jpholiday

from rules.detectors.dates.calendar_words import HOLIDAY_NAMES, weekday_name, written_out
from rules.detectors.dates.resolved import Resolved, existing
from rules.detectors.dates.written_date import Link, WrittenDate
from rules.draft import Detection

_NAME = re.compile(HOLIDAY_NAMES)
_BEFORE = re.compile(rf"({HOLIDAY_NAMES})(?:の日?|は|・|[ ]?\(|[ ])?$")
_AFTER = re.compile(
    rf"(?:は、?|の|・|[ ])?({HOLIDAY_NAMES})"
    r"(?=です|。|、(?!海|山)|!|$|\n|\)|」|で、|なので|のため|の祝日|に(?:開|行|実|営))"
)
_LONGEST_PREFIX = 10
_YEARS_AROUND = 10
"""How far from today years are judged. The equinoxes (春分, 秋分) are fixed only the year before, and laws change; and
each year takes some 40 ms to work out, once."""
_SUBSTITUTE = "振替休日"


def disagreements(text: str, current: Resolved, today: date) -> Iterator[Detection]:
    """Report 12月5日(勤労感謝の日), 文化の日の11月4日, 11月24日は勤労感謝の日です, 11月24日(火・祝)."""
    if any(abs(day.year - today.year) > _YEARS_AROUND for day in current.days):
        return
    note = current.written.note
    misnamed = _misnamed(text, current, note.text if note is not None else "")
    if misnamed is not None:
        yield misnamed
    elif note is not None and note.holiday and not any(map(_holiday, current.days)):
        yield _no_holiday(current, _SUBSTITUTE if _SUBSTITUTE in note.text else "祝日")


def _misnamed(text: str, current: Resolved, note: str) -> Detection | None:
    name = _name(text, current.written, note)
    if name is None or any(name in _holiday(day) for day in current.days):
        return None
    if any(_SUBSTITUTE in _holiday(day) for day in current.days):
        return None
    actual = next((day for day, found in _of_year(current.day.year).items() if found == name), None)
    if actual is None:
        return None
    facts = {"name": name, "year": f"{actual.year}年", "actual": f"{actual.month}月{actual.day}日"}
    facts["basis"] = "" if current.written.years else _basis(current.day, name)
    return Detection("dates.holiday_name", current.written.start, current.written.end, facts)


def _basis(day: date, name: str) -> str:
    """Say which year was assumed, and which year next to it would make the name right."""
    neighbours = existing((year, day.month, day.day) for year in (day.year - 1, day.year + 1))
    right = "・".join(f"{other.year}年" for other in neighbours if name in _holiday(other))
    return f"年の記載がないため、{day.year}年として確かめました" + (
        f"（{right}ならそのとおりです）。" if right else "。"
    )


def _name(text: str, written: WrittenDate, note: str) -> str | None:
    """Find the holiday that a date is said to be."""
    named = _NAME.search(note) if note else None
    if named is not None:
        return named[0]
    if "日" in text[max(0, written.start - 3) : written.start]:
        before = _BEFORE.search(text, max(0, written.start - _LONGEST_PREFIX), written.start)
        if before is not None:
            return before[1]
    if text.find("日", written.end, written.end + _LONGEST_PREFIX) < 0:
        return None
    after = _AFTER.match(text, written.end)
    is_one_of_several = written.link is not Link.NONE  # 3日~5日は憲法記念日、みどりの日、こどもの日
    return after[1] if after is not None and not is_one_of_several else None


def _no_holiday(current: Resolved, kind: str) -> Detection:
    day = current.day
    facts = {"date": written_out(day), "weekday": weekday_name(day), "kind": kind, "nearest": _nearest(day)}
    return Detection("dates.holiday", current.written.start, current.written.end, facts)


def _nearest(day: date) -> str:
    """Name the holiday next to a day, as a sentence; nothing if there is none within three days."""
    for shift in (-1, 1, -2, 2, -3, 3):
        other = day + timedelta(days=shift)
        name = _holiday(other)
        if name:
            return f"近い祝日は{other.month}月{other.day}日（{weekday_name(other)}・{name}）です。"
    return ""


@lru_cache(maxsize=4 * _YEARS_AROUND)
def _of_year(year: int) -> Mapping[date, str]:
    """Holidays of a year and their names; worked out once."""
    return MappingProxyType(dict(jpholiday.year_holidays(year)))


def _holiday(day: date) -> str:
    return _of_year(day.year).get(day, "")
