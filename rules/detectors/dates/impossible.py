"""Days that the calendar does not have."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator

from rules.detectors.dates.calendar_words import FIRST_GREGORIAN_YEAR, RELATIVE_YEARS
from rules.detectors.dates.resolved import existing, surroundings
from rules.detectors.dates.written_date import WrittenDate
from rules.draft import Detection, Draft

_LUNAR = re.compile(r"旧暦|太陰暦|旧正月")
_TOLD_TO_BE_NONE = re.compile(
    r"(?:暦|カレンダー)に(?:は)?(?:ない|ありません|存在しない)|(?:実在|存在)しない日|こよみの"
)
"""What is said near a day that does not exist, and is told to."""
_NEAR = 120
_IS_DENIED = re.compile(
    r"[」』]?(?:という[^。\n]{0,6})?[はも]、?(?:暦に)?(?:存在|実在)し(?:ません|ない)"
    r"|[」』]?という[^。\n]{0,6}[はも]、?(?:暦に)?(?:ありません|ない)"
)
_SAME_DAY_IN = re.compile(r"(再来年|来年|今年|本年)の(?:その|この|同じ)日")
_LEAP_DAY = "2月29日"
_LAST_OF_FEBRUARY = "2月の末日は28日です。"
_FURTHEST_LEAP_DAY = 160


def impossible(draft: Draft, written: WrittenDate) -> Detection | None:
    """Report a date that none of its years has, unless it is one of the old calendar (旧暦) or said not to exist."""
    month, day = written.month, written.day
    if month is None or _LUNAR.search(draft.text, *surroundings(draft, written.start)):
        return None
    near = max(0, written.start - _NEAR), written.end + _NEAR
    if _IS_DENIED.match(draft.text, written.end) or _TOLD_TO_BE_NONE.search(draft.text, *near):
        return None
    if any(year < FIRST_GREGORIAN_YEAR for year in written.years):
        return None
    if not 1 <= month <= 12:
        reason, instead = f"{month}月という月はありません", ""
    elif day == 0:
        reason, instead = "0日という日はありません", ""
    else:
        reason, instead = _past_the_end(month, day, written.years[:1] or (draft.today.year, draft.today.year + 1))
    return Detection("dates.impossible", written.start, written.end, {"reason": reason, "instead": instead})


def missing_leap_days(draft: Draft) -> Iterator[Detection]:
    """Report 2月29日…来年のその日: a leap day (うるう日) has no such day in most years."""
    if _LEAP_DAY not in draft.text:
        return
    for match in _SAME_DAY_IN.finditer(draft.text):
        year = draft.today.year + RELATIVE_YEARS[match[1]]
        start = draft.text.rfind(_LEAP_DAY, max(0, match.start() - _FURTHEST_LEAP_DAY), match.start())
        if start >= 0 and not existing([(year, 2, 29)]):
            facts = {"reason": _no_leap_day((year,)), "instead": _LAST_OF_FEBRUARY}
            yield Detection("dates.impossible", start, start + len(_LEAP_DAY), facts)


def _past_the_end(month: int, day: int, years: tuple[int, ...]) -> tuple[str, str]:
    """Tell why no month of these years has that day, and which day is its last."""
    if (month, day) == (2, 29):
        return _no_leap_day(tuple(year for year in years if not isleap(year))), _LAST_OF_FEBRUARY
    if month == 2 and not any(map(isleap, years)):
        return _no_leap_day(years), "月の末日であれば「2月28日」です。"
    last = max(monthrange(year, month)[1] for year in years)
    return f"{month}月は{last}日までです", f"月の末日であれば「{month}月{last}日」です。"


def _no_leap_day(years: tuple[int, ...]) -> str:
    return f"{'・'.join(f'{year}年' for year in years)}はうるう年ではないため、2月は28日までです"
