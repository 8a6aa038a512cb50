"""Dates against the calendar.

Checked are weekdays, days that do not exist, eras, periods that run backwards, announced events already past, and
holidays.

A date without a year is taken to be the coming one, or a recent one. Where the sentence tells of the past or the draft
names other years, these count too. Only a date that fits none of the sensible years is reported, and the finding says
which year was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import jpholiday

from rules.detectors.detector import Detector
from rules.detectors.written_dates import (
    ERAS,
    FIRST_GREGORIAN_YEAR,
    RELATIVE_YEARS,
    WEEKDAYS,
    Link,
    WrittenDate,
    number,
    read,
)
from rules.draft import Detection, Draft

_GATE = re.compile(
    r"[0-9一二三四五六七八九十元](?: ?[月日年]|[/.\-][0-9])|令和|平成|昭和|(?:19|20)[0-9]{6}|[a-z]\.? [0-9]"
)

_FURTHEST_AHEAD = timedelta(days=300)
_FURTHEST_BACK = timedelta(days=120)
"""How far from today a date without a year may lie, unless the sentence tells of the past."""
_LONGEST_WAIT_FOR_DAY = timedelta(days=45)

_TELLS_OF_PAST = re.compile(
    r"(?<!あ)した(?:[。、! )」\n]|$|[のがをこ一-龥])|(?:った|んだ|れた|いた|えた|けた|めた|せた|でた)(?![だしらる])|"
    r"ました|でした|"
    r"昨年|去年|前回|前年|先日|先月|先週|昨日|以来|当時|旧暦"
)
_NAMED_YEAR = re.compile(
    r"(?P<western>(?:19|20)\d{2})(?P<year>年(?:度)?|[./])|(?P<era>令和|平成|昭和)(?P<n>\d{1,2}|元)年(?P<fiscal>度)?"
)
_CORRECTS = re.compile(r"誤り|誤記|正しくは|訂正")
_LUNAR = re.compile(r"旧暦|太陰暦|旧正月")
_LEAP_TALK = re.compile(r"うるう|閏|誕生|生まれ")
_SAME_DAY_IN = re.compile(r"(再来年|来年|今年|本年)の(?:その|この|同じ)日")

_MAY_NAME_ERA = re.compile(r"[令平昭大(/](?:和|成|正|[RHS])")
_COUNT = r"\d{1,2}|元|[一二三四五六七八九十]{1,3}"
_ERA_YEAR = re.compile(
    rf"""
    (?P<era>令和|平成|昭和|大正)[ ]?(?P<n>{_COUNT})[ ]?(?:年度?)?[ ]?[(/=・]?[ ]?
    (?P<after>(?:18|19|20)\d{{2}})[ ]?(?:年度?)?[ ]?\)
  | (?P<before>(?:18|19|20)\d{{2}})[ ]?(?:年度?)?[ ]?[(/=・][ ]?
    (?P<era2>令和|平成|昭和|大正|[RHS])[ ]?(?P<n2>{_COUNT})[ ]?(?:年度?)?[ ]?\)
    """,
    re.VERBOSE,
)
_INITIALS = {"R": "令和", "H": "平成", "S": "昭和"}

_ANNOUNCES = re.compile(
    r"(?:開催|実施|開講|開演|開会|開館|上映|放送|配信|販売|公開)(?:いた)?し(?:ます|ております)|"
    r"開催(?:予定|決定|です|[!！])|行います|行われます|"
    r"開きます|催します|始まります|(?:お越し|ご参加)(?:ください|下さい)|締め?切(?:ります|りです|です)|必着です|"
    r"までに?(?:お申し?込み|ご応募|お送り|ご提出|ご連絡)|お申し?込みください|お待ちして(?:い|お)ります"
)
_STARTS_HERE = re.compile(
    r"[ ]?(?:に?から|より|以降|以後|~|―|-|[・、,](?=\d)|に?発行|付け?|現在|時点|号|[頃ご]ろ?から|を皮切り)"
)
_REACH_OF_VERB = 40
_WIDEST_CONTEXT = 160

_HOLIDAY_NAMES = (
    "元日|成人の日|建国記念の日|天皇誕生日|春分の日|昭和の日|憲法記念日|みどりの日|こどもの日|海の日|山の日|敬老の日|"
    "秋分の日|スポーツの日|文化の日|勤労感謝の日"
)
_HOLIDAY = re.compile(_HOLIDAY_NAMES)
_HOLIDAY_BEFORE = re.compile(rf"({_HOLIDAY_NAMES})(?:の日?|[ ]?\()?$")
_LONGEST_HOLIDAY_PREFIX = 10
_FIRST_HOLIDAYS = 1949


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A written date with the days that it can sensibly mean, the likeliest first; none if there is no such day."""

    written: WrittenDate
    days: tuple[date, ...]

    @property
    def day(self) -> date:
        """The day that its weekday speaks for, else the likeliest."""
        note = self.written.note
        if note is not None and note.weekday is not None:
            for day in self.days:
                if day.weekday() == note.weekday:
                    return day
        return self.days[0]


def _find(draft: Draft) -> Iterator[Detection]:
    for detection in _slips(draft):
        if not _CORRECTS.search(draft.text, *_surroundings(draft, detection.start)):
            yield detection


def _slips(draft: Draft) -> Iterator[Detection]:
    previous: _Resolved | None = None
    calendar = _Calendar(draft)
    for written in read(draft.text, draft.today):
        current = _Resolved(written, calendar.days(written, previous))
        if current.days:
            yield from _disagreements(draft.text, current)
            yield from _backwards(draft.text, previous, current)
            yield from _already_past(draft, current)
        else:
            yield from _impossible(draft, written)
        previous = current
    if "2月29日" in draft.text:
        yield from _missing_next_year(draft)
    if _MAY_NAME_ERA.search(draft.text):
        yield from _era_years(draft.text)


class _Calendar:
    """Gives written dates their sensible days, within one draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._named: tuple[int, ...] | None = None

    def days(self, written: WrittenDate, previous: _Resolved | None) -> tuple[date, ...]:
        month = written.month
        if written.years and month is not None:
            return _existing((year, month, written.day) for year in written.years)
        if previous is not None and previous.days and written.link is not Link.NONE:
            return self._following(previous.day, month, written.day)
        if month is not None:
            return self._near(month, written.day, written.start)
        return self._day_of_some_month(written)

    def _following(self, before: date, month: int | None, day: int) -> tuple[date, ...]:
        """Give that day in the year of ``before``, or in the next where its month has passed. 14日~4日 stays a slip."""
        month = before.month if month is None else month
        return _existing([(before.year + (month < before.month), month, day)])

    def _near(self, month: int, day: int, position: int) -> tuple[date, ...]:
        today = self._draft.today
        around = _existing((year, month, day) for year in (today.year - 1, today.year, today.year + 1))
        if not around and (month, day) == (2, 29) and self._speaks_of_leap_days(position):
            return _existing((year, 2, 29) for year in range(today.year - 4, today.year + 5))
        ahead = [found for found in around if found >= today][:1]
        back = [found for found in around if found < today][-1:]
        plausible = [found for found in ahead if found - today <= _FURTHEST_AHEAD]
        if back and (today - back[0] <= _FURTHEST_BACK or self._tells_of_past(position)):
            plausible += back
        plausible = plausible or [*ahead, *back]
        plausible.sort(key=lambda found: (found - today).days if found >= today else 2 * (today - found).days)
        named = _existing((year, month, day) for year in self._named_years())
        return tuple(dict.fromkeys((*plausible, *named)))

    def _day_of_some_month(self, written: WrittenDate) -> tuple[date, ...]:
        coming = self._coming(written)
        if written.heading is None:
            return coming
        return tuple(dict.fromkeys((*self._near(written.heading, written.day, written.start), *coming)))

    def _coming(self, written: WrittenDate) -> tuple[date, ...]:
        """Give the next such day of any month; or the last one, where the sentence tells of the past."""
        today = self._draft.today
        first = today.year * 12 + today.month - 1
        days = _existing((month // 12, month % 12 + 1, written.day) for month in range(first - 1, first + 3))
        ahead = [found for found in days if today <= found <= today + _LONGEST_WAIT_FOR_DAY][:1]
        back = [found for found in days if found < today][-1:]
        if back and not self._tells_of_past(written.start) and ahead:
            back = []
        return (*ahead, *back)

    def _named_years(self) -> tuple[int, ...]:
        if self._named is None:
            self._named = tuple(dict.fromkeys(_named_years(self._draft.text)))
        return self._named

    def _tells_of_past(self, position: int) -> bool:
        return _TELLS_OF_PAST.search(self._draft.text, *_surroundings(self._draft, position)) is not None

    def _speaks_of_leap_days(self, position: int) -> bool:
        return _LEAP_TALK.search(self._draft.text, *_surroundings(self._draft, position)) is not None


def _surroundings(draft: Draft, position: int) -> tuple[int, int]:
    """Give the sentence at ``position``, cut where reading it again for each date would cost too much."""
    start, end = draft.sentence(position)
    return max(start, position - _WIDEST_CONTEXT), min(end, position + _WIDEST_CONTEXT)


def _existing(days: Iterable[tuple[int, int, int]]) -> tuple[date, ...]:
    found = []
    for year, month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _named_years(text: str) -> Iterator[int]:
    """Years that the draft names anywhere; a fiscal year (年度) reaches into the next one."""
    for match in _NAMED_YEAR.finditer(text):
        year = int(match["western"]) if match["western"] else ERAS[match["era"]] + number(match["n"])
        yield year
        if match["fiscal"] or match["year"] == "年度":
            yield year + 1


# --- weekday and holiday ---------------------------------------------------------------------------------


def _disagreements(text: str, current: _Resolved) -> Iterator[Detection]:
    note = current.written.note
    if current.day.year < FIRST_GREGORIAN_YEAR:
        return
    if note is None:
        yield from _misnamed_holiday(text, current, "")
        return
    if note.weekday is not None and all(day.weekday() != note.weekday for day in current.days):
        yield _weekday(current)
        return
    if note.nth is not None and all((day.day - 1) // 7 + 1 != note.nth for day in current.days):
        yield _week_of_month(current, note.nth)
    yield from _misnamed_holiday(text, current, note.text)
    if note.holiday and not any(map(_is_holiday, current.days)):
        day = current.day
        yield _detection("dates.holiday", current.written, date=_long(day), weekday=WEEKDAYS[day.weekday()])


def _weekday(current: _Resolved) -> Detection:
    written, day = current.written, current.days[0]
    note = written.note
    assert note is not None and note.weekday is not None  # noqa: S101, PT018 - what the caller has just found
    nearest = min(
        (day + timedelta(days=shift) for shift in range(-3, 4)), key=lambda other: other.weekday() != note.weekday
    )
    return _detection(
        "dates.weekday",
        written,
        date=_long(day),
        actual=WEEKDAYS[day.weekday()],
        written=WEEKDAYS[note.weekday],
        corrected=f"{written.stem}（{WEEKDAYS[day.weekday()]}）",
        alternative=f"{nearest.month}月{nearest.day}日（{WEEKDAYS[note.weekday]}）",
        basis="" if written.years else f"年の記載がないため、{day.year}年として確かめました。",
    )


def _around(day: date) -> Iterator[date]:
    for shift in range(-3, 4):
        yield day + timedelta(days=shift)


def _week_of_month(current: _Resolved, nth: int) -> Detection:
    day = current.day
    weekday = WEEKDAYS[day.weekday()]
    actual = (day.day - 1) // 7 + 1
    return _detection(
        "dates.week_of_month",
        current.written,
        date=_long(day),
        written=f"第{nth}{weekday}曜日",
        actual=f"第{actual}{weekday}曜日",
    )


def _misnamed_holiday(text: str, current: _Resolved, note: str) -> Iterator[Detection]:
    """12月5日（勤労感謝の日）, 文化の日の11月4日."""
    written = current.written
    named = _HOLIDAY.search(note)
    name = named[0] if named else None
    if name is None and "日" in text[max(0, written.start - 3) : written.start]:
        match = _HOLIDAY_BEFORE.search(text, max(0, written.start - _LONGEST_HOLIDAY_PREFIX), written.start)
        name = match[1] if match else None
    if name is None or any(day.year < _FIRST_HOLIDAYS or name in _holiday(day) for day in current.days):
        return
    if any("振替休日" in _holiday(day) for day in current.days):
        return
    actual = next((day for day, found in jpholiday.year_holidays(current.day.year) if found == name), None)
    if actual is not None:
        yield _detection(
            "dates.holiday_name",
            written,
            name=name,
            year=f"{actual.year}年",
            actual=f"{actual.month}月{actual.day}日",
        )


def _holiday(day: date) -> str:
    return jpholiday.is_holiday_name(day) or ""


def _is_holiday(day: date) -> bool:
    return day.year < _FIRST_HOLIDAYS or bool(_holiday(day))


# --- days that do not exist ------------------------------------------------------------------------------


def _impossible(draft: Draft, written: WrittenDate) -> Iterator[Detection]:
    text, month, day = draft.text, written.month, written.day
    if month is None or _LUNAR.search(text, *_surroundings(draft, written.start)):
        return
    if any(year < FIRST_GREGORIAN_YEAR for year in written.years):
        return
    if not 1 <= month <= 12:
        reason = f"{month}月という月はありません"
    elif (month, day) == (2, 29):
        years = written.years or (draft.today.year, draft.today.year + 1)
        reason = f"{'・'.join(f'{year}年' for year in years)}はうるう年ではないため、2月は28日までです"
    else:
        reason = f"{month}月は{_last_day(month)}日までです"
    yield _detection("dates.impossible", written, reason=reason)


def _missing_next_year(draft: Draft) -> Iterator[Detection]:
    """2月29日…来年のその日: a leap day has no such day in most years."""
    for match in _SAME_DAY_IN.finditer(draft.text):
        year = draft.today.year + RELATIVE_YEARS[match[1]]
        leap_day = draft.text.rfind("2月29日", max(0, match.start() - _WIDEST_CONTEXT), match.start())
        if leap_day >= 0 and not _existing([(year, 2, 29)]):
            reason = f"{year}年はうるう年ではないため、2月は28日までです"
            facts = {"reason": reason}
            yield Detection("dates.impossible", leap_day, leap_day + 5, facts)


def _last_day(month: int) -> int:
    return 29 if month == 2 else (date(2000 + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


# --- eras ------------------------------------------------------------------------------------------------


def _era_years(text: str) -> Iterator[Detection]:
    for match in _ERA_YEAR.finditer(text):
        era = match["era"] or _INITIALS.get(match["era2"], match["era2"])
        western = int(match["after"] or match["before"])
        count = number(match["n"] or match["n2"])
        if ERAS[era] + count != western:
            facts = {
                "era": f"{era}{'元' if count == 1 else count}年",
                "year": f"{western}年",
                "actual_year": f"{ERAS[era] + count}年",
                "actual_era": _era_of(western),
            }
            yield Detection("dates.era_year", match.start(), match.end(), facts)


def _era_of(western: int) -> str:
    name, first = next((name, first) for name, first in ERAS.items() if first < western)
    count = western - first
    return f"{name}{'元' if count == 1 else count}年"


# --- periods and past events -----------------------------------------------------------------------------


def _backwards(text: str, previous: _Resolved | None, current: _Resolved) -> Iterator[Detection]:
    """12月14日~12月4日; but 12月28日~1月4日 runs into the next year, and 4月1日~3月31日 is a fiscal year."""
    if previous is None or not previous.days or current.written.link is not Link.RANGE:
        return
    start, end = previous.day, current.day
    if end >= start:
        return
    yield Detection(
        "dates.period",
        previous.written.start,
        current.written.end,
        {
            "start": text[previous.written.start : previous.written.end],
            "end": text[current.written.start : current.written.end],
        },
    )


def _already_past(draft: Draft, current: _Resolved) -> Iterator[Detection]:
    """Report what is announced for a day before today, where the year is written or the weekday settles it."""
    written, today = current.written, draft.today
    day = current.day
    settled = bool(written.years) or (written.note is not None and written.note.weekday is not None)
    if not settled or day >= today or (not written.years and today - day > _FURTHEST_BACK):
        return
    text = draft.text
    if _STARTS_HERE.match(text, written.end):
        return
    end = min(draft.sentence(written.start)[1], written.end + _REACH_OF_VERB)
    verb = _ANNOUNCES.search(text, written.end, end)
    if (
        verb is None
        or _TELLS_OF_PAST.search(text, written.end, end)
        or next(read(text[written.end : verb.start()], today), None)
    ):
        return
    yield _detection("dates.past_event", written, date=_long(day), today=_long(today))


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _detection(check: str, found: WrittenDate, /, **facts: str) -> Detection:
    return Detection(check, found.start, found.end, facts)


DETECTOR = Detector(
    name="dates",
    checks={
        "dates.weekday": frozenset({"date", "actual", "written", "corrected", "alternative", "basis"}),
        "dates.week_of_month": frozenset({"date", "written", "actual"}),
        "dates.holiday": frozenset({"date", "weekday"}),
        "dates.holiday_name": frozenset({"name", "year", "actual"}),
        "dates.impossible": frozenset({"reason"}),
        "dates.era_year": frozenset({"era", "year", "actual_year", "actual_era"}),
        "dates.period": frozenset({"start", "end"}),
        "dates.past_event": frozenset({"date", "today"}),
    },
    gate=_GATE,
    find=_find,
)
