from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.credentials import DETECTOR
from tests.rules.detectors.reading import find, quotes

FULL_WIDTH = str.maketrans("0123456789.:", "０１２３４５６７８９．：")
PRIVATE = st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]).flatmap(
    lambda network: st.ip_addresses(v=4, network=network).map(str)
)
PRIVATE_V6 = st.sampled_from(["fd00::/8", "fe80::/10"]).flatmap(
    lambda network: st.ip_addresses(v=6, network=network).map(str)
)
PUBLIC = st.ip_addresses(v=4).filter(lambda address: address.is_global).map(str)
PUBLIC_V6 = st.ip_addresses(v=6, network="2000::/3").map(str)
MACS = st.lists(st.integers(0, 255).map("{:02X}".format), min_size=6, max_size=6)


@given(st.one_of(PRIVATE, PRIVATE_V6))
def test_private_addresses_are_found_anywhere(address: str) -> None:
    for written in (address, address.translate(FULL_WIDTH), address.replace(".", "[.]")):
        assert quotes(DETECTOR, "credentials.internal_address", f"資料は {written} にあります") == [written]
        assert find(DETECTOR, f"架空の {written} で説明します") == []


@given(st.one_of(PUBLIC, PUBLIC_V6))
def test_public_addresses_are_found_as_a_system_of_the_house(address: str) -> None:
    assert quotes(DETECTOR, "credentials.internal_address", f"税務のサーバ（{address}）を再起動") == [address]
    assert find(DETECTOR, f"有名なのは {address} です") == []


@given(PRIVATE)
def test_versions_and_sections_are_no_addresses(address: str) -> None:
    assert find(DETECTOR, f"バージョン{address}に更新") == []
    assert find(DETECTOR, f"第{address}条を改正") == []


@given(MACS)
def test_mac_addresses_are_found_in_every_notation(parts: list[str]) -> None:
    letters = "".join(parts)
    for written in (":".join(parts), "-".join(parts), ":".join(parts).lower()):
        assert quotes(DETECTOR, "credentials.internal_address", f"機器は{written}です") == [written]
    dotted = f"{letters[:4]}.{letters[4:8]}.{letters[8:]}"
    assert quotes(DETECTOR, "credentials.internal_address", f"機器は{dotted}です") == [dotted]


@pytest.mark.parametrize(
    ("text", "quote", "kind"),
    [
        (r"資料は\\fs01\soumu\r8 に", r"\\fs01\soumu\r8", "共有フォルダやファイルの場所"),
        ("smb://fs01/share を開く", "smb://fs01/share", "共有フォルダやファイルの場所"),
        (r"Z:\総務課\名簿.xlsx に", r"Z:\総務課\名簿.xlsx", "共有フォルダやファイルの場所"),
        ("https://kintai.minasato.internal/ を開く", "kintai.minasato.internal", "庁内だけで通じるホスト名"),
        ("機器は00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E", "機器のMACアドレス"),
        ("プリンタは10.20.30.40", "10.20.30.40", "組織の内側だけで使うIPアドレス"),
        ("VPNは203.0.113.9へ", "203.0.113.9", "システムのIPアドレス"),
    ],
)
def test_the_message_can_say_what_was_recognised(text: str, quote: str, kind: str) -> None:
    assert [(found.quote, found.facts["kind"]) for found in find(DETECTOR, text)] == [(quote, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "12:30:45 にスタート",
        "MACアドレス（例 00:1A:2B:3C:4D:5E）の調べ方",
        "10:00-11:00-12:00",
        "地域の local.example.jp",
        "C:ドライブ",
        "座標 35.6.7",
        "1::2 の比",
        "127.0.0.1",
    ],
)
def test_other_figures_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
