"""Times that no clock shows: 午前15時, 10時75分. 25:00 is custom on the air and in the night, and allowed there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.dates.calendar_words import number
from rules.detectors.times.clock import HALF_LENGTH, KANJI, LATEST_HOUR, around, beginning, clock
from rules.draft import Detection, Draft

_LABEL = "(?:開[始演場会]|集合|受付)"
MIGHT_BE_IMPOSSIBLE = re.compile(
    r"(?:(?<=午[前後])|(?<=午[前後] ))(?P<half_hour>\d{1,2})(?:時[ ]?|:)(?P<half_minute>[6-9]\d)(?:分(?!間)|(?!\d))"
    rf"|(?:(?<=午[前後])|(?<=午[前後] ))(?P<hour>\d{{1,2}}|{KANJI}(?=時))(?:時(?!間)|:\d{{2}})"
    r"|(?<![\d約後])(?<!\d[:./])(?P<clock>\d{1,2})時(?!間)[ ]?(?P<minute>\d{1,2})分(?!間)"
    rf"|(?:(?<={_LABEL})|(?<={_LABEL}[ :は])|(?<={_LABEL}時[間刻])|(?<={_LABEL}時[間刻][ :は])|(?<=~)|(?<=~[ :は]))"
    r"(?P<after_label>\d{1,2}):(?P<its_minute>\d{2})(?![:\d])"
    r"|(?<![\d約後])(?<!\d[:./])(?P<bare_hour>2[5-9]|[3-9]\d)時(?=開[始演場]|集合|発車)"
    r"|(?<!\d)(?<!\d[:./])(?P<before_label>[0-2]?\d|3\d(?=:\d{2}[ ]?(?:開[始演場]|集合)))"
    r":(?P<that_minute>\d{2})[ ]?(?=開[始演場]|集合|発車|から|~|まで)"
)
_LATE_HOURS_ARE_CUSTOM = re.compile(
    r"深夜|放送|番組|放映|ラジオ|テレビ|TV|FM|配信|オンエア|夜|営業|終電|終バス|運行|電車|列車|バス|カウントダウン|初詣|"
    r"除夜|徹夜|徹宵"
)
_RUNS_ON = re.compile(r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)[ ]?~[ ]?$")
_LATEST_PLAIN = 24 * 60 + 59
"""Minutes. 24:30 is read by everybody; later times want a reader who knows the custom."""


def find_impossible(draft: Draft, match: re.Match[str]) -> Iterator[Detection]:
    """Judge one match of ``MIGHT_BE_IMPOSSIBLE``."""
    begin = match.start()
    if match["hour"] is not None:
        begin = beginning(draft.text, begin)
        found = _wrong_half(draft.text[begin : begin + HALF_LENGTH], number(match["hour"]))
    else:
        hour = int(
            match["clock"] or match["after_label"] or match["before_label"] or match["half_hour"] or match["bare_hour"]
        )
        minute = int(match["minute"] or match["its_minute"] or match["that_minute"] or match["half_minute"] or 0)
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
    if hour > LATEST_HOUR:
        return f"{hour}時という時刻はありません", ""
    if minute > 59:
        return "分は59分までです", f"「{clock(hour * 60 + minute)}」ではありませんか。"
    if hour * 60 + minute > _LATEST_PLAIN and not _is_late_by_custom(draft, match):
        return (
            f"1日は24時までです（{hour}時は翌日の{hour - 24}時）",
            f"「翌{clock((hour - 24) * 60 + minute)}」とお書きください。",
        )
    return None


def _is_late_by_custom(draft: Draft, match: re.Match[str]) -> bool:
    """Tell 深夜25時 and 10:00~25:00, which everybody understands."""
    if _LATE_HOURS_ARE_CUSTOM.search(draft.text, *around(draft, match)):
        return True
    return _RUNS_ON.search(draft.text, max(0, match.start() - 12), match.start()) is not None
