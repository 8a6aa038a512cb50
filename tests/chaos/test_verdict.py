"""The verdict itself: each broken promise is noticed. A proof that cannot fail would prove nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.history import History, Place, Submission
from tests.chaos.lives import Told, Written
from tests.chaos.plan import SECRET, Act, Life, Text
from tests.chaos.verdict import cases, judge, leaks
from tests.doubles.slack import Delivery, Post, SlackDouble
from tests.doubles.slack.delivery import Outcome
from tests.e2e import drafts

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
FIRST, SECOND = Text("一つ目の文です。", forbidden=False), Text("二つ目の文です。", forbidden=False)


class Hall:
    """A thread that is written by hand, and the record that goes with it."""

    def __init__(self, slack: SlackDouble, history: History) -> None:
        self.slack = slack
        self.history = history
        self.told = Told(Life(1, 0.0, "C01REV", ()))

    async def write(self, text: Text) -> Written:
        """The next version: posted or edited in Slack, and recorded."""
        if self.told.versions:
            self.post.edit(text.words)
            revision = str(self.post.message.body["edited"]["ts"])
        else:
            self.post: Post = self.slack.channel("C01REV").post("U1", text.words)
            self.told.draft = revision = self.post.ts
        self.told.versions.append(Written(revision, text))
        submission = Submission(self.place, revision, float(revision), "U1", text.words, NOW)
        await self.history.drafts.receive(submission, "chiba", None)
        return self.told.versions[-1]

    async def answer(self, version: Written, shown: str = drafts.CALM, *, kind: str = "sns_check_answer") -> Post:
        """A message as the service posts it; an answer is recorded with it."""
        payload = {"draft": self.told.draft, "revision": version.revision, "page": 1}
        body = {"bot_id": self.slack.identity.bot_id, "text": shown, "thread_ts": self.told.draft}
        channel = self.slack.workspace.channels["C01REV"]
        message = self.slack.workspace.say(channel, body, {"event_type": kind, "event_payload": payload})
        if kind == "sns_check_answer":
            await self.history.drafts.answer(self.place, version.revision, message.ts, NOW)
        return self.slack.post("C01REV", message.ts)

    @property
    def place(self) -> Place:
        return Place("slack", self.slack.identity.team, "C01REV", self.told.draft)

    async def broken(self) -> set[str]:
        """The promises that were not kept."""
        checks = judge(await cases(self.slack, [self.told], self.history))
        return {check.promise.partition(":")[0] for check in checks if check.broken}


@pytest.fixture
async def hall(slack: SlackDouble, tmp_path: Path) -> AsyncIterator[Hall]:
    async with History.open(f"sqlite+aiosqlite:///{tmp_path}/history.sqlite3") as history:
        yield Hall(slack, history)


async def test_nothing_is_broken_where_the_one_version_has_its_one_answer(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    assert await hall.broken() == set()


async def test_a_missing_answer(hall: Hall) -> None:
    await hall.write(FIRST)
    assert await hall.broken() == {"each live draft"}


async def test_two_answers_to_one_version(hall: Hall) -> None:
    version = await hall.write(FIRST)
    await hall.answer(version)
    await hall.answer(version)
    assert {
        "no message twice",
        "each answer in Slack is recorded, and each recorded one is there",
    } <= await hall.broken()


async def test_an_answer_to_former_words_that_still_looks_valid(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    await hall.answer(await hall.write(SECOND))
    assert await hall.broken() == {"each live draft"}


async def test_an_answer_to_other_words(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST), drafts.MUST_FIX)
    assert await hall.broken() == {"each answer is the right one"}


async def test_a_version_that_was_delivered_and_is_not_recorded(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    (delivery,) = hall.slack.courier.deliveries
    hall.told.versions.insert(0, Written("1763000000.000100", SECOND))
    assert await hall.broken() == set()
    hall.slack.courier.deliveries.append(
        Delivery(
            delivery.kind,
            {"event": {**delivery.event, "ts": "1763000000.000100"}},
            attempts=[Outcome(acknowledged=True)],
        )
    )
    assert await hall.broken() == {"each delivered version is recorded once, as it was written"}


async def test_a_version_that_is_recorded_with_other_words(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    hall.told.versions[0] = Written(hall.told.draft, SECOND)
    assert await hall.broken() == {"each delivered version is recorded once, as it was written"}


async def test_a_decision_that_is_lost(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    hall.post.message.reactions["white_check_mark"] = [hall.slack.identity.bot_user]
    hall.told.decisions.append((Act.APPROVE, "よいと思います。"))
    assert await hall.broken() == {"each decision is recorded and shown exactly once"}


async def test_an_answer_after_the_deletion(hall: Hall) -> None:
    version = await hall.write(FIRST)
    hall.told.deleted = True
    hall.post.reply("U2", "見ました。")  # so that a thread remains
    hall.post.delete()
    await hall.history.drafts.withdraw(hall.place, "U1", NOW)
    assert await hall.broken() == set()
    await hall.answer(version)
    await hall.answer(version, kind="sns_check_withdrawal")
    assert await hall.broken() == {"deleted drafts"}


async def test_a_complaint_and_a_failure(hall: Hall) -> None:
    version = await hall.write(FIRST)
    await hall.answer(version)
    await hall.answer(version, kind="sns_check_failure")
    hall.told.complaint = "no answer"
    assert await hall.broken() == {"nobody waited in vain", "nothing was given up"}


@pytest.mark.parametrize("word", [SECRET, SECRET.encode("unicode_escape").decode(), "xoxb-double"])
def test_a_word_that_leaks(word: str) -> None:
    found = leaks([("replica 1", "quiet"), ("replica 2", f"line\n{word} line")], SlackDouble())
    assert len(found.broken) == 1
