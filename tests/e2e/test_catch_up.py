"""The service was away, and Slack kept nothing for it: what was written meanwhile is found and answered once."""

from __future__ import annotations

from functools import partial

import pytest

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_was_written_edited_and_deleted_while_it_was_down(service: Service, review: Room) -> None:
    edited, deleted, revised = (review.post("U1", drafts.INSULT) for _ in range(3))
    for post in (edited, deleted, revised):
        await post.answer()
    await service.settled()
    assert await service.stop() == 0
    said = len(review.bot_messages)
    missed = [review.post("U1", drafts.INSULT) for _ in range(3)]
    talk = review.post("U1", f"連絡：{drafts.INSULT}")
    gone = review.post("U1", drafts.INSULT)
    gone.delete()
    changed_at_once = review.post("U1", drafts.INSULT)
    changed_at_once.edit(drafts.CLEAN)
    edited.edit(drafts.CLEAN)
    deleted.delete()
    revised.reply("U2", f"修正版：{drafts.CLEAN}")
    await service.start()
    for post in (*missed, changed_at_once):
        await post.answer()
    for post in (edited, revised):
        assert drafts.CALM in (await post.answer(2)).reading.text
    assert "取り下げ" in (await deleted.answer(2)).reading.text
    await service.caught_up()
    assert [len(post.answers) for post in (*missed, changed_at_once, edited, revised, deleted)] == [1] * 4 + [2] * 3
    assert drafts.CALM in changed_at_once.answers[0].reading.text
    assert talk.answers == []
    assert len(review.bot_messages) == said + 7


async def reconnected(slack: SlackDouble, before: int) -> None:
    """Wait for a new connection after that many."""
    await slack.until(lambda: slack.socket_mode.opened > before, within=60)


async def test_what_a_dead_connection_swallowed(slack: SlackDouble, service: Service, review: Room, mode: Mode) -> None:
    if mode == "http":
        pytest.skip("Slack opens a connection for each delivery")
    before = slack.socket_mode.opened
    slack.socket_mode.half_open()
    swallowed = review.post("U1", drafts.INSULT)
    await reconnected(slack, before)
    await swallowed.answer()
    await service.caught_up()
    assert len(swallowed.answers) == 1


async def test_what_came_between_two_connections(
    slack: SlackDouble, service: Service, review: Room, mode: Mode
) -> None:
    if mode == "http":
        pytest.skip("Slack opens a connection for each delivery")
    for interrupt in (partial(slack.socket_mode.disconnect, "refresh_requested"), slack.socket_mode.drop):
        before = slack.socket_mode.opened
        await interrupt()
        post = review.post("U1", drafts.INSULT)
        await reconnected(slack, before)
        await post.answer()
        await service.caught_up()
        assert len(post.answers) == 1
