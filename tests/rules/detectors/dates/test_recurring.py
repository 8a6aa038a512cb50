"""毎月第3日曜日 … 12月は13日."""

from __future__ import annotations

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS
from tests.rules.detectors.reading import find, quotes

DECEMBER = calendar.Calendar().monthdatescalendar(2026, 12)


@given(nth=st.integers(1, 4), weekday=st.sampled_from(WEEKDAYS), day=st.integers(1, 31))
def test_the_next_date_is_found_exactly_when_it_is_not_the_one_of_the_rule(nth: int, weekday: str, day: int) -> None:
    column = [week[WEEKDAYS.index(weekday)] for week in DECEMBER]
    expected = [found for found in column if found.month == 12][nth - 1]
    text = f"句会は毎月第{nth}{weekday}曜日に開いています。12月は{day}日です。"
    assert bool(quotes(DETECTOR, "dates.recurring", text)) == (day != expected.day)


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("毎月第3日曜は句会。12月は13日に開きます", "12月は13日", "12月20日"),
        ("毎月第2・4土曜日が句会。次回は12月5日（土）です", "次回は12月5日（土）", "12月12日・12月26日"),
        ("毎月第四金曜日に開催！今月は２０日です", "今月は２０日", "11月27日"),
    ],
)
def test_the_days_of_the_rule_are_told(text: str, quote: str, expected: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["expected"]) == ("dates.recurring", quote, expected)


@pytest.mark.parametrize(
    "text",
    [
        "毎月第3日曜は句会ですが、12月は13日です。",
        "毎月第3日曜は句会。12月は13日に変わります（会場の都合）。",
        "毎月第3日曜は句会。12月は20日です。",
        "毎月第1土曜・第3日曜は句会。12月は20日です。",
        "毎月第3日曜は句会。12月は13日から作品を展示します。",
        "毎月第3日曜は句会。12月は休み、次回は1月10日です。",
        "毎月第5日曜は句会。12月は31日までお休み。",
    ],
)
def test_another_day_with_its_reason_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
