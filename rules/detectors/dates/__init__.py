"""Dates against the calendar: one pass that reads them, and a file for each kind of slip.

A date without a year is reported only if it fits none of the sensible years, and the finding says which was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.dates import (
    eras,
    holidays,
    impossible,
    recurring,
    relative_days,
    relative_weekdays,
    schedule,
    week_lists,
    weekdays,
)
from rules.detectors.dates.reader import read
from rules.detectors.dates.resolved import Calendar, Resolved, surroundings
from rules.detectors.detector import Detector
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = re.compile(
    rf"[ 0-9一二三四五六七八九十元①-⑳㉑-㉛令平昭RHS{relative_weekdays.FIRST_SIGNS}]"
    r"(?:(?<![(曜]) ?[月日年]|[/.\-][0-9]|(?<=[令昭])和|(?<=平)成"
    r"|(?<=[RHS])[0-9]|(?<=1)9[0-9]{6}|(?<=2)0[0-9]{6}|(?:(?<=[a-z] )|(?<=[a-z]\. ))[0-9]"
    rf"|(?<=[0-9])(?:st|nd|rd|th)? [A-Z]|{relative_weekdays.SIGNS})"
)
"""One class of first characters in front, because the engine skips fast to these only."""
_CORRECTS = re.compile(r"誤り|誤記|正しくは|訂正")


def _find(draft: Draft) -> Iterator[Detection]:
    for detection in _slips(draft):
        if not _CORRECTS.search(draft.text, *surroundings(draft, detection.start)):
            yield detection


def _slips(draft: Draft) -> Iterator[Detection]:
    calendar, sharing, announcements = Calendar(draft), weekdays.Sharing(), schedule.Announcements(draft)
    dates: list[Resolved] = []
    of_two_years = tuple(eras.year_disagreements(draft.text))
    names_holidays = holidays.MIGHT_NAME_ONE.search(draft.text) is not None
    yield from of_two_years
    for written in read(draft.text, draft.today):
        previous = dates[-1] if dates else None
        current = calendar.resolve(written, previous)
        yield from _slips_of(draft, previous, current, names_holidays=names_holidays)
        past = announcements.already_past(current) if current.days else None
        if past is not None and not any(past.start <= years.start < past.end for years in of_two_years):
            yield past
        yield from sharing.add(current)
        dates.append(current)
    yield from schedule.deadline_slips(draft, dates)
    yield from impossible.missing_leap_days(draft)
    yield from week_lists.disagreements(draft)
    yield from recurring.disagreements(draft)
    yield from relative_weekdays.disagreements(draft)


def _slips_of(
    draft: Draft, previous: Resolved | None, current: Resolved, *, names_holidays: bool
) -> Iterator[Detection]:
    if not current.days:
        found = impossible.impossible(draft, current.written)
        if found is not None:
            yield found
        return
    weekday = weekdays.disagreement(current)
    if weekday is None and names_holidays:
        yield from holidays.disagreements(draft.text, previous, current, draft.today)
    for found in (
        weekday,
        relative_days.disagreement(current, draft.today),
        eras.outside_era(current),
        schedule.backwards(draft.text, previous, current),
    ):
        if found is not None:
            yield found


DETECTOR = Detector(
    name="dates",
    checks={
        "dates.weekday": frozenset({"date", "actual", "written", "corrected", "alternative", "basis"}),
        "dates.week_of_month": frozenset({"date", "written", "actual", "alternative"}),
        "dates.recurring": frozenset({"date", "actual", "written", "expected"}),
        "dates.holiday": frozenset({"date", "weekday", "kind", "nearest"}),
        "dates.holiday_kind": frozenset({"date", "kind", "actual", "nearest"}),
        "dates.holiday_name": frozenset({"name", "year", "actual", "basis"}),
        "dates.impossible": frozenset({"reason", "instead"}),
        "dates.era_year": frozenset({"era", "year", "actual_year", "actual_era"}),
        "dates.era_day": frozenset({"era", "limit", "corrected"}),
        "dates.period": frozenset({"start", "end", "instead"}),
        "dates.past_event": frozenset({"date", "today"}),
        "dates.late_deadline": frozenset({"deadline", "event"}),
        "dates.relative_day": frozenset({"word", "today", "meant"}),
        "dates.relative_weekday": frozenset({"word", "today", "meant", "corrected"}),
        "dates.relative_day_far": frozenset({"word", "today", "meant"}),
    },
    gate=_GATE,
    find=_find,
)
