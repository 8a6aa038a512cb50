"""A date as it stands in a text: numbers, and what it hangs on. Whether it is right is for others to judge."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from rules.detectors.dates.notes import WeekdayNote
from rules.detectors.dates.relative_words import RelativeWord


class Link(Enum):
    """How a date hangs on the one before it."""

    NONE = "none"
    LIST = "list"
    """並記: 5日・6日."""
    RANGE = "range"
    """期間: 5日~6日, 5日から6日."""


class WrittenDate(NamedTuple):
    """A date as it stands in the text: ``start`` to ``end`` with its note, ``stem`` (12月5日) without.

    ``years`` holds the years that the writing allows: one if it is written out, none if not, several for 26.12.5.
    ``month`` is None where only the day stands there (5日); ``heading`` is then the month named last before it.
    ``era`` is the era (元号) that the year was counted by; ``relative`` a word such as 明日 right before the date;
    ``is_terse`` is true of 12/5, which could also be a fraction.
    """

    start: int
    end: int
    stem: str
    years: tuple[int, ...]
    month: int | None
    day: int
    note: WeekdayNote | None
    link: Link
    heading: int | None
    era: str | None = None
    relative: RelativeWord | None = None
    is_terse: bool = False

    @property
    def weekday(self) -> int | None:
        """The weekday that its note names, from Monday = 0."""
        return self.note.weekday if self.note is not None else None
