"""Dates as Japanese posts write them, read from text into numbers. Nothing in here judges whether they are right.

Read are, with or without a weekday: 12月5日, 十二月五日, 2026年12月5日, 令和8年12月5日, 2026年(令和8年)12月5日,
来年1月4日, 2026.12.5, 2026/12/5, 2026-12-05, R8.12.5, 12/5, 12.5, 20261205, 5日, the later members of a list or range
(5日・6日, 12/5~7), and English months (December 5). A fraction, a version or a lot number looks like a date too: 12/5
and the like are taken for one only together with a weekday or a word such as まで.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType

WEEKDAYS = "月火水木金土日"
"""In the order of ``date.weekday()``."""

ERAS: Mapping[str, int] = MappingProxyType({"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867})
"""元号: the western year before its first year (元年)."""

FIRST_GREGORIAN_YEAR = 1873
"""Since when Japan counts by the Gregorian calendar (明治6年); weekdays of earlier dates cannot be told so simply."""

RELATIVE_YEARS: Mapping[str, int] = MappingProxyType(
    {"再来年": 2, "一昨年": -2, "来年": 1, "今年": 0, "本年": 0, "昨年": -1, "去年": -1}
)
"""Years counted from today's."""


class Link(Enum):
    """How a date hangs on the one before it."""

    NONE = "none"
    LIST = "list"
    """並記: 5日・6日."""
    RANGE = "range"
    """期間: 5日~6日, 5日から6日."""


@dataclass(frozen=True, slots=True)
class WeekdayNote:
    """What is said next to a date: the weekday (曜日), its week in the month, a holiday (祝日).

    ``weekday`` counts from Monday = 0 and is named by ``letters`` (start, end); ``nth`` is the 2 of 第2土曜日;
    ``holiday`` is true where 祝 stands there. ``text`` is the whole note, in which a holiday may be named.
    """

    end: int
    text: str
    weekday: int | None = None
    letters: tuple[int, int] = (0, 0)
    nth: int | None = None
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands in the text: ``start`` to ``end`` with its note, ``stem`` (12月5日) without.

    ``years`` holds the years that the writing allows: one if it is written out, none if not, several for 26.12.5.
    ``month`` is None where only the day stands there (5日); ``heading`` is then the month named last before it.
    """

    start: int
    end: int
    stem: str
    years: tuple[int, ...]
    month: int | None
    day: int
    note: WeekdayNote | None
    link: Link
    heading: int | None


_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_ERA_INITIALS = {"R": 2018, "H": 1988, "S": 1925}
_RELATIVE_YEAR = re.compile(rf"({'|'.join(RELATIVE_YEARS)})度?[の、 ]?$")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KANA_WEEKDAYS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_LAST_YEAR = 2150
"""A number above this is hardly a year."""

_K = "〇一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,2}}(?!\d)|[{_K}]{{1,3}})"
_WEEKDAY_FOLLOWS = rf"[ ]?[(\[【〔〈<][{WEEKDAYS}][)\]】〕〉>・,、曜]"
_RUN = re.compile(rf"[0-9{_K}元]+")
_FOLLOWS_A_NUMBER = frozenset(("", *"年月日/.-([【〔〈<,~・、 snrt"))
"""What can stand behind the first number of a date; most numbers of a post are dismissed by this."""
_DATE = re.compile(
    rf"""
    (?:
      (?P<year>\d{{4}}|\d{{1,2}}|元|[〇一二三四五六七八九]{{4}}|[{_K}]{{1,3}})
      (?:\([^()\n]{{1,8}}\))? [ ]?年 (?P<fiscal>度)? (?:\([^()\n]{{1,10}}\))? [ の]?
    )?
    (?P<month>{_NUMBER})[ ]?月[ ]?(?P<day>{_NUMBER})
    (?:[ ]?日(?![間目]) | (?=[~・,、-][ ]?\d{{1,2}}(?:日|[(])) | (?={_WEEKDAY_FOLLOWS}))
  | (?P<y>\d{{4}}|\d{{1,2}})(?P<mark>[./-])[ ]?(?P<ym>\d{{1,2}})(?P=mark)[ ]?(?P<yd>\d{{1,2}})(?![./-]?\d)
  | (?P<m>\d{{1,2}})[./-](?P<d>\d{{1,2}})(?![./-]?\d)
  | (?P<packed>(?:19|20)\d{{6}})(?!\d)
  | (?P<lone>{_NUMBER})(?P<nichi>[ ]?日(?![間目]))?
    """,
    re.VERBOSE,
)
_NOTE = re.compile(
    rf"""
    [ ]?
    (?:
      [(\[【〔〈<「](?P<inside>[^()\[\]【】〔〕〈〉<>「」\n]{{1,24}})[)\]】〕〉>」]
    | の?(?P<nth>第[1-5一二三四五])?(?P<long>[{WEEKDAYS}])曜日?
    | (?P<bare>[{WEEKDAYS}])(?=\s|$|[~・、,]|\d{{1,2}}[時:])
    | (?P<english>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}})(?![a-z])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?:祝日?[・,、/ ]*)?(?:(?P<nth>第[1-5一二三四五])(?=[{WEEKDAYS}]曜?))?(?P<day>[{WEEKDAYS}])(?:曜日?)?"
    rf"(?![{WEEKDAYS}])(?P<rest>(?:[・,、/:; ]|祝|振|休).*)?"
)
_ANOTHER_WEEKDAY = re.compile(rf"[・,、/ ]*[{WEEKDAYS}](?:曜|$|[・,、/ ])")
_HOLIDAY_NOTE = re.compile(rf"(?:^|[・、,/ {WEEKDAYS}])祝日?(?:$|[・、,/ ])")
_KANA_INSIDE = re.compile(r"(げつ|か|すい|もく|きん|ど|にち)(?:よう(?:び|日)?)?")
_BEFORE = re.compile(rf"(?:^|[^{WEEKDAYS}])(?P<nth>第[1-5一二三四五])?(?P<day>[{WEEKDAYS}])曜日?[の( ]?$")
_EVERY = re.compile(r"(?:[毎各隔]週?|[・、,と~]|第[\d一-五・、,]*)$")
_RANGE_LINK = re.compile(
    r"[ ]?(?:(?:午前|午後)?[ ]?\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)[ ]?)?(?:(?:から|より)[、 ]?|[ ]?[~―—ー-][ ]?)"
)
_LIST_LINK = re.compile(r"[ ]?(?:[・、,/&]|と|及び|および|並びに)[ ]?")
_MARKS_A_DATE = re.compile(r"[ ]?(?:まで|から|より|締切|締め切り|〆|必着|消印|開催)")
_ENGLISH_MONTH = re.compile(
    r"(?<![A-Za-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ ]$", re.IGNORECASE
)
_ENGLISH_TAIL = re.compile(r"(?:st|nd|rd|th)?(?:,?[ ](?P<year>(?:19|20)\d{2}))?(?![\d:])")
_LONGEST_LINK = 16
_LONGEST_PREFIX = 14


def number(text: str) -> int:
    """Read ASCII or kanji digits (``25``, ``二十五``, ``二〇二六``, ``元``); 0 if no calendar knows such a number."""
    if text.isascii():
        return int(text)
    if text == "元":
        return 1
    tens, ten, ones = text.partition("十")
    if not set(tens + ones) <= _KANJI_DIGITS.keys() or (ten and (len(tens) > 1 or len(ones) > 1)):
        return 0
    if not ten:
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in text))
    return (_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)


def read(text: str, today: date) -> Iterator[WrittenDate]:
    """All dates of ``text``, in order. ``today`` gives 来年 and 昨年 their meaning."""
    return _Reader(text, today).dates()


class _Reader:
    """One pass over a text; remembers the date before and the month named last."""

    def __init__(self, text: str, today: date) -> None:
        self._text = text
        self._today = today
        self._previous: WrittenDate | None = None
        self._heading: int | None = None

    def dates(self) -> Iterator[WrittenDate]:
        done = 0
        for run in _RUN.finditer(self._text):
            if run.start() < done or self._text[run.end() : run.end() + 1] not in _FOLLOWS_A_NUMBER:
                continue
            found = self._read_at(run.start())
            if found is not None:
                done = found.end
                self._previous = found
                self._heading = found.month or self._heading
                yield found
            elif len(run[0]) <= 3 and self._text.startswith("月", run.end()):
                month = number(run[0])
                self._heading = month if 1 <= month <= 12 else self._heading

    def _read_at(self, start: int) -> WrittenDate | None:
        match = _DATE.match(self._text, start)
        if match is None:
            return None
        if match["month"]:
            return self._japanese(match)
        if match["ym"]:
            return self._with_marks(match)
        if match["m"]:
            return self._month_and_day(match)
        if match["packed"]:
            return self._packed(match)
        return self._english(match) or self._day_alone(match)

    def _japanese(self, match: re.Match[str]) -> WrittenDate:
        month = number(match["month"])
        if match["year"]:
            begin, years = self._year(match.start(), match["year"])
        else:
            begin, years = self._relative_year(match.start())
        if match["fiscal"] or "年度" in self._text[begin : match.start()]:
            years = tuple(year + (month <= 3) for year in years)
        return self._written(begin, match.end(), years, month, number(match["day"]))

    def _with_marks(self, match: re.Match[str]) -> WrittenDate | None:
        begin, years = self._year(match.start(), match["y"])
        month, day = int(match["ym"]), int(match["yd"])
        found = self._written(begin, match.end(), years, month, day)
        if _names_weekday(found):
            return found
        unmistakable = begin < match.start() or len(match["y"]) == 4
        lot_number = match["mark"] == "-" and (len(match["ym"]) < 2 or len(match["yd"]) < 2)
        if not unmistakable or lot_number or month > 12 or not FIRST_GREGORIAN_YEAR <= years[0] <= _LAST_YEAR:
            return None
        return found

    def _month_and_day(self, match: re.Match[str]) -> WrittenDate | None:
        if match.start() and (self._text[match.start() - 1] in "./-" or self._is_letter_before(match.start())):
            return None
        begin, years = self._relative_year(match.start())
        found = self._written(begin, match.end(), years, int(match["m"]), int(match["d"]))
        if _names_weekday(found):
            return found
        deadline = "/" in match[0] and 1 <= int(match["m"]) <= 12 and _MARKS_A_DATE.match(self._text, found.end)
        return found if deadline or found.link is Link.RANGE else None

    def _packed(self, match: re.Match[str]) -> WrittenDate | None:
        digits = match["packed"]
        found = self._written(match.start(), match.end(), (int(digits[:4]),), int(digits[4:6]), int(digits[6:]))
        return found if _names_weekday(found) else None

    def _english(self, match: re.Match[str]) -> WrittenDate | None:
        start = match.start()
        if start < 4 or not (self._is_letter_before(start - 1) or self._text[start - 2] == "."):
            return None
        name = _ENGLISH_MONTH.search(self._text, max(0, start - _LONGEST_PREFIX), start)
        tail = _ENGLISH_TAIL.match(self._text, match.end("lone"))
        if name is None or tail is None:
            return None
        years = (int(tail["year"]),) if tail["year"] else ()
        month = _ENGLISH_MONTHS.index(name[1].lower()) + 1
        return self._written(name.start(1), tail.end(), years, month, number(match["lone"]))

    def _day_alone(self, match: re.Match[str]) -> WrittenDate | None:
        if not match["nichi"] and (self._previous is None or match.start() - self._previous.end > _LONGEST_LINK):
            return None
        found = self._written(match.start(), match.end(), (), None, number(match["lone"]))
        linked = found.link is not Link.NONE
        if match["nichi"]:
            return found if _names_weekday(found) or found.link is Link.RANGE else None
        return found if linked and _names_weekday(found) else None

    def _written(self, begin: int, stem_end: int, years: tuple[int, ...], month: int | None, day: int) -> WrittenDate:
        stem, start = self._text[begin:stem_end], begin
        note = _note_after(self._text, stem_end)
        if note is None or note.weekday is None:
            before = self._note_before(begin, stem_end)
            note, start = (before, before.letters[0]) if before is not None else (note, begin)
        end = note.end if note is not None else stem_end
        return WrittenDate(start, end, stem, years, month, day, note, self._link(begin), self._heading)

    def _year(self, start: int, digits: str) -> tuple[int, tuple[int, ...]]:
        """Where a date with the year ``digits`` at ``start`` begins, and the years that this can mean."""
        begin, first = _era_before(self._text, start)
        value = number(digits)
        if first is not None:
            return begin, (first + value,)
        if len(digits) == 4:
            return start, (value,)
        return start, (2000 + value, ERAS["令和"] + value, ERAS["平成"] + value)

    def _relative_year(self, start: int) -> tuple[int, tuple[int, ...]]:
        match = _RELATIVE_YEAR.search(self._text, max(0, start - 7), start)
        if match is None:
            return start, ()
        return match.start(), (self._today.year + RELATIVE_YEARS[match[1]],)

    def _note_before(self, begin: int, stem_end: int) -> WeekdayNote | None:
        """土曜日の12月5日, 土曜日(12月5日), 次の日曜28日; but not 毎週土曜、12月5日."""
        if self._text.find("曜", max(0, begin - 4), begin) < 0:
            return None
        match = _BEFORE.search(self._text, max(0, begin - 8), begin)
        if match is None:
            return None
        name = match.start("nth") if match["nth"] else match.start("day")
        if _EVERY.search(self._text, max(0, name - 8), name):
            return None
        nth = number(match["nth"][1]) if match["nth"] else None
        weekday = WEEKDAYS.index(match["day"])
        return WeekdayNote(stem_end, match[0], weekday, match.span("day"), nth)

    def _link(self, begin: int) -> Link:
        if self._previous is None or begin - self._previous.end > _LONGEST_LINK:
            return Link.NONE
        for pattern, link in ((_RANGE_LINK, Link.RANGE), (_LIST_LINK, Link.LIST)):
            if pattern.fullmatch(self._text, self._previous.end, begin):
                return link
        return Link.NONE

    def _is_letter_before(self, position: int) -> bool:
        before = self._text[position - 1] if position else ""
        return before.isascii() and before.isalpha()


def _names_weekday(found: WrittenDate) -> bool:
    return found.note is not None and found.note.weekday is not None


def _era_before(text: str, start: int) -> tuple[int, int | None]:
    end = start - 1 if text.startswith(" ", start - 1) and start else start
    for name, first in ERAS.items():
        if text.endswith(name, 0, end):
            return end - len(name), first
    inside_a_word = end > 1 and text[end - 2].isascii() and text[end - 2].isalnum()
    if end and text[end - 1].upper() in _ERA_INITIALS and not inside_a_word:
        return end - 1, _ERA_INITIALS[text[end - 1].upper()]
    return start, None


def _note_after(text: str, start: int) -> WeekdayNote | None:
    match = _NOTE.match(text, start)
    if match is None:
        return None
    if match["inside"]:
        return _bracketed(match)
    if match["english"]:
        weekday = _ENGLISH_WEEKDAYS.index(match["english"][:3].lower())
        return WeekdayNote(match.end(), match[0], weekday, match.span("english"))
    name = "long" if match["long"] else "bare"
    nth = number(match["nth"][1]) if match["nth"] else None
    return WeekdayNote(match.end(), match[0], WEEKDAYS.index(match[name]), match.span(name), nth)


def _bracketed(match: re.Match[str]) -> WeekdayNote:
    """(日), (日・祝), (日曜日、雨天中止), (第1土曜日), (Sun), (げ・つ・よ・う・び).

    (土・日) names two days and so none.
    """
    inside, at, end = match["inside"], match.start("inside"), match.end()
    holiday = _HOLIDAY_NOTE.search(inside) is not None
    day = _INSIDE.fullmatch(inside.rstrip())
    if day is not None:
        if day["rest"] and _ANOTHER_WEEKDAY.match(day["rest"]):
            return WeekdayNote(end, inside, holiday=holiday)
        nth = number(day["nth"][1]) if day["nth"] else None
        letters = (at + day.start("day"), at + day.end("day"))
        return WeekdayNote(end, inside, WEEKDAYS.index(day["day"]), letters, nth, holiday)
    if inside[:3].lower() in _ENGLISH_WEEKDAYS:
        weekday = _ENGLISH_WEEKDAYS.index(inside[:3].lower())
        return WeekdayNote(end, inside, weekday, match.span("inside"), holiday=holiday)
    kana = _KANA_INSIDE.fullmatch(re.sub(r"[・ .\-]", "", inside))
    if kana is not None:
        return WeekdayNote(end, inside, _KANA_WEEKDAYS.index(kana[1]), match.span("inside"))
    return WeekdayNote(end, inside, holiday=holiday)
