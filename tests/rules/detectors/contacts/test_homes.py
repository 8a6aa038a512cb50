from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.contacts import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import FULL_WIDTH

NUMBERS = st.integers(1, 99)
LOTS = st.one_of(
    st.builds("{}丁目{}番{}号".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("{}-{}-{}".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("{}番地の{}".format, NUMBERS, NUMBERS),
    st.builds("{}番地".format, NUMBERS),
    st.builds("{}-{} ハイツ緑{}号室".format, NUMBERS, NUMBERS, st.integers(101, 999)),
)
FLATS = st.builds("{}-{}-{}-{}".format, NUMBERS, NUMBERS, NUMBERS, st.integers(101, 1999))


@given(LOTS)
def test_a_home_is_a_lot_with_the_name_of_who_lives_there(lot: str) -> None:
    for written in (lot, lot.translate(FULL_WIDTH)):
        assert quotes(DETECTOR, "contacts.home", f"緑町{written}の宮下さん") == [f"{written}の宮下さん"]
        assert quotes(DETECTOR, "contacts.home", f"宮下さんの住所は緑町{written}") == [f"宮下さんの住所は緑町{written}"]
        assert find(DETECTOR, f"緑町{written}の市民会館") == []
        assert find(DETECTOR, f"緑町{written}付近で通行止め") == []


@given(LOTS)
def test_what_is_called_a_home_needs_no_name(lot: str) -> None:
    assert quotes(DETECTOR, "contacts.dwelling", f"引っ越し先は緑町{lot}") == [f"緑町{lot}"]
    assert find(DETECTOR, f"事務所の引っ越し先は緑町{lot}") == []


@given(FLATS)
def test_an_address_with_a_flats_number_is_a_dwelling_unless_an_office_is_spoken_of(flat: str) -> None:
    assert quotes(DETECTOR, "contacts.dwelling", f"住所：緑町{flat}") == [f"緑町{flat}"]
    assert find(DETECTOR, f"会場の住所：緑町{flat}") == []
    assert find(DETECTOR, f"住所の記入例：緑町{flat}") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("緑町245番地の3の宮下さん", "245番地の3の宮下さん"),
        ("緑町２丁目５番１０号の山本様", "２丁目５番１０号の山本様"),
        ("緑町三丁目五番地の高瀬さん", "三丁目五番地の高瀬さん"),
        ("団地の302号室の高橋さん", "302号室の高橋さん"),
        ("緑町1-2-3に住むサトウさん", "1-2-3に住むサトウさん"),
        ("宮下様（緑町2丁目3番4号）から", "宮下様（緑町2丁目3番4号"),
        ("当選者：宮下様 緑区緑町3-4-5-601", "宮下様 緑区緑町3-4-5-601"),
    ],
)
def test_homes_as_they_are_written(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "contacts.home", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "中央1-2-3の市民会館、本町3丁目の皆さん、2番のお母さん",
        "市営住宅（緑町1-2-3）の入居者を募集",
        "旧宮下邸（緑町1-2-3）を公開",
        "住所：千葉市中央区千葉港1番1号",
        "自宅で3-1の勝利を見届けた",
        "宮下さん（080-1234-5678）が担当の窓口へ",
        "実家の1-2階",
        "司会は宮下さん 緑町公民館3-4",
    ],
)
def test_places_for_everybody_are_left_alone(text: str) -> None:
    assert [found for found in find(DETECTOR, text) if found.check in ("contacts.home", "contacts.dwelling")] == []


@given(LOTS)
def test_a_full_name_without_a_title_beside_an_address_is_a_dwelling(lot: str) -> None:
    for text in (f"水野花子　緑町{lot}", f"緑町{lot}　水野 花子", f"水野 花子\n緑町{lot}"):
        assert quotes(DETECTOR, "contacts.dwelling", text) == [text]
    for text in (f"会長 水野花子 緑町{lot}", f"会場：緑町{lot}　水野花子記念館", f"水野町 緑町{lot}"):
        assert find(DETECTOR, text) == []


@given(FLATS)
def test_a_flat_that_somebody_lives_in_is_a_dwelling(flat: str) -> None:
    assert quotes(DETECTOR, "contacts.dwelling", f"緑町{flat}にお住まいの方から") == [f"緑町{flat}"]
    assert find(DETECTOR, "緑町3丁目にお住まいの方から") == []
