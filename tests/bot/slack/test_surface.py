"""The surface against the Slack double: real HTTP and WebSockets, real database, both ways of delivery."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from docx import Document

from bot.desk import Unreadable
from bot.history import Item
from bot.slack import pace
from bot.slack.words import commands
from bot.slack.words import thread as words
from rules.model import Verdict
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, BREAKING, Opening, Town
from tests.bot.slack.test_files import WORD_TYPE
from tests.doubles.slack import Post, SlackDouble, link, mention
from tests.doubles.slack.mischief import Mischief

SOCKET = pytest.mark.parametrize("mode", ["socket"])
HTTP = pytest.mark.parametrize("mode", ["http"])


async def test_a_draft_gets_its_answer_in_the_thread(town: Town) -> None:
    post = town.room.post("U1", f"職員の{BAD}ぶりには", mention("U2"), "も <!channel> もあきれます")
    answer = await post.answer()
    assert "発信する前に直してください" in answer.reading.text
    assert "「無能」　発信禁止\n4(6)①「人をおとしめる言い方を含む情報」" in answer.reading.text
    assert "chibaの手引き ・ 下書き第1版" in answer.reading.text
    assert answer.reading.mentions == ()
    assert answer.message.metadata is not None
    assert answer.message.metadata["event_type"] == "sns_check_answer"
    assert BAD not in str(answer.message.metadata)
    record = await town.record(post)
    assert record is not None
    assert record.latest is not None
    assert record.latest.text == f"職員の{BAD}ぶりには@利用者も <!channel> もあきれます"
    assert record.author == "U1"


async def test_an_edit_gets_a_new_answer_that_tells_what_is_solved(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応")
    await post.answer()
    post.edit("分かりにくい対応")
    second = await post.answer(2)
    assert "直すところは見つかりませんでした" in second.reading.text
    assert "✔ 解消：「無能」" in second.reading.text
    assert "下書き第2版" in second.reading.text


async def test_commands_answer_in_private(town: Town) -> None:
    result = await town.room.command("U1", "/sns-check", f"{BAD} & <b>").response()
    assert result.user == "U1"
    assert "「無能」" in result.reading.text
    assert commands.PRIVATE in result.reading.text
    assert town.room.bot_messages == []
    assert await town.desk.recent(10) == ()


async def test_the_form_shows_the_result_in_its_place(town: Town) -> None:
    town.room.command("U1", "/sns-check")
    modal = await town.slack.modal("U1")
    assert modal.view["blocks"][0]["element"]["multiline"] is True
    await modal.submit({"draft": f"一行目\n{BAD}"})
    shown = await modal.shows("発信禁止")
    assert commands.PRIVATE in shown.text
    assert await town.desk.recent(10) == ()


async def test_the_shortcut_checks_any_message(town: Town) -> None:
    elsewhere = town.slack.channel("C09TALK")
    elsewhere.post("U2", f"{BAD}だ").shortcut("U1", "sns_check_message")
    modal = await town.slack.modal("U1")
    assert "「無能」" in (await modal.shows("発信禁止")).text
    assert elsewhere.bot_messages == []
    assert await town.desk.recent(10) == ()


@SOCKET
async def test_a_form_that_does_not_open_is_said(town: Town) -> None:
    town.slack.mischief.refuse("views.open", "expired_trigger_id")
    result = await town.room.command("U1", "/sns-check").response()
    assert result.reading.text == commands.FAILED_PRIVATELY


@SOCKET
async def test_a_result_that_cannot_be_shown_in_the_modal_comes_as_a_private_message(town: Town) -> None:
    town.slack.mischief.refuse("views.update", "not_found")
    town.slack.channel("C09TALK").post("U2", f"{BAD}だ").shortcut("U1", "sns_check_message")
    (whisper,) = await town.slack.until(lambda: town.slack.whispers("U1"))
    assert "「無能」" in whisper.reading.text


@SOCKET
async def test_the_channels_guideline_is_used(town: Town) -> None:
    other = town.slack.channel("C02REV")
    assert "oizumiの手引き" in (await other.post("U1", "お知らせ").answer()).reading.text
    result = await other.command("U1", "/sns-check", "お知らせ").response()
    assert "oizumiの手引き" in result.reading.text


@SOCKET
async def test_help_explains(town: Town) -> None:
    result = await town.room.command("U1", "/sns-check", " help ").response()
    assert "使い方" in result.reading.text


@SOCKET
async def test_only_drafts_are_answered(town: Town) -> None:
    draft = town.room.post("U1", "お祭りのお知らせ", link("https://city.example.jp", "市のサイト"))
    await draft.answer()
    draft.unfurl("https://city.example.jp", "市のサイト")
    reply = draft.reply("U2", "よさそうです")
    town.room.other_bot("自動のお知らせ")
    town.room.join("U3")
    town.slack.channel("C09TALK").post("U1", "雑談")
    last = town.room.post("U1", "最後の下書き")
    await last.answer()
    assert len(draft.answers) == 1
    assert reply.answers == []
    assert len(town.room.bot_messages) == 2


@SOCKET
async def test_a_reply_shown_to_the_channel_is_part_of_its_thread(town: Town) -> None:
    parent = town.room.post("U1", "最初の案")
    await parent.answer()
    parent.reply("U1", f"{BAD}な案もありました", broadcast=True)
    parent.reply("U1", f"修正版：{BAD}な二番目の案", broadcast=True)
    second = await parent.answer(2)
    assert "下書き第2版" in second.reading.text
    assert "「無能」" in second.reading.text
    await town.room.post("U1", "終わり").answer()
    assert len(parent.answers) == 2


async def test_repeated_deliveries_are_answered_once(town: Town) -> None:
    town.slack.courier.duplicate(3)
    post = town.room.post("U1", f"{BAD}な対応")
    await post.answer()
    await town.room.post("U1", "次の下書き").answer()
    assert len(post.answers) == 1


async def test_a_lost_acknowledgement_does_not_make_a_second_answer(town: Town) -> None:
    town.slack.courier.lose_acknowledgements(1)
    post = town.room.post("U1", "下書き")
    await post.answer()
    await town.slack.until(lambda: len(post.deliveries[0].attempts) > 1)
    await town.slack.delivered()
    assert len(post.answers) == 1


@SOCKET
async def test_a_version_that_arrives_after_its_edit_is_kept_but_not_answered(town: Town) -> None:
    town.slack.courier.hold()
    post = town.room.post("U1", f"{BAD}な対応")
    post.edit("分かりにくい対応")
    posted, *_later = await town.slack.courier.release(lambda held: held[1:])
    assert words.VERDICT[Verdict.PASS] in (await post.answer()).reading.text
    town.slack.courier.repeat(posted)

    async def both_are_kept() -> bool:
        record = await town.record(post)
        return record is not None and len(record.versions) == 2

    await until(both_are_kept)
    await town.room.post("U1", "次の下書き").answer()
    assert len(post.answers) == 1


@SOCKET
async def test_a_deleted_draft_is_withdrawn(town: Town) -> None:
    post = town.room.post("U1", "下書き")
    await post.answer()
    post.delete()

    async def withdrawn() -> bool:
        record = await town.record(post)
        return record is not None and record.state == "withdrawn"

    await until(withdrawn)


@SOCKET
async def test_a_draft_deleted_before_its_last_edit_could_be_answered_has_no_open_answer(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な対応です。")
    first = await post.answer()

    async def settled() -> bool:
        town.pass_time(1)
        return await town.inbox.open_items() == 0

    await until(settled)
    town.slack.mischief.cut("chat.postMessage", times=2)
    for number in range(3):  # edits have stamps of their own seconds, so that the last one's is after the deletion's
        post.edit(f"{number}度目もとても{BAD}な対応です。")
    await town.slack.called("chat.postMessage", 2)  # which is cut: a version is stored, and not answered
    post.delete()
    await town.slack.delivered()
    await until(settled)
    assert BAD not in first.reading.text


async def test_a_long_paste_is_fetched_and_read(town: Town) -> None:
    post = town.room.snippet("U1", "あ" * 3000 + BAD, text="見てください")
    assert "「無能」" in (await post.answer()).reading.text


@SOCKET
async def test_a_word_file_is_fetched_and_read(town: Town) -> None:
    document, data = Document(), io.BytesIO()
    document.add_paragraph(f"{BAD}な案内です。")
    document.save(data)
    description = {"name": "案.docx", "filetype": "docx", "mimetype": WORD_TYPE, "mode": "hosted"}
    post = town.room.upload("U1", data.getvalue(), description, text="見てください")
    assert "「無能」" in (await post.answer()).reading.text


@SOCKET
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("お知らせ".encode("utf-8-sig"), words.VERDICT[Verdict.PASS]),
        (b"\xe3\x81\x82\xe3\x81\x84\xe3\x81\x86\xff\xe3\x81\x88", "文章として読めませんでした"),
        ("あ" * 40_001, "長すぎて"),
        ("  \n", "文章がありませんでした"),
    ],
    ids=["mark", "broken", "too long", "blank"],
)
async def test_every_snippet_gets_an_answer(town: Town, content: str | bytes, said: str) -> None:
    assert said in (await town.room.snippet("U1", content).answer()).reading.text


@SOCKET
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", words.UNREADABLE[Unreadable.EMPTY]),
        (" \n　", words.UNREADABLE[Unreadable.EMPTY]),
        ("\u200b\u2060", words.UNREADABLE[Unreadable.EMPTY]),
        ("https://city.example.jp/", words.VERDICT[Verdict.PASS]),
        ("🎉", words.VERDICT[Verdict.PASS]),
        ("a\0b", words.VERDICT[Verdict.PASS]),
        ("壊れた\ud83d文字", words.VERDICT[Verdict.PASS]),
        (f"\u202e{BAD}\u200b", "「無能」"),
    ],
    ids=["nothing", "blank", "invisible", "address", "emoji", "NUL", "lone surrogate", "right to left"],
)
async def test_every_odd_text_gets_an_answer(town: Town, text: str, said: str) -> None:
    assert said in (await town.room.post("U1", text).answer()).reading.text


@SOCKET
async def test_pictures_are_not_passed_over(town: Town) -> None:
    alone = await town.room.image("U1").answer()
    assert words.UNREADABLE[Unreadable.IMAGE_ONLY] in alone.reading.text
    assert words.pictures_unseen("") in alone.reading.text
    with_words = await town.room.image("U1", text="お祭りの写真です").answer()
    assert words.pictures_unseen("") in with_words.reading.text


@SOCKET
async def test_the_longest_draft_with_many_findings_is_answered_within_slacks_limits(town: Town) -> None:
    post = town.room.post("U1", (BAD + "。" * 38) * 1000)
    await post.answer(3)
    text = "\n".join(answer.reading.text for answer in post.answers)
    assert "発信禁止 1000" in text
    assert "（つづき 2/" in text


@SOCKET
async def test_what_cannot_be_reviewed_is_said_once(town: Town) -> None:
    post = town.room.post("U1", f"{BREAKING}する文")
    assert (await post.answer()).reading.text == words.FAILED
    result = await town.room.command("U1", "/sns-check", BREAKING).response()
    assert result.reading.text == commands.FAILED_PRIVATELY
    assert len(post.answers) == 1


async def answered(town: Town, post: Post) -> bool:
    """Whether the record says that the draft's newest version was answered; time passes quickly meanwhile."""
    town.pass_time(5)
    record = await town.record(post)
    return record is not None and record.latest is not None and bool(record.latest.receipt)


@SOCKET
async def test_an_answer_whose_posting_was_cut_off_is_not_posted_twice(town: Town) -> None:
    town.slack.mischief.cut("chat.postMessage", after_effect=True)
    post = town.room.post("U1", "下書き")
    await until(lambda: answered(town, post))
    assert len(post.answers) == 1


TROUBLE: dict[str, Callable[[Mischief, str], None]] = {
    "a long rate limit": lambda mischief, method: mischief.rate_limit(method, retry_after=30),
    "a short rate limit": lambda mischief, method: mischief.rate_limit(method, retry_after=1),
    "a server error": lambda mischief, method: mischief.break_down(method, times=4),
    "cut connections": lambda mischief, method: mischief.cut(method, times=4),
    "an internal error": lambda mischief, method: mischief.refuse(method, "internal_error"),
    "a revoked token": lambda mischief, method: mischief.refuse(method, "token_revoked"),
}


@SOCKET
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.replies"])
@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=list(TROUBLE))
async def test_trouble_at_slacks_end_only_delays_the_answer(
    town: Town, trouble: Callable[[Mischief, str], None], method: str
) -> None:
    trouble(town.slack.mischief, method)
    post = town.room.post("U1", "下書き")
    await until(lambda: answered(town, post))
    assert [answer.reading.text.splitlines()[0] for answer in post.answers] == [f"✅ {words.VERDICT[Verdict.PASS]}"]


@SOCKET
async def test_where_nobody_can_be_answered_any_more_the_bot_goes_on(town: Town) -> None:
    town.slack.mischief.refuse("chat.postMessage", "is_archived")
    lost = town.room.post("U1", "下書き")
    await town.slack.called("chat.postMessage")
    other = town.slack.channel("C02REV").post("U1", "別の下書き")
    await other.answer()
    assert lost.answers == []


@SOCKET
async def test_what_is_refused_for_its_form_is_said_in_the_thread(town: Town) -> None:
    town.slack.mischief.refuse("chat.postMessage", "invalid_blocks")
    post = town.room.post("U1", "下書き")
    assert (await post.answer()).reading.text == words.FAILED


@SOCKET
@pytest.mark.parametrize("post_interval", [pace.POST_INTERVAL])
async def test_messages_into_one_channel_are_a_second_apart(town: Town) -> None:
    await town.room.post("U1", (BAD + "。" * 38) * 1000).answer(3)
    times = [call.at for call in town.slack.calls("chat.postMessage")]
    assert all(later - earlier > 0.9 for earlier, later in pairwise(times))


async def test_what_arrived_before_a_crash_is_answered_after_it(open_town: Opening, slack: SlackDouble) -> None:
    async with open_town() as town:
        slack.mischief.rate_limit("conversations.replies", times=99, retry_after=600)
        post = town.room.post("U1", f"{BAD}な対応")
        await slack.called("conversations.replies")
    slack.mischief.relent()
    async with open_town() as town:
        town.pass_time(600)
        await until(lambda: answered(town, post))
    assert len(post.answers) == 1
    assert "「無能」" in post.answers[0].reading.text


async def test_an_event_is_not_acknowledged_before_it_is_stored(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_item: Item) -> bool:
        raise OSError("disk full")

    with monkeypatch.context() as breaking:
        breaking.setattr(town.inbox, "put", broken)
        post = town.room.post("U1", "下書き")
        await town.slack.until(lambda: post.deliveries[0].attempts)
    assert not post.deliveries[0].acknowledged
    town.slack.clock.advance(60)
    assert "直すところは" in (await post.answer()).reading.text


async def test_events_of_every_kind_are_acknowledged(town: Town) -> None:
    town.slack.open_home("U1")
    town.room.join("U3")
    deliveries = await town.slack.delivered()
    assert deliveries
    assert all(delivery.acknowledged and len(delivery.attempts) == 1 for delivery in deliveries)


async def test_an_event_needs_no_call_to_slack_to_be_stored(town: Town) -> None:
    town.slack.mischief.refuse("auth.test", "fatal_error", times=99)
    post = town.room.post("U1", "下書き")
    assert all(delivery.acknowledged for delivery in await town.slack.delivered())
    town.slack.mischief.relent()
    await until(lambda: answered(town, post))


@SOCKET
async def test_a_broken_connection_is_made_again(town: Town) -> None:
    opened = town.slack.socket_mode.opened
    await town.slack.socket_mode.disconnect("refresh_requested")
    await town.slack.until(lambda: town.slack.socket_mode.opened > opened)
    await town.room.post("U1", "下書き").answer()


@HTTP
async def test_the_request_url_is_verified(town: Town) -> None:
    assert (await town.slack.verify_request_url()).status == 200


@HTTP
async def test_what_slack_did_not_sign_or_is_no_text_is_refused(town: Town) -> None:
    async with httpx.AsyncClient() as http:
        url = town.slack.request_url
        event = {"type": "event_callback", "event": {"type": "message", "channel": "C01REV", "user": "U1", "ts": "1.2"}}
        assert (await http.post(url, json=event)).status_code == 401
        assert (await http.post(url, content=b"\xff\xfe")).status_code == 401
        assert (await http.get(url)).status_code == 405
    assert (await town.slack.events_api.post(b"\xff\xfe")).status == 400
    assert (await town.slack.events_api.post(b"a" * 1_000_001)).status == 413
    assert await town.desk.recent(10) == ()


async def test_no_log_holds_words_of_a_draft_a_name_or_a_token(
    open_town: Opening, slack: SlackDouble, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with open_town() as town:
            slack.user("U1", "田中花子")
            slack.mischief.refuse("chat.postMessage", "invalid_blocks")
            await town.room.snippet("U1", f"{BAD}な田中", title="田中").answer()
            await town.room.command("U1", "/sns-check", f"{BAD}{BREAKING}").response()
    logged = caplog.text + "".join(capsys.readouterr())
    assert logged
    for secret in (BAD, BREAKING, "田中", *vars(slack.credentials).values()):
        assert str(secret) not in logged
