from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.contacts import DETECTOR
from tests.rules.detectors.reading import find, quotes

FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
LOCALS = st.from_regex(r"z[a-z]{2,7}[._]?[0-9]{2,4}", fullmatch=True)
"""No word for a role begins so."""
PERSONAL = st.sampled_from(["gmail.com", "docomo.ne.jp", "i.softbank.jp", "yahoo.co.jp", "k3.dion.ne.jp", "ocn.ne.jp"])
OFFICIAL = st.sampled_from(["city.minasato.lg.jp", "mail.go.jp", "city.chiba.jp", "pref.chiba.lg.jp"])
ROLES = st.sampled_from(["info", "event", "koho", "support", "entry2026", "jimukyoku"])


@given(LOCALS, PERSONAL)
def test_private_addresses_are_found_in_every_writing(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    for written in (
        address,
        address.translate(FULL_WIDTH),
        f"{local}[at]{domain}",
        f"{local} (at) {domain}",
        f"{local} at {domain}",
        f"{local} @ {domain}",
        f"{local}アットマーク{domain}",
        f"{local} あっと {domain}",
        f"{local}☆{domain}",
        f"{local}(at){domain.replace('.', '(dot)')}",
    ):
        assert quotes(DETECTOR, "contacts.private_mail", f"連絡先 {written} まで") == [written]
        assert find(DETECTOR, f"申込先：{written}") == []


@given(LOCALS, PERSONAL)
def test_the_reason_names_the_provider(local: str, domain: str) -> None:
    [found] = find(DETECTOR, f"投稿したのは{local}@{domain}です")
    assert domain in found.facts["why"]


@given(LOCALS, OFFICIAL)
def test_addresses_of_public_bodies_are_for_everybody(local: str, domain: str) -> None:
    assert find(DETECTOR, f"宮下さんのメールは{local}@{domain}です") == []


@given(ROLES, PERSONAL)
def test_addresses_of_roles_are_for_everybody(role: str, domain: str) -> None:
    assert find(DETECTOR, f"連絡先 {role}@{domain} まで") == []


@given(LOCALS)
def test_an_address_elsewhere_is_found_only_if_it_is_somebodys_own(local: str) -> None:
    address = f"{local}@minato-shoji.example"
    assert quotes(DETECTOR, "contacts.private_mail", f"宮下さんのメールは{address}です") == [address]
    assert find(DETECTOR, f"投稿したのは{address}です") == []


@pytest.mark.parametrize(
    "text", ["@minasato_city をフォロー", "会場は a☆b です", "at 10.30", "Cafe at station.example"]
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "申込みをした人のアドレスは {} です",
        "お申込みいただいた方のメール {} にお返事しました",
        "申込み確認のため {} に返信しました",
        "申し込みがあった {} さんへ",
        "応募してくれた方（{}）に当選の連絡をしました",
        "申込者一覧：{}",
        "お問い合わせいただいた方（{}）は常連です",
        "窓口で怒鳴った方のメールは {}",
    ],
)
def test_the_address_of_somebody_who_wrote_in_is_not_one_to_write_to(text: str) -> None:
    address = "zenko.kaze58@gmail.com"
    assert quotes(DETECTOR, "contacts.private_mail", text.format(address)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "作品は {} に送ってください",
        "句会の実行委員会（{}）まで",
        "メール：{}（句会の実行委員会）",
        "応募者は氏名を書いて {} へ応募してください",
        "申込者の氏名と年齢を {} まで",
        "参加したい方は {} へメールしてください",
        "お申込みいただいた方には {} から案内が届きます",
    ],
)
def test_an_organisers_address_is_for_everybody(text: str) -> None:
    assert find(DETECTOR, text.format("zenko.kaze58@gmail.com")) == []
