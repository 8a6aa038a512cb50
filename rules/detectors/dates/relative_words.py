"""Words that count from today and stand right before a date: 明日22日, あさって(23日), 来週の土曜日、11月28日."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from rules.detectors.dates.calendar_words import WEEKDAYS

_IN_KANJI = {"明々後日": 3, "明後日": 2, "明日": 1, "今日": 0, "本日": 0, "昨日": -1, "一昨日": -2}
_IN_KANA = {"しあさって": 3, "あさって": 2, "あした": 1, "あす": 1, "きょう": 0, "きのう": -1, "おととい": -2}
DAYS: Mapping[str, int] = MappingProxyType({**_IN_KANJI, **_IN_KANA})
"""Words for days, and how far from today each is."""
_WEEKS = {"再来週": 2, "来週": 1, "今週": 0, "先週": -1}

_WORD = re.compile(
    rf"(?<![一-龥])(?P<word>(?P<day>{'|'.join(_IN_KANJI)}|(?<![ぁ-ん])(?:{'|'.join(_IN_KANA)}))"
    rf"|(?P<week>{'|'.join(_WEEKS)})の?[ ]?(?P<weekday>[{WEEKDAYS}])曜日?)"
    r"(?:[、・:]?[ ]?|[ ]?[(「])$"
)
_BEHIND_ANOTHER = re.compile(r"[日すたて][・、とや]$")
"""明日・あさって22日・23日: the dates are in the order of the words."""
_WIDEST = 12


@dataclass(frozen=True, slots=True)
class RelativeWord:
    """A word such as 明日 (``days`` from today) or 来週の土曜日 (``weeks`` from this one, and the ``weekday``)."""

    word: str
    days: int = 0
    weeks: int | None = None
    weekday: int = 0

    def meant(self, today: date) -> tuple[date, ...]:
        """Give the days that it can mean: weeks begin on Sunday for some and on Monday for others."""
        if self.weeks is None:
            return (today + timedelta(days=self.days),)
        monday = today - timedelta(days=today.weekday())
        sunday = today - timedelta(days=(today.weekday() + 1) % 7)
        after_monday = monday + timedelta(weeks=self.weeks, days=self.weekday)
        after_sunday = sunday + timedelta(weeks=self.weeks, days=(self.weekday + 1) % 7)
        return tuple(dict.fromkeys((after_monday, after_sunday)))


def relative_word_before(text: str, position: int) -> RelativeWord | None:
    """Read the word right before ``position``, if there is one."""
    if position and text[position - 1] not in _LAST_LETTERS:
        return None
    match = _WORD.search(text, max(0, position - _WIDEST), position)
    if match is None or _BEHIND_ANOTHER.search(text, max(0, match.start() - 3), match.start()):
        return None
    if match["day"]:
        return RelativeWord(match["word"], days=DAYS[match["day"]])
    return RelativeWord(match["word"], weeks=_WEEKS[match["week"]], weekday=WEEKDAYS.index(match["weekday"]))


_LAST_LETTERS = frozenset("、・: (「日すてたうい曜")
"""What the expression can end in; spares most dates the search."""
