"""The lines of an export: one for each version of a draft. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.desk.answer import open_review
from bot.history import Decision, DraftState, Place, Thread, Unreadable
from rules import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Record:
    """One version as supervisors keep it: who wrote what, what was found, and what was decided on it.

    ``findings`` are those that no accepted dispute covers. ``state`` is the draft's; ``decision`` the last one on this
    version.
    """

    place: Place
    state: DraftState
    number: int
    author: str
    received_at: datetime
    guideline: str
    text: str
    verdict: Verdict | None
    unreadable: Unreadable | None
    findings: tuple[Finding, ...]
    decision: Decision | None
    retracted: bool
    """Its author took this version back (取り消し)."""


def records_of(thread: Thread) -> Iterator[Record]:
    """Yield the lines of one draft, in the order of writing."""
    decisions = {decision.revision: decision for decision in thread.decisions}
    for version in thread.versions:
        review = open_review(thread, version)
        yield Record(
            place=thread.place,
            state=thread.state,
            number=version.number,
            author=version.author,
            received_at=version.received_at,
            guideline=version.guideline,
            text=version.text,
            verdict=review.verdict if review else None,
            unreadable=version.unreadable,
            findings=review.findings if review else (),
            decision=decisions.get(version.revision),
            retracted=version.retracted,
        )
