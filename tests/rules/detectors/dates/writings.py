"""How Japanese posts write a date and its weekday: one function a way of writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from rules.detectors.dates.calendar_words import WEEKDAYS

Writing = Callable[[date, str], str]
"""Writes a day next to a weekday, which may be wrong."""

_KANJI = "〇一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789/", "０１２３４５６７８９／")
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KANA = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_IN_A_CIRCLE = "㈪㈫㈬㈭㈮㈯㈰"


def kanji(value: int) -> str:
    """Write a number below 100: 二十五."""
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else _KANJI[tens]) + "十" if tens else "") + (_KANJI[ones] if ones or not tens else "")


def _kanji_year(year: int) -> str:
    return "".join(_KANJI[int(digit)] for digit in str(year))


def _english(name: str) -> str:
    return _ENGLISH[WEEKDAYS.index(name)]


def _kana(name: str) -> str:
    return _KANA[WEEKDAYS.index(name)]


def _circled(name: str) -> str:
    return _IN_A_CIRCLE[WEEKDAYS.index(name)]


def _reiwa(day: date) -> int:
    return day.year - 2018


WITH_YEAR: Mapping[str, Writing] = MappingProxyType(
    {
        "2026年12月5日（土）": lambda day, name: f"{day.year}年{day.month}月{day.day}日（{name}）",
        "2026年12月5日 土曜日": lambda day, name: f"{day.year}年{day.month}月{day.day}日 {name}曜日",
        "2026年12月5日土曜": lambda day, name: f"{day.year}年{day.month}月{day.day}日{name}曜",
        "2026年12月5日㈯": lambda day, name: f"{day.year}年{day.month}月{day.day}日{_circled(name)}",
        "2026年12月5日【土曜日】": lambda day, name: f"{day.year}年{day.month}月{day.day}日【{name}曜日】",
        "2026年 12月 5日 ( 土 )": lambda day, name: f"{day.year}年 {day.month}月 {day.day}日 ( {name} )",
        "2026.12.5（土・雨天中止）": lambda day, name: f"{day.year}.{day.month}.{day.day}（{name}・雨天中止）",
        "2026/12/05 (土)": lambda day, name: f"{day:%Y/%m/%d} ({name})",
        "２０２６／１２／５（土）": lambda day, name: f"{day.year}/{day.month}/{day.day}（{name}）".translate(
            _FULL_WIDTH
        ),
        "2026-12-05(土)": lambda day, name: f"{day:%Y-%m-%d}({name})",
        "20261205(土)": lambda day, name: f"{day:%Y%m%d}({name})",
        "2026年12/5(土)": lambda day, name: f"{day.year}年{day.month}/{day.day}({name})",
        "R8.12.5(土)": lambda day, name: f"R{_reiwa(day)}.{day.month}.{day.day}({name})",
        "R8年12月5日(土)": lambda day, name: f"R{_reiwa(day)}年{day.month}月{day.day}日({name})",
        "Ｒ８／１２／５（土）": lambda day, name: f"Ｒ{_reiwa(day)}/{day.month}/{day.day}（{name}）".translate(
            _FULL_WIDTH
        ),
        "令和８年１２月５日(土)": lambda day, name: f"令和{_reiwa(day)}年{day.month}月{day.day}日({name})".translate(
            _FULL_WIDTH
        ),
        "令和8.12.5（土）": lambda day, name: f"令和{_reiwa(day)}.{day.month}.{day.day}（{name}）",
        "令和八年十二月五日（土）": lambda day, name: (
            f"令和{kanji(_reiwa(day))}年{kanji(day.month)}月{kanji(day.day)}日（{name}）"
        ),
        "二〇二六年十二月五日 土曜日": lambda day, name: (
            f"{_kanji_year(day.year)}年{kanji(day.month)}月{kanji(day.day)}日 {name}曜日"
        ),
        "2026年（令和8年）12月5日［土］": lambda day, name: (
            f"{day.year}年（令和{_reiwa(day)}年）{day.month}月{day.day}日［{name}］"
        ),
        "December 5, 2026 (Sat)": lambda day, name: f"{day:%B} {day.day}, {day.year} ({_english(name)[:3]})",
        "Saturday, December 5, 2026": lambda day, name: f"{_english(name)}, {day:%B} {day.day}, {day.year}",
        "Sat. 5 Dec 2026": lambda day, name: f"{_english(name)[:3]}. {day.day} {day:%b} {day.year}",
        "2026.12.05.SAT": lambda day, name: f"{day:%Y.%m.%d}.{_english(name)[:3].upper()}",
        "2026年12月5日(Sat.)": lambda day, name: f"{day.year}年{day.month}月{day.day}日({_english(name)[:3]}.)",
    }
)

WITHOUT_YEAR: Mapping[str, Writing] = MappingProxyType(
    {
        "12月5日（土）": lambda day, name: f"{day.month}月{day.day}日（{name}）",
        "12月5日（土曜日、雨天決行）": lambda day, name: f"{day.month}月{day.day}日（{name}曜日、雨天決行）",
        "12月5日の土曜日": lambda day, name: f"{day.month}月{day.day}日の{name}曜日",
        "12月5日、土曜日に": lambda day, name: f"{day.month}月{day.day}日、{name}曜日に",
        "12月5日は土曜日です": lambda day, name: f"{day.month}月{day.day}日は{name}曜日です",
        "12月5日（ど・よ・う・び）": lambda day, name: (
            f"{day.month}月{day.day}日（{'・'.join(_kana(name) + 'ようび')}）"
        ),
        "12月5日どようび": lambda day, name: f"{day.month}月{day.day}日{_kana(name)}ようび",
        "十二月五日（土）": lambda day, name: f"{kanji(day.month)}月{kanji(day.day)}日（{name}）",
        "12/5(土)": lambda day, name: f"{day.month}/{day.day}({name})",
        "12/5㈯": lambda day, name: f"{day.month}/{day.day}{_circled(name)}",
        "12.5(土)": lambda day, name: f"{day.month}.{day.day}({name})",
        "12 / 5 (土)": lambda day, name: f"{day.month} / {day.day} ({name})",
        "12.05.SAT": lambda day, name: f"{day:%m.%d}.{_english(name)[:3].upper()}",
        "12/5 土": lambda day, name: f"{day.month}/{day.day} {name}",
        "12/5 SAT": lambda day, name: f"{day.month}/{day.day} {_english(name)[:3].upper()}",
        "12月5(土)": lambda day, name: f"{day.month}月{day.day}({name})",
        "土曜日（12月5日）": lambda day, name: f"{name}曜日（{day.month}月{day.day}日）",
        "土曜の12/5": lambda day, name: f"{name}曜の{day.month}/{day.day}",
        "Sat, Dec 5": lambda day, name: f"{_english(name)[:3]}, {day:%b} {day.day}",
    }
)
