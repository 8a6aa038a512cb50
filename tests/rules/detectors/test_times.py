from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.times import DETECTOR
from tests.rules.detectors.reading import find, quotes


@given(start=st.integers(0, 24 * 60 - 1), lasts=st.integers(1, 16 * 60))
def test_what_lasts_a_day_or_a_night_is_in_order(start: int, lasts: int) -> None:
    end = (start + lasts) % (24 * 60)
    assert find(DETECTOR, f"{start // 60}:{start % 60:02}～{end // 60}:{end % 60:02}") == []


@given(start=st.integers(8 * 60, 20 * 60), earlier=st.integers(0, 6 * 60))
def test_an_end_shortly_before_its_start_is_found_in_every_writing(start: int, earlier: int) -> None:
    end = start - earlier
    for written in (
        f"{start // 60}:{start % 60:02}～{end // 60}:{end % 60:02}",
        f"{start // 60}時{start % 60}分から{end // 60}時{end % 60}分",
        f"{start // 60}：{start % 60:02}－{end // 60}：{end % 60:02}",
    ):
        assert quotes(DETECTOR, "times.backwards", f"教室は{written}です。") == [written]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("午後1時30分～午前10時", "午後1時30分～午前10時"),
        ("受付 14時～11時半", "14時～11時半"),
    ],
)
def test_mixed_up_times_are_found(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "times.backwards", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "午前10時～午後3時",
        "午後1時～3時",
        "23:00～25:30",
        "放送は深夜25時から",
        "10:00～翌9:00",
        "チェックイン15:00～10:00",
        "通行止め 21:00～6:00",
        "3時間30分～2時間",
        "比率は16:9です",
        "10時～",
        "午前12時までに",
    ],
)
def test_customary_times_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    ("text", "quote"), [("開演は午前15時", "午前15時"), ("10時75分に出発", "10時75分"), ("32時10分", "32時10分")]
)
def test_times_that_no_clock_shows_are_found(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "times.impossible", text) == [quote]
