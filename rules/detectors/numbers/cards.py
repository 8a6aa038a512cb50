"""Numbers of credit cards: an issuer's range and length, and the check digit by Luhn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stdnum import luhn

from rules.detectors.numbers.long_numbers import LongNumber
from rules.detectors.numbers.surroundings import is_sample, says
from rules.draft import Detection

FACTS = frozenset({"issuer"})

_WORDS = re.compile(
    r"カード|クレジット|クレカ|VISA|JCB|Master|AMEX|アメックス|Diners|ダイナース|名義|有効期限", re.IGNORECASE
)
_OF_SOMETHING_ELSE = re.compile(r"番号|コード|品番|型番|ID|No|№|JAN|ISBN|バーコード|議案", re.IGNORECASE)
_USUAL_LENGTH = 16
_ISSUERS: Mapping[str, re.Pattern[str]] = {
    "Visa": re.compile(r"4\d{15}(?:\d{3})?"),
    "Mastercard": re.compile(r"5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"),
    "JCB": re.compile(r"35(?:2[89]|[3-8]\d)\d{12}"),
    "American Express": re.compile(r"3[47]\d{13}"),
    "Diners Club": re.compile(r"3(?:0[0-5]|[689]\d)\d{11}"),
    "Discover": re.compile(r"6(?:011|5\d\d|4[4-9]\d)\d{12}"),
    "UnionPay": re.compile(r"62\d{14,17}"),
}
"""First digits and lengths. Visa's old ones of 13 digits are left out: so long is a 法人番号."""


def find_card(text: str, number: LongNumber) -> Iterator[Detection]:
    """Judge one number: a card's if the check digit is right and nothing but its grouping or name says otherwise."""
    issuer = next((name for name, shape in _ISSUERS.items() if shape.fullmatch(number.digits)), None)
    if issuer is None or not luhn.is_valid(number.digits) or is_sample(text, number.start, number.end):
        return
    is_called_otherwise = says(_OF_SOMETHING_ELSE, text, number.start, number.end)
    is_bare = len(number.digits) == len(number.written) == _USUAL_LENGTH and not is_called_otherwise
    if number.is_grouped_as_on_cards or says(_WORDS, text, number.start, number.end) or is_bare:
        yield Detection("numbers.card", number.start, number.end, {"issuer": issuer})
