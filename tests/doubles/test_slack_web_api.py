"""The double's Web API, driven by the real slack_sdk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.doubles.slack import SCOPES, Credentials, Reading, SlackDouble, mention, preformatted, quote, styled

Json = dict[str, Any]


@pytest.fixture
async def client(slack: SlackDouble) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url, session=session)


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {"type": "modal", "title": {"type": "plain_text", "text": "確認"}, "blocks": list(blocks), **fields}


async def refusal(call: Any) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    response: Json = caught.value.response.data
    return response


async def test_auth_test_names_the_bot_and_the_scopes(slack: SlackDouble, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.identity.bot_user
    assert set(answer.headers["x-oauth-scopes"].split(",")) == SCOPES


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-somebody-else", "invalid_auth"), ("xapp-double", "not_allowed_token_type")],
)
async def test_tokens_are_checked(client: AsyncWebClient, token: str, error: str) -> None:
    client.token = token
    assert (await refusal(client.auth_test()))["error"] == error


async def test_a_missing_scope_is_named() -> None:
    async with SlackDouble(credentials=Credentials(scopes=frozenset({"channels:read"}))) as slack:
        slack.channel("C01REV")
        client = AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url)
        body = await refusal(client.chat_postMessage(channel="C01REV", text="こんにちは"))
        assert (body["error"], body["needed"]) == ("missing_scope", "chat:write")


async def test_a_message_is_kept_and_read_back_with_its_metadata(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    post = review.post("U1", "明日は晴れです")
    metadata = {"event_type": "answer", "event_payload": {"ts": post.ts}}
    sent = await client.chat_postMessage(channel=review.id, thread_ts=post.ts, text="確認しました", metadata=metadata)
    replies = await client.conversations_replies(channel=review.id, ts=post.ts, include_all_metadata=True)
    assert [m["text"] for m in replies["messages"]] == ["明日は晴れです", "確認しました"]
    assert replies["messages"][1]["metadata"] == metadata
    assert replies["messages"][0]["reply_count"] == 1
    bare = await client.conversations_replies(channel=review.id, ts=post.ts)
    assert "event_payload" not in bare["messages"][1]["metadata"]
    assert [answer.ts for answer in post.answers] == [sent["ts"]]


async def test_history_gives_the_newest_first_without_replies_and_in_pages(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    review = slack.channel("C01REV")
    posts = [review.post("U1", f"{number} 件目") for number in range(5)]
    posts[0].reply("U2", "返信")
    seen: list[str] = []
    async for page in await client.conversations_history(channel=review.id, limit=2, oldest=posts[0].ts):
        seen += [message["text"] for message in page["messages"]]
    assert seen == ["4 件目", "3 件目", "2 件目", "1 件目"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NOWHERE", "channel_not_found"), ("C02OUT", "not_in_channel"), ("G03OUT", "channel_not_found")],
)
async def test_channels_where_the_bot_is_not(
    slack: SlackDouble, client: AsyncWebClient, channel: str, error: str
) -> None:
    slack.channel("C02OUT", member=False)
    slack.channel("G03OUT", kind="group", member=False)
    assert (await refusal(client.chat_postMessage(channel=channel, text="あ")))["error"] == error


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([section("あ" * 3_001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
        ([{"type": "banner"}], "unsupported type: banner [json-pointer:/blocks/0/type]"),
        ([{**section("あ"), "color": "red"}], "invalid additional property: color [json-pointer:/blocks/0]"),
        ([section("あ")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{**section("あ"), "block_id": "a"}] * 2, "block_id a already exists [json-pointer:/blocks]"),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "見出し"}}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            [{"type": "header", "text": {"type": "plain_text", "text": "見" * 151}}],
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "context", "elements": [{"type": "mrkdwn", "text": "あ"}] * 11}],
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "押" * 76}}]}],
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
                }
            ],
            "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
        ),
    ],
)
async def test_invalid_blocks_are_refused_with_the_place(
    slack: SlackDouble, client: AsyncWebClient, blocks: list[Json], complaint: str
) -> None:
    slack.channel("C01REV")
    body = await refusal(client.chat_postMessage(channel="C01REV", text="あ", blocks=blocks))
    assert body["error"] == "invalid_blocks"
    assert f"[ERROR] {complaint}" in body["response_metadata"]["messages"]


async def test_every_kind_of_block_that_slack_knows_is_taken(slack: SlackDouble, client: AsyncWebClient) -> None:
    words = {"type": "plain_text", "text": "はい", "emoji": True}
    button = {"type": "button", "action_id": "b", "text": words, "value": "1"}
    feedback = {"type": "feedback_buttons", "positive_button": {"text": words, "value": "1"}}
    feedback["negative_button"] = {"text": words, "value": "0"}
    text = {"type": "text", "text": "太字", "style": {"bold": True}}
    rich = [
        {"type": "rich_text_section", "elements": [text, {"type": "link", "url": "https://example.jp"}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [{"type": "rich_text_section", "elements": [text]}]},
        {"type": "rich_text_quote", "elements": [text]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "コード"}], "border": 0},
    ]
    slack.channel("C01REV")
    sent = await client.chat_postMessage(
        channel="C01REV",
        text="あ",
        blocks=[
            {"type": "header", "text": words},
            {**section("本文"), "accessory": button},
            {"type": "divider"},
            {"type": "context", "elements": [words]},
            {"type": "actions", "elements": [button, {**button, "action_id": "c", "style": "danger"}]},
            {"type": "rich_text", "elements": rich},
            {"type": "context_actions", "elements": [feedback]},
            {"type": "table", "rows": [[{"type": "raw_text", "text": "セル"}]]},
        ],
    )
    assert all(block["block_id"] for block in sent["message"]["blocks"])
    assert slack.post("C01REV", sent["ts"]).reading.links == ("https://example.jp",)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "あ" * 4_001}, "msg_too_long"),
        ({"text": "あ", "blocks": [section("あ" * 2_900)] * 5}, "msg_blocks_too_long"),
        ({"text": "あ", "blocks": "壊れた"}, "invalid_blocks_format"),
        ({"text": "あ", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "あ", "metadata": {"event_type": "x", "event_payload": {"a": {"b": 1}}}}, "invalid_metadata_schema"),
        ({"text": "あ", "thread_ts": "yesterday"}, "invalid_thread_ts"),
    ],
)
async def test_limits_of_a_message(slack: SlackDouble, client: AsyncWebClient, arguments: Json, error: str) -> None:
    slack.channel("C01REV")
    body = await refusal(client.api_call("chat.postMessage", json={"channel": "C01REV", **arguments}))
    assert body["error"] == error


async def test_only_own_messages_can_be_updated(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    post = review.post("U1", "下書き")
    assert (await refusal(client.chat_update(channel=review.id, ts=post.ts, text="別")))[
        "error"
    ] == "cant_update_message"
    own = await client.chat_postMessage(channel=review.id, text="確認中です")
    await client.chat_update(channel=review.id, ts=own["ts"], text="確認しました")
    assert slack.post(review.id, own["ts"]).text == "確認しました"


async def test_what_others_alone_see(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    post = review.post("U1", "下書き")
    await client.chat_postEphemeral(channel=review.id, user="U1", text="あなただけに", thread_ts=post.ts)
    assert [whisper.reading.text for whisper in slack.whispers("U1")] == ["あなただけに"]
    body = await refusal(client.chat_postEphemeral(channel=review.id, user="U9", text="あ"))
    assert body["error"] == "user_not_in_channel"


async def test_people_groups_and_channels(slack: SlackDouble, client: AsyncWebClient) -> None:
    slack.user("U1", "<!channel> *花子*")
    slack.user_group("S1", "U1", "U2")
    review = slack.channel("C01REV", "発信確認")
    review.join("U1")
    slack.channel("G02", kind="group")
    assert (await client.users_info(user="U1"))["user"]["real_name"] == "<!channel> *花子*"
    assert (await refusal(client.users_info(user="U8")))["error"] == "user_not_found"
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1", "U2"]
    info = (await client.conversations_info(channel=review.id))["channel"]
    assert (info["name"], info["is_member"], info["is_private"]) == ("発信確認", True, False)
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == ["C01REV", "G02"]
    assert (await client.conversations_members(channel=review.id))["members"] == ["U0SNSCHECK", "U1"]
    assert (await client.conversations_open(users="U1"))["channel"]["id"] == "D1"


async def test_permalinks_and_reactions(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    post = review.post("U1", "下書き")
    link = await client.chat_getPermalink(channel=review.id, message_ts=post.ts)
    assert link["permalink"].endswith(f"/archives/C01REV/p{post.ts.replace('.', '')}")
    await client.reactions_add(channel=review.id, timestamp=post.ts, name="eyes")
    again = await refusal(client.reactions_add(channel=review.id, timestamp=post.ts, name="eyes"))
    assert again["error"] == "already_reacted"
    assert post.body["reactions"] == [{"name": "eyes", "users": ["U0SNSCHECK"], "count": 1}]
    await client.reactions_remove(channel=review.id, timestamp=post.ts, name="eyes")
    assert "reactions" not in post.body


async def test_private_files_need_the_token(slack: SlackDouble, client: AsyncWebClient) -> None:
    post = slack.channel("C01REV").snippet("U1", "長い下書き\n二行目")
    file = post.body["files"][0]
    assert (file["mode"], post.body["subtype"]) == ("snippet", "file_share")
    assert (await client.files_info(file=file["id"]))["file"]["size"] == len("長い下書き\n二行目".encode())
    async with aiohttp.ClientSession() as session:
        async with session.get(file["url_private"]) as without:
            assert "Sign in" in await without.text()
        headers = {"Authorization": f"Bearer {slack.credentials.bot_token}"}
        async with session.get(file["url_private_download"], headers=headers) as response:
            assert await response.text() == "長い下書き\n二行目"


async def test_files_are_uploaded_in_two_steps(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    await client.files_upload_v2(channel=review.id, content="id,verdict\n1,pass\n", filename="記録.csv")
    (shared,) = review.bot_messages
    stored = slack.workspace.files[shared.body["files"][0]["id"]]
    assert stored.content.decode() == "id,verdict\n1,pass\n"


async def test_a_trigger_id_opens_one_view_within_three_seconds(slack: SlackDouble, client: AsyncWebClient) -> None:
    triggers = slack.channel("C01REV").stage.interactions
    first = triggers.trigger("U1")
    await client.views_open(trigger_id=first, view=modal(section("あ")))
    assert (await refusal(client.views_open(trigger_id=first, view=modal(section("あ")))))["error"] == (
        "exchanged_trigger_id"
    )
    late = triggers.trigger("U1")
    slack.clock.advance(3.1)
    assert (await refusal(client.views_open(trigger_id=late, view=modal(section("あ")))))["error"] == (
        "expired_trigger_id"
    )
    unknown = await refusal(client.views_open(trigger_id="1.2.3", view=modal(section("あ"))))
    assert unknown["error"] == "invalid_trigger_id"


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        (modal(title={"type": "plain_text", "text": "題" * 25}), "must be less than 25 characters"),
        (modal(*[section("あ")] * 101), "no more than 100 items allowed"),
        (modal(private_metadata="x" * 3_001), "must be less than 3001 characters"),
        (modal({"type": "context_actions", "elements": []}), "unsupported type: context_actions"),
        (
            modal(
                {
                    "type": "input",
                    "label": {"type": "plain_text", "text": "下書き"},
                    "element": {"type": "plain_text_input", "action_id": "draft"},
                }
            ),
            "missing required field: submit",
        ),
        ({"type": "home", "blocks": []}, "unsupported type: home"),
    ],
)
async def test_limits_of_a_view(slack: SlackDouble, client: AsyncWebClient, view: Json, complaint: str) -> None:
    trigger = slack.channel("C01REV").stage.interactions.trigger("U1")
    body = await refusal(client.views_open(trigger_id=trigger, view=view))
    assert body["error"] == "invalid_arguments"
    assert any(complaint in message for message in body["response_metadata"]["messages"])


async def test_views_are_updated_with_their_hash(slack: SlackDouble, client: AsyncWebClient) -> None:
    trigger = slack.channel("C01REV").stage.interactions.trigger("U1")
    view = (await client.views_open(trigger_id=trigger, view=modal(section("はじめ"))))["view"]
    newer = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("あと")))
    assert newer["view"]["id"] == view["id"]
    assert "あと" in (await slack.modal("U1")).reading.text
    stale = await refusal(client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("また"))))
    assert stale["error"] == "hash_conflict"


async def test_the_home_tab_is_published(slack: SlackDouble, client: AsyncWebClient) -> None:
    slack.user("U1")
    await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section("ようこそ")]})
    assert (await slack.home("U1")).text == "ようこそ"


async def test_a_response_url_is_good_for_five_uses_in_half_an_hour(slack: SlackDouble) -> None:
    interactions = slack.channel("C01REV").stage.interactions
    hook = AsyncWebhookClient(interactions.response_url("U1", "C01REV"))
    answers = [await hook.send(text=f"{number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    late = AsyncWebhookClient(interactions.response_url("U1", "C01REV"))
    slack.clock.advance(30 * 60 + 1)
    assert "expired_url" in (await late.send(text="遅い")).body
    assert len(slack.whispers("U1")) == 5


async def test_mischief_strikes_as_often_as_it_is_told(slack: SlackDouble, client: AsyncWebClient) -> None:
    review = slack.channel("C01REV")
    slack.mischief.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=review.id, text="あ")
    assert caught.value.response.headers["Retry-After"] == "7"
    slack.mischief.refuse("chat.postMessage", "fatal_error")
    assert (await refusal(client.chat_postMessage(channel=review.id, text="あ")))["error"] == "fatal_error"
    slack.mischief.cut("chat.postMessage", after_effect=True)
    client.retry_handlers.clear()  # the SDK's own one would post again
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=review.id, text="届いた")
    assert [message.text for message in review.bot_messages] == ["届いた"]
    assert [call.status for call in slack.calls("chat.postMessage")] == [429, 200, 200]


async def test_a_client_that_waits_gets_through_a_rate_limit(slack: SlackDouble, client: AsyncWebClient) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler())
    slack.channel("C01REV")
    slack.mischief.rate_limit("chat.postMessage", retry_after=0)
    assert (await client.chat_postMessage(channel="C01REV", text="あ"))["ok"]
    assert len(slack.calls("chat.postMessage")) == 2


async def test_what_a_person_types_is_marked_up_as_slack_does(slack: SlackDouble) -> None:
    post = slack.channel("C01REV").post(
        "U1", "A&B <!channel> https://example.jp/a?b=1&c 🎉\n", mention("U2"), styled("太字", "bold"), quote("引用")
    )
    assert post.text == ("A&amp;B &lt;!channel&gt; <https://example.jp/a?b=1&amp;c> :tada:\n<@U2>*太字*&gt; 引用\n")
    assert post.reading.mentions == ("@U2",)
    assert post.reading.links == ("https://example.jp/a?b=1&c",)
    assert [container["type"] for container in post.body["blocks"][0]["elements"]] == [
        "rich_text_section",
        "rich_text_quote",
    ]


async def test_bare_domains_and_addresses_get_a_scheme(slack: SlackDouble) -> None:
    text = slack.channel("C01REV").post("U1", "www.example.jp と kouhou@example.jp", preformatted("x<y")).text
    assert text == (
        "<http://www.example.jp|www.example.jp> と <mailto:kouhou@example.jp|kouhou@example.jp>```x&lt;y```"
    )


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("<!channel> と <@U1>", Reading("!channel と @U1", ("!channel", "@U1"), (), ())),
        ("&lt;!channel&gt; と &lt;@U1&gt;", Reading("<!channel> と <@U1>", (), (), ())),
        ("*太字* と `code`", Reading("*太字* と `code`", (), (), ("太字", "code"))),
        ("https://example.jp/ を見て", Reading("https://example.jp/ を見て", (), ("https://example.jp/",), ())),
        ("<https://example.jp|ここ>", Reading("ここ", (), ("https://example.jp",), ())),
    ],
)
async def test_what_a_reader_sees_of_marked_up_text(
    slack: SlackDouble, client: AsyncWebClient, text: str, reading: Reading
) -> None:
    slack.channel("C01REV")
    sent = await client.chat_postMessage(channel="C01REV", text="控え", blocks=[section(text)])
    assert slack.post("C01REV", sent["ts"]).reading == reading
