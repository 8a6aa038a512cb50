"""Names of persons: where one begins that ends in a title, by the dictionary's surnames (姓) and given names (名)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.draft import Draft, Span
from rules.tokens import Token

TITLED = re.compile(r"さん|くん|ちゃん|君")
"""Titles (敬称) of private persons."""
_KANA_NAME_TITLES = ("くん", "ちゃん", "君")
_NO_FAMILY = (
    r"(?<![皆客民者方屋店院館社会所局校園員母父兄姉弟妹奥孫娘嬢任長師医工手])"
    r"(?<!みな)(?<!お子)(?<!息子)(?<!赤)(?<!双子)"
)
NAME = (
    r"(?P<name>[一-龥々ヶ]{1,5}[ぁ-ゖァ-ヴー]{0,6}|[ァ-ヴー]{2,9}|[ぁ-ゖ]{2,8}"
    r"|[一-龥々]{1,3} [一-龥々ぁ-ゖ]{1,5}|[ァ-ヴー]{2,6} [ァ-ヴー]{2,6})" + _NO_FAMILY
)
"""What can be a name; ``is_name`` asks the dictionary."""
_KANA_NAME = re.compile(r"(?<![ぁ-ゖ])の?(?P<name>[ぁ-ゖ]{2,6})$")
"""ゆうとくん, which the dictionary takes to pieces."""
_LONGEST_NAME = 14
_JOINS = frozenset(" ・")
"""What may stand between surname and given name: 佐藤 一郎, ジョン・スミス."""


def is_name(draft: Draft, span: Span, title: str) -> bool:
    """Confirm by the dictionary, which takes many surnames for places; after くん and ちゃん anything is a name."""
    if title in _KANA_NAME_TITLES:
        return True
    return any(token.pos[1] == "固有名詞" and token.pos[2] in ("人名", "地名") for token in draft.tokens(*span))


def name_before(draft: Draft, title: re.Match[str]) -> int | None:
    """Where the whole name in front of a title begins, surname and given name; None if no name stands there."""
    begin = max(draft.sentence(title.start())[0], title.start() - _LONGEST_NAME)
    words = [word for word in draft.tokens(begin, title.start()) if word.end <= title.start()]
    start = _start_of_proper_name(words, title.start())
    if start is not None or title[0] not in _KANA_NAME_TITLES:
        return start
    if words and words[-1].end == title.start() and words[-1].kind == "名詞":
        return words[-1].start
    written = _KANA_NAME.search(draft.text, begin, title.start())
    return written.start("name") if written is not None else None


def _start_of_proper_name(words: Sequence[Token], end: int) -> int | None:
    """Walk back over 山田|太郎, 佐藤| |一郎, and 大河内|つばさ, whose given name is an everyday word."""
    start: int | None = None
    is_last = True
    for word in reversed(words):
        if word.end != end:
            break
        if word.pos[2] == "人名":
            start = word.start
        elif not ((is_last and word.kind == "名詞") or (start is not None and word.surface in _JOINS)):
            break
        end, is_last = word.start, False
    return start
