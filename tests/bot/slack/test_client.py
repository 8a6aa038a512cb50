"""The calls of the Web API, against the double."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.slack.blocks import notice_card
from bot.slack.client import Gone, Mark, MustBeMended, Posted, Slack, SlackError, TooLate
from bot.slack.transport import web_client
from bot.worker import RetryLater
from tests.doubles.slack import Post, SlackDouble

CARD = notice_card("確認しました")


@pytest.fixture
async def client(slack: SlackDouble) -> AsyncIterator[Slack]:
    logger = logging.getLogger("test.slack")
    async with web_client(slack.credentials.bot_token, slack.api_url, logger) as web:
        yield Slack(web, time.monotonic)


@pytest.fixture
def draft(slack: SlackDouble) -> Post:
    return slack.channel("C01REV").post("U1", "下書き")


def mark(post: Post, page: int = 1) -> Mark:
    return Mark("sns_check_answer", post.ts, "1", page)


async def test_what_was_posted_is_found_by_its_mark(client: Slack, draft: Post) -> None:
    first = await client.post("C01REV", draft.ts, CARD, mark(draft))
    third = await client.post("C01REV", draft.ts, CARD, mark(draft, page=3))
    assert await client.posted("C01REV", draft.ts) == [
        Posted(first, mark(draft)),
        Posted(third, mark(draft, page=3)),
    ]


async def test_the_mark_of_another_app_is_not_ours(client: Slack, slack: SlackDouble, draft: Post) -> None:
    ts = await client.post("C01REV", draft.ts, CARD, mark(draft))
    slack.post("C01REV", ts).message.body["bot_id"] = "B09OTHER"
    assert await client.posted("C01REV", draft.ts) == []


async def test_a_changed_message_keeps_its_mark_and_can_be_changed_again(client: Slack, draft: Post) -> None:
    await client.post("C01REV", draft.ts, CARD, mark(draft))
    (posted,) = await client.posted("C01REV", draft.ts)
    for _again in range(2):
        await client.update("C01REV", posted, notice_card("別の言葉"))
    assert draft.answers[0].reading.text == "別の言葉"
    assert await client.posted("C01REV", draft.ts) == [posted]


async def test_a_whisper_is_for_one_person_in_the_thread(client: Slack, slack: SlackDouble, draft: Post) -> None:
    await client.whisper("C01REV", draft.ts, "U1", CARD)
    (whisper,) = slack.whispers("U1")
    assert whisper.body["thread_ts"] == draft.ts
    with pytest.raises(Gone):
        await client.whisper("C01REV", draft.ts, "U99", CARD)


async def test_a_reaction_may_be_set_and_taken_twice(client: Slack, draft: Post) -> None:
    for _again in range(2):
        await client.react("C01REV", draft.ts, "warning")
    assert draft.reactions == {"warning"}
    for _again in range(2):
        await client.unreact("C01REV", draft.ts, "warning")
    assert draft.reactions == set()


async def test_one_message_is_read_or_is_not_there(client: Slack, draft: Post) -> None:
    reply = draft.reply("U2", "返信")
    for post in (draft, reply):
        read = await client.message("C01REV", post.ts)
        assert read is not None
        assert read["text"] == post.text
    assert await client.message("C01REV", "1700000000.000001") is None


async def test_the_members_of_a_group_are_read(client: Slack, slack: SlackDouble) -> None:
    slack.user_group("S1", "U1", "U2")
    assert await client.group_members("S1") == {"U1", "U2"}
    with pytest.raises(SlackError):
        await client.group_members("S2")


async def test_a_form_opens_once_for_a_click(client: Slack, slack: SlackDouble) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "題"}, "blocks": []}
    trigger = slack.trigger("U1")
    await client.open_view(trigger, view)
    with pytest.raises(TooLate):
        await client.open_view(trigger, view)


@pytest.mark.parametrize(
    "metadata", [{}, {"event_type": "task"}, {"event_type": "x", "event_payload": {"page": "?"}}, {"event_payload": 1}]
)
def test_what_others_write_into_metadata_is_no_mark(metadata: dict[str, Any]) -> None:
    assert Mark.of(metadata) is None


async def test_it_is_found_in_a_thread_of_many_pages(client: Slack, slack: SlackDouble, draft: Post) -> None:
    for number in range(450):
        draft.reply("U2", f"返信 {number}")
    ts = await client.post("C01REV", draft.ts, CARD, mark(draft))
    assert [posted.ts for posted in await client.posted("C01REV", draft.ts)] == [ts]
    assert len(slack.calls("conversations.replies")) == 3


async def test_a_post_neither_links_names_nor_unfolds_previews(client: Slack, slack: SlackDouble, draft: Post) -> None:
    await client.post("C01REV", draft.ts, CARD, mark(draft))
    (call,) = slack.calls("chat.postMessage")
    for name in ("unfurl_links", "unfurl_media", "link_names"):
        assert call.args[name] in {False, "0", "false"}
    assert call.args["parse"] == "none"


async def test_a_post_is_never_repeated_blindly(client: Slack, slack: SlackDouble, draft: Post) -> None:
    slack.mischief.break_down("chat.postMessage", times=1, status=503)
    slack.mischief.cut("chat.postMessage", times=1, after_effect=True)
    for _trouble in range(2):
        with pytest.raises(RetryLater):
            await client.post("C01REV", draft.ts, CARD, mark(draft))
    assert len(slack.calls("chat.postMessage")) == 2


async def test_reading_is_repeated(client: Slack, slack: SlackDouble, draft: Post) -> None:
    for trouble in (slack.mischief.cut, slack.mischief.break_down, slack.mischief.rate_limit):
        trouble("conversations.replies")
        assert await client.posted("C01REV", draft.ts) == []
    assert len(slack.calls("conversations.replies")) == 6


async def test_a_long_wait_is_left_to_the_worker(client: Slack, slack: SlackDouble, draft: Post) -> None:
    slack.mischief.rate_limit("chat.postMessage", retry_after=45)
    began = time.monotonic()
    with pytest.raises(RetryLater) as later:
        await client.post("C01REV", draft.ts, CARD, mark(draft))
    assert later.value.seconds == 45
    assert time.monotonic() - began < 5


async def test_who_is_told_to_wait_tells_the_others(client: Slack, slack: SlackDouble, draft: Post) -> None:
    slack.mischief.rate_limit("chat.postMessage", retry_after=45)
    for page in range(1, 6):
        with pytest.raises(RetryLater) as later:
            await client.post("C01REV", draft.ts, CARD, mark(draft, page))
        assert later.value.seconds
        assert 40 < later.value.seconds <= 45
    assert len(slack.calls("chat.postMessage")) == 1
    other = slack.channel("C02REV").post("U1", "下書き")
    await client.post("C02REV", other.ts, CARD, mark(other))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("channel_not_found", Gone),
        ("is_archived", Gone),
        ("not_in_channel", Gone),
        ("invalid_auth", MustBeMended),
        ("missing_scope", MustBeMended),
        ("fatal_error", RetryLater),
        ("ratelimited", RetryLater),
        ("invalid_blocks", SlackError),
        ("something_new", SlackError),
    ],
)
async def test_each_refusal_has_its_meaning(
    client: Slack, slack: SlackDouble, draft: Post, code: str, meaning: type[Exception]
) -> None:
    slack.mischief.refuse("chat.postMessage", code, times=2)
    with pytest.raises(meaning) as refused:
        await client.post("C01REV", draft.ts, CARD, mark(draft))
    assert type(refused.value) is meaning
    assert "確認" not in str(refused.value)


async def test_channels_do_not_wait_for_each_other(client: Slack, slack: SlackDouble, draft: Post) -> None:
    other = slack.channel("C02REV").post("U1", "下書き")
    began = time.monotonic()
    await client.post("C01REV", draft.ts, CARD, mark(draft))
    await client.post("C02REV", other.ts, CARD, mark(other))
    assert time.monotonic() - began < 0.9


async def test_a_server_that_is_not_there_is_for_later(draft: Post) -> None:
    async with web_client("xoxb-1", "http://127.0.0.1:1/api/", logging.getLogger("test.slack")) as web:
        with pytest.raises(RetryLater):
            await Slack(web, time.monotonic).post("C01REV", draft.ts, CARD, mark(draft))
