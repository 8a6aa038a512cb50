"""Which command somebody means by the words that they write to the bot. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "help": ("help", "ヘルプ", "使い方"),
    "history": ("history", "履歴"),
    "export": ("export", "書き出し"),
    "words": ("words", "言葉"),
    "rules": ("rules", "規則", "ルール"),
    "clause": ("clause", "条項"),
    "setup": ("setup", "設定"),
}
_ALONE: Final = {"help", "words", "setup", "rules"}
"""Commands that take no words: with some, it is a text that begins like that."""
_BY_NAME: Final = {name: command for command, names in _NAMES.items() for name in names}
_MISTYPED_LENGTH: Final = 40
"""Longer than any command that somebody types: it is a text."""
_ALIKE: Final = 0.75


def meant(written: str) -> tuple[str, str] | None:
    """Return the command that a text begins with and what follows it; ``None`` for a text to check."""
    first, rest = (*re.split(r"\s+", written.strip(), maxsplit=1), "")[:2]
    command = _BY_NAME.get(unicodedata.normalize("NFKC", first).lower())
    if command is None or (rest and command in _ALONE):
        return None
    return command, rest


def mistyped(written: str) -> str | None:
    """Return the command that somebody seems to have mistyped.

    That is a short line, no sentence, whose first word is of Latin letters and begins or looks like a command.
    """
    first = re.match(r"[a-z]{3,10}(?=\s|$)", unicodedata.normalize("NFKC", written).lower())
    if first is None or len(written) > _MISTYPED_LENGTH or not {"\n", "。"}.isdisjoint(written):
        return None
    begun = [name for name in _NAMES if name.startswith(first.group())]
    return next(iter([*begun, *difflib.get_close_matches(first.group(), _NAMES, 1, _ALIKE)]), None)
