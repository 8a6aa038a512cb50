from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn, in_

from rules.detectors.numbers import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import digits, grouped_writings

STEMS = digits(11).filter(lambda stem: not stem.startswith("0"))


def in_fours(number: str) -> tuple[str, ...]:
    return tuple(number[at : at + 4] for at in range(0, len(number), 4))


@given(STEMS, st.sampled_from("0123456789"))
def test_my_number_is_told_by_its_check_digit_in_every_writing(stem: str, last: str) -> None:
    number = stem + last
    check = "numbers.my_number" if in_.is_valid(number) else "numbers.my_number_like"
    for written in (*grouped_writings(*in_fours(number)), " - ".join(in_fours(number))):
        assert quotes(DETECTOR, check, f"個人番号は「{written}」です。") == [written]
        assert find(DETECTOR, f"個人番号の記入例は「{written}」です。") == []


@given(STEMS)
def test_grouped_numbers_without_a_word_about_them_need_the_check_digit(stem: str) -> None:
    number = stem + in_.calc_check_digit(stem)
    wrong = stem + str((int(number[-1]) + 1) % 10)
    assert quotes(DETECTOR, "numbers.my_number", f"{'-'.join(in_fours(number))}を預かった")
    assert find(DETECTOR, f"{'-'.join(in_fours(wrong))}を預かった") == []
    assert find(DETECTOR, f"受付番号は{number}です") == []
    assert find(DETECTOR, f"荷物の追跡番号 {'-'.join(in_fours(number))}") == []


@given(digits(12).filter(lambda stem: not stem.startswith("0")))
def test_numbers_of_corporations_are_public(stem: str) -> None:
    number = cn.calc_check_digit(stem) + stem
    assert find(DETECTOR, f"法人番号{number}") == []
    assert find(DETECTOR, f"登録番号T{number}") == []
    assert find(DETECTOR, f"法人番号 {number[0]} {' '.join(in_fours(number[1:]))} カードで納付できます") == []


@pytest.mark.parametrize(
    "text", ["マイナンバーは12桁の番号です", "マイナポイント 1234567890", "通知カードと1234567890123"]
)
def test_talk_about_my_number_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
