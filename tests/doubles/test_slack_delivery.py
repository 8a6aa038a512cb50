"""The double delivers: a real Bolt app takes events, commands, shortcuts, clicks and forms, in both modes."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Post, SlackDouble, reversed_order
from tests.doubles.slack.mischief import Fault, Trouble

Json = dict[str, Any]

FORM = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "確認"},
    "submit": {"type": "plain_text", "text": "送る"},
    "blocks": [
        {
            "type": "input",
            "block_id": "draft",
            "label": {"type": "plain_text", "text": "下書き"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 10},
        }
    ],
}


def result(text: str) -> Json:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "結果"},
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}],
    }


@dataclass
class Heard:
    """What the app heard."""

    events: list[Json] = field(default_factory=list)
    retries: list[tuple[str, str]] = field(default_factory=list)
    ignored: int = 0
    """How many deliveries to leave without an acknowledgement."""

    @property
    def texts(self) -> list[str]:
        return [event.get("text") or event["message"]["text"] for event in self.events]


def app_on(slack: SlackDouble, heard: Heard) -> AsyncApp:
    app = AsyncApp(
        client=AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url),
        signing_secret=slack.credentials.signing_secret,
    )
    listen_to_events(app, heard)
    listen_to_people(app, heard)
    return app


def listen_to_events(app: AsyncApp, heard: Heard) -> None:
    @app.middleware
    async def maybe_fail(req: Any, next_: Any) -> Any:
        if "event" in req.body:
            number = (req.headers.get("x-slack-retry-num") or [""])[0]
            heard.retries.append((number, (req.headers.get("x-slack-retry-reason") or [""])[0]))
        if heard.ignored:
            heard.ignored -= 1
            return BoltResponse(status=500)
        return await next_()

    @app.event("message")
    async def on_message(event: Json, say: Any) -> None:
        heard.events.append(event)
        if "subtype" not in event and "thread_ts" not in event:
            await say(text="読みました", thread_ts=event["ts"])

    @app.event("member_joined_channel")
    @app.event("app_home_opened")
    async def on_other(event: Json) -> None:
        heard.events.append({"text": event["type"]})


def listen_to_people(app: AsyncApp, heard: Heard) -> None:
    @app.command("/sns-check")
    async def on_command(ack: Any, command: Json, client: AsyncWebClient, respond: Any) -> None:
        if command.get("text"):
            await ack(f"受け取りました: {command['text']}")
            await respond("結果です")
        else:
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=FORM)

    @app.view("form")
    async def on_submit(ack: Any, view: Json) -> None:
        text = view["state"]["values"]["draft"]["text"]["value"]
        if text == "だめ":
            await ack(response_action="errors", errors={"draft": "書き直してください"})
        elif text == "壊":
            await ack(response_action="update", view=result("あ" * 3_001))
        else:
            await ack(response_action="update", view=result(f"{text}を読みました"))

    @app.view_closed("form")
    async def on_close(ack: Any) -> None:
        await ack()
        heard.events.append({"text": "view_closed"})

    @app.shortcut("check")
    async def on_shortcut(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=result(shortcut["message"]["text"]))

    @app.action("turned")
    async def on_turn(ack: Any) -> None:
        await ack()

    @app.action("done")
    async def on_action(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text=f"{body['user']['id']}: {body['actions'][0]['value']}", replace_original=True)


@contextlib.asynccontextmanager
async def over_socket_mode(slack: SlackDouble, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, slack.credentials.app_token, web_client=app.client, ping_interval=0.1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda: slack.socket_mode.connections)
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture(params=["socket", "http"])
async def heard(
    slack: SlackDouble, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Heard]:
    """A Bolt app that runs against the double."""
    caplog.set_level(logging.CRITICAL, "slack_bolt")
    heard = Heard()
    app = app_on(slack, heard)
    if request.param == "socket":
        async with over_socket_mode(slack, app):
            yield heard
        return
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield heard
    await runner.cleanup()


async def answered(post: Post) -> None:
    assert (await post.answer()).text == "読みました"


async def test_a_message_arrives_and_is_answered_in_the_thread(slack: SlackDouble, heard: Heard) -> None:
    post = slack.channel("C01REV").post("U1", "明日は *晴れ* & <雨>")
    await answered(post)
    await slack.delivered()
    event = heard.events[0]
    assert (event["text"], event["user"], event["ts"], event["channel_type"]) == (
        "明日は *晴れ* &amp; &lt;雨&gt;",
        "U1",
        post.ts,
        "channel",
    )
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "明日は *晴れ* & <雨>"}]


@pytest.mark.usefixtures("heard")
async def test_edits_unfurls_and_deletions_are_told_apart(slack: SlackDouble) -> None:
    review = slack.channel("C01REV")
    post = review.post("U1", "https://example.jp を見て")
    await answered(post)
    unfurled = post.unfurl("https://example.jp", "見本")
    assert unfurled is not None
    assert unfurled.event["message"]["text"] == unfurled.event["previous_message"]["text"]
    edited = post.edit("直しました")
    assert edited is not None
    assert edited.event["previous_message"]["text"] == "<https://example.jp> を見て"
    assert edited.event["message"]["edited"]["ts"] > post.ts
    tombstone = post.delete()
    assert tombstone is not None
    assert (tombstone.event["subtype"], tombstone.event["message"]["subtype"]) == ("message_changed", "tombstone")
    lonely = slack.channel("C01REV").me("U1", "ひとりごと")
    deleted = lonely.delete()
    assert deleted is not None
    assert (deleted.event["subtype"], deleted.event["deleted_ts"]) == ("message_deleted", lonely.ts)
    await slack.delivered()
    assert [m.body.get("subtype") for m in review.messages] == ["tombstone", None]


@pytest.mark.usefixtures("heard")
async def test_a_channel_without_the_bot_tells_nothing(slack: SlackDouble) -> None:
    assert slack.channel("C02OUT", member=False).post("U1", "聞こえない").deliveries == []
    assert slack.direct("U1").post("U1", "購読していない").deliveries == []


async def test_joins_and_the_home_tab_are_told(slack: SlackDouble, heard: Heard) -> None:
    slack.channel("C01REV").join("U7")
    slack.open_home("U7")
    await slack.until(lambda: len(heard.events) == 3)
    assert {event.get("text", "") for event in heard.events} >= {"member_joined_channel", "app_home_opened"}


async def test_a_command_is_answered_by_the_ack_and_by_the_response_url(slack: SlackDouble, heard: Heard) -> None:
    command = slack.channel("C01REV").command("U1", "/sns-check", "雨 & 風")
    await command.response(2)
    # As with Slack, either may be there first.
    assert {response.reading.text for response in command.responses} == {"受け取りました: 雨 & 風", "結果です"}
    assert heard.events == []


@pytest.mark.usefixtures("heard")
async def test_a_form_is_opened_refused_and_answered(slack: SlackDouble) -> None:
    slack.channel("C01REV").command("U1", "/sns-check")
    screen = await slack.modal("U1")
    with pytest.raises(ValueError, match="a value is needed"):
        await screen.submit()
    with pytest.raises(ValueError, match="too long"):
        await screen.submit({"text": "あ" * 11})
    await screen.submit({"text": "だめ"})
    assert screen.modal.errors == {"draft": "書き直してください"}
    await screen.submit({"text": "下書き"})
    assert "下書きを読みました" in (await screen.shows("読みました")).text


@pytest.mark.usefixtures("heard")
async def test_a_view_that_slack_refuses_is_shown_as_trouble(slack: SlackDouble) -> None:
    slack.channel("C01REV").command("U1", "/sns-check")
    screen = await slack.modal("U1")
    await screen.submit({"text": "壊"})
    assert "must be less than 3001 characters" in screen.modal.trouble
    assert "確認" in screen.reading.text


async def test_closing_a_form_is_told(slack: SlackDouble, heard: Heard) -> None:
    slack.channel("C01REV").command("U1", "/sns-check")
    (await slack.modal("U1")).close()
    await slack.until(lambda: {"text": "view_closed"} in heard.events)


@pytest.mark.usefixtures("heard")
async def test_a_shortcut_carries_the_message(slack: SlackDouble) -> None:
    slack.channel("C01REV").me("U1", "この投稿").shortcut("U2", "check")
    assert "この投稿" in (await slack.modal("U2")).reading.text


@pytest.mark.usefixtures("heard")
async def test_a_click_on_a_private_message_can_replace_it(slack: SlackDouble) -> None:
    review = slack.channel("C01REV")
    review.join("U2")
    client = AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url)
    buttons = {"type": "actions", "elements": [button("done", "次へ", "二枚目")]}
    await client.chat_postEphemeral(channel=review.id, user="U2", text="一枚目", blocks=[buttons])
    (shown,) = slack.whispers("U2")
    delivery = shown.click("done")
    await slack.until(lambda: slack.whispers("U2")[0].body["text"] == "U2: 二枚目")
    assert "message" not in delivery.payload  # Slack keeps none
    assert delivery.payload["container"]["is_ephemeral"] is True
    assert len(slack.whispers("U2")) == 1


@pytest.mark.usefixtures("heard")
async def test_a_click_in_the_home_tab_carries_its_view(slack: SlackDouble) -> None:
    slack.user("U2")
    client = AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url)
    buttons = {"type": "actions", "elements": [button("turned", "次へ", "二枚目")]}
    await client.views_publish(user_id="U2", view={"type": "home", "private_metadata": "一", "blocks": [buttons]})
    delivery = slack.click_home("U2", "turned")
    await slack.delivered()
    assert delivery.payload["view"]["private_metadata"] == "一"
    assert delivery.payload["actions"][0]["value"] == "二枚目"
    assert "response_url" not in delivery.payload


def button(action_id: str, label: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}, "value": value}


@pytest.mark.usefixtures("heard")
async def test_a_click_on_a_message_can_replace_it(slack: SlackDouble) -> None:
    review = slack.channel("C01REV")
    client = AsyncWebClient(token=slack.credentials.bot_token, base_url=slack.api_url)
    blocks = [{"type": "actions", "elements": [button("done", "済", "承認")]}]
    sent = await client.chat_postMessage(channel=review.id, text="確認", blocks=blocks)
    card = slack.post(review.id, sent["ts"])
    with pytest.raises(LookupError):
        card.click("U3", "missing")
    card.click("U3", "done")
    await slack.until(lambda: card.text == "U3: 承認")


async def test_an_event_without_ack_comes_again_at_once_and_after_a_minute(slack: SlackDouble, heard: Heard) -> None:
    heard.ignored = 2
    post = slack.channel("C01REV").post("U1", "だれか")
    (delivery,) = post.deliveries

    async def attempts(number: int) -> None:
        await slack.until(lambda: len(heard.retries) >= number)
        if not slack.request_url:
            slack.clock.advance(3)  # Socket Mode has no way to refuse: Slack waits
        await slack.until(lambda: len(delivery.attempts) >= number)

    await attempts(1)
    await attempts(2)
    assert not delivery.finished
    slack.clock.advance(60)
    await delivery.acked()
    await answered(post)
    assert [number for number, _ in heard.retries] in (["0", "1", "2"], ["", "1", "2"])
    assert [attempt.acknowledged for attempt in delivery.attempts] == [False, False, True]


async def test_in_bad_weather_events_come_late_and_in_several_copies(slack: SlackDouble, heard: Heard) -> None:
    slack.courier.weather = lambda delivery: (0.2, 30.0) if delivery.event["text"] == "first" else (0.0,)
    room = slack.channel("C01REV")
    room.post("U1", "first")
    room.post("U1", "second")
    await slack.until(lambda: len(heard.texts) == 2)
    assert heard.texts == ["second", "first"]
    assert not slack.courier.idle
    slack.clock.advance(30)
    await slack.until(lambda: slack.courier.idle)
    assert heard.texts == ["second", "first", "first"]


async def test_a_whim_decides_about_every_call(slack: SlackDouble) -> None:
    slack.mischief.whim = lambda method, _: (
        Trouble(Fault.STATUS, method, 1, status=502) if method == "api.test" else None
    )
    async with aiohttp.ClientSession() as client:
        for expected in (502, 502):
            async with client.post(f"{slack.api_url}api.test") as response:
                assert response.status == expected
        slack.mischief.relent()
        async with client.post(f"{slack.api_url}api.test") as response:
            assert response.status == 200


async def test_lost_acknowledgements_and_duplicates(slack: SlackDouble, heard: Heard) -> None:
    slack.courier.lose_acknowledgements(1)
    post = slack.channel("C01REV").me("U1", "一つ目")
    await slack.until(lambda: heard.texts == ["一つ目", "一つ目"])
    assert len({delivery.payload["event_id"] for delivery in post.deliveries}) == 1
    slack.courier.duplicate()
    slack.channel("C01REV").me("U1", "二つ目")
    await slack.until(lambda: heard.texts[2:] == ["二つ目", "二つ目"])


@pytest.mark.usefixtures("heard")
async def test_waiting_for_deliveries_lets_the_time_of_repetitions_pass(slack: SlackDouble) -> None:
    slack.courier.lose_acknowledgements(3)
    slack.channel("C01").post("U1", "何度も届く投稿")
    deliveries = await slack.delivered()
    assert sum(not attempt.acknowledged for delivery in deliveries for attempt in delivery.attempts) == 3
    assert all(delivery.acknowledged for delivery in deliveries)


async def test_deliveries_are_held_back_and_swapped(slack: SlackDouble, heard: Heard) -> None:
    slack.courier.hold()
    post = slack.channel("C01REV").me("U1", "前")
    post.edit("後")
    assert heard.events == []
    await slack.courier.release(reversed_order)
    await slack.until(lambda: heard.texts == ["後", "前"])


class TestSocketMode:
    """What only Socket Mode has."""

    @pytest.fixture(params=["socket"])
    async def heard(self, heard: Heard) -> Heard:
        return heard

    async def test_hello_envelope_and_ack(self, slack: SlackDouble, heard: Heard) -> None:
        slack.channel("C01REV").me("U1", "一つ")
        await slack.delivered()
        assert heard.retries == [("0", "")]
        assert len(slack.socket_mode.acks) == 1

    @pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
    async def test_the_app_comes_back_when_asked_to_go(self, slack: SlackDouble, heard: Heard, reason: Any) -> None:
        await slack.socket_mode.disconnect(reason)
        await slack.until(lambda: slack.socket_mode.opened == 2)
        await slack.until(lambda: len(slack.socket_mode.connections) == 1)
        slack.channel("C01REV").me("U1", "また")
        await slack.until(lambda: heard.texts == ["また"])

    async def test_the_app_comes_back_after_a_cut(self, slack: SlackDouble, heard: Heard) -> None:
        await slack.socket_mode.drop()
        await slack.until(lambda: slack.socket_mode.opened == 2)
        slack.channel("C01REV").me("U1", "また")
        await slack.until(lambda: heard.texts == ["また"])

    async def test_a_half_open_socket_is_noticed_by_the_app(self, slack: SlackDouble, heard: Heard) -> None:
        slack.socket_mode.half_open()
        post = slack.channel("C01REV").me("U1", "届かない")
        await slack.until(lambda: slack.socket_mode.opened == 2)
        slack.clock.advance(60)
        await post.deliveries[0].acked()
        assert heard.texts == ["届かない"]

    async def test_each_payload_goes_to_one_of_several_connections(self, slack: SlackDouble, heard: Heard) -> None:
        other = Heard()
        async with over_socket_mode(slack, app_on(slack, other)):
            await slack.connected(2)
            for number in range(4):
                slack.channel("C01REV").me("U1", f"{number}")
            await slack.until(lambda: len(heard.texts + other.texts) == 4)
        assert len(heard.texts) == len(other.texts) == 2

    async def test_nothing_is_kept_for_an_app_that_is_not_there(self, slack: SlackDouble, heard: Heard) -> None:
        slack.socket_mode.connections.clear()
        post = slack.channel("C01REV").me("U1", "だれもいない")
        await slack.until(lambda: post.deliveries[0].finished)
        assert heard.texts == []
        assert post.deliveries[0].attempts[0].reason == "no_connection"

    async def test_a_ticket_is_good_for_one_connection(self, slack: SlackDouble, heard: Heard) -> None:
        assert heard.texts == []
        client = AsyncWebClient(base_url=slack.api_url)
        url = (await client.apps_connections_open(app_token=slack.credentials.app_token))["url"]
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url) as socket:
                assert json.loads((await socket.receive()).data)["type"] == "hello"
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


class TestHttp:
    """What only HTTP has."""

    @pytest.fixture(params=["http"])
    async def heard(self, heard: Heard) -> Heard:
        return heard

    @pytest.mark.usefixtures("heard")
    async def test_the_request_url_is_verified(self, slack: SlackDouble) -> None:
        assert (await slack.verify_request_url()).status == 200

    @pytest.mark.parametrize(("secret", "age"), [("another-secret", 0), (None, 301)])
    async def test_bolt_refuses_wrong_signatures_and_old_requests(
        self, slack: SlackDouble, heard: Heard, secret: str | None, age: float
    ) -> None:
        payload = slack.feed.envelope({"type": "message", "text": "偽物", "user": "U1", "ts": "1.2"})
        body = json.dumps(payload).encode()
        answer = await slack.events_api.post(body, secret=secret, timestamp=time.time() - age)
        assert answer.status == 401
        assert heard.events == []

    async def test_an_app_that_is_down_is_tried_again(self, slack: SlackDouble, heard: Heard) -> None:
        url, slack.request_url = slack.request_url, "http://127.0.0.1:9/slack/events"
        post = slack.channel("C01REV").me("U1", "留守")
        (delivery,) = post.deliveries
        await slack.until(lambda: len(delivery.attempts) == 2)
        assert {attempt.reason for attempt in delivery.attempts} == {"connection_failed"}
        slack.request_url = url
        slack.clock.advance(60)
        await delivery.acked()
        assert heard.retries == [("2", "connection_failed")]
