"""Which clauses are embedded (埋め込み節): told as a case, a condition or a matter, not said as one's own.

「酒を飲んで運転した疑い」, 「断った場合は」, 「捨てていないか」: the clause stands before what takes it up.
Functions over tokens; nothing here knows a draft or a word class.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.tokens import Token

_ADNOMINAL = ("連体形", "終止形")
_LINKS = (
    ("と", "いう"),
    ("と", "言う"),
    ("と", "いっ", "た"),
    ("と", "する"),
    ("と", "し", "た"),
    ("など", "の"),
    ("よう", "な"),
    ("との",),
    ("と", "の"),
)
"""What may stand between a clause and the noun that takes it up: 「〜という疑い」「〜などの被害」."""
_NO_DEED = frozenset(("だ", "です"))
"""Auxiliaries of nouns and adjectives: 「無能な市長」 says what somebody is, and tells no case."""
_CONDITIONAL = "仮定形"
_CASES = frozenset(("場合", "時", "とき", "際", "為", "ため"))


def takes_up(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the noun at ``at`` is described by a clause directly before it."""
    end = _before_link(tokens, at)
    if end == 0:
        return False
    last = tokens[end - 1]
    if tokens[end].kind not in ("名詞", "接頭辞"):  # 「〜だという疑い」: any predicate, since it is a whole sentence
        return last.kind in ("動詞", "助動詞", "形容詞", "形状詞", "助詞") or last.surface == "」"
    return last.kind in ("動詞", "助動詞") and last.lemma not in _NO_DEED and last.form.startswith(_ADNOMINAL)


def _before_link(tokens: Sequence[Token], at: int) -> int:
    if at and tokens[at - 1].kind == "接頭辞":  # 「〜というご心配」
        at -= 1
    for link in _LINKS:
        begin = at - len(link)
        if begin >= 0 and tuple(token.surface for token in tokens[begin:at]) == link:
            return begin
    return at


def ends_condition(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a condition or a reason ends at ``at``: 「〜たら」「〜すると」「〜した場合」「〜したため」."""
    token = tokens[at]
    if token.form.startswith(_CONDITIONAL):
        return True
    if at == 0:
        return False
    before = tokens[at - 1]
    if token.surface == "と" and token.kind == "助詞":
        return before.kind in ("動詞", "助動詞") and before.form.startswith("終止形") and before.lemma not in _NO_DEED
    return token.norm in _CASES and takes_up(tokens, at)


def ends_question(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a question that is part of the sentence ends at ``at``: 「〜していないか、」「〜かどうかを」."""
    if tokens[at].surface not in ("か", "かどうか") or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].surface in ("、", "を", "も", "どう", "に", "が")
