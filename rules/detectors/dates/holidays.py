"""National holidays (国民の祝日) by name and by 祝, and 元旦 and the like, against the calendar.

The holidays are jpholiday's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import jpholiday

from rules.detectors.dates.calendar_words import CUSTOMARY_DAYS, HOLIDAY_NAMES, weekday_name, written_out
from rules.detectors.dates.resolved import Resolved, existing
from rules.detectors.dates.written_date import Link, WrittenDate
from rules.detectors.detector import Sign, any_of
from rules.draft import Detection

_OTHER_NAMES = "|".join(CUSTOMARY_DAYS)
_NAME, _OTHER_NAME = re.compile(HOLIDAY_NAMES), re.compile(_OTHER_NAMES)
_BEFORE = re.compile(
    rf"(?P<holiday>{HOLIDAY_NAMES})(?:の日?|は|[ ]?\(|[ ])?$"
    rf"|(?<!旧暦の)(?<!旧正月の)(?P<other>{_OTHER_NAMES})(?:の日?|[ ]?\()$"
)
_AFTER = re.compile(
    rf"(?:は、?|の|・|[ ])?(?P<holiday>{HOLIDAY_NAMES})"
    r"(?=です|。|、(?!海|山)|!|$|\n|\)|」|で、|なので|のため|の祝日|に(?:開|行|実|営))"
    rf"|(?P<beside>{HOLIDAY_NAMES})(?=[はに])"  # behind a space it may begin something else
    rf"|(?:の|[ ]?\()(?P<other>{HOLIDAY_NAMES}|{_OTHER_NAMES})(?=[はにも)])"
)
MIGHT_NAME_ONE = any_of(
    Sign("日", "(?<=[の念生元晦休]日)"), Sign("祝旦ブ", "(?<=[祝旦])|(?<=イブ)"), Sign("か", "(?<=大みそか|おみそか)")
)
"""The end of every name of a holiday, of a substitute's and of a customary day, and 祝. Without it, nothing is said."""
_LAST_LETTERS = frozenset("日旦かブ")
_A_LAST_LETTER = re.compile("[日旦かブ]")
"""What names of days end in; spares most dates the search."""
_LONGEST_PREFIX = 10
_YEARS_AROUND = 10
"""How far from today years are judged. The equinoxes (春分, 秋分) are fixed only the year before, and laws change; and
each year takes some 40 ms to work out, once."""
_SUBSTITUTE = "振替休日"
_BETWEEN = "国民の休日"
"""A weekday between two holidays, which is one, too (祝日法3条3項)."""
_OF_A_HOLIDAY = rf"(?:(?:{HOLIDAY_NAMES}|祝日)(?:\([^()\n]{{1,10}}\))?の{_SUBSTITUTE}|{_BETWEEN})"
_KIND_BEFORE = re.compile(rf"(?P<kind>{_OF_A_HOLIDAY})(?:の|は|・|[ ]?\(|[ ])?$")
_SUBSTITUTE_OF_DAY = re.compile(rf"の{_SUBSTITUTE}(?:の|は|・|[ ]?\(|[ ])?")
_LONGEST_KIND = 32


def disagreements(text: str, previous: Resolved | None, current: Resolved, today: date) -> Iterator[Detection]:
    """Report 12月5日(勤労感謝の日), 文化の日の11月4日, 11月24日は勤労感謝の日です, 11月24日(火・祝).

    A date without a year is right if it is so in any of the sensible years.
    """
    if any(abs(day.year - today.year) > _YEARS_AROUND for day in current.days):
        return
    note = current.written.note
    misnamed = _misnamed(text, current, note.text if note is not None else "")
    if misnamed is not None:
        yield misnamed
        return
    kind = _kind(text, previous, current)
    if kind is not None and not any(kind in holiday_name(day) for day in current.days):
        yield _another_kind(current, kind)
    elif note is not None and note.holiday and not any(map(holiday_name, current.days)):
        yield _no_holiday(current, "祝日")


def _misnamed(text: str, current: Resolved, note: str) -> Detection | None:
    name = _name(text, current.written, note)
    if name is None or any(name in _names(day) for day in current.days):
        return None
    if name in CUSTOMARY_DAYS:
        month, day_of_month = CUSTOMARY_DAYS[name]
        return _another_day(current, name, date(current.day.year, month, day_of_month))
    if any(_SUBSTITUTE in holiday_name(day) for day in current.days):
        return None
    actual = next((day for day, found in _of_year(current.day.year).items() if found == name), None)
    return _another_day(current, name, actual) if actual is not None else None


def _names(day: date) -> tuple[str, ...]:
    """Names of a day, of all kinds."""
    return (holiday_name(day), *(name for name, fixed in CUSTOMARY_DAYS.items() if fixed == (day.month, day.day)))


def _another_day(current: Resolved, name: str, actual: date) -> Detection:
    facts = {"name": name, "year": f"{actual.year}年", "actual": f"{actual.month}月{actual.day}日"}
    facts["basis"] = "" if current.written.years or name in CUSTOMARY_DAYS else _basis(current.day, name)
    return Detection("dates.holiday_name", current.written.start, current.written.end, facts)


def _basis(day: date, name: str) -> str:
    """Say which year was assumed, and which year next to it would make the name right."""
    neighbours = existing((year, day.month, day.day) for year in (day.year - 1, day.year + 1))
    right = "・".join(f"{other.year}年" for other in neighbours if name in holiday_name(other))
    return f"年の記載がないため、{day.year}年として確かめました" + (
        f"（{right}ならそのとおりです）。" if right else "。"
    )


def _name(text: str, written: WrittenDate, note: str) -> str | None:
    """Find the holiday that a date is said to be."""
    if note:
        named = _NAME.search(note) or _OTHER_NAME.fullmatch(note)
        if named is not None:
            return named[0]
    return _name_before(text, written) or _name_behind(text, written)


def _name_before(text: str, written: WrittenDate) -> str | None:
    if _LAST_LETTERS.isdisjoint(text[max(0, written.start - 3) : written.start]):
        return None
    match = _BEFORE.search(text, max(0, written.start - _LONGEST_PREFIX), written.start)
    if match is None or (match["other"] and match[0].endswith("(") and not text.startswith(")", written.end)):
        return None
    return match["holiday"] or match["other"]


def _name_behind(text: str, written: WrittenDate) -> str | None:
    is_one_of_several = written.link is not Link.NONE  # 3日~5日は憲法記念日、みどりの日、こどもの日
    if is_one_of_several or _A_LAST_LETTER.search(text, written.end, written.end + _LONGEST_PREFIX) is None:
        return None
    match = _AFTER.match(text, written.end)
    return (match["holiday"] or match["beside"] or match["other"]) if match is not None else None


def _kind(text: str, previous: Resolved | None, current: Resolved) -> str | None:
    """Say whether a date is called a substitute holiday (振替休日) or one between two others (国民の休日).

    Schools have substitutes of their own: outside of brackets it has to be that of a holiday.
    """
    note, start = current.written.note, current.written.start
    if note is not None and (_SUBSTITUTE in note.text or _BETWEEN in note.text):
        return _SUBSTITUTE if _SUBSTITUTE in note.text else _BETWEEN
    if "休日" not in text[max(0, start - 8) : start]:
        return None
    before = _KIND_BEFORE.search(text, max(0, start - _LONGEST_KIND), start)
    if before is not None:
        return _BETWEEN if before["kind"] == _BETWEEN else _SUBSTITUTE
    is_of_the_day_before = (
        previous is not None
        and any(map(holiday_name, previous.days))
        and _SUBSTITUTE_OF_DAY.fullmatch(text, previous.written.end, start)
    )
    return _SUBSTITUTE if is_of_the_day_before else None


def _another_kind(current: Resolved, kind: str) -> Detection:
    day = current.day
    actual = f"{holiday_name(day)}（国民の祝日）" if holiday_name(day) else "国民の祝日でも休日でもない日"
    facts = {"date": f"{written_out(day)}（{weekday_name(day)}）", "kind": kind, "actual": actual}
    facts["nearest"] = _nearest_of(kind, day)
    return Detection("dates.holiday_kind", current.written.start, current.written.end, facts)


def _nearest_of(kind: str, day: date) -> str:
    """Name the day of that kind nearest to a day, as a sentence; nothing if there is none within the year around."""
    days = [
        other
        for year in (day.year - 1, day.year, day.year + 1)
        for other, name in _of_year(year).items()
        if kind in name
    ]
    nearest = min(days, key=lambda other: abs(other - day), default=None)
    if nearest is None or abs(nearest - day) > _FURTHEST_KIND:
        return ""
    return f"近い{kind}は{written_out(nearest)}（{weekday_name(nearest)}）です。"


_FURTHEST_KIND = timedelta(days=200)


def _no_holiday(current: Resolved, kind: str) -> Detection:
    day = current.day
    facts = {"date": written_out(day), "weekday": weekday_name(day), "kind": kind, "nearest": _nearest(day)}
    return Detection("dates.holiday", current.written.start, current.written.end, facts)


def _nearest(day: date) -> str:
    """Name the holiday next to a day, as a sentence; nothing if there is none within three days."""
    for shift in (-1, 1, -2, 2, -3, 3):
        other = day + timedelta(days=shift)
        name = holiday_name(other)
        if name:
            return f"近い祝日は{other.month}月{other.day}日（{weekday_name(other)}・{name}）です。"
    return ""


@lru_cache(maxsize=4 * _YEARS_AROUND)
def _of_year(year: int) -> Mapping[date, str]:
    """Holidays of a year and their names; worked out once."""
    return MappingProxyType(dict(jpholiday.year_holidays(year)))


def holiday_name(day: date) -> str:
    """Name the holiday that a day is; empty if it is none."""
    return _of_year(day.year).get(day, "")
