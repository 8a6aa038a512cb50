"""A reader so small that a test of the desk depends on no rule."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from rules import Finding, Guideline, Level, Review, RulesError, Topic, Versions

BAD = "駄目"

_LEVELS: Final = {"禁": Level.BLOCK, BAD: Level.WARN, "注": Level.WARN, "参": Level.NOTE}
_CLAUSES: Final = {Level.BLOCK: ("4(6)①", "5(1)"), Level.WARN: ("5(1)",), Level.NOTE: ()}
_MARK: Final = re.compile(rf"({BAD}|[禁注参])[a-zA-Zａ-ｚ]*")


class Marked:
    """Finds what is marked: 禁, 注 or 参 with the Latin letters after it, and ``BAD``. Breaks on command.

    The rule is ``t.block``, ``t.warn`` or ``t.note``.
    """

    versions = Versions("chiba 1", "1", "1")

    def __init__(self, name: str) -> None:
        self.guideline = Guideline.load(name)
        self.read: list[tuple[str, date]] = []

    def review(self, text: str, *, today: date) -> Review:
        self.read.append((text, today))
        if "壊れる" in text:
            raise ValueError(text)
        if "読めない" in text:
            raise RulesError("この文章は読み取れません。")
        return Review(tuple(_finding(match) for match in _MARK.finditer(text)), self.versions)


def _finding(match: re.Match[str]) -> Finding:
    level = _LEVELS[match[1]]
    return Finding(
        rule=f"t.{level}",
        topic=Topic.CONDUCT,
        level=level,
        clauses=_CLAUSES[level],
        start=match.start(),
        end=match.end(),
        quote=match[0],
        message="理由です。",
        suggestion="案です。",
    )
