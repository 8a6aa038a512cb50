from __future__ import annotations

import pytest

from rules.detectors.links import DETECTOR
from tests.rules.detectors.reading import find, quotes


@pytest.mark.parametrize(
    ("check", "url"),
    [
        ("disguised_target", "https://www.city.chiba.jp@evil.example/"),
        ("disguised_target", "https://evil.example@www.city.chiba.jp@evil.example/"),
        ("disguised_target", "https://www.city.chiba.jp:443@evil.example/"),
        ("obscene", "https://hentai-world.example/"),
        ("obscene", "https://example.com/porn/1"),
        ("obscene", "https://example.xxx/"),
        ("look_alike_letters", "https://www.сity.example/"),
        ("look_alike_letters", "https://ràkuten.example/"),
        ("look_alike_letters", "https://xn--mnasato-6fg.example/"),
        ("look_alike_letters", "https://cityーchiba.example/"),
        ("look_alike_letters", "https://www.city.chiba.jp⁄login.evil.example/"),
        ("look_alike_host", "https://city.chiba.jp.example.com/"),
        ("look_alike_host", "https://town-oizumi-lg-jp.example.net/"),
        ("look_alike_host", "https://amazon.example.cc/"),
        ("look_alike_host", "https://amaz0n.example/"),
        ("look_alike_host", "https://www.goog1e.example/"),
        ("look_alike_host", "https://rnicrosoft.example/"),
        ("look_alike_host", "https://arnazon.co.jp/"),
        ("disguised_program", "https://example.com/chirashi.jpg.scr"),
        ("disguised_program", "https://example.com/chirashi.docx%20.com"),
        ("disguised_program", "https://example.com/案内.docx.scr"),
        ("disguised_program", "https://example.com/申請/記入例.pdf%20.exe"),
        ("program", "https://example.com/chirashi.apk"),
        ("program", "https://example.com/setup.msi?dl=1"),
        ("bare_address", "http://198.51.100.4/a"),
        ("bare_address", "http://3325256708/a"),
        ("bare_address", "http://0xc6.0x33.0144.4/a"),
        ("bare_address", "http://[2001:db8::5]/a"),
        ("bare_address", "203.0.113.80/login"),
        ("shortened", "https://bit.ly/3abc"),
        ("shortened", "bit.ly/3abc"),
        ("shortened", "hxxps://tinyurl[.]com/abc"),
        ("plain_form", "http://www.city.minasato.lg.jp/form/26"),
        ("plain_form", "http://event.example/entry"),
    ],
)
def test_tricks_are_named(check: str, url: str) -> None:
    assert [found.check for found in find(DETECTOR, f"こちらから→ {url} どうぞ")] == [f"links.{check}"]
    assert quotes(DETECTOR, f"links.{check}", f"こちらから→ {url} どうぞ") == [url]


@pytest.mark.parametrize(
    "text",
    [
        "[https://www.city.chiba.jp]({})",
        "[www.city.chiba.jp]({})",
        "<{}|www.city.chiba.jp>",
        "https://www.city.chiba.jp/（ {} ）",
        '<a href="{}">https://www.city.chiba.jp</a>',
    ],
)
def test_a_label_that_is_another_address_is_a_trick(text: str) -> None:
    lie, truth = "https://evil.example/a", "https://www.city.chiba.jp/a"
    assert quotes(DETECTOR, "links.disguised_target", text.format(lie)) == [lie]
    assert find(DETECTOR, text.format(truth)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://www.city.chiba.jp/",
        "lg.jp",
        "https://www.town.oizumi.gunma.jp/",
        "https://www.city.kobe.lg.jp/",
        "https://www.metro.tokyo.lg.jp/",
        "https://www.city.minasato.lg.jp/form/login",
        "https://www.nta.go.jp/taxes/setup.exe",
        "https://www.amazon.co.jp/dp/1",
        "https://www.rakuten-edu.co.jp/",
        "https://www.kuronekoyamato.co.jp/",
        "https://日本語.jp/",
        "https://youtu.be/abc",
        "https://maps.app.goo.gl/abc",
        "https://www.sussex-essex.example/",
        "https://example.com/example.company",
        "https://archive.example/https://www.example.com",
        "https://www.example.com/xxx/",
        "https://museum.example/nude-drawing",
        "https://example.com/app.js",
        "http://192.168.0.1/",
        "http://192.168.0.1/login",
        "http://www.city.chiba.jp/news/2026.html",
    ],
)
def test_honest_links_are_left_alone(url: str) -> None:
    assert find(DETECTOR, f"詳しくは {url} をご覧ください。") == []


def test_two_links_side_by_side_are_no_label_and_target() -> None:
    assert find(DETECTOR, "公式 https://www.city.chiba.jp/（https://youtu.be/abc）") == []
    assert find(DETECTOR, "公式 https://www.city.chiba.jp/ ( 動画 https://youtu.be/abc )") == []


def test_only_municipalities_hold_geographic_names() -> None:
    text = "口座番号を入力してください {}"
    assert find(DETECTOR, text.format("https://www.city.minasato.chiba.jp/")) == []
    assert find(DETECTOR, text.format("https://www.city.chiba-kyufu.jp/"))[0].check == "links.asks_for_secrets"


def test_asking_for_secrets_is_found_only_away_from_official_pages() -> None:
    text = "カード番号を入力してください {}"
    assert find(DETECTOR, text.format("https://pay.example/"))[0].check == "links.asks_for_secrets"
    assert find(DETECTOR, text.format("https://www.city.minasato.lg.jp/")) == []
    assert find(DETECTOR, text.format("https://pay.example/"), own_hosts=("pay.example",)) == []


@pytest.mark.parametrize(
    "text",
    [
        "「{} で暗証番号を入力して」というSMSは詐欺です。",
        "申請は {} から。暗証番号の入力は求めません。",
        "申請は {} から。カード番号を入力していただく必要はありません。",
    ],
)
def test_who_does_not_ask_or_warns_of_others_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text.format("https://pay.example/")) == []


def test_a_form_is_told_by_its_name_in_the_text_too() -> None:
    assert quotes(DETECTOR, "links.plain_form", "申込フォーム：http://event.example/26") == ["http://event.example/26"]
    assert find(DETECTOR, "申込フォーム：https://event.example/26") == []
