"""What is done with drafts from the inbox: a version goes to the desk and is answered, what is taken back is noted."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import Answer, Desk, DraftState, ReviewFailed, Submission
from bot.desk import Thread as Record
from bot.desk.channels import ReviewChannels
from bot.desk.markers import without_marker
from bot.history import Inbox, Item
from bot.teams import words
from bot.teams.elements import card, sentence
from bot.teams.events import PostedVersion, TakenAway, as_it_stands
from bot.teams.files import TeamsFiles
from bot.teams.graph import Graph, NotAllowed
from bot.teams.spot import Spot
from bot.teams.thread import Mark, Thread
from bot.worker import RetryLater

FAILURE: Final = "failure"
"""``kind`` of the message that says that a version was not reviewed."""
RESTORED: Final = "restored"
"""``kind`` of the message that says which version stands, now that one was taken back."""
WITHDRAWAL: Final = "withdrawal"
"""``kind`` of the message that says that a draft is withdrawn, or was."""

ON_ITS_WAY: Final = timedelta(minutes=1)
"""How long the posting of a message may be delivered later than what became of it."""


class Answering:
    """Has versions reviewed and answers them in their threads."""

    def __init__(self, desk: Desk, thread: Thread, channels: ReviewChannels) -> None:
        self._desk = desk
        self._thread = thread
        self._channels = channels

    async def submit(self, spot: Spot, submission: Submission, *, again: bool) -> str | None:
        """Have a version reviewed, answer it if somebody waits for it, and fold what was answered before.

        ``again`` is the item's: an answer may have been sent before.
        """
        answer = await self.record(submission)
        return answer.receipt if answer.withdrawn else await self.show(spot, answer, again=again)

    async def record(self, submission: Submission) -> Answer:
        """Have a version reviewed without answering it; as ``Desk.submit``."""
        place = submission.place
        return await self._desk.submit(submission, await self._channels.guideline(place.team, place.channel))

    async def show(self, spot: Spot, answer: Answer, *, again: bool) -> str | None:
        """Post an answer if it is due, and have the rest of the thread follow; returns its receipt."""
        receipt = answer.receipt
        if answer.due:
            receipt = await self._thread.answer(spot, answer, again=again)
            if receipt is None:
                return None
            await self._desk.answered(answer, receipt)
        await self._thread.settle(spot)
        return receipt

    async def say(self, spot: Spot, mark: Mark, said: str, *, again: bool) -> str | None:
        """Say a sentence of ours in a thread, once."""
        return await self._thread.post_once(spot, mark, card(sentence(said)), said, again=again)


class AnswerVersion:
    """Handles ``events.VERSION``."""

    def __init__(self, desk: Desk, files: TeamsFiles, graph: Graph, answering: Answering) -> None:
        self._desk = desk
        self._files = files
        self._graph = graph
        self._answering = answering

    async def handle(self, item: Item) -> str | None:
        """Have the version reviewed and answer it, unless it was answered or nobody waits for an answer."""
        version = PostedVersion.of(item)
        if version.is_reply and not await self._has_draft(version, item):
            return None
        submission = await self._submission(version, item.received_at)
        if version.is_reply:
            submission = await self._in_draft(submission)
        return await self._answering.submit(version.spot, submission, again=item.again)

    async def _submission(self, version: PostedVersion, received_at: datetime) -> Submission:
        contents = await self._files.contents(version.written, version.spot.service_url)
        return Submission(
            place=version.spot.place,
            revision=version.revision,
            order=version.order,
            author=version.author,
            text=contents.text,
            received_at=received_at,
            unreadable=contents.unreadable,
            attached=contents.attached,
        )

    async def _in_draft(self, reply: Submission) -> Submission:
        """Return the version that a reply is: without its heading, and with what the draft has attached already."""
        answer = None if reply.attached else await self._desk.standing(reply.place)
        attached = answer.attached if answer else reply.attached
        return replace(reply, text=without_marker(reply.text), attached=attached)

    async def _has_draft(self, version: PostedVersion, item: Item) -> bool:
        """Tell whether a reply belongs to a draft that stands. To one that does not, say so.

        A draft that the desk has not heard of may be on its way, or was posted without mentioning the bot, or before
        the channel was for reviews. Where Graph may be asked it says what the thread begins with; else the reply is
        believed: its author has called it a version.
        """
        spot = version.spot
        record = await self._desk.thread(spot.place)
        if record is None:
            return await self._record_beginning(version, item.received_at)
        if record.state is DraftState.WITHDRAWN:
            mark = Mark(WITHDRAWAL, version.revision)
            await self._answering.say(spot, mark, words.ALREADY_WITHDRAWN, again=item.again)
            return False
        return True

    async def _record_beginning(self, version: PostedVersion, received_at: datetime) -> bool:
        """Have the desk know the draft's first version, which is not answered: the reply is the one that stands.

        Who wrote it is an author of the draft, and must not decide on it.
        """
        try:
            first = await self._graph.message(version.spot)
        except NotAllowed:
            return True
        item = as_it_stands(version.spot, first, received_at) if first else None
        if item is None:
            return False
        with suppress(ReviewFailed):  # it is stored all the same, and nobody waits for its answer
            await self._answering.record(await self._submission(PostedVersion.of(item), received_at))
        return True

    async def give_up(self, item: Item) -> None:
        """Say in the thread that the version was not reviewed."""
        version = PostedVersion.of(item)
        await self._answering.say(version.spot, Mark(FAILURE, version.revision), words.FAILED, again=True)


class NoteTaken:
    """Handles ``events.TAKEN``: a draft is withdrawn, or a version taken back, if there was one."""

    def __init__(
        self, desk: Desk, inbox: Inbox, thread: Thread, answering: Answering, clock: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._thread = thread
        self._answering = answering
        self._clock = clock

    async def handle(self, item: Item) -> str | None:
        """Record it, and say so where it was answered, unless it is back already."""
        taken = TakenAway.of(item)
        if not await self._was_written(taken, item.received_at):
            return None
        return await (self._withdraw(taken, item) if taken.is_draft else self._take_back(taken, item))

    async def _was_written(self, taken: TakenAway, told_at: datetime) -> bool:
        """Tell whether there was a draft or a version. While it may be on its way: ``RetryLater``.

        Teams does not say what stood in a message, so that talk that is deleted or edited comes here too.
        """
        record = await self._desk.thread(taken.spot.place)
        if record and (taken.is_draft or _versions_in(record, taken)):
            return True
        if await self._inbox.is_open(taken.first_key) or self._clock() - told_at < ON_ITS_WAY:
            raise RetryLater
        return False

    async def _withdraw(self, taken: TakenAway, item: Item) -> str | None:
        place = taken.spot.place
        before = await self._desk.thread(place)
        await self._desk.withdraw(place, taken.author, item.received_at, taken.before)
        record = await self._desk.thread(place)
        if record is None or record.state is not DraftState.WITHDRAWN:
            return await self._answer_what_is_back(taken.spot, again=item.again)
        was_told = before is not None and before.state is DraftState.WITHDRAWN and not item.again
        if was_told or not any(version.receipt for version in record.versions):
            return None
        await self._thread.bring_up_to_date(taken.spot)
        said = words.WITHDRAWN if taken.deleted else words.MADE_NOTICE
        return await self._answering.say(taken.spot, _mark(WITHDRAWAL, taken), said, again=item.again)

    async def _answer_what_is_back(self, spot: Spot, *, again: bool) -> str | None:
        """Answer the version that brought the draft back before its withdrawal was heard of.

        Till then it seemed to say nothing new.
        """
        answer = await self._desk.standing(spot.place)
        return await self._answering.show(spot, answer, again=again) if answer and answer.due else None

    async def _take_back(self, taken: TakenAway, item: Item) -> str | None:
        spot, place = taken.spot, taken.spot.place
        answer = await self._desk.retract(place, taken.retraction, taken.author, item.received_at)
        record = await self._desk.thread(place)
        if answer is None or answer.withdrawn or record is None or record.latest is None:
            return None
        if answer.due:
            await self._answering.show(spot, answer, again=item.again)
        else:
            await self._thread.bring_up_to_date(spot)
        gone = [each.number for each in record.versions if taken.retraction.covers(each.revision, each.order)]
        if not gone or max(gone) < record.latest.number:
            return None
        said = words.restored(max(gone), answer.number)
        return await self._answering.say(spot, _mark(RESTORED, taken), said, again=item.again)

    async def give_up(self, item: Item) -> None:
        """Say in the thread that what stands now was not reviewed. Nobody waits to hear of a deletion."""
        taken = TakenAway.of(item)
        if not taken.is_draft:
            await self._answering.say(taken.spot, _mark(FAILURE, taken), words.FAILED, again=True)


def _versions_in(record: Record, taken: TakenAway) -> bool:
    """Tell whether a reply holds a version."""
    return any(taken.retraction.covers(each.revision, -math.inf) for each in record.versions)


def _mark(kind: str, taken: TakenAway) -> Mark:
    return Mark(kind, f"{taken.message}/{taken.before:.3f}")
