from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.persons import DETECTOR
from tests.rules.detectors.reading import find, quotes

SURNAMES = ("水野", "大河内", "佐々木", "久慈")
MASKS = "◯○〇●▲"


@pytest.mark.parametrize(
    ("text", "quote", "known"),
    [
        ("鳴海小学校3年1組の水野つばさくんが来た", "鳴海小学校3年1組の水野つばさくん", "学校名・学年・組・名前"),
        ("鳴海小３年１組、水野さん", "鳴海小３年１組、水野さん", "学校名・学年・組・名前"),
        ("松が丘中2年の大河内さん", "松が丘中2年の大河内さん", "学校名・学年・名前"),
        ("きょうもうさぎ組のはるとくんが一番", "うさぎ組のはるとくん", "組・名前"),
        ("三年二組 佐々木リクちゃん", "三年二組 佐々木リクちゃん", "学年・組・名前"),
        ("補欠は四組の久慈さん", "四組の久慈さん", "組・名前"),
    ],
)
def test_a_pupil_is_known_by_what_stands_before_the_name(text: str, quote: str, known: str) -> None:
    assert [(found.quote, found.facts["known"]) for found in find(DETECTOR, text)] == [(quote, known)]


@pytest.mark.parametrize(
    "text",
    [
        "鳴海小学校3年生の皆さん",
        "3年1組のお子さん",
        "1組の担任さん、2組の先生",
        "5年生のお兄さんが遊んでくれた",
        "鳴海小学校の水野さん",
        "2年目の水野さん",
        "2026年、水野さんが開いた店",
        "組合の水野さん",
    ],
)
def test_a_group_a_relation_or_a_school_alone_is_no_pupil(text: str) -> None:
    assert quotes(DETECTOR, "persons.pupil", text) == []


@given(st.sampled_from(SURNAMES), st.integers(1, 6), st.integers(1, 9))
def test_every_class_and_surname_makes_a_pupil(surname: str, grade: int, room: int) -> None:
    named = f"{grade}年{room}組の{surname}さん"
    assert quotes(DETECTOR, "persons.pupil", f"表彰式に{named}も来た") == [named]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("二丁目の田中さん", "二丁目の田中さん"),
        ("緑町団地の高橋さん", "団地の高橋さん"),
        ("コーポ205号室にお住まいの加納さん", "コーポ205号室にお住まいの加納さん"),
    ],
)
def test_a_resident_is_a_name_with_a_home(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "persons.resident", text) == [quote]


@pytest.mark.parametrize("text", ["二丁目の皆さん", "団地のお母さん", "住宅課の田中さん", "二丁目の花屋さん"])
def test_neighbours_without_a_name_are_no_resident(text: str) -> None:
    assert find(DETECTOR, text) == []


@given(st.sampled_from(SURNAMES), st.sampled_from(MASKS), st.sampled_from(["さん", "くん", "氏"]))
def test_a_name_with_its_end_hidden_is_masked(surname: str, mask: str, title: str) -> None:
    hidden = surname[:-1] + mask + title
    assert quotes(DETECTOR, "persons.masked", f"また{hidden}だ") == [hidden]


@pytest.mark.parametrize(
    "text", ["○○さん", "A市○○さん", "■井上さん（会長）", "●生物多様性", "○○町〇〇氏", "◯月◯日、水野さん"]
)
def test_a_blank_to_fill_in_and_a_bullet_are_no_mask(text: str) -> None:
    assert quotes(DETECTOR, "persons.masked", text) == []
