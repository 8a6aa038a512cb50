"""The whole life of a draft in its thread, with the real process, in both modes, and restarts in between."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from tests.doubles.slack import Post, Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOSS = "U8BOSS"
CHIEF = "U7CHIEF"
CHIEFS = "S8CHIEFS"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SNS_CHECK_SUPERVISORS": f"{BOSS},{CHIEFS}", "SNS_CHECK_REVIEW_BOTS": "B09OTHER"}


async def press(slack: SlackDouble, post: Post, user: str, action: str, **fields: Any) -> None:
    """Press a button under a message and send the form that it opens."""
    opened = len(slack.calls("views.open"))
    post.click(user, action)
    await slack.called("views.open", opened + 1)
    form = await slack.modal(user)
    await form.submit(fields)
    assert not form.is_open, form.modal.errors or form.modal.trouble


async def carries(slack: SlackDouble, post: Post, *names: str) -> None:
    await slack.until(lambda: post.reactions == set(names), within=30, expected=f"{names} on the draft")


async def shows(slack: SlackDouble, post: Post, words: str) -> None:
    await slack.until(lambda: words in post.reading.text, within=30, expected=words)


async def told(slack: SlackDouble, user: str, words: str) -> None:
    """Wait until one person is told something."""
    await slack.until(
        lambda: any(words in whisper.reading.text for whisper in slack.whispers(user)), within=30, expected=words
    )


async def restart(service: Service) -> None:
    assert await service.stop() == 0
    await service.start()


@pytest.mark.usefixtures("service")
async def test_a_draft_from_its_first_version_to_its_approval(slack: SlackDouble, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    first = await post.answer()
    await carries(slack, post, "no_entry")
    await press(slack, first, BOSS, "sns_check_decide_return", comment="事実だけを書いてください。")
    await carries(slack, post, "repeat")
    await shows(slack, first, "事実だけを書いてください。")
    await press(slack, first, "U2", "sns_check_revise", text=drafts.CLEAN)
    await slack.until(lambda: len(post.answers) == 4, within=30)
    returned, written, second = post.answers[1:]
    assert "差し戻し" in returned.reading.text
    assert drafts.CLEAN in written.reading.text
    assert written.reading.mentions == ("@U2",)
    assert drafts.CALM in second.reading.text
    assert "解消" in second.reading.text
    await shows(slack, first, "下書き第1版の確認結果（新しい版の結果が下にあります）")
    await carries(slack, post)
    second.click("U2", "sns_check_decide_approve")
    await told(slack, "U2", "監督者だけができます")
    await press(slack, second, BOSS, "sns_check_decide_approve")
    await carries(slack, post, "white_check_mark")
    await shows(slack, second, f"@{BOSS}")


async def test_a_decision_survives_a_restart_between_click_and_form(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    await carries(slack, post, "no_entry")
    clicked = answer.click(BOSS, "sns_check_decide_return")
    form = await slack.modal(BOSS)
    await clicked.acked()
    await restart(service)
    await form.submit({"comment": "直してください。"})
    await carries(slack, post, "repeat")
    await service.caught_up()
    assert len(post.answers) == 2


async def test_a_decision_taken_in_just_before_the_power_went_is_carried_out_once(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.user_group(CHIEFS, CHIEF)
    post = review.post("U1", drafts.CLEAN)
    answer = await post.answer()
    await service.settled()
    answer.click(CHIEF, "sns_check_decide_approve")
    form = await slack.modal(CHIEF)
    slack.mischief.hang("chat.update", channel=review.id)
    updates = len(slack.calls("chat.update"))
    await form.submit({})
    await slack.called("chat.update", updates + 1)
    await service.kill()
    service.let_leases_run_out()
    await service.start()
    await carries(slack, post, "white_check_mark")
    await shows(slack, answer, f"✅ 承認　@{CHIEF}")
    await service.caught_up()  # what was sent while it was down comes again a minute later, and changes nothing
    assert len(post.answers) == 2


async def test_a_dispute_and_its_ruling_survive_a_restart(slack: SlackDouble, service: Service, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    await press(slack, answer, "U1", "sns_check_dispute", reason="小説の題名です。")
    raised = await post.answer(2)
    await restart(service)
    await press(slack, raised, BOSS, "sns_check_rule_for_draft", note="題名でした。")
    await shows(slack, raised, "この下書きでは問題なし")
    await shows(slack, answer, "監督者が問題なしとした指摘 1 件：「課長は無能」")
    await carries(slack, post)
    assert "題名でした。" in (await post.answer(3)).reading.text
    await service.settled()
    assert len(post.answers) == 3


@pytest.mark.usefixtures("service")
async def test_of_two_supervisors_one_decides_and_the_other_is_told(slack: SlackDouble, review: Room) -> None:
    slack.user_group(CHIEFS, CHIEF)
    post = review.post("U1", drafts.CLEAN)
    answer = await post.answer()
    forms = []
    for user, action in ((BOSS, "sns_check_decide_approve"), (CHIEF, "sns_check_decide_hold")):
        answer.click(user, action)
        forms.append(await slack.modal(user))
    await forms[0].submit({})
    await carries(slack, post, "white_check_mark")
    await forms[1].submit({})
    await told(slack, CHIEF, f"✅ 承認　@{BOSS}")


@pytest.mark.usefixtures("service")
async def test_nobody_decides_on_their_own_draft_nor_on_a_version_that_stands_no_more(
    slack: SlackDouble, review: Room
) -> None:
    slack.user_group(CHIEFS, CHIEF)
    post = review.post(CHIEF, drafts.INSULT)
    first = await post.answer()
    first.click(CHIEF, "sns_check_decide_approve")
    await told(slack, CHIEF, "ご自分が書いた下書き")
    first.click(BOSS, "sns_check_decide_return")
    form = await slack.modal(BOSS)
    post.edit(drafts.CLEAN)
    second = await post.answer(2)
    await form.submit({"comment": "直してください。"})
    await told(slack, BOSS, "新しい版が出たか")
    assert "差し戻し　@" not in second.reading.text
    await carries(slack, post)


@pytest.mark.usefixtures("service")
async def test_a_listed_bots_draft_and_a_word_file_are_read_like_others(review: Room) -> None:
    posted = review.other_bot(drafts.INSULT)
    assert drafts.MUST_FIX in (await posted.answer()).reading.text
    content = io.BytesIO()
    document = Document()
    document.add_paragraph(drafts.INSULT)
    document.save(content)
    file = {"name": "下書き.docx", "title": "下書き", "mimetype": WORD, "filetype": "docx", "mode": "hosted"}
    answer = await review.upload("U1", content.getvalue(), file).answer()
    assert drafts.INSULT_QUOTE in answer.reading.text


@pytest.mark.usefixtures("service")
async def test_a_reply_is_the_next_version_and_talk_is_not(slack: SlackDouble, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    await post.answer()
    post.reply("U2", "修正版をお願いします")
    post.reply("U1", f"修正版：{drafts.CLEAN}")
    assert "下書き第2版" in (await post.answer(2)).reading.text
    await carries(slack, post)
    notice = review.post("U1", f"連絡：{drafts.INSULT}")
    await review.post("U9", drafts.ANOTHER_CLEAN).answer()
    assert notice.answers == []


async def test_a_version_taken_back_leaves_the_one_before_also_after_a_restart(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    post = review.post("U1", drafts.CLEAN)
    first = await post.answer()
    await press(slack, first, BOSS, "sns_check_decide_approve")
    await carries(slack, post, "white_check_mark")
    reply = post.reply("U1", f"修正版：{drafts.INSULT}")
    second = await post.answer(3)
    await carries(slack, post, "no_entry")
    reply.edit("やはり元のままにします。")
    assert "いまの版は第1版です" in (await post.answer(4)).reading.text
    await carries(slack, post, "white_check_mark")
    await shows(slack, first, f"✅ 承認　@{BOSS}")
    await shows(slack, second, "この版は取り消されました")
    await restart(service)
    post.reply("U1", f"修正版：{drafts.ANOTHER_CLEAN}")
    assert "下書き第3版" in (await post.answer(5)).reading.text
    await carries(slack, post)
    await service.settled()
    assert len(post.answers) == 5


@pytest.mark.usefixtures("service")
async def test_a_draft_made_a_notice_comes_back_as_a_draft(slack: SlackDouble, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    first = await post.answer()
    await carries(slack, post, "no_entry")
    post.edit(f"連絡：{drafts.INSULT}")
    assert "「連絡」に書き換えられた" in (await post.answer(2)).reading.text
    await carries(slack, post)
    await shows(slack, first, "この下書きは取り下げられました")
    post.edit(drafts.INSULT)
    assert drafts.INSULT_QUOTE in (await post.answer(3)).reading.text
    await carries(slack, post, "no_entry")
    await press(slack, post.answers[2], BOSS, "sns_check_decide_hold")
    await carries(slack, post, "warning")


@pytest.mark.usefixtures("service")
async def test_an_approval_does_not_outlive_the_pictures_that_it_was_for(slack: SlackDouble, review: Room) -> None:
    post = review.image("U1", text=drafts.CLEAN)
    first = await post.answer()
    await press(slack, first, BOSS, "sns_check_decide_approve")
    await carries(slack, post, "white_check_mark")
    post.take_files_away()
    second = await post.answer(3)
    assert "添付の画像やファイルが変わりました" in second.reading.text
    await carries(slack, post)
    await press(slack, second, BOSS, "sns_check_decide_approve")
    await carries(slack, post, "white_check_mark")


@pytest.mark.usefixtures("service")
async def test_harmful_words_harm_nobody_wherever_they_are_shown(slack: SlackDouble, review: Room) -> None:
    slack.user("U66", "<!channel> *花子* <https://evil.example|ここ>")
    harm = "<!channel> <@U2> *太字* &lt;!here&gt; https://evil.example ```塊``` > 引用"
    post = review.post("U66", f"{harm} {drafts.INSULT}")
    answer = await post.answer()
    await press(slack, answer, "U66", "sns_check_dispute", reason=harm)
    raised = await post.answer(2)
    await press(slack, raised, BOSS, "sns_check_rule_declined", note=harm)
    await press(slack, answer, BOSS, "sns_check_decide_return", comment=harm)
    await press(slack, answer, "U66", "sns_check_revise", text=f"{harm} {drafts.CLEAN}")
    await slack.until(lambda: len(post.answers) == 6, within=30)
    named = {"@U66", f"@{BOSS}", f"!subteam^{CHIEFS}"}
    for shown in post.answers:
        assert shown.reading.links == ()
        assert set(shown.reading.mentions) <= named
        assert "<!" not in shown.text
        kinds = {block["type"] for block in shown.body["blocks"]}
        assert kinds <= {"rich_text", "context", "section", "actions", "divider"}
