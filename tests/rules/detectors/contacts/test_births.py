from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.contacts import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import FULL_WIDTH

SHOWA = st.dates(date(1927, 1, 1), date(1988, 12, 31))


def writings(day: date) -> list[str]:
    year = day.year - 1925
    return [
        f"{day.year}年{day.month}月{day.day}日",
        f"昭和{year}年{day.month}月{day.day}日",
        f"昭和{year}年{day.month}月{day.day}日".translate(FULL_WIDTH),
        f"{day:%Y/%m/%d}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"S{year}.{day.month}.{day.day}",
    ]


@given(SHOWA)
def test_a_birth_date_with_a_name_is_found_in_every_writing(day: date) -> None:
    for written in writings(day):
        assert quotes(DETECTOR, "contacts.birth_date", f"宮下さん、{written}生まれ") == [f"{written}生まれ"]
        assert find(DETECTOR, f"{written}生まれの方が対象です") == []
        assert find(DETECTOR, f"郷土の画家、宮下氏（{written}生まれ）") == []


@given(SHOWA)
def test_without_a_name_it_has_to_be_called_so_or_be_of_one_person(day: date) -> None:
    for written in writings(day):
        labelled = f"生年月日：{written}"
        assert quotes(DETECTOR, "contacts.birth_date_alone", labelled) == [labelled]
        assert quotes(DETECTOR, "contacts.birth_date_alone", f"{written}生まれの男性を保護") == [
            f"{written}生まれの男性"
        ]
        assert quotes(DETECTOR, "contacts.birth_date_alone", f"{written}生 男性") == [f"{written}生 男性"]
        assert find(DETECTOR, f"{labelled}から3年までの方") == []
        assert find(DETECTOR, f"昭和2年4月2日から{written}生まれの男性") == []
        assert find(DETECTOR, f"記入例 {labelled}") == []
        assert find(DETECTOR, f"{written}に開館") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("生年月日：1958/4/3 宮下様", True),
        ("S33.4.3生 宮下様", True),
        ("宮下花子さん、昭和三十三年四月三日生まれ", True),
        ("宮下さんは4月生まれ", False),
        ("1958年4月3日生まれの宮下選手", False),
    ],
)
def test_a_birth_date_needs_a_private_person(text: str, *, found: bool) -> None:
    assert bool(quotes(DETECTOR, "contacts.birth_date", text)) == found


@given(SHOWA)
def test_a_full_name_without_a_title_beside_a_birth_date_may_be_anybodys(day: date) -> None:
    for written in writings(day):
        for text in (f"水野 花子（{written}生）", f"氏名：佐々木太郎　{written}生まれ"):
            assert len(quotes(DETECTOR, "contacts.birth_date_alone", text)) == 1
        assert find(DETECTOR, f"作家の水野花子（{written}生まれ）") == []
        assert find(DETECTOR, f"水野町の図書館は{written}生まれ") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Hanako Mizuno (born 1965-02-01)", "born 1965-02-01"),
        ("Hanako Mizuno, date of birth: April 3, 1985", "date of birth: April 3, 1985"),
    ],
)
def test_a_birth_date_in_english_is_found(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "contacts.birth_date_alone", text) == [quote]
    assert find(DETECTOR, f"The library was {quote}") == []
