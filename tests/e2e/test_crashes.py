"""The process ends at the worst moment: every draft is answered once, after it is back."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Post, Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answered_once(service: Service, post: Post) -> None:
    answer = await post.answer(within=30)
    await service.caught_up()
    assert drafts.INSULT_LABEL in answer.reading.text
    assert len(post.answers) == 1


async def posting_begins(slack: SlackDouble, review: Room) -> None:
    await slack.until(lambda: any(call.args["channel"] == review.id for call in slack.calls("chat.postMessage")))


async def crash_and_start(service: Service) -> None:
    await service.kill()
    service.let_leases_run_out()
    await service.start()


async def test_a_draft_received_before_the_power_went_is_answered_after_it_is_back(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.mischief.hang("chat.postMessage", channel=review.id)
    post = review.post("U1", drafts.INSULT)
    await posting_begins(slack, review)
    await crash_and_start(service)
    await answered_once(service, post)


async def test_an_answer_posted_just_before_the_power_went_is_not_posted_again(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.mischief.hang("chat.postMessage", channel=review.id, after_effect=True)
    post = review.post("U1", drafts.INSULT)
    await post.answer()
    await crash_and_start(service)
    await answered_once(service, post)


async def test_a_stop_in_the_middle_loses_nothing(slack: SlackDouble, service: Service, review: Room) -> None:
    slack.mischief.rate_limit("chat.postMessage", retry_after=4, channel=review.id)
    post = review.post("U1", drafts.INSULT)
    await posting_begins(slack, review)
    assert await service.stop() == 0
    await service.start()
    await answered_once(service, post)
