from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from rules.detectors.numbers import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import digits, grouped_writings

ISSUERS = {"4": "Visa", "51": "Mastercard", "2221": "Mastercard", "3530": "JCB", "6011": "Discover", "62": "UnionPay"}
STEMS = st.sampled_from(sorted(ISSUERS)).flatmap(
    lambda issuer: st.tuples(st.just(issuer), digits(15 - len(issuer)).map(issuer.__add__))
)
NO_ISSUER = st.sampled_from("0179").flatmap(lambda first: digits(14).map(first.__add__))


def in_fours(number: str) -> list[str]:
    return [number[at : at + 4] for at in range(0, len(number), 4)]


@given(STEMS)
def test_cards_are_told_by_luhn_and_issuer_in_every_writing(stem: tuple[str, str]) -> None:
    issuer, beginning = stem
    number = beginning + luhn.calc_check_digit(beginning)
    wrong = beginning + str((int(number[-1]) + 1) % 10)
    for written in grouped_writings(*in_fours(number)):
        [found] = find(DETECTOR, f"カード番号は{written}です")
        assert (found.check, found.quote, found.facts) == ("numbers.card", written, {"issuer": ISSUERS[issuer]})
    assert quotes(DETECTOR, "numbers.card", f"拾ったのは{' '.join(in_fours(number))}") == [" ".join(in_fours(number))]
    assert quotes(DETECTOR, "numbers.card", f"JCB{number}") == [number]
    assert find(DETECTOR, f"カード番号{wrong}") == []
    assert quotes(DETECTOR, "numbers.card", f"拾ったのは{number}") == [number]
    assert find(DETECTOR, f"管理番号は{number}です") == []
    assert find(DETECTOR, f"動作確認用のカード番号 {number}") == []


@given(digits(13).map("37".__add__).map(lambda stem: stem[:14]))
def test_american_express_has_groups_of_its_own(stem: str) -> None:
    number = stem + luhn.calc_check_digit(stem)
    written = f"{number[:4]}-{number[4:10]}-{number[10:]}"
    assert quotes(DETECTOR, "numbers.card", f"拾ったのは{written}") == [written]
    assert quotes(DETECTOR, "numbers.card", f"アメックス {number}") == [number]


@given(NO_ISSUER)
def test_without_an_issuer_the_check_digit_proves_nothing(stem: str) -> None:
    number = stem + luhn.calc_check_digit(stem)
    assert find(DETECTOR, f"カード番号{number}") == []


def test_numbers_in_addresses_are_no_cards() -> None:
    assert find(DETECTOR, "クレジットカードで買えます https://shop.example/4242424242424242") == []
