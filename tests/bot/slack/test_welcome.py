"""What the bot says when it joins a channel, and that it says it once."""

from __future__ import annotations

import pytest

from bot.slack.words import commands as words
from tests.bot.running import until
from tests.bot.slack.conftest import Opening, Town

SOCKET = pytest.mark.parametrize("mode", ["socket"])


async def settled(town: Town) -> None:
    """Wait until nothing is left to do, however long pauses are."""

    async def nothing_open() -> bool:
        town.pass_time(60)
        return await town.inbox.open_items() == 0

    await town.slack.delivered()
    await until(nothing_open)


async def test_it_explains_itself_in_five_lines(town: Town) -> None:
    town.room.join(town.slack.identity.bot_user)
    await town.slack.until(lambda: town.room.bot_messages)
    (welcome,) = town.room.bot_messages
    assert welcome.reading.text.splitlines() == list(words.WELCOME)
    assert len(words.WELCOME) == 5
    assert "「連絡：」" in welcome.reading.text
    assert "//" in welcome.reading.text
    await settled(town)
    assert welcome.answers == []


@SOCKET
async def test_in_another_channel_it_says_how_reviews_begin(town: Town) -> None:
    room = town.slack.channel("C0CHAT")
    room.join(town.slack.identity.bot_user)
    await town.slack.until(lambda: room.bot_messages)
    assert room.bot_messages[0].reading.text.endswith(words.WELCOME_ELSEWHERE)


@SOCKET
async def test_other_people_are_not_welcomed(town: Town) -> None:
    town.room.join("U2")
    await settled(town)
    assert town.room.bot_messages == []


async def test_repeated_deliveries_make_one_welcome(town: Town) -> None:
    delivery = town.room.join(town.slack.identity.bot_user)
    assert delivery is not None
    await town.slack.until(lambda: town.room.bot_messages)
    town.slack.courier.repeat(delivery)
    await settled(town)
    assert len(town.room.bot_messages) == 1


@SOCKET
async def test_a_welcome_whose_posting_was_cut_off_is_not_said_twice(town: Town) -> None:
    town.slack.mischief.cut("chat.postMessage", after_effect=True)
    town.room.join(town.slack.identity.bot_user)
    await town.slack.until(lambda: town.room.bot_messages)
    await settled(town)
    assert len(town.room.bot_messages) == 1


@SOCKET
async def test_a_bot_that_was_put_out_again_keeps_quiet(town: Town) -> None:
    town.slack.mischief.refuse("conversations.history", "not_in_channel", times=9)
    town.room.join(town.slack.identity.bot_user)
    await settled(town)
    assert town.slack.calls("chat.postMessage") == []


@SOCKET
async def test_a_restart_does_not_repeat_it(open_town: Opening) -> None:
    async with open_town() as town:
        town.room.join(town.slack.identity.bot_user)
        await town.slack.until(lambda: town.room.bot_messages)
        await settled(town)
    async with open_town() as town:
        await town.room.post("U1", "お知らせ").answer()
        await settled(town)
        assert sum(post.message.thread_ts is None for post in town.room.bot_messages) == 1
