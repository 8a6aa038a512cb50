"""The verdict itself: each broken promise is noticed. A proof that cannot fail would prove nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.history import Decision, DecisionKind, History, Item, Place, Submission
from bot.history.tables import events, inbox
from rules.model import Finding, Level, Review, Topic, Versions
from tests.chaos.lives import Told, Written
from tests.chaos.plan import SECRET, Act, Life, Text
from tests.chaos.verdict import books, cases, judge, leaks
from tests.doubles.slack import Delivery, Post, SlackDouble
from tests.doubles.slack.delivery import Outcome
from tests.e2e import drafts

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
FIRST, SECOND = Text("一つ目の文です。", forbidden=False), Text("二つ目の文です。", forbidden=False)

VERSIONS = Versions("1", "1", "1")
FINDING = Finding("insult.test", Topic.INSULT, Level.WARN, (), 0, 2, "一つ", "直してください。", "")


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

    async def answer(
        self,
        version: Written,
        shown: str = drafts.CALM,
        *,
        kind: str = "sns_check_answer",
        page: int = 1,
        recorded: bool = True,
    ) -> Post:
        """A message as the service posts it; an answer is recorded with it."""
        payload = {"draft": self.told.draft, "revision": version.revision, "page": page}
        body = {"bot_id": self.slack.identity.bot_id, "text": shown, "thread_ts": self.told.draft}
        channel = self.slack.workspace.channels["C01REV"]
        message = self.slack.workspace.say(channel, body, {"event_type": kind, "event_payload": payload})
        if recorded and kind == "sns_check_answer":
            await self.history.drafts.answer(self.place, version.revision, message.ts, NOW)
        return self.slack.post("C01REV", message.ts)

    async def decide(self, version: Written, comment: str) -> None:
        """An approval by the supervisor of this life: recorded, and seen by its reaction."""
        made = Decision(DecisionKind.APPROVE, version.revision, self.told.life.boss, NOW, comment)
        async with self.history.drafts.locked(self.place) as draft:
            assert draft is not None
            await draft.decide(made)
        self.told.decisions.append((Act.APPROVE, comment))
        self.post.message.reactions["white_check_mark"] = [self.slack.identity.bot_user]

    async def dispute(self, reason: str) -> None:
        """A dispute of the only finding of the version, recorded and told in the thread."""
        version = self.told.versions[-1]
        await self.history.drafts.review(self.place, version.revision, Review((FINDING,), VERSIONS), NOW)
        async with self.history.drafts.locked(self.place) as draft:
            assert draft is not None
            await draft.dispute(version.revision, 0, self.told.life.author, NOW, reason)
        await self.answer(version, reason, kind="sns_check_dispute")

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


async def test_an_answer_that_is_folded_although_its_words_stand(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST), f"{drafts.CALM} 新しい版の結果が下にあります")
    assert await hall.broken() == {"each live draft"}


async def test_a_reaction_that_says_something_else(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    hall.post.message.reactions["no_entry"] = [hall.slack.identity.bot_user]
    assert await hall.broken() == {"each answer is the right one"}


async def test_a_version_that_somebody_waited_for_and_whose_answer_is_gone(hall: Hall) -> None:
    first, second = await hall.write(FIRST), await hall.write(FIRST)
    await hall.answer(second)
    hall.told.waited_for.append(first.revision)
    assert await hall.broken() == {"each version that somebody waited for is answered"}


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


async def test_an_answer_that_is_recorded_and_not_there(hall: Hall) -> None:
    version = await hall.write(FIRST)
    (await hall.answer(version)).message.metadata = None
    await hall.answer(version, kind="sns_check_unknown")
    assert "each answer in Slack is recorded, and each recorded one is there" in await hall.broken()


async def test_an_answer_that_is_there_and_not_recorded(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST), recorded=False)
    assert await hall.broken() == {"each answer in Slack is recorded, and each recorded one is there"}


async def test_a_decision_that_is_lost(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    hall.post.message.reactions["white_check_mark"] = [hall.slack.identity.bot_user]
    hall.told.decisions.append((Act.APPROVE, "よいと思います。"))
    assert await hall.broken() == {"each decision is recorded and shown exactly once"}


async def test_a_decision_that_is_told_twice(hall: Hall) -> None:
    version = await hall.write(FIRST)
    await hall.answer(version)
    await hall.decide(version, "よいと思います。")
    await hall.answer(version, "よいと思います。", kind="sns_check_decided")
    assert await hall.broken() == set()
    await hall.answer(hall.told.versions[0], "よいと思います。", kind="sns_check_decided", page=2)
    assert await hall.broken() == {"each decision is recorded and shown exactly once"}


@pytest.mark.parametrize("what", ["disputes", "rulings"])
async def test_a_dispute_or_a_ruling_that_is_lost(hall: Hall, what: str) -> None:
    await hall.answer(await hall.write(FIRST))
    hall.told.disputes.append("町の決まりです。")
    assert await hall.broken() == {"each dispute and its ruling"}
    await hall.dispute("町の決まりです。")
    assert await hall.broken() == set()
    getattr(hall.told, what).append("ほかの言葉です。")
    assert await hall.broken() == {"each dispute and its ruling"}


async def test_a_deletion_that_is_not_recorded(hall: Hall) -> None:
    await hall.write(FIRST)
    await delete(hall)
    assert await hall.broken() == {"deleted drafts"}


async def test_a_deletion_of_which_the_withdrawal_is_not_told(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    await delete(hall)
    await hall.history.drafts.withdraw(hall.place, "U1", NOW)
    assert await hall.broken() == {"deleted drafts"}


async def test_a_draft_that_was_heard_of_and_of_which_nothing_is_recorded(hall: Hall) -> None:
    post = hall.slack.channel("C01REV").post("U1", FIRST.words)
    hall.told.draft, hall.told.deleted = post.ts, True
    post.delete()
    assert await hall.broken() == set()  # nobody was there to hear of it
    hall.slack.courier.deliveries[-1].attempts.append(Outcome(acknowledged=True))
    assert await hall.broken() == {"deleted drafts"}


async def test_an_answer_after_the_deletion(hall: Hall) -> None:
    version = await hall.write(FIRST)
    await delete(hall)
    await hall.history.drafts.withdraw(hall.place, "U1", NOW)
    assert await hall.broken() == set()
    await hall.answer(version)
    await hall.answer(version, kind="sns_check_withdrawal")
    assert await hall.broken() == {"deleted drafts"}


async def delete(hall: Hall) -> None:
    """Delete the draft in Slack; a thread remains, in which something can be said."""
    hall.told.deleted = True
    hall.post.reply("U2", "見ました。")
    hall.post.delete()


async def test_a_complaint_and_a_failure(hall: Hall) -> None:
    version = await hall.write(FIRST)
    await hall.answer(version)
    await hall.answer(version, kind="sns_check_failure")
    hall.told.complaint = "no answer"
    assert await hall.broken() == {"nobody waited in vain", "nothing was given up"}


async def test_an_event_that_was_changed_behind_the_back(hall: Hall) -> None:
    await hall.answer(await hall.write(FIRST))
    assert not any(check.broken for check in await books(hall.history))
    async with hall.history.inbox._database.writing() as connection:
        await connection.execute(update(events).where(events.c.number == 1).values(hash="0" * 64))
    chain, _inbox = await books(hall.history)
    assert len(chain.broken) == 1


@pytest.mark.parametrize("state", ["open", "failed"])
async def test_an_item_that_was_not_dealt_with(hall: Hall, state: str) -> None:
    await hall.history.inbox.put(Item("key", "slack", "version", "place", 1.0, NOW, {}))
    async with hall.history.inbox._database.writing() as connection:
        await connection.execute(update(inbox).values(state=state))
    _chain, left = await books(hall.history)
    assert left.broken == (f"1 items are {state}",)


@pytest.mark.parametrize("word", [SECRET, SECRET.encode("unicode_escape").decode(), "xoxb-double"])
def test_a_word_that_leaks(word: str) -> None:
    found = leaks([("replica 1", "quiet"), ("replica 2", f"line\n{word} line")], SlackDouble())
    assert len(found.broken) == 1
