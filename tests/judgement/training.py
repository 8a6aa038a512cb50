"""Train the classifier (``rules.classifier``) on the labelled drafts: ``make classifier``.

Writes ``rules/data/classifier.json``, and prints the scores of every file as judged by the rules and a classifier that
has not seen its author. An example of a rule counts as a short draft. Drafts of ``HELD`` are never trained on.
Rules were written with some of the drafts at hand, so how far to trust them is learned only from drafts whose misses
nobody had read, each judged by a classifier that had not seen its author.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

import rules
from rules import Guideline, Level, Reviewer
from rules.classifier import Gate, Opinion, Passage, Weighing, Weights, classes, letters
from rules.draft import Draft
from rules.evidence import Evidence, standing
from rules.lexicon import bits
from rules.model import Topic
from rules.reviewer import _Engine, _hits
from rules.rulebook import Rulebook
from rules.text import see
from tests.judgement.__main__ import show
from tests.judgement.judging import FILES, TODAY, Score, judge, read

FILE = Path(rules.__file__).parent / "data" / "classifier.json"
HELD = frozenset(("r", "w", "x"))
"""Files by which the whole is judged, and which are never trained on."""

VOICES = ("ab", "cd", "ef", "gh", "i", "j", "k", "lm", "no", "pq", "yz")
"""Files by one author each, where it wrote more than one; the names of all others are of two letters or stand alone."""

UNREAD = frozenset(
    ("k", "lm", "no", "pq", "s", "t", "u", "v", "ba", "bb", "bc", "bd", "be", "bf", "bg", "bh", "bi", "bj")
)
"""Authors whose drafts were not read by those who wrote the rules, or hardly."""

TOPICS = tuple(topic for topic in Topic if topic is not Topic.ACCURACY)
"""What a passage can sound like; slips of fact sound like nothing."""

FOLDS = 5
LETTERS = 1.4
"""Weight of all letters against all word classes."""
RARE_LETTERS, RARE_CLASSES = 3, 2
"""In how many drafts a feature has to stand."""
SMALL = 0.2
"""Weights below this, in all columns, are left out of the file."""
GATE_STEPS = 63
"""Steps of a gate's weights: few, since every bit of them is counted."""
GATES_LOSE = (0.03, 0.05)
"""Share of the drafts of which the classifier alone would warn that each gate may keep from it: the faintest."""
PLAIN_LOSES = 0.015
"""Share of what rules rightly found that may be lost by not looking where all seems plain."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """A labelled draft. ``unsure`` are topics for which it is no example; ``found`` is what rules found in it."""

    voice: str
    text: str
    topics: frozenset[Topic]
    unsure: frozenset[Topic]
    found: Mapping[Topic, Sequence[Evidence]]
    letters: frozenset[str]
    classes: frozenset[str]


def voice(stem: str) -> str:
    """Give the author of a file."""
    return next((each for each in VOICES if len(stem) == 1 and stem in each), stem)


def samples(rulebook: Rulebook) -> list[Sample]:
    """Read all labelled drafts, and the examples of the rules."""
    engine = Reviewer(Guideline.load("chiba"), replace(rulebook, weights=None))._engine
    found = []
    for path in FILES:
        for case in read(path):
            topics = frozenset(Topic(topic) for group in case.must for topic in group)
            unsure = frozenset(Topic(topic) for topic in case.may) - topics
            found.append(_sample(engine, voice(path.stem), case.text, topics, unsure))
    for rule in rulebook.rules:
        if not rule.tone and rule.detector is None:
            others = frozenset(TOPICS) - {rule.topic}
            found += [_sample(engine, "rules", hit.text, frozenset((rule.topic,)), others) for hit in rule.hits]
        found += [_sample(engine, "rules", miss.text, frozenset(), frozenset()) for miss in rule.misses]
    return found


def _sample(engine: _Engine, who: str, text: str, topics: frozenset[Topic], unsure: frozenset[Topic]) -> Sample:
    view = engine.disguises.undo(see(text))
    draft = Draft(view.text, TODAY)
    reading = engine.lexicon.read(draft)
    whole = Passage(0, len(draft.sentences), 0, len(draft.text))
    found: dict[Topic, list[Evidence]] = {}
    for hit in _hits(engine, reading):
        if hit.rule.level is not Level.NOTE:
            found.setdefault(hit.rule.topic, []).append(hit.evidence)
    names = frozenset(engine.lexicon.names[number] for number in bits(classes(reading, whole)))
    return Sample(who, text, topics, unsure, found, frozenset(letters(view.text)), names)


class Features:
    """Turns drafts into rows: what stands in them, over the square root of how much that is."""

    def __init__(self, drafts: Sequence[Sample], written: Callable[[Sample], Iterable[str]]) -> None:
        self._letters = _Words(drafts, written, RARE_LETTERS)
        self._classes = _Words(drafts, lambda draft: draft.classes, RARE_CLASSES)
        self.names = (self._letters.names, self._classes.names)

    def rows(self, drafts: Sequence[Sample]) -> csr_matrix:
        """Give a row a draft: letters, then classes."""
        return hstack([self._letters.rows(drafts) * LETTERS, self._classes.rows(drafts)]).tocsr()


class _Words:
    """One kind of features, those that stand in some drafts at least."""

    def __init__(self, drafts: Sequence[Sample], written: Callable[[Sample], Iterable[str]], least: int) -> None:
        counted = Counter(word for draft in drafts for word in written(draft))
        self.names = sorted(word for word, count in counted.items() if count >= least)
        self._counter = CountVectorizer(analyzer=written, vocabulary=self.names, binary=True)

    def rows(self, drafts: Sequence[Sample]) -> csr_matrix:
        """Give a row a draft."""
        return normalize(self._counter.transform(drafts)) if self.names else csr_matrix((len(drafts), 0))


@dataclass(frozen=True)
class Model:
    """A linear model a column: ``weights`` has a row a feature."""

    features: Features
    weights: Floats
    bias: Floats

    @classmethod
    def fit(
        cls, drafts: Sequence[Sample], columns: Iterable[Topic | None], written: Callable[[Sample], Iterable[str]]
    ) -> Model:
        """Learn to tell each topic, or with None whether anything is wrong."""
        features = Features(drafts, written)
        rows = features.rows(drafts)
        labels = [_labels(drafts, column) for column in columns]
        fitted = Parallel(n_jobs=-1)(delayed(_regression)(rows[counts], is_so[counts]) for is_so, counts in labels)
        scale = np.repeat((LETTERS, 1.0), [len(names) for names in features.names])
        weights = np.array([each.coef_[0] for each in fitted]).T * scale[:, None]
        return cls(features, weights, np.array([each.intercept_[0] for each in fitted]))

    def odds(self, drafts: Sequence[Sample]) -> Floats:
        """Give the log odds of each column, a row a draft."""
        scale = np.repeat((LETTERS, 1.0), [len(names) for names in self.features.names])
        odds: Floats = self.features.rows(drafts) @ (self.weights / scale[:, None]) + self.bias
        return odds


def _regression(rows: csr_matrix, is_so: Flags) -> LogisticRegression:
    return LogisticRegression(C=20, max_iter=500, class_weight="balanced", solver="liblinear").fit(rows, is_so)


def _labels(drafts: Sequence[Sample], column: Topic | None) -> tuple[Flags, Flags]:
    """Tell which drafts are of a topic, and which count."""
    if column is None:
        return np.array([bool(draft.topics) for draft in drafts]), np.ones(len(drafts), bool)
    return np.array([column in draft.topics for draft in drafts]), np.array(
        [column not in draft.unsure for draft in drafts]
    )


COLUMNS: Sequence[Topic | None] = (*TOPICS, None)


def _nothing(_: Sample) -> list[str]:
    return []


def _short(draft: Sample) -> list[str]:
    """Give the letters that a gate looks at."""
    return [letters for letters in draft.letters if len(letters) < 3 and max(letters) <= "\uffff"]


@dataclass(frozen=True)
class Classifiers:
    """The classifier, and the small ones that tell which drafts are worth its time."""

    whole: Model
    gates: Sequence[Model]

    @classmethod
    def fit(cls, drafts: Sequence[Sample]) -> Classifiers:
        """Learn all from some drafts."""
        gates = [Model.fit(drafts, (None,), written) for written in (_nothing, _short)]
        return cls(Model.fit(drafts, COLUMNS, lambda draft: draft.letters), gates)


@dataclass(frozen=True)
class Fold:
    """Authors whom the classifiers have not seen, with what they make of their drafts."""

    voices: frozenset[str]
    learned: Classifiers
    drafts: Sequence[Sample]
    odds: Floats
    by_gate: Sequence[Floats]

    @classmethod
    def fit(cls, voices: frozenset[str], drafts: Sequence[Sample]) -> Fold:
        """Learn from all other authors."""
        learned = Classifiers.fit([draft for draft in drafts if draft.voice not in voices])
        unseen = [draft for draft in drafts if draft.voice in voices]
        by_gate = [gate.odds(unseen)[:, 0] for gate in learned.gates]
        return cls(voices, learned, unseen, learned.whole.odds(unseen), by_gate)


def dealt(drafts: Sequence[Sample]) -> list[frozenset[str]]:
    """Deal the authors out, the longest first, so that the folds are of much the same size."""
    hands: list[list[str]] = [[] for _ in range(FOLDS)]
    size = {who: sum(draft.voice == who for draft in drafts) for who in {draft.voice for draft in drafts} - {"rules"}}
    for who in sorted(size, key=lambda each: (-size[each], each)):
        min(hands, key=lambda hand: sum(size[each] for each in hand)).append(who)
    return [frozenset(hand) for hand in hands]


def weighing(folds: Iterable[Fold]) -> Weighing:
    """Learn how far to trust rules and classifier, on drafts that neither of them had seen."""
    rows: list[Sequence[float]] = []
    is_so: list[bool] = []
    for fold in folds:
        for draft, odds in zip(fold.drafts, fold.odds, strict=True):
            for topic in frozenset(TOPICS) - draft.unsure if draft.voice in UNREAD else ():
                rows.append(_terms(draft, topic, _opinion(odds)))
                is_so.append(topic in draft.topics)
    regression = LogisticRegression(max_iter=2000).fit(np.array(rows), np.array(is_so))
    names = ("topic", "anything", "behind", "found", "enough", "other")
    learned = dict(zip(names, regression.coef_[0].round(3).tolist(), strict=True))
    return Weighing(bias=round(float(regression.intercept_[0]), 3), **learned)


def _opinion(odds: Floats) -> Opinion:
    return Opinion(dict(zip(TOPICS, odds, strict=False)), odds[-1])


def _terms(draft: Sample, topic: Topic, opinion: Opinion) -> Sequence[float]:
    enough = standing(draft.found)
    odds = opinion.topics[topic]
    behind = max(opinion.topics.values()) - odds
    return (odds, opinion.anything, behind, topic in draft.found, topic in enough, bool(enough - {topic}))


def thresholds(folds: Sequence[Fold], how: Weighing) -> list[float]:
    """Tell from which odds on each gate lets a draft through, so that it loses few of which the classifier warns."""
    warned = np.array([bool(standing({}, _opinion(odds), how)) for fold in folds for odds in fold.odds])
    by_gate = [np.concatenate(each)[warned] for each in zip(*(fold.by_gate for fold in folds), strict=True)]
    return [round(float(np.quantile(odds, loss)), 3) for odds, loss in zip(by_gate, GATES_LOSE, strict=True)]


def plain(folds: Sequence[Fold]) -> float:
    """Tell below which odds of the first gate rules need not look, so that they lose little that they rightly found."""
    odds = [
        by_classes
        for fold in folds
        for draft, by_classes in zip(fold.drafts, fold.by_gate[0], strict=True)
        if draft.topics & standing(draft.found)
    ]
    return round(float(np.quantile(odds, PLAIN_LOSES)), 3)


def weights(learned: Classifiers, how: Weighing, passes: Sequence[float], nothing: float) -> Weights:
    """Write the classifiers down in steps of a byte."""
    model = learned.whole
    unit = np.abs(model.weights).max(axis=0) / 127
    steps = np.rint(model.weights / unit).astype(int)
    of_letters, of_classes = model.features.names
    kept = (np.abs(model.weights).max(axis=1) >= SMALL).tolist()
    rows = [_row(row) if is_kept else "" for row, is_kept in zip(steps, kept, strict=True)]
    return Weights(
        trained_on=digest(),
        topics=TOPICS,
        bias=tuple(model.bias.round(4).tolist()),
        unit=tuple(unit.round(6).tolist()),
        weighing=how,
        by_classes=_gate(learned.gates[0], passes[0]),
        by_letters=_gate(learned.gates[1], passes[1]),
        plain=nothing,
        letters={name: row for name, row in zip(of_letters, rows, strict=False) if row},
        classes={name: row for name, row in zip(of_classes, rows[len(of_letters) :], strict=True) if row},
    )


def _row(steps: NDArray[np.int_]) -> str:
    return b64encode(bytes((steps + 128).tolist())).decode()


def _gate(model: Model, threshold: float) -> Gate:
    of_letters, of_classes = model.features.names
    unit = float(np.abs(model.weights).max()) / GATE_STEPS
    steps = np.rint(model.weights[:, 0] / unit).astype(int).tolist()
    return Gate(
        bias=round(float(model.bias[0]), 4),
        threshold=threshold,
        unit=round(unit, 6),
        letters={name: step for name, step in zip(of_letters, steps, strict=False) if step},
        classes={name: step for name, step in zip(of_classes, steps[len(of_letters) :], strict=True) if step},
    )


def digest() -> str:
    """Name the drafts that are trained on."""
    contents = (path.read_bytes() for path in FILES if path.stem not in HELD)
    return hashlib.sha256(b"".join(contents)).hexdigest()[:16]


def report(folds: Iterable[Fold], rulebook: Rulebook, write: Callable[[Classifiers], Weights]) -> None:
    """Judge every file by the rules and a classifier that has not seen its author."""
    unread = Score()
    for fold in folds:
        unseeing = replace(rulebook, weights=write(fold.learned))
        reviewer = Reviewer(Guideline.load("chiba"), unseeing)
        for path in FILES:
            if voice(path.stem) in fold.voices:
                score = judge(read(path), reviewer)
                show(path.name, replace(score, by={}), 0)
                if voice(path.stem) in UNREAD:
                    unread.add(score)
    show("all whose misses nobody had read", unread, 0)


def main() -> None:
    """Train, print how authors fare whom the classifier has not seen, and write the file."""
    FILE.unlink(missing_ok=True)  # of another edition it could not be read
    rulebook = Rulebook.load()
    drafts = [draft for draft in samples(rulebook) if draft.voice not in HELD]
    folds = [Fold.fit(voices, drafts) for voices in dealt(drafts)]
    how = weighing(folds)
    write = partial(weights, how=how, passes=thresholds(folds, how), nothing=plain(folds))
    written = write(Classifiers.fit(drafts))
    FILE.write_text(json.dumps(written.model_dump(mode="json"), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    report(folds, rulebook, write)


if __name__ == "__main__":
    main()
