"""Which words made the classifier think of a topic, so that a finding can name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rules.classifier import Classifier, Passage
from rules.draft import Span
from rules.lexicon import Reading
from rules.model import Topic
from rules.tokens import Token

WORDS: Final = 3
"""Words that are named at most."""

_KINDS: Final = frozenset(("代名詞", "動詞", "形容詞", "形状詞", "副詞", "感動詞"))
_JOINED: Final = frozenset(("名詞", "接頭辞", "接尾辞"))
"""Kinds of short units that make one word together: 外国|籍, 正|職員."""
_LIGHT: Final = re.compile(
    "こと|事|もの|物|よう|様|そう|ため|為|為る|する|言う|いう|有る|ある|居る|いる|成る|なる|出来る|できる|時|とき|所|ところ|方|ほう|"
    "此方|こちら|其方|そちら|これ|此れ|それ|其れ|あれ|彼れ|ここ|此処|そこ|其処|何処|どこ|私|人|今日|明日|昨日"
)
"""Words, in their normalised form, that tell nobody anything by themselves."""
_SHORT: Final = re.compile("[ぁ-ゖァ-ヺーa-zA-Z0-9]?|[a-zA-Z0-9]+")
"""What is no word to name: one kana, letters and figures."""


def telling(classifier: Classifier, reading: Reading, passage: Passage, topic: Topic) -> Sequence[Span]:
    """Give the words of the sentence that speaks most for a topic, the most telling first; at least one span."""
    heats = {at: classifier.heat(reading, at, topic) for at in range(passage.first, passage.last)}
    sentence = max(heats, key=lambda at: sum(heats[at]))
    begin, end = reading.draft.sentences[sentence]
    words = list(_words(reading.draft.sentence_tokens(sentence)))
    words.sort(key=lambda word: sum(heats[sentence][word[0] - begin : word[1] - begin]), reverse=True)
    return [(start, reading.draft.inflected_end(finish)) for start, finish in words[:WORDS]] or [(begin, end)]


def _words(tokens: Iterable[Token]) -> Iterator[Span]:
    """Give the words that say something by themselves; nouns in a row are one."""
    for is_joined, run in groupby(tokens, lambda token: token.kind in _JOINED):
        parts = list(run)
        if is_joined:
            if not all(_LIGHT.fullmatch(part.norm) for part in parts) and _is_word(
                "".join(part.surface for part in parts)
            ):
                yield parts[0].start, parts[-1].end
        else:
            yield from ((each.start, each.end) for each in parts if _says_something(each))


def _says_something(token: Token) -> bool:
    return token.kind in _KINDS and not _LIGHT.fullmatch(token.norm) and _is_word(token.surface)


def _is_word(written: str) -> bool:
    return _SHORT.fullmatch(written) is None
