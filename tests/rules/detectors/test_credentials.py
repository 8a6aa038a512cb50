from __future__ import annotations

import pytest

from rules.detectors.credentials import DETECTOR
from tests.rules.detectors.reading import find, quotes


@pytest.mark.parametrize(
    ("check", "text", "quote"),
    [
        ("password", "パスワードは Minato#26 です", "パスワードは Minato#26"),
        ("password", "パスワード「minato_2026」で入れます", "パスワード「minato_2026"),
        ("password", "PW: abc12345", "PW: abc12345"),
        ("password", "ＩＤ：ａｄｍｉｎ　パスワード：ｍｉｎａｔｏ２６", "パスワード：ｍｉｎａｔｏ２６"),
        ("pin", "倉庫の暗証番号は８８２１", "暗証番号は８８２１"),
        ("key", "AKIAABCDEFGHIJKLMNOP を使う", "AKIAABCDEFGHIJKLMNOP"),
        ("key", "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"),
        ("internal_address", "プリンタは10.20.30.40", "10.20.30.40"),
        ("internal_address", r"資料は\\fs01\soumu\r8 に", r"\\fs01\soumu\r8"),
        ("internal_address", "機器は00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
        ("internal_address", "https://kintai.minasato.internal/ を開く", "kintai.minasato.internal"),
    ],
)
def test_what_helps_an_attacker_is_found(check: str, text: str, quote: str) -> None:
    assert quotes(DETECTOR, f"credentials.{check}", text) == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは12文字以上にしましょう",
        "パスワードに「123456」や誕生日を使うのはやめましょう",
        "パスワードをお忘れの方は窓口へ",
        "暗証番号は4桁です",
        "暗証番号の初期化は1階3番窓口で、8時30分から",
        "無料Wi-Fiのパスワード：minato2026",
        "Zoomのパスコード：482915",
        "キーホルダー2026個を配布",
        "バージョン10.2.3.4に更新",
        "8.8.8.8は有名な番号です",
        "第1.2.3.4条",
    ],
)
def test_ordinary_talk_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
