"""A draft while it is being read: sentences at once, tokens when first asked for.

All positions in here are code points of ``Draft.text`` (the reader's view), not of the author's text;
the reviewer maps what is found back to the original.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from rules.tokens import Token, tokenize

Span = tuple[int, int]

MAX_SENTENCE = 1_000
"""Longest sentence in code points; a text without any full stop is cut there, which bounds the work for any input."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What a detector found: which check, where, and the facts that fill the rule's message and suggestion.

    A rule file binds a rule to a check with ``detector: dates.weekday``; ``facts`` are the values for the
    placeholders in its message and suggestion, e.g. ``{actual}``. All facts are text in Japanese as a reader would
    write it.
    """

    check: str
    start: int
    end: int
    facts: Mapping[str, str] = field(default_factory=dict)


class Draft:
    """The reader's view of one text, on one day.

    ``sentences`` are spans that cover the whole text in order. A sentence ends at 。！？ or a line break, but not
    inside
    「…」. ``own_hosts`` are the municipality's own web hosts besides those under lg.jp, in lower case.
    """

    def __init__(self, text: str, today: date, own_hosts: Collection[str] = ()) -> None:
        self.text = text
        self.today = today
        self.own_hosts = own_hosts
        self.sentences: tuple[Span, ...] = tuple(_sentences(text))
        self._starts = [start for start, _ in self.sentences]
        self._tokens: dict[int, tuple[Token, ...]] = {}

    def sentence_index(self, position: int) -> int:
        """Index in ``sentences`` of the one that contains ``position``."""
        return max(0, bisect_right(self._starts, position) - 1)

    def sentence(self, position: int) -> Span:
        """Give the span of the sentence that contains ``position``."""
        return self.sentences[self.sentence_index(position)]

    def sentence_tokens(self, index: int) -> tuple[Token, ...]:
        """Words of one sentence, in short units."""
        tokens = self._tokens.get(index)
        if tokens is None:
            start, end = self.sentences[index]
            tokens = self._tokens[index] = tokenize(self.text[start:end], start)
        return tokens

    def tokens(self, start: int, end: int) -> Sequence[Token]:
        """Words that overlap ``start:end``, across sentences if need be."""
        if end <= start:
            return ()
        first, last = self.sentence_index(start), self.sentence_index(end - 1)
        if first == last:
            words = self.sentence_tokens(first)
            begin = bisect_right(words, start, key=lambda token: token.end)
            return words[begin : bisect_left(words, end, key=lambda token: token.start)]
        return [
            token
            for index in range(first, last + 1)
            for token in self.sentence_tokens(index)
            if token.end > start and token.start < end
        ]

    def inflected_end(self, end: int) -> int:
        """Where the inflected word ends whose stem ends at ``end``: 撮っ|ている, 取り戻さ|ねば. Else ``end`` itself."""
        words = self.sentence_tokens(self.sentence_index(end - 1))
        at = bisect_left(words, end, key=lambda token: token.end)
        if at == len(words) or words[at].end != end or words[at].form == "*":
            return end
        for before, token in pairwise(words[at:]):
            if not _continues(before, token):
                return before.end
        return words[-1].end

    def with_whole_names(self, start: int, end: int) -> Span:
        """Widen ``start:end`` where it cuts a person's name in two: 高橋|健太さんは離婚, 高橋|健太さん."""
        words = self.sentence_tokens(self.sentence_index(start))
        first = bisect_left(words, start, key=lambda token: token.start)
        while 0 < first < len(words) and _is_name(words[first]) and _is_name(words[first - 1]):
            first -= 1
        last = bisect_left(words, end, key=lambda token: token.end)
        while last < len(words) - 1 and _is_name(words[last]) and _belongs_to_a_name(words[last + 1]):
            last += 1
        begin = words[first].start if first < len(words) else start
        finish = words[last].end if last < len(words) else end
        return min(start, begin), max(end, finish)


def _is_name(token: Token) -> bool:
    return token.pos[2] == "人名"


def _belongs_to_a_name(token: Token) -> bool:
    return _is_name(token) or token.surface in _TITLES


_TITLES = frozenset(("さん", "様", "氏", "くん", "君", "ちゃん"))
"""敬称 that a mark takes in together with the name."""


def _continues(before: Token, token: Token) -> bool:
    """Tell whether a token belongs to the inflection of the one before it."""
    if token.kind == "助動詞" or (token.pos[1] == "接続助詞" and token.surface in _JOINING):
        return True
    return before.surface in _JOINING and token.pos[1] == "非自立可能" and token.kind in {"動詞", "形容詞"}


_JOINING = frozenset({"て", "で", "ちゃ", "じゃ", "ば"})
"""Particles that end an inflected form."""

_BOUNDARY = re.compile(r"[「『」』。！!？?\n](?:(?<=\n)(\s*)|(?<=[。！!？?])([。！!？?]*(?:\n\s*|[ ]*)))?")
"""A quotation mark, or the end of a sentence, which has a group. One class begins it, because the engine skips fast to
its characters."""
_QUOTE_OPEN = frozenset("「『")


def _sentences(text: str) -> Iterator[Span]:
    start = depth = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.lastindex is None:
            depth = depth + 1 if boundary[0] in _QUOTE_OPEN else max(0, depth - 1)
        elif depth == 0 or "\n\n" in boundary[0]:
            depth = 0
            end = boundary.end()
            if end - start > MAX_SENTENCE:
                yield from _bounded(start, end)
            else:
                yield start, end
            start = end
    if start < len(text) or not text:
        yield from _bounded(start, len(text))


def _bounded(start: int, end: int) -> Sequence[Span]:
    """Cut a sentence that is too long; there is hardly ever one."""
    if end - start <= MAX_SENTENCE:
        return ((start, end),)
    return [(begin, min(begin + MAX_SENTENCE, end)) for begin in range(start, end, MAX_SENTENCE)]
