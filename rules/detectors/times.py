"""Times of day: ends before their starts, and minutes and hours that no clock shows. 25:00 is custom and allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Detector
from rules.draft import Detection, Draft

_GATE = re.compile(r"[0-9](?::[0-9]|時)|午[前後]")

_TIME = r"""
    (?P<{p}half>午前|午後|AM|PM|am|pm)?[ ]?(?P<{p}hour>\d{{1,2}})
    (?:[ ]?:[ ]?(?P<{p}minute>\d{{2}})(?!\d) | [ ]?時(?!間)(?:[ ]?(?P<{p}written>\d{{1,2}})分(?!間)|(?P<{p}middle>半))?)
"""
_RANGE = re.compile(
    rf"""
    (?<![\d:./]){_TIME.format(p="a_")}[ ]?(?:[~―—ー-]|から)[ ]?
    (?P<next>翌日?|翌朝|次の日の?)?[ ]?{_TIME.format(p="b_")}(?![:\d])
    """,
    re.VERBOSE,
)
_ONE = re.compile(
    r"(?P<half>午前|午後)[ ]?(?P<hour>\d{1,2})(?:時(?!間)|:\d{2})"
    r"|(?<![\d約後])(?P<clock>\d{1,2})時(?!間)[ ]?(?P<minute>\d{1,2})分(?!間)"
)
_OVERNIGHT = re.compile(
    r"翌|夜|早朝|未明|泊|チェックイン|チェックアウト|閉鎖|閉庁|閉館|通行止|規制|当直|宿直|終日|24時間|断水|停電|常時|"
    r"点灯|日をまたい"
)
_LATEST_HOUR = 30
"""深夜25時, 29:59: the day of a night shift or broadcast ends at 30:00."""
_LONGEST_NIGHT = 17 * 60
"""Minutes. Something that runs overnight and lasts longer than this has its times mixed up."""
_WIDEST_CONTEXT = 80
_NOON = 12 * 60


def _find(draft: Draft) -> Iterator[Detection]:
    text = draft.text
    for match in _RANGE.finditer(text):
        yield from _backwards(draft, match)
    for match in _ONE.finditer(text):
        yield from _impossible(match)


def _backwards(draft: Draft, match: re.Match[str]) -> Iterator[Detection]:
    start, end = _minutes(match, "a_"), _minutes(match, "b_")
    if start is None or end is None or start < end or match["next"]:
        return
    if match["a_half"] and not match["b_half"] and start < end + _NOON:  # 午後1時~3時, 午前10時~1時
        return
    lasts = end + 24 * 60 - start
    sentence = draft.sentence(match.start())
    around = max(sentence[0], match.start() - _WIDEST_CONTEXT), min(sentence[1], match.end() + _WIDEST_CONTEXT)
    if lasts < _LONGEST_NIGHT or _OVERNIGHT.search(draft.text, *around):
        return
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    first, last = _clock(start), _clock(end)
    yield Detection("times.backwards", begin, match.end(), {"start": first, "end": last})


def _minutes(match: re.Match[str], prefix: str) -> int | None:
    """Minutes after midnight, or None for a time that no custom knows."""
    hour = int(match[prefix + "hour"])
    minute = int(match[prefix + "minute"] or match[prefix + "written"] or (30 if match[prefix + "middle"] else 0))
    afternoon = (match[prefix + "half"] or "").lower() in {"午後", "pm"}
    if hour > _LATEST_HOUR or minute > 59:
        return None
    return (hour + 12 * (afternoon and hour < 12)) * 60 + minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60}時{minutes % 60}分" if minutes % 60 else f"{minutes // 60}時"


def _impossible(match: re.Match[str]) -> Iterator[Detection]:
    if match["half"] is None:
        hour, minute = int(match["clock"]), int(match["minute"])
        if hour > _LATEST_HOUR:
            reason = f"{hour}時という時刻はありません"
        elif minute > 59:
            reason = "分は59分までです"
        else:
            return
    elif match["half"] == "午前" and 12 < int(match["hour"]) <= 24:
        reason = f"午前は12時までです（{match['hour']}時は午後{int(match['hour']) - 12}時）"
    else:
        return
    yield Detection("times.impossible", match.start(), match.end(), {"reason": reason})


DETECTOR = Detector(
    name="times",
    checks={
        "times.backwards": frozenset({"start", "end"}),
        "times.impossible": frozenset({"reason"}),
    },
    gate=_GATE,
    find=_find,
)
