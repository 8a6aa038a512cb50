"""Eras (元号) against western years (西暦), and against the days on which they began and ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from rules.detectors.dates.calendar_words import ERA_BEGINS, ERAS, era_count, era_year, number, written_out
from rules.detectors.dates.resolved import Resolved
from rules.draft import Detection

_BEGAN_ON_THE_LAST_DAY = frozenset(("大正", "昭和"))
"""Eras that began on the last day of the one before: 大正15年12月25日 is 昭和元年12月25日."""

_MAY_NAME_ERA = re.compile(r"[令平昭大RHS][和成正0-9元一二三四五六七八九十 ]")
_COUNT = r"\d{1,2}|元|[一二三四五六七八九十]{1,3}"
_WESTERN = r"(?:18|19|20)\d{2}"
_ERA_YEAR = re.compile(
    rf"""
    (?P<era>令和|平成|昭和|大正|(?<![A-Za-z0-9])[RHS])[ ]?(?P<n>{_COUNT})[ ]?(?:年度?)?
    (?: [ ]?[(/・][ ]?(?:西暦)? (?P<after>{_WESTERN})[ ]?(?:年度?)?[ ]?\)
      | [ ]?[/=][ ]? (?P<equal>{_WESTERN})年 )
  | (?P<before>{_WESTERN})[ ]?(?:年度?)?[ ]?[(/=・][ ]?
    (?P<era2>令和|平成|昭和|大正|[RHS])[ ]?(?P<n2>{_COUNT})[ ]?(?:年度?)?[ ]?\)
  | (?P<before_equal>{_WESTERN})年[ ]?[/=][ ]?(?P<era3>令和|平成|昭和|大正|[RHS])[ ]?(?P<n3>{_COUNT})年
    """,
    re.VERBOSE,
)
_INITIALS = {"R": "令和", "H": "平成", "S": "昭和"}


def year_disagreements(text: str) -> Iterator[Detection]:
    """Report 令和8年(2027年), 2026(令和7)年度, 2027年=令和8年."""
    if not _MAY_NAME_ERA.search(text):
        return
    for match in _ERA_YEAR.finditer(text):
        written = match["era"] or match["era2"] or match["era3"]
        era = _INITIALS.get(written, written)
        western = int(match["after"] or match["equal"] or match["before"] or match["before_equal"])
        count = number(match["n"] or match["n2"] or match["n3"])
        if ERAS[era] + count != western:
            facts = {
                "era": era_count(era, count),
                "year": f"{western}年",
                "actual_year": f"{ERAS[era] + count}年",
                "actual_era": era_year(western),
            }
            yield Detection("dates.era_year", match.start(), match.end(), facts)


def outside_era(current: Resolved) -> Detection | None:
    """Report a day that its era had not begun or had already ended on: 平成31年5月1日, 令和元年4月30日."""
    era, day = current.written.era, current.days[0]
    if era is None or _era_on(day) == era or day == _last_day(era):
        return None
    actual = _era_on(day)
    facts = {
        "era": era,
        "limit": _limit(era, day),
        "corrected": f"{era_count(actual, day.year - ERAS[actual])}{day.month}月{day.day}日",
    }
    return Detection("dates.era_day", current.written.start, current.written.end, facts)


def _era_on(day: date) -> str:
    return next((era for era, begins in ERA_BEGINS.items() if begins <= day), "明治")


def _limit(era: str, day: date) -> str:
    begins = ERA_BEGINS[era]
    if day < begins:
        return f"{written_out(begins)}から"
    return f"{written_out(_last_day(era))}まで"


def _last_day(era: str) -> date:
    eras = list(ERA_BEGINS)
    position = eras.index(era)
    if position == 0:
        return date.max
    following = eras[position - 1]
    return ERA_BEGINS[following] - timedelta(days=following not in _BEGAN_ON_THE_LAST_DAY)
