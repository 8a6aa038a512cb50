"""Which days a written date can mean: what is written, what it hangs on, and today decide.

A date without a year is taken to be the coming one, or a recent one. Where the sentence tells of the past or the draft
names other years, these count too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rules.detectors.dates.calendar_words import ERAS, number
from rules.detectors.dates.written_date import Link, WrittenDate
from rules.draft import Draft

FURTHEST_BACK = timedelta(days=120)
"""How far back a date without a year may lie, unless the sentence tells of the past."""
_FURTHEST_AHEAD = timedelta(days=300)
_LONGEST_WAIT_FOR_DAY = timedelta(days=45)

TELLS_OF_PAST = re.compile(
    r"(?<!あ)した(?:[。、! )」\n]|$|[のがをこ一-龥])|(?:った|んだ|れた|いた|えた|けた|めた|せた|でた)(?![だしらる])|"
    r"ました|でした|"
    r"昨年|去年|前回|前年|先日|先月|先週|昨日|以来|当時|旧暦"
)
_NAMED_YEAR = re.compile(r"(?P<era>[12令平昭][90和成])(?P<n>\d{1,2}|元)(?P<mark>年度?|[./])")
"""2026年, 2026/, 令和8年度. The first two characters are classes, because the engine skips fast to these."""
_CENTURIES = {"19": 1900, "20": 2000}
_LEAP_TALK = re.compile(r"うるう|閏|誕生|生まれ")
_WIDEST_CONTEXT = 160


@dataclass(frozen=True, slots=True)
class Resolved:
    """A written date with the days that it can sensibly mean, the likeliest first; none if there is no such day."""

    written: WrittenDate
    days: tuple[date, ...]
    runs_into_next_year: bool = False
    """The end of a period that names no year, and whose month has passed when the period begins."""

    @property
    def day(self) -> date:
        """The day that its weekday speaks for, else the likeliest."""
        for day in self.days:
            if day.weekday() == self.written.weekday:
                return day
        return self.days[0]


class Calendar:
    """Gives written dates their sensible days, within one draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._named: tuple[int, ...] | None = None

    def resolve(self, written: WrittenDate, previous: Resolved | None) -> Resolved:
        """Give the days of ``written``, which may hang on the date before it."""
        month = written.month
        if written.years and month is not None:
            return Resolved(written, existing((year, month, written.day) for year in written.years))
        if previous is not None and previous.days and written.link is not Link.NONE:
            return _following(written, previous.day)
        if month is not None:
            return Resolved(written, self._near(month, written.day, written.start))
        return Resolved(written, self._day_of_some_month(written))

    def _near(self, month: int, day: int, position: int) -> tuple[date, ...]:
        today = self._draft.today
        days, days_if_past = _days_around(today, month, day)
        if not days and (month, day) == (2, 29) and self._speaks_of_leap_days(position):
            return existing((year, 2, 29) for year in range(today.year - 4, today.year + 5))
        if days_if_past != days and self._tells_of_past(position):
            days = days_if_past
        named = self._named_years()
        return tuple(dict.fromkeys((*days, *existing((year, month, day) for year in named)))) if named else days

    def _day_of_some_month(self, written: WrittenDate) -> tuple[date, ...]:
        if written.relative is not None:
            meant = (day.replace(day=1) for day in written.relative.meant(self._draft.today))
            return existing(dict.fromkeys((first.year, first.month, written.day) for first in meant))
        coming = self._coming(written)
        if written.heading is None:
            return coming
        return tuple(dict.fromkeys((*self._near(written.heading, written.day, written.start), *coming)))

    def _coming(self, written: WrittenDate) -> tuple[date, ...]:
        """Give the next such day of any month; or the last one, where the sentence tells of the past."""
        today = self._draft.today
        first = today.year * 12 + today.month - 1
        days = existing((month // 12, month % 12 + 1, written.day) for month in range(first - 1, first + 3))
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
        return TELLS_OF_PAST.search(self._draft.text, *surroundings(self._draft, position)) is not None

    def _speaks_of_leap_days(self, position: int) -> bool:
        return _LEAP_TALK.search(self._draft.text, *surroundings(self._draft, position)) is not None


def surroundings(draft: Draft, position: int) -> tuple[int, int]:
    """Give the sentence at ``position``, cut where reading it again for each date would cost too much."""
    start, end = draft.sentence(position)
    return max(start, position - _WIDEST_CONTEXT), min(end, position + _WIDEST_CONTEXT)


@lru_cache(maxsize=1024)
def _days_around(today: date, month: int, day: int) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Give the sensible days of a date without a year, the likeliest first; and those where past things are told."""
    around = existing((year, month, day) for year in (today.year - 1, today.year, today.year + 1))
    ahead = [found for found in around if found >= today][:1]
    back = [found for found in around if found < today][-1:]
    coming = [found for found in ahead if found - today <= _FURTHEST_AHEAD]
    recent = [found for found in back if today - found <= FURTHEST_BACK]
    any_days = [*ahead, *back]
    return (
        _likeliest_first([*coming, *recent] or any_days, today),
        _likeliest_first([*coming, *back] or any_days, today),
    )


def _likeliest_first(days: Iterable[date], today: date) -> tuple[date, ...]:
    """Order by the distance from today; a day behind counts for twice as far."""
    return tuple(sorted(days, key=lambda day: (day - today).days * (1 if day >= today else -2)))


def existing(days: Iterable[tuple[int, int, int]]) -> tuple[date, ...]:
    """Give those (year, month, day) that the calendar has."""
    found = []
    for year, month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _following(written: WrittenDate, before: date) -> Resolved:
    """Give that day in the year of ``before``, or in the next where its month has passed. 14日~4日 stays a slip."""
    month = before.month if written.month is None else written.month
    rolls_over = month < before.month
    return Resolved(written, existing([(before.year + rolls_over, month, written.day)]), rolls_over)


def _named_years(text: str) -> Iterator[int]:
    """Years that the draft names anywhere; a fiscal year (年度) reaches into the next one."""
    for match in _NAMED_YEAR.finditer(text):
        era, n, mark = match.groups()
        if era in _CENTURIES and len(n) == 2:
            year = _CENTURIES[era] + int(n)
        elif era in ERAS and mark[0] == "年":
            year = ERAS[era] + number(n)
        else:
            continue
        yield year
        if mark == "年度":
            yield year + 1
