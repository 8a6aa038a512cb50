"""How a thing is said (スコープ): denied, forbidden, warned of, quoted, asked, hearsay, urged, supposed.

This is what tells 「差別をなくそう」 from incitement. Japanese puts the word that decides behind what it decides
about, so a cue covers what stands before it in its clause (節), and how far depends on the cue:

- all of the clause: 「〜にご注意ください」「〜してはいけません」;
- the reason given before its clause (``Reach.REASON``): 「怠けているから受けるわけではない」;
- only what is bound to it (``Reach.BOUND``): 「いじめの相談窓口」, but not 「無能な課長に相談」;
- bound, or its topic (``Reach.TOPIC``): 「飲酒運転は犯罪です」「外来種の放流はお断り」;
- bound or topic, and only as a request (``Reach.REQUEST``): 「悪口はやめよう」, but not 「募集をやめる予定」.

Words that a rule's own pattern needed are no cue for it, and what is to be hidden (「ばれないように」) is neither
warned of nor forbidden. The cue words are data: classes ``scope.*`` in ``data/words/scope.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from rules import embedding, predicate
from rules.draft import Draft, Span
from rules.lexicon import Lexicon, Occurrence, Reading
from rules.model import Scope
from rules.tokens import Token


class Reach(Enum):
    """How far before itself a cue decides."""

    CLAUSE = "clause"
    REASON = "reason"
    BOUND = "bound"
    TOPIC = "topic"
    REQUEST = "request"


CUES = {
    "scope.warning": (Scope.WARNED, Reach.CLAUSE),
    "scope.counsel": (Scope.WARNED, Reach.BOUND),
    "scope.condemning": (Scope.WARNED, Reach.TOPIC),
    "scope.forbidding": (Scope.FORBIDDEN, Reach.CLAUSE),
    "scope.refusing": (Scope.FORBIDDEN, Reach.TOPIC),
    "scope.ceasing": (Scope.FORBIDDEN, Reach.REQUEST),
    "scope.denial": (Scope.DENIED, Reach.CLAUSE),
    "scope.denied_reason": (Scope.DENIED, Reach.REASON),
    "scope.hearsay": (Scope.HEARSAY, Reach.CLAUSE),
    "scope.supposing": (Scope.SUPPOSED, Reach.CLAUSE),
    "scope.urging": (Scope.URGED, Reach.CLAUSE),
}
"""Classes whose words are cues, the scope that they set, and how far."""
SCOPE_CLASSES = (
    *CUES,
    "scope.claim",
    "scope.quoting",
    "scope.reporting",
    "scope.endorsing",
    "scope.opining",
    "scope.concealing",
    "scope.deed",
    "scope.referring",
    "scope.naming",
    "scope.case",
    "scope.culprit",
    "scope.consequence",
    "scope.checking",
    "scope.found_out",
    "scope.approving",
)
"""All word classes that scopes are made of."""

_WORK_AGAINST = frozenset((Scope.WARNED, Scope.FORBIDDEN))
_EVEN_ON_ITS_OWN_CUE = frozenset((Scope.HEARSAY, Scope.SUPPOSED, Scope.URGED))
"""Scopes that do not excuse by working against the word, and so may be set by the marked words themselves."""
_CLAUSE_ENDS = frozenset(("が", "けれど", "けれども", "けど", "けども", "し", "から", "ので", "のに"))
"""Conjunctive particles (接続助詞) after which something else is said."""
_QUESTION_HEAD = re.compile(r"[\s【\[■◆●・]*(?:Q|問|質問|ご質問|よくあるご?質問)\s*\d*\s*[.:、。】\]\s]", re.IGNORECASE)
"""What a sample question of an FAQ begins with."""
_PAIRS = {"「": "」", "『": "』", "“": "”", "《": "》", "〈": "〉"}
_NEXT_QUOTE = re.compile("(?:でも|とか|だの|は|[、,やとかも・/ ]{0,2})「")
_QUOTE_BEFORE = re.compile("」(?:でも|とか|だの|は|[、,やとかも・/ ]{0,2})$")
_STOP_OR_DASH = re.compile("[。!?\n]|[―—─-]{2}|…")
_STRONG_QUOTE = 8
"""Code points from which words in 「」 are a sentence of somebody and no scare quote."""
_NO_PROSE = re.compile(r"「[^「」]*」|\W")
_PROSE = 8
"""Letters outside of quotations from which a draft shows its quotations to somebody."""
_NEXT_SENTENCE = 6
"""Code points at the start of a sentence that can speak of the sentence before."""
_SEPARATE_KINDS = ("接続詞", "感動詞")
"""Parts of speech behind which something else begins."""
_LINKING = frozenset(
    ("関する", "対する", "付く", "因る", "拠る", "巡る", "言う", "いう", "為る", "つく", "よる", "めぐる")
)
"""Normalised forms of verbs that link like a particle: 「〜に関する」「〜について」「〜という」."""
_PREDICATE_KINDS = ("動詞", "助動詞", "形容詞")
_TOPIC_PARTICLES = frozenset(("は", "も", "が"))
_SINGLING_OUT = frozenset(("ばかり", "ばっかり", "しか", "こそ"))
"""Particles that say something of what stands before them: 「馬鹿ばかりの研修」."""


@dataclass(frozen=True, slots=True)
class _Covered:
    """A scope over ``start:end``. ``cue`` is the word that sets it; None: it is set by inflection or marks.

    ``whole``: only what stands in it with all its words is covered.
    """

    scope: Scope
    start: int
    end: int
    cue: Span | None = None
    whole: bool = False


class Scopes:
    """Scopes of one draft, worked out sentence by sentence when asked for."""

    def __init__(self, lexicon: Lexicon, reading: Reading) -> None:
        self._draft: Draft = reading.draft
        self._reading = reading
        self._lexicon = lexicon
        self._covered: dict[int, tuple[_Covered, ...]] = {}
        self._clauses: dict[int, tuple[Span, ...]] = {}

    def at(self, start: int, end: int, others: Sequence[Sequence[Span]] = ()) -> frozenset[Scope]:
        """Scopes that cover ``start:end`` of the view; empty: plainly asserted.

        ``others`` are further words that make up the finding, each with the places where it stands; none of them can
        excuse it.
        """
        index = self._draft.sentence_index(start)
        covered = self._covered.get(index)
        if covered is None:
            covered = self._covered[index] = tuple(self._cover(index))
        scopes = {
            span.scope for span in covered if _reaches(span, start, end, others) and not _is_among(span.cue, others)
        }
        if self._is_denied(index, end) or self._is_deed_denied(index, (start, end), others):
            scopes.add(Scope.DENIED)
        if self._describes_somebody(index, end):
            scopes -= _WORK_AGAINST
        return frozenset(scopes)

    def _is_deed_denied(self, index: int, first: Span, others: Sequence[Sequence[Span]]) -> bool:
        """「酒は飲まない」: of words found apart, the last of the clause is a verb that is denied by none of them."""
        limit = self.clause(first[0])[1]
        last = max((place for places in others for place in places if first[1] <= place[0] < limit), default=None)
        if last is None or not self._is_verb(index, last) or self._is_conditional(index, first[1], last[0]):
            return False
        negation = predicate.denial(self._tokens_from(index, last[1]))
        if negation is None or not negation.form.startswith("終止形"):
            return False
        return not _is_among((negation.start, negation.end), others)

    def _is_conditional(self, index: int, start: int, end: int) -> bool:
        """「叱らないと言うことを聞かない」: what is denied is not what is said before the condition."""
        tokens = self._draft.sentence_tokens(index)
        return any(
            start <= tokens[at].start < end and embedding.ends_condition(tokens, at) for at in range(len(tokens))
        )

    def _is_verb(self, index: int, span: Span) -> bool:
        return any(
            span[0] <= token.start and token.end == span[1] and token.kind == "動詞"
            for token in self._draft.sentence_tokens(index)
        )

    def _describes_somebody(self, index: int, end: int) -> bool:
        """「無能な市長には投票しないで」: what is said of somebody by the way is asserted, whatever the clause says."""
        behind = self._tokens_from(index, end)[:2]
        if len(behind) < 2 or behind[0].surface != "な" or behind[0].kind != "助動詞":
            return False
        return behind[1].kind == "名詞" and behind[1].start not in self._deeds(index)

    def clause(self, position: int) -> Span:
        """Give the span of the clause that contains ``position``."""
        index = self._draft.sentence_index(position)
        for start, end in self._clauses_of(index):
            if position < end:
                return start, end
        return self._draft.sentences[index]

    def _cover(self, index: int) -> Iterator[_Covered]:
        yield from self._quotations(index)
        for name, (scope, reach) in CUES.items():
            for cue in self._occurrences(index, name):
                yield from self._covered_by(index, cue, scope, reach)
        yield from self._denied_claims(index)
        yield from self._warnings_of_the_next(index)
        yield from self._embedded(index)
        for start, end in self._clauses_of(index):
            yield from self._mood(index, start, end)

    def _occurrences(self, index: int, name: str) -> Sequence[Occurrence]:
        return self._reading.occurrences(index, self._lexicon.number(name))

    def _covered_by(self, index: int, cue: Occurrence, scope: Scope, reach: Reach) -> Iterator[_Covered]:
        span = (cue.start, cue.end)
        clause = self.clause(cue.start)
        if self._is_doubted(index, cue) or (scope in _WORK_AGAINST and self._is_void(index, cue, clause)):
            return
        if reach is Reach.CLAUSE:
            end = cue.end if scope in _EVEN_ON_ITS_OWN_CUE else cue.start
            yield _Covered(scope, clause[0], end, span)
        elif reach is Reach.REASON:
            yield _Covered(scope, self._reason_from(index, clause[0]), clause[0], span)
        elif reach is not Reach.REQUEST or predicate.is_request(self._tokens_from(index, cue.last.start)):
            is_topical = reach is not Reach.BOUND
            if not is_topical or reach is Reach.REQUEST or self._is_predicate(index, cue):
                yield _Covered(scope, self._bound_from(index, cue.start, clause[0], topics=is_topical), cue.start, span)

    def _reason_from(self, index: int, start: int) -> int:
        """Go back from a clause over the clauses that give its reason."""
        for begin, end in reversed(self._clauses_of(index)):
            if end == start and self._draft.text[begin:end].endswith(("から", "ので")):
                start = begin
        return start

    def _is_void(self, index: int, cue: Occurrence, clause: Span) -> bool:
        """Tell whether a cue is denied (「注意しなくていい」), overruled (「だめと言われても」) or helps to hide."""
        if self._is_denied(index, cue.end) or self._conceals(index, clause[0], cue.start):
            return True
        return predicate.is_conceded([token for token in self._tokens_from(index, cue.end) if token.start < clause[1]])

    def _is_doubted(self, index: int, cue: Occurrence) -> bool:
        """「べきではないか」「んじゃないか」: a cue that negates, in doubt."""
        tokens = self._tokens_from(index, cue.last.start)
        return predicate.is_negation(tokens, 0) and predicate.is_doubted(tokens, 0)

    def _denied_claims(self, index: int) -> Iterator[_Covered]:
        """「〜から〜だ、というデータはありません」: a claim, of however many clauses, that is denied as a whole."""
        denials = self._occurrences(index, "scope.denial")
        for claim in self._occurrences(index, "scope.claim"):
            is_refuted = any(self._refutes(denial, claim) for denial in denials)
            if is_refuted or self._is_denied(index, claim.end):
                yield _Covered(Scope.DENIED, self._draft.sentences[index][0], claim.start, (claim.start, claim.end))

    def _refutes(self, denial: Occurrence, claim: Occurrence) -> bool:
        """「〜という話は誤りです」, or 「〜との投稿がありましたが、誤りです」: nothing else stands in its clause."""
        near = claim.end <= denial.start <= claim.end + _NEXT_SENTENCE
        return near or (denial.start > claim.end and denial.start - self.clause(denial.start)[0] <= 1)

    def _conceals(self, index: int, start: int, end: int) -> bool:
        return any(start <= hidden.start < end for hidden in self._occurrences(index, "scope.concealing"))

    def _is_predicate(self, index: int, cue: Occurrence) -> bool:
        """Tell whether a cue is what the clause states: 「〜は犯罪です」, but not 「犯罪者」「犯罪を」."""
        behind = self._tokens_from(index, cue.end)
        if not behind:
            return True
        following = behind[0]
        if following.start in self._deeds(index):
            return True
        if following.surface in ("な", "的") or following.kind in ("名詞", "接尾辞"):
            return False
        return following.kind != "助詞" or following.surface in ("と", "に", "よ", "ね", "ぞ", "って", "か", "で", "て")

    def _bound_from(self, index: int, end: int, limit: int, *, topics: bool) -> int:
        """Go back from a cue over what is bound to it, to where that begins.

        Nouns and linking particles bind. A verb or an adjective binds only inside a named deed (「〜すること」
        「〜という発言」): 「人を騙す対策」 is no counsel against deceiving.
        """
        tokens = self._draft.sentence_tokens(index)
        deeds = self._deeds(index)
        begin = end
        inside = False
        for at in range(bisect_left(tokens, end, key=_start) - 1, -1, -1):
            token = tokens[at]
            if token.start < limit:
                break
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if _is_predicative(token):
                if not (after is not None and (_is_verbal(after) or _nominalises(after) or after.start in deeds)):
                    break
                inside = True
            elif token.kind == "助詞":
                if token.surface in _SINGLING_OUT or (token.surface in _TOPIC_PARTICLES and not (topics or inside)):
                    break
            elif token.kind in _SEPARATE_KINDS:
                break
            begin = token.start
        return begin

    def _deeds(self, index: int) -> frozenset[int]:
        return frozenset(occurrence.start for occurrence in self._occurrences(index, "scope.deed"))

    def _tokens_from(self, index: int, position: int) -> Sequence[Token]:
        tokens = self._draft.sentence_tokens(index)
        return tokens[bisect_left(tokens, position, key=_start) :]

    def _warnings_of_the_next(self, index: int) -> Iterator[_Covered]:
        """「〜が増えています。ご注意ください。」「〜。それは差別です。」: a sentence may speak of the one before."""
        if index + 1 == len(self._draft.sentences):
            return
        start = self._draft.sentences[index + 1][0]
        for cue in self._occurrences(index + 1, "scope.warning")[:1]:
            asked = predicate.is_request(self._tokens_from(index + 1, cue.last.start))
            if asked and cue.start - start <= _NEXT_SENTENCE:
                yield _Covered(Scope.WARNED, *self._draft.sentences[index], (cue.start, cue.end))
        if any(cue.start - start <= 1 for cue in self._occurrences(index + 1, "scope.referring")):
            for cue in self._occurrences(index + 1, "scope.naming")[:1]:
                if not self._is_denied(index + 1, cue.end):
                    yield _Covered(Scope.WARNED, *self._draft.sentences[index], (cue.start, cue.end))

    def _embedded(self, index: int) -> Iterator[_Covered]:
        """Cover what is told as somebody's case, as a condition with its consequence, or as a matter to look into."""
        begin, end = self._draft.sentences[index]
        if self._is_sample_question(index):
            yield _Covered(Scope.DESCRIBED, begin, end, whole=True)
        if self._conceals(index, begin, end) or self._occurrences(index, "scope.approving"):
            return
        tokens = self._draft.sentence_tokens(index)
        told = self._tells(index)
        for at, token in enumerate(tokens):
            start = self.clause(token.start)[0]
            if predicate.is_denied_matter(tokens, at) and embedding.takes_up(tokens, at):
                if not self._is_found_out(index, start, token.start):
                    yield _Covered(Scope.DENIED, start, token.start, whole=True)
            elif told(at):
                yield _Covered(Scope.DESCRIBED, self._reason_from(index, start), token.start, whole=True)

    def _tells(self, index: int) -> Callable[[int], bool]:
        """Give a test whether the token at a place takes up the clause before it without making it the author's own."""
        tokens = self._draft.sentence_tokens(index)
        cases, culprits, checks = (
            {cue.start for cue in self._occurrences(index, name)}
            for name in ("scope.case", "scope.culprit", "scope.checking")
        )
        consequences = [
            cue.start
            for cue in self._occurrences(index, "scope.consequence")
            if not self._is_void(index, cue, self.clause(cue.start))
        ]

        def told(at: int) -> bool:
            start, end = tokens[at].start, tokens[at].end
            has_consequence = any(consequence >= end for consequence in consequences)
            if start in cases or (start in culprits and has_consequence):
                return embedding.takes_up(tokens, at)
            if has_consequence and embedding.ends_condition(tokens, at):
                return True
            return embedding.ends_question(tokens, at) and any(check >= end for check in checks)

        return told

    def _is_found_out(self, index: int, start: int, end: int) -> bool:
        return any(start <= cue.start < end for cue in self._occurrences(index, "scope.found_out"))

    def _is_sample_question(self, index: int) -> bool:
        """Tell whether a sentence is the question of an FAQ: 「Q. 〜ですか」."""
        return _QUESTION_HEAD.match(self._draft.text, *self._draft.sentences[index]) is not None

    def _mood(self, index: int, start: int, end: int) -> Iterator[_Covered]:
        """Imperative, volitional and prohibition by inflection; a question by its end."""
        tokens = [token for token in self._draft.sentence_tokens(index) if start <= token.start < end]
        while tokens and tokens[-1].pos[0] in ("補助記号", "空白") and tokens[-1].surface != "?":
            tokens.pop()
        if not tokens:
            return
        if predicate.is_question(tokens):
            yield _Covered(Scope.ASKED, start, end)
        if predicate.is_counsel(tokens):
            yield _Covered(Scope.WARNED, start, end)
            yield _Covered(Scope.DESCRIBED, start, end, whole=True)
        if predicate.is_prohibition(tokens):
            if not self._conceals(index, start, end):
                yield _Covered(Scope.FORBIDDEN, start, end)
        elif predicate.is_urging(tokens):
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
                own = any(cue.start == at + 1 for cue in self._occurrences(index, "scope.opining"))
                if not own and self._is_quotation(index, begin, at) and not self._is_endorsed(index, at):
                    yield _Covered(Scope.QUOTED, begin + 1, at)
        for cue in self._occurrences(index, "scope.reporting"):
            if not self._is_endorsed(index, cue.start):
                yield _Covered(Scope.QUOTED, self.clause(cue.start)[0], cue.start, (cue.start, cue.end))

    def _is_quotation(self, index: int, begin: int, close: int) -> bool:
        """Words of others, or a title, and not just words that the author puts a distance to."""
        if self._draft.text[begin] in "『《〈":
            return True
        quoting = {
            occurrence.start
            for name in ("scope.quoting", "scope.reporting")
            for occurrence in self._occurrences(index, name)
        }
        if close + 1 in quoting:
            return True
        return self._has_prose and (close - begin > _STRONG_QUOTE or self._is_listed(index, begin, close))

    @cached_property
    def _has_prose(self) -> bool:
        """Whether there is anything but quotations: who publishes a bare 「…」 says it himself."""
        return len(_NO_PROSE.sub("", self._draft.text)) >= _PROSE

    def _is_listed(self, index: int, begin: int, close: int) -> bool:
        """Tell whether 「A」「B」 or a sentence of a quotation alone shows words instead of using them."""
        text = self._draft.text
        start = self._draft.sentences[index][0]
        if _NEXT_QUOTE.match(text, close + 1) or _QUOTE_BEFORE.search(text, max(start, begin - 4), begin):
            return True
        return not text[start:begin].strip() and _STOP_OR_DASH.match(text, close + 1) is not None

    def _is_endorsed(self, index: int, position: int) -> bool:
        """Tell whether the author makes a quotation his own: 「〜と言われて当然」, 「…」。その通り."""
        if any(cue.start >= position for cue in self._occurrences(index, "scope.endorsing")):
            return True
        if index + 1 == len(self._draft.sentences):
            return False
        start = self._draft.sentences[index + 1][0]
        return any(cue.start - start <= _NEXT_SENTENCE for cue in self._occurrences(index + 1, "scope.endorsing"))

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
            if depth <= 0 and (_ends_clause(token, before) or self._draft.text.startswith("ものの、", token.end - 3)):
                yield start, token.end
                start = token.end
            before = token
        if start < end:
            yield start, end

    def _is_denied(self, index: int, end: int) -> bool:
        return predicate.is_denied(self._tokens_from(index, end))


def _start(token: Token) -> int:
    return token.start


def _reaches(span: _Covered, start: int, end: int, others: Sequence[Sequence[Span]]) -> bool:
    """Quoted is what ends in the quotation: 「部下に「給料泥棒」と言うのは…」 is about its last word."""
    if span.whole and not all(_is_within(span, places) for places in others):
        return False
    return (span.start < end if span.scope is Scope.QUOTED else span.start <= start) and end <= span.end


def _is_within(span: _Covered, places: Sequence[Span]) -> bool:
    """Tell whether a word stands in the span; auxiliaries (「〜ています」) may stand behind it."""
    return any(span.start <= start and end <= span.end for start, end in places)


def _is_among(cue: Span | None, words: Sequence[Sequence[Span]]) -> bool:
    return cue is not None and any(cue[0] < end and start < cue[1] for places in words for start, end in places)


def _is_verbal(token: Token) -> bool:
    return token.kind in _PREDICATE_KINDS or (token.pos[1] == "接続助詞" and token.surface in ("て", "で"))


def _is_predicative(token: Token) -> bool:
    """Verbs and adjectives that say something, and do not just link or go with a verb (「固く断る」)."""
    if token.kind not in _PREDICATE_KINDS or token.norm in _LINKING or _nominalises(token):
        return False
    return not (token.kind == "形容詞" and token.form.startswith("連用形"))


def _nominalises(token: Token) -> bool:
    """「〜するの（は）」; the dictionary takes 「〜するん（は）」 for the old auxiliary む."""
    return token.pos[1] == "準体助詞" or (token.surface == "ん" and token.pos[4] == "文語助動詞-ム")


def _ends_clause(token: Token, before: Token | None) -> bool:
    """Sudachi reads ので as the nominaliser の with で."""
    if token.pos[1] == "接続助詞":
        return token.surface in _CLAUSE_ENDS
    return token.surface in ("で", "に") and before is not None and before.pos[1] == "準体助詞"
