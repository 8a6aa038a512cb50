"""Numbers that identify a person: マイナンバー, cards, accounts, licences, passports, insurance, customers, plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Detector
from rules.detectors.numbers import cards, documents, my_numbers, plates
from rules.detectors.numbers.long_numbers import long_numbers
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_DIGIT = "[0-9①-⑨⓪〇零一二三四五六七八九]"
_GATE = re.compile(
    rf"[0-9①-⑨⓪〇零一二三四五六七八九A-Z](?:(?<={_DIGIT})(?:[ ]?[-・.ー―—_/ ]?[ ]?{_DIGIT}){{3}}"
    r"|(?<=[0-9A-Z])[0-9A-Z][ ]?[あ-んA-Z][ ]?[0-9・.])"
)
"""Four digits or a plate. One class of characters in front, because the engine skips fast to these only."""


def _find(draft: Draft) -> Iterator[Detection]:
    text = draft.text
    for number in long_numbers(text):
        yield from my_numbers.find_my_number(text, number)
        yield from cards.find_card(text, number)
    if documents.MIGHT_HOLD_LABEL.search(text):
        yield from documents.find_documents(draft)
    if plates.MIGHT_HOLD_PLATE.search(text):
        yield from plates.find_plates(text)


DETECTOR = Detector(
    name="numbers",
    checks={
        "numbers.my_number": frozenset(),
        "numbers.my_number_like": frozenset(),
        "numbers.card": cards.FACTS,
        "numbers.document": documents.FACTS,
        "numbers.customer": frozenset(),
        "numbers.plate": frozenset(),
    },
    gate=_GATE,
    find=_find,
)
