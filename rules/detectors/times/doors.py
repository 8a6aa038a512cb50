"""Doors (開場) that open, and receptions (受付) that begin, after the event itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.times.clock import clock, time_in, time_named
from rules.draft import Detection

_DOORS = re.compile(r"開場|受付開始|集合|受付")
_STARTS = re.compile(r"開演|開会|開始|上映")
_DOORS_THEN_START = re.compile(
    rf"(?<!申込)(?:開場|受付開始|受付|集合)(?:時間|時刻)?[ :は/]*{time_named('a_')}(?!\s*(?:[~―—ー-]|から|まで))"
    rf"[ /、()→・~]*(?:開演|開会|開始|上映)(?:時間|時刻)?[ :は]*{time_named('b_')}",
    re.VERBOSE,
)
_START_THEN_DOORS = re.compile(
    rf"(?:開演|開会|開始)(?:時間|時刻)?[ :は]*{time_named('b_')}"
    rf"[ /、(・]*(?:開場|受付|集合)(?:開始)?(?:時間|時刻)?[ :は]*{time_named('a_')}",
    re.VERBOSE,
)
_NO_LABEL_BEFORE = r"(?<![~\d演場始合付-])(?<![\d演場始合付][:./ ])(?<!~[ ])"
_DOORS_AT = re.compile(
    rf"{_NO_LABEL_BEFORE}{time_named('a_')}[ ]?(?:開場|受付開始|受付|集合)[ /、→・]{{0,3}}"
    rf"{time_named('b_')}[ ]?(?:開演|開会|開始|上映)",
    re.VERBOSE,
)
_START_AT = re.compile(
    rf"{_NO_LABEL_BEFORE}{time_named('b_')}[ ]?(?:開演|開会|開始|上映)[ ]?\("
    rf"{time_named('a_')}[ ]?(?:開場|受付開始|受付|集合)\)",
    re.VERBOSE,
)
_PATTERNS = (_DOORS_THEN_START, _START_THEN_DOORS, _DOORS_AT, _START_AT)
_LONGEST_ADMISSION = 6 * 60
"""Minutes between the doors and the start; times further apart are of different parts of a day."""


def find_late_doors(text: str) -> Iterator[Detection]:
    """Find 開場18:30 開演18:00 in all orders."""
    if _DOORS.search(text) and _STARTS.search(text):
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                yield from _before_doors(match)


def _before_doors(match: re.Match[str]) -> Iterator[Detection]:
    """開場18:30 開演18:00."""
    doors, start = time_in(match, "a_"), time_in(match, "b_")
    if doors is None or start is None:
        return
    if 0 < doors.minutes - start.minutes <= _LONGEST_ADMISSION:
        facts = {"doors": clock(doors.minutes), "start": clock(start.minutes)}
        yield Detection("times.before_doors", match.start(), match.end(), facts)
