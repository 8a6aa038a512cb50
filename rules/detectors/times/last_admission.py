"""A last admission (最終入館, ラストオーダー) that is later than closing time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.times.clock import clock, time_in, time_named
from rules.draft import Detection

_ADMITS = r"(?:入[館場園浴店]|受付|案内|乗船|乗車|注文|オーダー)"
_LAST = (
    rf"(?:最終の?ご?{_ADMITS}|ラストオーダー|L\.?O\.?(?![A-Za-z])|(?:ご?入[館場園浴店])(?=は))"
    r"(?:時[間刻])?[ ]?(?:は、?|:)?[ ]?"
)
_THEN_LAST = re.compile(
    rf"(?P<between>[^0-9\n]{{0,12}}\n?[^0-9\n]{{0,8}}?){_LAST}{time_named('l_')}(?!\d|[ ]?[~―—-]|から)", re.VERBOSE
)
"""Behind opening hours: 9:00~17:00(最終入館17:30), 9時から17時まで。最終受付は17時30分."""
_LAST_THEN_CLOSING = re.compile(
    rf"{_LAST}{time_named('l_')}(?!\d|[ ]?[~―—-]|から)[^0-9\n]{{0,8}}?閉[館場園店]は?[ :]?{time_named('c_')}",
    re.VERBOSE,
)
_OF_ANOTHER_DAY = re.compile(r"[月火水木金土日祝](?:曜|日|[、・はの])|夜|冬|夏|ただし|但し|別")
"""What between the hours and a last admission says that it belongs to other hours."""
_MIGHT_SAY_BOTH = re.compile(r"閉[館場園店]")
_FURTHEST = 3 * 60
"""Minutes. What is further apart is of different parts of a day, or of different things."""


def find_late(text: str, hours: re.Match[str]) -> Iterator[Detection]:
    """Judge the last admission behind opening hours, if there is one."""
    opening, closing = time_in(hours, "a_"), time_in(hours, "b_")
    if opening is None or closing is None or closing.minutes <= opening.minutes or hours["next"]:
        return
    match = _THEN_LAST.match(text, hours.end())
    if match is not None and not _OF_ANOTHER_DAY.search(match["between"]):
        yield from _late(match, hours.start(), closing.minutes)


def find_behind_closing(text: str) -> Iterator[Detection]:
    """Find 最終入館17:30、閉館17:00."""
    if not _MIGHT_SAY_BOTH.search(text):
        return
    for match in _LAST_THEN_CLOSING.finditer(text):
        closing = time_in(match, "c_")
        if closing is not None:
            yield from _late(match, match.start(), closing.minutes)


def _late(match: re.Match[str], start: int, closing: int) -> Iterator[Detection]:
    last = time_in(match, "l_")
    if last is not None and 0 < last.minutes - closing <= _FURTHEST:
        facts = {"last": clock(last.minutes), "closing": clock(closing)}
        yield Detection("times.last_admission", start, match.end(), facts)
