"""Working hours of a town hall in Japan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workhours import JAPAN, is_working_day, working_time

DAY = timedelta(hours=8, minutes=45)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.sampled_from([UTC, JAPAN]))  # noqa: DTZ001 - Hypothesis adds the zone
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("11-20 09:00", "11-20 10:30", timedelta(hours=1, minutes=30)),
        ("11-20 00:00", "11-20 23:59", DAY),
        ("11-20 06:00", "11-20 08:30", timedelta(0)),
        ("11-20 17:15", "11-24 08:30", timedelta(0)),  # a weekend and 勤労感謝の日
        ("11-20 17:00", "11-24 09:00", timedelta(minutes=45)),
        ("11-20 12:00", "11-20 11:00", timedelta(0)),
        ("12-28 17:00", "12-31 12:00", timedelta(minutes=15)),
        ("05-01 17:00", "05-07 08:45", timedelta(minutes=30)),  # the long holidays of May, with 振替休日
    ],
)
def test_only_working_hours_count(start: str, end: str, expected: timedelta) -> None:
    assert working_time(at(start), at(end)) == expected


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),
        (date(2026, 9, 22), False),  # 国民の休日, between two holidays
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_days_on_which_the_town_hall_is_open(day: date, *, open_: bool) -> None:
    assert is_working_day(day) is open_


@settings(deadline=None)
@given(moments, moments, moments)
def test_time_adds_up(one: datetime, another: datetime, third: datetime) -> None:
    first, second, last = sorted((one, another, third))
    assert working_time(first, second) + working_time(second, last) == working_time(first, last)


@given(moments, moments)
def test_it_is_never_negative_nor_longer_than_the_clock_says(one: datetime, another: datetime) -> None:
    first, last = sorted((one, another))
    assert timedelta(0) <= working_time(first, last) <= last - first
    assert working_time(last, first) == timedelta(0)


@given(days)
def test_a_day_is_worked_wholly_or_not_at_all(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=JAPAN)
    assert working_time(midnight, midnight + timedelta(days=1)) == (DAY if is_working_day(day) else timedelta(0))


@given(moments, moments)
def test_the_zone_in_which_a_moment_is_told_does_not_matter(start: datetime, end: datetime) -> None:
    assert working_time(start.astimezone(UTC), end.astimezone(JAPAN)) == working_time(start, end)
