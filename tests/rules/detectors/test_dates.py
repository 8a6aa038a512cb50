"""Dates: every format, right and wrong. A finding if and only if the calendar disagrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.written_dates import WEEKDAYS, number
from tests.rules.detectors.reading import TODAY, find, quotes

KANJI = "〇一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def kanji(value: int) -> str:
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else KANJI[tens]) + "十" if tens else "") + (KANJI[ones] if ones or not tens else "")


Format = Callable[[date, str], str]
WITH_YEAR: dict[str, Format] = {
    "2026年12月5日（土）": lambda day, name: f"{day.year}年{day.month}月{day.day}日（{name}）",
    "2026年12月5日 土曜日": lambda day, name: f"{day.year}年{day.month}月{day.day}日 {name}曜日",
    "2026年12月5日土曜": lambda day, name: f"{day.year}年{day.month}月{day.day}日{name}曜",
    "2026.12.5（土・祝）": lambda day, name: f"{day.year}.{day.month}.{day.day}（{name}・雨天中止）",
    "2026/12/05 (土)": lambda day, name: f"{day:%Y/%m/%d} ({name})",
    "2026-12-05(土)": lambda day, name: f"{day:%Y-%m-%d}({name})",
    "20261205(土)": lambda day, name: f"{day:%Y%m%d}({name})",
    "R8.12.5(土)": lambda day, name: f"R{day.year - 2018}.{day.month}.{day.day}({name})",
    "Ｒ８／１２／５（土）": lambda day, name: f"Ｒ{day.year - 2018}／{day.month}／{day.day}（{name}）".translate(
        FULL_WIDTH
    ),
    "令和８年１２月５日(土)": lambda day, name: f"令和{day.year - 2018}年{day.month}月{day.day}日({name})".translate(
        FULL_WIDTH
    ),
    "令和八年十二月五日（土）": lambda day, name: (
        f"令和{kanji(day.year - 2018)}年{kanji(day.month)}月{kanji(day.day)}日（{name}）"
    ),
    "2026年（令和8年）12月5日［土］": lambda day, name: (
        f"{day.year}年（令和{day.year - 2018}年）{day.month}月{day.day}日［{name}］"
    ),
    "2026年12月5日【土曜日】": lambda day, name: f"{day.year}年{day.month}月{day.day}日【{name}曜日】",
    "December 5, 2026 (Sat)": lambda day, name: f"{day:%B} {day.day}, {day.year} ({ENGLISH[WEEKDAYS.index(name)]})",
    "2026年12月5日(Sat.)": lambda day, name: f"{day.year}年{day.month}月{day.day}日({ENGLISH[WEEKDAYS.index(name)]}.)",
}
WITHOUT_YEAR: dict[str, Format] = {
    "12月5日（土）": lambda day, name: f"{day.month}月{day.day}日（{name}）",
    "12月5日（土曜日、雨天決行）": lambda day, name: f"{day.month}月{day.day}日（{name}曜日、雨天決行）",
    "12月5日の土曜日": lambda day, name: f"{day.month}月{day.day}日の{name}曜日",
    "十二月五日（土）": lambda day, name: f"{kanji(day.month)}月{kanji(day.day)}日（{name}）",
    "12/5(土)": lambda day, name: f"{day.month}/{day.day}({name})",
    "12.5(土)": lambda day, name: f"{day.month}.{day.day}({name})",
    "12/5 SAT": lambda day, name: f"{day.month}/{day.day} {ENGLISH[WEEKDAYS.index(name)].upper()}",
    "12月5(土)": lambda day, name: f"{day.month}月{day.day}({name})",
    "土曜日（12月5日）": lambda day, name: f"{name}曜日（{day.month}月{day.day}日）",
}
SENTENCES = ("{}、中央公園で朝市を行います。", "【朝市】{}9:00～", "📅{}\n場所：中央公園", "朝市は{}です。")


@pytest.mark.parametrize("name", WITH_YEAR)
@given(
    day=st.dates(date(2019, 6, 1), date(2099, 12, 31)),
    weekday=st.sampled_from(WEEKDAYS),
    sentence=st.sampled_from(SENTENCES),
)
def test_a_date_with_its_year_is_found_exactly_when_its_weekday_is_wrong(
    name: str, day: date, weekday: str, sentence: str
) -> None:
    written = WITH_YEAR[name](day, weekday)
    expected = [] if WEEKDAYS[day.weekday()] == weekday else [written]
    assert [quote.rstrip("）") for quote in quotes(DETECTOR, "dates.weekday", sentence.format(written))] == [
        quote.rstrip("）") for quote in expected
    ]


@pytest.mark.parametrize("name", WITHOUT_YEAR)
@given(
    ahead=st.integers(0, 200),
    today=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    weekday=st.sampled_from(WEEKDAYS),
    sentence=st.sampled_from(SENTENCES),
)
def test_a_coming_date_without_its_year_is_found_exactly_when_its_weekday_is_wrong(
    name: str, ahead: int, today: date, weekday: str, sentence: str
) -> None:
    day = today + timedelta(days=ahead)
    text = sentence.format(WITHOUT_YEAR[name](day, weekday))
    assert bool(quotes(DETECTOR, "dates.weekday", text, today)) == (WEEKDAYS[day.weekday()] != weekday)


@given(back=st.integers(1, 300), today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_a_report_of_the_past_year_is_right(back: int, today: date) -> None:
    day = today - timedelta(days=back)
    text = f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）に清掃を行いました。"
    assert find(DETECTOR, text, today) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("12月5日（土）・6日（月）に開きます。", "6日（月）"),
        ("12/5(土)～7(火)の3日間", "7(火)"),
        ("12月5（土）、6（月）は休み", "6（月）"),
        ("12月31日（木）～1月3日（月）はお休み", "1月3日（月）"),
        ("12月5日㈰は休館", "12月5日㈰"),
        ("12月20日（げ・つ・よ・う・び）に来てね", "12月20日（げ・つ・よ・う・び）"),
        ("次の日曜28日は朝市", "日曜28日"),
        ("来年1月4日（火）から", "来年1月4日（火）"),
        ("28日（日）は朝市", "28日（日）"),
        ("２０２６年１２月５日（日）", "２０２６年１２月５日（日）"),
        ("令和9年度の1月4日（月）", "令和9年度の1月4日（月）"),
    ],
)
def test_a_wrong_weekday_is_quoted_as_it_was_written(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "dates.weekday", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "12月5日（土）・6日（日）に開きます。",
        "12/5(土)～7(月)の3日間",
        "12月31日（木）～1月3日（日）はお休み",
        "令和8年度の1月4日（月）",
        "毎月5日（日曜の場合は翌日）",
        "12月5日（日時は変わることがあります）",
        "12月5日（土・日は混み合います）",
        "毎週日曜、12月5日までの展示です。",
        "12月5日（火災予防運動の初日）",
        "住所は1-12-5（日の出ビル）です。",
        "回答は12/5でした。",
        "版は2.12.5です。",
        "昨年12月13日（土）に開いた催しの写真です。",
        "12月5日間（日）",
        "12月13日土産市",
        "1872年12月5日（日）",
    ],
)
def test_what_only_looks_like_a_wrong_weekday_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


def test_a_copy_of_last_years_post_is_noticed_although_its_weekday_was_right_then() -> None:
    [found] = find(DETECTOR, "12月13日（土）に餅つきを行います。")
    assert found.facts["date"] == "2026年12月13日"
    assert found.facts["actual"] == "日"
    assert found.facts["corrected"] == "12月13日（日）"
    assert found.facts["alternative"] == "12月12日（土）"
    assert "2026年として" in found.facts["basis"]


@given(st.integers(1, 12), st.integers(29, 40), st.integers(2024, 2040))
def test_days_are_impossible_exactly_when_the_calendar_has_none(month: int, day: int, year: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        expected = [f"{year}年{month}月{day}日"]
    else:
        expected = []
    assert quotes(DETECTOR, "dates.impossible", f"締切は{year}年{month}月{day}日です。") == expected


@given(st.integers(0, 99))
def test_kanji_numbers_are_read(value: int) -> None:
    assert number(kanji(value)) == value


@given(count=st.integers(1, 60), shift=st.integers(-3, 3))
def test_an_era_year_is_found_exactly_when_it_is_not_that_year(count: int, shift: int) -> None:
    year = 2018 + count + shift
    text = f"令和{'元' if count == 1 else count}年（{year}年）に開館"
    assert bool(quotes(DETECTOR, "dates.era_year", text)) == (shift != 0)
    assert bool(quotes(DETECTOR, "dates.era_year", f"{year}年度（令和{count}年度）の予算")) == (shift != 0)


@given(start=st.dates(date(2026, 1, 1), date(2030, 1, 1)), length=st.integers(-400, 400))
def test_a_period_with_years_is_found_exactly_when_it_runs_backwards(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    text = f"{start.year}年{start.month}月{start.day}日～{end.year}年{end.month}月{end.day}日に受け付け"
    assert bool(quotes(DETECTOR, "dates.period", text)) == (length < 0)


@given(st.integers(1, 100))
def test_an_announced_day_is_past_the_day_after(days: int) -> None:
    day = TODAY - timedelta(days=days)
    written = f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    assert quotes(DETECTOR, "dates.past_event", f"講座を{written}に開催します。") == [written]
    assert quotes(DETECTOR, "dates.past_event", f"講座を{written}に開催しました。") == []
    assert quotes(DETECTOR, "dates.past_event", f"講座を{written}に開催します。", day) == []
