from __future__ import annotations

import pytest

from rules.detectors.contacts import DETECTOR
from tests.rules.detectors.reading import find, quotes


@pytest.mark.parametrize(
    "number",
    [
        "080-1234-5678",
        "08012345678",
        "080 1234 5678",
        "080(1234)5678",
        "０８０－１２３４－５６７８",
        "080ー1234ー5678",
        "080.1234.5678",
        "+81 80-1234-5678",
        "〇八〇-一二三四-五六七八",
    ],
)
def test_a_private_number_is_found_in_every_writing(number: str) -> None:
    assert quotes(DETECTOR, "contacts.private_telephone", f"宮下さんの携帯は{number}です") == [number]
    assert quotes(DETECTOR, "contacts.mobile", f"今日も{number}が鳴った") == [number]
    assert find(DETECTOR, f"問合せ：宮下\n【電話】{number}。") == []
    assert find(DETECTOR, f"お申し込みは宮下さん（{number}）まで。") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("高瀬様のご自宅は043-245-5111とのこと", "固定電話"),
        ("折り返し050-3123-4567へお電話しました", "IP電話"),
        ("高瀬さんの番号は070-1234-5678", "携帯電話"),
    ],
)
def test_kinds_of_numbers_are_told_apart(text: str, kind: str) -> None:
    assert [found.facts["kind"] for found in find(DETECTOR, text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "市役所 043-245-5111",
        "フリーダイヤル0120-444-444",
        "ナビダイヤル0570-000-123",
        "緊急のときは110、119へ。消費者ホットラインは188、救急相談は#7119です。",
        "〒260-0026 千葉港1-1",
        "2026-11-21に更新",
        "3-0、2-1、4-2で勝ちました",
        "https://forms.example/080-1234-5678",
        "koho@city.minasato.lg.jp",
        "info@gmail.com",
        "@minasato_city をフォローしてください",
        "中央1-2-3の市民会館、本町3丁目の皆さん、2番のお母さん",
    ],
)
def test_what_is_public_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    "text",
    ["届いたのは hanako@icloud.com から", "ｈａｎａｋｏ＠ｉｃｌｏｕｄ．ｃｏｍ の投稿", "hanako[at]icloud.com の投稿"],
)
def test_private_mail_is_found(text: str) -> None:
    assert len(quotes(DETECTOR, "contacts.private_mail", text)) == 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("緑町245番地の3の宮下さん", "245番地の3の宮下さん"),
        ("緑町２丁目５番１０号の山本様", "２丁目５番１０号の山本様"),
        ("団地の302号室の高橋さん", "302号室の高橋さん"),
        ("緑町1-2-3に住むサトウさん", "1-2-3に住むサトウさん"),
    ],
)
def test_a_home_is_an_address_with_a_name(text: str, quote: str) -> None:
    assert quotes(DETECTOR, "contacts.home", text) == [quote]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("宮下さん（昭和33年4月3日生まれ）", True),
        ("生年月日：1958/4/3 宮下様", True),
        ("S33.4.3生 宮下様", True),
        ("1958年4月3日生まれの方が対象です", False),
        ("郷土の偉人、宮下氏（1858年4月3日生まれ）", False),
        ("宮下さんは4月生まれ", False),
    ],
)
def test_a_birth_date_needs_a_private_person(text: str, *, found: bool) -> None:
    assert bool(quotes(DETECTOR, "contacts.birth_date", text)) == found
