from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.times import DETECTOR
from tests.rules.detectors.reading import find, quotes


def clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


@given(start=st.integers(0, 24 * 60 - 2), lasts=st.integers(1, 24 * 60))
def test_what_ends_on_the_same_day_is_in_order(start: int, lasts: int) -> None:
    end = min(start + lasts, 24 * 60 - 1)
    assert find(DETECTOR, f"{clock(start)}～{clock(end)}") == []


@given(start=st.integers(15 * 60, 24 * 60 - 1), lasts=st.integers(1, 16 * 60))
def test_what_begins_in_the_afternoon_may_last_a_night(start: int, lasts: int) -> None:
    assert find(DETECTOR, f"{clock(start)}～{clock(start + lasts)}") == []


@given(start=st.integers(8 * 60, 15 * 60 - 1), end=st.integers(2 * 60 + 1, 6 * 60))
def test_what_begins_in_the_day_does_not_end_in_the_early_morning(start: int, end: int) -> None:
    written = f"{clock(start)}～{clock(end)}"
    assert quotes(DETECTOR, "times.backwards", f"教室は{written}です。") == [written]
    assert find(DETECTOR, f"通行止めは{written}です。") == []


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
        ("午後3時～1時", "午後3時～1時"),
        ("十四時から十一時", "十四時から十一時"),
        ("【時間】：14:00～11:30", "14:00～11:30"),
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
        "午後10時～2時",
        "一時から三時",
        "スコアは3:75",
        "試合時間は90:00まで",
        "縮尺は1:25から",
        "22:00～25:00",
        "ラジオ番組は26:30から",
        "24:30まで",
        "午後11時～午前1時",
        "午後5時30分～午前9時",
        "12月5日（土）10:00～25:00",
    ],
)
def test_customary_times_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("開演は午前15時", "午前15時"),
        ("受付は午後13時", "午後13時"),
        ("10時75分に出発", "10時75分"),
        ("10:60開始", "10:60"),
        ("開演：12:75", "12:75"),
        ("10:00～12:60", "12:60"),
        ("開始時間は10:75です", "10:75"),
        ("開演時刻18:60", "18:60"),
        ("午後3時75分に集合", "3時75分"),
        ("32時10分", "32時10分"),
        ("講座は25:00から", "25:00"),
        ("31:00開始", "31:00"),
        ("時間：25:00から", "25:00"),
        ("講座は26時開始", "26時"),
    ],
)
def test_times_that_no_clock_shows_are_found(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "times.impossible", text) == [quote]


@given(doors=st.integers(9 * 60, 20 * 60), later=st.integers(-60, 60), order=st.booleans())
def test_a_start_is_found_exactly_when_it_comes_before_the_doors(doors: int, later: int, order: bool) -> None:  # noqa: FBT001 - Hypothesis
    parts = [f"開場{clock(doors)}", f"開演{clock(doors + later)}"]
    written = "　".join(parts if order else reversed(parts))
    assert quotes(DETECTOR, "times.before_doors", f"音楽会 {written}") == ([written] if later < 0 else [])


@pytest.mark.parametrize("text", ["受付10:30～11:00　開始10:00", "開場12:30 開演1:00", "集合9:30 受付10:00 開始10:30"])
def test_times_of_another_kind_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    "text",
    ["13時30分開演（14時開場）", "14時開場、13時30分開演", "14:00開場　13:30開演", "10:30受付／10:00開始"],
)
def test_doors_are_compared_where_the_times_stand_in_front(text: str) -> None:
    assert quotes(DETECTOR, "times.before_doors", text)


@pytest.mark.parametrize(
    "text",
    [
        "13:30開場 14:00開演",
        "14時開演（13時30分開場）",
        "12:00開演（11:30開場）、15:00開演（14:30開場）",
        "開演14:00 開場13:30 終演16:00",
        "午後2時開場 2時30分開演",
        "9:00～12:00受付 11:00開始",
        "10:00開始、11:00受付締切",
        "1回目 10:00開始 受付9:30 2回目 13:00開始 受付12:30",
    ],
)
def test_times_in_front_that_are_in_order_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@given(closing=st.integers(12 * 60, 22 * 60), later=st.integers(-120, 120))
def test_a_last_admission_is_found_exactly_when_it_is_after_closing(closing: int, later: int) -> None:
    last = closing + later
    for text in (
        f"9:00～{clock(closing)}（最終入館{clock(last)}）",
        f"開館時間は9時から{closing // 60}時{closing % 60}分まで。最終受付は{last // 60}時{last % 60}分です。",
        f"午前9時～{clock(closing)}(L.O.{clock(last)})",
        f"最終入園{clock(last)}、閉園{clock(closing)}",
    ):
        assert bool(quotes(DETECTOR, "times.last_admission", text)) == (later > 0)


@pytest.mark.parametrize(
    "text",
    [
        "平日9:00～17:00、土曜9:00～19:00（最終入館18:30）",
        "9:00～17:00（金曜は20:00まで、入館は19:30まで）",
        "午前9時～午後5時（入園は4時30分まで）",
        "10:00～12:00（申込受付は17:00まで）",
        "10:00～2:00（L.O. 1:30）",
        "11:00～14:00、17:00～22:00（LO21:30）",
        "11:00～14:00（LO17:30～）",
    ],
)
def test_admissions_of_another_day_or_part_of_it_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


def test_the_right_time_is_offered() -> None:
    [found] = find(DETECTOR, "出発は10時75分です。")
    assert found.facts["instead"] == "「11時15分」ではありませんか。"
