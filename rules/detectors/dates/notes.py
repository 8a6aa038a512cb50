"""What is said next to a date: its weekday (曜日), its week in the month (第2土曜日), a holiday (祝日)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.detectors.dates.calendar_words import ENGLISH_WEEKDAY, KANA_WEEKDAYS, WEEKDAYS, english_weekday, number

_KANA = r"(?:げつ|か|すい|もく|きん|ど|にち)よう(?:び|日)?"
_NTH = r"第[ ]?[1-5一二三四五][ ]?"
_PICTURES = r"\u2600-\u27bf\U0001f000-\U0001faff"
_AFTER = re.compile(
    rf"""
    (?:[ ]|\n(?=\([{WEEKDAYS}](?:曜日?)?(?:[・、]祝日?)?\)))?
    (?:
      [(\[【〔〈<「{{《](?P<inside>[^()\[\]【】〔〕〈〉<>「」{{}}《》\n]{{1,24}})[)\]】〕〉>」}}》]
    | の?(?P<nth>{_NTH})?(?P<long>[{WEEKDAYS}])曜日?
    | (?:は、?|が)(?P<said>[{WEEKDAYS}])曜日?(?=です|。|$|なの|のため|で、|だ|にあた)
    | [・、,](?P<apart>[{WEEKDAYS}])曜日?(?=に|午|朝|夜|です|[ ]?\d)
    | の?(?P<kana>{_KANA})
    | /?(?P<bare>[{WEEKDAYS}])(?=\s|$|[~・、,。!?{_PICTURES}]|は、|\d{{1,2}}[時:]|に(?:開|行|実)|開催)
    | (?:,[ ]?|[./])?(?P<english>{ENGLISH_WEEKDAY})
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# 祝日 is never the weekday 日 behind 祝: what is taken of it is not given back.
_INSIDE = re.compile(
    rf"(?:祝日?+[・,、/ ]*+)?+(?:(?P<nth>{_NTH})(?=[{WEEKDAYS}]曜?))?(?P<day>[{WEEKDAYS}])(?:曜日?)?"
    rf"(?![{WEEKDAYS}])(?P<rest>(?:[・,、/:; ]|祝|振|休).*)?"
)
_SEVERAL_INSIDE = re.compile(
    rf"[{WEEKDAYS}](?:曜日?)?(?:[ ]?[・,、/~-][ ]?[{WEEKDAYS}](?:曜日?)?)+(?:[・,、/ ]?祝日?)?"
)
_EACH_INSIDE = re.compile(rf"([{WEEKDAYS}])(?:曜日?)?")
_ANOTHER_WEEKDAY = re.compile(rf"[・,、/ ]*[{WEEKDAYS}](?:曜|$|[・,、/ ])")
_HOLIDAY_NOTE = re.compile(rf"(?:^|[・、,/ {WEEKDAYS}])(?:祝日?|振替休日|国民の休日)(?:$|[・、,/ ])")
_KANA_INSIDE = re.compile(r"(げつ|か|すい|もく|きん|ど|にち)(?:よう(?:び|日)?)?")
_ENGLISH_INSIDE = re.compile(ENGLISH_WEEKDAY, re.IGNORECASE)

_BEFORE = re.compile(rf"(?:(?P<nth>{_NTH})|^|(?<=[^{WEEKDAYS}]))(?P<day>[{WEEKDAYS}])曜日?(?P<joint>の|[ ]?\(?)$")
_BRACKETED_BEFORE = re.compile(
    rf"(?:^|(?<=[\n。:】■●◆◇□○★☆▼▶{_PICTURES}\ufe0f]))[ ]?"
    rf"(?P<note>[(\[](?P<day>[{WEEKDAYS}])(?:曜日?)?(?:[・、,]?祝日?)?[)\]])[ ]?$"
)
"""(日)12月5日, where a line or an entry begins with it; elsewhere it belongs to the date before."""
_NAMES_ENTRIES = re.compile(r"[(\[](?:時|場|所|会|費|対|問|申)[)\]]")
"""What tells (日)12月5日 (場)公民館, where (日) stands for 日時."""
_REACH_OF_ENTRIES = 80
_ENGLISH_BEFORE = re.compile(rf"(?<![A-Za-z])(?P<english>{ENGLISH_WEEKDAY}),?[ ]$", re.IGNORECASE)
_EVERY = re.compile(
    r"(?:[毎各隔][週月]?の?|(?<=[^\n])[・、,と~]|第[\d一-五・、,]*|(?:休館|休業|休園|休診|閉館|定休)日?[ は:、]{0,2})$"
)
"""What makes a weekday one of many rather than that of the date behind it; a ・ that opens a line does not."""
_WIDEST_BEFORE = 12


@dataclass(frozen=True, slots=True)
class WeekdayNote:
    """What is said next to a date.

    ``weekday`` counts from Monday = 0; ``nth`` is the 2 of 第2土曜日; ``several`` are the weekdays of a note on several
    dates, as in 5日・6日(土・日); ``holiday`` is true where 祝 stands there, ``is_english`` where the weekday is in
    English. ``text`` is the whole note, in which a holiday may be named; ``start`` and ``end`` say where date and note
    together begin and end.
    """

    start: int
    end: int
    text: str
    weekday: int | None = None
    nth: int | None = None
    holiday: bool = False
    several: tuple[int, ...] = ()
    is_english: bool = False


def note_after(text: str, start: int, position: int) -> WeekdayNote | None:
    """Read the note at ``position``, behind a date that begins at ``start``: (日), 日曜日, (日・祝), Sun."""
    match = _AFTER.match(text, position)
    if match is None:
        return None
    if match["inside"]:
        return _bracketed(start, match.end(), match["inside"].strip())
    if match["english"]:
        return WeekdayNote(start, match.end(), match[0], english_weekday(match["english"]), is_english=True)
    if match["kana"]:
        return WeekdayNote(start, match.end(), match[0], KANA_WEEKDAYS.index(match["kana"].partition("よう")[0]))
    name = match["long"] or match["said"] or match["apart"] or match["bare"]
    return WeekdayNote(start, match.end(), match[0], WEEKDAYS.index(name), _nth(match["nth"]))


def note_before(text: str, begin: int, stem_end: int) -> WeekdayNote | None:
    """Read 土曜日の12月5日, 第2土曜日(12月5日), 日曜28日, (日)12/5, Sunday, December 5; but not 毎週土曜、12月5日."""
    if text[max(0, begin - 1) : begin] in _ENDS_BRACKETS or text[max(0, begin - 2) : begin] in _ENDS_SPACED_BRACKETS:
        return _bracketed_before(text, begin, stem_end)
    if text.find("曜", max(0, begin - 5), begin) < 0:
        return _english_before(text, begin, stem_end)
    match = _BEFORE.search(text, max(0, begin - _WIDEST_BEFORE), begin)
    if match is None:
        return None
    name = match.start("nth") if match["nth"] else match.start("day")
    if _EVERY.search(text, max(0, name - 8), name):
        return None
    is_bracketed = match["joint"].endswith("(")
    end = stem_end + (is_bracketed and text.startswith(")", stem_end))
    return WeekdayNote(name, end, match[0], WEEKDAYS.index(match["day"]), _nth(match["nth"]))


_ENDS_BRACKETS = frozenset(")]")
_ENDS_SPACED_BRACKETS = frozenset(f"{bracket} " for bracket in _ENDS_BRACKETS)


def _bracketed_before(text: str, begin: int, stem_end: int) -> WeekdayNote | None:
    match = _BRACKETED_BEFORE.search(text, max(0, begin - _WIDEST_BEFORE), begin)
    if match is None or _EVERY.search(text, max(0, match.start("note") - 8), match.start("note")):
        return None
    if _NAMES_ENTRIES.search(text, stem_end, min(len(text), stem_end + _REACH_OF_ENTRIES)):
        return None
    weekday, is_holiday = WEEKDAYS.index(match["day"]), "祝" in match["note"]
    return WeekdayNote(match.start("note"), stem_end, match["note"], weekday, holiday=is_holiday)


def _english_before(text: str, begin: int, stem_end: int) -> WeekdayNote | None:
    if not begin or text[begin - 1] != " ":
        return None
    match = _ENGLISH_BEFORE.search(text, max(0, begin - _WIDEST_BEFORE), begin)
    if match is None:
        return None
    return WeekdayNote(match.start("english"), stem_end, match[0], english_weekday(match["english"]), is_english=True)


def _nth(written: str | None) -> int | None:
    return number(written.strip(" 第")) if written else None


def _bracketed(start: int, end: int, inside: str) -> WeekdayNote:
    """(日), (日・祝), (日曜日、雨天中止), (第1土曜日), (Sun), (げ・つ・よ・う・び), (土・日)."""
    holiday = _HOLIDAY_NOTE.search(inside) is not None
    if _SEVERAL_INSIDE.fullmatch(inside):
        several = tuple(WEEKDAYS.index(letter) for letter in _EACH_INSIDE.findall(inside))
        return WeekdayNote(start, end, inside, holiday=holiday, several=several)
    day = _INSIDE.fullmatch(inside)
    if day is not None:
        if day["rest"] and _ANOTHER_WEEKDAY.match(day["rest"]):
            return WeekdayNote(start, end, inside, holiday=holiday)
        return WeekdayNote(start, end, inside, WEEKDAYS.index(day["day"]), _nth(day["nth"]), holiday)
    english = _ENGLISH_INSIDE.match(inside)
    if english is not None:
        return WeekdayNote(start, end, inside, english_weekday(english[0]), holiday=holiday, is_english=True)
    kana = _KANA_INSIDE.fullmatch(re.sub(r"[・ .\-]", "", inside))
    if kana is not None:
        return WeekdayNote(start, end, inside, KANA_WEEKDAYS.index(kana[1]))
    return WeekdayNote(start, end, inside, holiday=holiday)
