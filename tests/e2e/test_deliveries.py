"""Slack delivers twice, late and in the wrong order: there is one answer a version all the same."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Room, SlackDouble, reversed_order, shuffled
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_duplicates_and_repetitions_get_one_answer(slack: SlackDouble, service: Service, review: Room) -> None:
    slack.courier.duplicate(3)
    duplicated = review.post("U1", drafts.INSULT)
    slack.courier.duplicate(1)
    await duplicated.answer()
    await slack.until(lambda: len(duplicated.deliveries[0].attempts) == 3)
    await slack.delivered()
    slack.courier.lose_acknowledgements(1)
    repeated = review.post("U1", drafts.INSULT)
    await slack.until(lambda: len(repeated.deliveries[0].attempts) == 2)
    answer = await repeated.answer()
    slack.courier.repeat(duplicated.deliveries[0])
    await slack.until(lambda: len(duplicated.deliveries[0].attempts) == 4)
    await service.caught_up()
    assert drafts.INSULT_LABEL in answer.reading.text
    assert [len(duplicated.answers), len(repeated.answers)] == [1, 1]


async def test_what_arrives_after_its_own_edit_was_answered_is_not_answered(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.courier.hold()
    post = review.post("U1", drafts.INSULT)
    post.edit(drafts.CLEAN)
    message, _ = await slack.courier.release(lambda held: held[1:])
    assert drafts.CALM in (await post.answer()).reading.text
    slack.courier.repeat(message)
    await message.board.until(lambda: message.acknowledged, within=10)
    await service.caught_up()
    assert len(post.answers) == 1


async def test_the_last_answer_is_to_the_last_version_in_whatever_order_they_arrive(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.courier.hold()
    post = review.post("U1", drafts.INSULT)
    post.edit(f"{drafts.INSULT}\n{drafts.CLEAN}")
    post.edit(drafts.CLEAN)
    await slack.courier.release(shuffled(seed=7))
    await slack.until(lambda: post.answers and drafts.CALM in post.answers[-1].reading.text)
    await service.caught_up()
    assert drafts.CALM in post.answers[-1].reading.text
    answered = [answer.body["metadata"]["event_payload"]["revision"] for answer in post.answers]
    assert answered == sorted(set(answered))


async def test_a_draft_deleted_before_it_arrived_is_not_answered(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.courier.hold()
    post = review.post("U1", drafts.INSULT)
    post.delete()
    await slack.courier.release(reversed_order)
    await service.caught_up()
    assert [message.text for message in review.bot_messages if message.message.thread_ts == post.ts] == []


async def test_what_was_sent_to_another_version_is_not_said_again(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    post = review.post("U1", drafts.INSULT)
    await post.answer()
    post.edit(drafts.CLEAN)
    await post.answer(2)
    await service.settled()
    sent = post.deliveries
    for delivery in sent:
        slack.courier.repeat(delivery)
    await slack.until(lambda: all(len(delivery.attempts) == 2 for delivery in sent))
    await service.caught_up()
    assert len(post.answers) == 2
