"""Dates as Japanese posts write them, read from text into numbers. Nothing in here judges whether they are right.

Read are, with or without a weekday: 12月5日, 十二月五日, 2026年12月5日, 令和8年12月5日, 2026年(令和8年)12月5日,
来年1月4日, 2026.12.5, 2026/12/5, 2026-12-05, R8.12.5, 12/5, 12.5, 20261205, 5日, 来月5日, 明日22日, the later
members of a list or range (5日・6日, 12/5~7), and English months (December 5, 5 December). A fraction, a version or a
lot number looks like a date too: 12/5 and the like are taken for one only together with a weekday, the name of a
holiday, or a word such as まで.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rules.detectors.dates.calendar_words import (
    CIRCLED,
    ENGLISH_MONTH,
    ERA_INITIALS,
    ERAS,
    FIRST_GREGORIAN_YEAR,
    HOLIDAY_NAMES,
    LAST_YEAR,
    RELATIVE_MONTHS,
    RELATIVE_YEARS,
    WEEKDAYS,
    english_month,
    number,
)
from rules.detectors.dates.notes import note_after, note_before
from rules.detectors.dates.relative_words import relative_word_before
from rules.detectors.dates.written_date import Link, WrittenDate

_RELATIVE_YEAR = re.compile(rf"({'|'.join(RELATIVE_YEARS)})度?[の、 ]?$")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4}|\d{1,2}|元)年[ ]?$")
_RELATIVE_MONTH = re.compile(rf"({'|'.join(RELATIVE_MONTHS)})の?[ ]?$")

_K = "〇一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,2}}(?!\d)|[{_K}]{{1,3}}|[{CIRCLED}])"
_WEEKDAY_FOLLOWS = rf"[ ]?[(\[【〔〈<][{WEEKDAYS}][)\]】〕〉>・,、曜]"
_RUN = re.compile(
    rf"""
    [0-9{_K}元{CIRCLED}] (?: (?<![{CIRCLED}]) [0-9{_K}元]++ )?
    (?= 年[度の( 0-9{_K}{CIRCLED}] | 月 | 日(?![間目]) | [/.([【〔〈<{{《 snrt] | -(?![ ]?\d{{3}})
      | (?<=\d{{8}})(?: [,~・、] | \Z ) | (?P<bare> [,~・、!?)。はにのがで\n\u2600-\u27bf\U0001f000-\U0001faff] | \Z ) )
    """,
    re.VERBOSE,
)
"""The first number of a date, and what can stand behind it; most numbers of a post are dismissed by that.

One class of characters begins it, because the engine skips fast to these. A circled digit is a number by itself. Behind
``bare`` nothing says that it is a day.
"""
_DATE = re.compile(
    rf"""
    (?:
      (?P<year>\d{{4}}|\d{{1,2}}|元|[〇一二三四五六七八九]{{4}}|[{_K}]{{1,3}})
      (?:\([^()\n]{{1,8}}\))? [ ]?年 (?P<fiscal>度)? (?:\([^()\n]{{1,10}}\))? [ の]?
    )?
    (?P<month>{_NUMBER})[ ]?月[ ]?(?P<day>{_NUMBER})
    (?:[ ]?日(?![間目]) | (?=[~・,、-][ ]?\d{{1,2}}(?:日|[(])) | (?={_WEEKDAY_FOLLOWS}))
  | (?P<y>\d{{4}}|\d{{1,2}})(?P<mark>[./-])[ ]?(?P<ym>\d{{1,2}})(?P=mark)[ ]?(?P<yd>\d{{1,2}})(?![./-]?\d)
  | (?P<m>\d{{1,2}})(?:[./-]|[ ]/[ ])(?P<d>\d{{1,2}})(?![./-]?\d)
  | (?P<packed>(?:19|20)\d{{6}})(?!\d)
  | (?P<lone>{_NUMBER})(?P<nichi>[ ]?日(?![間目]))?
    """,
    re.VERBOSE,
)
_RANGE_LINK = re.compile(
    r"[ ]?(?:(?:午前|午後)?[ ]?\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)[ ]?)?(?:(?:から|より)[、 ]?|[ ]?[~―—ー-][ ]?)"
)
_LIST_LINK = re.compile(r"[ ]?(?:[・、,/&]|と|及び|および|並びに)[ ]?")
_MARKS_A_DATE = re.compile(
    r"[ ]?(?:まで|から|より|締切|締め切り|〆|必着|消印|に?(?:開催|実施|開館|発売|発行|公開|放送)|開始|開幕|オープン)"
    rf"|(?:は|の|・|[ ]?\()?(?:{HOLIDAY_NAMES})"
)
_HOLIDAY_BEFORE = re.compile(rf"(?:{HOLIDAY_NAMES})(?:の日?|は|・|[ ]?\(|[ ])?$")
_ANOTHER_DATE_FOLLOWS = re.compile(r"[ ]?[~―—-][ ]?\d{1,2}/\d{1,2}(?![/\d])")
_SHARES_ITS_WEEKDAYS = re.compile(
    rf"(?:[・,、~-][ ]?(?:\d{{1,2}}/)?\d{{1,2}}日?){{1,4}}[ ]?\([{WEEKDAYS}]曜?日?[・,、/~-][{WEEKDAYS}]"
)
_EARLIEST_CLEAR_MONTH = 6
"""From which number on 6/14~7/2 is no pair of fractions, as 1/4~1/2 is."""
_ENGLISH_MONTH_BEFORE = re.compile(rf"(?<![A-Za-z])({ENGLISH_MONTH})[ ]$", re.IGNORECASE)
_ENGLISH_MONTH_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?[ ](?:of[ ])?({ENGLISH_MONTH})(?:,?[ ](?P<year>(?:19|20)\d{{2}}))?(?!\d)", re.IGNORECASE
)
_ENGLISH_TAIL = re.compile(r"(?:st|nd|rd|th)?(?:,?[ ](?P<year>(?:19|20)\d{2}))?(?![\d:])")
_SPAN_OF_DAYS = re.compile(r"[ ]?(?:限り|ぶり|後|以[内上]|分|連続|前|休|かけ|ほど|程度)")
_LONGEST_LINK = 16
_LONGEST_PREFIX = 14


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
            if run.start() < done or (run["bare"] is not None and not self._may_be_bare(run.start())):
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
        match match.lastgroup:
            case "day":
                return self._japanese(match)
            case "yd":
                return self._with_marks(match)
            case "d":
                return self._month_and_day(match)
            case "packed":
                return self._packed(match)
        return self._english(match) or self._day_alone(match)

    # --- the ways of writing ---------------------------------------------------------------------------------

    def _japanese(self, match: re.Match[str]) -> WrittenDate:
        month, era = number(match["month"]), None
        if match["year"]:
            begin, years, era = self._year(match.start(), match["year"])
        else:
            begin, years = self._relative_year(match.start())
        if match["fiscal"] or "年度" in self._text[begin : match.start()]:
            years, era = tuple(year + (month <= 3) for year in years), None
        return self._written(begin, match.end(), (years, month, number(match["day"])), era=era)

    def _with_marks(self, match: re.Match[str]) -> WrittenDate | None:
        begin, years, era = self._year(match.start(), match["y"])
        if begin and len(match["y"]) < 4 and self._text[begin - 1] in "./-":  # ver.2.12.5
            return None
        month, day = int(match["ym"]), int(match["yd"])
        found = self._written(begin, match.end(), (years, month, day), era=era)
        if found.weekday is not None:
            return found
        unmistakable = begin < match.start() or len(match["y"]) == 4
        lot_number = match["mark"] == "-" and (len(match["ym"]) < 2 or len(match["yd"]) < 2)
        if not unmistakable or lot_number or month > 12 or not FIRST_GREGORIAN_YEAR <= years[0] <= LAST_YEAR:
            return None
        return found

    def _month_and_day(self, match: re.Match[str]) -> WrittenDate | None:
        if match.start() and (self._text[match.start() - 1] in "./-" or self._is_letter_before(match.start())):
            return None
        begin, years, era = self._year_before(match.start())
        month, day = int(match["m"]), int(match["d"])
        found = self._written(begin, match.end(), (years, month, day), era=era, is_terse=not years)
        if " " in match[0] and found.weekday is None:
            return None
        if found.weekday is not None or found.link is Link.RANGE or found.relative is not None:
            return found
        has_own_year = era is not None or (len(years) == 1 and self._text[begin].isdigit())
        if has_own_year and "/" in match[0] and 1 <= month <= 12:
            return found
        return found if "/" in match[0] and 1 <= month <= 12 and self._is_marked_a_date(match, month) else None

    def _is_marked_a_date(self, match: re.Match[str], month: int) -> bool:
        before = max(0, match.start() - _LONGEST_PREFIX)
        return (
            _MARKS_A_DATE.match(self._text, match.end()) is not None
            or _HOLIDAY_BEFORE.search(self._text, before, match.start()) is not None
            or _SHARES_ITS_WEEKDAYS.match(self._text, match.end()) is not None
            or (month >= _EARLIEST_CLEAR_MONTH and _ANOTHER_DATE_FOLLOWS.match(self._text, match.end()) is not None)
        )

    def _packed(self, match: re.Match[str]) -> WrittenDate | None:
        digits = match["packed"]
        parts = (int(digits[:4]),), int(digits[4:6]), int(digits[6:])
        found = self._written(match.start(), match.end(), parts)
        return found if found.weekday is not None else None

    def _english(self, match: re.Match[str]) -> WrittenDate | None:
        """December 5, Dec. 5th, 2026, 5 December 2026, 5th of December."""
        start, day = match.start(), number(match["lone"])
        if start >= 4 and (self._is_letter_before(start - 1) or self._text[start - 2] == "."):
            month = _ENGLISH_MONTH_BEFORE.search(self._text, max(0, start - _LONGEST_PREFIX), start)
            tail = _ENGLISH_TAIL.match(self._text, match.end("lone"))
            if month is not None and tail is not None:
                years = (int(tail["year"]),) if tail["year"] else ()
                return self._written(month.start(1), tail.end(), (years, english_month(month[1]), day))
        behind = _ENGLISH_MONTH_AFTER.match(self._text, match.end("lone"))
        if behind is None:
            return None
        years = (int(behind["year"]),) if behind["year"] else ()
        return self._written(start, behind.end(), (years, english_month(behind[1]), day))

    def _day_alone(self, match: re.Match[str]) -> WrittenDate | None:
        if not match["nichi"] and (self._previous is None or match.start() - self._previous.end > _LONGEST_LINK):
            return None
        begin, years, month = self._relative_month(match.start())
        if not match["nichi"] and self._link(begin) is Link.NONE:
            return None
        found = self._written(begin, match.end(), (years, month, number(match["lone"])))
        if not match["nichi"]:
            return found if found.weekday is not None or self._shares_a_note(found) else None
        if found.weekday is not None or found.link is Link.RANGE or self._shares_a_note(found):
            return found
        return found if found.relative is not None and self._is_a_day_of_the_month(found) else None

    def _may_be_bare(self, start: int) -> bool:
        """Tell whether a number without 日 can be a day: close behind another date, or behind an English month."""
        is_near = self._previous is not None and start - self._previous.end <= _LONGEST_LINK
        return is_near or self._text.endswith(" ", 0, start)

    # --- what stands around ----------------------------------------------------------------------------------

    def _shares_a_note(self, found: WrittenDate) -> bool:
        """Tell the later members of 5日・6日(土・日)."""
        return found.link is not Link.NONE and found.note is not None and bool(found.note.several)

    def _is_a_day_of_the_month(self, found: WrittenDate) -> bool:
        """Tell 明日22日 from 本日1日限り and 昨日10日ぶりに."""
        return found.day > 1 and _SPAN_OF_DAYS.match(self._text, found.end) is None

    def _written(
        self,
        begin: int,
        stem_end: int,
        parts: tuple[tuple[int, ...], int | None, int],
        *,
        era: str | None = None,
        is_terse: bool = False,
    ) -> WrittenDate:
        note = note_after(self._text, begin, stem_end)
        if note is None or (note.weekday is None and not note.several):
            note = note_before(self._text, begin, stem_end) or note
        years, month, day = parts
        return WrittenDate(
            start=note.start if note is not None else begin,
            end=note.end if note is not None else stem_end,
            stem=self._text[begin:stem_end],
            years=years,
            month=month,
            day=day,
            note=note,
            link=self._link(begin),
            heading=self._heading,
            era=era,
            relative=relative_word_before(self._text, begin),
            is_terse=is_terse,
        )

    def _year(self, start: int, digits: str) -> tuple[int, tuple[int, ...], str | None]:
        """Where a date with the year ``digits`` at ``start`` begins, the years that this can mean, and its era."""
        begin, era = _era_before(self._text, start)
        value = number(digits)
        if era is not None:
            return begin, (ERAS[era] + value,), era
        if len(digits) == 4:
            return start, (value,), None
        years = (2000 + value, ERAS["令和"] + value, ERAS["平成"] + value)
        return start, tuple(sorted(years, key=lambda year: abs(year - self._today.year))), None

    def _year_before(self, start: int) -> tuple[int, tuple[int, ...], str | None]:
        """Read the year of 2026年12/5 and 来年1/4."""
        match = _YEAR_BEFORE.search(self._text, max(0, start - 7), start)
        if match is not None:
            return self._year(match.start(), match[1])
        return (*self._relative_year(start), None)

    def _relative_year(self, start: int) -> tuple[int, tuple[int, ...]]:
        if self._text.find("年", max(0, start - 3), start) < 0:
            return start, ()
        match = _RELATIVE_YEAR.search(self._text, max(0, start - 7), start)
        if match is None:
            return start, ()
        return match.start(), (self._today.year + RELATIVE_YEARS[match[1]],)

    def _relative_month(self, start: int) -> tuple[int, tuple[int, ...], int | None]:
        if self._text.find("月", max(0, start - 3), start) < 0:
            return start, (), None
        match = _RELATIVE_MONTH.search(self._text, max(0, start - 5), start)
        if match is None:
            return start, (), None
        months = self._today.year * 12 + self._today.month - 1 + RELATIVE_MONTHS[match[1]]
        return match.start(), (months // 12,), months % 12 + 1

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


def _era_before(text: str, start: int) -> tuple[int, str | None]:
    end = start - 1 if text.startswith(" ", start - 1) and start else start
    for name in ERAS:
        if text.endswith(name, 0, end):
            return end - len(name), name
    initial = text[end - 1].upper() if end else ""
    if initial in ERA_INITIALS and not _is_inside_a_word(text, end - 1):
        return end - 1, ERA_INITIALS[initial]
    return start, None


def _is_inside_a_word(text: str, position: int) -> bool:
    """Tell the R of DR8.12.5 and the 平 of 公平8 from initials of eras."""
    before = text[position - 1] if position else ""
    return before.isalnum() and before.isascii() == text[position].isascii()
