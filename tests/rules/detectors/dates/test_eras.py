"""Eras against western years and against their own days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.dates import DETECTOR
from tests.rules.detectors.reading import find, quotes


@given(count=st.integers(1, 60), shift=st.integers(-3, 3))
def test_an_era_year_is_found_exactly_when_it_is_not_that_year(count: int, shift: int) -> None:
    year = 2018 + count + shift
    text = f"令和{'元' if count == 1 else count}年（{year}年）に開館"
    assert bool(quotes(DETECTOR, "dates.era_year", text)) == (shift != 0)
    assert bool(quotes(DETECTOR, "dates.era_year", f"{year}年度（令和{count}年度）の予算")) == (shift != 0)


@pytest.mark.parametrize(
    "text",
    [
        "令和8年（2027年）",
        "2027年（令和8年）",
        "令和8（2027）年",
        "2027（R8）年",
        "R8（2027）年度",
        "令和8年/2027年",
        "令和８年＝２０２７年",
        "2027年＝令和8年",
        "令和8年（西暦2027年）",
    ],
)
def test_an_era_beside_another_year_is_found_in_every_writing(text: str) -> None:
    assert len(quotes(DETECTOR, "dates.era_year", f"{text}に開館します。")) == 1
    assert quotes(DETECTOR, "dates.era_year", f"{text.replace('7', '6').replace('７', '６')}に開館します。") == []


@given(st.dates(date(1989, 1, 8), date(2030, 12, 31)))
def test_a_day_is_found_exactly_when_its_era_was_over_or_had_not_begun(day: date) -> None:
    heisei = f"平成{day.year - 1988}年{day.month}月{day.day}日".replace("平成1年", "平成元年")
    assert bool(quotes(DETECTOR, "dates.era_day", heisei)) == (day > date(2019, 4, 30))
    if day.year >= 2019:
        reiwa = f"令和{day.year - 2018}年{day.month}月{day.day}日".replace("令和1年", "令和元年")
        assert bool(quotes(DETECTOR, "dates.era_day", reiwa)) == (day < date(2019, 5, 1))


@pytest.mark.parametrize(
    "text", ["平成32年度を目標とした計画", "昭和100年の記念展", "昭和64年1月7日まで", "2026年・令和9年"]
)
def test_other_ways_to_name_an_era_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


def test_a_day_whose_two_years_disagree_is_not_called_past_by_one_of_them() -> None:
    [found] = find(DETECTOR, "令和8年（2027年）1月10日につどいを開催します。")
    assert (found.check, found.quote) == ("dates.era_year", "令和8年（2027年）")


def test_an_era_that_began_on_the_last_day_of_the_one_before_shares_it() -> None:
    for text in ("大正15年12月25日", "昭和元年12月25日", "明治45年7月30日"):
        assert find(DETECTOR, text) == []
    assert quotes(DETECTOR, "dates.era_day", "大正15年12月26日") == ["大正15年12月26日"]
    assert quotes(DETECTOR, "dates.era_day", "昭和64年1月8日") == ["昭和64年1月8日"]
