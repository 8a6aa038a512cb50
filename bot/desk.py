"""The use cases: submit, revise, withdraw, read back. Knows no Slack and no HTML.

Surfaces hand in plain text and get value types back; nothing in here ever logs draft text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.history import (
    DraftState,
    Event,
    EventKind,
    Place,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from rules import Guideline, Review, Versions

if TYPE_CHECKING:
    from bot.history import History

__all__ = [
    "MAX_TEXT",
    "Answer",
    "CannotRead",
    "Desk",
    "DraftState",
    "Event",
    "EventKind",
    "Place",
    "Reader",
    "ReviewFailed",
    "Reviewers",
    "Submission",
    "Summary",
    "Thread",
    "Unreadable",
    "Version",
]

MAX_TEXT = 40_000
"""Longest draft that is read, in code points: Slack's own limit for a message."""


class Reader(Protocol):
    """What the desk needs of ``rules.Reviewer``. Safe to use from several threads."""

    @property
    def guideline(self) -> Guideline:
        """The guideline that it reads against."""

    @property
    def versions(self) -> Versions:
        """What its reviews are made with."""

    def review(self, text: str, *, today: date) -> Review:
        """Read one text. ``RulesError`` if the text itself cannot be read."""


class ReviewFailed(Exception):
    """The engine broke on a text. Holds the name of the error, never the text; it may be tried again."""


class CannotRead(Exception):
    """A private check was asked for a text that cannot be reviewed; ``reason`` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk has to say about one version, and whether it still has to be said.

    Exactly one of ``review`` and ``unreadable`` is set when ``due``; both may be ``None`` when it is not.
    ``previous`` is the review of the version written before this one, to tell what was solved.
    """

    place: Place
    revision: str
    number: int
    """Number of the version, from 1 in the order of writing."""
    text: str
    guideline: Guideline
    review: Review | None
    unreadable: Unreadable | None
    previous: Review | None
    receipt: str | None
    """The surface's name of the answer that was already posted."""
    outdated: bool
    """A newer version is known: this one is kept as history and not answered."""
    unchanged: bool
    """The text is that of the version before, which was answered: an edit that changed nothing a reader would see."""
    withdrawn: bool
    """The draft was deleted: nobody waits for an answer."""

    @property
    def due(self) -> bool:
        """Whether the surface has to post it now."""
        return not (self.receipt or self.outdated or self.unchanged or self.withdrawn)


class Reviewers:
    """One reader for each guideline, loaded when first asked for and then shared.

    ``load`` makes a reader from a guideline's name or path; it raises ``RulesError`` for an unknown one.
    """

    def __init__(self, load: Callable[[str], Reader] | None = None) -> None: ...

    async def get(self, guideline: str) -> Reader: ...


class Desk:
    """The use cases over one history. Safe to use from many tasks, and from several processes over one database."""

    def __init__(self, history: History, reviewers: Reviewers, clock: Callable[[], datetime]) -> None: ...

    async def submit(self, submission: Submission, guideline: str) -> Answer:
        """Store a version, have it reviewed, and return the answer; again for what is known returns what is stored.

        Raises ``ReviewFailed`` when the engine breaks (recorded as an event) and ``RulesError`` for an unknown guideline.
        """

    async def answered(self, answer: Answer, receipt: str) -> None:
        """Record that the answer was posted. The first receipt stays."""

    async def withdraw(self, place: Place, actor: str, at: datetime) -> None:
        """Record that the draft was deleted, even when it has not arrived yet. Once is enough."""

    async def thread(self, place: Place) -> Thread | None:
        """Return the whole history of a draft, ``None`` if the place is unknown."""

    async def recent(self, limit: int, surface: str | None = None) -> tuple[Summary, ...]:
        """Return the drafts that something happened to last, newest first, of one surface or of all."""

    async def try_out(self, text: str, guideline: str) -> Review:
        """Review a text privately: nothing is stored. Raises ``CannotRead``, ``ReviewFailed`` or ``RulesError``."""

    async def guideline(self, name: str) -> Guideline:
        """Return a guideline, for its clauses' wording. Raises ``RulesError`` for an unknown one."""
