"""Many drafts at once in one channel: one message at a time, first come first served, and a refusal is heard by all."""

from __future__ import annotations

import pytest

from bot.worker import HANDS
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, Town
from tests.doubles.slack import Post

INTERVAL = 0.05

pytestmark = [pytest.mark.parametrize("mode", ["http"]), pytest.mark.parametrize("post_interval", [INTERVAL])]


async def all_answered(town: Town, posts: list[Post]) -> None:
    for post in posts:
        await post.answer()

    async def nothing_open() -> bool:
        return await town.inbox.open_items() == 0

    await until(nothing_open)
    assert [len(post.answers) for post in posts] == [1] * len(posts)


async def test_thirty_drafts_are_answered_by_and_by_at_the_channels_pace(town: Town) -> None:
    town.slack.courier.hold()
    posts = [town.room.post("U1", f"{BAD}な対応 {number}") for number in range(30)]
    await town.slack.courier.release()
    await all_answered(town, posts)
    calls = town.slack.calls("chat.postMessage")
    assert len(calls) == 30
    assert calls[-1].at - calls[0].at > INTERVAL * (len(calls) - 1) / 2  # on a busy machine two may arrive at once
    first, last = ([post.answers[0].ts for post in part] for part in (posts[:10], posts[-10:]))
    assert max(first) < min(last)  # a draft may overtake the few that are in hand with it


async def test_a_refusal_in_the_middle_is_met_once_and_by_one_channel(town: Town) -> None:
    room, other = town.room, town.slack.channel("C02REV")
    town.slack.mischief.rate_limit("chat.postMessage", retry_after=2, channel=room.id)
    busy = [room.post("U1", f"{BAD}な対応 {number}") for number in range(2 * HANDS)]
    quiet = [other.post("U1", f"{BAD}な対応 {number}") for number in range(2)]
    await all_answered(town, [*quiet, *busy])
    assert [call.status for call in town.slack.calls("chat.postMessage")].count(429) == 1
    assert max(post.answers[0].ts for post in quiet) < min(post.answers[0].ts for post in busy)
