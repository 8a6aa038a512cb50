"""Which words made the classifier think of a topic, so that a finding can name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rules.classifier import Classifier, Passage
from rules.draft import Span
from rules.lexicon import Reading
from rules.model import Topic
from rules.tokens import Token

WORDS: Final = 3
"""Words that are named at most."""

_KINDS: Final = frozenset(("名詞", "代名詞", "動詞", "形容詞", "形状詞", "副詞", "連体詞", "感動詞"))
_DEPENDENT: Final = frozenset(("非自立可能", "数詞", "助数詞可能"))


def telling(classifier: Classifier, reading: Reading, passage: Passage, topic: Topic) -> Sequence[Span]:
    """Give the words of the sentence that speaks most for a topic, the most telling first; at least one span."""
    heats = {at: classifier.heat(reading, at, topic) for at in range(passage.first, passage.last)}
    sentence = max(heats, key=lambda at: sum(heats[at]))
    begin, end = reading.draft.sentences[sentence]
    words = [token for token in reading.draft.sentence_tokens(sentence) if _is_content(token)]
    words.sort(key=lambda token: sum(heats[sentence][token.start - begin : token.end - begin]), reverse=True)
    return [(word.start, reading.draft.inflected_end(word.end)) for word in words[:WORDS]] or [(begin, end)]


def _is_content(token: Token) -> bool:
    """Tell whether a word says something by itself."""
    return token.kind in _KINDS and not _DEPENDENT.intersection(token.pos)
