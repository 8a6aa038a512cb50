"""The thread as the workplace: versions, decisions and disputes, against the double, in both ways of delivery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.desk import Allowance, DecisionKind, DraftState, Refusal, RulingKind
from bot.history import Item
from bot.slack.allowlist import REVOKE
from bot.slack.cards import DECIDE, DISPUTE, DISPUTE_OTHER, REVISE, RULE
from bot.slack.forms import COMMENT, FINDING, NOTE, REASON, TEXT
from bot.slack.revising import REVISION
from bot.slack.words import thread as words
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, BOSS, BREAKING, CHIEFS, Opening, Town
from tests.doubles.slack import Post, SlackDouble, Whisper

SOCKET = pytest.mark.parametrize("mode", ["socket"])
APPROVE, RETURN, HOLD = (DECIDE[kind] for kind in (DecisionKind.APPROVE, DecisionKind.RETURN, DecisionKind.HOLD))


async def press(town: Town, post: Post, user: str, action: str, **fields: Any) -> None:
    """Press a button under a message and send the form that opens."""
    before = len(town.slack.calls("views.open"))
    post.click(user, action)
    await town.slack.called("views.open", before + 1)
    form = await town.slack.modal(user)
    await form.submit(fields)
    assert not form.is_open, form.modal.errors or form.modal.trouble


async def whispered(town: Town, user: str, number: int = 1) -> Whisper:
    """Wait for what one person is told."""
    await town.slack.until(lambda: len(town.slack.whispers(user)) >= number, expected=f"whisper {number} to {user}")
    return town.slack.whispers(user)[number - 1]


async def shows(town: Town, post: Post, *expected: str) -> str:
    """Wait until a message shows these words."""
    await town.slack.until(lambda: all(word in post.reading.text for word in expected), expected=str(expected))
    return post.reading.text


async def carries(town: Town, post: Post, *names: str) -> None:
    """Wait until the message has just these reactions of ours."""
    await town.slack.until(lambda: post.reactions == set(names), expected=f"{names}, not {post.reactions}")


async def state(town: Town, post: Post) -> DraftState:
    record = await town.record(post)
    assert record is not None
    return record.state


def buttons(post: Post) -> list[str]:
    """What can be pressed under a message."""
    rows = [block["elements"] for block in post.body["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_version_folds_the_answer_before(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    first = await post.answer()
    await carries(town, post, "no_entry")
    post.edit("分かりにくい対応")
    second = await post.answer(2)
    assert "前の版から：解消 1" in second.reading.text
    folded = await shows(town, first, words.folded(1))
    assert folded == f"{words.folded(1)}　⛔ 発信禁止 1"
    assert buttons(first) == []
    assert buttons(second) == [*DECIDE.values(), REVISE]
    await carries(town, post)


@SOCKET
async def test_all_pages_of_the_answer_before_are_folded(town: Town) -> None:
    post = town.room.post("U1", (BAD + "。" * 38) * 1000)
    await post.answer(4)
    pages = post.answers
    post.edit("短い案")
    await town.slack.until(lambda: all(words.folded(1)[:8] in page.reading.text for page in pages))
    assert [len(page.body["blocks"]) for page in pages] == [1] * len(pages)


@SOCKET
async def test_a_reply_with_the_marker_is_the_next_version(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    first = await post.answer()
    reply = post.reply("U2", f"修正版：{BAD}ではない対応")
    second = await post.answer(2)
    assert "下書き第2版" in second.reading.text
    assert "残り 1" in second.reading.text
    reply.edit("修正版：分かりにくい対応")
    third = await post.answer(3)
    assert "下書き第3版" in third.reading.text
    await shows(town, first, words.folded(1))
    await shows(town, second, words.folded(2))
    await carries(town, post)
    assert reply.reactions == set()
    record = await town.record(post)
    assert record is not None
    assert [version.author for version in record.versions] == ["U1", "U2", "U2"]
    assert record.versions[1].text == f"{BAD}ではない対応"


@SOCKET
async def test_talk_in_a_thread_is_no_version(town: Town) -> None:
    post = town.room.post("U1", "お祭りのお知らせ")
    await post.answer()
    post.reply("U2", "修正版をお願いします")
    post.reply("U2", f"{BAD}だと思います")
    post.react("U2", "eyes")
    notice = town.room.post("U1", "連絡：明日は休みます")
    notice.reply("U2", "修正版：これは下書きではありません")
    await town.room.post("U1", "最後の下書き").answer()
    assert len(post.answers) == 1
    assert notice.answers == []
    assert await town.record(notice) is None


@SOCKET
async def test_a_next_version_that_arrives_before_its_draft_is_answered(town: Town) -> None:
    town.slack.courier.hold()
    post = town.room.post("U1", f"{BAD}な対応")
    reply = post.reply("U1", "修正版：分かりにくい対応")
    posted, *_ = await town.slack.courier.release(lambda held: [each for each in held if each.event["ts"] == reply.ts])
    answer = await post.answer()
    assert "直すところは" in answer.reading.text
    town.slack.courier.repeat(posted)

    async def both_are_kept() -> bool:
        record = await town.record(post)
        return record is not None and len(record.versions) == 2

    await until(both_are_kept)
    await town.room.post("U1", "次の下書き").answer()
    assert len(post.answers) == 1


async def test_a_version_written_in_the_form_is_shown_and_answered(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応\n二行目")
    first = await post.answer()
    first.click("U2", REVISE)
    form = await town.slack.modal("U2")
    assert form.view["blocks"][0]["element"]["initial_value"] == f"{BAD}な対応\n二行目"
    assert "能力を否定する言い方です。" in form.reading.text
    await form.submit()
    assert form.modal.errors == {TEXT: words.REVISION_UNCHANGED}
    await form.submit({TEXT: " \n "})
    assert form.modal.errors == {TEXT: words.REVISION_BLANK}
    await form.submit({TEXT: "<!channel> 分かりにくい対応 https://evil.example"})
    answer = await post.answer(3)
    written = post.answers[1]
    assert written.reading.text == "@U2 さんの修正版：\n<!channel> 分かりにくい対応 https://evil.example"
    assert (written.reading.mentions, written.reading.links) == (("@U2",), ())
    assert "✔ 解消：「無能」" in answer.reading.text
    await shows(town, first, words.folded(1))
    record = await town.record(post)
    assert record is not None
    assert record.latest is not None
    assert (record.latest.author, record.latest.revision) == ("U2", written.ts)


async def test_what_is_pressed_and_sent_is_taken_in_while_slack_cannot_say_who_we_are(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    town.slack.mischief.refuse("auth.test", "internal_error", times=10)
    await press(town, answer, BOSS, APPROVE, **{COMMENT: "直っています"})
    await post.answer(2)
    assert await state(town, post) is DraftState.APPROVED


@SOCKET
async def test_a_form_opened_on_an_earlier_version_does_not_replace_the_newer_one(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    (await post.answer()).click("U2", REVISE)
    form = await town.slack.modal("U2")
    post.edit("分かりにくい対応。日時は10日です")
    await post.answer(2)
    await form.submit({TEXT: "分かりにくい対応"})
    assert form.modal.errors == {TEXT: words.REFUSED[Refusal.OUTDATED]}
    record = await town.record(post)
    assert record is not None
    assert len(record.versions) == 2


@SOCKET
async def test_a_form_overtaken_by_a_newer_version_on_its_way_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    (await post.answer()).click("U2", REVISE)
    form = await town.slack.modal("U2")
    put = town.inbox.put

    async def put_after_an_edit(item: Item) -> bool:
        if item.kind == REVISION:
            post.edit("分かりにくい対応。日時は10日です")
            await post.answer(2)
        return await put(item)

    monkeypatch.setattr(town.inbox, "put", put_after_an_edit)
    await form.submit({TEXT: "分かりにくい対応"})
    assert (await whispered(town, "U2")).reading.text == words.REFUSED[Refusal.OUTDATED]
    assert len(post.answers) == 2


@SOCKET
async def test_a_written_version_whose_answer_is_delayed_is_not_taken_for_overtaken(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    (await post.answer()).click("U2", REVISE)
    form = await town.slack.modal("U2")
    town.slack.mischief.cut("chat.postMessage", after_effect=True)
    await form.submit({TEXT: "分かりにくい対応"})
    await town.slack.until(lambda: len(post.answers) >= 2)
    town.slack.mischief.rate_limit("chat.postMessage", retry_after=30)

    async def answered() -> bool:
        town.pass_time(30)
        return len(post.answers) == 3

    await until(answered)
    assert "下書き第2版" in post.answers[2].reading.text
    assert town.slack.whispers("U2") == []


@SOCKET
async def test_a_text_too_long_for_the_form_is_mended_in_another_way(town: Town) -> None:
    post = town.room.post("U1", "あ" * 3001)
    (await post.answer()).click("U1", REVISE)
    assert (await whispered(town, "U1")).reading.text == words.REVISION_TOO_LONG
    assert town.slack.calls("views.open") == []


@SOCKET
async def test_a_deleted_draft_is_withdrawn_and_its_thread_says_so(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    post.delete()
    assert (await post.answer(2)).reading.text == words.WITHDRAWN
    await shows(town, answer, words.WITHDRAWN_LINE)
    assert buttons(answer) == []
    post.reply("U1", "修正版：もう一度")
    assert (await post.answer(3)).reading.text == words.ALREADY_WITHDRAWN


@SOCKET
async def test_nothing_is_said_to_a_draft_that_is_gone_before_its_answer(town: Town) -> None:
    town.slack.courier.hold()
    post = town.room.post("U1", f"{BAD}な対応")
    post.delete()
    await town.slack.courier.release()

    async def nothing_left() -> bool:
        return await town.inbox.open_items() == 0

    await until(nothing_left)
    assert town.room.bot_messages == []
    assert await state(town, post) is DraftState.WITHDRAWN


@SOCKET
async def test_a_draft_turned_into_a_notice_is_withdrawn_and_comes_back(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    first = await post.answer()
    await press(town, first, BOSS, APPROVE)
    await carries(town, post, "white_check_mark")
    post.edit("連絡：お知らせ")
    assert (await post.answer(3)).reading.text == words.MADE_NOTICE
    await shows(town, first, words.WITHDRAWN_LINE)
    await carries(town, post)
    assert await state(town, post) is DraftState.WITHDRAWN
    town.slack.clock.advance(60)
    post.edit("お知らせ")
    again = await post.answer(4)
    assert "下書き第2版" in again.reading.text
    assert buttons(again) == [*DECIDE.values(), REVISE]
    await shows(town, first, words.folded(1))
    assert await state(town, post) is DraftState.WAITING
    town.slack.clock.advance(60)
    post.edit("連絡：お知らせ")
    assert (await post.answer(5)).reading.text == words.MADE_NOTICE


@SOCKET
async def test_a_draft_that_is_back_before_its_withdrawal_is_heard_of_is_answered_again(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    first = await post.answer()
    town.slack.courier.hold()
    town.slack.clock.advance(60)
    post.edit("連絡：お知らせ")
    town.slack.clock.advance(60)
    post.edit("お知らせ")
    notice, _back = await town.slack.courier.release(lambda held: held[1:])

    async def is_reviewed() -> bool:
        record = await town.record(post)
        return record is not None and len(record.versions) == 2 and record.versions[1].review is not None

    await until(is_reviewed)
    town.slack.courier.repeat(notice)
    again = await post.answer(2)
    assert buttons(again) == [*DECIDE.values(), REVISE]
    await shows(town, first, words.folded(1))
    assert await state(town, post) is DraftState.WAITING


@SOCKET
@pytest.mark.parametrize("how", ["deleted", "turned into talk"])
async def test_a_reply_taken_back_restores_the_version_before(town: Town, how: str) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    first = await post.answer()
    shown_first = first.reading.text
    reply = post.reply("U1", "修正版：分かりにくい対応")
    second = await post.answer(2)
    await shows(town, first, words.folded(1))
    town.slack.clock.advance(60)
    if how == "deleted":
        reply.delete()
    else:
        reply.edit("やはり考え直します")
    assert (await post.answer(3)).reading.text == words.restored(2, 1)
    assert await shows(town, first, "「無能」") == shown_first
    assert buttons(first) == [DISPUTE, *DECIDE.values(), REVISE]
    assert (await shows(town, second, "この版は取り消されました")).startswith(words.folded(2, retracted=True))
    assert buttons(second) == []
    await carries(town, post, "no_entry")
    await press(town, first, BOSS, RETURN, **{COMMENT: "直してください"})
    await carries(town, post, "repeat")
    town.slack.clock.advance(60)
    post.reply("U1", "修正版：別の対応")
    assert "下書き第3版" in (await post.answer(5)).reading.text
    await shows(town, first, words.folded(1))


@SOCKET
async def test_a_reply_that_arrives_after_its_deletion_stays_taken_back(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    await post.answer()
    await carries(town, post, "no_entry")
    town.slack.courier.hold()
    reply = post.reply("U1", "修正版：分かりにくい対応")
    reply.delete()
    late, *_ = await town.slack.courier.release(
        lambda held: [each for each in held if each.event.get("subtype") == "message_deleted"]
    )

    async def noted() -> bool:
        record = await town.record(post)
        return record is not None and bool(record.retractions)

    await until(noted)
    town.slack.courier.repeat(late)

    async def kept() -> bool:
        record = await town.record(post)
        return record is not None and [version.retracted for version in record.versions] == [False, True]

    await until(kept)
    await town.room.post("U1", "次の下書き").answer()
    assert len(post.answers) == 1
    assert post.reactions == {"no_entry"}


@SOCKET
async def test_talk_deleted_in_a_thread_changes_nothing(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    reply = post.reply("U1", "修正版：分かりにくい対応")
    await post.answer(2)
    talk = post.reply("U2", "よさそうです")
    talk.delete()
    post.reply("U1", "修正版：もっと分かりやすい対応")
    await post.answer(3)
    reply.delete()  # a newer version stands
    last = town.room.post("U1", "最後の下書き")
    await last.answer()

    async def retracted() -> bool:
        record = await town.record(post)
        return record is not None and [version.retracted for version in record.versions] == [False, True, False]

    await until(retracted)
    await shows(town, post.answers[1], words.folded(2, retracted=True))
    assert words.folded(1) in answer.reading.text
    assert len(post.answers) == 3


@SOCKET
async def test_a_picture_taken_away_asks_for_a_new_decision(town: Town) -> None:
    post = town.room.image("U1", text="お祭りの写真です")
    first = await post.answer()
    await press(town, first, BOSS, APPROVE)
    await carries(town, post, "white_check_mark")
    town.slack.clock.advance(60)
    post.take_files_away()
    second = await post.answer(3)
    assert words.REATTACHED in second.reading.text
    assert words.pictures_unseen("") not in second.reading.text
    assert buttons(second) == [*DECIDE.values(), REVISE]
    await carries(town, post)
    assert await state(town, post) is DraftState.WAITING


@SOCKET
async def test_the_pictures_of_a_draft_stay_with_its_next_versions(town: Town) -> None:
    post = town.room.image("U1", text=f"{BAD}な写真です")
    first = await post.answer()
    await press(town, first, "U2", REVISE, **{TEXT: "お祭りの写真です"})
    assert words.pictures_unseen("") in (await post.answer(3)).reading.text
    post.reply("U2", "修正版：お祭りと花火の写真です")
    fourth = await post.answer(4)
    assert words.pictures_unseen("") in fourth.reading.text
    assert words.REATTACHED not in fourth.reading.text


@SOCKET
async def test_a_supervisor_who_wrote_a_version_is_not_called_upon_to_rule(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    await post.answer()
    post.reply(BOSS, f"修正版：{BAD}ではない対応")
    answer = await post.answer(2)
    await press(town, answer, "U1", DISPUTE, **{REASON: "否定しています"})
    raised = await post.answer(3)
    assert f"@{BOSS}" not in raised.reading.mentions
    raised.click(BOSS, RULE[RulingKind.DECLINED])
    assert (await whispered(town, BOSS)).reading.text == words.REFUSED[Refusal.OWN_DRAFT]


FORGED: dict[str, tuple[str, dict[str, Any]]] = {
    "a draft of nowhere": (APPROVE, {"draft": "1.000001", "revision": "1.000001"}),
    "a version of nowhere": (RETURN, {"revision": "1.000001"}),
    "a finding beyond the last": (DISPUTE, {"position": 99}),
    "a finding of no number": (DISPUTE, {"position": "x"}),
}


@SOCKET
@pytest.mark.parametrize("forged", FORGED)
async def test_what_a_button_says_is_not_believed(town: Town, forged: str) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    action, changed = FORGED[forged]
    forge(answer, action, **changed)
    answer.click(BOSS, action)
    assert (await whispered(town, BOSS)).reading.text == words.REFUSED[Refusal.UNKNOWN]
    assert town.slack.calls("views.open") == []


def forge(post: Post, action: str, **changed: Any) -> None:
    """Change what a button says behind the bot's back."""
    rows = [block["elements"] for block in post.body["blocks"] if block["type"] == "actions"]
    (button,) = [element for row in rows for element in row if element["action_id"] == action]
    button["value"] = json.dumps({**json.loads(button["value"]), **changed})


@SOCKET
async def test_a_dispute_is_ruled_on_in_its_own_channel(town: Town) -> None:
    other = town.slack.channel("C02REV").post("U1", f"{BAD}な対応")
    await press(town, await other.answer(), "U1", DISPUTE, **{REASON: "題名です"})
    await other.answer(2)
    (wanted,) = await town.desk.disputes_open("slack", town.slack.identity.team)
    post = town.room.post("U1", f"{BAD}な対応")
    await press(town, await post.answer(), "U1", DISPUTE, **{REASON: "題名です"})
    raised = await post.answer(2)
    forge(raised, RULE[RulingKind.FOR_DRAFT], dispute=wanted.id)
    raised.click(BOSS, RULE[RulingKind.FOR_DRAFT])
    assert (await whispered(town, BOSS)).reading.text == words.REFUSED[Refusal.UNKNOWN]
    assert len(await town.desk.disputes_open("slack", town.slack.identity.team)) == 2


@SOCKET
async def test_a_finding_can_be_disputed_again_when_what_was_allowed_is_taken_back(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}という題の本")
    answer = await post.answer()
    await press(town, answer, "U1", DISPUTE, **{REASON: "題名です"})
    await press(town, await post.answer(2), BOSS, RULE[RulingKind.FOR_TOWN])
    await shows(town, answer, "監督者が問題なしとした指摘 1 件")
    listed = await town.room.command(BOSS, "/sns-check", "words").response()
    listed.click(REVOKE)
    await town.slack.until(lambda: DISPUTE in buttons(answer))
    await press(town, answer, "U1", DISPUTE, **{REASON: "やはり題名です"})
    assert "やはり題名です" in (await post.answer(4)).reading.text
    await shows(town, answer, words.DISPUTE_OPEN)


@SOCKET
async def test_listed_bots_write_drafts(town: Town) -> None:
    assert "「無能」" in (await town.room.other_bot(f"{BAD}な予約投稿", bot_id="B0RESERVE").answer()).reading.text


@SOCKET
async def test_a_forwarded_message_is_read(town: Town) -> None:
    forwarded = {"is_share": True, "is_msg_unfurl": True, "text": f"{BAD}な案", "author_name": "U2"}
    assert "「無能」" in (await town.room.post("U1", "", attachments=[forwarded]).answer()).reading.text


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_supervisor_returns_a_draft(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    await press(town, answer, BOSS, RETURN, **{COMMENT: "事実だけに\n<!channel> してください"})
    note = await post.answer(2)
    assert note.reading.text.startswith(f"@U1 {words.decided_on(1).strip()}🔁 差し戻し（@{BOSS}）")
    assert note.reading.mentions == ("@U1", f"@{BOSS}")
    shown = await shows(town, answer, "🔁 差し戻し", f"@{BOSS}", "事実だけに", "<!channel> してください")
    assert "承認" not in shown
    assert set(buttons(answer)) == {DISPUTE, REVISE}
    await carries(town, post, "repeat")
    assert await state(town, post) is DraftState.RETURNED
    post.edit("分かりにくい対応")
    await post.answer(3)
    folded = await shows(town, answer, words.folded(1))
    assert f"🔁 差し戻し @{BOSS}" in folded
    await carries(town, post)


@SOCKET
async def test_a_clean_draft_is_approved_without_a_comment_and_a_forbidden_one_is_not(town: Town) -> None:
    clean, forbidden = town.room.post("U1", "お知らせ"), town.room.post("U1", BAD)
    await press(town, await clean.answer(), BOSS, APPROVE)
    await carries(town, clean, "white_check_mark")
    (await forbidden.answer()).click(BOSS, APPROVE)
    await town.slack.called("views.open", 2)
    form = await town.slack.modal(BOSS)
    with pytest.raises(ValueError, match="a value is needed"):
        await form.submit()
    await form.submit({COMMENT: "　"})
    assert form.modal.errors == {COMMENT: words.DECISION_REQUIRED[DecisionKind.APPROVE]}
    await form.submit({COMMENT: "引用であることを確かめました"})
    await carries(town, forbidden, "white_check_mark")
    assert buttons(forbidden.answers[0]) == []


@SOCKET
async def test_a_draft_on_hold_can_still_be_decided(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    await press(town, answer, BOSS, HOLD)
    await carries(town, post, "warning")
    assert await state(town, post) is DraftState.HELD
    await shows(town, answer, "⏸️ 保留")
    await press(town, answer, BOSS, APPROVE)
    await carries(town, post, "white_check_mark")


@SOCKET
@pytest.mark.parametrize("action", [APPROVE, RETURN, HOLD])
async def test_only_supervisors_decide(town: Town, action: str) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    answer.click("U5", action)
    whisper = await whispered(town, "U5")
    assert whisper.reading.text == words.REFUSED[Refusal.NOT_SUPERVISOR]
    assert whisper.body["thread_ts"] == post.ts
    await press(town, answer, "U7CHIEF", action, **{COMMENT: "理由"})
    await post.answer(2)


@SOCKET
async def test_nobody_decides_on_their_own_draft(town: Town) -> None:
    post = town.room.post(BOSS, "お知らせ")
    (await post.answer()).click(BOSS, APPROVE)
    assert (await whispered(town, BOSS)).reading.text == words.REFUSED[Refusal.OWN_DRAFT]
    assert await state(town, post) is DraftState.WAITING


@SOCKET
async def test_an_outdated_version_is_not_decided(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    answer.click(BOSS, APPROVE)
    form = await town.slack.modal(BOSS)
    post.edit("別のお知らせ")
    await post.answer(2)
    await form.submit({})
    assert (await whispered(town, BOSS)).reading.text == words.REFUSED[Refusal.OUTDATED]
    assert await state(town, post) is DraftState.WAITING


@SOCKET
async def test_of_two_supervisors_one_decides_and_the_other_is_told_who(town: Town) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    answer.click(BOSS, APPROVE)
    first = await town.slack.modal(BOSS)
    answer.click("U7CHIEF", RETURN)
    second = await town.slack.modal("U7CHIEF")
    await first.submit({})
    await carries(town, post, "white_check_mark")
    await second.submit({COMMENT: "直してください"})
    told = (await whispered(town, "U7CHIEF")).reading.text
    assert words.REFUSED[Refusal.ALREADY_DECIDED] in told
    assert f"✅ 承認　@{BOSS}" in told
    record = await town.record(post)
    assert record is not None
    assert [decision.kind for decision in record.decisions] == [DecisionKind.APPROVE]


@SOCKET
async def test_a_decision_sent_from_two_forms_is_told_once(town: Town) -> None:
    post = town.room.post("U1", "下書き")
    answer = await post.answer()
    forms = []
    for number in (1, 2):
        answer.click(BOSS, APPROVE)
        await town.slack.called("views.open", number)
        forms.append(await town.slack.modal(BOSS))
    for form in forms:
        await form.submit({})

    async def all_done() -> bool:
        return await town.inbox.open_items() == 0

    await until(all_done)
    assert [reply.text for reply in post.answers[1:]] == [words.DECIDED[DecisionKind.APPROVE]]


@SOCKET
async def test_while_slack_does_not_say_who_is_in_a_group_nobody_is_sent_away(town: Town) -> None:
    town.slack.mischief.refuse("usergroups.users.list", "fatal_error", times=99)
    answer = await town.room.post("U1", "お知らせ").answer()
    answer.click("U7CHIEF", APPROVE)
    assert (await whispered(town, "U7CHIEF")).reading.text == words.CANNOT_TELL


@SOCKET
async def test_a_form_that_opens_too_late_is_said(town: Town) -> None:
    answer = await town.room.post("U1", "お知らせ").answer()
    town.slack.mischief.refuse("views.open", "expired_trigger_id")
    answer.click(BOSS, APPROVE)
    assert (await whispered(town, BOSS)).reading.text == words.TOO_LATE


@SOCKET
@pytest.mark.parametrize("method", ["chat.update", "reactions.add", "conversations.replies", "chat.postMessage"])
async def test_trouble_at_slacks_end_only_delays_what_a_decision_shows(town: Town, method: str) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    await carries(town, post)
    answer.click(BOSS, APPROVE)
    form = await town.slack.modal(BOSS)
    town.slack.mischief.refuse(method, "internal_error")
    town.slack.mischief.rate_limit(method, retry_after=30)
    await form.submit({})

    async def all_is_shown() -> bool:
        town.pass_time(30)
        return len(post.answers) == 2 and post.reactions == {"white_check_mark"} and buttons(answer) == []

    await until(all_is_shown)
    assert "✅ 承認" in answer.reading.text


@SOCKET
@pytest.mark.parametrize("refusal", ["missing_scope", "too_many_reactions", "message_not_found"])
async def test_a_reaction_that_is_refused_holds_nothing_up(town: Town, refusal: str) -> None:
    town.slack.mischief.refuse("reactions.add", refusal, times=99)
    post = town.room.post("U1", BAD)
    await post.answer()
    await town.slack.called("reactions.add")
    post.edit("お知らせ")
    await post.answer(2)
    assert post.reactions == set()


@SOCKET
async def test_a_card_that_cannot_be_changed_any_more_does_not_hold_up_the_decision(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    town.slack.mischief.refuse("chat.update", "edit_window_closed", times=99)
    await press(town, answer, BOSS, APPROVE)
    await post.answer(2)
    await carries(town, post, "white_check_mark")


# ── disputes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dispute_is_shown_and_ruled(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    await press(town, answer, "U3", DISPUTE, **{REASON: "<!channel> 題名の引用です"})
    raised = await post.answer(2)
    assert "@U3 さんが、この指摘は誤りではないかと言っています。" in raised.reading.text
    assert "<!channel> 題名の引用です" in raised.reading.text
    assert raised.reading.mentions == ("@U3", f"!subteam^{CHIEFS}", f"@{BOSS}")
    await shows(town, answer, words.DISPUTE_OPEN)
    assert DISPUTE not in buttons(answer)
    raised.click("U3", RULE[RulingKind.FOR_TOWN])
    assert (await whispered(town, "U3")).reading.text == words.REFUSED[Refusal.NOT_SUPERVISOR]
    await press(town, raised, BOSS, RULE[RulingKind.FOR_TOWN], **{NOTE: "題名なので問題ありません"})
    await shows(town, raised, "🆗 今後も問題なし", f"@{BOSS}", "題名なので問題ありません")
    assert buttons(raised) == []
    shown = await shows(town, answer, "🆗 監督者が問題なしとした指摘 1 件：「無能」")
    assert "直すところは見つかりませんでした" in shown
    await carries(town, post)
    told = (await post.answer(3)).reading
    assert "🆗 今後も問題なし（@U8BOSS）\n「無能」\n題名なので問題ありません" in told.text
    assert told.mentions == ("@U3", f"@{BOSS}")
    (allowance,) = await town.desk.allowances("slack", town.slack.identity.team)
    assert isinstance(allowance, Allowance)
    assert (allowance.phrase, allowance.actor) == (BAD, BOSS)
    other = await town.room.post("U1", f"{BAD}な別件").answer()
    assert "🆗 監督者が問題なしとした指摘 1 件" in other.reading.text


@SOCKET
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [(RulingKind.FOR_DRAFT, "直すところは見つかりませんでした"), (RulingKind.DECLINED, "指摘のまま")],
)
async def test_a_ruling_for_one_draft_does_not_touch_others(town: Town, kind: RulingKind, verdict: str) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    await press(town, answer, "U1", DISPUTE, **{REASON: "引用です"})
    await press(town, await post.answer(2), BOSS, RULE[kind])
    await shows(town, answer, verdict)
    assert "⛔ 「無能」" in (await town.room.post("U1", f"{BAD}な別件").answer()).reading.text


@SOCKET
async def test_what_the_town_allows_and_takes_back_shows_on_its_other_open_drafts(town: Town) -> None:
    other = town.room.post("U2", f"{BAD}な別件")
    untouched = await other.answer()
    await carries(town, other, "no_entry")
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    await press(town, answer, "U1", DISPUTE, **{REASON: "題名です"})
    await press(town, await post.answer(2), BOSS, RULE[RulingKind.FOR_TOWN])
    await shows(town, untouched, "🆗 監督者が問題なしとした指摘 1 件：「無能」")
    await carries(town, other)
    listed = await town.room.command(BOSS, "/sns-check", "words").response()
    listed.click(REVOKE)
    for card, draft in ((untouched, other), (answer, post)):
        await shows(town, card, "⛔ 「無能」")
        await carries(town, draft, "no_entry")


@SOCKET
async def test_of_two_rulings_the_first_counts_and_the_other_is_told(town: Town) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    post = town.room.post("U1", f"{BAD}な対応")
    await press(town, await post.answer(), "U1", DISPUTE, **{REASON: "引用です"})
    raised = await post.answer(2)
    raised.click(BOSS, RULE[RulingKind.DECLINED])
    first = await town.slack.modal(BOSS)
    raised.click("U7CHIEF", RULE[RulingKind.FOR_TOWN])
    second = await town.slack.modal("U7CHIEF")
    await first.submit({})
    await shows(town, raised, "📌 指摘のまま")
    await second.submit({})
    told = (await whispered(town, "U7CHIEF")).reading.text
    assert words.ALREADY_RULED in told
    assert f"📌 指摘のまま　@{BOSS}" in told
    assert await town.desk.allowances("slack", town.slack.identity.team) == ()
    assert [reply.text for reply in post.answers[2:]] == [words.DISPUTE_RULED]


@SOCKET
async def test_a_ruling_on_what_several_disputed_is_told_to_all_of_them_at_once(town: Town) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    forms = []
    for user in ("U1", "U3", BOSS):
        answer.click(user, DISPUTE)
        forms.append(await town.slack.modal(user))
    for number, form in enumerate(forms, 2):
        await form.submit({REASON: "引用です"})
        await post.answer(number)
    await press(town, post.answers[2], BOSS, RULE[RulingKind.DECLINED])
    told = (await post.answer(5)).reading
    assert told.mentions == ("@U1", "@U3", f"@{BOSS}")
    assert "@U1、@U3 さん" in told.text
    await shows(town, post.answers[3], "📌 指摘のまま")


@SOCKET
async def test_a_finding_without_room_is_disputed_by_choosing_it(town: Town) -> None:
    post = town.room.post("U1", (BAD + "。" * 38) * 200)
    await post.answer(4)
    last = post.answers[-1]
    await town.slack.until(lambda: DISPUTE_OTHER in buttons(last))
    await press(town, last, "U1", DISPUTE_OTHER, **{FINDING: "150", REASON: "引用です"})
    await town.slack.until(lambda: words.DISPUTE_OPEN in post.answers[0].reading.text)
    record = await town.record(post)
    assert record is not None
    assert [dispute.position for dispute in record.disputes] == [150]


@SOCKET
async def test_an_outdated_finding_is_not_disputed(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    answer.click("U1", DISPUTE)
    form = await town.slack.modal("U1")
    post.edit("分かりにくい対応")
    await post.answer(2)
    await form.submit({REASON: "引用です"})
    assert (await whispered(town, "U1")).reading.text == words.REFUSED[Refusal.OUTDATED]


@SOCKET
async def test_what_cannot_be_recorded_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()

    async def broken(*_arguments: Any, **_named: Any) -> None:
        raise OverflowError

    monkeypatch.setattr(town.desk, "decide", broken)
    await press(town, answer, BOSS, APPROVE)
    assert (await whispered(town, BOSS)).reading.text == words.NOT_DONE


@SOCKET
async def test_who_is_not_in_the_channel_is_told_directly(town: Town) -> None:
    town.slack.user("U1")
    town.slack.mischief.refuse("chat.postEphemeral", "user_not_in_channel", times=99)
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    answer.click("U1", DISPUTE)
    form = await town.slack.modal("U1")
    post.edit("分かりにくい対応")
    await post.answer(2)
    await form.submit({REASON: "引用です"})
    room = town.slack.direct("U1")
    await town.slack.until(lambda: room.messages)
    assert [message.reading.text for message in room.messages] == [words.REFUSED[Refusal.OUTDATED]]


@SOCKET
@pytest.mark.parametrize(
    ("whisper", "direct"),
    [("user_not_in_channel", "user_not_found"), ("missing_scope", None), ("messages_tab_disabled", None)],
)
async def test_a_notice_that_slack_refuses_does_not_hold_up_the_draft(
    town: Town, whisper: str, direct: str | None
) -> None:
    town.slack.mischief.refuse("chat.postEphemeral", whisper, times=99)
    if direct:
        town.slack.mischief.refuse("conversations.open", direct, times=99)
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    answer.click("U1", DISPUTE)
    form = await town.slack.modal("U1")
    post.edit("分かりにくい対応")
    await post.answer(2)
    await form.submit({REASON: "引用です"})
    await town.slack.called("chat.postEphemeral")
    post.edit("読みやすい対応")
    assert "下書き第3版" in (await post.answer(3)).reading.text


@SOCKET
async def test_a_decision_that_cannot_be_shown_is_not_called_unrecorded(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    await carries(town, post)
    town.slack.mischief.refuse("chat.update", "invalid_blocks", times=99)
    await press(town, answer, BOSS, APPROVE)
    assert (await whispered(town, BOSS)).reading.text == words.DECIDED_UNSEEN
    assert await state(town, post) is DraftState.APPROVED


@SOCKET
async def test_a_dispute_and_a_ruling_that_cannot_be_shown_are_not_called_unrecorded(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    answer = await post.answer()
    town.slack.mischief.refuse("chat.update", "invalid_blocks", times=99)
    await press(town, answer, "U1", DISPUTE, **{REASON: "引用です"})
    assert (await whispered(town, "U1")).reading.text == words.DISPUTED_UNSEEN
    await press(town, await post.answer(2), BOSS, RULE[RulingKind.FOR_DRAFT])
    assert (await whispered(town, BOSS)).reading.text == words.RULED_UNSEEN


# ── restarts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_pressed_before_a_restart_is_carried_out_after_it(
    open_town: Opening, slack: SlackDouble
) -> None:
    async with open_town() as town:
        post = town.room.post("U1", f"{BAD}な対応")
        answer = await post.answer()
        await carries(town, post, "no_entry")
        answer.click(BOSS, RETURN)
        form = await slack.modal(BOSS)
        slack.mischief.rate_limit("conversations.replies", times=99, retry_after=600)
        read = len(slack.calls("conversations.replies"))
        await form.submit({COMMENT: "直してください"})
        await slack.called("conversations.replies", read + 1)
    slack.mischief.relent()
    async with open_town() as town:

        async def shown() -> bool:
            town.pass_time(600)
            return post.reactions == {"repeat"} and len(post.answers) == 2

        await until(shown)
        await shows(town, answer, "🔁 差し戻し")
        answer.click("U3", DISPUTE)
        await (await slack.modal("U3")).submit({REASON: "引用です"})
        await post.answer(3)
    assert BREAKING not in answer.reading.text


@SOCKET
async def test_where_the_bot_was_sent_away_a_decision_is_recorded_all_the_same(town: Town) -> None:
    post = town.room.post("U1", "お知らせ")
    answer = await post.answer()
    answer.click(BOSS, APPROVE)
    form = await town.slack.modal(BOSS)
    for method in ("conversations.replies", "chat.postMessage", "reactions.add"):
        town.slack.mischief.refuse(method, "channel_not_found", times=99)
    await form.submit({})

    async def approved() -> bool:
        return await state(town, post) is DraftState.APPROVED and await town.inbox.open_items() == 0

    await until(approved)
    assert town.slack.whispers(BOSS) == []
