"""What there is to say about one version, derived from the record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.compare import Comparison, FindingKey, compare
from bot.history import Allowance, Attached, Decision, Dispute, DraftState, Place, Thread, Unreadable, Version
from rules import Finding, Guideline, Review


@dataclass(frozen=True, slots=True)
class Receipt:
    """The posted answer (``receipt``, as the surface named it) to the version of this number and revision."""

    revision: str
    receipt: str
    number: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk has to say about one version, and whether it still has to be said.

    Exactly one of ``review`` and ``unreadable`` is set when ``due``; both may be ``None`` when it is not.
    """

    place: Place
    revision: str
    number: int
    """Number of the version, from 1 in the order of writing."""
    author: str
    """Who wrote the draft: its first version."""
    writer: str
    """Who wrote this version."""
    text: str
    withheld: bool
    """The text is kept no more, or not as it was written: nothing to be mended."""
    guideline: Guideline
    whole: Review | None
    """The review as it is stored, with all its findings."""
    review: Review | None
    """The review without the findings that are ``allowed``: what is to be shown, and what the verdict follows."""
    allowed: tuple[Finding, ...]
    """Findings that an accepted dispute covers, in this draft or in the town."""
    unreadable: Unreadable | None
    attached: Attached
    """What came with the text and only people can look at."""
    reattached: bool
    """Only what is ``attached`` differs from the former version."""
    comparison: Comparison | None
    """What came of the findings of the last earlier version with other words, an answered one if there is any.

    ``None`` unless both were reviewed. What is allowed counts in neither.
    """
    receipt: str | None
    """The surface's name of the answer that was already posted."""
    superseded: tuple[Receipt, ...]
    """Answers to versions whose words stand no more, that were not folded yet (``Desk.folded``)."""
    state: DraftState
    decision: Decision | None
    """The decision on the words that stand now."""
    disputes: tuple[Dispute, ...]
    """Disputes of this version's findings, of whichever version they were raised, in the order of raising."""
    outdated: bool
    """A newer version says something else, or this one was taken back: kept as history, it cannot be decided on."""
    unchanged: bool
    """Another version with these very words is the one that is answered: an edit that changed nothing to be seen."""

    @property
    def withdrawn(self) -> bool:
        """Whether the draft was deleted: nobody waits for an answer."""
        return self.state is DraftState.WITHDRAWN

    @property
    def due(self) -> bool:
        """Whether the surface has to post it now."""
        return not (self.receipt or self.outdated or self.unchanged or self.withdrawn)

    def position(self, finding: Finding) -> int:
        """Return the position of a finding in ``whole``: how ``Desk.dispute`` names it. ``ValueError`` if not in it.

        Unlike its place on a card it never changes, whatever is allowed meanwhile.
        """
        return self.whole.findings.index(finding) if self.whole else _missing()


def _missing() -> int:
    raise ValueError("no review, so no finding")


def answer_to(thread: Thread, revision: str, guideline: Guideline) -> Answer:
    """Derive what there is to say about a version, and what stands against saying it. ``LookupError`` if unknown."""
    version = known(thread, revision)
    review = open_review(thread, version)
    former = _previous(thread, version)
    previous = open_review(thread, former) if former else None
    return Answer(
        place=thread.place,
        revision=revision,
        number=version.number,
        author=thread.versions[0].author,
        writer=version.author,
        text=version.text,
        withheld=version.withheld,
        guideline=guideline,
        whole=version.review,
        review=review,
        allowed=_allowed(thread, version),
        unreadable=version.unreadable,
        attached=version.attached,
        reattached=former is not None and former.attached != version.attached and _same_words(former, version),
        comparison=compare(previous, review) if previous and review else None,
        receipt=version.receipt,
        superseded=_superseded(thread),
        state=thread.state,
        decision=thread.decision,
        disputes=_disputes(thread, version),
        outdated=version not in thread.standing,
        unchanged=_unchanged(thread, version),
    )


def shown(thread: Thread) -> Version | None:
    """Return the version whose answer speaks for the words that stand now: the answered one, else the latest."""
    answered = [version for version in thread.standing if version.receipt]
    return answered[-1] if answered else thread.latest


def known(thread: Thread, revision: str) -> Version:
    """Return the version with this revision. ``LookupError`` if there is none."""
    version = thread.version(revision)
    if version is None:
        raise LookupError(f"no revision {revision} at {thread.place.key}")
    return version


def open_review(thread: Thread, version: Version) -> Review | None:
    """Return the review of a version without the findings that are allowed."""
    return without_allowed(version.review, thread.allowances) if version.review else None


def without_allowed(review: Review, allowances: Sequence[Allowance]) -> Review:
    """Return a review without the findings that an allowance covers."""
    allowed = _keys(allowances)
    return replace(review, findings=tuple(each for each in review.findings if FindingKey.of(each) not in allowed))


def _keys(allowances: Sequence[Allowance]) -> frozenset[FindingKey]:
    return frozenset(FindingKey.quoting(allowance.rule, allowance.phrase) for allowance in allowances)


def _allowed(thread: Thread, version: Version) -> tuple[Finding, ...]:
    allowed = _keys(thread.allowances)
    findings = version.review.findings if version.review else ()
    return tuple(finding for finding in findings if FindingKey.of(finding) in allowed)


def _previous(thread: Thread, version: Version) -> Version | None:
    """Return what the author met last before this version; what nobody met, only if there is nothing else."""
    earlier = [
        each
        for each in thread.versions[: version.number - 1]
        if each.review and not each.retracted and each.substance != version.substance
    ]
    met = [each for each in earlier if each.receipt]
    return (met or earlier)[-1] if earlier else None


def _same_words(former: Version, version: Version) -> bool:
    return (former.wording, former.unreadable, former.guideline) == (
        version.wording,
        version.unreadable,
        version.guideline,
    )


def _superseded(thread: Thread) -> tuple[Receipt, ...]:
    standing = thread.standing
    return tuple(
        Receipt(version.revision, version.receipt, version.number)
        for version in thread.versions
        if version.receipt and not version.folded and version not in standing
    )


def _disputes(thread: Thread, version: Version) -> tuple[Dispute, ...]:
    keys = {FindingKey.of(finding) for finding in version.review.findings} if version.review else set()
    return tuple(dispute for dispute in thread.disputes if FindingKey.of(dispute.finding) in keys)


def _unchanged(thread: Thread, version: Version) -> bool:
    """Whether another one of the versions that stand speaks for this one: an answered one, or a later one."""
    standing = thread.standing
    if version not in standing or version.receipt:
        return False
    return any(other.receipt for other in standing) or version is not standing[-1]
