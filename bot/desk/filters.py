"""Which drafts somebody asks for: 「@人 状態 期間」, as it stands after a command, in any order, page by page. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Self

from bot.desk.periods import SPAN_WITH_SPACES, days_of
from bot.desk.remit import Remit
from bot.history import DraftState, Query
from bot.workhours import JAPAN

PAGE: Final = 10
"""Drafts shown at a time."""
REMEMBERED_PAGES: Final = 100
"""Pages that one can turn back."""


NO_MENTION: Final = re.compile(r"(?!)")
"""Where nobody can be mentioned."""


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
    def read(cls, written: str, today: date, mention: re.Pattern[str] = NO_MENTION) -> Self:
        """Read what somebody wrote. Raises ``NotUnderstood``.

        ``mention`` is how the surface writes a person; its first group is their id.
        """
        found, strange = cls(), []
        for word in _WORD.findall(written):
            narrowed = found._and(word, today, mention)
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

    def query(self, surface: str, team: str, user: str, remit: Remit) -> Query:
        """Return the query for what this person may see of it."""
        seen = self.visible_to(user, remit)
        unbound = remit.everything or seen.author == user
        return Query(
            surface,
            team,
            author=seen.author,
            states=seen.states,
            since=_midnight(seen.first) if seen.first else None,
            until=_midnight(seen.last + timedelta(days=1)) if seen.last else None,
            channels=None if unbound else remit.channels,
        )

    def _and(self, word: str, today: date, mention: re.Pattern[str]) -> Self | None:
        """Narrow by one word; ``None`` if it is no condition, or a second one where there can be one."""
        if person := mention.fullmatch(word):
            return replace(self, author=person[1]) if self.author in {None, person[1]} else None
        if state := _STATES.get(unicodedata.normalize("NFKC", word)):
            return replace(self, states=self.states | {state})
        days = days_of(word, today)
        if days is None or self.first is not None:
            return None
        return replace(self, first=days[0], last=days[1])


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of what a filter finds. ``cursors`` lead there: one for each page after the first, the last its own."""

    filter: Filter
    cursors: tuple[str, ...] = ()

    @property
    def cursor(self) -> str | None:
        """Where the page begins."""
        return self.cursors[-1] if self.cursors else None

    def next(self, cursor: str) -> Leaf:
        """Return the page after this one."""
        return Leaf(self.filter, (*self.cursors, cursor)[-REMEMBERED_PAGES:])

    def previous(self) -> Leaf:
        """Return the page before this one."""
        return Leaf(self.filter, self.cursors[:-1])

    def as_json(self) -> dict[str, Any]:
        """Return what a button carries."""
        return {"filter": self.filter.as_json(), "cursors": list(self.cursors)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` returned."""
        return cls(Filter.from_json(value["filter"]), tuple(map(str, value["cursors"])))


_WORD: Final = re.compile(rf"<@[^>]*>|{SPAN_WITH_SPACES}|[^\s<]+|<")
_STATES: Final[Mapping[str, DraftState]] = {
    "待ち": DraftState.WAITING,
    "判断待ち": DraftState.WAITING,
    "確認待ち": DraftState.WAITING,
    "保留": DraftState.HELD,
    "承認": DraftState.APPROVED,
    "承認済み": DraftState.APPROVED,
    "承認済": DraftState.APPROVED,
    "差し戻し": DraftState.RETURNED,
    "差戻し": DraftState.RETURNED,
    "差戻": DraftState.RETURNED,
    "取り下げ": DraftState.WITHDRAWN,
    "取下げ": DraftState.WITHDRAWN,
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
