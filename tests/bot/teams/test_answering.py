"""Drafts on their way: answered once, in the thread, whatever comes in between."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from bot.desk import DraftState
from bot.teams import words
from bot.teams.answering import ON_ITS_WAY
from bot.waiting import PATIENCE, WaitingClock
from tests.bot.running import until
from tests.bot.teams.conftest import Hall, Opening
from tests.doubles.teams import Message, Person, TeamsDouble
from tests.doubles.teams.tenant import told

BAD, GOOD = "<p>催しは駄目です。</p>", "<p>催しは中止です。</p>"


def said(post: Message) -> list[str]:
    return [answer.reading.text for answer in post.answers]


async def test_a_post_is_answered_in_its_thread(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    answer = await post.answer()
    assert "駄目" in answer.reading.visible
    await hall.settled()
    record = await hall.record(post)
    assert record is not None
    assert [version.receipt for version in record.versions] == [answer.id]


async def test_an_edit_is_answered_and_the_answer_before_folded(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    first = await post.answer()
    post.edit(GOOD)
    await post.answer(2)
    await first.shows("第1版")
    await hall.settled()
    assert len(post.answers) == 2


async def test_a_reply_is_a_version_and_taking_it_back_shows_the_one_before(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    reply = post.reply(hall.staff, "<p>修正版：催しは中止です。</p>")
    await post.answer(2)
    post.reply(hall.staff, "<p>よろしくお願いします</p>").edit("<p>どうぞよろしくお願いします</p>")
    reply.delete()
    restored = await post.answer(3)
    assert restored.reading.text == words.restored(2, 1)
    hall.pass_time(ON_ITS_WAY.total_seconds())
    await hall.settled()
    record = await hall.record(post)
    assert record is not None
    assert [version.retracted for version in record.versions] == [False, True]
    assert len(record.retractions) == 1, "talk that is edited takes nothing back"


async def test_a_deleted_draft_is_withdrawn_and_comes_back(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    post.delete()
    assert (await post.answer(2)).reading.text == words.WITHDRAWN
    post.restore()
    await post.answer(3)
    await hall.settled()
    record = await hall.record(post)
    assert record is not None
    assert record.state is DraftState.WAITING


async def test_a_draft_that_becomes_a_notice_is_withdrawn(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    post.edit("<p>連絡：催しの件です</p>")
    assert (await post.answer(2)).reading.text == words.MADE_NOTICE


async def test_a_notice_that_is_deleted_leaves_no_record(hall: Hall) -> None:
    notice = hall.room.post(hall.staff, "<p>連絡：明日は会議です</p>")
    notice.edit("<p>連絡：明後日は会議です</p>")
    notice.delete()
    await hall.teams.delivered()
    assert not await hall.nothing_open(), "what may be on its way is waited for"
    hall.pass_time(ON_ITS_WAY.total_seconds())
    await hall.settled()
    assert await hall.record(notice) is None
    assert notice.answers == []


async def test_a_reply_to_what_the_bot_never_heard_of_is_a_version_of_what_stands_there(hall: Hall) -> None:
    hall.teams.graph.permitted = False
    post = hall.room.post(hall.teams.person("鈴木"), BAD)
    hall.teams.graph.permitted = True
    reply = post.reply(hall.staff, "<p>修正版：催しは中止です。</p>")
    await post.answer()
    await hall.settled()
    record = await hall.record(post)
    assert record is not None
    assert [version.author for version in record.versions] == [
        hall.teams.person("鈴木").object_id,
        hall.staff.object_id,
    ]
    assert reply.id == record.versions[1].revision


async def test_an_answer_whose_sending_nobody_heard_of_is_found(hall: Hall) -> None:
    hall.teams.mischief.break_down("post", times=1, after_effect=True)
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    await hall.teams.called("replies")
    await hall.settled()
    assert len(post.answers) == 1


async def test_without_leave_to_look_it_is_rather_said_twice_than_never(hall: Hall) -> None:
    hall.teams.mischief.break_down("post", times=1, after_effect=True)
    post = hall.room.post(hall.staff, BAD)
    hall.teams.graph.permitted = False
    await post.answer(2)
    await hall.settled()


async def test_the_first_attempt_asks_graph_nothing(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    await hall.settled()
    assert hall.teams.calls("replies") == []


async def test_a_limit_is_waited_for(hall: Hall) -> None:
    hall.teams.mischief.rate_limit("post", times=1, retry_after=2)
    post = hall.room.post(hall.staff, BAD)
    await hall.teams.called("post")
    began = time.monotonic()
    await post.answer()
    assert time.monotonic() - began > 1.5
    await hall.settled()
    assert len(post.answers) == 1


async def test_what_comes_while_the_database_is_away_is_answered_when_it_is_back(hall: Hall, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "sns-check.sqlite3", isolation_level=None)
    database.execute("ALTER TABLE channels RENAME TO away")
    post = hall.room.post(hall.staff, BAD)
    elsewhere = hall.teams.channel("19:lunch@thread.tacv2").post(hall.staff, BAD)
    await hall.teams.until(lambda: all(each.answers for each in hall.teams.deliveries))
    assert {answer.status for each in hall.teams.deliveries for answer in each.answers} == {503}
    database.execute("ALTER TABLE away RENAME TO channels")
    database.close()
    (waiting,) = hall.surface._clocks
    assert isinstance(waiting, WaitingClock)
    await waiting.look()
    await post.answer()
    await until(hall.nothing_open)
    assert (len(post.answers), elsewhere.answers) == (1, [])


async def test_a_draft_that_waits_is_told_so_until_it_is_answered(hall: Hall) -> None:
    hall.teams.mischief.break_down("post", times=1, after_effect=False)
    hall.teams.mischief.break_down("replies", times=1_000)  # nobody can tell whether the answer is there
    post = hall.room.post(hall.staff, BAD)
    await hall.teams.called("replies")
    hall.pass_time(PATIENCE.total_seconds() + 5)
    (waiting,) = hall.surface._clocks
    assert isinstance(waiting, WaitingClock)
    await waiting.look()
    assert (await post.answer()).reading.text == words.WAITING

    hall.teams.mischief.relent()

    async def answered() -> bool:
        hall.pass_time(10)
        return ["駄目" in text for text in said(post)] == [True]

    await until(answered)


async def test_what_was_taken_in_before_a_restart_is_answered_after_it(open_hall: Opening, teams: TeamsDouble) -> None:
    teams.mischief.rate_limit("post", times=1, retry_after=1)
    async with open_hall() as hall:
        post = hall.room.post(hall.staff, BAD)
        await teams.called("post")
    async with open_hall() as hall:
        hall.pass_time(5)
        await post.answer()
        await hall.settled()
        assert len(post.answers) == 1


ACTS: Mapping[str, Callable[[Message, Person, int], object]] = {
    "edit": lambda post, _who, number: post.edit(f"<p>催しは{number}回目です。</p>"),
    "reply": lambda post, who, number: post.reply(who, f"<p>修正版：催しは{number}回目です。</p>"),
    "talk": lambda post, who, number: post.reply(who, f"<p>{number}回目です</p>"),
    "notice": lambda post, _who, number: post.edit(f"<p>連絡：{number}</p>"),
}
WRITES = {"edit", "reply"}
STORIES = st.lists(st.sampled_from(["edit", "reply", "talk"]), max_size=3) | st.lists(
    st.sampled_from(["edit", "notice", "talk"]), max_size=3
)
"""A reply to what is withdrawn is no version, so that it would matter which of the two is heard of first."""


async def next_moment() -> None:
    """Wait until Teams, which tells times in milliseconds, tells another one."""
    before = told(datetime.now(UTC))

    async def has_passed() -> bool:
        return told(datetime.now(UTC)) != before

    await until(has_passed)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STORIES, st.data())
async def test_any_order_and_repetition_leads_to_the_same_thread(hall: Hall, acts: list[str], data: DataObject) -> None:
    hall.teams.hold()
    post = hall.room.post(hall.staff, BAD)
    for number, act in enumerate(acts):
        await next_moment()
        ACTS[act](post, hall.staff, number)
    once = [each.activity for each in hall.teams.deliveries if not each.answers]
    hall.teams.lose_held()
    for activity in data.draw(st.permutations([*once, *data.draw(st.lists(st.sampled_from(once), max_size=2))])):
        assert (await hall.teams.send(activity)).status == 200
    await until(hall.nothing_open)

    record = await hall.record(post)
    assert record is not None
    written = [f"催しは{number}回目です。" for number, act in enumerate(acts) if act in WRITES]
    assert [version.text for version in record.versions] == ["催しは駄目です。", *written]
    notices = [number for number, act in enumerate(acts) if act == "notice"]
    stands = not notices or any(act in WRITES for act in acts[notices[-1] :])
    assert (record.state is DraftState.WITHDRAWN) == (not stands)
    receipts = {answer.id for answer in post.answers}
    assert not stands or {version.receipt for version in record.standing} & receipts, "what stands is answered"
    receipted = [version.receipt for version in record.versions if version.receipt]
    assert len(receipted) == len(set(receipted))
