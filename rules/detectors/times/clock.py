"""How a time of day is written (14:00, 午後2時半, 十四時), and how many minutes after midnight that is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.detectors.dates.calendar_words import number
from rules.draft import Draft

NUMERALS = "一二三四五六七八九十"
KANJI = f"[{NUMERALS}]{{1,3}}"
HOUR = re.compile(rf"[0-9{NUMERALS}](?:(?<=[0-9])[0-9]?|(?<![0-9])[{NUMERALS}]{{0,2}})[ ]?[:時]")
"""Where the hour of a time may stand. Only there is more tried: a class of characters in front is skipped to fast."""
HALVES = ("午前", "午後", "AM", "PM", "am", "pm")
HALF_LENGTH = 2


def time_named(p: str) -> str:
    """Give an expression for a time, with groups whose names begin with ``p``."""
    return rf"""
    (?P<{p}half>{"|".join(HALVES)})?[ ]?(?P<{p}hour>\d{{1,2}}|{KANJI}(?=時))
    (?:[ ]?:[ ]?(?P<{p}minute>\d{{2}})(?!\d)
     | [ ]?時(?!間)(?:[ ]?(?P<{p}written>\d{{1,2}}|{KANJI})分(?!間)|(?P<{p}middle>半))?)
    """


LATEST_HOUR = 30
"""深夜25時, 29:59: the day of a night shift or broadcast ends at 30:00."""
_WIDEST_CONTEXT = 80


@dataclass(frozen=True, slots=True)
class Time:
    """A time as it is written: ``minutes`` after midnight, and whether 午前 or 午後 stands there."""

    minutes: int
    is_said_half: bool


def beginning(text: str, hour: int) -> int:
    """Where a time begins whose hour stands at ``hour``: at 午前 or AM, if that stands before it."""
    end = hour - text.endswith(" ", 0, hour)
    return end - HALF_LENGTH if text.endswith(HALVES, 0, end) else hour


def time_in(match: re.Match[str], prefix: str) -> Time | None:
    """Read the time whose groups begin with ``prefix``; None for one that no custom knows."""
    hour = number(match[prefix + "hour"])
    minute = number(
        match[prefix + "minute"] or match[prefix + "written"] or ("30" if match[prefix + "middle"] else "0")
    )
    half = (match[prefix + "half"] or "").lower()
    if hour > LATEST_HOUR or minute > 59:
        return None
    return Time((hour + 12 * (half in {"午後", "pm"} and hour < 12)) * 60 + minute, bool(half))


def around(draft: Draft, match: re.Match[str]) -> tuple[int, int]:
    """Give the part of the sentence in which something said about a time may stand."""
    start, end = draft.sentence(match.start())
    return max(start, match.start() - _WIDEST_CONTEXT), min(end, match.end() + _WIDEST_CONTEXT)


def clock(minutes: int) -> str:
    """Write a time: 17時30分, 9時."""
    return f"{minutes // 60}時{minutes % 60}分" if minutes % 60 else f"{minutes // 60}時"
