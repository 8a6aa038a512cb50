"""National holidays by name and by 祝."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS
from tests.rules.detectors.reading import find, quotes


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_a_day_marked_as_a_holiday_is_found_exactly_when_it_is_none(day: date) -> None:
    text = f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}・祝）は開館します。"
    assert bool(quotes(DETECTOR, "dates.holiday", text)) == (not jpholiday.is_holiday(day))


@given(year=st.integers(2022, 2036), number=st.integers(0, 15), shift=st.integers(-5, 5))
def test_a_named_holiday_is_found_exactly_on_other_days(year: int, number: int, shift: int) -> None:
    named = [(day, name) for day, name in jpholiday.year_holidays(year) if "振替" not in name and "国民" not in name]
    holiday, name = named[number % len(named)]
    day = holiday + timedelta(days=shift)
    expected = shift != 0 and "振替休日" not in (jpholiday.is_holiday_name(day) or "")
    written = f"{day.year}年{day.month}月{day.day}日"
    for text in (f"{written}（{name}）", f"{name}の{written}", f"{written}は{name}です。"):
        assert bool(quotes(DETECTOR, "dates.holiday_name", text)) == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("勤労感謝の日（11月22日）", "11月22日"),
        ("勤労感謝の日の11/22は入館無料", "11/22"),
        ("来年の成人の日（1月12日）", "1月12日"),
        ("11月22日の勤労感謝の日は休館", "11月22日"),
        ("11月24日（火）勤労感謝の日は休館", "11月24日（火）"),
        ("8月10日山の日に開きます", "8月10日"),
        ("元旦の1月2日に初日の出", "1月2日"),
        ("1月2日の元旦は休み", "1月2日"),
        ("1月2日（元旦）は休館", "1月2日（元旦）"),
        ("大みそか（12月30日）は17時まで", "12月30日"),
        ("クリスマスイブの12月25日", "12月25日"),
    ],
)
def test_a_name_beside_another_day_is_found_in_every_writing(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "dates.holiday_name", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "11月22日は勤労感謝の日の前日です",
        "文化の日から11月5日まで開館",
        "11月22日、勤労感謝の日を前に",
        "休館は11月22日（日） 勤労感謝の日は開館します。",
        "11月24日（火）勤労感謝の日の翌日は休館",
        "2026年9月22日（火・祝）",
        "5月3日～5日は憲法記念日、みどりの日、こどもの日です。",
        "11月24日（火・振休）は学校が休み",
        "勤労感謝の日・11月24日は休館",
        "元旦の1月1日、大晦日の12月31日",
        "元旦・1月2日は休館",
        "元旦から1月2日まで",
        "元旦の翌日、1月2日",
        "大晦日（12月30日も同じ）は17時まで",
        "大晦日から1月3日まで",
        "旧暦の元旦（2月6日）",
        "クリスマスの12月24日",
    ],
)
def test_days_around_a_holiday_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


def test_the_holiday_next_to_it_is_told() -> None:
    [found] = find(DETECTOR, "11月24日（火・祝）は開館します。")
    assert found.facts["nearest"] == "近い祝日は11月23日（月・勤労感謝の日）です。"


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("3月20日（春分の日）", "年の記載がないため、2027年として確かめました（2026年・2028年ならそのとおりです）。"),
        ("11月22日（勤労感謝の日）", "年の記載がないため、2026年として確かめました。"),
        ("2027年3月20日（春分の日）", ""),
    ],
)
def test_the_year_that_was_assumed_is_told(text: str, basis: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.facts["basis"]) == ("dates.holiday_name", basis)


@given(day=st.dates(date(2023, 1, 1), date(2036, 12, 31)), kind=st.sampled_from(("振替休日", "国民の休日")))
def test_a_kind_of_holiday_is_found_exactly_on_days_that_are_none_of_it(day: date, kind: str) -> None:
    is_right = kind in (jpholiday.is_holiday_name(day) or "")
    written = f"{day.year}年{day.month}月{day.day}日"
    for text in (
        f"{written}（{WEEKDAYS[day.weekday()]}・{kind}）は開館",
        f"祝日の振替休日（{written}）",
        f"国民の休日の{written}",
    ):
        if kind in text:
            assert bool(quotes(DETECTOR, "dates.holiday_kind", text)) != is_right


@given(st.integers(2023, 2036))
def test_every_substitute_and_every_day_between_is_known(year: int) -> None:
    """The days that the property above meets too seldom."""
    for day, name in jpholiday.year_holidays(year):
        kind = next((kind for kind in ("振替休日", "国民の休日") if kind in name), None)
        if kind is not None:
            written = f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}・{kind}）"
            assert find(DETECTOR, f"{written}は開館しました。") == []


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("2026年9月24日（木・国民の休日）", "近い国民の休日は2026年9月22日（火）です。"),
        ("5月5日の振替休日（5月7日）は営業", "近い振替休日は2027年3月22日（月）です。"),
        ("11月23日（月・振替休日）は開館", "近い振替休日は2027年3月22日（月）です。"),
    ],
)
def test_the_nearest_of_that_kind_is_told(text: str, nearest: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.facts["nearest"]) == ("dates.holiday_kind", nearest)


@pytest.mark.parametrize(
    "text", ["運動会の振替休日（11月24日）", "11月22日の振替休日（11月24日）", "振替休日は11月24日（火）です"]
)
def test_a_substitute_of_a_schools_own_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
