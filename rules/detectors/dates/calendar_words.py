"""Words and numerals of the Japanese calendar: weekdays (曜日), eras (元号), relative years, kanji numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

WEEKDAYS = "月火水木金土日"
"""In the order of ``date.weekday()``."""

KANA_WEEKDAYS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")

ENGLISH_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![A-Za-zァ-ヺー一-龥])\.?"
)
"""An expression for Sun, Sun., Sunday; but not for Sunrise or SUNフェス. For use with ``re.IGNORECASE``."""

ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)(?![A-Za-z])\.?"
)

ERAS: Mapping[str, int] = MappingProxyType({"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867})
"""元号: the western year before its first year (元年); the latest first."""

ERA_BEGINS: Mapping[str, date] = MappingProxyType(
    {
        "令和": date(2019, 5, 1),
        "平成": date(1989, 1, 8),
        "昭和": date(1926, 12, 25),
        "大正": date(1912, 7, 30),
        "明治": date(1868, 1, 25),
    }
)
"""First day of each era; it lasts until the day before the next one begins."""

ERA_INITIALS: Mapping[str, str] = MappingProxyType(
    {"R": "令和", "H": "平成", "S": "昭和", "令": "令和", "平": "平成", "昭": "昭和"}
)

FIRST_GREGORIAN_YEAR = 1873
"""Since when Japan counts by the Gregorian calendar (明治6年); weekdays of earlier dates cannot be told so simply."""

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛"
"""丸数字 from 1 to 31."""

LAST_YEAR = 2150
"""A number above this is hardly a year."""

RELATIVE_YEARS: Mapping[str, int] = MappingProxyType(
    {"再来年": 2, "一昨年": -2, "来年": 1, "今年": 0, "本年": 0, "昨年": -1, "去年": -1}
)
"""Years counted from today's."""

RELATIVE_MONTHS: Mapping[str, int] = MappingProxyType({"再来月": 2, "来月": 1, "今月": 0, "先月": -1})
"""Months counted from today's."""

HOLIDAY_NAMES = (
    "元日|成人の日|建国記念の日|天皇誕生日|春分の日|昭和の日|憲法記念日|みどりの日|こどもの日|海の日|山の日|敬老の日|"
    "秋分の日|スポーツの日|文化の日|勤労感謝の日"
)
"""Names of the national holidays (国民の祝日)."""

CUSTOMARY_DAYS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "元旦": (1, 1),
        "大晦日": (12, 31),
        "大みそか": (12, 31),
        "おおみそか": (12, 31),
        "クリスマスイブ": (12, 24),
        "クリスマス・イブ": (12, 24),
    }
)
"""Names of other days that fall on the same date each year, as (month, day)."""

ENGLISH_WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""In the order of ``date.weekday()``."""

ENGLISH_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


def english_weekday(name: str) -> int:
    """Give the weekday, from Monday = 0, of a match of ``ENGLISH_WEEKDAY``."""
    return _ENGLISH_WEEKDAYS.index(name[:3].lower())


def english_month(name: str) -> int:
    """Give the month, from January = 1, of a match of ``ENGLISH_MONTH``."""
    return _ENGLISH_MONTHS.index(name[:3].lower()) + 1


def number(text: str) -> int:
    """Read a number (``25``, ``二十五``, ``二〇二六``, ``元``, ``㉕``); 0 if no calendar knows such a one."""
    if text.isascii():
        return int(text)
    if text in CIRCLED:
        return CIRCLED.index(text) + 1
    if text == "元":
        return 1
    tens, ten, ones = text.partition("十")
    if not set(tens + ones) <= _KANJI_DIGITS.keys() or (ten and (len(tens) > 1 or len(ones) > 1)):
        return 0
    if not ten:
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in text))
    return (_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)


def era_year(western: int) -> str:
    """Name a western year by the era that it ends in: 2019 is 令和元年. Years before 明治 keep their number."""
    for name, before in ERAS.items():
        if before < western:
            return era_count(name, western - before)
    return f"{western}年"


def era_count(era: str, count: int) -> str:
    """Write the year ``count`` of an era: 令和元年, 令和8年."""
    return f"{era}{'元' if count == 1 else count}年"


def written_out(day: date) -> str:
    """Write a day with its year: 2026年12月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_name(day: date) -> str:
    """Give the one letter of a day's weekday: 土."""
    return WEEKDAYS[day.weekday()]
