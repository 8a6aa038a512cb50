"""Value types of the history. Frozen; every time is timezone-aware UTC.

A draft (投稿案) lives at one place and has versions; a version has at most one review and at most one answer.
What can be derived is derived here and stored nowhere: which version is the newest, its number, who wrote the draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rules.model import Review, Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft lives, and its identity: one draft a place.

    ``surface`` is ``"slack"``, ``"teams"`` or ``"console"``; ``thread`` is Slack's ``ts`` of the parent message or the
    like. A surface without teams or channels leaves them empty.
    """

    surface: str
    team: str
    channel: str
    thread: str

    @property
    def key(self) -> str:
        """One string for the place: what an inbox item gives as ``place`` so that its draft's items stay in order."""
        return f"{self.surface}/{self.team}/{self.channel}/{self.thread}"


class Unreadable(StrEnum):
    """Why a text cannot be reviewed. Surfaces have one Japanese sentence for each."""

    EMPTY = "empty"
    """Nothing that a reader would see: no text, white space, zero-width or control characters only."""
    TOO_LONG = "too_long"
    """Longer than ``bot.desk.MAX_TEXT``."""
    BROKEN_TEXT = "broken_text"
    """The rules refuse the text itself, e.g. for lone surrogates."""
    IMAGE_ONLY = "image_only"
    """Pictures without any text. Only the surface knows."""
    UNREADABLE_FILE = "unreadable_file"
    """A file that could not be fetched or is not text in UTF-8. Only the surface knows."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One version of a draft as a surface received it.

    ``revision`` identifies the version within the place (Slack: ``edited.ts``, or ``ts`` for the first), ``order``
    sorts the versions of a place by when they were written (Slack: the same number as a float, seconds). ``text`` is
    what the public would read. A surface that already knows that there is no text to review says so: ``unreadable``.
    """

    place: Place
    revision: str
    order: float
    author: str
    text: str
    received_at: datetime
    unreadable: Unreadable | None = None


class DraftState(StrEnum):
    """Whether a draft still stands where it was written."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    """取り下げ: its author deleted it. Final."""


class EventKind(StrEnum):
    """What can happen to a draft."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    ANSWERED = "answered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the draft's record, which is only ever added to.

    ``actor`` is a user of the surface, or ``"sns-check"``. ``revision`` is ``None`` when the event concerns the draft
    as a whole. ``data`` is flat and never holds draft text.
    """

    kind: EventKind
    at: datetime
    actor: str
    revision: str | None = None
    data: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One version (版) of a draft, and what came of it.

    ``number`` counts from 1 in the order of writing, so it rises when an older version arrives late. ``guideline`` is
    the name of the guideline to read it against. Neither ``review`` nor ``unreadable`` is set while it waits or when
    the review failed. ``receipt`` is the surface's name of the answer that was posted (Slack: its ``ts``).
    """

    number: int
    revision: str
    order: float
    author: str
    guideline: str
    text: str
    received_at: datetime
    review: Review | None = None
    unreadable: Unreadable | None = None
    reviewed_at: datetime | None = None
    receipt: str | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of its review, ``None`` without one."""
        return self.review.verdict if self.review else None


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole history of one draft: versions in the order of writing, events in the order in which they happened.

    A draft whose deletion arrived before anything else has no versions.
    """

    place: Place
    state: DraftState
    created_at: datetime
    versions: tuple[Version, ...]
    events: tuple[Event, ...]

    @property
    def latest(self) -> Version | None:
        """The version that was written last."""
        return self.versions[-1] if self.versions else None

    @property
    def author(self) -> str | None:
        """Who wrote the first version."""
        return self.versions[0].author if self.versions else None

    def version(self, revision: str) -> Version | None:
        """Return the version with this revision, ``None`` if there is none."""
        return next((version for version in self.versions if version.revision == revision), None)


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list of drafts: the draft, how many versions it has, and the latest of them."""

    place: Place
    state: DraftState
    created_at: datetime
    updated_at: datetime
    versions: int
    latest: Version | None
