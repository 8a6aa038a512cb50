"""Slack has no time or the network breaks: every draft is answered once, later.

The service calls Slack in the same way in both modes, so one is enough here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.doubles.slack import Post, Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "http"


LATER = 60.0
"""Real seconds after which a draft is answered at the latest when something went wrong on the way."""


async def answered_once(service: Service, post: Post) -> None:
    answer = await post.answer(within=LATER)
    await service.caught_up()
    assert drafts.INSULT_LABEL in answer.reading.text
    assert len(post.answers) == 1


async def test_trouble_with_posting_delays_the_answer_and_does_not_double_it(
    slack: SlackDouble, service: Service, fresh_channels: Iterator[Room]
) -> None:
    rooms = [next(fresh_channels) for _ in range(6)]
    mischief = slack.mischief
    mischief.rate_limit("chat.postMessage", times=2, retry_after=1, channel=rooms[0].id)
    mischief.break_down("chat.postMessage", channel=rooms[1].id)
    mischief.break_down("chat.postMessage", channel=rooms[2].id, after_effect=True)
    mischief.cut("chat.postMessage", channel=rooms[3].id, after_effect=True)
    mischief.refuse("chat.postMessage", "internal_error", channel=rooms[4].id)
    mischief.cut("conversations.replies", channel=rooms[5].id)
    mischief.cut("chat.postMessage", channel=rooms[5].id)
    await asyncio.gather(*(answered_once(service, room.post("U1", drafts.INSULT)) for room in rooms))


async def test_a_refusal_that_lasts_does_not_hold_up_other_drafts(
    slack: SlackDouble, review: Room, fresh_channels: Iterator[Room]
) -> None:
    slack.mischief.refuse("chat.postMessage", "is_archived", times=1_000, channel=review.id)
    review.post("U1", drafts.INSULT)
    assert drafts.CALM in (await next(fresh_channels).post("U1", drafts.CLEAN).answer()).reading.text
