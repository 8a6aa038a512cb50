"""Finding a clause of a guideline by the many ways in which people write its number. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rules.guideline import Clause, Guideline

_PARTS: Final = re.compile(r"\d+|[ア-ン]")
_HIRAGANA_TO_KATAKANA: Final = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def find_clause(guideline: Guideline, written: str) -> Clause | None:
    """Return the clause that is meant: ``4(6)①``, ``４（６）１``, ``4-6-1``, ``第4の(7)③あ`` are all understood."""
    parts = _parts(written)
    return next((clause for clause in guideline.clauses if parts and _parts(clause.label) == parts), None)


def _parts(label: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", label)
    numbered = plain.replace("の", "-")  # 4の6の1
    return tuple(_PARTS.findall(numbered.translate(_HIRAGANA_TO_KATAKANA)))
