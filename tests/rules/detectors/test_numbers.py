from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.jp import in_

from rules.detectors.numbers import DETECTOR
from tests.rules.detectors.reading import find, quotes

CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
stems = st.text("0123456789", min_size=11, max_size=11)


@given(stems, st.sampled_from("0123456789"))
def test_my_number_is_told_by_its_check_digit_in_every_writing(stem: str, last: str) -> None:
    number = stem + last
    valid = in_.is_valid(number)
    grouped = f"{number[:4]} {number[4:8]} {number[8:]}"
    for written in (
        number,
        grouped,
        grouped.replace(" ", "-"),
        grouped.translate(FULL_WIDTH),
        number.translate(CIRCLED),
        number.translate(KANJI),
        " ".join(number),
    ):
        check = "numbers.my_number" if valid else "numbers.my_number_like"
        assert quotes(DETECTOR, check, f"個人番号は「{written}」です。") == [written]


@given(stems.filter(lambda stem: not stem.startswith("0")))
def test_grouped_numbers_without_a_word_about_them_need_the_check_digit(stem: str) -> None:
    number = stem + in_.calc_check_digit(stem)
    wrong = stem + str((int(number[-1]) + 1) % 10)
    assert quotes(DETECTOR, "numbers.my_number", f"{number[:4]}-{number[4:8]}-{number[8:]}を預かった")
    assert find(DETECTOR, f"{wrong[:4]}-{wrong[4:8]}-{wrong[8:]}を預かった") == []


@given(
    st.sampled_from(["4", "51", "3530"]).flatmap(
        lambda issuer: st.text("0123456789", min_size=15 - len(issuer), max_size=15 - len(issuer)).map(issuer.__add__)
    )
)
def test_cards_are_told_by_luhn(stem: str) -> None:
    number = stem + luhn.calc_check_digit(stem)
    wrong = stem + str((int(number[-1]) + 1) % 10)
    written = " ".join(number[at : at + 4] for at in range(0, 16, 4))
    assert quotes(DETECTOR, "numbers.card", f"拾ったのは{written}") == [written]
    assert quotes(DETECTOR, "numbers.card", f"カード番号{number}") == [number]
    assert find(DETECTOR, f"カード番号{wrong}") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("宮下さん 当座預金 7654321", "7654321"),
        ("旅券番号はＴＫ１２３４５６７", "ＴＫ１２３４５６７"),
        ("在留カード番号：AB12345678CD", "AB12345678CD"),
        ("被保険者番号は01234567でした", "01234567"),
    ],
)
def test_numbers_of_documents_are_told_by_their_label(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "numbers.document", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "法人番号 5010001234567",
        "2026年12月5日 10:00-12:00 043-245-5111",
        "https://shop.example/4242424242424242",
        "管理番号は4242424242424242です",
        "会費の振込先は普通預金 1234567です",
        "普通自動車を1234567円で売却しました",
        "人口は1234567人です",
        "①②③④の順にお進みください",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
