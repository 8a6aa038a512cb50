"""Which drafts somebody asks for: 「@人 状態 期間」, as it stands after a command, in any order. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Self

from bot.desk import JAPAN, DraftState, Query
from bot.slack.events import SURFACE
from bot.slack.supervisors import Remit


class NotUnderstood(Exception):  # noqa: N818 - reads as what happened
    """Some words are no condition. ``words`` are what was written."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__("not understood")
        self.words = words


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on drafts. ``first`` and ``last`` are days in Japan, both inclusive, both set or none."""

    author: str | None = None
    states: frozenset[DraftState] = frozenset()
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, written: str, today: date) -> Self:
        """Read what somebody wrote, mentions as Slack escapes them. Raises ``NotUnderstood``."""
        found, strange = cls(), []
        for word in _WORD.findall(written):
            narrowed = found._and(word, today)
            if narrowed is None:
                strange.append(word)
            else:
                found = narrowed
        if strange:
            raise NotUnderstood(tuple(strange))
        return found

    def as_json(self) -> dict[str, Any]:
        """Return what a button carries."""
        return {
            "author": self.author,
            "states": sorted(self.states),
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` returned."""
        first, last = (date.fromisoformat(day) if (day := value.get(name)) else None for name in ("first", "last"))
        return cls(value.get("author"), frozenset(map(DraftState, value.get("states") or ())), first, last)

    def visible_to(self, user: str, remit: Remit) -> Filter:
        """Return the conditions as far as a person may see: staff see their own drafts."""
        return self if remit else replace(self, author=user)

    def query(self, team: str, user: str, remit: Remit) -> Query:
        """Return the query for what this person may see of it."""
        seen = self.visible_to(user, remit)
        unbound = remit.everything or seen.author == user
        return Query(
            SURFACE,
            team,
            author=seen.author,
            states=seen.states,
            since=_midnight(seen.first) if seen.first else None,
            until=_midnight(seen.last + timedelta(days=1)) if seen.last else None,
            channels=None if unbound else remit.channels,
        )

    def _and(self, word: str, today: date) -> Self | None:
        """Narrow by one word; ``None`` if it is no condition, or a second one where there can be one."""
        plain = unicodedata.normalize("NFKC", word)
        if mention := _MENTION.fullmatch(word):
            return replace(self, author=mention[1]) if self.author in {None, mention[1]} else None
        if state := _STATES.get(plain):
            return replace(self, states=self.states | {state})
        days = _days(plain, today)
        if days is None or self.first is not None:
            return None
        return replace(self, first=days[0], last=days[1])


Days = tuple[date, date]

_WORD: Final = re.compile(r"<@[^>]*>|[^\s<]+|<")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_STATES: Final[Mapping[str, DraftState]] = {
    "待ち": DraftState.WAITING,
    "確認待ち": DraftState.WAITING,
    "保留": DraftState.HELD,
    "承認": DraftState.APPROVED,
    "承認済み": DraftState.APPROVED,
    "差し戻し": DraftState.RETURNED,
    "差戻し": DraftState.RETURNED,
    "差戻": DraftState.RETURNED,
    "取り下げ": DraftState.WITHDRAWN,
    "取下げ": DraftState.WITHDRAWN,
}
_DAY: Final = r"(20\d\d)[-/年](\d{1,2})[-/月](\d{1,2})日?"
_ONE_DAY: Final = re.compile(_DAY)
_SPAN: Final = re.compile(rf"{_DAY}(?:\.\.+|[~〜…])(?:{_DAY})")
_MONTH: Final = re.compile(r"(20\d\d)[-/年](\d{1,2})月?")
_LAST_DAYS: Final = re.compile(r"(?:直近)?(\d{1,4})日間?")
_APRIL: Final = 4


def _days(word: str, today: date) -> Days | None:
    """Return the first and the last day that a word means, ``None`` if it means no span of days."""
    if named := _NAMED.get(word):
        return named(today)
    try:
        return _written_days(word, today)
    except (ValueError, OverflowError):  # 2026-02-30
        return None


def _written_days(word: str, today: date) -> Days | None:
    if match := _SPAN.fullmatch(word):
        numbers = [int(number) for number in match.groups()]
        first, last = date(*numbers[:3]), date(*numbers[3:])
        return (first, last) if first <= last else None
    if match := _ONE_DAY.fullmatch(word):
        day = date(*(int(number) for number in match.groups()))
        return day, day
    if match := _MONTH.fullmatch(word):
        return _month(date(int(match[1]), int(match[2]), 1))
    if (match := _LAST_DAYS.fullmatch(word)) and int(match[1]):
        return today - timedelta(days=int(match[1]) - 1), today
    return None


def _month(day: date) -> Days:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _week(day: date) -> Days:
    """Return the week from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _fiscal_year(day: date) -> Days:
    """Return the year of the budget (年度), which begins in April."""
    year = day.year if day.month >= _APRIL else day.year - 1
    return date(year, _APRIL, 1), date(year + 1, _APRIL, 1) - timedelta(days=1)


_NAMED: Final[Mapping[str, Callable[[date], Days]]] = {
    "今日": lambda today: (today, today),
    "昨日": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "今週": _week,
    "先週": lambda today: _week(today - timedelta(days=7)),
    "今月": _month,
    "先月": lambda today: _month(today.replace(day=1) - timedelta(days=1)),
    "今年度": _fiscal_year,
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
