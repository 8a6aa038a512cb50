"""The use cases: submit, revise, withdraw, read back. Knows no Slack and no HTML.

Surfaces hand in plain text and get value types back; nothing in here ever logs draft text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

import structlog

from bot.faults import describe
from bot.history import (
    DraftState,
    Event,
    EventKind,
    History,
    Place,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from rules import MAX_TEXT, Guideline, Review, Reviewer, RulesError, Versions, is_blank

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

JAPAN = timezone(timedelta(hours=9), "JST")
"""Asia/Tokyo, which has no summer time: fixed, so that an image without a time zone database will do."""

log = structlog.get_logger(__name__)


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


class ReviewFailed(Exception):  # noqa: N818 - reads as what happened
    """The engine broke on a text. Holds the name of the error, never the text; it may be tried again."""


class CannotRead(Exception):  # noqa: N818 - reads as what happened
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

    def __init__(self, load: Callable[[str], Reader] = Reviewer.load) -> None:
        self._load = load
        self._readers: dict[str, Reader] = {}
        self._loading = asyncio.Lock()

    async def get(self, guideline: str) -> Reader:
        """Return the reader for a guideline. Raises ``RulesError``."""
        async with self._loading:
            if guideline not in self._readers:
                self._readers[guideline] = await asyncio.to_thread(self._load, guideline)
            return self._readers[guideline]


class Desk:
    """The use cases over one history. Safe to use from many tasks, and from several processes over one database.

    ``clock`` tells the time, with time zone.
    """

    def __init__(self, history: History, reviewers: Reviewers, clock: Callable[[], datetime]) -> None:
        self._drafts = history.drafts
        self._reviewers = reviewers
        self._clock = clock

    async def submit(self, submission: Submission, guideline: str) -> Answer:
        """Store a version, have it reviewed, and return the answer; again for what is known, return what is stored.

        Every version is reviewed, also one that needs no answer (``Answer.due``), so that the record is the same in
        whatever order deliveries arrive. Raises ``RulesError`` for an unknown guideline, and ``ReviewFailed`` when the
        engine breaks on a version that waits for an answer; both leave the version stored, to be submitted again.
        """
        unreadable = submission.unreadable or _obstacle(submission.text)
        thread = await self._drafts.receive(submission, guideline, unreadable)
        version = _known(thread, submission.revision)
        reader = await self._reviewers.get(version.guideline)
        if version.review is None and version.unreadable is None:
            thread = await self._review(thread, version, reader)
        return _answer(thread, submission.revision, reader.guideline)

    async def answered(self, answer: Answer, receipt: str) -> None:
        """Record that the answer was posted. The first receipt stays."""
        await self._drafts.answer(answer.place, answer.revision, receipt, self._now())

    async def withdraw(self, place: Place, actor: str, at: datetime) -> None:
        """Record that the draft was deleted, even when it has not arrived yet. Once is enough."""
        await self._drafts.withdraw(place, actor, at)

    async def thread(self, place: Place) -> Thread | None:
        """Return the whole history of a draft, ``None`` if the place is unknown."""
        return await self._drafts.thread(place)

    async def recent(self, limit: int, surface: str | None = None) -> tuple[Summary, ...]:
        """Return the drafts that something happened to last, newest first, of one surface or of all."""
        return await self._drafts.recent(limit, surface)

    async def try_out(self, text: str, guideline: str) -> Review:
        """Review a text privately: nothing is stored. Raises ``CannotRead``, ``ReviewFailed`` or ``RulesError``."""
        if obstacle := _obstacle(text):
            raise CannotRead(obstacle)
        outcome = await self._read(await self._reviewers.get(guideline), text)
        if isinstance(outcome, Unreadable):
            raise CannotRead(outcome)
        if isinstance(outcome, _Broken):
            raise ReviewFailed(outcome.error)
        return outcome

    async def guideline(self, name: str) -> Guideline:
        """Return a guideline, for its clauses' wording. Raises ``RulesError`` for an unknown one."""
        return (await self._reviewers.get(name)).guideline

    async def _review(self, thread: Thread, version: Version, reader: Reader) -> Thread:
        place, revision = thread.place, version.revision
        outcome = await self._read(reader, version.text)
        if isinstance(outcome, Unreadable):
            return await self._drafts.refuse(place, revision, outcome, self._now())
        if isinstance(outcome, Review):
            return await self._drafts.review(place, revision, outcome, self._now())
        await self._drafts.fail(place, revision, outcome.error, self._now())
        if _answer(thread, revision, reader.guideline).due:
            raise ReviewFailed(outcome.error)
        return thread

    async def _read(self, reader: Reader, text: str) -> Review | Unreadable | _Broken:
        # The error is turned into a value: raised from here, an error of the engine would carry draft text along.
        today = self._now().astimezone(JAPAN).date()
        try:
            return await asyncio.to_thread(reader.review, text, today=today)
        except RulesError:
            return Unreadable.BROKEN_TEXT
        except Exception as error:  # noqa: BLE001 - whatever the engine does, the thread has to be told
            log.error("review_failed", **describe(error))  # noqa: TRY400 - a traceback would show the text
            return _Broken(type(error).__qualname__)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Broken:
    """The engine broke, with this kind of error."""

    error: str


def _obstacle(text: str) -> Unreadable | None:
    """Say why a text cannot be reviewed, as far as that shows without reading it."""
    if len(text) > MAX_TEXT:
        return Unreadable.TOO_LONG
    if is_blank(text):
        return Unreadable.EMPTY
    return None


def _answer(thread: Thread, revision: str, guideline: Guideline) -> Answer:
    """Derive from the record what there is to say about a version, and what stands against saying it."""
    version = _known(thread, revision)
    before = thread.versions[: version.number - 1]
    return Answer(
        place=thread.place,
        revision=revision,
        number=version.number,
        text=version.text,
        guideline=guideline,
        review=version.review,
        unreadable=version.unreadable,
        previous=next((earlier.review for earlier in reversed(before) if earlier.review), None),
        receipt=version.receipt,
        outdated=version.number < len(thread.versions),
        unchanged=_unchanged(before, version),
        withdrawn=thread.state is DraftState.WITHDRAWN,
    )


def _unchanged(before: Sequence[Version], version: Version) -> bool:
    """Whether the unbroken run of versions with this very text that ends here has been answered already."""
    for earlier in reversed(before):
        if _substance(earlier) != _substance(version):
            return False
        if earlier.receipt:
            return True
    return False


def _substance(version: Version) -> tuple[str, Unreadable | None, str]:
    return version.text, version.unreadable, version.guideline


def _known(thread: Thread, revision: str) -> Version:
    version = thread.version(revision)
    if version is None:
        raise LookupError(f"no revision {revision} at {thread.place.key}")
    return version
