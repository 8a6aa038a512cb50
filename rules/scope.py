"""How a thing is said (スコープ): denied, forbidden, warned of, quoted, asked, hearsay, urged, supposed.

This is what tells 「差別をなくそう」 from incitement. Japanese puts the word that decides behind what it decides
about, so a
cue covers
what stands before it in its clause (節); a negation covers only the predicate that it belongs to. A scope covers the
words in its reach and
nothing else of the draft. The cue words are data: classes ``scope.*`` in ``data/words/scope.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.draft import Draft, Span
from rules.lexicon import Lexicon, Reading
from rules.model import Scope
from rules.tokens import Token

CUE_CLASSES = {
    Scope.WARNED: "scope.warning",
    Scope.FORBIDDEN: "scope.forbidding",
    Scope.DENIED: "scope.denial",
    Scope.HEARSAY: "scope.hearsay",
    Scope.SUPPOSED: "scope.supposing",
    Scope.URGED: "scope.urging",
}
"""Scopes whose cues are words, and the class that holds them."""
_QUOTING = "scope.quoting"
_CLAUSE_ENDS = frozenset(("が", "けれど", "けれども", "けど", "けども", "し", "から", "ので", "のに"))
"""Conjunctive particles (接続助詞) after which something else is said."""
_PAIRS = {"「": "」", "『": "』", "“": "”", "《": "》", "〈": "〉"}
_NEXT_QUOTE = re.compile("[、,やと・/ ]{0,2}「")
_QUOTE_BEFORE = re.compile("」[、,やと・/ ]{0,2}$")
_STOP_OR_DASH = re.compile("[。!?\n]|[―—─-]{2}|…")
_LIGHT_VERBS = frozenset(("為る", "有る", "居る", "成る", "出来る", "行う", "言う", "いう", "御座る"))
_LIGHT_NOUNS = frozenset(
    ("事", "こと", "訳", "わけ", "物", "もの", "筈", "はず", "積もり", "つもり", "為", "よう", "様", "的")
)
_LIGHT_MATTERS = frozenset(
    ("事実", "意図", "趣旨", "意味", "考え", "気", "理由", "根拠", "予定", "必要", "目的", "側面")
)
_LIGHT_DEEDS = frozenset(("扱い", "行為", "発言", "対応", "態度", "制度", "人", "方", "決して"))
_LIGHT_WORDS = _LIGHT_VERBS | _LIGHT_NOUNS | _LIGHT_MATTERS | _LIGHT_DEEDS
"""Normalised forms that may stand between a predicate and its negation: 「〜するつもりはありません」."""
_PLAIN_STATEMENTS = frozenset(("だ", "です", "た", "ない", "ねえ", "ぬ"))
"""Auxiliaries before which the final な exclaims and does not forbid: 「ひどいものだな」."""
_MAX_WALK = 14
"""Tokens looked at behind a word for its negation."""
_STRONG_QUOTE = 8
"""Code points from which words in 「」 are a sentence of somebody and no scare quote."""


@dataclass(frozen=True, slots=True)
class _Covered:
    scope: Scope
    start: int
    end: int


class Scopes:
    """Scopes of one draft, worked out sentence by sentence when asked for."""

    def __init__(self, lexicon: Lexicon, reading: Reading) -> None:
        self._draft: Draft = reading.draft
        self._reading = reading
        self._cues = {scope: lexicon.number(name) for scope, name in CUE_CLASSES.items()}
        self._quoting = lexicon.number(_QUOTING)
        self._covered: dict[int, tuple[_Covered, ...]] = {}
        self._clauses: dict[int, tuple[Span, ...]] = {}

    def at(self, start: int, end: int) -> frozenset[Scope]:
        """Scopes that cover ``start:end`` of the view; empty: plainly asserted."""
        index = self._draft.sentence_index(start)
        covered = self._covered.get(index)
        if covered is None:
            covered = self._covered[index] = tuple(self._cover(index))
        scopes = {span.scope for span in covered if span.start <= start and end <= span.end}
        if self._is_negated(index, end):
            scopes.add(Scope.DENIED)
        return frozenset(scopes)

    def clause(self, position: int) -> Span:
        """Give the span of the clause that contains ``position``."""
        index = self._draft.sentence_index(position)
        for start, end in self._clauses_of(index):
            if position < end:
                return start, end
        return self._draft.sentences[index]

    def _cover(self, index: int) -> Iterator[_Covered]:
        yield from self._quotations(index)
        for scope, number in self._cues.items():
            for cue in self._reading.occurrences(index, number):
                yield _Covered(scope, self.clause(cue.start)[0], cue.end)
        yield from self._warnings_of_the_next(index)
        for start, end in self._clauses_of(index):
            yield from self._mood(index, start, end)

    def _warnings_of_the_next(self, index: int) -> Iterator[_Covered]:
        """「〜が増えています。ご注意ください。」: a sentence that begins with its warning speaks of the one before."""
        if index + 1 < len(self._draft.sentences):
            start = self._draft.sentences[index + 1][0]
            for cue in self._reading.occurrences(index + 1, self._cues[Scope.WARNED])[:1]:
                if cue.start - start <= 6:
                    yield _Covered(Scope.WARNED, *self._draft.sentences[index])

    def _mood(self, index: int, start: int, end: int) -> Iterator[_Covered]:
        """Imperative, volitional and prohibition by inflection; a question by its end."""
        tokens = [token for token in self._draft.sentence_tokens(index) if start <= token.start < end]
        while tokens and tokens[-1].pos[0] in ("補助記号", "空白") and tokens[-1].surface not in ("?", "?"):
            tokens.pop()
        if not tokens:
            return
        last = tokens[-1]
        if last.surface == "?" or (last.surface == "か" and last.pos[1] == "終助詞"):
            yield _Covered(Scope.ASKED, start, end)
        if _prohibits(tokens):
            yield _Covered(Scope.FORBIDDEN, start, end)
        elif any(token.form.startswith(("命令形", "意志推量形")) for token in tokens[-3:]):
            yield _Covered(Scope.URGED, start, end)

    def _quotations(self, index: int) -> Iterator[_Covered]:
        start, end = self._draft.sentences[index]
        text = self._draft.text
        opened: list[tuple[str, int]] = []
        for at in range(start, end):
            if text[at] in _PAIRS:
                opened.append((_PAIRS[text[at]], at))
            elif opened and text[at] == opened[-1][0]:
                _, begin = opened.pop()
                if self._is_quotation(index, begin, at):
                    yield _Covered(Scope.QUOTED, begin + 1, at)
        yield from self._quotations_without_marks(index)

    def _is_quotation(self, index: int, begin: int, close: int) -> bool:
        """Words of others, or a title, and not just words that the author puts a distance to."""
        if self._draft.text[begin] in "『《〈":
            return True
        following = self._draft.tokens(close + 1, self._draft.sentences[index][1])[:3]
        quoting = {occurrence.start for occurrence in self._reading.occurrences(index, self._quoting)}
        if following and following[0].start in quoting:
            return True
        return close - begin > _STRONG_QUOTE or self._is_listed(index, begin, close)

    def _is_listed(self, index: int, begin: int, close: int) -> bool:
        """Tell whether 「A」「B」 or a sentence of a quotation alone shows words instead of using them."""
        text = self._draft.text
        start = self._draft.sentences[index][0]
        if _NEXT_QUOTE.match(text, close + 1) or _QUOTE_BEFORE.search(text, max(start, begin - 4), begin):
            return True
        return not text[start:begin].strip() and _STOP_OR_DASH.match(text, close + 1) is not None

    def _quotations_without_marks(self, index: int) -> Iterator[_Covered]:
        for cue in self._reading.occurrences(index, self._quoting):
            if cue.end - cue.start > 2:  # と言われ, と書き込まれ: a particle alone does not quote what has no marks
                yield _Covered(Scope.QUOTED, self.clause(cue.start)[0], cue.start)

    def _clauses_of(self, index: int) -> tuple[Span, ...]:
        clauses = self._clauses.get(index)
        if clauses is None:
            clauses = self._clauses[index] = tuple(self._split(index))
        return clauses

    def _split(self, index: int) -> Iterator[Span]:
        start, end = self._draft.sentences[index]
        depth = 0
        before: Token | None = None
        for token in self._draft.sentence_tokens(index):
            depth += (token.surface in _PAIRS) - (token.surface in _PAIRS.values())
            if depth <= 0 and _ends_clause(token, before):
                yield start, token.end
                start = token.end
            before = token
        if start < end:
            yield start, end

    def _is_negated(self, index: int, end: int) -> bool:
        """Follow the predicate chain behind a word until its negation, or until something else begins."""
        tokens = self._draft.sentence_tokens(index)
        first = bisect_left(tokens, end, key=lambda token: token.start)
        behind = tokens[first : first + _MAX_WALK]
        for at, token in enumerate(behind):
            if _is_negation(token):
                return not _is_rhetorical(behind[at + 1 :]) and not token.form.startswith("仮定形")
            if not _continues_predicate(token) and not _is_predicate_noun(behind, at):
                return False
        return False


def _ends_clause(token: Token, before: Token | None) -> bool:
    """Sudachi reads ので as the nominaliser の with で."""
    if token.pos[1] == "接続助詞":
        return token.surface in _CLAUSE_ENDS
    return token.surface in ("で", "に") and before is not None and before.pos[1] == "準体助詞"


def _is_negation(token: Token) -> bool:
    return token.kind in ("助動詞", "形容詞") and token.norm in ("無い", "ない", "ず", "ぬ", "まい")


def _is_rhetorical(behind: Sequence[Token]) -> bool:
    """「〜ではないか」「〜じゃないでしょうか」 assert what they seem to deny."""
    rest = "".join(token.surface for token in behind[:4])
    return rest.startswith(("か", "の?", "でしょう", "だろう", "ですか", "んじゃ", "?"))


def _is_predicate_noun(tokens: Sequence[Token], at: int) -> bool:
    """「怖い病気ではありません」: the noun that a predicate describes, with the copula directly behind it."""
    return at < 3 and tokens[at].kind == "名詞" and at + 1 < len(tokens) and tokens[at + 1].surface in ("で", "じゃ")


def _continues_predicate(token: Token) -> bool:
    if token.surface == "しか":  # 「〜しか言わない」 asserts
        return False
    if token.kind in ("助動詞", "接尾辞", "空白") or token.norm in _LIGHT_WORDS or token.surface in "」』”":
        return True
    return token.kind == "助詞" and (token.pos[1] != "接続助詞" or token.surface in ("て", "で", "ば"))


def _prohibits(tokens: Sequence[Token]) -> bool:
    """「〜するな」: the final particle な after the plain form of a verb."""
    last = tokens[-1]
    return (
        last.surface == "な"
        and last.pos[1] == "終助詞"
        and len(tokens) > 1
        and tokens[-2].form.startswith("終止形")
        and tokens[-2].kind in ("動詞", "助動詞")
        and tokens[-2].lemma not in _PLAIN_STATEMENTS
    )
