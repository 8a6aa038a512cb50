"""How much the words of a match say. Words that ordinary posts never hold say more than those of every day.

A rule of two or three everyday words (電話, 窓口, 止める) is met by chance in any post about a town hall. What it finds
is a warning only if its words are rare enough together, or if another rule of the topic speaks up as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import inf, log2
from typing import Final

from rules.draft import Span

ENOUGH: Final = 23.0
"""Bits from which on a match can stand alone: about what two words say that stand in one of two thousand posts.

Measured on 965 drafts that nobody had read (``docs/judgement.md``): of what one rule alone found with less, half was
wrong; of the rest, one in seven.
"""


GRAVE: Final = ("contempt.abuse", "contempt.stupid", "contempt.fool", "contempt.vanish", "group.slur")
"""Word classes whose words are abuse wherever they are meant for somebody. Harmless posts hold them only as titles,
idioms and examples, which scopes and ``unless`` know; so they are not weighed."""


class OrdinaryPosts:
    """Posts that are as they should be, by which words are weighed; ``grave`` words are not."""

    def __init__(self, posts: Iterable[str], grave: Iterable[str] = ()) -> None:
        self._posts = tuple(dict.fromkeys(posts))
        self._grave = frozenset(grave)
        self._bits = lru_cache(maxsize=10_000)(self._count_bits)

    def bits(self, text: str, terms: Sequence[Sequence[Span]]) -> float:
        """Weigh the words of a match in a text: for each term where it stands; the rarest of its places counts.

        A single term or a grave word is bad in any mouth: there is nothing to weigh.
        """
        if len(terms) < 2 or any(text[start:end] in self._grave for places in terms for start, end in places):
            return inf
        return sum(max((self._bits(text[start:end]) for start, end in places), default=0.0) for places in terms)

    def _count_bits(self, word: str) -> float:
        holding = sum(word in post for post in self._posts)
        return -log2((holding + 0.5) / (len(self._posts) + 1))
