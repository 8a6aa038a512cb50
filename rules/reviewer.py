"""The pipeline: text → view → draft → patterns, detectors and classifier → findings that cite clauses."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from rules.classifier import Classifier, Passage, passages
from rules.detectors import DETECTORS, Detector
from rules.draft import Detection, Draft, Span
from rules.evidence import GRAVE, PLAIN, SURE, Evidence, OrdinaryPosts, standing
from rules.guideline import Guideline
from rules.lexicon import Lexicon, Reading, WordClass
from rules.model import Finding, Level, Review, RulesError, Topic, Versions
from rules.patterns import Index, Match, Matcher, Pattern, PatternError, compile_pattern, literal_class, literals
from rules.rulebook import QUOTE, WORDS, Rule, Rulebook
from rules.scope import Scopes
from rules.telling import telling
from rules.text import Disguises, View, see
from rules.tokens import dictionary_version

MAX_TEXT = 40_000
"""Longest text that is read, in code points: the length of Slack's longest message."""

MAX_MARK = 40
"""Longest stretch, in code points, that a finding marks to show its words together."""

MAX_OF_A_RULE = 300
"""Findings of one rule in one draft: who has as many knows what to mend, and the work stays bounded."""

MAX_HEARD = 10
"""Passages of a draft in which the classifier alone speaks of one topic; who has as many knows what to mend."""

TONELESS = 18
"""Different letters below which a passage has too little tone to be judged by; the classifier heard longer ones."""

_WEIGHT = {Level.BLOCK: 2, Level.WARN: 1, Level.NOTE: 0}


class _Hit(NamedTuple):
    """A rule that applies, in positions of the view."""

    rule: Rule
    start: int
    end: int
    facts: Mapping[str, str]
    others: tuple[tuple[Span, ...], ...] = ()
    """For each other term of the pattern, where it stands."""
    pattern: Pattern | None = None
    """What it matched; None: a detector found it."""
    evidence: Evidence = PLAIN
    """What its words say (``rules.evidence``)."""
    is_weak: bool = False
    """All that the draft holds of its topic says too little: no more than advice."""

    @property
    def is_serious(self) -> bool:
        """Tell whether its rule does more than advise."""
        return self.rule.level is not Level.NOTE

    @property
    def level(self) -> Level:
        """The rule's level, or a note where the words say too little."""
        return Level.NOTE if self.is_weak else self.rule.level


@dataclass(frozen=True, slots=True)
class _Engine:
    """Rules, compiled. The same for every guideline, immutable, shared between threads."""

    rules: tuple[Rule, ...]
    lexicon: Lexicon
    disguises: Disguises
    index: Index[Rule]
    unless: Mapping[str, tuple[Pattern, ...]]
    ordinary: OrdinaryPosts
    classifier: Classifier | None
    tones: Mapping[Topic, Rule]
    """The rule that tells what the classifier hears of a topic."""
    detectors: tuple[tuple[Detector, Mapping[str, Rule]], ...]


class Reviewer:
    """Reads texts against one guideline. Deterministic, and safe to use from several threads."""

    def __init__(self, guideline: Guideline, rulebook: Rulebook) -> None:
        self.guideline = guideline
        self._engine = _compile(rulebook)
        self.versions = Versions(guideline.version, rulebook.version, dictionary_version())

    @classmethod
    def load(cls, guideline: str | Path, rules: Path | None = None) -> Reviewer:
        """Load a guideline by id or file, with the shipped rules or those of a folder. Raises RulesError."""
        return cls(Guideline.load(guideline), Rulebook.load(rules))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of their files."""
        return self._engine.rules

    def review(self, text: str, *, today: date) -> Review:
        """Read one text of at most ``MAX_TEXT`` code points, as on the day ``today``.

        Raises RulesError if it is longer.
        """
        return Review(self._findings(text, today, _weighed), self.versions)

    def matches(self, text: str, *, today: date) -> tuple[Finding, ...]:
        """Give what every rule finds by itself, also where ``review`` makes one remark of several on the same words."""
        return self._findings(text, today, _unweighed)

    def _findings(
        self, text: str, today: date, choose: Callable[[_Engine, Reading], list[_Hit]]
    ) -> tuple[Finding, ...]:
        if len(text) > MAX_TEXT:
            raise RulesError(f"文章が長すぎます（{len(text):,}字）。{MAX_TEXT:,}字までに分けてください。")
        view = self._engine.disguises.undo(see(text))
        draft = Draft(view.text, today, self.guideline.hosts)
        hits = choose(self._engine, self._engine.lexicon.read(draft)) if view.text else []
        findings = (self._finding(text, view, hit) for hit in hits)
        return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule)))

    def _finding(self, text: str, view: View, hit: _Hit) -> Finding:
        start, end = view.origin(hit.start, hit.end)
        rule = hit.rule
        facts = {**hit.facts, QUOTE: text[start:end]}
        return Finding(
            rule=rule.id,
            topic=rule.topic,
            level=hit.level,
            clauses=self.guideline.cite(rule.topic, rule.id, hit.level),
            start=start,
            end=end,
            quote=text[start:end],
            message=rule.message.format_map(facts),
            suggestion=rule.suggestion.format_map(facts),
        )


def _hits(engine: _Engine, reading: Reading, sentences: Container[int] | None = None) -> Iterator[_Hit]:
    """Yield what applies and is not excused, of each rule ``MAX_OF_A_RULE`` at most.

    Patterns are looked for in some ``sentences`` only, if they are given.
    """
    counted: defaultdict[str, int] = defaultdict(int)
    scopes = Scopes(engine.lexicon, reading)
    matcher = Matcher(reading, scopes)
    draft = reading.draft
    candidates = engine.index.candidates(reading, sentences)
    found = chain(_pattern_hits(candidates, matcher, counted), _detector_hits(engine.detectors, draft))
    for hit in found:
        if counted[hit.rule.id] < MAX_OF_A_RULE and not _is_excused(hit, engine, scopes, matcher):
            counted[hit.rule.id] += 1
            yield hit if hit.pattern is None else _marked(_judged(hit, hit.pattern, engine, matcher), draft)


def _pattern_hits(
    candidates: Iterable[tuple[Pattern, Rule, int]], matcher: Matcher, counted: Mapping[str, int]
) -> Iterator[_Hit]:
    for pattern, rule, sentence in candidates:
        if counted.get(rule.id, 0) < MAX_OF_A_RULE:
            for match in matcher.find(pattern, sentence):
                yield _Hit(rule, match.start, match.end, {}, match.others, pattern)


def _detector_hits(detectors: Iterable[tuple[Detector, Mapping[str, Rule]]], draft: Draft) -> Iterator[_Hit]:
    for detector, rules in detectors:
        if detector.gate.search(draft.text):
            for found in detector.find(draft):
                if found.check in rules:
                    yield _hit_of(rules[found.check], found)


def _hit_of(rule: Rule, found: Detection) -> _Hit:
    return _Hit(rule, found.start, found.end, found.facts, evidence=SURE)


def _is_excused(hit: _Hit, engine: _Engine, scopes: Scopes, matcher: Matcher) -> bool:
    rule = hit.rule
    span = (hit.start, hit.end)
    if rule.excused or rule.only:
        said = scopes.at(*span, hit.others)
        if said & rule.excused or not rule.only <= said:
            return True
    return any(matcher.near(pattern, span) for pattern in engine.unless[rule.id])


def _judged(hit: _Hit, pattern: Pattern, engine: _Engine, matcher: Matcher) -> _Hit:
    """Weigh the words of a hit, unless its rule stands alone."""
    if hit.rule.alone or hit.level is Level.NOTE:
        return hit
    words = matcher.words(pattern, Match(hit.start, hit.end, hit.others))
    return hit._replace(evidence=engine.ordinary.weigh(matcher.text, words))


def _marked(hit: _Hit, draft: Draft) -> _Hit:
    """Have a hit show the words that make it together: one word of them alone may be an everyday one.

    The mark grows from the first term to the nearest place of each other one, inside its sentence and up to
    ``MAX_MARK`` code points, and ends where its last word does.
    """
    begin, finish = draft.sentences[draft.sentence_index(hit.start)]
    start, end = hit.start, hit.end
    for spans in hit.others:
        near = [
            (min(start, other[0]), max(end, other[1])) for other in spans if begin <= other[0] and other[1] <= finish
        ]
        grown = min(near, key=lambda span: span[1] - span[0], default=(start, end))
        if grown[1] - grown[0] <= MAX_MARK:
            start, end = grown
    start, end = draft.with_whole_names(start, draft.inflected_end(end))
    return hit._replace(start=start, end=end)


def _unweighed(engine: _Engine, reading: Reading) -> list[_Hit]:
    """Give what every rule finds by itself, also those that tell what the classifier hears."""
    hits = list(_hits(engine, reading))
    if engine.classifier is not None:
        for passage in passages(reading.draft):
            suspicion = engine.classifier.suspicion(reading, passage)
            hits += _heard(engine, reading, passage, _warned(engine, reading, passage, suspicion, []))
    return hits


def _weighed(engine: _Engine, reading: Reading) -> list[_Hit]:
    """Make advice of topics of which a passage says too little, then keep one remark a place."""
    parts = list(passages(reading.draft))
    if engine.classifier is None:
        return _strongest(_weighed_in_passages(engine, reading, [(part, 0.0) for part in parts], None))
    glanced = [(part, engine.classifier.suspicion(reading, part)) for part in parts]
    open_to_doubt = {
        sentence
        for part, suspicion in glanced
        if not engine.classifier.is_plain(reading, part, suspicion)
        for sentence in range(part.first, part.last)
    }
    return _strongest(_weighed_in_passages(engine, reading, glanced, open_to_doubt))


def _weighed_in_passages(
    engine: _Engine, reading: Reading, glanced: Iterable[tuple[Passage, float]], sentences: Container[int] | None
) -> Iterator[_Hit]:
    found = sorted(_hits(engine, reading, sentences), key=attrgetter("start"))
    told: Counter[Topic] = Counter()
    begin = 0
    for passage, suspicion in glanced:
        end = bisect_left(found, passage.end, begin, key=attrgetter("start"))
        hits, begin = found[begin:end], end
        warned = _warned(engine, reading, passage, suspicion, hits)
        yield from (hit._replace(is_weak=hit.rule.topic not in warned) for hit in hits)
        seen = {hit.rule.topic for hit in hits if hit.is_serious}
        heard = {topic for topic in warned - seen if told[topic] < MAX_HEARD}
        told.update(heard)
        yield from _heard(engine, reading, passage, heard)


def _warned(
    engine: _Engine, reading: Reading, passage: Passage, suspicion: float, hits: Sequence[_Hit]
) -> frozenset[Topic]:
    """Tell which topics of a passage are a warning, by what rules found and, where that is open, by the classifier."""
    found: dict[Topic, list[Evidence]] = {}
    for hit in hits:
        if hit.is_serious:
            found.setdefault(hit.rule.topic, []).append(hit.evidence)
    classifier = engine.classifier
    is_open = any(not evidence.is_sure for matches in found.values() for evidence in matches)
    if (
        classifier is None
        or _is_toneless(reading, passage)
        or not (is_open or classifier.may_be_wrong(reading, passage, suspicion))
    ):
        return standing(found)
    return standing(found, classifier.judge(reading, passage), classifier.weighing)


def _is_toneless(reading: Reading, passage: Passage) -> bool:
    """Tell whether a passage is too short, or too much the same, to be judged by how it sounds."""
    return len(set(reading.draft.text[passage.start : passage.end])) < TONELESS


def _heard(engine: _Engine, reading: Reading, passage: Passage, topics: Iterable[Topic]) -> Iterator[_Hit]:
    """Yield what the classifier alone has to say of a passage."""
    if engine.classifier is not None:
        for topic in sorted(topics):
            yield _tone(engine, engine.classifier, reading, passage, topic)


def _tone(engine: _Engine, classifier: Classifier, reading: Reading, passage: Passage, topic: Topic) -> _Hit:
    """Mark the words that most made the classifier think of a topic."""
    first, *others = telling(classifier, reading, passage, topic)
    text = reading.draft.text
    words = "".join(f"「{text[start:end].strip()}」" for start, end in sorted((first, *others)))
    hit = _Hit(engine.tones[topic], *first, {WORDS: words}, tuple((other,) for other in others))
    return _marked(hit, reading.draft)


def _strongest(hits: Iterable[_Hit]) -> list[_Hit]:
    """Of overlapping hits of one topic, keep that of the highest level, then the longest: one remark, one finding."""
    kept: list[_Hit] = []
    taken: dict[str, list[Span]] = {}
    for hit in sorted(hits, key=lambda hit: (-_WEIGHT[hit.level], hit.start - hit.end, hit.start, hit.rule.id)):
        spans = taken.setdefault(hit.rule.topic, [])
        at = bisect_left(spans, (hit.start, hit.end))
        is_free = (at == 0 or spans[at - 1][1] <= hit.start) and (at == len(spans) or hit.end <= spans[at][0])
        if is_free:
            spans.insert(at, (hit.start, hit.end))
            kept.append(hit)
    return kept


@lru_cache(maxsize=2)
def _compile(rulebook: Rulebook) -> _Engine:
    lexicon = _lexicon(rulebook)
    when = [(pattern, rule) for rule in rulebook.rules for pattern in _patterns(rule, rule.when, lexicon)]
    by_check = {rule.detector: rule for rule in rulebook.rules if rule.detector}
    return _Engine(
        rules=rulebook.rules,
        lexicon=lexicon,
        disguises=Disguises(lexicon.disguised_words),
        index=Index(when),
        unless={rule.id: _patterns(rule, rule.unless, lexicon) for rule in rulebook.rules},
        ordinary=_ordinary_posts(rulebook),
        classifier=_classifier(rulebook, lexicon),
        tones={rule.topic: rule for rule in rulebook.rules if rule.tone},
        detectors=tuple(
            (detector, {check: by_check[check] for check in detector.checks if check in by_check})
            for detector in DETECTORS
        ),
    )


def _classifier(rulebook: Rulebook, lexicon: Lexicon) -> Classifier | None:
    return None if rulebook.weights is None else Classifier(rulebook.weights, lexicon.names, GRAVE)


def _ordinary_posts(rulebook: Rulebook) -> OrdinaryPosts:
    misses = (miss.text for rule in rulebook.rules for miss in rule.misses)
    grave = (word for word_class in rulebook.classes if word_class.name in GRAVE for word in word_class.words)
    return OrdinaryPosts((*rulebook.ordinary, *misses), grave)


def _lexicon(rulebook: Rulebook) -> Lexicon:
    """Word classes, and a class for every word that stands in a pattern itself."""
    lines = [line for rule in rulebook.rules for line in (*rule.when, *rule.unless)]
    choices = dict.fromkeys(choice for line in lines for choice in literals(line))
    own = (WordClass(literal_class(choice), tuple(choice.split("|"))) for choice in choices)
    sample = dict.fromkeys(miss.text for rule in rulebook.rules for miss in rule.misses)
    try:
        return Lexicon((*rulebook.classes, *own), sample)
    except KeyError as failure:
        raise RulesError(f"語群「@{failure.args[0]}」がありません。") from failure
    except ValueError as failure:
        raise RulesError(f"語群「@{failure}」が自分自身を含んでいます。") from failure


def _patterns(rule: Rule, lines: Sequence[str], lexicon: Lexicon) -> tuple[Pattern, ...]:
    try:
        return tuple(compile_pattern(line, lexicon, rule.within) for line in lines)
    except PatternError as failure:
        raise RulesError(f"規則「{rule.id}」：{failure}") from failure
