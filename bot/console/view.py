"""What the pages show, made from what the desk knows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.compare import compare
from bot.console import words
from bot.console.marks import Piece, pieces, without_hidden
from bot.desk import JAPAN, Summary, Thread, Version
from rules import Clause, Finding, Guideline, Verdict, Versions

_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Time:
    """A moment for machines and for readers in Japan."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that a finding cites; ``clause`` is ``None`` when the guideline of today has none of this label."""

    label: str
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its number and the wording of its clauses."""

    number: int
    finding: Finding
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with its marked text and its answer; ``problem`` says why there is no answer."""

    number: int
    received: Time
    guideline: str
    pieces: tuple[Piece, ...]
    verdict: Verdict | None
    counts: str
    findings: tuple[FindingView, ...]
    solved: tuple[Finding, ...]
    versions: Versions | None
    problem: str
    may_retry: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list of drafts."""

    thread: str
    excerpt: str
    updated: Time
    versions: int
    verdict: Verdict | None


def row(summary: Summary) -> Row:
    """Return the line for a draft."""
    latest = summary.latest
    return Row(
        thread=summary.place.thread,
        excerpt=_excerpt(latest.text if latest else "") or words.NO_TEXT,
        updated=_time(summary.updated_at),
        versions=summary.versions,
        verdict=latest.verdict if latest else None,
    )


def versions(thread: Thread, guidelines: Mapping[str, Guideline]) -> tuple[VersionView, ...]:
    """Return the versions of a thread, newest first. ``guidelines`` are those they were read against, by name."""
    views = []
    before: Version | None = None
    for version in thread.versions:
        views.append(_version(version, before, guidelines.get(version.guideline), is_latest=version is thread.latest))
        before = version
    return tuple(reversed(views))


def _version(version: Version, before: Version | None, guideline: Guideline | None, *, is_latest: bool) -> VersionView:
    findings = version.review.findings if version.review else ()
    unanswered = version.review is None and version.unreadable is None
    return VersionView(
        number=version.number,
        received=_time(version.received_at),
        guideline=guideline.name if guideline else version.guideline,
        pieces=pieces(version.text, findings),
        verdict=version.verdict,
        counts=words.counts(Counter(finding.level for finding in findings)),
        findings=tuple(
            FindingView(number, finding, tuple(_citation(guideline, label) for label in finding.clauses))
            for number, finding in enumerate(findings, start=1)
        ),
        solved=compare(before.review, version.review).solved if before and before.review and version.review else (),
        versions=version.review.versions if version.review else None,
        problem=_problem(version, is_latest=is_latest),
        may_retry=unanswered and is_latest,
    )


def _problem(version: Version, *, is_latest: bool) -> str:
    if version.review:
        return ""
    if version.unreadable:
        return words.UNREADABLE[version.unreadable]
    return words.NOT_REVIEWED if is_latest else words.OLD_NOT_REVIEWED


def _citation(guideline: Guideline | None, label: str) -> Citation:
    try:
        return Citation(label, guideline.clause(label) if guideline else None)
    except KeyError:  # reviewed against an earlier edition
        return Citation(label, None)


def _excerpt(text: str) -> str:
    line = " ".join(without_hidden(text).split())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT] + "…"


def _time(moment: datetime) -> Time:
    local = moment.astimezone(JAPAN)
    return Time(
        iso=local.isoformat(timespec="seconds"),
        text=f"{local.year}年{local.month}月{local.day}日 {local.hour}:{local.minute:02}",
    )
