"""Telephone numbers of private persons, told by Japan's numbering plan from those that only offices have.

110, #7119, 0120 and 0570 are no finding by their plan; a landline is one only if it is said to be somebody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from rules.detectors.whose import is_owned, is_published
from rules.draft import Detection, Draft

FACTS = frozenset({"kind", "why"})

_D = "[0-9〇零一二三四五六七八九⓪①-⑨]"
_ZERO = "[0〇零⓪]"
_SEPARATOR = r"(?:[ ]?[-ー―—─~・_()./の]{1,2}[ ]?|[ ])"
_FIRST = "[+(0〇零⓪]"
_BEGINS = rf"{_FIRST}(?:(?<![0-9A-Za-z/.=&?#_%+-]{_FIRST})|(?i:(?<=tel.)|(?<=phone.)|(?<=fax.)))"
"""The first character stands in front of what is asked before it, because the engine skips fast to one class."""
_TELEPHONE = re.compile(
    rf"{_BEGINS}(?:"
    rf"(?:(?<=\+)81[ -]?\(?0?\)?{_D}{{1,4}}|(?<=\(){_ZERO}{_D}{{1,4}}(?=\))|(?<={_ZERO}){_D}{{1,4}})"
    rf"{_SEPARATOR}{_D}{{1,4}}{_SEPARATOR}{_D}{{3,4}}"
    rf"|(?<=\+)81{_D}{{9,10}}|(?<={_ZERO}){_D}{{9,10}}|(?<={_ZERO})(?:[ ](?:[-ー][ ])?{_D}){{9,10}}"
    r")(?![0-9A-Za-z])"
)
_PLAIN = str.maketrans("〇零一二三四五六七八九⓪①②③④⑤⑥⑦⑧⑨", "001234567890123456789")
_MOBILE_SHAPE = re.compile(r"0[679]0\d{8}|080[1-9]\d{7}")
"""Also numbers that are not assigned yet; 0800 is freephone."""
_MOBILE = "携帯電話"
_NO_TELEPHONE = re.compile(r"(?:会員|管理|整理|登録|商品|製造|注文|伝票|識別|議案|型)番号?[はが:]?[ 「]?$")
"""What says right in front that digits number something else."""
_LONGEST_LABEL = 8


def find_telephones(draft: Draft) -> Iterator[Detection]:
    """Find numbers said to be somebody's own, and mobile numbers that nothing says are for everybody."""
    for match in _TELEPHONE.finditer(draft.text):
        start, end = match.span()
        if _NO_TELEPHONE.search(draft.text, max(0, start - _LONGEST_LABEL), start):
            continue
        digits = _national(match[0])
        is_theirs = is_owned(draft, start, end)
        if not is_theirs and not _MOBILE_SHAPE.fullmatch(digits):
            continue  # an office's line, if anything: looking up what kind of number it is would be the dearest step
        kind = _kind(digits)
        if kind is None:
            continue
        if is_theirs:
            yield Detection("contacts.private_telephone", start, end, _facts(kind, digits))
        elif kind == _MOBILE and not is_published(draft, start, end):
            yield Detection("contacts.mobile", start, end, _facts(kind, digits))


def _national(written: str) -> str:
    """Give a number's digits as dialled inside Japan: +81 (0)90-… becomes 090…."""
    digits = re.sub(r"\D", "", written.translate(_PLAIN))
    return "0" + digits.removeprefix("81").removeprefix("0") if written.startswith("+81") else digits


def _kind(digits: str) -> str | None:
    """Name the kind of a Japanese number, or None if it is none, or one that only offices have (0120, 0570)."""
    if _MOBILE_SHAPE.fullmatch(digits):
        return _MOBILE
    if digits.startswith("010"):  # the prefix of calls abroad: what follows is a number of another country
        return None
    number = phonenumbers.parse(digits, "JP")
    if not phonenumbers.is_possible_number(number):
        return None
    match phonenumbers.number_type(number):
        case PhoneNumberType.VOIP:
            return "IP電話"
        case PhoneNumberType.FIXED_LINE:
            return "固定電話"
    return None


def _facts(kind: str, digits: str) -> dict[str, str]:
    if kind == "固定電話":
        area = phonenumbers.length_of_geographical_area_code(phonenumbers.parse(digits, "JP"))
        return {"kind": kind, "why": f"市外局番{digits[: area + 1]}" if area else f"{len(digits)}桁の電話番号"}
    return {"kind": kind, "why": f"{digits[:3]}で始まる{len(digits)}桁"}
