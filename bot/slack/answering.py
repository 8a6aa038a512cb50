"""What is done with drafts from the inbox: a version goes to the desk and is answered, what is taken back is noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.desk import Answer, Desk, DraftState, Place, ReviewFailed, Submission
from bot.desk.channels import ReviewChannels
from bot.desk.markers import without_marker
from bot.history import Item
from bot.slack.blocks import notice_card
from bot.slack.client import Mark
from bot.slack.events import (
    PostedVersion,
    Speakers,
    TakenBack,
    Withdrawal,
    is_draft,
    seconds,
    written_at,
)
from bot.slack.files import SlackFiles
from bot.slack.thread import Thread
from bot.slack.words import thread as words

FAILURE: Final = "sns_check_failure"
"""``event_type`` of the message that says that a version was not reviewed."""
RESTORED: Final = "sns_check_restored"
"""``event_type`` of the message that says which version stands, now that one was taken back."""
WITHDRAWAL: Final = "sns_check_withdrawal"
"""``event_type`` of the message that says that a draft is withdrawn, or was."""


class Answering:
    """Has versions reviewed and answers them in their threads."""

    def __init__(self, desk: Desk, thread: Thread, channels: ReviewChannels) -> None:
        self._desk = desk
        self._thread = thread
        self._channels = channels

    async def submit(self, submission: Submission) -> str | None:
        """Have a version reviewed, answer it if somebody waits for it, and fold what was answered before."""
        answer = await self.record(submission)
        return answer.receipt if answer.withdrawn else await self.show(answer)

    async def record(self, submission: Submission) -> Answer:
        """Have a version reviewed without answering it; as ``Desk.submit``."""
        place = submission.place
        return await self._desk.submit(submission, await self._channels.guideline(place.team, place.channel))

    async def show(self, answer: Answer) -> str | None:
        """Post an answer if it is due, and have the rest of the thread follow; returns its receipt."""
        receipt = answer.receipt
        if answer.due:
            receipt = await self._thread.answer(answer)
            if receipt is None:
                return None
            await self._desk.answered(answer, receipt)
        await self._thread.settle(answer.place)
        return receipt

    async def failed(self, place: Place, revision: str) -> None:
        """Say in the thread that a version was not reviewed."""
        mark = Mark(FAILURE, place.thread, revision)
        await self._thread.post_once(place, mark, (notice_card(words.FAILED),))


class AnswerVersion:
    """Handles ``events.VERSION``. ``bots`` may write drafts (``events.Speakers``)."""

    def __init__(
        self, desk: Desk, files: SlackFiles, thread: Thread, answering: Answering, bots: Collection[str]
    ) -> None:
        self._desk = desk
        self._files = files
        self._thread = thread
        self._answering = answering
        self._speakers = Speakers(bots)

    async def handle(self, item: Item) -> str | None:
        """Have the version reviewed and answer it, unless it was answered or nobody waits for an answer."""
        version = PostedVersion.of(item)
        if version.is_reply and not await self._has_draft(version, item.received_at):
            return None
        contents = await self._files.contents(version.message)
        submission = Submission(
            place=version.place,
            revision=version.revision,
            order=version.order,
            author=version.author,
            text=contents.text,
            received_at=item.received_at,
            unreadable=contents.unreadable,
            attached=contents.attached,
        )
        return await self._answering.submit(await self._in_draft(submission) if version.is_reply else submission)

    async def _in_draft(self, reply: Submission) -> Submission:
        """Return the version that a reply is: without its heading, and with what the draft has attached already."""
        answer = None if reply.attached else await self._desk.standing(reply.place)
        attached = answer.attached if answer else reply.attached
        return replace(reply, text=without_marker(reply.text), attached=attached)

    async def _has_draft(self, version: PostedVersion, received_at: datetime) -> bool:
        """Tell whether a reply belongs to a draft that stands. To one that does not, say so.

        A draft that the desk has not heard of may be on its way, or older than the review channel: then Slack is asked
        what the thread begins with.
        """
        place = version.place
        record = await self._desk.thread(place)
        if record is None:
            first = await self._thread.beginning(place)
            if first is None or not is_draft(first, self._speakers):
                return False
            await self._record_beginning(place, first, received_at)
            return True
        if record.state is DraftState.WITHDRAWN:
            mark = Mark(WITHDRAWAL, place.thread, version.revision)
            await self._thread.post_once(place, mark, (notice_card(words.ALREADY_WITHDRAWN),))
            return False
        return True

    async def _record_beginning(self, place: Place, first: Mapping[str, Any], received_at: datetime) -> None:
        """Have the desk know the draft's first version, which is not answered: the reply is the one that stands.

        Who wrote it is an author of the draft, and must not decide on it.
        """
        contents, revision = await self._files.contents(first), written_at(first)
        submission = Submission(
            place=place,
            revision=revision,
            order=seconds(revision),
            author=self._speakers.author(first) or "",
            text=contents.text,
            received_at=received_at,
            unreadable=contents.unreadable,
            attached=contents.attached,
        )
        with suppress(ReviewFailed):  # it is stored all the same, and nobody waits for its answer
            await self._answering.record(submission)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        version = PostedVersion.of(item)
        await self._answering.failed(version.place, version.revision)


class NoteWithdrawal:
    """Handles ``events.DELETION``."""

    def __init__(self, desk: Desk, thread: Thread, answering: Answering) -> None:
        self._desk = desk
        self._thread = thread
        self._answering = answering

    async def handle(self, item: Item) -> str | None:
        """Record that the draft is withdrawn, and say so where it was answered, unless it is back already."""
        withdrawal = Withdrawal.of(item)
        place = withdrawal.place
        await self._desk.withdraw(place, withdrawal.author, item.received_at, withdrawal.before)
        record = await self._desk.thread(place)
        if record is None or record.state is not DraftState.WITHDRAWN:
            return await self._answer_what_is_back(place)
        if not any(version.receipt for version in record.versions):
            return None
        await self._thread.bring_up_to_date(place)
        sentence = words.WITHDRAWN if withdrawal.before is None else words.MADE_NOTICE
        return await self._thread.post_once(place, Mark(WITHDRAWAL, place.thread, item.key), (notice_card(sentence),))

    async def _answer_what_is_back(self, place: Place) -> str | None:
        """Answer the version that brought the draft back before its withdrawal was heard of.

        Till then it seemed to say nothing new.
        """
        answer = await self._desk.standing(place)
        return await self._answering.show(answer) if answer and answer.due else None

    async def give_up(self, item: Item) -> None:
        """Nobody waits to hear of a deletion: the inbox remembers that it failed."""


class NoteRetraction:
    """Handles ``events.RETRACTION``."""

    def __init__(self, desk: Desk, thread: Thread, answering: Answering) -> None:
        self._desk = desk
        self._thread = thread
        self._answering = answering

    async def handle(self, item: Item) -> str | None:
        """Record that a version was taken back, show the one that stands now anew, and say which one that is."""
        taken = TakenBack.of(item)
        place = taken.place
        answer = await self._desk.retract(place, taken.retraction, taken.author, item.received_at)
        record = await self._desk.thread(place)
        if answer is None or answer.withdrawn or record is None or record.latest is None:
            return None
        if answer.due:
            await self._answering.show(answer)
        else:
            await self._thread.bring_up_to_date(place)
        gone = [each.number for each in record.versions if taken.retraction.covers(each.revision, each.order)]
        if not gone or max(gone) < record.latest.number:
            return None
        card = notice_card(words.restored(max(gone), answer.number))
        return await self._thread.post_once(place, Mark(RESTORED, place.thread, item.key), (card,))

    async def give_up(self, item: Item) -> None:
        """Say in the thread that what stands now was not reviewed."""
        await self._answering.failed(TakenBack.of(item).place, item.key)
