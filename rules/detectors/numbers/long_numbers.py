"""Long runs of digits in every writing: grouped, spaced out, full width, circled or in kanji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = str.maketrans("〇零一二三四五六七八九⓪①②③④⑤⑥⑦⑧⑨", "001234567890123456789")
_D = "[0-9①-⑨⓪〇零一二三四五六七八九]"
_SEPARATOR = r"(?:[ ]?[-・.ー―—_/][ ]?|[ ])"
_BEGINS = rf"{_D}(?:(?<![0-9A-Za-z/=&?#_%.-]{_D})|(?i:(?<=JCB.)|(?<=VISA.)|(?<=AMEX.)|(?<=card.)))"
"""The first digit stands in front of what is asked before it, because the engine skips fast to one class."""
_LONG_NUMBER = re.compile(rf"{_BEGINS}(?:{_SEPARATOR}?{_D}){{11,18}}(?![0-9A-Za-z])")
_BEFORE_NUMBER = re.compile(rf"{_D}{_SEPARATOR}$")
_GROUPS_OF_FOUR = re.compile(rf"{_D}{{4}}({_SEPARATOR}){_D}{{4}}(?:\1{_D}{{4}})+")
_GROUPS_OF_CARD = re.compile(rf"{_D}{{4}}({_SEPARATOR})(?:{_D}{{4}}\1{_D}{{4}}\1{_D}{{4}}|{_D}{{6}}\1{_D}{{4,5}})")


@dataclass(frozen=True, slots=True)
class LongNumber:
    """A number of 12 to 19 digits. ``digits`` are ASCII; ``start`` and ``end`` are its place in the draft."""

    start: int
    end: int
    written: str
    digits: str

    @property
    def is_in_fours(self) -> bool:
        """Whether it is written as My Numbers are: 1234 5678 9018."""
        return _GROUPS_OF_FOUR.fullmatch(self.written) is not None

    @property
    def is_grouped_as_on_cards(self) -> bool:
        """Whether it is written as on a credit card: four by four, or 4-6-5 (American Express), 4-6-4 (Diners)."""
        return _GROUPS_OF_CARD.fullmatch(self.written) is not None


def long_numbers(text: str) -> Iterator[LongNumber]:
    """All numbers of 12 to 19 digits that are no part of a longer one, of a word or of an address."""
    for match in _LONG_NUMBER.finditer(text):
        if not _BEFORE_NUMBER.search(text, max(0, match.start() - 4), match.start()):
            digits = re.sub(r"\D", "", match[0].translate(_PLAIN))
            yield LongNumber(match.start(), match.end(), match[0], digits)
