"""明日22日 and 来週土曜 12/5 against today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from tests.rules.detectors.reading import find, quotes

WORDS = {"本日": 0, "今日": 0, "明日": 1, "あす": 1, "あさって": 2, "明後日": 2, "昨日": -1, "一昨日": -2}


@given(
    word=st.sampled_from(sorted(WORDS)),
    shift=st.integers(-40, 40),
    today=st.dates(date(2025, 1, 1), date(2035, 12, 31)),
)
def test_a_day_is_found_exactly_when_it_is_not_the_one_meant(word: str, shift: int, today: date) -> None:
    day = today + timedelta(days=WORDS[word] + shift)
    found = [each.check for each in find(DETECTOR, f"{word}、{day.year}年{day.month}月{day.day}日のこと", today)]
    expected = [] if shift == 0 else ["dates.relative_day" if abs(shift) <= 3 else "dates.relative_day_far"]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("明日23日に朝市", "23日"),
        ("明日（23日）に朝市", "23日"),
        ("あさって22日は休み", "22日"),
        ("本日11月22日は", "11月22日"),
        ("来週土曜 12/5", "土曜 12/5"),
        ("再来週の土曜日、11月28日", "11月28日"),
        ("今週の土曜日（11/28）", "土曜日（11/28）"),
    ],
)
def test_a_wrong_day_is_quoted(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "dates.relative_day", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "明日22日に朝市",
        "明日（22日）に朝市",
        "来週土曜 11/28",
        "今週の土曜日（11/21）",
        "来週の日曜日（11/29）",
        "来週の日曜日（11/22）",
        "本日1日限り",
        "昨日10日ぶりに再開",
        "本日は、12月5日に行う催しの準備",
        "明日は12月号の発行日",
        "来月5日（土）",
        "明日・あさって22日・23日",
    ],
)
def test_what_fits_today_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


def test_the_day_of_another_month_is_read() -> None:
    assert quotes(DETECTOR, "dates.weekday", "来月5日（日）に開きます。") == ["来月5日（日）"]
    assert quotes(DETECTOR, "dates.weekday", "先月5日（日）に開きました。") == ["先月5日（日）"]
