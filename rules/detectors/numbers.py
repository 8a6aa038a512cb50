"""Numbers that identify a person: マイナンバー, cards, accounts, licences, passports, insurance, customer numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.jp import in_

from rules.detectors.detector import Detector
from rules.detectors.whose import NAMED_PERSON
from rules.draft import Detection, Draft

_GATE = re.compile(r"[0-9①-⑨⓪〇一二三四五六七八九](?:[ \-・.ー]?[0-9①-⑨⓪〇一二三四五六七八九]){3}")

_DIGITS = str.maketrans("〇一二三四五六七八九⓪①②③④⑤⑥⑦⑧⑨", "01234567890123456789")
_D = "[0-9①-⑨⓪〇一二三四五六七八九]"
_SEPARATOR = "[ \\-・.ー_]"
_LONG_NUMBER = re.compile(rf"(?<![0-9A-Za-z/=&?#_%.-]){_D}(?:{_SEPARATOR}?{_D}){{11,18}}(?![0-9A-Za-z])")
_BEFORE_NUMBER = re.compile(rf"{_D}{_SEPARATOR}$")
_GROUPS_OF_FOUR = re.compile(rf"{_D}{{4}}(?:({_SEPARATOR}){_D}{{4}})(?:\1{_D}{{4}})+")
_GROUPS_OF_CARD = re.compile(rf"{_D}{{4}}({_SEPARATOR})(?:{_D}{{4}}\1{_D}{{4}}\1{_D}{{4}}|{_D}{{6}}\1{_D}{{4,5}})")

_MY_NUMBER_WORDS = re.compile(r"マ[ ・.]?イ[ ・.]?ナ(?!ス)|個[ ]?人[ ]?番[ ]?号")
_CARD_WORDS = re.compile(r"カード|クレジット|クレカ|VISA|JCB|Master|AMEX|名義|有効期限", re.IGNORECASE)
_BEFORE, _AFTER = 30, 30
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)
"""Visa, Mastercard, JCB, American Express, Diners, Discover, UnionPay: first digits and lengths."""

_LABELLED = re.compile(
    r"""
    (?P<account>(?:普通|当座|口座番号|口座)(?:預金|口座)?(?:番号)?(?:は|が|:|、|[ ]){0,3}(?P<account_value>\d{7})(?!\d))
  | (?P<licence>免許証?の?番号(?:は|が|:|、|[ ]){0,3}(?P<licence_value>\d{12})(?!\d))
  | (?P<passport>(?:旅券|パスポート)の?番号(?:は|が|:|、|[ ]){0,3}(?P<passport_value>[A-Z]{2}\d{7})(?!\d))
  | (?P<residence>在留カードの?番号(?:は|が|:|、|[ ]){0,3}(?P<residence_value>[A-Z]{2}\d{8}[A-Z]{2}))
  | (?P<pension>(?:基礎)?年金(?:手帳の?)?番号(?:は|が|:|、|[ ]){0,3}(?P<pension_value>\d{4}-?\d{6})(?!\d))
  | (?P<insurance>(?:被保険者(?:証の?)?|保険証の?)(?:記号)?番号(?:は|が|:|、|[ ]){0,3}
    (?P<insurance_value>\d{6,10})(?!\d))
    """,
    re.VERBOSE,
)
_LABELS = re.compile(r"[番口普当コI](?:号|座|通|ード|D)")
_KINDS = {
    "account": "口座番号", "licence": "運転免許証の番号", "passport": "旅券の番号", "residence": "在留カードの番号",
    "pension": "年金の番号", "insurance": "被保険者の番号",
}  # fmt: skip
_PUBLIC_ACCOUNT = re.compile(
    r"義援金|支援金|寄付|寄附|募金|振込先|振り?込み?先|納付|会費|協賛|ふるさと納税|参加費|受講料"
)
_CUSTOMER = re.compile(
    r"(?:利用者|会員|患者|受給者|世帯|宛名|診察券|学籍|被保険者|整理|納税者|通知書|住民票)(?:証の?)?(?:番号|コード|ID)"
    rf"(?:は|が|:|、|[ ])?(?P<value>[0-9A-Z-]{{4,14}})(?:の|、|[ ]|\(){NAMED_PERSON}"
)
_PLATE = re.compile(r"(?<![一-龥])[一-龥]{2,4}[ ]?\d{2,3}[ ]?[あ-ん][ ]?\d{2}-\d{2}(?!\d)")
_SAMPLE = re.compile(r"見本|サンプル|図柄|ご当地|架空|(?:記入|記載|入力)例|動作確認|試験用|テスト|ダミー")


def _find(draft: Draft) -> Iterator[Detection]:
    for match in _LONG_NUMBER.finditer(draft.text):
        if not _BEFORE_NUMBER.search(draft.text, max(0, match.start() - 2), match.start()):
            yield from _long_number(draft.text, match)
    if _LABELS.search(draft.text):
        yield from _labelled(draft.text)
        for match in _CUSTOMER.finditer(draft.text):
            yield Detection("numbers.customer", match.start(), match.end())
    if "-" in draft.text:
        yield from _plates(draft.text)


def _plates(text: str) -> Iterator[Detection]:
    for match in _PLATE.finditer(text):
        if not _says(_SAMPLE, text, match):
            yield Detection("numbers.plate", match.start(), match.end())


def _long_number(text: str, match: re.Match[str]) -> Iterator[Detection]:
    written = match[0]
    digits = re.sub(r"\D", "", written.translate(_DIGITS))
    if _says(_SAMPLE, text, match):
        return
    if len(digits) == 12:
        named = _says(_MY_NUMBER_WORDS, text, match)
        if in_.is_valid(digits) and (named or _GROUPS_OF_FOUR.fullmatch(written)):
            yield Detection("numbers.my_number", match.start(), match.end())
        elif named:
            yield Detection("numbers.my_number_like", match.start(), match.end())
    elif _is_card(digits) and (_GROUPS_OF_CARD.fullmatch(written) or _says(_CARD_WORDS, text, match)):
        yield Detection("numbers.card", match.start(), match.end())


def _is_card(digits: str) -> bool:
    return _ISSUERS.fullmatch(digits) is not None and luhn.is_valid(digits)


def _labelled(text: str) -> Iterator[Detection]:
    for match in _LABELLED.finditer(text):
        kind = next(name for name in _KINDS if match[name])
        if kind == "account" and _says(_PUBLIC_ACCOUNT, text, match):
            continue
        if not _says(_SAMPLE, text, match):
            start, end = match.span(f"{kind}_value")
            yield Detection("numbers.document", start, end, {"kind": _KINDS[kind]})


def _says(words: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    """Tell whether one of ``words`` stands near."""
    return words.search(text, max(0, match.start() - _BEFORE), min(len(text), match.end() + _AFTER)) is not None


DETECTOR = Detector(
    name="numbers",
    checks={
        "numbers.my_number": frozenset(),
        "numbers.my_number_like": frozenset(),
        "numbers.card": frozenset(),
        "numbers.document": frozenset({"kind"}),
        "numbers.customer": frozenset(),
        "numbers.plate": frozenset(),
    },
    gate=_GATE,
    find=_find,
)
