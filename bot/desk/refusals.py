"""Who may do what to a draft, and when: decisions, disputes and rulings. Pure, asked under the draft's lock."""

from __future__ import annotations

from enum import StrEnum

from bot.desk.answer import open_review
from bot.history import Decision, DecisionKind, DraftState, Thread, Version
from rules import Verdict


class Refusal(StrEnum):
    """Why the desk refuses. Surfaces have one kind Japanese sentence for each."""

    NOT_SUPERVISOR = "not_supervisor"
    """Only supervisors (監督者) may."""
    OWN_DRAFT = "own_draft"
    """Nobody decides on a draft of which they wrote a version."""
    OUTDATED = "outdated"
    """A newer version with other words is there."""
    ALREADY_DECIDED = "already_decided"
    """Somebody has decided; ``Refused.decision`` says who and what."""
    COMMENT_REQUIRED = "comment_required"
    """差し戻し, approving with an open 発信禁止, and a dispute ask for a word of explanation."""
    WITHDRAWN = "withdrawn"
    """Its author deleted the draft."""
    NOT_REVIEWED = "not_reviewed"
    """The version was not read, so it cannot be approved, nor decided at all while its review is due."""
    WITHHELD = "withheld"
    """The words are kept no more, so they cannot be allowed in other drafts."""
    UNKNOWN = "unknown"
    """There is no such draft, version, finding, dispute or allowance."""


class Refused(Exception):  # noqa: N818 - reads as what happened
    """The desk does not do this, for this ``reason``. ``decision`` is the one that stands, where there is one."""

    def __init__(self, reason: Refusal, decision: Decision | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.decision = decision


def refuse_unless_supervisor(*, is_supervisor: bool) -> None:
    """Raise ``Refused`` for everybody else."""
    if not is_supervisor:
        raise Refused(Refusal.NOT_SUPERVISOR)


def standing_version(thread: Thread, revision: str) -> Version:
    """Return the version with this revision, whose words stand. Raises ``Refused``."""
    version = thread.version(revision)
    if version is None:
        raise Refused(Refusal.UNKNOWN)
    if thread.state is DraftState.WITHDRAWN:
        raise Refused(Refusal.WITHDRAWN, thread.decision)
    if version not in thread.standing:
        raise Refused(Refusal.OUTDATED, thread.decision)
    return version


def refuse_decision(thread: Thread, version: Version, decision: Decision) -> None:
    """Raise ``Refused`` if this decision may not be added to a version that stands."""
    if thread.decision and thread.decision.kind.final:
        raise Refused(Refusal.ALREADY_DECIDED, thread.decision)
    review = open_review(thread, version)
    approves = decision.kind is DecisionKind.APPROVE
    if review is None and (approves or version.unreadable is None):
        raise Refused(Refusal.NOT_REVIEWED)
    blocked = review is not None and review.verdict is Verdict.BLOCK
    explain = decision.kind is DecisionKind.RETURN or (approves and blocked)
    if explain and not decision.comment.strip():
        raise Refused(Refusal.COMMENT_REQUIRED)
