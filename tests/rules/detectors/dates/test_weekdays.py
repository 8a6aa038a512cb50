"""Weekdays: every way of writing, right and wrong. A finding if and only if the calendar disagrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS, number, weekday_name
from tests.rules.detectors.dates.writings import WITH_YEAR, WITHOUT_YEAR, kanji
from tests.rules.detectors.reading import TODAY, find, quotes

SENTENCES = ("{}、中央公園で朝市を行います。", "【朝市】{}　9:00～", "📅{}\n場所：中央公園", "朝市は{}です。")
LINES = (
    "・{} 朝市",
    "■{}　9:00～ 中央公園",
    "🎄{}🎄",
    "【日時】{}\n【会場】公民館",
    "#まつり {} #朝市",
    "※{}は、お休みです。",
)
SWEEP = [date(2025, 1, 1) + timedelta(days=days) for days in range(4 * 365 + 1)]
"""Every day of four years, a leap year among them."""


def other_weekdays(day: date) -> str:
    return WEEKDAYS.replace(weekday_name(day), "")


def is_raised(text: str, today: date = TODAY) -> bool:
    return bool(quotes(DETECTOR, "dates.weekday", text, today))


@pytest.mark.parametrize("name", WITH_YEAR)
def test_every_day_of_four_years_is_raised_exactly_when_its_weekday_is_wrong(name: str) -> None:
    """Some 3,000 dates a way of writing: each right once and wrong once, the six wrong weekdays taking turns."""
    write = WITH_YEAR[name]
    assert [day for day in SWEEP if is_raised(write(day, weekday_name(day)))] == []
    wrong = ((day, other_weekdays(day)[number % 6]) for number, day in enumerate(SWEEP))
    assert [(day, weekday) for day, weekday in wrong if not is_raised(write(day, weekday))] == []


@pytest.mark.parametrize("name", WITHOUT_YEAR)
def test_every_coming_day_without_its_year_is_raised_exactly_when_its_weekday_is_wrong(name: str) -> None:
    """Some 1,700 dates a way of writing: every day of the next 245 with every weekday.

    Later ones may as well be those of this year, now past.
    """
    days = [TODAY + timedelta(days=ahead) for ahead in range(245)]
    cases = [(day, weekday) for day in days for weekday in WEEKDAYS]
    raised = [case for case in cases if is_raised(WITHOUT_YEAR[name](*case))]
    assert raised == [(day, weekday) for day, weekday in cases if weekday != weekday_name(day)]


@pytest.mark.parametrize("name", WITH_YEAR)
@given(
    day=st.dates(date(2019, 6, 1), date(2099, 12, 31)),
    weekday=st.sampled_from(WEEKDAYS),
    sentence=st.sampled_from(SENTENCES),
)
def test_a_date_with_its_year_is_quoted_as_written_in_any_sentence(
    name: str, day: date, weekday: str, sentence: str
) -> None:
    written = WITH_YEAR[name](day, weekday)
    expected = [] if weekday_name(day) == weekday else [written]
    assert quotes(DETECTOR, "dates.weekday", sentence.format(written)) == expected


@pytest.mark.parametrize("name", WITHOUT_YEAR)
@given(
    ahead=st.integers(0, 200),
    today=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    weekday=st.sampled_from(WEEKDAYS),
)
def test_a_coming_date_without_its_year_is_read_as_of_any_day(name: str, ahead: int, today: date, weekday: str) -> None:
    day = today + timedelta(days=ahead)
    text = f"{WITHOUT_YEAR[name](day, weekday)}　中央公園で朝市を行います。"
    assert is_raised(text, today) == (weekday_name(day) != weekday)


@pytest.mark.parametrize("name", [*WITH_YEAR, *WITHOUT_YEAR])
@given(
    cases=st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(WEEKDAYS), st.sampled_from(LINES)), min_size=20, max_size=40
    )
)
@settings(max_examples=30)
def test_among_many_lines_of_a_bulletin_exactly_the_wrong_ones_are_raised(
    name: str, cases: list[tuple[int, str, str]]
) -> None:
    """Some 900 dates a way of writing, right and wrong, in lines that stand below each other."""
    write = WITH_YEAR.get(name) or WITHOUT_YEAR[name]
    lines = [(TODAY + timedelta(days=ahead), weekday, line) for ahead, weekday, line in cases]
    text = "\n".join(line.format(write(day, weekday)) for day, weekday, line in lines)
    wrong = [write(day, weekday) for day, weekday, _ in lines if weekday != weekday_name(day)]
    found = quotes(DETECTOR, "dates.weekday", text)
    assert len(found) == len(wrong)
    assert all(quote in written for quote, written in zip(found, wrong, strict=True))


@pytest.mark.parametrize("name", [*WITH_YEAR, *WITHOUT_YEAR])
@given(ahead=st.integers(0, 200), weekday=st.sampled_from(WEEKDAYS))
@settings(max_examples=40)
def test_what_is_suggested_is_right_itself(name: str, ahead: int, weekday: str) -> None:
    """Both values that are offered, put where the wrong one stood."""
    written = (WITH_YEAR.get(name) or WITHOUT_YEAR[name])(TODAY + timedelta(days=ahead), weekday)
    for found in find(DETECTOR, f"朝市は{written}。"):
        for offered in ("corrected", "alternative"):
            assert find(DETECTOR, f"朝市は{written.replace(found.quote, found.facts[offered])}。") == []


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
        ("12月5日㊐に開催", "12月5日㊐"),
        ("12月5日\n（日）", "12月5日\n（日）"),
        ("12月㉔日㊎ 17時から", "12月㉔日㊎"),
        ("12月5日・6日（土・月）は休館", "6日（土・月）"),
        ("12/5～7（土～火）", "7（土～火）"),
        ("12月20日（げ・つ・よ・う・び）に来てね", "12月20日（げ・つ・よ・う・び）"),
        ("次の日曜28日は朝市", "日曜28日"),
        ("来年1月4日（火）から", "来年1月4日（火）"),
        ("28日（日）は朝市", "28日（日）"),
        ("２０２６年１２月５日（日）", "２０２６年１２月５日（日）"),
        ("令和9年度の1月4日（月）", "令和9年度の1月4日（月）"),
        ("（日）12月5日に朝市", "（日）12月5日"),
        ("【日時】(日・祝) 12/5 10:00～", "(日・祝) 12/5"),
        ("📅[日]12/5", "[日]12/5"),
        ("2026/12/5/日 10:00～", "2026/12/5/日"),
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
        "12月5日\n（土）",
        "12月5日\n（日時）10時から",
        "12月5日㊏に開催",
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
        "（土）12月5日に朝市",
        "毎週（日）12月5日まで",
        "12/4（金）・（日）12月5日は休館",
        "（日）12月5日（場）公民館",
        "ver.2.12.5 SUN対応",
        "ver.2.12.5 Sun",
    ],
)
def test_what_only_looks_like_a_wrong_weekday_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    ("text", "quote", "alternative"),
    [
        ("12月の第3土曜日（12日）は朝市", "第3土曜日（12日）", "第3土曜日は12月19日です"),
        ("第2土曜日の12/5に朝市", "第2土曜日の12/5", "第2土曜日は12月12日です"),
        ("12月5日（第二土曜日）", "12月5日（第二土曜日）", "第2土曜日は12月12日です"),
        ("12月5日（第5土曜）", "12月5日（第5土曜）", "この月に第5土曜日はありません"),
    ],
)
def test_a_wrong_week_of_the_month_is_found_and_put_right(text: str, quote: str, alternative: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["alternative"]) == ("dates.week_of_month", quote, alternative)


def test_a_copy_of_last_years_post_is_noticed_although_its_weekday_was_right_then() -> None:
    [found] = find(DETECTOR, "12月13日（土）に餅つきを行います。")
    assert found.facts["date"] == "2026年12月13日"
    assert found.facts["actual"] == "日"
    assert found.facts["corrected"] == "12月13日（日）"
    assert found.facts["alternative"] == "12月12日（土）"
    assert found.facts["basis"] == (
        "年の記載がないため、2026年として確かめました（2025年なら土曜日、2027年なら月曜日です）。"
    )


@pytest.mark.parametrize(
    ("text", "corrected", "alternative"),
    [
        ("Sunday, December 5, 2026", "December 5, 2026 (Sat)", "December 6 (Sun)"),
        ("Market on Dec. 6 (Sat)", "Dec. 6 (Sun)", "December 5 (Sat)"),
        ("12/5 Sun. 10:00", "12/5 (Sat)", "12/6 (Sun)"),
        ("12月5日（Sun）", "12月5日（土）", "12月6日（日）"),
    ],
)
def test_a_date_in_english_is_put_right_in_english(text: str, corrected: str, alternative: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.facts["corrected"], found.facts["alternative"]) == (corrected, alternative)
    assert find(DETECTOR, corrected) == find(DETECTOR, alternative) == []


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("1月11日（火・祝）は休館です", "1月11日（月・祝）"),
        ("12月6日（土・祝）は休館です", "12月6日（日）"),
    ],
)
def test_a_day_stays_a_holiday_in_its_correction_if_it_is_one(text: str, corrected: str) -> None:
    [found] = find(DETECTOR, text)
    assert found.facts["corrected"] == corrected


@given(st.integers(0, 99))
def test_kanji_numbers_are_read(value: int) -> None:
    assert number(kanji(value)) == value
