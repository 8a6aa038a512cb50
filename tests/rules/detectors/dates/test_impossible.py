"""Days that the calendar does not have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from tests.rules.detectors.reading import find, quotes


@given(st.integers(1, 12), st.integers(29, 40), st.integers(2024, 2040))
def test_days_are_impossible_exactly_when_the_calendar_has_none(month: int, day: int, year: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        expected = [f"{year}年{month}月{day}日"]
    else:
        expected = []
    assert quotes(DETECTOR, "dates.impossible", f"締切は{year}年{month}月{day}日です。") == expected


@pytest.mark.parametrize(
    ("text", "quote", "reason"),
    [
        ("受付は11/31まで", "11/31", "11月は30日までです"),
        ("9/31に開催", "9/31", "9月は30日までです"),
        ("0月5日に", "0月5日", "0月という月はありません"),
        ("12月0日（土）", "12月0日（土）", "0日という日はありません"),
        ("十一月三十一日", "十一月三十一日", "11月は30日までです"),
        ("2月29日まで", "2月29日", "2026年・2027年はうるう年ではないため、2月は28日までです"),
    ],
)
def test_the_reason_is_told(text: str, quote: str, reason: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["reason"]) == ("dates.impossible", quote, reason)


def test_the_last_day_of_the_month_is_offered() -> None:
    [found] = find(DETECTOR, "納期限は6月31日です。")
    assert "「6月30日」" in found.facts["instead"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2027年2月30日", 28),
        ("来年2月30日", 28),
        ("R8.2.30", 28),
        ("2026/2/30", 28),
        ("2月30日", 28),
        ("2028年2月30日", 29),
        ("2026年4/31", 30),
    ],
)
def test_the_last_day_offered_is_one_that_the_year_has(text: str, last: int) -> None:
    [found] = find(DETECTOR, f"納期限は{text}です。")
    assert found.quote == text
    assert f"月{last}日」" in found.facts["instead"]


def test_a_day_that_the_draft_tells_to_be_none_is_left_alone() -> None:
    assert find(DETECTOR, "お知らせに11月31日とありましたのは、暦にない日でした。") == []
    assert find(DETECTOR, "短編「十三月五日」を読みます。暦にない日の話です。") == []


@pytest.mark.parametrize("text", ["2月30日という日付は存在しません", "「11月31日」という日はありません"])
def test_a_day_said_not_to_exist_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
    assert len(find(DETECTOR, text.partition("」")[0].partition("という")[0] + "は休館です")) == 1
