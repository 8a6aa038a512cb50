"""Value types of the history. Frozen; every time is timezone-aware UTC.

A draft (投稿案) lives at one place and has versions; a version has at most one review and at most one answer.
What can be derived is derived here and stored nowhere: which version is the newest, its number, who wrote the draft.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from rules.model import Finding, Review, Verdict


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
class Attached:
    """What came with the text of a version and only people can look at, each by the surface's name of the file."""

    pictures: frozenset[str] = frozenset()
    """Images and videos."""
    files: frozenset[str] = frozenset()
    """Other files that were not read."""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.pictures or self.files)


NOTHING_ATTACHED: Final = Attached()


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
    attached: Attached = NOTHING_ATTACHED


class DraftState(StrEnum):
    """Where a draft stands: what was decided on the words that stand now (``Thread.standing``)."""

    WAITING = "waiting"
    """判断待ち: nothing decided yet."""
    HELD = "held"
    """保留."""
    APPROVED = "approved"
    """承認."""
    RETURNED = "returned"
    """差し戻し."""
    WITHDRAWN = "withdrawn"
    """取り下げ: its author deleted it, or made it no draft; then what is written later brings it back."""


class DecisionKind(StrEnum):
    """What a supervisor (監督者) decides on a version."""

    APPROVE = "approve"
    """承認. Final for the version."""
    RETURN = "return"
    """差し戻し. Final for the version."""
    HOLD = "hold"
    """保留: decided later; another decision may follow."""

    @property
    def final(self) -> bool:
        """Whether no other decision on the same words may follow."""
        return self is not DecisionKind.HOLD

    @property
    def state(self) -> DraftState:
        """The state of a draft on which this was decided last."""
        return _DECIDED[self]


_DECIDED: Final = {
    DecisionKind.APPROVE: DraftState.APPROVED,
    DecisionKind.RETURN: DraftState.RETURNED,
    DecisionKind.HOLD: DraftState.HELD,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A supervisor's decision on one version. ``comment`` may quote the draft; blank where nothing was said."""

    kind: DecisionKind
    revision: str
    actor: str
    at: datetime
    comment: str


class RulingKind(StrEnum):
    """What a supervisor answers to a dispute."""

    FOR_DRAFT = "for_draft"
    """この下書きでは問題なし: the finding is dropped in this draft, in all its versions."""
    FOR_TOWN = "for_town"
    """今後も問題なし: the words are allowed under the rule in all drafts of the town."""
    DECLINED = "declined"
    """指摘のまま: the finding stays."""

    @property
    def accepted(self) -> bool:
        """Whether the finding was found wrong."""
        return self is not RulingKind.DECLINED


@dataclass(frozen=True, slots=True)
class Ruling:
    """A supervisor's answer to a dispute. ``note`` may quote the draft; blank where nothing was said."""

    kind: RulingKind
    actor: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """Somebody says that a finding is wrong (「誤りでは？」), and why.

    ``position`` is the finding's in the stored review of its version. ``ruling`` is ``None`` while it is open.
    """

    id: int
    place: Place
    revision: str
    position: int
    finding: Finding
    actor: str
    at: datetime
    reason: str
    ruling: Ruling | None

    @property
    def stands(self) -> bool:
        """Whether it is open or declined: an accepted one ends when what it allowed is taken back."""
        return self.ruling is None or not self.ruling.kind.accepted


@dataclass(frozen=True, slots=True)
class Allowance:
    """Words that are no problem under a rule, because a supervisor accepted a dispute.

    ``place`` is the draft for which it holds, ``None``: the whole town. ``origin`` is the draft it came from;
    ``reason`` is the supervisor's note, or what the disputing person said where the supervisor added nothing.
    """

    id: int
    surface: str
    team: str
    rule: str
    phrase: str
    actor: str
    at: datetime
    reason: str
    place: Place | None
    origin: Place
    revoked_by: str | None = None
    revoked_at: datetime | None = None


BOT: Final = "sns-check"
"""The actor of what nobody but the bot does."""


class EventKind(StrEnum):
    """What can happen to a draft."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    ANSWERED = "answered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"
    """A version was taken back; the one before it stands again."""
    DECIDED = "decided"
    DISPUTED = "disputed"
    RULED = "ruled"
    ALLOWED = "allowed"
    """Words are no problem from now on, in this draft or in the town."""
    REVOKED = "revoked"
    """An allowance that came from this draft was taken back."""
    WITHHELD = "withheld"
    """What is not to be kept of its texts was written over."""
    ERASED = "erased"
    """Texts and people were erased, as the retention period asks."""


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
class Retraction:
    """The taking back (取り消し) of what was written in one message beside the draft's own post, with all its edits.

    ``revision`` is that of the first version in it; those of its edits begin with the same and a slash. What is written
    there after ``before``, on the scale of ``Version.order``, counts again.
    """

    revision: str
    before: float

    @classmethod
    def of(cls, data: Mapping[str, str | int]) -> Self:
        """Read the data of a ``RETRACTED`` event."""
        return cls(str(data["revision"]), float(data["before"]))

    def as_data(self) -> dict[str, str | int]:
        """Return the data of a ``RETRACTED`` event."""
        return {"revision": self.revision, "before": repr(self.before)}

    def covers(self, revision: str, order: float) -> bool:
        """Tell whether a version was written there and then."""
        there = revision == self.revision or revision.startswith(f"{self.revision}/")
        return there and order <= self.before


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
    folded: bool = False
    """The surface has folded its answer to a line, because another one stands."""
    attached: Attached = NOTHING_ATTACHED
    retracted: bool = False
    """Its author took it back (取り消し): it is kept, but counts for nothing."""
    withheld: bool = False
    """Its text is kept no more, or not as it was written (``SNS_CHECK_STORE_TEXT``)."""
    digest: str = ""
    """Stands for the text in comparisons where texts of the draft are not kept, or not as they were written."""

    @property
    def wording(self) -> str:
        """What is equal in versions with the same text, whether it is kept or not."""
        return self.digest or self.text

    @property
    def substance(self) -> tuple[str, Unreadable | None, str, Attached]:
        """What a decision is about: versions of the same substance say the same to the public."""
        return self.wording, self.unreadable, self.guideline, self.attached

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of its review, ``None`` without one."""
        return self.review.verdict if self.review else None


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole history of one draft: versions in the order of writing, all else in the order in which it happened.

    A draft whose deletion arrived before anything else has no versions. ``allowances`` are those in force that concern
    it: its own and the town's.
    """

    place: Place
    state: DraftState
    created_at: datetime
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    allowances: tuple[Allowance, ...] = ()

    @property
    def latest(self) -> Version | None:
        """The version that was written last, of those that were not taken back."""
        return next((version for version in reversed(self.versions) if not version.retracted), None)

    @property
    def author(self) -> str | None:
        """Who wrote the first version."""
        return self.versions[0].author if self.versions else None

    @property
    def authors(self) -> frozenset[str]:
        """Who wrote any of its versions."""
        return frozenset(version.author for version in self.versions)

    @property
    def standing(self) -> tuple[Version, ...]:
        """The versions that hold the words that stand now: the latest, and those before it that say the same.

        An edit that changes nothing is a version of its own, but what was answered or decided before it still holds.
        A version with other words ends the row only if it was answered or decided: nobody met the others. What was
        written before the draft was withdrawn and brought back ends it too: that was another go.
        """
        latest = self.latest
        if latest is None:
            return ()
        begun = self.withdrawn_before if latest.order > self.withdrawn_before else -math.inf
        met = {decision.revision for decision in self.decisions}
        same: list[Version] = []
        for version in reversed([each for each in self.versions if not each.retracted and each.order > begun]):
            if version.substance == latest.substance:
                same.append(version)
            elif version.receipt or version.revision in met:
                break
        return tuple(reversed(same))

    @property
    def retractions(self) -> tuple[Retraction, ...]:
        """What was taken back, also what has not arrived yet."""
        return tuple(Retraction.of(event.data) for event in self.events if event.kind is EventKind.RETRACTED)

    @property
    def withdrawn_before(self) -> float:
        """Until when, on the scale of ``Version.order``, it was withdrawn: what was written later stands again.

        ``-inf`` for one that never was, ``inf`` for one that is for good.
        """
        withdrawals = (event for event in self.events if event.kind is EventKind.WITHDRAWN)
        return max((float(event.data.get("before", math.inf)) for event in withdrawals), default=-math.inf)

    @property
    def decision(self) -> Decision | None:
        """The last decision on the words that stand now."""
        standing = {version.revision for version in self.standing}
        return next((decision for decision in reversed(self.decisions) if decision.revision in standing), None)

    def version(self, revision: str) -> Version | None:
        """Return the version with this revision, ``None`` if there is none."""
        return next((version for version in self.versions if version.revision == revision), None)


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list of drafts: the draft, how many versions it has, and the latest that was not taken back.

    ``authors`` wrote any of them, the author of the first one first; ``decision`` is the one that stands.
    """

    place: Place
    state: DraftState
    created_at: datetime
    updated_at: datetime
    versions: int
    latest: Version | None
    authors: tuple[str, ...] = ()
    decision: Decision | None = None

    @property
    def author(self) -> str | None:
        """Who wrote the first version."""
        return self.authors[0] if self.authors else None

    @property
    def waits_since(self) -> datetime | None:
        """Since when it waits for a supervisor: since its latest version, or since it was put on hold."""
        match self.state:
            case DraftState.WAITING:
                return self.latest.received_at if self.latest else None
            case DraftState.HELD:
                return self.decision.at if self.decision else None
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Query:
    """Which drafts to list: those of one town, narrowed by what is set.

    ``author`` wrote any version. ``since`` (inclusive) and ``until`` (exclusive) bound when the draft was first heard
    of. No ``states`` are all states. ``channels`` are those to look into, ``None``: all.
    """

    surface: str
    team: str
    author: str | None = None
    states: frozenset[DraftState] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    channels: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the drafts that a query finds, the newest draft first.

    ``cursor`` asks for the next page, ``None`` on the last one; ``total`` counts the drafts of all pages.
    """

    summaries: tuple[Summary, ...]
    cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """How often a clause was cited: findings by level, and in how many drafts.

    A draft counts with the version that had most of them, so that mending step by step does not count twice.
    """

    clause: str
    block: int
    warn: int
    note: int
    drafts: int


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How right a rule was: how many findings it made (counted as in ``ClauseFigures``), and what became of disputes.

    ``disputed`` counts findings, not people: ``accepted`` and ``declined`` of them are ruled on.
    """

    rule: str
    shown: int
    disputed: int
    accepted: int
    declined: int

    @property
    def often_disputed(self) -> bool:
        """Whether the rule should be looked at: at least five rulings, more than half of which found it wrong."""
        ruled = self.accepted + self.declined
        return ruled >= OFTEN and self.accepted * 2 > ruled


OFTEN: Final = 5
"""Rulings from which on a rule can be said to be wrong often."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What supervisors chose for one channel, who did so and when.

    ``supervisors`` are ids of users and user groups; ``None``: those of the environment.
    """

    surface: str
    team: str
    channel: str
    guideline: str
    supervisors: frozenset[str] | None
    actor: str
    at: datetime
