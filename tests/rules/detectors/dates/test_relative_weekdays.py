"""明日(月): a weekday beside a word that counts from today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS, weekday_name
from rules.detectors.dates.relative_words import DAYS
from tests.rules.detectors.reading import find, quotes

WRITINGS = (
    "{}（{}）",
    "{}({}曜)",
    "{}（{}曜日）",
    "{} ({})",
    "{}の{}曜日",
    "{}、{}曜日",
    "{}は{}曜日",
    "{}（{}・祝）",
    "{}{}曜",
)


@given(
    word=st.sampled_from(sorted(DAYS)),
    weekday=st.sampled_from(WEEKDAYS),
    writing=st.sampled_from(WRITINGS),
    today=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
)
def test_it_is_found_exactly_when_that_day_is_another(word: str, weekday: str, writing: str, today: date) -> None:
    written = writing.format(word, weekday)
    meant = today + timedelta(days=DAYS[word])
    expected = [] if weekday_name(meant) == weekday else [written]
    assert quotes(DETECTOR, "dates.relative_weekday", f"♪{written}、朝市を開きます。", today) == expected


def test_the_day_that_is_meant_is_told() -> None:
    [found] = find(DETECTOR, "あさって（火）から受付開始")
    assert (found.facts["meant"], found.facts["corrected"]) == ("11月23日（月）", "あさって（月）")


@pytest.mark.parametrize(
    "text",
    [
        "明日・あさって（日・月）",
        "明日（日時は後日）",
        "明日の月見会",
        "明日は火の用心",
        "本日（土日を除く）",
        "説明日（月）",
        "今日の日曜版",
        "明日の金曜ロードショーまで",
        "きょうと明日（土・日）",
    ],
)
def test_what_names_no_weekday_of_that_day_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text, date(2026, 11, 21)) == []
