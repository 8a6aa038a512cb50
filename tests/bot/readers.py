"""A reader so small that a test of the desk depends on no rule."""

from __future__ import annotations

from datetime import date

from rules import Finding, Guideline, Level, Review, RulesError, Topic, Versions

BAD = "駄目"


class OneWord:
    """Finds one word, and breaks on command."""

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
        start = text.find(BAD)
        if start < 0:
            return Review((), self.versions)
        finding = Finding("t.t", Topic.CONDUCT, Level.WARN, ("5(1)",), start, start + len(BAD), BAD, "理由", "案")
        return Review((finding,), self.versions)
