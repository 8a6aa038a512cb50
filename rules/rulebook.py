"""The rule book (規則集): rule files and word files, loaded, validated and assembled.

A rule lives in one place, a file of its topic in ``data/rules/``. It has examples that must hit and near misses that
must not; a file without
them is refused. Mistakes are ``RulesError`` with file, rule and line, in Japanese.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from rules import classifier, patterns, yamlfile
from rules.classifier import Weights
from rules.detectors import DETECTORS
from rules.lexicon import WordClass
from rules.model import Level, RulesError, Scope, Topic

EDITION = "2026.11"
"""Edition of the rule set, raised with every release that changes what is found."""

_Item = TypeVar("_Item")

WORDS = "words"
"""The placeholder of the rules that tell what the classifier hears: the words that told it most."""

QUOTE = "quote"
"""The one placeholder that every rule's message may use: the words that the author wrote."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must find something in, or must not. ``quote``: the words that have to be marked, if said."""

    text: str
    today: date | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for.

    ``when`` are patterns, or ``detector`` the id of a check, or it is the one by which the classifier speaks of its
    topic (``tone``, ``rules.classifier``); ``unless`` are patterns that excuse. ``alone``: what it finds is plain
    enough to stand alone, however common its words are (``rules.evidence``).
    """

    id: str
    title: str
    topic: Topic
    level: Level
    when: tuple[str, ...]
    within: str
    unless: tuple[str, ...]
    detector: str | None
    tone: bool
    excused: frozenset[Scope]
    only: frozenset[Scope]
    alone: bool
    message: str
    suggestion: str
    hits: tuple[Example, ...]
    misses: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules and word classes. ``version`` is the edition with a digest of every file.

    ``ordinary`` are posts as they should be: they tell which words are everyday ones (``rules.evidence``). ``weights``
    are the classifier's.
    """

    rules: tuple[Rule, ...]
    classes: tuple[WordClass, ...]
    version: str
    ordinary: tuple[str, ...] = ()
    weights: Weights | None = field(default=None, hash=False)

    @classmethod
    def load(cls, folder: Path | Traversable | None = None) -> Rulebook:
        """Read ``words/*.yaml`` and ``rules/*.yaml`` below a folder; without one, those that are shipped.

        ``ordinary.jsonl`` and ``classifier.json`` beside them may be missing.

        Raises RulesError.
        """
        return _shipped() if folder is None else _load(folder)

    def by_topic(self) -> Mapping[Topic, tuple[str, ...]]:
        """Rule ids of every topic, in the order of the files."""
        return {topic: tuple(rule.id for rule in self.rules if rule.topic is topic) for topic in Topic}


# --- the files -------------------------------------------------------------------------------------------------------


def _words(value: Any) -> Any:
    """Split a text: a list of words may be written as one, with spaces between them."""
    return value.split() if isinstance(value, str) else value


def _some(value: tuple[_Item, ...], info: ValidationInfo) -> tuple[_Item, ...]:
    """Refuse an empty list. ``min_length`` would also complain, and first, about a list whose entries are wrong."""
    if not value:
        raise ValueError(f"「{info.field_name}」が空です。")
    return value


def _lines(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
_Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ClassEntry(_Entry):
    words: _Words = Field(min_length=1)
    exceptions: _Words = Field(default=(), alias="except")
    disguised: bool = False


class _WordsFile(_Entry):
    classes: dict[str, _ClassEntry]


class _ExampleEntry(_Entry):
    text: str = Field(min_length=1)
    today: date | None = None
    quote: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class _ExamplesEntry(_Entry):
    hit: Annotated[tuple[_ExampleEntry, ...], AfterValidator(_some)]
    miss: Annotated[tuple[_ExampleEntry, ...], AfterValidator(_some)]


class _RuleEntry(_Entry):
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    level: Level
    when: _Lines = ()
    within: str = "sentence"
    unless: _Lines = ()
    detector: str | None = None
    tone: bool = False
    excused: tuple[Scope, ...] | None = None
    only: tuple[Scope, ...] = ()
    alone: bool = False
    message: str = Field(min_length=1)
    suggestion: str = Field(min_length=1)
    examples: _ExamplesEntry

    @model_validator(mode="after")
    def _one_kind(self) -> _RuleEntry:
        if bool(self.when) + bool(self.detector) + self.tone != 1:
            raise ValueError(f"規則「{self.id}」には「when」「detector」「tone」のどれか一つを書いてください。")
        if self.within not in patterns.WINDOWS:
            raise ValueError(f"規則「{self.id}」の「within」に使える値は {', '.join(patterns.WINDOWS)} です。")
        return self


class _RulesFile(_Entry):
    topic: Topic
    excused: tuple[Scope, ...] = ()
    rules: Annotated[tuple[_RuleEntry, ...], AfterValidator(_some)]


# --- reading them ----------------------------------------------------------------------------------------------------


@cache
def _shipped() -> Rulebook:
    return _load(files("rules") / "data")


def _load(folder: Path | Traversable) -> Rulebook:
    digest = hashlib.sha256()
    classes: dict[str, WordClass] = {}
    for source in _yaml_files(folder, "words"):
        digest.update(source.read_bytes())
        for word_class in _classes(yamlfile.read(source), classes):
            classes[word_class.name] = word_class
    rules: dict[str, Rule] = {}
    for source in _yaml_files(folder, "rules"):
        document = yamlfile.read(source)
        digest.update(source.read_bytes())
        for number, rule in enumerate(_rules(document)):
            if rule.id in rules:
                raise document.error(
                    ("rules", number, "id"), f"規則「{rule.id}」はほかの場所にもあります。別の id にしてください。"
                )
            rules[rule.id] = rule
    ordinary = folder / "ordinary.jsonl"
    posts = ordinary.read_bytes() if ordinary.is_file() else b""
    digest.update(posts)
    weights = _weights(folder / "classifier.json", digest)
    version = f"{EDITION}+{digest.hexdigest()[:8]}"
    texts = tuple(json.loads(line)["text"] for line in posts.decode().splitlines())
    return Rulebook(tuple(rules.values()), tuple(classes.values()), version, texts, weights)


def _weights(source: Path | Traversable, digest: hashlib._Hash) -> Weights | None:
    if not source.is_file():
        return None
    digest.update(source.read_bytes())
    return classifier.read(source)


def _yaml_files(folder: Path | Traversable, name: str) -> list[Traversable]:
    inside = folder / name
    found = [entry for entry in inside.iterdir() if entry.name.endswith(".yaml")] if inside.is_dir() else []
    if not found:
        raise RulesError(f"{inside}：規則のファイル（.yaml）がありません。")
    return sorted(found, key=lambda entry: entry.name)


def _classes(document: yamlfile.Document, known: Mapping[str, WordClass]) -> Iterator[WordClass]:
    for name, entry in document.parse(_WordsFile).classes.items():
        if name in known:
            raise document.error(("classes", name), f"語群「{name}」はほかのファイルにもあります。")
        yield WordClass(name, entry.words, entry.exceptions, entry.disguised)


def _rules(document: yamlfile.Document) -> Iterator[Rule]:
    file = document.parse(_RulesFile)
    checks = {check: facts for detector in DETECTORS for check, facts in detector.checks.items()}
    for number, entry in enumerate(file.rules):
        at = ("rules", number)
        if not entry.id.startswith(f"{file.topic}."):
            raise document.error((*at, "id"), f"規則の id「{entry.id}」は「{file.topic}.」で始めてください。")
        if entry.detector is not None and entry.detector not in checks:
            raise document.error((*at, "detector"), f"規則「{entry.id}」：検出器「{entry.detector}」がありません。")
        facts = frozenset((WORDS,)) if entry.tone else checks.get(entry.detector or "", frozenset())
        _check_placeholders(document, at, entry, facts)
        yield _rule(file, entry)


def _check_placeholders(
    document: yamlfile.Document, at: tuple[str | int, ...], entry: _RuleEntry, facts: frozenset[str]
) -> None:
    allowed = facts | {QUOTE}
    for part in ("message", "suggestion"):
        try:
            names = [name for _, name, _, _ in Formatter().parse(getattr(entry, part)) if name is not None]
        except ValueError:
            raise document.error((*at, part), f"規則「{entry.id}」：波かっこの対応が取れていません。") from None
        for name in names:
            if name not in allowed:
                usable = "、".join(f"{{{fact}}}" for fact in sorted(allowed))
                raise document.error(
                    (*at, part), f"規則「{entry.id}」：{{{name}}} は使えません。使えるのは {usable} です。"
                )


def _rule(file: _RulesFile, entry: _RuleEntry) -> Rule:
    return Rule(
        id=entry.id,
        title=entry.title,
        topic=file.topic,
        level=entry.level,
        when=entry.when,
        within=entry.within,
        unless=entry.unless,
        detector=entry.detector,
        tone=entry.tone,
        excused=frozenset(file.excused if entry.excused is None else entry.excused),
        only=frozenset(entry.only),
        alone=entry.alone,
        message=entry.message,
        suggestion=entry.suggestion,
        hits=_examples(entry.examples.hit),
        misses=_examples(entry.examples.miss),
    )


def _examples(entries: Iterable[_ExampleEntry]) -> tuple[Example, ...]:
    return tuple(Example(entry.text, entry.today, entry.quote) for entry in entries)
