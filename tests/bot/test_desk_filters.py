"""What people write after ``/sns-check history``, and what they are shown for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import DraftState
from bot.desk.filters import Filter, NotUnderstood
from bot.desk.remit import Remit
from bot.slack.records import MENTION

TODAY = date(2026, 11, 21)  # a Saturday
EVERYTHING = Remit(everything=True, channels=frozenset())
ONE_CHANNEL = Remit(everything=False, channels=frozenset({"C1"}))
NOTHING = Remit(everything=False, channels=frozenset())


def read(written: str) -> Filter:
    return Filter.read(written, TODAY, MENTION)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("今日", date(2026, 11, 21), date(2026, 11, 21)),
        ("昨日", date(2026, 11, 20), date(2026, 11, 20)),
        ("今週", date(2026, 11, 16), date(2026, 11, 22)),
        ("先週", date(2026, 11, 9), date(2026, 11, 15)),
        ("今月", date(2026, 11, 1), date(2026, 11, 30)),
        ("先月", date(2026, 10, 1), date(2026, 10, 31)),
        ("今年度", date(2026, 4, 1), date(2027, 3, 31)),
        ("7日間", date(2026, 11, 15), date(2026, 11, 21)),
        ("直近7日", date(2026, 11, 15), date(2026, 11, 21)),
        ("直近30日間", date(2026, 10, 23), date(2026, 11, 21)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026年12月", date(2026, 12, 1), date(2026, 12, 31)),
        ("令和8年10月", date(2026, 10, 1), date(2026, 10, 31)),
        ("令和元年6月1日", date(2019, 6, 1), date(2019, 6, 1)),
        ("令和7年度", date(2025, 4, 1), date(2026, 3, 31)),
        ("昨年度", date(2025, 4, 1), date(2026, 3, 31)),
        ("2025年", date(2025, 1, 1), date(2025, 12, 31)),
        ("今年", date(2026, 1, 1), date(2026, 12, 31)),
        ("11月", date(2026, 11, 1), date(2026, 11, 30)),
        ("１２月", date(2025, 12, 1), date(2025, 12, 31)),
        ("11/22", date(2025, 11, 22), date(2025, 11, 22)),
        ("11月21日", date(2026, 11, 21), date(2026, 11, 21)),
        ("10/1〜10/15", date(2026, 10, 1), date(2026, 10, 15)),
        ("10/1 〜　10/15", date(2026, 10, 1), date(2026, 10, 15)),
        ("10月1日から15日まで", date(2026, 10, 1), date(2026, 10, 15)),
        ("10/1-10/15", date(2026, 10, 1), date(2026, 10, 15)),
        ("１０／１－１５", date(2026, 10, 1), date(2026, 10, 15)),
        ("10月1日-15日", date(2026, 10, 1), date(2026, 10, 15)),
        ("2026/10/1-2026/10/15", date(2026, 10, 1), date(2026, 10, 15)),
        ("10月-11月", date(2026, 10, 1), date(2026, 11, 30)),
        ("10月〜11月", date(2026, 10, 1), date(2026, 11, 30)),
        ("12/20~1/10", date(2025, 12, 20), date(2026, 1, 10)),
        ("12/20〜2026/1/10", date(2025, 12, 20), date(2026, 1, 10)),
        ("10/1〜", date(2026, 10, 1), date(2026, 11, 21)),
        ("2026-11-05", date(2026, 11, 5), date(2026, 11, 5)),
        ("2026-11-01..2026-11-20", date(2026, 11, 1), date(2026, 11, 20)),
        ("２０２６年１１月１日〜２０２６年１１月２０日", date(2026, 11, 1), date(2026, 11, 20)),
        ("2026/11/1～2026/11/20", date(2026, 11, 1), date(2026, 11, 20)),
    ],
)
def test_spans_of_days(written: str, first: date, last: date) -> None:
    assert read(written) == Filter(first=first, last=last)


def test_the_fiscal_year_begins_in_april() -> None:
    assert Filter.read("今年度", date(2027, 3, 31)).first == date(2026, 4, 1)
    assert Filter.read("今年度", date(2027, 4, 1)).first == date(2027, 4, 1)


@pytest.mark.parametrize("words", list(permutations(["<@U1|山田 花子>", "差し戻し", "先月"])))
def test_conditions_stand_in_any_order(words: tuple[str, ...]) -> None:
    expected = Filter("U1", frozenset({DraftState.RETURNED}), date(2026, 10, 1), date(2026, 10, 31))
    assert read("　".join(words)) == expected


def test_several_states_are_any_of_them() -> None:
    assert read("待ち 保留").states == {DraftState.WAITING, DraftState.HELD}


@pytest.mark.parametrize(
    ("written", "strange"),
    [
        ("あした", ("あした",)),
        ("承認 むかし ずっと", ("むかし", "ずっと")),
        ("今月 先月", ("先月",)),
        ("<@U1> <@U2>", ("<@U2>",)),
        ("2026-02-30", ("2026-02-30",)),
        ("2026-13", ("2026-13",)),
        ("13月", ("13月",)),
        ("2/30", ("2/30",)),
        ("〜10/15", ("〜10/15",)),
        ("10/1〜むかし", ("10/1〜むかし",)),
        ("2027-10-01〜", ("2027-10-01〜",)),
        ("10 月", ("10", "月")),
        ("2026-11-20..2026-11-01", ("2026-11-20..2026-11-01",)),
        ("0日間", ("0日間",)),
        ("15日", ("15日",)),
        ("<#C1|x>", ("<", "#C1|x>")),
    ],
)
def test_what_is_no_condition_is_named(written: str, strange: tuple[str, ...]) -> None:
    with pytest.raises(NotUnderstood) as error:
        read(written)
    assert error.value.words == strange


@given(st.text(max_size=60))
def test_any_words_are_understood_or_named(written: str) -> None:
    # あ is no condition: it is named, and besides it nothing that was not written
    with pytest.raises(NotUnderstood) as error:
        read(f"{written} あ")
    assert error.value.words[-1] == "あ"
    assert all(word in written for word in error.value.words[:-1])


@given(
    st.builds(
        Filter,
        author=st.none() | st.just("U1"),
        states=st.frozensets(st.sampled_from(DraftState)),
        first=st.just(TODAY),
        last=st.dates(TODAY, date(2100, 1, 1)),
    )
)
def test_a_button_carries_it_there_and_back(conditions: Filter) -> None:
    assert Filter.from_json(conditions.as_json()) == conditions


def test_a_day_begins_at_midnight_in_japan_and_the_last_one_counts() -> None:
    query = read("2026-11-01..2026-11-20").query("slack", "T1", "U1", EVERYTHING)
    assert query.since == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert query.until - query.since == timedelta(days=20)


def test_staff_see_their_own_whatever_they_ask_for() -> None:
    for written in ("", "<@U2>", "<@U1>"):
        query = read(written).query("slack", "T1", "U1", NOTHING)
        assert (query.author, query.channels) == ("U1", None)


def test_supervisors_see_what_they_look_after() -> None:
    assert read("<@U2>").query("slack", "T1", "U1", EVERYTHING).channels is None
    assert read("<@U2>").query("slack", "T1", "U1", ONE_CHANNEL).channels == frozenset({"C1"})
    assert read("").query("slack", "T1", "U1", ONE_CHANNEL).channels == frozenset({"C1"})
    assert read("<@U1>").query("slack", "T1", "U1", ONE_CHANNEL).channels is None
