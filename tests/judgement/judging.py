"""Scores of a reviewer on labelled drafts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import rules
from rules import Finding, Level, Reviewer

TODAY = date(2026, 11, 21)
FILES = (*sorted(Path(__file__).parent.glob("*.jsonl")), Path(rules.__file__).parent / "data" / "ordinary.jsonl")
"""Our own labelled drafts. The last are the harmless ones by which the engine weighs words (``rules.evidence``)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled draft."""

    id: str
    text: str
    must: tuple[frozenset[str], ...]
    may: frozenset[str]
    kind: str
    today: date

    @property
    def allowed(self) -> frozenset[str]:
        """Topics that may be raised without a false alarm."""
        return self.may.union(*self.must)


@dataclass(slots=True)
class Score:
    """Counts over many cases. ``by`` has, for every topic and kind, groups met and groups in all."""

    met: int = 0
    groups: int = 0
    right: int = 0
    wrong: int = 0
    alarmed: int = 0
    clean: int = 0
    by: dict[str, Counter[bool]] = field(default_factory=dict)
    misses: list[tuple[Case, frozenset[str]]] = field(default_factory=list)
    alarms: list[tuple[Case, Finding]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the groups that were met."""
        return self.met / max(1, self.groups)

    @property
    def precision(self) -> float:
        """Share of the topics raised that were right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def clean_alarmed(self) -> float:
        """Share of the clean drafts with a false alarm."""
        return self.alarmed / max(1, self.clean)

    def add(self, other: Score) -> None:
        """Add the counts of other cases; not what ``by`` and the lists tell."""
        for name in ("met", "groups", "right", "wrong", "alarmed", "clean"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def read(path: Path) -> Iterator[Case]:
    """Read the cases of a file of JSON lines."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            entry = json.loads(line)
            yield Case(
                id=entry["id"],
                text=entry["text"],
                must=tuple(frozenset(group) for group in entry["must"]),
                may=frozenset(entry.get("may", ())),
                kind=entry["kind"],
                today=date.fromisoformat(entry["today"]) if "today" in entry else TODAY,
            )


def judge(cases: Iterable[Case], reviewer: Reviewer) -> Score:
    """Review every case and count."""
    score = Score()
    for case in cases:
        findings = reviewer.review(case.text, today=case.today).findings
        _count(score, case, {str(found.topic): found for found in findings if found.level is not Level.NOTE})
    return score


def _count(score: Score, case: Case, raised: Mapping[str, Finding]) -> None:
    for group in case.must:
        met = not group.isdisjoint(raised)
        score.groups += 1
        score.met += met
        for key in (
            f"topic {min(group)}" if len(group) == 1 else f"topic {'/'.join(sorted(group))}",
            f"kind {case.kind}",
        ):
            score.by.setdefault(key, Counter())[met] += 1
        if not met:
            score.misses.append((case, group))
    false = [finding for topic, finding in raised.items() if topic not in case.allowed]
    score.right += len(raised) - len(false)
    score.wrong += len(false)
    score.alarms += [(case, finding) for finding in false]
    if not case.must:
        score.clean += 1
        score.alarmed += bool(false)
