"""Guidelines (ガイドライン): a municipality's clauses, word for word, and which of them a topic cites.

A rule never names a clause, since two guidelines number the same thought differently. What a rule has is a topic;
``Guideline.cite`` turns it into labels such as ``4(6)①``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rules import yamlfile
from rules.model import Level, RulesError, Topic

_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause (条項) as the municipality wrote it."""

    label: str
    """As the guideline prints it, in ASCII digits and parentheses: ``4(7)③ア``."""
    text: str
    """Official wording. Empty where the clause is only a heading over others."""
    heading: str | None = None
    """A heading that the guideline puts above the text."""
    unchecked: str | None = None
    """Why a draft cannot be checked against it (Japanese); None where a topic cites it."""
    section: str = ""
    """Title of the section that it stands in."""


@dataclass(frozen=True, slots=True)
class Refinement:
    """Rules of a topic that cite other clauses than the rest of it."""

    topic: Topic
    rules: str
    """A rule id, or the beginning of one followed by ``*``."""
    clauses: tuple[str, ...]

    def covers(self, topic: Topic, rule: str) -> bool:
        """Whether it speaks about this rule."""
        if topic is not self.topic:
            return False
        return rule.startswith(self.rules[:-1]) if self.rules.endswith("*") else rule == self.rules


@dataclass(frozen=True, slots=True)
class Coverage:
    """What stands behind one clause: a row of ``sns-check guideline coverage``."""

    clause: Clause
    topics: tuple[Topic, ...]
    rules: tuple[str, ...]
    with_block: bool
    """Cited beside every finding of level block."""


@dataclass(frozen=True, slots=True)
class Guideline:
    """One municipality's guideline. Every clause is either cited or says why it cannot be checked."""

    id: str
    municipality: str
    name: str
    edition: str
    """Edition of our data file, raised whenever wording or citations change."""
    source: str
    clauses: tuple[Clause, ...]
    topics: Mapping[Topic, tuple[str, ...]]
    refinements: tuple[Refinement, ...] = ()
    with_block: tuple[str, ...] = ()
    """Labels that a finding of level block cites as well."""
    hosts: tuple[str, ...] = ()
    """The municipality's own web hosts, in lower case; hosts below them are its own, too (``www.city.chiba.jp``)."""

    @classmethod
    def load(cls, name_or_path: str | Path) -> Guideline:
        """Load a shipped guideline by id (``"chiba"``), or anybody's from a path to a YAML file.

        Raises RulesError if there is no such guideline, or the file cannot be used.
        """
        return _assemble(yamlfile.read(_source(name_or_path)))

    @classmethod
    def shipped(cls) -> tuple[str, ...]:
        """Ids of the guidelines that come with the program, sorted."""
        return tuple(sorted(entry.name.removesuffix(_SUFFIX) for entry in _folder().iterdir() if _is_file(entry)))

    @property
    def version(self) -> str:
        """Id and edition, as kept beside every review: ``chiba 1``."""
        return f"{self.id} {self.edition}"

    def clause(self, label: str) -> Clause:
        """Return the clause with this label. Raises KeyError if the guideline has none."""
        for clause in self.clauses:
            if clause.label == label:
                return clause
        raise KeyError(label)

    def cite(self, topic: Topic, rule: str, level: Level) -> tuple[str, ...]:
        """Labels that a finding of this topic, rule and level cites, in the order in which to show them."""
        cited = self._cited_by(topic, rule)
        if level is not Level.BLOCK:
            return cited
        return cited + tuple(label for label in self.with_block if label not in cited)

    def topics_of(self, label: str) -> tuple[Topic, ...]:
        """Topics that cite this clause, for all or some of their rules; not those that only add it to a block."""
        direct = {topic for topic, labels in self.topics.items() if label in labels}
        refined = {refinement.topic for refinement in self.refinements if label in refinement.clauses}
        return tuple(topic for topic in Topic if topic in direct | refined)

    def coverage(self, rules: Mapping[Topic, Sequence[str]]) -> tuple[Coverage, ...]:
        """Say for every clause, in order, which topics and which of these rule ids cite it."""
        return tuple(
            Coverage(
                clause=clause,
                topics=self.topics_of(clause.label),
                rules=tuple(
                    rule
                    for topic in self.topics_of(clause.label)
                    for rule in rules.get(topic, ())
                    if clause.label in self._cited_by(topic, rule)
                ),
                with_block=clause.label in self.with_block,
            )
            for clause in self.clauses
        )

    def _cited_by(self, topic: Topic, rule: str) -> tuple[str, ...]:
        covering = [refinement for refinement in self.refinements if refinement.covers(topic, rule)]
        if not covering:
            return self.topics[topic]
        return max(covering, key=lambda refinement: len(refinement.rules)).clauses


# The file as it is written; its public face is above.

_Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Host: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}$")]
_Labels: TypeAlias = Annotated[tuple[str, ...], Field(min_length=1)]
_LABEL_SHAPE = r"^[1-9][0-9]*(\([1-9][0-9]*\)([①-⑳][ア-ン]?)?)?$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ClauseEntry(_Entry):
    label: Annotated[str, StringConstraints(pattern=_LABEL_SHAPE)]
    heading: _Text | None = None
    text: str = ""
    unchecked: _Text | None = None


class _SectionEntry(_Entry):
    number: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]
    title: _Text
    clauses: Annotated[tuple[_ClauseEntry, ...], Field(min_length=1)]


class _RefinementEntry(_Entry):
    topic: Topic
    rules: _Text
    clauses: _Labels


class _File(_Entry):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    municipality: _Text
    name: _Text
    edition: _Text
    source: _Text
    topics: dict[Topic, _Labels]
    refinements: tuple[_RefinementEntry, ...] = ()
    with_block: tuple[str, ...] = ()
    hosts: tuple[_Host, ...] = ()
    sections: Annotated[tuple[_SectionEntry, ...], Field(min_length=1)]


def _folder() -> Traversable:
    return files("rules") / "data" / "guidelines"


def _is_file(entry: Traversable) -> bool:
    return entry.name.endswith(_SUFFIX)


def _source(name_or_path: str | Path) -> Path | Traversable:
    if isinstance(name_or_path, str):
        if name_or_path in Guideline.shipped():
            return _folder() / f"{name_or_path}{_SUFFIX}"
        if not name_or_path.endswith((_SUFFIX, ".yml")):
            known = "、".join(Guideline.shipped())
            raise RulesError(
                f"ガイドライン「{name_or_path}」はありません。"
                f"使えるのは {known} です（ほかのものはYAMLファイルの場所で指定してください）。"
            )
    return Path(name_or_path)


def _assemble(document: yamlfile.Document) -> Guideline:
    entry = document.parse(_File)
    _check_clauses(document, entry)
    _check_labels_exist(document, entry)
    _check_topics_complete(document, entry)
    _check_every_clause_accounted_for(document, entry)
    return Guideline(
        id=entry.id,
        municipality=entry.municipality,
        name=entry.name,
        edition=entry.edition,
        source=entry.source,
        clauses=tuple(
            Clause(clause.label, clause.text.strip(), clause.heading, clause.unchecked, section.title)
            for section in entry.sections
            for clause in section.clauses
        ),
        topics=MappingProxyType(entry.topics),
        refinements=tuple(Refinement(item.topic, item.rules, item.clauses) for item in entry.refinements),
        with_block=entry.with_block,
        hosts=entry.hosts,
    )


def _walk(entry: _File) -> Iterator[tuple[yamlfile.Location, _SectionEntry, _ClauseEntry]]:
    for s, section in enumerate(entry.sections):
        for c, clause in enumerate(section.clauses):
            yield ("sections", s, "clauses", c), section, clause


def _check_clauses(document: yamlfile.Document, entry: _File) -> None:
    seen: set[str] = set()
    for path, section, clause in _walk(entry):
        if clause.label in seen:
            raise document.error(path, f"条項「{clause.label}」が二度書かれています。")
        seen.add(clause.label)
        if clause.label.partition("(")[0] != section.number:
            raise document.error(path, f"条項「{clause.label}」の番号が、章の番号「{section.number}」と合いません。")
        if not clause.text.strip() and clause.heading is None:
            raise document.error(path, f"条項「{clause.label}」に text も heading もありません。")


def _citations(entry: _File) -> Iterator[tuple[yamlfile.Location, str]]:
    """Every place in the file that cites a label."""
    for topic, labels in entry.topics.items():
        yield from ((("topics", topic.value, i), label) for i, label in enumerate(labels))
    for r, refinement in enumerate(entry.refinements):
        yield from ((("refinements", r, "clauses", i), label) for i, label in enumerate(refinement.clauses))
    yield from ((("with_block", i), label) for i, label in enumerate(entry.with_block))


def _check_labels_exist(document: yamlfile.Document, entry: _File) -> None:
    labels = {clause.label for _, _, clause in _walk(entry)}
    for path, label in _citations(entry):
        if label not in labels:
            raise document.error(path, f"条項「{label}」は sections にありません。")


def _check_topics_complete(document: yamlfile.Document, entry: _File) -> None:
    for topic in Topic:
        if topic not in entry.topics:
            raise document.error(("topics",), f"話題「{topic}」が引用する条項が書かれていません。")


def _check_every_clause_accounted_for(document: yamlfile.Document, entry: _File) -> None:
    cited = {label for _, label in _citations(entry)}
    for path, _, clause in _walk(entry):
        if clause.label not in cited and clause.unchecked is None:
            raise document.error(
                path,
                f"条項「{clause.label}」は、どの話題からも引用されていません。"
                "topics で引用するか、unchecked に確かめられない理由を書いてください。",
            )
        if clause.label in cited and clause.unchecked is not None:
            raise document.error(
                (*path, "unchecked"),
                f"条項「{clause.label}」は引用されているのに unchecked があります。どちらか一つにしてください。",
            )
