from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.numbers import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import FULL_WIDTH, digits

PLACES = st.sampled_from(["千葉", "習志野", "袖ヶ浦", "群馬", "つくば", "品川", "富士山", "いわき"])
CLASSES = st.one_of(st.integers(10, 99).map(str), st.integers(300, 799).map(str), st.sampled_from(["33A", "5F7"]))
KANA = st.sampled_from("あいうえかきくけこさすせそたちつてとなにぬねのはひふほまみむめもやゆよらりるろれわを")
SERIALS = st.one_of(
    st.builds("{}-{}".format, digits(2), digits(2)),
    st.integers(1, 9).map("・・・{}".format),
    st.integers(10, 99).map("・・{}".format),
)


@given(PLACES, CLASSES, KANA, SERIALS)
def test_plates_are_found_in_every_writing(place: str, number: str, kana: str, serial: str) -> None:
    for space in ("", " ", "　"):
        for plate in (
            space.join((place, number, kana, serial)),
            space.join((place, number, kana, serial)).translate(FULL_WIDTH),
        ):
            assert quotes(DETECTOR, "numbers.plate", f"「{plate}」の白い車") == [plate]
            assert find(DETECTOR, f"図柄入りナンバーの見本「{plate}」") == []


@given(CLASSES, KANA, SERIALS)
def test_what_names_no_office_is_no_plate(number: str, kana: str, serial: str) -> None:
    assert find(DETECTOR, f"港 {number} {kana} {serial} を確認") == []


@pytest.mark.parametrize(
    "text",
    [
        "千葉300人 あと12人",
        "大阪12人、京都33人",
        "品川3-12-34",
        "千葉2の15番地",
        "千葉 500 円から 600 円",
        "成田33 便 12-34",
    ],
)
def test_places_with_other_figures_are_no_plates(text: str) -> None:
    assert find(DETECTOR, text) == []
