"""How much the words of a match say. Words that ordinary posts never hold say more than those of every day.

A rule of two or three everyday words (電話, 窓口, 止める) is met by chance in any post about a town hall. What a draft
holds of a topic is a warning only if its distinct words, over all rules of the topic, say more than chance does.
The figures were chosen on the eight labelled files that were tuned on least; each gains by what the others choose
(``docs/judgement.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from math import inf, log2
from typing import Final

from rules.classifier import Opinion, Weighing
from rules.draft import Span
from rules.model import Topic

ENOUGH: Final = 16.0
"""Bits from which on the words of a topic say enough by themselves: what two words say, each anywhere, that no ordinary
post holds."""

CHANCE: Final = 8.0
"""Bits that each further term of a match has to say first, since it may stand anywhere in its window: a sentence or
three hold many words, and one of a class is soon among them."""

COMMON: Final = 4.0
"""Bits of a word in another match of the topic that do not count: one post in sixteen holds such a word."""

SINGLE: Final = 20.0
"""Bits of a match of one word: it was listed because it is bad in most mouths, and has nothing to be weighed with."""

LONG: Final = 5
"""Code points from which on a single word is a phrase that has one meaning, and needs no weighing."""

BACKED: Final = 0.0
"""Log odds (natural) from which on a topic is a warning of which a rule found something: more likely than not."""

UNBACKED: Final = 0.85
"""Log odds from which on a topic is a warning of which no rule found anything: seven in ten. A rule shows its words;
the classifier alone has to be surer."""

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
    is_sure: bool = False
    """Found by a detector, or plain abuse: nothing in the draft around it makes it better."""


SURE: Final = Evidence(inf, is_sure=True)
"""What needs no weighing, and is not overruled."""

PLAIN: Final = Evidence(inf)
"""What needs no weighing: a phrase that has one meaning, or found by a rule that stands alone."""


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
            return SURE
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


def together(matches: Iterable[Evidence]) -> float:
    """Give the bits of all matches of a topic: of the plainest, and of what the others say in other words.

    Two rules on the same words are one piece of evidence. ``matches`` has at least one.
    """
    plainest, *others = sorted(matches, key=lambda match: match.bits, reverse=True)
    total = plainest.bits
    counted = set(plainest.words)
    for word, bits in chain.from_iterable(other.words.items() for other in others):
        if total >= ENOUGH:
            break
        if not any(word in other or other in word for other in counted):
            total += max(0.0, bits - COMMON)
        counted.add(word)
    return total


def standing(
    found: Mapping[Topic, Sequence[Evidence]],
    opinion: Opinion | None = None,
    by: Weighing | None = None,
) -> frozenset[Topic]:
    """Tell which topics of a passage are a warning.

    ``found`` is what rules found of each, without those that only advise. Without an opinion their words decide.
    """
    enough = {topic for topic, matches in found.items() if together(matches) >= ENOUGH}
    if opinion is None or by is None:
        return frozenset(enough)
    sure = {topic for topic, matches in found.items() if any(match.is_sure for match in matches)}
    clearest = max(opinion.topics.values())
    likely = set()
    for topic, odds in opinion.topics.items():
        total = (
            by.bias
            + by.topic * odds
            + by.anything * opinion.anything
            + by.behind * (clearest - odds)
            + by.found * (topic in found)
            + by.enough * (topic in enough)
            + by.other * bool(enough - {topic})
        )
        if total > (BACKED if topic in found else UNBACKED):
            likely.add(topic)
    return frozenset(likely | sure | (enough - opinion.topics.keys()))
