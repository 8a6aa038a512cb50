"""How much the words of a match say. Words that ordinary posts never hold say more than those of every day.

A rule of two or three everyday words (電話, 窓口, 止める) is met by chance in any post about a town hall. What a draft
holds of a topic is a warning only if its distinct words, over all rules of the topic, say more than chance does.
The figures were chosen on the eight labelled files that were tuned on least; each gains by what the others choose
(``docs/judgement.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, pairwise
from math import inf, log2
from typing import Final

from rules.draft import Span

ENOUGH: Final = 16.0
"""Bits from which on a topic is a warning: what two words say, each anywhere, that no ordinary post holds."""

CHANCE: Final = 8.0
"""Bits that each further term of a match has to say first, since it may stand anywhere in its window: a sentence or
three hold many words, and one of a class is soon among them."""

COMMON: Final = 4.0
"""Bits of a word in another match of the topic that do not count: one post in sixteen holds such a word."""

SINGLE: Final = 20.0
"""Bits of a match of one word: it was listed because it is bad in most mouths, and has nothing to be weighed with."""

LONG: Final = 5
"""Code points from which on a single word is a phrase that has one meaning, and needs no weighing."""

MORE_FOR_A_SIGN: Final = 10.0
"""Bits that a draft has to say more for each kind of sign but the first that it explains: almost a rare word.

One kind tells nothing (of what one rule finds there alone, two in three are right, as elsewhere), two kinds do (one
in eight is right)."""

MORE_BESIDE_ANOTHER: Final = 6.0
"""Bits that a topic has to say more if another is much clearer: it is likely about the same thing seen wrongly."""

CLEARER: Final = 12.0
"""Bits from which on a topic is much clearer than another: a whole rare word."""

BEYOND_DOUBT: Final = ENOUGH + MORE_BESIDE_ANOTHER + CLEARER
"""Bits after which nothing more need be counted."""

EXPLAINING_CLASSES: Final = (
    "scope.warning",
    "scope.counsel",
    "scope.condemning",
    "scope.forbidding",
    "scope.refusing",
    "scope.denial",
    "scope.denied_reason",
    "scope.reporting",
    "scope.naming",
    "scope.case",
    "scope.consequence",
    "scope.checking",
)
"""Word classes by which a draft works against something or tells of it. They set scopes where grammar binds them to a
finding (``rules.scope``); elsewhere in the draft they are signs that it explains."""

_EXPLAINING: Final = (
    re.compile("[「『]"),  # it quotes or names
    re.compile("ません|ない。"),  # it denies
    re.compile("問い?合わ?せ|電話|窓口|相談|☎|📞"),  # it says where to turn
    re.compile("やめ|控え|ダメ|だめ"),  # it asks to stop
    re.compile("条例|法律|違反|罪|罰"),  # it names the law
    re.compile("わび|詫び|申し訳"),  # it apologises
    re.compile("展|上映|講座|教室|研修|訓練"),  # it tells what is shown or taught
)
"""More signs that a draft explains, each of its own kind. Dates, places, registration and calls (「〜ください」,
「〜ましょう」) are none: violations come with them as often."""

GRAVE: Final = ("contempt.abuse", "contempt.stupid", "contempt.fool", "contempt.vanish", "group.slur")
"""Word classes whose words are abuse wherever they are meant for somebody. Harmless posts hold them only as titles,
idioms and examples, which scopes and ``unless`` know; so they are not weighed."""

_USUAL_DISTANCE: Final = 40
"""Code points within which words that have nothing to do with each other meet."""

Terms = Iterable[Sequence[Sequence[Span]]]
"""The words of a match: for each of its terms the places where it stands, and for each place its words."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a match says beyond chance, in bits, and what each of its words does."""

    bits: float
    words: Mapping[str, float] = field(default_factory=dict)

    def among(self, signs: int) -> Evidence:
        """Give what it says in a draft with so many kinds of signs that it explains."""
        return replace(self, bits=self.bits - MORE_FOR_A_SIGN * max(0, signs - 1))


PLAIN: Final = Evidence(inf)
"""What needs no weighing: found by a detector, in plain abuse, or by a rule that stands alone."""


class OrdinaryPosts:
    """Posts that are as they should be, by which words are weighed; ``grave`` words are not."""

    def __init__(self, posts: Iterable[str], grave: Iterable[str] = ()) -> None:
        self._posts = tuple(dict.fromkeys(posts))
        self._grave = frozenset(grave)
        self._bits = lru_cache(maxsize=10_000)(self._count_bits)

    def weigh(self, text: str, terms: Terms) -> Evidence:
        """Weigh the words of a match in a text; of the places of a term the heaviest counts."""
        there = [spelled for places in terms if (spelled := [place for place in places if place])]
        if any(text[start:end] in self._grave for places in there for place in places for start, end in place):
            return PLAIN
        heaviest = [max(places, key=lambda place: self._bits_of_place(text, place)) for places in there]
        words = {text[start:end]: self._bits(text[start:end]) for place in heaviest for start, end in place}
        if sum(map(len, heaviest)) < 2:
            return PLAIN if len("".join(words)) >= LONG else Evidence(SINGLE, words)
        bits = sum(self._bits_of_place(text, place) for place in heaviest)
        return Evidence(bits - CHANCE * (len(heaviest) - 1), words)

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


def signs(text: str) -> int:
    """Count the kinds of signs by which a text itself shows that it explains; those of word classes come to them."""
    return sum(kind.search(text) is not None for kind in _EXPLAINING)


def together(matches: Iterable[Evidence]) -> float:
    """Give the bits of all matches of a topic: of the plainest, and of what the others say in other words.

    Two rules on the same words are one piece of evidence. ``matches`` has at least one.
    """
    plainest, *others = sorted(matches, key=lambda match: match.bits, reverse=True)
    total = plainest.bits
    counted = set(plainest.words)
    for word, bits in chain.from_iterable(other.words.items() for other in others):
        if total >= BEYOND_DOUBT:
            break
        if not any(word in other or other in word for other in counted):
            total += max(0.0, bits - COMMON)
        counted.add(word)
    return total


def standing(topics: Mapping[str, float]) -> frozenset[str]:
    """Tell which topics, of all in a draft with their bits, are a warning; the others are advice."""
    clearest = max(topics.values(), default=0.0)
    return frozenset(topic for topic, bits in topics.items() if bits >= _needed(bits, clearest))


def _needed(bits: float, clearest: float) -> float:
    return ENOUGH + (MORE_BESIDE_ANOTHER if clearest >= bits + CLEARER else 0.0)
