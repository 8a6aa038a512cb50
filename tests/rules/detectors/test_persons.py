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
        ("鳴海小学校5年の男児、水野つばさくんが転んだ", "鳴海小学校5年の男児、水野つばさくん", "学校名・学年・名前"),
        ("佐々木みさきさん（鳴海小2年1組）", "佐々木みさきさん（鳴海小2年1組）", "名前・学校名・学年・組"),
        ("久慈太郎君(３年・松が丘中学校)", "久慈太郎君(３年・松が丘中学校)", "名前・学校名・学年"),
        ("2年1組（松が丘中）みずのつばさくん", "2年1組（松が丘中）みずのつばさくん", "学校名・学年・組・名前"),
    ],
)
def test_a_pupil_is_known_by_what_stands_around_the_name(text: str, quote: str, known: str) -> None:
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
        "水野さん（三年目）",
        "水野さん（鳴海小学校）",
        "久慈さんの2年1組での思い出",
        "お母さん（2年1組）",
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


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("きのう緑町商店に勤める久慈さんが来た", "緑町商店に勤める久慈さん"),
        ("ミナト運輸で働いている佐々木リクさん", "ミナト運輸で働いている佐々木リクさん"),
    ],
)
def test_a_worker_is_a_name_with_a_workplace(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "persons.worker", text) == [quote]


@pytest.mark.parametrize("text", ["緑町商店に勤める皆さん", "緑町商店の久慈さん", "店で働くお父さん"])
def test_a_workplace_without_a_name_or_a_name_that_only_trades_there_is_no_worker(text: str) -> None:
    assert quotes(DETECTOR, "persons.worker", text) == []


@pytest.mark.parametrize(
    ("text", "quote", "relation"),
    [
        ("水野さんの長男のリクくん", "水野さんの長男のリクくん", "長男"),
        ("水野さんの次女のゆうとちゃん", "水野さんの次女のゆうとちゃん", "次女"),
        ("佐々木 花子様の娘、大河内さん", "佐々木 花子様の娘、大河内さん", "娘"),
    ],
)
def test_a_relative_is_named_with_whose_family_it_is(text: str, quote: str, relation: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["relation"]) == ("persons.relative", quote, relation)


@pytest.mark.parametrize("text", ["水野さんの長男も来た", "長男のリクくん", "水野さんの花壇、佐々木さんの畑"])
def test_a_relation_without_both_names_is_left_alone(text: str) -> None:
    assert quotes(DETECTOR, "persons.relative", text) == []


@pytest.mark.parametrize(
    ("text", "check", "quote", "known"),
    [
        ("Aさん（80代・緑町3丁目在住）が来た", "stand_in_hint", "Aさん（80代・緑町3丁目在住）", "住まい・年齢"),
        ("緑町団地で一人暮らしのK子さん（７６）", "stand_in", "K子さん（７６）", "住まい・年齢・家族"),
        ("○○さんは緑町商店に勤める34歳の母子家庭", "stand_in", "○○さん", "勤め先・年齢・家族"),
        ("鳴海小2年の息子と緑町団地に住むY.K.さん", "stand_in", "Y.K.さん", "住まい・学校"),
    ],
)
def test_a_name_left_out_is_judged_by_what_else_is_told(text: str, check: str, quote: str, known: str) -> None:
    [found] = find(DETECTOR, text)
    assert (found.check, found.quote, found.facts["known"]) == (f"persons.{check}", quote, known)


@pytest.mark.parametrize(
    "text",
    ["Aさん（80代女性）", "市内在住のAさん（80代・無職）", "緑町団地のAさん", "ABCさん", "76歳。浜町二丁目の話。Aさん"],
)
def test_a_name_left_out_is_nobodys_without_a_place_and_more(text: str) -> None:
    assert [found for found in find(DETECTOR, text) if "stand_in" in found.check] == []


def test_circumstances_enough_for_one_person_are_told_together() -> None:
    [found] = find(DETECTOR, "駅の裏の家の、双子のいる大工の男性が入院しました。")
    assert (found.check, found.quote) == ("persons.singled_out", "裏の家の、双子のいる大工の男性")
    assert found.facts["known"] == "住まい・仕事・家族"


@pytest.mark.parametrize(
    "text",
    [
        "駅の裏の家の、双子のいる大工の男性が餅を配りました。",
        "双子のいる大工の男性が入院しました。",
        "緑町団地の65歳以上で一人暮らしの方が対象です。",
        "緑町団地に住む82歳の男性が入院しました。",
    ],
)
def test_too_few_circumstances_or_no_plight_single_out_nobody(text: str) -> None:
    assert quotes(DETECTOR, "persons.singled_out", text) == []


def test_a_full_name_with_age_and_home_is_told_as_newspapers_do() -> None:
    [found] = find(DETECTOR, "佐々木 太郎(30)＝緑町2丁目、会社員＝を見かけた")
    assert (found.check, found.quote) == ("persons.named_facts", "佐々木 太郎(30)")
    assert found.facts["known"] == "名前・住まい・年齢・仕事"


@pytest.mark.parametrize(
    "text", ["佐々木太郎(30)、会社員", "緑町2丁目の食堂(30)、会社員", "佐々木太郎、緑町2丁目の(30)"]
)
def test_an_age_without_a_home_or_a_name_is_left_alone(text: str) -> None:
    assert quotes(DETECTOR, "persons.named_facts", text) == []


@pytest.mark.parametrize(
    ("text", "quote", "plight"),
    [
        ("水野花子、滞納額30万円", "水野花子", "滞納"),
        ("きのう大河内 翔太が離婚届を出した", "大河内 翔太", "離婚"),
        ("佐々木希空は不登校のままだ", "佐々木希空", "不登校"),
        ("栗花落心愛（7）が児童相談所に来た", "栗花落心愛", "児童相談所"),
        ("松戸徹の差し押さえ", "松戸徹", "差し押さえ"),
        ("王志強さんの在留資格が切れた", "王志強さん", "在留資格"),
        ("保険料が未納なのは水野花子です", "水野花子", "未納"),
    ],
)
def test_a_full_name_without_a_title_is_found_beside_a_plight(text: str, quote: str, plight: str) -> None:
    found = [found for found in find(DETECTOR, text) if found.check == "persons.bare_name"]
    assert [(each.quote, each.facts["plight"]) for each in found] == [(quote, plight)]


@pytest.mark.parametrize(
    "text",
    [
        "大河内建設が滞納",
        "大河内家の離婚",
        "松戸市が差し押さえ",
        "千葉市民の滞納額",
        "水野花子が認知症サポーターになった",
        "水野花子が不登校の子を迎えた",
        "水野花子著、認知症の話",
        "『離婚』水野花子",
        "水野花子。滞納額30万円。",
        "滞納の件は水野花子に",
        "李さんの教室で離婚の話",
    ],
)
def test_a_place_a_firm_a_work_or_a_helper_is_no_bare_name(text: str) -> None:
    assert quotes(DETECTOR, "persons.bare_name", text) == []
