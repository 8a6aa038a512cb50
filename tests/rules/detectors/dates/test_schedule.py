"""Periods, events and deadlines in their order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from rules.detectors.dates.calendar_words import WEEKDAYS
from tests.rules.detectors.reading import TODAY, find, quotes


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


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("受付 12/14～12/4", "12/14～12/4"),
        ("12/14(月)～4(金)", "12/14(月)～4(金)"),
        ("2026/12/14～2026/12/04", "2026/12/14～2026/12/04"),
        ("12月20日から11月30日まで受け付けます", "12月20日から11月30日"),
        ("12月14日～2026年12月4日", "12月14日～2026年12月4日"),
        ("令和8年12月14日～令和8年12月4日", "令和8年12月14日～令和8年12月4日"),
    ],
)
def test_a_period_that_runs_backwards_is_found_in_every_writing(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "dates.period", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "大さじ1/4～1/2",
        "2/3～1/2に減らす",
        "12/29～1/3はお休み",
        "10月1日～9月30日",
        "4月1日～3月31日",
        "講座は4月10日～3月20日",
        "12月4日～14日",
        "点灯は11月23日～2025年1月13日",
        "期間は4月1日～2026年2月28日",
    ],
)
def test_periods_and_fractions_in_order_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("12月14日～12月4日", "「12月4日～12月14日」"),
        ("2026年12月14日～2026年1月4日", "「2027年1月4日」"),
    ],
)
def test_what_was_probably_meant_is_offered(text: str, instead: str) -> None:
    [found] = find(DETECTOR, text)
    assert instead in found.facts["instead"]


@pytest.mark.parametrize(
    "text",
    [
        "日時：11月14日（土）13:00～　参加者を募集します。",
        "■とき　11月14日（土）\nお申し込みはお電話で。参加者募集中！",
        "11/15(日)に防災訓練を実施します",
        "2025年12月5日（金）に開催します",
        "11月20日に開催します。ご参加ください。",
        "11月14日に観察会を開きます。お越しください。",
        "11月14日に公園へお越しください。",
        "10月4日に散策会を開催します！参加者募集中です",
        "10月31日（土）まで、お申し込みを受け付けています。",
    ],
)
def test_an_invitation_to_a_past_day_is_found(text: str) -> None:
    assert len(quotes(DETECTOR, "dates.past_event", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "日時：11月14日（土）13:00～　多くの方にお越しいただきました。",
        "日時：11月14日（土）　募集は終了しました。",
        "2026年11月1日から受け付けます",
        "10月31日（土）まで受け付けていました。",
        "11月21日に開催します。",
        "9月5日に開催します。",
        "11月20日に開催しました。次回もご参加ください。",
        "11月14日（土）に始まった企画展を12月20日（日）まで開催します。",
    ],
)
def test_a_report_or_something_that_goes_on_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


EVENT = date(2026, 12, 13)


@given(shift=st.integers(-15, 30), order=st.booleans())
def test_a_deadline_is_found_exactly_when_it_lies_behind_the_event(shift: int, order: bool) -> None:  # noqa: FBT001 - Hypothesis
    deadline = EVENT + timedelta(days=shift)
    written = f"{deadline.month}月{deadline.day}日（{WEEKDAYS[deadline.weekday()]}）"
    lines = ["開催日：12月13日（日）", f"申込締切：{written}"]
    text = "\n".join(lines if order else reversed(lines))
    expected = [written] if shift > 0 else []
    assert (
        quotes(DETECTOR, "dates.late_deadline", text.replace(f"2027年{deadline.month}", str(deadline.month)))
        == expected
    )


@pytest.mark.parametrize(
    "text",
    [
        "申込締切 12/20（日）　開催 12/13（日）",
        "講座を12月13日（日）に開きます。申込は12月20日（日）までに電話で。",
        "12月13日（日）開催。お申し込みは12月20日（日）まで",
        "応募締切 2026年12月20日　抽選日 2026年12月13日",
        "日時：12月13日（日）10:00～\n申込：12月20日（日）必着",
        "お祭りは12月5日（土）。申込締切は12月10日（木）です。",
        "講座は12月5日（土）。申し込みは12月7日必着。",
        "【申込期間】11月24日～12月10日\n【日時】12月5日（土）10時から",
        "親子教室は、12月13日（日）に公民館で。お申込みの締切りは12月20日（日）、結果は郵送します。",
    ],
)
def test_a_late_deadline_is_found_in_every_writing(text: str) -> None:
    assert len(quotes(DETECTOR, "dates.late_deadline", text)) == 1


def test_a_deadline_before_its_opening_is_found() -> None:
    text = "受付開始は12月10日（木）、締切りは12月1日（火）です。"
    assert quotes(DETECTOR, "dates.period", text) == ["12月10日（木）、締切りは12月1日（火）"]
    assert find(DETECTOR, "受付開始は12月1日（火）、締切りは12月10日（木）です。") == []


@pytest.mark.parametrize(
    "text",
    [
        "12月13日のまつりの写真を募集。応募締切12月20日（日）",
        "①12月13日（日）②1月10日（日）申込は12月20日（日）まで",
        "展示は12月13日（日）～25日（金）に開催。申込は12月20日（日）まで",
        "健診を12月13日（日）に実施します。意見は12月20日（日）まで受け付けます",
        "12月13日（日）に開会式を行います。作品展示は12月20日（日）まで",
        "申込は12月20日（日）まで。抽選結果は12月25日（金）に発送",
        "【申込期間】11月24日～12月4日\n【日時】12月5日（土）10時から",
        "お祭りは12月5日（土）。申込締切は12月1日（火）です。",
    ],
)
def test_other_days_behind_the_event_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
