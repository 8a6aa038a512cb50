from __future__ import annotations

import pytest

from rules.detectors.links import DETECTOR
from rules.detectors.urls import read
from rules.text import see
from tests.rules.detectors.reading import find, quotes


@pytest.mark.parametrize(
    ("text", "quote", "host", "path"),
    [
        ("詳細はhttps://www.example.com/aをご覧ください", "https://www.example.com/a", "www.example.com", "/a"),
        ("詳細は（https://www.example.com/a）。", "https://www.example.com/a", "www.example.com", "/a"),
        ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｃｏｍ／ａ", "https://example.com/a", "example.com", "/a"),
        ("hxxps://example[.]com/a", "hxxps://example[.]com/a", "example.com", "/a"),
        ("example.co.jp/aへ", "example.co.jp/a", "example.co.jp", "/a"),
        ("https://example.com:8443/?q=1#x", "https://example.com:8443/?q=1#x", "example.com", "/?q=1#x"),
        ("https://日本語.jp/a", "https://日本語.jp/a", "日本語.jp", "/a"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a", "[2001:db8::1]", "/a"),
        ("https://example.com。次の文", "https://example.com", "example.com", ""),
    ],
)
def test_urls_are_read_as_people_paste_them(text: str, quote: str, host: str, path: str) -> None:
    view = see(text).text
    [url] = read(view)
    assert (view[url.start : url.end], url.host, url.path) == (quote, host, path)


@pytest.mark.parametrize("text", ["readme.md", "午前10.30に", "3.5km", "第1.5版.pdf", "a@example.com", "No.12"])
def test_what_only_looks_like_a_url_is_none(text: str) -> None:
    assert list(read(text)) == []


@pytest.mark.parametrize(
    ("check", "url"),
    [
        ("disguised_target", "https://www.city.chiba.jp@evil.example/"),
        ("disguised_target", "https://evil.example@www.city.chiba.jp@evil.example/"),
        ("obscene", "https://hentai-world.example/"),
        ("obscene", "https://example.com/porn/1"),
        ("look_alike_letters", "https://www.сity.example/"),
        ("look_alike_letters", "https://ràkuten.example/"),
        ("look_alike_host", "https://city.chiba.jp.example.com/"),
        ("look_alike_host", "https://town-oizumi-lg-jp.example.net/"),
        ("look_alike_host", "https://amazon.example.cc/"),
        ("disguised_program", "https://example.com/chirashi.jpg.scr"),
        ("program", "https://example.com/chirashi.apk"),
        ("bare_address", "http://198.51.100.4/a"),
        ("bare_address", "http://3325256708/a"),
        ("shortened", "https://bit.ly/3abc"),
        ("shortened", "hxxps://tinyurl[.]com/abc"),
    ],
)
def test_tricks_are_named(check: str, url: str) -> None:
    assert [found.check for found in find(DETECTOR, f"こちらから→ {url} どうぞ")] == [f"links.{check}"]
    assert quotes(DETECTOR, f"links.{check}", f"こちらから→ {url} どうぞ") == [url]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.city.chiba.jp/",
        "lg.jp",
        "https://www.town.oizumi.gunma.jp/",
        "https://www.city.minasato.lg.jp/form/login",
        "https://www.nta.go.jp/taxes/setup.exe",
        "https://www.amazon.co.jp/dp/1",
        "https://www.kuronekoyamato.co.jp/",
        "https://日本語.jp/",
        "https://youtu.be/abc",
        "https://maps.app.goo.gl/abc",
        "https://www.sussex-essex.example/",
        "https://example.com/example.company",
        "http://192.168.0.1/",
    ],
)
def test_honest_links_are_left_alone(url: str) -> None:
    assert find(DETECTOR, f"詳しくは {url} をご覧ください。") == []


def test_asking_for_secrets_is_found_only_away_from_official_pages() -> None:
    text = "カード番号を入力してください {}"
    assert find(DETECTOR, text.format("https://pay.example/"))[0].check == "links.asks_for_secrets"
    assert find(DETECTOR, text.format("https://www.city.minasato.lg.jp/")) == []
