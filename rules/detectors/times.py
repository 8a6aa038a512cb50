"""Times of day: ends before starts, events before their doors open, and what no clock shows.

25:00 is custom on the air and in the night, and allowed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.detectors.dates.calendar_words import number
from rules.detectors.detector import Detector
from rules.draft import Detection, Draft

_GATE = re.compile(r"[0-9一二三四五六七八九十] ?[:時]")

_NUMERALS = "一二三四五六七八九十"
_KANJI = f"[{_NUMERALS}]{{1,3}}"
_HOUR = re.compile(rf"[0-9{_NUMERALS}](?:(?<=[0-9])[0-9]?|(?<![0-9])[{_NUMERALS}]{{0,2}})[ ]?[:時]")
"""Where the hour of a time may stand. Only there is more tried: a class of characters in front is skipped to fast."""
_HALVES = ("午前", "午後", "AM", "PM", "am", "pm")
_HALF_LENGTH = 2


def _time_named(p: str) -> str:
    """Give an expression for a time, with groups whose names begin with ``p``."""
    return rf"""
    (?P<{p}half>{"|".join(_HALVES)})?[ ]?(?P<{p}hour>\d{{1,2}}|{_KANJI}(?=時))
    (?:[ ]?:[ ]?(?P<{p}minute>\d{{2}})(?!\d)
     | [ ]?時(?!間)(?:[ ]?(?P<{p}written>\d{{1,2}}|{_KANJI})分(?!間)|(?P<{p}middle>半))?)
    """


_RANGE = re.compile(
    rf"""
    {_time_named("a_")}[ ]?(?:[~―—ー-]|から)[ ]?
    (?P<next>翌日?|翌朝|次の日の?)?[ ]?{_time_named("b_")}(?![:\d])
    """,
    re.VERBOSE,
)
_LABEL = "(?:開[始演場会]|集合|受付)"
_ONE = re.compile(
    r"(?:(?<=午[前後])|(?<=午[前後] ))(?P<half_hour>\d{1,2})(?:時[ ]?|:)(?P<half_minute>[6-9]\d)(?:分(?!間)|(?!\d))"
    rf"|(?:(?<=午[前後])|(?<=午[前後] ))(?P<hour>\d{{1,2}}|{_KANJI}(?=時))(?:時(?!間)|:\d{{2}})"
    r"|(?<![\d約後:./])(?P<clock>\d{1,2})時(?!間)[ ]?(?P<minute>\d{1,2})分(?!間)"
    rf"|(?:(?<={_LABEL})|(?<={_LABEL}[ :は])|(?<={_LABEL}時[間刻])|(?<={_LABEL}時[間刻][ :は])|(?<=~)|(?<=~[ :は]))"
    r"(?P<after_label>\d{1,2}):(?P<its_minute>\d{2})(?![:\d])"
    r"|(?<![\d:./])(?P<before_label>[0-2]?\d|3\d(?=:\d{2}[ ]?(?:開[始演場]|集合)))"
    r":(?P<that_minute>\d{2})[ ]?(?=開[始演場]|集合|発車|から|~|まで)"
)
_BELONGS_TO_MORE = frozenset("0123456789:./")
"""What before a number makes it a part of a longer one."""
_DOORS = re.compile(r"開場|受付開始|集合|受付")
_STARTS = re.compile(r"開演|開会|開始|上映")
_DOORS_THEN_START = re.compile(
    rf"(?<!申込)(?:開場|受付開始|受付|集合)(?:時間|時刻)?[ :は/]*{_time_named('a_')}(?!\s*(?:[~―—ー-]|から|まで))"
    rf"[ /、()→・~]*(?:開演|開会|開始|上映)(?:時間|時刻)?[ :は]*{_time_named('b_')}",
    re.VERBOSE,
)
_START_THEN_DOORS = re.compile(
    rf"(?:開演|開会|開始)(?:時間|時刻)?[ :は]*{_time_named('b_')}"
    rf"[ /、(・]*(?:開場|受付|集合)(?:開始)?(?:時間|時刻)?[ :は]*{_time_named('a_')}",
    re.VERBOSE,
)
_OVERNIGHT = re.compile(
    r"翌|夜(?!間[^。]{0,8}(?:ありません|行いません|しません))|早朝|未明|泊|チェックイン|チェックアウト|閉鎖|閉庁|閉館|通行止|規制|当直|宿直|終日|24時間|断水|停電|常時|"
    r"点灯|日をまたい"
)
_LATE_HOURS_ARE_CUSTOM = re.compile(
    r"深夜|放送|番組|放映|ラジオ|テレビ|TV|FM|配信|オンエア|夜|営業|終電|終バス|運行|電車|列車|バス|カウントダウン|初詣|"
    r"除夜|徹夜|徹宵"
)
_RUNS_ON = re.compile(r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)[ ]?~[ ]?$")
_LATEST_HOUR = 30
"""深夜25時, 29:59: the day of a night shift or broadcast ends at 30:00."""
_LATEST_PLAIN = 24 * 60 + 59
"""Minutes. 24:30 is read by everybody; later times want a reader who knows the custom."""
_EVENING = 17 * 60
_AFTERNOON = 15 * 60
_AFTER_MIDNIGHT = 2 * 60
_LONGEST_NIGHT = 17 * 60
"""Minutes. Something that runs overnight and lasts longer than this has its times mixed up."""
_LONGEST_ADMISSION = 6 * 60
"""Minutes between the doors and the start; times further apart are of different parts of a day."""
_WIDEST_CONTEXT = 80
_NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class _Time:
    """A time as it is written: ``minutes`` after midnight, and whether 午前 or 午後 stands there."""

    minutes: int
    is_said_half: bool


def _find(draft: Draft) -> Iterator[Detection]:
    text = draft.text
    done = 0
    for hour in _HOUR.finditer(text):
        begin = _beginning(text, hour.start())
        if begin >= done and text[begin - 1 : begin] not in _BELONGS_TO_MORE:
            period = _RANGE.match(text, begin)
            if period is not None:
                yield from _backwards(draft, period)
                done = period.end()
        one = _ONE.match(text, hour.start())
        if one is not None:
            yield from _impossible(draft, one)
    if _DOORS.search(text) and _STARTS.search(text):
        for pattern in (_DOORS_THEN_START, _START_THEN_DOORS):
            for match in pattern.finditer(text):
                yield from _before_doors(match)


# --- periods ---------------------------------------------------------------------------------------------


def _backwards(draft: Draft, match: re.Match[str]) -> Iterator[Detection]:
    start, end = _time(match, "a_"), _time(match, "b_")
    if start is None or end is None or start.minutes < end.minutes or match["next"]:
        return
    if _is_in_order(start, end):
        return
    if _may_last_overnight(start, end) or _OVERNIGHT.search(draft.text, *_around(draft, match)):
        return
    first, last = _clock(start.minutes), _clock(end.minutes)
    yield Detection("times.backwards", match.start(), match.end(), {"start": first, "end": last})


def _is_in_order(start: _Time, end: _Time) -> bool:
    """Tell what leaves out the second half of the day or runs into the night.

    The former are 午後1時~3時 and 午前10時~1時, the latter 午後6時~2時 and 午後11時~午前1時.
    """
    if not start.is_said_half or end.minutes >= _NOON:
        return False
    if end.is_said_half:
        return start.minutes >= _EVENING and end.minutes + 24 * 60 - start.minutes < _LONGEST_NIGHT
    return start.minutes < end.minutes + _NOON or start.minutes >= _EVENING


def _may_last_overnight(start: _Time, end: _Time) -> bool:
    """Tell 16:30~8:30 and 11:00~1:00 from 14:00~11:30 and 10:00~6:00."""
    is_night = start.minutes >= _AFTERNOON or end.minutes <= _AFTER_MIDNIGHT
    return is_night and not start.is_said_half and end.minutes + 24 * 60 - start.minutes < _LONGEST_NIGHT


def _before_doors(match: re.Match[str]) -> Iterator[Detection]:
    """開場18:30 開演18:00."""
    doors, start = _time(match, "a_"), _time(match, "b_")
    if doors is None or start is None:
        return
    if 0 < doors.minutes - start.minutes <= _LONGEST_ADMISSION:
        facts = {"doors": _clock(doors.minutes), "start": _clock(start.minutes)}
        yield Detection("times.before_doors", match.start(), match.end(), facts)


# --- times that no clock shows ---------------------------------------------------------------------------


def _impossible(draft: Draft, match: re.Match[str]) -> Iterator[Detection]:
    begin = match.start()
    if match["hour"] is not None:
        begin = _beginning(draft.text, begin)
        found = _wrong_half(draft.text[begin : begin + _HALF_LENGTH], number(match["hour"]))
    else:
        hour = int(match["clock"] or match["after_label"] or match["before_label"] or match["half_hour"])
        minute = int(match["minute"] or match["its_minute"] or match["that_minute"] or match["half_minute"])
        found = _wrong_clock(draft, match, hour, minute)
    if found is not None:
        reason, instead = found
        end = match.start() + len(match[0].rstrip())
        yield Detection("times.impossible", begin, end, {"reason": reason, "instead": instead})


def _wrong_half(half: str, hour: int) -> tuple[str, str] | None:
    """午前13時 is 午後1時, 午後13時 is 午後1時 too."""
    if not 12 < hour <= 24:
        return (f"{half}は12時までです", "") if hour > 24 else None
    if hour == 24:
        return None
    return (
        f"{half}は12時までです（{hour}時は午後{hour - 12}時）",
        f"「午後{hour - 12}時」または「{hour}時」ではありませんか。",
    )


def _wrong_clock(draft: Draft, match: re.Match[str], hour: int, minute: int) -> tuple[str, str] | None:
    if hour > _LATEST_HOUR:
        return f"{hour}時という時刻はありません", ""
    if minute > 59:
        return "分は59分までです", f"「{_clock(hour * 60 + minute)}」ではありませんか。"
    if hour * 60 + minute > _LATEST_PLAIN and not _is_late_by_custom(draft, match):
        return (
            f"1日は24時までです（{hour}時は翌日の{hour - 24}時）",
            f"「翌{_clock((hour - 24) * 60 + minute)}」とお書きください。",
        )
    return None


def _is_late_by_custom(draft: Draft, match: re.Match[str]) -> bool:
    """Tell 深夜25時 and 10:00~25:00, which everybody understands."""
    if _LATE_HOURS_ARE_CUSTOM.search(draft.text, *_around(draft, match)):
        return True
    return _RUNS_ON.search(draft.text, max(0, match.start() - 12), match.start()) is not None


# --- reading ---------------------------------------------------------------------------------------------


def _beginning(text: str, hour: int) -> int:
    """Where a time begins whose hour stands at ``hour``: at 午前 or AM, if that stands before it."""
    end = hour - text.endswith(" ", 0, hour)
    return end - _HALF_LENGTH if text.endswith(_HALVES, 0, end) else hour


def _time(match: re.Match[str], prefix: str) -> _Time | None:
    """Read one time; None for one that no custom knows."""
    hour = number(match[prefix + "hour"])
    minute = number(
        match[prefix + "minute"] or match[prefix + "written"] or ("30" if match[prefix + "middle"] else "0")
    )
    half = (match[prefix + "half"] or "").lower()
    if hour > _LATEST_HOUR or minute > 59:
        return None
    return _Time((hour + 12 * (half in {"午後", "pm"} and hour < 12)) * 60 + minute, bool(half))


def _around(draft: Draft, match: re.Match[str]) -> tuple[int, int]:
    start, end = draft.sentence(match.start())
    return max(start, match.start() - _WIDEST_CONTEXT), min(end, match.end() + _WIDEST_CONTEXT)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}時{minutes % 60}分" if minutes % 60 else f"{minutes // 60}時"


DETECTOR = Detector(
    name="times",
    checks={
        "times.backwards": frozenset({"start", "end"}),
        "times.before_doors": frozenset({"doors", "start"}),
        "times.impossible": frozenset({"reason", "instead"}),
    },
    gate=_GATE,
    find=_find,
)
