"""The Teams double, asked as the app would ask it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from tests.doubles.teams import TeamsDouble
from tests.doubles.teams.cards import CARD, faults

Json = dict[str, Any]

CHANNEL = "19:review@thread.tacv2"


def card(*elements: Json) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "msteams": {"width": "full"}, "body": [*elements]}


GREETING = card({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "確認しました"}]})


def message(content: Json) -> Json:
    return {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}


class App:
    """As much of an app as it takes to ask and to be asked."""

    def __init__(self, teams: TeamsDouble, session: aiohttp.ClientSession) -> None:
        self.teams = teams
        self.session = session
        self.received: list[Json] = []
        self.tokens: list[str] = []

    async def token(self, scope: str, secret: str = "") -> aiohttp.ClientResponse:
        registration = self.teams.registration
        form = {
            "grant_type": "client_credentials",
            "client_id": registration.client_id,
            "client_secret": secret or registration.client_secret,
            "scope": scope,
        }
        url = f"{self.teams.base_url}/login/{registration.tenant_id}/oauth2/v2.0/token"
        return await self.session.post(url, data=form)

    async def ask(self, method: str, path: str, body: Json | None = None, scope: str = "") -> tuple[int, Any]:
        token = await self.token(scope or "https://api.botframework.com/.default")
        headers = {"Authorization": f"Bearer {(await token.json())['access_token']}"}
        url = f"{self.teams.base_url}{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            return response.status, json.loads(await response.text() or "null")

    async def post(self, thread: str, content: Json) -> tuple[int, Any]:
        path = f"/teams/v3/conversations/{CHANNEL};messageid={thread}/activities"
        return await self.ask("POST", path, message(content))

    async def messages(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        self.received.append(await request.json())
        pressed = {"statusCode": 200, "type": CARD, "value": GREETING}
        return web.json_response(pressed if self.received[-1]["type"] == "invoke" else None)


@pytest.fixture
async def app() -> AsyncIterator[App]:
    async with TeamsDouble() as teams, aiohttp.ClientSession() as session, listening(App(teams, session)) as listener:
        yield listener


@asynccontextmanager
async def listening(app: App) -> AsyncIterator[App]:
    server = web.Application()
    server.router.add_post("/api/messages", app.messages)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.teams.messaging_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    yield app
    await runner.cleanup()


async def test_what_people_do_is_told_with_a_token_that_the_keys_prove(app: App) -> None:
    teams = app.teams
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "<p>明日は&nbsp;休館です</p>")
    await teams.delivered()
    (activity,), (token,) = app.received, app.tokens
    assert activity["conversation"]["id"] == f"{CHANNEL};messageid={post.id}"
    assert (activity["id"], activity["text"]) == (post.id, "明日は\xa0休館です\n")
    keys = jwt.PyJWKSet.from_dict(await (await app.session.get(f"{teams.base_url}/v1/.well-known/keys")).json())
    claims = jwt.decode(token, keys.keys[0].key, ["RS256"], audience=teams.registration.client_id)
    assert (claims["iss"], claims["serviceurl"]) == ("https://api.botframework.com", teams.service_url)


async def test_an_answer_in_the_thread_is_seen_by_people_and_by_graph(app: App) -> None:
    teams = app.teams
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "下書き")
    status, body = await app.post(post.id, GREETING)
    assert status == 201
    assert (await post.answer()).reading.visible == "確認しました"
    group = post.stored.conversation.group
    path = f"/graph/v1.0/teams/{group}/channels/{CHANNEL}/messages/{post.id}/replies"
    status, replies = await app.ask("GET", path, scope=teams.login.graph_scope)
    assert (status, [reply["id"] for reply in replies["value"]]) == (200, [body["id"]])
    assert json.loads(replies["value"][0]["attachments"][0]["content"]) == GREETING
    assert replies["value"][0]["from"]["application"]
    teams.permitted = False
    assert (await app.ask("GET", path, scope=teams.login.graph_scope))[0] == 403
    assert (await app.ask("GET", path))[0] == 401


async def test_only_what_the_bot_wrote_can_be_changed(app: App) -> None:
    teams = app.teams
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "下書き")
    _, body = await app.post(post.id, GREETING)
    path = f"/teams/v3/conversations/{CHANNEL};messageid={post.id}/activities"
    changed = card({"type": "TextBlock", "text": "直りました"})
    assert (await app.ask("PUT", f"{path}/{body['id']}", message(changed)))[0] == 200
    assert post.answers[0].reading.text == "直りました"
    assert (await app.ask("PUT", f"{path}/{post.id}", message(changed)))[0] == 403
    assert (await app.ask("DELETE", f"{path}/{body['id']}"))[0] == 200
    assert post.answers == []
    assert (await app.ask("DELETE", f"{path}/{body['id']}"))[0] == 404
    assert (await app.post("1", GREETING))[0] == 404


async def test_a_button_shows_its_answer_to_whoever_pressed_until_the_message_changes(app: App) -> None:
    teams = app.teams
    boss = teams.person("課長")
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "下書き")
    action = {"type": "Action.Execute", "title": "承認", "verb": "decide", "data": {"verb": "decide"}}
    entry = {"type": "Input.Text", "id": "comment", "label": "コメント"}
    offered = card(entry, {"type": "ActionSet", "actions": [action]})
    _, body = await app.post(post.id, offered)
    answer = await post.answer()
    pressed = await answer.press(boss, "承認", comment="よい")
    assert app.received[-1]["value"]["action"]["data"] == {"verb": "decide", "comment": "よい"}
    assert app.received[-1]["replyToId"] == body["id"]
    assert pressed.reading.text == "確認しました"
    assert (answer.card_for(boss), answer.card_for(teams.person("佐藤"))) == (GREETING, offered)


async def test_edits_deletions_and_what_may_not_be_known(app: App) -> None:
    teams = app.teams
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "下書き")
    post.edit("直した")
    await teams.delivered()
    post.delete()
    await teams.delivered()
    post.restore()
    await teams.delivered()
    events = [(each["type"], each["channelData"].get("eventType")) for each in app.received]
    assert events == [
        ("message", None),
        ("messageUpdate", "editMessage"),
        ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
    ]
    teams.permitted = False
    teams.channel(CHANNEL).post(teams.person("佐藤"), "見えない")
    teams.channel(CHANNEL).mention(teams.person("佐藤"), "見える")
    await teams.delivered()
    assert "見える" in app.received[-1]["text"]
    assert len(app.received) == 5


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (card({"type": "TextBlock", "text": "a", "colour": "good"}), "TextBlock has no colour"),
        (card({"type": "CodeBlock", "codeSnippet": "a"}), "type 'CodeBlock'"),
        (card({"type": "ActionSet", "actions": [{"type": "Action.ToggleVisibility", "targetElements": ["x"]}]}), "x"),
        (card({"type": "TextBlock", "text": "あ" * 20_000}), "characters"),
        ({**GREETING, "version": "1.6"}, "version 1.6"),
    ],
)
async def test_cards_that_teams_would_not_show_as_meant_are_refused(app: App, wrong: Json, fault: str) -> None:
    post = app.teams.channel(CHANNEL).post(app.teams.person("佐藤"), "下書き")
    status, body = await app.post(post.id, wrong)
    assert (status, post.answers) == (400, [])
    assert fault in body["error"]["message"]
    assert faults(GREETING) == []


async def test_sign_in_refuses_as_entra_does(app: App) -> None:
    refused = await app.token("https://api.botframework.com/.default", secret="wrong")
    assert (refused.status, (await refused.json())["error_codes"]) == (401, [7_000_215])
    assert (await app.token("https://vault.azure.net/.default")).status == 400


async def test_misbehaviour(app: App) -> None:
    teams = app.teams
    post = teams.channel(CHANNEL).post(teams.person("佐藤"), "下書き")
    teams.mischief.rate_limit("post", retry_after=3, channel=CHANNEL)
    teams.mischief.cut("post", after_effect=True)
    assert (await app.post(post.id, GREETING))[0] == 429
    with pytest.raises(aiohttp.ClientError):
        await app.post(post.id, GREETING)
    assert len(post.answers) == 1
    assert [call.status for call in teams.calls("post")] == [0, 0]


async def test_what_is_kept_back_comes_in_any_order_and_again(app: App) -> None:
    teams = app.teams
    teams.hold()
    first, second = (teams.channel(CHANNEL).post(teams.person("佐藤"), text) for text in ("一", "二"))
    assert app.received == []
    teams.release(backwards=True)
    await teams.delivered()
    teams.deliveries[0].again()
    await teams.until(lambda: len(app.received) == 3)
    assert [each["id"] for each in app.received] == [second.id, first.id, first.id]
