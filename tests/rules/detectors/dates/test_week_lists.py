"""第1・第3土曜日(5日・19日), member by member."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS
from tests.rules.detectors.reading import find, quotes

DECEMBER = {weekday: 1 + (index - 1) % 7 for index, weekday in enumerate(WEEKDAYS)}
"""The first such weekday of December 2026, which begins on a Tuesday."""


@given(
    weekday=st.sampled_from(WEEKDAYS),
    weeks=st.lists(st.integers(1, 4), min_size=2, max_size=4, unique=True).map(sorted),
    shift=st.sampled_from((0, 1, -1, 2)),
    wrong=st.integers(0, 3),
)
def test_a_list_is_found_exactly_when_a_day_of_it_is_off(
    weekday: str, weeks: list[int], shift: int, wrong: int
) -> None:
    days = [DECEMBER[weekday] + 7 * (week - 1) for week in weeks]
    days[wrong % len(days)] += shift
    if not 0 < min(days) <= max(days) < 32:
        return
    named, listed = "・".join(f"第{week}" for week in weeks), "・".join(f"{day}日" for day in days)
    for text in (f"12月の{named}{weekday}曜日（{listed}）に開庁", f"{named}{weekday}曜（12月{listed}）に開庁"):
        assert len(quotes(DETECTOR, "dates.week_of_month", text)) == (shift != 0)


@pytest.mark.parametrize(
    ("text", "quote", "alternative"),
    [
        ("12月第1土曜日・第3土曜日（5日・20日）", "第1土曜日・第3土曜日（5日・20日", "第3土曜日は12月19日です"),
        ("12月の第２、４日曜日（１３日、２６日）", "第２、４日曜日（１３日、２６日", "第4日曜日は12月27日です"),
        ("12月の第2土曜と第4日曜（12日と26日）", "第2土曜と第4日曜（12日と26日", "第4日曜日は12月27日です"),
    ],
)
def test_the_day_that_was_meant_is_told(text: str, quote: str, alternative: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["alternative"]) == ("dates.week_of_month", quote, alternative)


@pytest.mark.parametrize(
    "text",
    [
        "12月の第2・第4土曜日（12日・26日）に開庁",
        "第1・第3土曜日（9時・13時から）",
        "第1・第2体育館（5日・6日）",
        "第1・第3土曜日（祝日の場合は翌日）",
    ],
)
def test_other_lists_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
