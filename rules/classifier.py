"""How a passage reads as a whole (文面の調子): a linear classifier over its letters and word classes.

Rules find what they were given words for, and find it wherever these words meet. The classifier has heard many labelled
drafts of every topic, and harmless ones that share their words, and tells how a passage compares with them: it
overrules a rule that everyday words set off, backs one whose words say little by themselves, and speaks up where no
rule knows the words (``rules.evidence``). What it learned is a weight a topic for every one to three letters in a row
and for every word class, in one file, ``data/classifier.json``. ``make classifier`` writes it.
"""

from __future__ import annotations

import json
import sys
from binascii import a2b_base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from importlib.resources.abc import Traversable
from math import sqrt
from operator import add
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from rules.draft import Draft
from rules.lexicon import Reading, bits
from rules.model import RulesError, Topic

PASSAGE: Final = 280
"""Code points of a passage, more or less: as long as the drafts by which the classifier was trained. Longer drafts are
read in several passages, so that one bad sentence is not lost among many good ones."""

_ZERO: Final = 128
"""Byte that stands for a weight of nothing."""


class Opinion(NamedTuple):
    """What the classifier thinks of a passage, in natural log odds."""

    topics: Mapping[Topic, float]
    anything: float
    """That something, whatever it is, should not be published."""


class Passage(NamedTuple):
    """Whole sentences of a draft, by their indexes and by code points; half open."""

    first: int
    last: int
    start: int
    end: int


class Weighing(BaseModel):
    """How the classifier's opinion of a topic and what rules found of it are put together, in log odds.

    A sum of its fields, each times what it is about: see ``rules.evidence.standing``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    topic: float
    anything: float
    behind: float
    found: float
    enough: float
    other: float


class Gate(BaseModel):
    """A small classifier that tells cheaply which passages are worth a closer look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    threshold: float
    """Log odds above which a passage is let through."""
    unit: float
    """Log odds of a weight of one."""
    letters: Mapping[str, int]
    """Weights of one letter or two in a row, of the basic plane."""
    classes: Mapping[str, int]


class Weights(BaseModel):
    """The file. ``letters`` and ``classes`` hold a byte a column, 128 for zero, in Base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trained_on: str
    """Digest of the labelled drafts."""
    topics: tuple[Topic, ...]
    """What the columns are about; one more is about anything."""
    bias: tuple[float, ...]
    unit: tuple[float, ...]
    """Log odds of one step of a column's bytes."""
    weighing: Weighing
    by_classes: Gate
    """Looks at word classes only."""
    by_letters: Gate
    """Looks at what the other lets through, and at letters, too."""
    plain: float
    """Log odds of ``by_classes`` below which nothing at all can be wrong."""
    letters: Mapping[str, str]
    classes: Mapping[str, str]


def read(source: Path | Traversable) -> Weights:
    """Read a file of weights. Raises RulesError."""
    try:
        return Weights.model_validate(json.loads(source.read_text("utf-8")))
    except (ValidationError, ValueError) as failure:
        raise RulesError(
            f"{source}：分類器の重みとして読めません。「make classifier」で作り直してください。"
        ) from failure


def letters(text: str) -> set[str]:
    """Give every letter, and every two and three letters in a row of a text."""
    pairs = list(map(add, text, text[1:]))
    return {*text, *pairs, *map(add, pairs, text[2:])}


def passages(draft: Draft) -> Iterator[Passage]:
    """Cut a draft into passages of much the same length."""
    length = len(draft.text)
    goal = length / max(1, round(length / PASSAGE))
    first = start = 0
    for index, (_, end) in enumerate(draft.sentences):
        if end - start >= goal or end == length:
            yield Passage(first, index + 1, start, end)
            first, start = index + 1, end


def classes(reading: Reading, passage: Passage) -> int:
    """Give the word classes of which letters stand in a passage, as bits."""
    mask = 0
    for sentence in range(passage.first, passage.last):
        mask |= reading.masks.get(sentence, 0)
    return mask


class _Rows:
    """Weights by feature, a byte a column, each row as one whole number: rows are added up in one step."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = {feature: _lanes(a2b_base64(row)) for feature, row in rows.items()}

    def sum(self, features: Iterable[str], columns: int) -> Sequence[float]:
        """Add up the columns of the features that are known, over the square root of their number."""
        known = [row for feature in features if (row := self._rows.get(feature)) is not None]
        share = 1 / sqrt(len(known) or 1)
        total = sum(known).to_bytes(columns * _LANE, "little")
        return [
            (int.from_bytes(total[at : at + _LANE], "little") - _ZERO * len(known)) * share
            for at in range(0, len(total), _LANE)
        ]

    def weight(self, feature: str, column: int) -> int:
        """Give the weight of one feature in one column, in steps."""
        row = self._rows.get(feature)
        return ((row >> 8 * _LANE * column) & 0xFF) - _ZERO if row is not None else 0


def _lanes(row: bytes) -> int:
    """Set the bytes of a row so far apart that sums of them do not meet."""
    apart = bytearray(len(row) * _LANE)
    apart[::_LANE] = row
    return int.from_bytes(apart, "little")


_LANE: Final = 4
"""Bytes for the sum of a column."""


class _Gate:
    """A gate, made ready to be fast: bits are counted, and letters are looked up by their codes.

    Nine ordinary posts of ten end here, so this is what the classifier costs.
    """

    def __init__(self, gate: Gate, names: Sequence[str]) -> None:
        self._gate = gate
        weights = [gate.classes.get(name, 0) for name in names]
        self._known = sum(1 << number for number, name in enumerate(names) if name in gate.classes)
        self._planes = tuple(_planes(weights))
        self._letters = {_code(letters): weight for letters, weight in gate.letters.items()}

    def odds(self, text: str, mask: int) -> float:
        """Give the log odds that something is wrong with a passage that has these word classes."""
        gate = self._gate
        total = gate.bias
        if count := (mask & self._known).bit_count():
            total += gate.unit / sqrt(count) * sum(value * (mask & plane).bit_count() for plane, value in self._planes)
        if self._letters:
            known = [weight for code in codes(text) if (weight := self._letters.get(code)) is not None]
            total += gate.unit / sqrt(len(known) or 1) * sum(known)
        return total

    def lets_through(self, odds: float) -> bool:
        """Tell whether these log odds are worth a closer look."""
        return odds > self._gate.threshold


def _planes(weights: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Turn a small whole number a bit into masks with a value each: their bits counted times the value make the sum."""
    for sign in (1, -1):
        for power in range(max(map(abs, weights), default=0).bit_length()):
            plane = sum(1 << at for at, weight in enumerate(weights) if weight * sign > 0 and abs(weight) >> power & 1)
            yield plane, sign << power


def codes(text: str) -> set[int]:
    """Give every letter and every two letters in a row of a text, as the numbers that UTF-16 makes of them.

    That takes half the time of making strings. A letter beyond the basic plane counts as two.
    """
    units = memoryview(text.encode(_UTF_16, "surrogatepass"))
    even, odd = units[: len(units) & ~3], units[2 : 2 + ((len(units) - 2) & ~3)]
    return {*units.cast("H"), *even.cast("I"), *odd.cast("I")}


def _code(letters: str) -> int:
    return int.from_bytes(letters.encode(_UTF_16), sys.byteorder)


_UTF_16: Final = f"utf-16-{sys.byteorder[0]}e"


class Classifier:
    """Weights, bound to the word classes of a rule book by ``names``. Immutable, shared between threads.

    A passage in which a word class of ``watched`` stands is never plain.
    """

    def __init__(self, weights: Weights, names: Sequence[str], watched: Collection[str] = ()) -> None:
        self.weighing = weights.weighing
        self._weights = weights
        self._names = names
        self._letters, self._classes = _Rows(weights.letters), _Rows(weights.classes)
        self._by_classes, self._by_letters = _Gate(weights.by_classes, names), _Gate(weights.by_letters, names)
        known = weights.classes.keys() - set(watched)
        self._watched = sum(1 << number for number, name in enumerate(names) if name not in known)

    def suspicion(self, reading: Reading, passage: Passage) -> float:
        """Give the log odds that something is wrong with a passage, by its word classes alone."""
        return self._by_classes.odds("", classes(reading, passage))

    def is_plain(self, reading: Reading, passage: Passage, suspicion: float) -> bool:
        """Tell whether rules need not look at a passage, since it is sure that they would be overruled.

        Where a word class stands of which the classifier never heard, which somebody added, it is not.
        """
        return suspicion < self._weights.plain and not classes(reading, passage) & self._watched

    def may_be_wrong(self, reading: Reading, passage: Passage, suspicion: float) -> bool:
        """Tell cheaply whether a passage could be of any topic."""
        if not self._by_classes.lets_through(suspicion):
            return False
        text = reading.draft.text[passage.start : passage.end]
        return self._by_letters.lets_through(self._by_letters.odds(text, classes(reading, passage)))

    def judge(self, reading: Reading, passage: Passage) -> Opinion:
        """Tell what a passage sounds like."""
        weights = self._weights
        columns = len(weights.bias)
        names = (self._names[number] for number in bits(classes(reading, passage)))
        by_letters = self._letters.sum(letters(reading.draft.text[passage.start : passage.end]), columns)
        by_classes = self._classes.sum(names, columns)
        odds = [
            bias + unit * (one + other)
            for bias, unit, one, other in zip(weights.bias, weights.unit, by_letters, by_classes, strict=True)
        ]
        return Opinion(dict(zip(weights.topics, odds, strict=False)), odds[-1])

    def heat(self, reading: Reading, sentence: int, topic: Topic) -> list[float]:
        """Share the weights of what stands in a sentence out over its code points: how much each speaks for a topic."""
        column = self._weights.topics.index(topic)
        begin, end = reading.draft.sentences[sentence]
        text = reading.draft.text[begin:end]
        heat = [0.0] * len(text)
        for length in (1, 2, 3):
            for at in range(len(text) - length + 1):
                _warm(heat, at, at + length, self._letters.weight(text[at : at + length], column))
        held = bits(reading.masks.get(sentence, 0))
        weighed = ((self._classes.weight(self._names[number], column), number) for number in held)
        for weight, number in nlargest(_TELLING_CLASSES, weighed):
            for start, finish, _ in reading.spots(sentence, number):
                _warm(heat, start - begin, finish - begin, weight)
        return heat


_TELLING_CLASSES: Final = 8
"""Word classes of a sentence whose words are looked up to be named: the heaviest, as a sentence holds some hundred."""


def _warm(heat: list[float], start: int, end: int, weight: float) -> None:
    for at in range(start, end):
        heat[at] += weight / (end - start)
