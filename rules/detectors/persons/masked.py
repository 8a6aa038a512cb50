"""Names half hidden (伏せ字: 田◯さん), which those around read all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Sign, any_of
from rules.draft import Detection, Draft

_MASK = "◯○〇●▲△■□×✕*"
_ROUND_MASK = "◯○〇"  # others open a line of a list, too
_LETTER = "一-龥々ァ-ヴー"
_MASKED = re.compile(
    rf"(?<![{_LETTER}{_MASK}])(?P<name>[{_LETTER}]{{1,3}}[{_MASK}][{_LETTER}{_MASK}]{{0,3}}|[{_ROUND_MASK}][{_LETTER}]{{1,3}})"
    r"(?:さん|くん|ちゃん|氏|(?<!多)様)"
)
SIGN = Sign(_MASK, rf"[{_LETTER}{_MASK}]{{0,3}}(?:さん|くん|ちゃん|氏|様)")
"""Begins with the mask, which is rare, rather than with any letter."""
_A_SIGN = any_of(SIGN)
_NO_PERSON = re.compile(r"[市町村区県都府国社課部院校園店株]|^[^一-龥々ァ-ヴー]*$")


def find_masked(draft: Draft) -> Iterator[Detection]:
    """Find names of which at most half is hidden; ○○さん is a blank to fill in."""
    if not _A_SIGN.search(draft.text):
        return
    for match in _MASKED.finditer(draft.text):
        name = match["name"]
        masks = sum(letter in _MASK for letter in name)
        if masks <= len(name) - masks and not _NO_PERSON.search(name):
            yield Detection("persons.masked", match.start(), match.end())
