"""The desk itself: every use case is one method of ``Desk``."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.compare import FindingKey
from bot.desk.answer import Answer, answer_to, known, open_review, shown, without_allowed
from bot.desk.meter import Meter, Unmetered
from bot.desk.reading import Annotator, Broken, CannotRead, Reader, Reviewers, ReviewFailed, obstacle, read
from bot.desk.records import Record, records_of
from bot.desk.refusals import (
    Refusal,
    Refused,
    refuse_decision,
    refuse_unless_supervisor,
    standing_version,
)
from bot.history import (
    Allowance,
    ChannelSettings,
    ClauseFigures,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    History,
    Page,
    Place,
    Query,
    Retraction,
    RuleFigures,
    Ruling,
    RulingKind,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
    is_stand_in,
)
from bot.history.drafts import LockedDraft
from bot.workhours import JAPAN, working_time
from rules import Guideline, Review

EXPORT_PAGE = 100
"""Drafts that an export reads at a time."""
_LOOKED_AT: Final = 200
"""Open drafts of a town that are looked at for words that are allowed or taken back."""
_OPEN: Final = frozenset({DraftState.WAITING, DraftState.HELD, DraftState.RETURNED})


class Desk:
    """The use cases over one history. Safe to use from many tasks, and from several processes over one database.

    ``clock`` tells the time, with time zone. Whoever asks for an ``Answer`` may meet ``RulesError``: the draft's
    guideline is there no more; what was to be recorded is recorded.
    """

    def __init__(
        self,
        history: History,
        reviewers: Reviewers,
        clock: Callable[[], datetime],
        annotator: Annotator | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._drafts = history.drafts
        self._records = history.records
        self._channels = history.channels
        self._reviewers = reviewers
        self._clock = clock
        self._annotator = annotator
        self._meter = meter or Unmetered()

    # ── versions and their answers ───────────────────────────────────────────────────────────────────────────────────

    async def submit(self, submission: Submission, guideline: str) -> Answer:
        """Store a version, have it reviewed, and return the answer; again for what is known, return what is stored.

        Every version is reviewed, also one that needs no answer (``Answer.due``), so that the record is the same in
        whatever order deliveries arrive. Raises ``RulesError`` for an unknown guideline, and ``ReviewFailed`` when the
        engine breaks on a version that waits for an answer; both leave the version stored, to be submitted again.
        """
        unreadable = submission.unreadable or obstacle(submission.text)
        thread = await self._drafts.receive(submission, guideline, unreadable)
        version = known(thread, submission.revision)
        reader = await self._reviewers.get(version.guideline)
        if version.review is None and version.unreadable is None:
            thread = await self._review(thread, version, reader)
        return answer_to(thread, submission.revision, reader.guideline)

    async def answered(self, answer: Answer, receipt: str) -> None:
        """Record that the answer was posted. The first receipt stays."""
        await self._drafts.answer(answer.place, answer.revision, receipt, self._now())
        self._meter.answered(answer.review.verdict if answer.review else None)

    async def folded(self, place: Place, revision: str) -> None:
        """Record that the surface has folded the answer to this version (``Answer.superseded``)."""
        await self._drafts.fold(place, revision, self._now())

    async def standing(self, place: Place) -> Answer | None:
        """Return the answer that speaks for the words that stand now, to show it anew; ``None`` without a version.

        It is about the answered one of the versions that say the same, so ``receipt`` names the card to change.
        """
        thread = await self._drafts.thread(place)
        return await self._standing(thread) if thread and thread.latest else None

    async def withdraw(self, place: Place, actor: str, at: datetime, before: float | None = None) -> None:
        """Record that the draft was withdrawn (取り下げ), even when it has not arrived yet. Once is enough.

        A version whose order is after ``before`` brings it back, to be reviewed and decided on anew. ``None``: it was
        deleted, and none does.
        """
        await self._drafts.withdraw(place, actor, at, before)

    async def retract(self, place: Place, retraction: Retraction, actor: str, at: datetime) -> Answer | None:
        """Record that a version was taken back (取り消し); returns the answer that stands now, to be shown anew.

        ``None`` if there is no such draft, or no version of it is left. Raises as ``submit`` does.
        """
        async with self._drafts.locked(place) as draft:
            if draft is None:
                return None
            await draft.retract(retraction, actor, at)
            thread = draft.thread
        version = shown(thread)
        if version is None:
            return None
        reader = await self._reviewers.get(version.guideline)
        if version.review is None and version.unreadable is None:
            thread = await self._review(thread, version, reader)
        return answer_to(thread, version.revision, reader.guideline)

    async def thread(self, place: Place) -> Thread | None:
        """Return the whole history of a draft, ``None`` if the place is unknown."""
        return await self._drafts.thread(place)

    async def try_out(self, text: str, guideline: str, *, surface: str = "", team: str = "") -> Review:
        """Review a text privately: nothing is stored. What the town allows, if one is named, is left out.

        Raises ``CannotRead``, ``ReviewFailed`` or ``RulesError``.
        """
        if reason := obstacle(text):
            raise CannotRead(reason)
        outcome = await read(await self._reviewers.get(guideline), text, self._today(), self._annotator)
        if isinstance(outcome, Unreadable):
            raise CannotRead(outcome)
        if isinstance(outcome, Broken):
            raise ReviewFailed(outcome.error)
        return without_allowed(outcome, await self.allowances(surface, team))

    async def guideline(self, name: str) -> Guideline:
        """Return a guideline, for its clauses' wording. Raises ``RulesError`` for an unknown one."""
        return (await self._reviewers.get(name)).guideline

    # ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def may_decide(
        self, place: Place, revision: str, kind: DecisionKind, actor: str, *, is_supervisor: bool
    ) -> None:
        """Ask, before anybody writes a comment, whether ``decide`` would take the decision. Raises ``Refused``."""
        refuse_unless_supervisor(is_supervisor=is_supervisor)
        thread = await self._drafts.thread(place)
        if thread is None:
            raise Refused(Refusal.UNKNOWN)
        if actor in thread.authors:
            raise Refused(Refusal.OWN_DRAFT)
        version = standing_version(thread, revision)
        try:
            refuse_decision(thread, version, Decision(kind, revision, actor, self._now(), comment=""))
        except Refused as refused:
            if refused.reason is not Refusal.COMMENT_REQUIRED:
                raise

    async def decide(  # noqa: PLR0913 - what a decision is made of
        self, place: Place, revision: str, kind: DecisionKind, actor: str, comment: str, *, is_supervisor: bool
    ) -> Answer:
        """Record a supervisor's decision on a version whose words stand; returns the standing answer.

        The same decision again changes nothing. Raises ``Refused``.
        """
        refuse_unless_supervisor(is_supervisor=is_supervisor)
        decision = Decision(kind, revision, actor, self._now(), comment.strip())
        async with self._drafts.locked(place) as draft:
            if draft is None:
                raise Refused(Refusal.UNKNOWN)
            if actor in draft.thread.authors:
                raise Refused(Refusal.OWN_DRAFT)
            version = standing_version(draft.thread, revision)
            if not _made(draft.thread, decision):
                refuse_decision(draft.thread, version, decision)
                await draft.decide(decision)
                self._meter.decided(kind)
            thread = draft.thread
        return await self._standing(thread)

    # ── disputes, and what they lead to ──────────────────────────────────────────────────────────────────────────────

    async def dispute(
        self, place: Place, revision: str, position: int, actor: str, reason: str
    ) -> tuple[Dispute, Answer]:
        """Record that somebody takes a finding (``Answer.position``) for wrong; returns it and the standing answer.

        The same finding disputed again by the same person is the dispute that there is. Raises ``Refused``.
        """
        async with self._drafts.locked(place) as draft:
            if draft is None:
                raise Refused(Refusal.UNKNOWN)
            version = standing_version(draft.thread, revision)
            dispute = await self._disputed(draft, version, position, actor, reason.strip())
            thread = draft.thread
        return dispute, await self._standing(thread)

    async def disputes_open(self, surface: str, team: str) -> tuple[Dispute, ...]:
        """Return the disputes of a town that wait for a ruling, the oldest first."""
        return await self._records.open_disputes(surface, team)

    async def may_rule(self, dispute_id: int, actor: str, *, is_supervisor: bool) -> Dispute:
        """Return the dispute if ``rule`` would take a ruling on it, or has taken one. Raises ``Refused``."""
        refuse_unless_supervisor(is_supervisor=is_supervisor)
        place = await self._records.disputed_at(dispute_id)
        thread = await self._drafts.thread(place) if place else None
        if thread is None:
            raise Refused(Refusal.UNKNOWN)
        if actor in thread.authors:
            raise Refused(Refusal.OWN_DRAFT)
        return _dispute(thread, dispute_id)

    async def rule(
        self, dispute_id: int, kind: RulingKind, actor: str, note: str, *, is_supervisor: bool
    ) -> tuple[Dispute, Answer]:
        """Answer a dispute, and with it all open ones of the same finding in the draft; returns it and the answer.

        The first ruling counts: on a dispute that has one nothing is changed. Raises ``Refused``, also for those who
        wrote a version of the draft.
        """
        refuse_unless_supervisor(is_supervisor=is_supervisor)
        place = await self._records.disputed_at(dispute_id)
        if place is None:
            raise Refused(Refusal.UNKNOWN)
        async with self._drafts.locked(place) as draft:
            if draft is None:
                raise Refused(Refusal.UNKNOWN)
            if actor in draft.thread.authors:
                raise Refused(Refusal.OWN_DRAFT)
            if not _dispute(draft.thread, dispute_id).ruling:
                await _rule(draft, dispute_id, Ruling(kind, actor, self._now(), note.strip()))
                self._meter.ruled(kind)
            thread = draft.thread
        return _dispute(thread, dispute_id), await self._standing(thread)

    async def allowances(self, surface: str, team: str) -> tuple[Allowance, ...]:
        """Return a town's allow-list (今後も問題なし), the oldest first."""
        return await self._records.allowances(surface, team)

    async def open_with(self, surface: str, team: str, phrase: FindingKey) -> tuple[Place, ...]:
        """Return the open drafts of a town whose cards change when this is allowed, or taken back.

        Only the newest are looked at: older ones show the change when they are touched.
        """
        page = await self.search(Query(surface, team, states=_OPEN), limit=_LOOKED_AT)
        reviews = ((summary.place, summary.latest.review if summary.latest else None) for summary in page.summaries)
        return tuple(
            place
            for place, review in reviews
            if review and any(FindingKey.of(finding) == phrase for finding in review.findings)
        )

    async def revoke(self, allowance_id: int, actor: str, *, is_supervisor: bool) -> Allowance:
        """Take back an allowance; returns it as it is now. The first to do so is named. Raises ``Refused``."""
        refuse_unless_supervisor(is_supervisor=is_supervisor)
        allowance = await self._records.allowance(allowance_id)
        if allowance is None:
            raise Refused(Refusal.UNKNOWN)
        async with self._drafts.locked(allowance.origin) as draft:
            if draft is not None:
                await draft.revoke(allowance_id, actor, self._now())
        return await self._records.allowance(allowance_id) or allowance

    # ── lists and figures ────────────────────────────────────────────────────────────────────────────────────────────

    async def recent(self, limit: int, surface: str | None = None) -> tuple[Summary, ...]:
        """Return the drafts that something happened to last, newest first, of one surface or of all."""
        return await self._records.recent(limit, surface)

    async def search(self, query: Query, *, limit: int, cursor: str | None = None) -> Page:
        """Return at most ``limit`` of the drafts that a query finds, after ``cursor``. ``ValueError`` for a bad one."""
        return await self._records.search(query, limit, cursor)

    async def overdue(self, surface: str, team: str, now: datetime, after: timedelta) -> tuple[Summary, ...]:
        """Return the drafts that have waited longer than ``after`` of working time, the oldest first.

        A draft on hold (保留) waits since it was put on hold.
        """
        waiting = await self._records.waiting(surface, team)
        return tuple(
            summary for summary in waiting if summary.waits_since and working_time(summary.waits_since, now) > after
        )

    async def clause_figures(self, surface: str, team: str, month: date) -> tuple[ClauseFigures, ...]:
        """Count the citations of each clause in the reviews of the month (in Japan) that holds this day."""
        first = datetime(month.year, month.month, 1, tzinfo=JAPAN)
        next_month = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=JAPAN)
        return await self._records.clause_figures(surface, team, first, next_month)

    async def rule_figures(self, surface: str, team: str) -> tuple[RuleFigures, ...]:
        """Count findings and disputes of each rule that ever fired in a town."""
        return await self._records.rule_figures(surface, team)

    async def export(self, query: Query) -> AsyncIterator[Record]:
        """Yield all versions of the drafts that a query finds, the newest draft first."""
        cursor: str | None = None
        while True:
            page = await self._records.search(query, EXPORT_PAGE, cursor)
            for summary in page.summaries:
                thread = await self._drafts.thread(summary.place)
                for record in records_of(thread) if thread else ():
                    yield record
            if page.cursor is None:
                return
            cursor = page.cursor

    # ── settings of channels ─────────────────────────────────────────────────────────────────────────────────────────

    async def channel_settings(self, surface: str, team: str, channel: str) -> ChannelSettings | None:
        """Return what supervisors chose for a channel, ``None`` where the environment's settings hold."""
        return await self._channels.get(surface, team, channel)

    async def set_channel(self, settings: ChannelSettings) -> None:
        """Store what was chosen for a channel, in place of what was. Raises ``RulesError`` for an unknown guideline."""
        await self._reviewers.get(settings.guideline)
        await self._channels.set(settings)

    async def channels(self, surface: str, team: str) -> tuple[ChannelSettings, ...]:
        """Return what was chosen in a town, by channel."""
        return await self._channels.all(surface, team)

    # ── inner steps ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _review(self, thread: Thread, version: Version, reader: Reader) -> Thread:
        place, revision = thread.place, version.revision
        began = time.perf_counter()
        outcome = await read(reader, version.text, self._today(), self._annotator)
        if isinstance(outcome, Unreadable):
            return await self._drafts.refuse(place, revision, outcome, self._now())
        if isinstance(outcome, Review):
            self._meter.reviewed(outcome, time.perf_counter() - began)
            return await self._drafts.review(place, revision, outcome, self._now())
        self._meter.not_reviewed()
        await self._drafts.fail(place, revision, outcome.error, self._now())
        if answer_to(thread, revision, reader.guideline).due:
            raise ReviewFailed(outcome.error)
        return thread

    async def _standing(self, thread: Thread) -> Answer:
        version = shown(thread)
        if version is None:
            raise LookupError(f"nothing was written at {thread.place.key}")
        return answer_to(thread, version.revision, await self.guideline(version.guideline))

    async def _disputed(self, draft: LockedDraft, version: Version, position: int, actor: str, reason: str) -> Dispute:
        findings = version.review.findings if version.review else ()
        if not 0 <= position < len(findings):
            raise Refused(Refusal.UNKNOWN)
        if made := _standing_dispute(draft.thread, version, position, actor):
            return made
        if not reason:
            raise Refused(Refusal.COMMENT_REQUIRED)
        self._meter.disputed()
        return await draft.dispute(version.revision, position, actor, self._now(), reason)

    def _today(self) -> date:
        return self._now().astimezone(JAPAN).date()

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


def _made(thread: Thread, decision: Decision) -> bool:
    """Whether this very decision was made before: a delivery that comes twice is no second decision."""
    what = (decision.kind, decision.revision, decision.actor, decision.comment)
    return any(what == (each.kind, each.revision, each.actor, each.comment) for each in thread.decisions)


def _standing_dispute(thread: Thread, version: Version, position: int, actor: str) -> Dispute | None:
    """Return what this person has said of this finding before.

    An accepted dispute ends when what it allowed is taken back: then the finding can be disputed again.
    """
    whole, open_ones = version.review, open_review(thread, version)
    allowed = whole is None or open_ones is None or whole.findings[position] not in open_ones.findings
    for dispute in reversed(thread.disputes):
        if (dispute.revision, dispute.position, dispute.actor) == (version.revision, position, actor):
            return dispute if dispute.stands or allowed else None
    return None


def _dispute(thread: Thread, dispute_id: int) -> Dispute:
    return next(dispute for dispute in thread.disputes if dispute.id == dispute_id)


async def _rule(draft: LockedDraft, dispute_id: int, ruling: Ruling) -> None:
    dispute = _dispute(draft.thread, dispute_id)
    if ruling.kind is RulingKind.FOR_TOWN and is_stand_in(dispute.finding.quote):
        raise Refused(Refusal.WITHHELD)
    key = FindingKey.of(dispute.finding)
    same = [each for each in draft.thread.disputes if not each.ruling and FindingKey.of(each.finding) == key]
    await draft.rule(same, ruling)
    if ruling.kind.accepted:
        for_town = ruling.kind is RulingKind.FOR_TOWN
        await draft.allow(dispute.finding, ruling, ruling.note or dispute.reason, for_town=for_town)
