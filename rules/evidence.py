"""How much the words of a match say. Words that ordinary posts never hold say more than those of every day.

A rule of two or three everyday words (電話, 窓口, 止める) is met by chance in any post about a town hall. What it finds
is a warning only if its words are rare enough together, or if another rule of the topic speaks up as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf, log2
from typing import Final

from rules.draft import Span

ENOUGH: Final = 23.0
"""Bits from which on a match can stand alone: what two words say that stand in one of three thousand posts."""

ENOUGH_IN_COUNSEL: Final = 35.0
"""The same in a draft that also advises, denies or reports somebody's case: what three such words say.

Measured on 1,200 drafts that nobody had read (``docs/judgement.md``): of what one rule alone finds there with less,
two in five are right; in other drafts three in four.
"""

COUNSEL: Final = (
    "scope.warning",
    "scope.counsel",
    "scope.condemning",
    "scope.refusing",
    "scope.denial",
    "scope.reporting",
    "scope.naming",
    "scope.case",
    "scope.checking",
)
"""Word classes by which a draft works against something or tells of it. They set scopes where grammar binds them to a
finding (``rules.scope``); elsewhere in the draft they still make it likelier that a find is a harmless one."""

GRAVE: Final = ("contempt.abuse", "contempt.stupid", "contempt.fool", "contempt.vanish", "group.slur")
"""Word classes whose words are abuse wherever they are meant for somebody. Harmless posts hold them only as titles,
idioms and examples, which scopes and ``unless`` know; so they are not weighed."""


_USUAL_DISTANCE: Final = 40
"""Code points within which words that have nothing to do with each other meet."""

Terms = Iterable[Sequence[Sequence[Span]]]
"""The words of a match: for each of its terms the places where it stands, and for each place its words."""


class OrdinaryPosts:
    """Posts that are as they should be, by which words are weighed; ``grave`` words are not."""

    def __init__(self, posts: Iterable[str], grave: Iterable[str] = ()) -> None:
        self._posts = tuple(dict.fromkeys(posts))
        self._grave = frozenset(grave)
        self._bits = lru_cache(maxsize=10_000)(self._count_bits)

    def bits(self, text: str, terms: Terms) -> float:
        """Weigh the words of a match in a text; of the places of a term the heaviest counts.

        A single word or a grave one is bad in any mouth: there is nothing to weigh.
        """
        there = [places for places in terms if places]
        spans = [span for places in there for place in places for span in place]
        if sum(max(map(len, places)) for places in there) < 2 or any(text[a:b] in self._grave for a, b in spans):
            return inf
        return sum(max(self._bits_of_place(text, place) for place in places) for places in there)

    def _bits_of_place(self, text: str, place: Sequence[Span]) -> float:
        """Add up words that follow each other, and how near they are: chance would put them anywhere."""
        rarity = sum(self._bits(text[start:end]) for start, end in place)
        return rarity + sum(_nearness(after[0] - before[1]) for before, after in pairwise(place))

    def _count_bits(self, word: str) -> float:
        holding = sum(word in post for post in self._posts)
        return -log2((holding + 0.5) / (len(self._posts) + 1))


def _nearness(distance: int) -> float:
    """Bits that two words say by standing so many code points apart."""
    return max(0.0, log2(_USUAL_DISTANCE / (1 + max(0, distance))))
