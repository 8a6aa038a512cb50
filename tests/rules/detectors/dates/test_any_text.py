"""Whatever stands there, it is read without an error, and what is found stands in the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.detectors import dates, times
from tests.rules.detectors.reading import find

PIECES = (
    *"0123456789〇一二三十元①㉛年月日火土祝R8(（)）/／.-~～、。: 時分から",
    "令和",
    "明治",
    "昭和64年",
    "1850",
    "9999",
    "0000",
    "12月",
    "31日",
    "(日)",
    "（土・日）",
    "第5土曜日",
    "明日",
    "来週の月曜日",
    "文化の日",
    "締切",
    "開催",
    "日時：",
    "午前",
    "25:00",
    "開場",
    "開演",
    "2月29日",
    "来年のその日",
    "より",
    "Dec ",
    "Sunday, ",
)


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_nothing_made_of_their_pieces_breaks_the_detectors(text: str) -> None:
    for detector in (dates.DETECTOR, times.DETECTOR):
        assert all(found.quote in text for found in find(detector, text))


def test_the_ends_of_the_calendar_are_read() -> None:
    for text in (
        "9999年12月31日（月）",
        "0001年1月1日（火）",
        "1850（明治3）年",
        "9999年12月31日～1月1日（土・日）",
        "令和99年12月31日（月・祝）",
    ):
        find(dates.DETECTOR, text)
