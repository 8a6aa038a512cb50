"""What comes into a review channel of Teams, and what the bot says to it."""

from __future__ import annotations

import json
import time

import pytest

from tests.doubles.teams import Message, Person, Room, TeamsDouble
from tests.doubles.teams.login import Keys
from tests.e2e import drafts
from tests.e2e.teams.service import LINKED, OIZUMI, TeamsService, html

pytestmark = pytest.mark.asyncio(loop_scope="module")

# what comes in


async def test_a_draft_with_a_finding_is_answered_once_in_its_thread(
    service: TeamsService, review: Room, staff: Person
) -> None:
    post = review.post(staff, html(drafts.INSULT))
    answer = await post.answer()
    await service.settled()
    assert len(post.answers) == len(review.bot_messages) == 1
    for words in (drafts.MUST_FIX, drafts.INSULT_QUOTE, drafts.INSULT_LABEL, "千葉市"):
        assert words in answer.reading.visible
    assert drafts.INSULT_CLAUSE in answer.reading.text
    assert drafts.INSULT_CLAUSE not in answer.reading.visible, "the clause's wording is behind a toggle"
    assert (answer.reading.links, answer.reading.mentions) == ((), ())


async def test_a_clean_draft_gets_a_calm_confirmation(review: Room, staff: Person) -> None:
    answer = await review.post(staff, html(drafts.CLEAN)).answer()
    assert drafts.CALM in answer.reading.visible
    assert "⛔" not in answer.reading.text


async def test_the_channel_decides_the_guideline(teams: TeamsDouble, service: TeamsService, staff: Person) -> None:
    assert service.running
    answer = await teams.channel(OIZUMI).post(staff, html(drafts.INSULT)).answer()
    assert "大泉町" in answer.reading.text
    assert drafts.INSULT_CLAUSE_OIZUMI in answer.reading.text


async def test_a_mention_of_the_bot_is_no_part_of_the_draft(review: Room, staff: Person) -> None:
    answer = await review.mention(staff, drafts.CLEAN).answer()
    assert drafts.CALM in answer.reading.visible


async def test_what_office_makes_of_a_text_is_read_as_people_see_it(review: Room, staff: Person) -> None:
    body = (
        "<div>うちの&nbsp;課長は<strong>無</strong>能だ。<br>"
        '<emoji alt="😀" title="笑顔"></emoji><img alt="😀" itemtype="http://schema.skype.com/Emoji"></div>'
    )
    assert drafts.MUST_FIX in (await review.post(staff, body).answer()).reading.visible


@pytest.mark.parametrize(
    "body",
    [
        "<p>**太字** [ここ](https://evil.example) &lt;at&gt;課長&lt;/at&gt; うちの課長は無能だ。</p>",
        '<p><a href="https://evil.example/login">うちの課長は無能だ。</a> _斜体_</p>',
        "<p># うちの課長は<i>無能</i>だ。 `x` ~~y~~ {{DATE(2026-11-21)}}</p>",
    ],
)
async def test_draft_text_can_neither_mention_nor_link_nor_format(review: Room, staff: Person, body: str) -> None:
    reading = (await review.post(staff, body).answer()).reading
    assert drafts.MUST_FIX in reading.visible
    assert (reading.mentions, reading.links) == ((), ())
    assert "無能" not in reading.formatted


async def test_many_findings_are_shown_five_to_a_page(review: Room, staff: Person) -> None:
    post = review.post(staff, html("\n".join(f"{number}番目の話です。うちの課長は無能だ。" for number in range(1, 13))))
    answer = await post.answer()
    assert "5." in answer.reading.text
    assert "6. ⛔" not in answer.reading.text
    turned = await answer.press(staff, "次へ")
    assert "6. ⛔" in turned.reading.text
    assert "6. ⛔" not in answer.reading.text, "what others see stays"


async def test_the_longest_message_is_answered_within_the_limits(review: Room, staff: Person) -> None:
    long = (drafts.CLEAN * 1_000)[: 20_000 - len(drafts.INSULT)] + drafts.INSULT
    assert drafts.MUST_FIX in (await review.post(staff, html(long)).answer()).reading.visible


async def test_an_edit_gets_one_more_answer_and_a_deletion_withdraws(
    service: TeamsService, review: Room, staff: Person
) -> None:
    post = review.post(staff, html(drafts.INSULT))
    first = await post.answer()
    post.edit(html(drafts.CLEAN))
    assert drafts.CALM in (await post.answer(2)).reading.visible
    await first.shows("第1版")
    post.delete()
    await post.answers[1].shows("取り下げ")
    await service.settled()
    post.restore()
    await service.settled()
    assert "取り下げ" not in post.answers[1].reading.visible


async def test_a_reply_is_the_next_version_and_talk_is_not(service: TeamsService, review: Room, staff: Person) -> None:
    post = review.post(staff, html(drafts.INSULT))
    await post.answer()
    post.reply(staff, html("修正版をお願いします"))
    post.reply(staff, html(f"修正版：{drafts.CLEAN}"))
    assert drafts.CALM in (await post.answer(2)).reading.visible
    notice = review.post(staff, html(f"連絡：{drafts.INSULT}"))
    await review.post(staff, html(drafts.ANOTHER_CLEAN)).answer()
    await service.settled()
    assert (len(post.answers), notice.answers) == (2, [])


async def test_what_is_not_for_us_gets_no_answer(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    elsewhere = teams.channel("19:chat@thread.tacv2").post(staff, html(drafts.INSULT))
    stranger = teams.activity("message", review, staff, text=drafts.INSULT, id="1")
    stranger["conversation"] |= {"id": f"{review.id};messageid=1", "tenantId": "another"}
    stranger["channelData"]["tenant"] = {"id": "another"}
    assert (await teams.send(stranger)).status < 500
    await review.post(staff, html(drafts.CLEAN)).answer()
    await service.settled()
    assert (elsewhere.answers, len(review.bot_messages)) == ([], 1)


async def test_deliveries_that_come_twice_or_out_of_order_change_nothing(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    teams.hold()
    post = review.post(staff, html(drafts.INSULT))
    post.edit(html(drafts.CLEAN))
    teams.release(backwards=True)
    answer = await post.answer()
    for delivery in teams.deliveries[-2:]:
        delivery.again()
    await service.settled()
    assert drafts.CALM in post.answers[-1].reading.visible
    assert len([each for each in post.answers if drafts.CALM in each.reading.visible]) == 1
    assert answer.standing


async def test_a_limit_of_the_connector_is_waited_for(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    teams.mischief.rate_limit("post", retry_after=1, channel=review.id)
    post = review.post(staff, html(drafts.INSULT))
    await post.answer()
    await service.settled()
    assert len(post.answers) == 1


# who may come in


async def test_only_bot_frameworks_tokens_for_this_app_are_believed(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    post = teams.activity("message", review, staff, text=drafts.INSULT, id="1")
    now = int(time.time())
    inbound = teams.login.inbound
    tokens = {
        "none": None,
        "no token": "x",
        "another audience": inbound(teams.service_url, aud="another"),
        "another issuer": inbound(teams.service_url, iss="https://sts.windows.net/another/"),
        "expired": inbound(teams.service_url, exp=now - 3_600, iat=now - 7_200, nbf=now - 7_200),
        "another address": inbound("https://evil.example/"),
        "no address": inbound(teams.service_url, serviceurl=None),
        "another key": Keys().sign({"iss": "https://api.botframework.com", "aud": teams.registration.client_id}),
    }
    asked = teams.login.key_requests
    refused = {why: (await teams.send(post, token=token)).status for why, token in tokens.items()}
    assert set(refused.values()) == {401}, refused
    assert teams.login.key_requests - asked <= 2
    await service.caught_up()
    assert review.bot_messages == []


async def test_what_is_no_activity_is_no_error_of_ours(teams: TeamsDouble, review: Room, staff: Person) -> None:
    bodies = [b"", b"{", b"[]", b'"a"', b"null", b"\xff", json.dumps("x" * 300_000).encode()]
    assert {(await teams.send(body)).status for body in bodies} <= {400, 413}
    for strange in ({}, {"type": "event"}, teams.activity("somethingNew", review, staff), {"type": "message"}):
        assert (await teams.send(strange)).status in {200, 400, 401}, strange


# the worst moment


async def test_a_draft_received_before_the_power_went_is_answered_after_it_is_back(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    teams.mischief.hang("post", channel=review.id)
    post = review.post(staff, html(drafts.INSULT))
    await under_way(teams, review)
    await service.crash_and_start()
    await answered_once(service, post)


async def test_an_answer_posted_just_before_the_power_went_is_not_posted_again(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    teams.mischief.hang("post", channel=review.id, after_effect=True)
    post = review.post(staff, html(drafts.INSULT))
    await post.answer()
    await service.crash_and_start()
    await answered_once(service, post)


@pytest.mark.parametrize("trouble", ["cut", "break_down"])
async def test_an_answer_of_the_connector_that_is_lost_is_not_asked_for_again(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person, trouble: str
) -> None:
    getattr(teams.mischief, trouble)("post", channel=review.id, after_effect=True)
    post = review.post(staff, html(drafts.INSULT))
    await answered_once(service, post)
    assert teams.calls("replies"), "it was looked for in the thread"


async def test_without_leave_to_look_a_second_answer_is_better_than_none(
    teams: TeamsDouble, service: TeamsService, review: Room, staff: Person
) -> None:
    teams.permitted = False
    try:
        teams.mischief.hang("post", channel=review.id, after_effect=True)
        post = review.mention(staff, drafts.INSULT)
        await post.answer()
        await service.crash_and_start()
        await post.answer(2)
        await service.caught_up()
        assert len(post.answers) == 2
        assert "may_be_said_twice" in service.log
    finally:
        teams.permitted = True


async def test_what_was_written_edited_and_deleted_while_it_was_down(
    teams: TeamsDouble, service: TeamsService, staff: Person
) -> None:
    room = teams.channel(LINKED)
    await teams.called("delta")
    edited, deleted = (room.post(staff, html(drafts.INSULT)) for _ in range(2))
    for post in (edited, deleted):
        await post.answer()
    await service.settled()
    assert await service.stop() == 0
    teams.hold()
    missed, notice, gone = (room.post(staff, html(text)) for text in (drafts.INSULT, "連絡：お茶です", drafts.INSULT))
    edited.edit(html(drafts.CLEAN))
    deleted.delete()
    gone.delete()
    teams.lose_held()
    await service.start()
    await answered_once(service, missed)
    assert drafts.CALM in (await edited.answer(2)).reading.visible
    await deleted.answers[0].shows("取り下げ")
    await service.caught_up()
    assert (len(edited.answers), notice.answers, gone.answers) == (2, [], [])


async def under_way(teams: TeamsDouble, review: Room) -> None:
    await teams.until(
        lambda: any(call.args["channel"] == review.id for call in teams.calls("post")), expected="an attempt to post"
    )


async def answered_once(service: TeamsService, post: Message) -> None:
    answer = await post.answer()
    await service.caught_up()
    assert drafts.INSULT_LABEL in answer.reading.visible
    assert len(post.answers) == 1
