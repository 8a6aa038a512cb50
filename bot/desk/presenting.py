"""How what the desk says is told to people, before a surface makes blocks of it: numbers, excerpts, notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.compare import FindingKey
from bot.desk import words
from bot.desk.answer import Answer
from bot.history import Attached, DecisionKind
from bot.workhours import JAPAN
from rules.guideline import Guideline
from rules.model import Finding, Level, Topic, Verdict

QUOTE_LENGTH: Final = 100
SHORT_QUOTE_LENGTH: Final = 20
WORDS_LENGTH: Final = 600
"""Longest reason, suggestion and clause wording shown, in characters: a bound on a page, beyond what rules say."""
QUOTES_SHOWN: Final = 5
"""Findings quoted in a line that sums up."""
COMMENT_LENGTH: Final = 1_000
"""Longest comment, reason or note, in characters."""
FOLDED_COMMENT_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with the number under which the reader meets it."""

    number: int
    finding: Finding


def numbered(findings: Iterable[Finding]) -> list[Numbered]:
    """Give numbers: to what has to be dealt with, then to advice, each in the order of the text."""
    told_apart = sorted(findings, key=lambda finding: (finding.level is Level.NOTE, finding.start, finding.end))
    return [Numbered(number, finding) for number, finding in enumerate(told_apart, 1)]


def short_line(each: Numbered) -> str:
    """Return a finding in one line, for a list or a menu."""
    quote = shortened(each.finding.quote, SHORT_QUOTE_LENGTH)
    where = f"「{quote}」" if quote else words.WHOLE_DRAFT
    return f"{each.number}. {words.MARK[each.finding.level]} {where} {'・'.join(each.finding.clauses)}"


def clause_wording(label: str, guideline: Guideline) -> str:
    """Return a clause's words; none for a clause that only an older edition had, when a stored review is shown."""
    try:
        clause = guideline.clause(label)
    except KeyError:
        return ""
    return shortened(clause.text or clause.heading or "", WORDS_LENGTH)


def disputable(answer: Answer) -> list[Numbered]:
    """Return the findings below which no dispute stands."""
    disputed = {FindingKey.of(dispute.finding) for dispute in answer.disputes if dispute.stands}
    findings = numbered(answer.review.findings if answer.review else ())
    return [each for each in findings if FindingKey.of(each.finding) not in disputed]


def comment_required(answer: Answer, kind: DecisionKind) -> bool:
    """Tell whether the desk will ask for a comment."""
    blocked = answer.review is not None and answer.review.verdict is Verdict.BLOCK
    return kind is DecisionKind.RETURN or (kind is DecisionKind.APPROVE and blocked)


def attached_notes(attached: Attached, guideline: Guideline) -> Iterator[str]:
    """Say what came with a text and was not read, and what a person has to look at."""
    if attached.pictures:
        yield pictures_note(guideline)
    if attached.files:
        yield words.files_unseen(len(attached.files))


def pictures_note(guideline: Guideline) -> str:
    """Return what pictures have to be looked at for, with the clause that the guideline has on it (千葉市: 4(3))."""
    for label in guideline.topics.get(Topic.RIGHTS, ())[:1]:
        return words.pictures_unseen(f"{label}「{clause_wording(label, guideline)}」")
    return words.pictures_unseen("")


def moment(at: datetime) -> str:
    """Return a point in time as people in Japan write it."""
    local = at.astimezone(JAPAN)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}:{local.minute:02}"


_INVISIBLE_ORDER: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shortened(written: str, length: int) -> str:
    """Return one line of at most ``length`` characters, the ellipsis not counted."""
    line = " ".join(written[: length * 2].split())
    return legible(line[:length] + words.ELLIPSIS if len(line) > length or len(written) > length * 2 else line)


def legible(written: str) -> str:
    """Return the text with marks that turn the direction of writing shown, not obeyed."""
    return _INVISIBLE_ORDER.sub(lambda mark: f"[U+{ord(mark.group()):04X}]", written)
