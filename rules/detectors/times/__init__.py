"""Times of day: ends before starts, doors after the event, last admissions after closing, and what no clock shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Detector
from rules.detectors.times import doors, impossible, last_admission, periods
from rules.detectors.times.clock import HOUR, beginning
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = re.compile(r"[0-9一二三四五六七八九十] ?[:時]")
_BELONGS_TO_MORE = re.compile(r"[0-9](?:[:./])?\Z")
"""What before a number makes it a part of a longer one; but not the colon of 時間:10:00."""


def _find(draft: Draft) -> Iterator[Detection]:
    text = draft.text
    done = 0
    for hour in HOUR.finditer(text):
        begin = beginning(text, hour.start())
        if begin >= done and not _BELONGS_TO_MORE.search(text, max(0, begin - 2), begin):
            period = periods.RANGE.match(text, begin)
            if period is not None:
                yield from periods.find_backwards(draft, period)
                yield from last_admission.find_late(text, period)
                done = period.end()
        one = impossible.MIGHT_BE_IMPOSSIBLE.match(text, hour.start())
        if one is not None:
            yield from impossible.find_impossible(draft, one)
    yield from doors.find_late_doors(text)
    yield from last_admission.find_behind_closing(text)


DETECTOR = Detector(
    name="times",
    checks={
        "times.backwards": frozenset({"start", "end"}),
        "times.before_doors": frozenset({"doors", "start"}),
        "times.last_admission": frozenset({"last", "closing"}),
        "times.impossible": frozenset({"reason", "instead"}),
    },
    gate=_GATE,
    find=_find,
)
