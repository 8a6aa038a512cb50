"""The pipeline: text → view → draft → patterns and detectors → findings that cite clauses."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from rules.detectors import DETECTORS, Detector
from rules.draft import Detection, Draft, Span
from rules.evidence import EXPLAINING_CLASSES, GRAVE, PLAIN, Evidence, OrdinaryPosts, signs, standing, together
from rules.guideline import Guideline
from rules.lexicon import Lexicon, Reading, WordClass
from rules.model import Finding, Level, Review, RulesError, Versions
from rules.patterns import Index, Match, Matcher, Pattern, PatternError, compile_pattern, literal_class, literals
from rules.rulebook import QUOTE, Rule, Rulebook
from rules.scope import Scopes
from rules.text import Disguises, View, see
from rules.tokens import dictionary_version

MAX_TEXT = 40_000
"""Longest text that is read, in code points: the length of Slack's longest message."""

MAX_MARK = 40
"""Longest stretch, in code points, that a finding marks to show its words together."""

MAX_OF_A_RULE = 300
"""Findings of one rule in one draft: who has as many knows what to mend, and the work stays bounded."""

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
    explaining: tuple[int, ...]
    """Numbers of the classes ``evidence.EXPLAINING_CLASSES``."""
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
        return self._findings(text, today, list)

    def _findings(self, text: str, today: date, choose: Callable[[Iterable[_Hit]], list[_Hit]]) -> tuple[Finding, ...]:
        if len(text) > MAX_TEXT:
            raise RulesError(f"文章が長すぎます（{len(text):,}字）。{MAX_TEXT:,}字までに分けてください。")
        view = self._engine.disguises.undo(see(text))
        draft = Draft(view.text, today, self.guideline.hosts)
        hits = choose(_hits(self._engine, draft)) if view.text else []
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


def _hits(engine: _Engine, draft: Draft) -> Iterator[_Hit]:
    """Yield what applies and is not excused, of each rule ``MAX_OF_A_RULE`` at most."""
    counted: defaultdict[str, int] = defaultdict(int)
    reading = engine.lexicon.read(draft)
    scopes = Scopes(engine.lexicon, reading)
    matcher = Matcher(reading, scopes)
    kinds = cache(lambda: signs(draft.text) + matcher.count_held(engine.explaining))
    found = chain(_pattern_hits(engine.index, reading, matcher, counted), _detector_hits(engine.detectors, draft))
    for hit in found:
        if counted[hit.rule.id] < MAX_OF_A_RULE and not _is_excused(hit, engine, scopes, matcher):
            counted[hit.rule.id] += 1
            yield hit if hit.pattern is None else _marked(_judged(hit, hit.pattern, engine, matcher, kinds), draft)


def _pattern_hits(index: Index[Rule], reading: Reading, matcher: Matcher, counted: Mapping[str, int]) -> Iterator[_Hit]:
    for pattern, rule, sentence in index.candidates(reading):
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
    return _Hit(rule, found.start, found.end, found.facts)


def _is_excused(hit: _Hit, engine: _Engine, scopes: Scopes, matcher: Matcher) -> bool:
    rule = hit.rule
    span = (hit.start, hit.end)
    if rule.excused or rule.only:
        said = scopes.at(*span, hit.others)
        if said & rule.excused or not rule.only <= said:
            return True
    return any(matcher.near(pattern, span) for pattern in engine.unless[rule.id])


def _judged(hit: _Hit, pattern: Pattern, engine: _Engine, matcher: Matcher, kinds: Callable[[], int]) -> _Hit:
    """Weigh the words of a hit, unless its rule stands alone. ``kinds`` counts the signs that the draft explains."""
    if hit.rule.alone or hit.level is Level.NOTE:
        return hit
    words = matcher.words(pattern, Match(hit.start, hit.end, hit.others))
    return hit._replace(evidence=engine.ordinary.weigh(matcher.text, words).among(kinds()))


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


def _weighed(hits: Iterable[_Hit]) -> list[_Hit]:
    """Make advice of topics of which the draft's words say too little, then keep one remark a place."""
    found = list(hits)
    if not found:
        return []
    topics: dict[str, list[Evidence]] = {}
    for hit in found:
        if hit.rule.level is not Level.NOTE:
            topics.setdefault(hit.rule.topic, []).append(hit.evidence)
    warned = standing({topic: together(matches) for topic, matches in topics.items()})
    return _strongest(hit._replace(is_weak=hit.rule.topic not in warned) for hit in found)


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
        explaining=tuple(lexicon.number(each.name) for each in rulebook.classes if each.name in EXPLAINING_CLASSES),
        detectors=tuple(
            (detector, {check: by_check[check] for check in detector.checks if check in by_check})
            for detector in DETECTORS
        ),
    )


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
