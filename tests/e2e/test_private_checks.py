"""The command, its form and the shortcut: seen by one person alone."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHORTCUT = "sns_check_message"
FIELD = "draft"


async def test_the_command_with_a_text_answers_in_private(review: Room) -> None:
    response = await review.command("U1", "/sns-check", drafts.INSULT).response()
    assert response.user == "U1"
    assert drafts.INSULT_LABEL in response.reading.text
    assert (response.reading.mentions, response.reading.links) == ((), ())
    assert review.messages == []


async def test_the_command_reads_entities_as_characters(review: Room) -> None:
    response = await review.command("U1", "/sns-check", "うちの課長は<無能>だ。<!channel> A&B").response()
    assert "&lt;" not in response.reading.text
    assert response.reading.mentions == ()


async def test_the_command_works_in_any_conversation(slack: SlackDouble, review: Room) -> None:
    assert review.messages == []
    elsewhere = slack.channel("C0CHAT", member=False)
    assert drafts.CALM in (await elsewhere.command("U1", "/sns-check", drafts.CLEAN).response()).reading.text


async def test_the_command_explains_itself(review: Room) -> None:
    assert "使い方" in (await review.command("U1", "/sns-check", "help").response()).reading.text


async def test_the_command_alone_opens_a_form(slack: SlackDouble, review: Room) -> None:
    review.command("U2", "/sns-check")
    form = await slack.modal("U2")
    await form.submit({FIELD: f"{drafts.CLEAN}\n{drafts.INSULT}"})
    assert form.modal.trouble == ""
    reading = await form.shows(drafts.INSULT_LABEL)
    assert drafts.INSULT_CLAUSE in reading.text
    assert (reading.mentions, reading.links) == ((), ())
    assert review.messages == []


async def test_the_longest_text_of_the_form_is_answered(slack: SlackDouble, review: Room) -> None:
    review.command("U3", "/sns-check")
    form = await slack.modal("U3")
    await form.submit({FIELD: (drafts.INSULT * 200)[:3_000]})
    assert form.modal.trouble == ""
    await form.shows(drafts.INSULT_LABEL)


async def test_the_shortcut_reads_any_message(slack: SlackDouble, review: Room) -> None:
    assert review.messages == []
    message = slack.channel("C0CHAT").post("U1", drafts.INSULT)
    message.shortcut("U4", SHORTCUT)
    screen = await slack.modal("U4")
    assert drafts.INSULT_CLAUSE in (await screen.shows(drafts.INSULT_LABEL)).text
    assert message.answers == []


async def test_the_shortcut_reads_a_snippet(slack: SlackDouble, review: Room) -> None:
    assert review.messages == []
    slack.channel("C0CHAT").snippet("U1", drafts.INSULT).shortcut("U5", SHORTCUT)
    await (await slack.modal("U5")).shows(drafts.INSULT_LABEL)


async def test_nothing_of_a_private_check_is_kept(slack: SlackDouble, service: Service, review: Room) -> None:
    await review.command("U6", "/sns-check", f"ないしょまめ。{drafts.INSULT}").response()
    review.command("U7", "/sns-check")
    form = await slack.modal("U7")
    await form.submit({FIELD: f"ないしょまめ。{drafts.INSULT}"})
    await review.post("U6", f"みんなまめ。{drafts.CLEAN}").answer()
    await service.settled()
    assert service.keeps("みんなまめ")
    assert not service.keeps("ないしょまめ")
