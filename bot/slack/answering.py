"""What is done with drafts from the inbox: a version goes to the desk and is answered, what is taken back is noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from bot.desk import Answer, Desk, DraftState, ReviewFailed, Submission
from bot.history import Item
from bot.slack.blocks import notice_card
from bot.slack.cards import NOTHING_UNSEEN, Unseen
from bot.slack.channels import ReviewChannels
from bot.slack.client import Mark
from bot.slack.events import Deletion, PostedVersion, Speakers, is_draft, seconds, without_marker, written_at
from bot.slack.files import SlackFiles
from bot.slack.thread import Spot, Thread
from bot.slack.words import thread as words

FAILURE: Final = "sns_check_failure"
"""``event_type`` of the message that says that a version was not reviewed."""
WITHDRAWAL: Final = "sns_check_withdrawal"
"""``event_type`` of the message that says that a draft is withdrawn, or was."""


class Answering:
    """Has versions reviewed and answers them in their threads."""

    def __init__(self, desk: Desk, thread: Thread, channels: ReviewChannels) -> None:
        self._desk = desk
        self._thread = thread
        self._channels = channels

    async def submit(self, spot: Spot, submission: Submission, unseen: Unseen = NOTHING_UNSEEN) -> str | None:
        """Have a version reviewed, answer it if somebody waits for it, and fold what was answered before."""
        answer = await self.record(spot, submission)
        receipt = answer.receipt
        if answer.due:
            receipt = await self._thread.answer(spot, answer, unseen)
            if receipt is None:
                return None
            await self._desk.answered(answer, receipt)
        elif answer.withdrawn:
            return receipt
        await self._thread.settle(spot)
        return receipt

    async def record(self, spot: Spot, submission: Submission) -> Answer:
        """Have a version reviewed without answering it; as ``Desk.submit``."""
        return await self._desk.submit(submission, await self._channels.guideline(spot.place.team, spot.channel))

    async def failed(self, spot: Spot, revision: str) -> None:
        """Say in the thread that a version was not reviewed."""
        mark = Mark(FAILURE, spot.place.thread, revision)
        await self._thread.post_once(spot, mark, (notice_card(words.FAILED),))


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
        spot = Spot(version.place, version.thread)
        if version.is_reply and not await self._has_draft(spot, version, item.received_at):
            return None
        contents = await self._files.contents(version.message)
        submission = Submission(
            place=version.place,
            revision=version.revision,
            order=version.order,
            author=version.author,
            text=without_marker(contents.text) if version.is_reply else contents.text,
            received_at=item.received_at,
            unreadable=contents.unreadable,
        )
        return await self._answering.submit(spot, submission, Unseen(contents.pictures, contents.unread_files))

    async def _has_draft(self, spot: Spot, version: PostedVersion, received_at: datetime) -> bool:
        """Tell whether a reply belongs to a draft that stands. To one that does not, say so.

        A draft that the desk has not heard of may be on its way, or older than the review channel: then Slack is asked
        what the thread begins with.
        """
        record = await self._desk.thread(spot.place)
        if record is None:
            first = await self._thread.beginning(spot)
            if first is None or not is_draft(first, self._speakers):
                return False
            await self._record_beginning(spot, first, received_at)
            return True
        if record.state is DraftState.WITHDRAWN:
            mark = Mark(WITHDRAWAL, spot.place.thread, version.revision)
            await self._thread.post_once(spot, mark, (notice_card(words.ALREADY_WITHDRAWN),))
            return False
        return True

    async def _record_beginning(self, spot: Spot, first: Mapping[str, Any], received_at: datetime) -> None:
        """Have the desk know the draft's first version, which is not answered: the reply is the one that stands.

        Who wrote it is an author of the draft, and must not decide on it.
        """
        contents, revision = await self._files.contents(first), written_at(first)
        submission = Submission(
            place=spot.place,
            revision=revision,
            order=seconds(revision),
            author=self._speakers.author(first) or "",
            text=contents.text,
            received_at=received_at,
            unreadable=contents.unreadable,
        )
        with suppress(ReviewFailed):  # it is stored all the same, and nobody waits for its answer
            await self._answering.record(spot, submission)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        version = PostedVersion.of(item)
        await self._answering.failed(Spot(version.place, version.thread), version.revision)


class NoteDeletion:
    """Handles ``events.DELETION``."""

    def __init__(self, desk: Desk, thread: Thread) -> None:
        self._desk = desk
        self._thread = thread

    async def handle(self, item: Item) -> str | None:
        """Record that the draft is withdrawn, and say so where it was answered."""
        deletion = Deletion.of(item)
        spot = Spot(deletion.place, deletion.thread)
        await self._desk.withdraw(deletion.place, deletion.author, item.received_at)
        record = await self._desk.thread(deletion.place)
        if record is None or not any(version.receipt for version in record.versions):
            return None
        await self._thread.bring_up_to_date(spot)
        mark = Mark(WITHDRAWAL, spot.place.thread, item.key)
        return await self._thread.post_once(spot, mark, (notice_card(words.WITHDRAWN),))

    async def give_up(self, item: Item) -> None:
        """Nobody waits to hear of a deletion: the inbox remembers that it failed."""
