"""Ends before starts (14:00~11:30). What runs overnight is in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.times.clock import Time, around, clock, time_in, time_named
from rules.draft import Detection, Draft

RANGE = re.compile(
    rf"""
    {time_named("a_")}[ ]?(?:[~―—ー-]|から)[ ]?
    (?P<next>翌日?|翌朝|次の日の?)?[ ]?{time_named("b_")}(?![:\d])
    """,
    re.VERBOSE,
)
_OVERNIGHT = re.compile(
    r"翌|夜(?!間[^。]{0,8}(?:ありません|行いません|しません))|早朝|未明|泊|チェックイン|チェックアウト|閉鎖|閉庁|閉館|通行止|規制|当直|宿直|終日|24時間|断水|停電|常時|"
    r"点灯|日をまたい"
)
_EVENING = 17 * 60
_AFTERNOON = 15 * 60
_AFTER_MIDNIGHT = 2 * 60
_LONGEST_NIGHT = 17 * 60
"""Minutes. Something that runs overnight and lasts longer than this has its times mixed up."""
_NOON = 12 * 60


def find_backwards(draft: Draft, match: re.Match[str]) -> Iterator[Detection]:
    """Judge one match of ``RANGE``."""
    start, end = time_in(match, "a_"), time_in(match, "b_")
    if start is None or end is None or start.minutes < end.minutes or match["next"]:
        return
    if _is_in_order(start, end):
        return
    if _may_last_overnight(start, end) or _OVERNIGHT.search(draft.text, *around(draft, match)):
        return
    first, last = clock(start.minutes), clock(end.minutes)
    yield Detection("times.backwards", match.start(), match.end(), {"start": first, "end": last})


def _is_in_order(start: Time, end: Time) -> bool:
    """Tell what leaves out the second half of the day or runs into the night.

    The former are 午後1時~3時 and 午前10時~1時, the latter 午後6時~2時 and 午後11時~午前1時.
    """
    if not start.is_said_half or end.minutes >= _NOON:
        return False
    if end.is_said_half:
        return start.minutes >= _EVENING and end.minutes + 24 * 60 - start.minutes < _LONGEST_NIGHT
    return start.minutes < end.minutes + _NOON or start.minutes >= _EVENING


def _may_last_overnight(start: Time, end: Time) -> bool:
    """Tell 16:30~8:30 and 11:00~1:00 from 14:00~11:30 and 10:00~6:00."""
    is_night = start.minutes >= _AFTERNOON or end.minutes <= _AFTER_MIDNIGHT
    return is_night and not start.is_said_half and end.minutes + 24 * 60 - start.minutes < _LONGEST_NIGHT
