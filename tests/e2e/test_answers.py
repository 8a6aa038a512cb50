"""What comes into a review channel, and what the bot says to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.slack import (
    Part,
    Post,
    Room,
    SlackDouble,
    broadcast,
    bullets,
    link,
    mention,
    preformatted,
    quote,
    styled,
)
from tests.e2e import drafts
from tests.e2e.service import OIZUMI, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_draft_with_a_finding_is_answered_once_in_its_thread(service: Service, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    await service.settled()
    assert len(post.answers) == 1
    for words in (drafts.MUST_FIX, drafts.INSULT_QUOTE, drafts.INSULT_LABEL, drafts.INSULT_CLAUSE):
        assert words in answer.reading.text
    assert "千葉市" in answer.reading.text
    assert answer.message.thread_ts == post.ts
    assert answer.body.get("subtype") is None


async def test_a_clean_draft_gets_a_calm_confirmation(review: Room) -> None:
    answer = await review.post("U1", drafts.CLEAN).answer()
    assert drafts.CALM in answer.reading.text
    assert "⛔" not in answer.reading.text


@pytest.mark.usefixtures("service")
async def test_the_channel_decides_the_guideline(slack: SlackDouble) -> None:
    answer = await slack.channel(OIZUMI).post("U1", drafts.INSULT).answer()
    assert "大泉町" in answer.reading.text
    assert "千葉市" not in answer.reading.text
    assert drafts.INSULT_CLAUSE_OIZUMI in answer.reading.text


@pytest.mark.parametrize(
    "parts",
    [
        ("<!channel> <@U2> うちの課長は無能だ。 <https://evil.example|ここ> https://evil.example/無能",),
        (broadcast("channel"), mention("U2"), "うちの課長は", styled("無能", "bold"), "だ。"),
        (link("https://evil.example/login", "うちの課長は無能だ。"), " www.evil.example"),
        (quote("うちの課長は<!here>無能だ。"), preformatted("<@U2> 無能な課長"), styled("無能", "code")),
        (bullets("うちの課長は無能だ。", "<!everyone>"), ":tada: <#C02REV> &lt;!channel&gt; 無能な課長"),
    ],
)
async def test_draft_text_cannot_mention_or_link(review: Room, parts: tuple[str | Part]) -> None:
    reading = (await review.post("U1", *parts).answer()).reading
    assert drafts.MUST_FIX in reading.text
    assert (reading.mentions, reading.links) == ((), ())


@pytest.mark.parametrize("word", ["無*能*", "無_能_", "無~能~", "*無*能*"])
async def test_draft_text_cannot_format(review: Room, word: str) -> None:
    """The quoted words stand in the answer as they were typed, asterisks and all."""
    answer = await review.post("U1", f"うちの課長は{word}だ。").answer()
    literal = [element for element in rich_text(answer) if f"無{word.lstrip('*')[1]}能" in element.get("text", "")]
    assert literal
    assert all(element["type"] == "text" for element in literal)


def rich_text(post: Post) -> list[dict[str, Any]]:
    """Every inline element of the rich-text blocks: Slack takes their text literally."""
    found: list[dict[str, Any]] = []
    waiting = [block for block in post.body["blocks"] if block["type"] == "rich_text"]
    while waiting:
        element = waiting.pop()
        waiting += element.get("elements", [])
        found += [] if "elements" in element else [element]
    return found


async def test_an_edit_gets_one_more_answer(service: Service, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    await post.answer()
    post.edit(drafts.CLEAN)
    assert drafts.CALM in (await post.answer(2)).reading.text
    post.edit(drafts.INSULT)
    assert drafts.INSULT_QUOTE in (await post.answer(3)).reading.text
    await service.settled()
    assert len(post.answers) == 3


async def test_what_is_no_draft_gets_no_answer(slack: SlackDouble, service: Service, review: Room) -> None:
    draft = review.post("U1", f"{drafts.CLEAN} https://www.example.jp/library")
    await draft.answer()
    draft.unfurl("https://www.example.jp/library", "中央図書館")
    reply = draft.reply("U2", drafts.INSULT)
    edited_reply = draft.reply("U2", drafts.CLEAN)
    edited_reply.edit(drafts.INSULT)
    other_bots = [review.other_bot(drafts.INSULT), review.other_bot(drafts.INSULT, legacy=True)]
    review.join("U3")
    elsewhere = slack.channel("C0CHAT").post("U1", drafts.INSULT)
    # A draft of the same channel is answered after them: they were not just slow.
    await review.post("U9", drafts.ANOTHER_CLEAN).answer()
    await service.settled()
    assert len(draft.answers) == 1
    assert [post.answers for post in (*other_bots, reply, edited_reply, elsewhere)] == [[]] * 5
    assert slack.channel("C0CHAT").bot_messages == []
    # nothing beside the two answers, and they are no drafts either
    assert len(review.bot_messages) == 2


async def test_a_reply_that_is_also_shown_in_the_channel_belongs_to_its_thread(service: Service, review: Room) -> None:
    parent, notice = review.post("U1", drafts.CLEAN), review.post("U1", "連絡：係会は10時からです。")
    await parent.answer()
    for post in (parent, notice):
        post.reply("U2", drafts.INSULT, broadcast=True)
    notice.reply("U2", f"修正版：{drafts.INSULT}", broadcast=True)
    parent.reply("U1", f"修正版：{drafts.INSULT}", broadcast=True)
    second = await parent.answer(2)
    assert drafts.INSULT_QUOTE in second.reading.text
    assert "下書き第2版" in second.reading.text
    await service.settled()
    assert (len(parent.answers), len(notice.answers)) == (2, 0)


async def test_me_messages_are_drafts(review: Room) -> None:
    assert drafts.MUST_FIX in (await review.me("U1", drafts.INSULT).answer()).reading.text


async def test_a_deleted_draft_is_withdrawn_in_its_thread(service: Service, review: Room) -> None:
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    post.delete()
    lonely = review.other_bot(drafts.CLEAN)
    lonely.delete()
    assert "取り下げ" in (await post.answer(2)).reading.text
    await service.settled()
    assert len(post.answers) == 2
    assert "承認" not in answer.reading.text


async def test_a_snippet_is_fetched_and_read(review: Room) -> None:
    post = review.snippet("U1", f"{drafts.CLEAN}\n\n{drafts.INSULT}\n")
    assert drafts.INSULT_QUOTE in (await post.answer()).reading.text


async def test_the_text_beside_a_snippet_is_read_too(review: Room) -> None:
    post = review.snippet("U1", drafts.CLEAN, text=drafts.INSULT)
    assert drafts.INSULT_QUOTE in (await post.answer()).reading.text


async def test_the_token_is_not_shown_to_another_host(review: Room) -> None:
    async with SlackDouble() as elsewhere:
        file = f"{elsewhere.base_url}/files-pri/T01TOWN-F01/download/file"
        post = review.snippet("U1", drafts.INSULT, url_private=file, url_private_download=file)
        answer = await post.answer()
        assert "読めませんでした" in answer.reading.text
        assert elsewhere.downloads == []


async def test_a_file_of_broken_bytes_is_refused_in_words(review: Room) -> None:
    post = review.snippet("U1", drafts.CLEAN.encode() + b"\xff\xfe\xfd")
    assert "読めませんでした" in (await post.answer()).reading.text


async def test_a_file_in_the_old_encoding_of_windows_is_read(review: Room) -> None:
    post = review.snippet("U1", drafts.INSULT.encode("cp932"))
    assert drafts.INSULT_QUOTE in (await post.answer()).reading.text


async def test_only_an_image(review: Room) -> None:
    assert "画像だけの投稿" in (await review.image("U1").answer()).reading.text


async def test_an_image_with_words(review: Room) -> None:
    answer = await review.image("U1", text=drafts.CLEAN).answer()
    assert drafts.CALM in answer.reading.text
    assert "画像" in answer.reading.text


@pytest.mark.parametrize("text", ["　\n　", "\u200b\u2060"])
async def test_nothing_to_read(review: Room, text: str) -> None:
    assert "文章がありませんでした" in (await review.post("U1", text).answer()).reading.text


@pytest.mark.parametrize("text", ["https://www.example.jp/", "🎉🎉🎉"])
async def test_only_an_address_or_only_emoji(review: Room, text: str) -> None:
    assert (await review.post("U1", text).answer()).reading.text


async def test_the_longest_message_is_read_to_its_end(review: Room) -> None:
    long = (drafts.CLEAN * 1_000)[: 40_000 - len(drafts.INSULT)] + drafts.INSULT
    assert len(long) == 40_000
    assert drafts.INSULT_QUOTE in (await review.post("U1", long).answer()).reading.text


async def test_many_findings_keep_within_the_limits_of_slack(review: Room) -> None:
    post = review.post("U1", "\n".join([drafts.INSULT] * 200))
    assert drafts.MUST_FIX in (await post.answer()).reading.text


async def test_a_file_beyond_the_limit_is_refused_in_words(review: Room) -> None:
    post = review.snippet("U1", "あ" * 40_001)
    assert "長すぎて" in (await post.answer()).reading.text


@pytest.mark.parametrize("noise", ["\x00", "\ud83d", "\u202e", "\u200b"])
async def test_characters_that_break_programs(review: Room, noise: str) -> None:
    answer = await review.post("U1", f"{noise}うちの課長は無{noise}能だ。{noise}").answer()
    assert answer.reading.text


async def test_names_are_as_harmless_as_drafts(slack: SlackDouble, review: Room) -> None:
    slack.user("U66", "<!channel> *花子* <https://evil.example|ここ>")
    reading = (await review.post("U66", drafts.INSULT).answer()).reading
    assert (reading.mentions, reading.links) == ((), ())
