"""What was written while Teams could not reach us, and what is read of it from Microsoft Graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.catching_up import CATCH_UP
from bot.desk import DraftState
from bot.history import Item
from bot.teams import words
from rules.model import Verdict
from tests.bot.running import until
from tests.bot.teams.conftest import REVIEW, Hall, Opening
from tests.doubles.teams import Message, TeamsDouble

GOOD, BAD = "<p>よい知らせです。</p>", "<p>禁a です。</p>"
ASIDE = timedelta(milliseconds=7)
"""How far apart Teams and Graph may stamp the same edit."""
CALM = words.VERDICT_MARK[Verdict.PASS]


@pytest.fixture
def open_read_hall(open_hall: Opening, teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """A hall whose channel was given by its link, so that its team is known."""
    group = teams.channel(REVIEW).conversation.group
    link = f"https://teams.microsoft.com/l/channel/{quote(REVIEW, safe='')}/x?groupId={group}"
    monkeypatch.setenv("SNS_CHECK_TEAMS_CHANNELS", link)
    return open_hall


@pytest.fixture
async def hall(open_read_hall: Opening) -> AsyncIterator[Hall]:
    async with open_read_hall() as opened:
        await was_read(opened, 1)
        yield opened


async def was_read(hall: Hall, times: int) -> None:
    """Wait until the channel has been read so many times."""
    await hall.teams.called("delta", times)
    await until(hall.nothing_open)


async def read_again(hall: Hall) -> None:
    """Have the channel read now."""
    times, now = len(hall.teams.calls("delta")), hall.now()
    place = f"teams/{CATCH_UP}"
    await hall.inbox.put(Item(f"{place}/{times}", "teams", CATCH_UP, place, now.timestamp(), now, {}))
    await was_read(hall, times + 1)


async def missed(hall: Hall) -> None:
    """Let what was kept back get lost, and the channel be read."""
    hall.teams.lose_held()
    await read_again(hall)


def said(post: Message) -> list[str]:
    return [each.reading.visible for each in post.answers]


async def test_posts_that_were_never_delivered_are_answered_once(hall: Hall) -> None:
    hall.teams.hold()
    posts = [hall.room.post(hall.staff, BAD) for _ in range(3)]
    notice = hall.room.post(hall.staff, "<p>連絡：禁a</p>")
    changed, gone = (hall.room.post(hall.staff, BAD) for _ in range(2))
    changed.edit(GOOD)
    gone.delete()
    await missed(hall)
    assert [len(post.answers) for post in (*posts, notice, changed, gone)] == [1, 1, 1, 0, 1, 0]
    assert CALM in said(changed)[0]
    await read_again(hall)
    assert [len(post.answers) for post in (*posts, changed)] == [1] * 4


async def test_what_was_delivered_is_not_handled_twice(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    post.edit(GOOD)
    await post.answer(2)
    withdrawn = hall.room.post(hall.staff, BAD)
    await withdrawn.answer()
    withdrawn.delete()
    await hall.settled()
    before = said(post), said(withdrawn)
    assert post.stored.edited_at
    assert withdrawn.stored.deleted_at
    post.stored.edited_at += ASIDE
    withdrawn.stored.deleted_at += ASIDE
    await read_again(hall)
    assert (said(post), said(withdrawn)) == before
    record = await hall.record(post)
    assert record is not None
    assert len(record.versions) == 2


async def test_a_thread_whose_draft_was_erased_stops_nothing(hall: Hall) -> None:
    erased = hall.room.post(hall.staff, BAD)
    await erased.answer()
    await hall.settled()
    hall.pass_time(3600)
    assert (await hall.history.retention.purge(hall.now(), hall.now())).drafts == 1
    hall.teams.hold()
    erased.reply(hall.staff, "<p>助かりました。</p>")
    after = hall.room.post(hall.staff, BAD)
    await missed(hall)
    assert (len(erased.answers), len(after.answers)) == (1, 1)


async def test_what_became_of_known_drafts_is_noticed(hall: Hall) -> None:
    edited, deleted, revised, restored = (hall.room.post(hall.staff, BAD) for _ in range(4))
    for post in (edited, deleted, revised, restored):
        await post.answer()
    restored.delete()
    await hall.settled()
    hall.teams.hold()
    edited.edit(GOOD)
    deleted.delete()
    revised.reply(hall.staff, "<p>修正版：よい知らせです。</p>")
    revised.reply(hall.staff, "<p>直しました。</p>")
    restored.restore()
    await missed(hall)
    assert CALM in said(edited)[-1]
    assert CALM in said(revised)[-1]
    records = [await hall.record(post) for post in (edited, deleted, revised, restored)]
    states = [record.state for record in records if record]
    assert states == [DraftState.WAITING, DraftState.WITHDRAWN, DraftState.WAITING, DraftState.WAITING]
    before = [said(post) for post in (edited, deleted, revised, restored)]
    await read_again(hall)
    assert [said(post) for post in (edited, deleted, revised, restored)] == before


async def test_a_version_in_a_reply_that_was_deleted_is_taken_back(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    await post.answer()
    reply = post.reply(hall.staff, "<p>修正版：よい知らせです。</p>")
    await post.answer(2)
    await hall.settled()
    hall.teams.hold()
    reply.delete()
    await missed(hall)
    record = await hall.record(post)
    assert record is not None
    assert [version.retracted for version in record.versions] == [False, True]


async def test_a_version_written_in_the_card_stays(hall: Hall) -> None:
    post = hall.room.post(hall.staff, BAD)
    answer = await post.answer()
    await answer.press(hall.staff, words.REVISION_SUBMIT, text="よい知らせです。")
    await until(lambda: _has_versions(hall, post, 2))
    await hall.settled()
    await read_again(hall)
    record = await hall.record(post)
    assert record is not None
    assert [version.retracted for version in record.versions] == [False, False]


async def _has_versions(hall: Hall, post: Message, count: int) -> bool:
    record = await hall.record(post)
    return record is not None and len(record.versions) == count


async def test_what_was_there_before_the_first_reading_is_left_alone(
    open_read_hall: Opening, teams: TeamsDouble
) -> None:
    old = teams.channel(REVIEW).post(teams.person("佐藤"), BAD)
    async with open_read_hall() as hall:
        await was_read(hall, 1)
        assert old.answers == []


async def test_a_restart_reads_what_was_written_meanwhile(open_read_hall: Opening, teams: TeamsDouble) -> None:
    async with open_read_hall() as hall:
        await was_read(hall, 1)
    post = teams.channel(REVIEW).post(teams.person("佐藤"), BAD)
    async with open_read_hall() as hall:
        await post.answer()
        await until(hall.nothing_open)
        assert len(post.answers) == 1


async def test_what_is_older_than_is_wanted_is_not_handled(hall: Hall) -> None:
    hall.teams.hold()
    post = hall.room.post(hall.staff, BAD)
    hall.pass_time(25 * 3600)
    await missed(hall)
    assert post.answers == []


async def test_many_posts_are_read_page_by_page(hall: Hall) -> None:
    hall.teams.hold()
    posts = [hall.room.post(hall.staff, f"<p>連絡：{number}</p>") for number in range(60)]
    last = hall.room.post(hall.staff, BAD)
    hall.teams.lose_held()
    await read_again(hall)
    await last.answer()
    assert all(post.answers == [] for post in posts)


async def test_while_graph_has_no_time_nothing_is_passed_over(hall: Hall) -> None:
    hall.teams.hold()
    post = hall.room.post(hall.staff, BAD)
    hall.teams.lose_held()
    hall.teams.mischief.break_down("delta", times=1)
    times, now = len(hall.teams.calls("delta")), hall.now()
    place = f"teams/{CATCH_UP}"
    await hall.inbox.put(Item(f"{place}/x", "teams", CATCH_UP, place, now.timestamp(), now, {}))
    await hall.teams.called("delta", times + 1)

    async def answered() -> bool:
        hall.pass_time(10)
        return len(post.answers) == 1

    await until(answered)


async def test_without_the_permission_nothing_is_read_and_nothing_passed_over(hall: Hall) -> None:
    hall.teams.permitted = False
    post = hall.room.post(hall.staff, BAD)
    await read_again(hall)
    assert post.answers == []
    hall.teams.permitted = True
    hall.pass_time(600)
    await read_again(hall)
    assert len(post.answers) == 1
