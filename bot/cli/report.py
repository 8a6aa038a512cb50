"""A review as JSON for programs and as text for people; pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from bot.cli.terminal import Line, harmless, harmless_json
from rules import Clause, Finding, Guideline, Level, Review, Verdict, Versions
from rules.guideline import Coverage

if TYPE_CHECKING:  # a review should not wait for what the doctor needs
    from bot.doctor import Result

Json = dict[str, Any]

_VERDICTS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.BLOCK: ("発信禁止", "発信する前に直してください。", "bold red"),
    Verdict.WARN: ("要確認", "発信する前に確かめてください。", "bold yellow"),
    Verdict.PASS: ("問題なし", "ガイドラインに照らして、直すところは見つかりませんでした。", "bold green"),
}
_LEVELS: Mapping[Level, tuple[str, str]] = {
    Level.BLOCK: ("発信禁止", "bold red"),
    Level.WARN: ("要確認", "bold yellow"),
    Level.NOTE: ("参考", "bold cyan"),
}
_MARKS: Mapping[str, tuple[str, str]] = {
    "fine": ("正常", "green"),
    "notice": ("注意", "bold yellow"),
    "wrong": ("異常", "bold red"),
}


# for programs


def finding_json(finding: Finding) -> Json:
    """One finding; ``start`` and ``end`` count code points of the text that was read."""
    return {
        "rule": finding.rule,
        "topic": finding.topic.value,
        "level": finding.level.value,
        "clauses": list(finding.clauses),
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "message": finding.message,
        "suggestion": finding.suggestion,
    }


def review_json(review: Review, guideline: Guideline) -> Json:
    """One whole review, with what it was made with."""
    return {
        "verdict": review.verdict.value,
        "findings": [finding_json(finding) for finding in review.findings],
        "guideline": {
            "id": guideline.id,
            "municipality": guideline.municipality,
            "name": guideline.name,
            "edition": guideline.edition,
        },
        "versions": {
            "guideline": review.versions.guideline,
            "rules": review.versions.rules,
            "dictionary": review.versions.dictionary,
        },
    }


def line_json(draft_id: Any, review: Review) -> Json:
    """One line of a ``--jsonl`` run."""
    return {
        "id": draft_id,
        "verdict": review.verdict.value,
        "findings": [finding_json(finding) for finding in review.findings],
    }


def dumps(data: Json, indent: int | None = None) -> str:
    """JSON text, Japanese readable, nothing in it that steers a terminal."""
    return harmless_json(json.dumps(data, ensure_ascii=False, indent=indent))


# for people


def review_text(review: Review, guideline: Guideline) -> Iterator[Line]:
    """Say the verdict, each finding with its clauses' own words, and what it was read against."""
    yield Line(_verdict(review))
    for number, finding in enumerate(review.findings, 1):
        yield Line(Text())
        yield from _finding(number, finding, guideline)
    yield Line(Text())
    yield Line(Text(_titled(guideline), "dim"))
    yield Line(Text(versions_line(review.versions), "dim"))


def versions_line(versions: Versions) -> str:
    """Say on one line what reviews are made with."""
    return harmless(f"ガイドライン {versions.guideline}・規則 {versions.rules}・辞書 {versions.dictionary}")


def coverage_text(guideline: Guideline, rows: Iterable[Coverage]) -> Iterator[Line]:
    """Each clause with the topics and rules that cite it, or why a draft cannot be checked against it."""
    yield Line(Text(_titled(guideline)))
    section = ""
    for row in rows:
        if row.clause.section != section:
            section = row.clause.section
            yield Line(Text(harmless(f"{row.clause.label.partition('(')[0]}　{section}"), "bold"))
        yield Line(Text.assemble((row.clause.label, "bold"), "　", harmless(wording(row.clause))), 2)
        for line, style in _covered_by(row):
            yield Line(Text(harmless(line), style), 6)


def checkup_text(result: Result) -> Iterator[Line]:
    """One result of the doctor, with what to do about it."""
    word, style = _MARKS[result.mark.value]
    yield Line(Text.assemble((f"［{word}］", style), harmless(f"{result.subject}：{result.sentence}")))
    if result.remedy:
        yield Line(Text(harmless(f"→ {result.remedy}")), 4)


def wording(clause: Clause) -> str:
    """Put the clause's own words on one line, its heading first."""
    return "　".join(filter(None, (clause.heading, clause.text.replace("\n", "　"))))


def _titled(guideline: Guideline) -> str:
    return harmless(f"{guideline.name}（第{guideline.edition}版）")


def _verdict(review: Review) -> Text:
    name, advice, style = _VERDICTS[review.verdict]
    counts = ((label, sum(f.level is level for f in review.findings)) for level, (label, _) in _LEVELS.items())
    counted = "・".join(f"{label} {count}件" for label, count in counts if count)
    return Text.assemble((f"判定：{name}", style), f"　{advice}", f"（{counted}）" if counted else "")


def _finding(number: int, finding: Finding, guideline: Guideline) -> Iterator[Line]:
    label, style = _LEVELS[finding.level]
    quote = harmless(finding.quote.replace("\n", "⏎"))
    yield Line(Text.assemble(f"{number}. ", (f"［{label}］", style), (f"「{quote}」", "bold")))
    clauses = (guideline.clause(label) for label in finding.clauses)
    lines = [f"{clause.label}「{wording(clause)}」" for clause in clauses]
    lines += [f"理由：{finding.message}", f"直し方：{finding.suggestion}"]
    yield from (Line(Text(harmless(line)), 3) for line in lines)


def _covered_by(row: Coverage) -> Iterator[tuple[str, str]]:
    if row.clause.unchecked:
        yield f"確かめない理由：{row.clause.unchecked}", "dim"
    if row.topics:
        yield f"話題：{'、'.join(row.topics)}", ""
        yield f"規則：{'、'.join(row.rules) or 'まだありません'}", "" if row.rules else "yellow"
    if row.with_block:
        yield "発信禁止の指摘すべてに添えて引用します。", ""
