from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.numbers import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import FULL_WIDTH, digits

LETTERS = st.text("ABCDEFGHJKLMNPRSTUVWXYZ", min_size=2, max_size=2)
DOCUMENTS = st.one_of(
    st.tuples(st.sampled_from(["普通", "当座", "普通預金", "口座番号", "港銀行 みなと支店 普", "(普)"]), digits(7)),
    st.tuples(st.sampled_from(["免許証番号", "免許証の番号", "運転免許番号", "免許証（番号"]), digits(12)),
    st.tuples(
        st.sampled_from(["旅券番号", "パスポートの番号", "パスポートNo.", "パスポート"]),
        st.builds("{}{}".format, LETTERS, digits(7)),
    ),
    st.tuples(
        st.sampled_from(["在留カード番号", "在留カード"]), st.builds("{}{}{}".format, LETTERS, digits(8), LETTERS)
    ),
    st.tuples(st.sampled_from(["基礎年金番号", "年金手帳の番号"]), st.builds("{}-{}".format, digits(4), digits(6))),
    st.tuples(st.sampled_from(["被保険者番号", "被保険者証の記号・番号"]), digits(8)),
    st.tuples(st.just("被保険者番号"), st.builds("{}-{}-{}".format, digits(4), digits(6), digits(1))),
    st.tuples(st.just("保険証の記号・番号"), st.builds("{}-{}".format, digits(3), digits(5))),
    st.tuples(st.just("住民票コード"), digits(11)),
    st.tuples(st.just("受給者証番号"), digits(7)),
)
BETWEEN = st.sampled_from([" ", ":", "は", "は、", "：第", " : "])


@given(DOCUMENTS, BETWEEN)
def test_numbers_are_told_by_their_label(document: tuple[str, str], between: str) -> None:
    label, number = document
    for written in (number, number.translate(FULL_WIDTH)):
        text = f"拾った手帳に{label}{between}{written}とあった"
        assert quotes(DETECTOR, "numbers.document", text) == [written]
        assert find(DETECTOR, f"見本は{label}{between}{written}") == []
    assert find(DETECTOR, f"数は{between}{number}個") == []


@given(digits(7))
def test_accounts_that_everybody_may_pay_into_are_left_alone(number: str) -> None:
    for purpose in ("義援金の振込先は", "寄附金の受入口座 ", "会費の納付先:"):
        assert find(DETECTOR, f"{purpose}港銀行本店 普通 {number}") == []


@given(digits(3), digits(6))
def test_accounts_of_the_post_bank(middle: str, last: str) -> None:
    account = f"1{middle}0", f"{last}1"
    assert quotes(DETECTOR, "numbers.document", f"返金は記号{account[0]} 番号{account[1]}へ") == [
        f"{account[0]} 番号{account[1]}"
    ]
    assert quotes(DETECTOR, "numbers.document", f"ゆうちょ {account[0]}-{account[1]}") == ["-".join(account)]
    assert find(DETECTOR, f"寄附は ゆうちょ {account[0]}-{account[1]} へ") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("宮下さん 当座預金 7654321", "口座番号"),
        ("返金は記号10140 番号12345671へ", "ゆうちょ銀行の記号と番号"),
        ("運転免許証番号は123456789012", "運転免許証の番号"),
        ("旅券番号はＴＫ１２３４５６７", "旅券の番号"),
        ("健康保険証の記号12 番号345678", "保険証の記号・番号"),
        ("国民健康保険証 記号 千1 番号 1234567", "保険証の記号・番号"),
        ("運転免許証 番号：第301234567890号", "運転免許証の番号"),
        ("保険者番号06123456 記号12 番号345", "保険証の記号・番号"),
        ("身体障害者手帳の番号 第123456号", "手帳の番号"),
    ],
)
def test_the_message_can_say_what_was_recognised(text: str, kind: str) -> None:
    assert [found.facts["kind"] for found in find(DETECTOR, text)] == [kind]


def test_a_customers_number_counts_with_the_customers_name() -> None:
    assert quotes(DETECTOR, "numbers.customer", "会員番号A-00123の宮下さん") == ["会員番号A-00123の宮下さん"]
    assert find(DETECTOR, "会員番号A-00123の本") == []


@pytest.mark.parametrize(
    "text",
    [
        "普通自動車を1234567円で売却しました",
        "人口は1234567人です",
        "①②③④の順にお進みください",
        "免許証番号は12桁です",
        "年金のご相談は年金事務所 043-242-6320",
        "郵便振替 00170-6-518 共同募金会",
        "議案第1234567号",
        "お問い合わせ番号 1234-5678-9012",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize("holder", ["ヤマダタロウ", "名義 水野花子", "（水野 花子）"])
def test_an_account_to_pay_into_is_published_unless_a_persons_own(holder: str) -> None:
    account = "参加費の振込先は港銀行本店、普通 1234567"
    assert quotes(DETECTOR, "numbers.document", f"{account} {holder}") == ["1234567"]
    assert find(DETECTOR, f"{account} 緑町まつり実行委員会 {holder}") == []
    assert find(DETECTOR, account) == []
