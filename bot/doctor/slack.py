"""Whether Slack knows the tokens, grants the permissions, and has the bot in its channels."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.results import Result, clock_off, fine, notice, told_at, wrong
from bot.egress import tls_context
from bot.history import HistoryError
from bot.settings import Settings
from bot.slack.manifest import BOT_SCOPES
from bot.slack.proxied import directed
from bot.storage import open_history

CLOCK_SECONDS = 60
"""How far our clock may be from Slack's before somebody should look at it."""
SIGNATURE_SECONDS = 300
"""How far it may be before nothing that Slack signs is taken (``bot.slack.edge``)."""
SLACK_SECONDS = 10
"""How long one answer of Slack is waited for."""
_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")


class _RefusedError(Exception):
    """A call of Slack failed: what happened and what to do, as sentences."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def about(self, subject: str) -> Result:
        return wrong(subject, self.sentence, self.remedy)


_REINSTALL = "Slackのアプリ管理画面でアプリを入れ直し、新しいトークンを設定してください。"
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "invalid_auth": ("トークンが正しくありません。", "トークンを写し直してください。"),
    "not_authed": ("トークンが正しくありません。", "トークンを写し直してください。"),
    "not_allowed_token_type": (
        "トークンの種類が違います。",
        "xoxb- は SLACK_BOT_TOKEN、xapp- は SLACK_APP_TOKEN です。",
    ),
    "token_revoked": ("トークンが取り消されています。", _REINSTALL),
    "token_expired": ("トークンの期限が切れています。", _REINSTALL),
    "account_inactive": ("アプリがこのワークスペースから外されています。", _REINSTALL),
    "channel_not_found": (
        "チャンネルが見つからないか、ボットから見えません。",
        "IDを確かめ、非公開チャンネルでは「/invite @SNSチェック」でボットを招待してください。",
    ),
    "missing_scope": (
        "必要な権限（スコープ）がありません。",
        "deploy/slack/manifest.yaml をアプリの設定に反映し、入れ直してください。",
    ),
    "ratelimited": ("Slackが混み合っています。", "1分ほど待ってから、もう一度実行してください。"),
}


async def slack(settings: Settings) -> AsyncIterator[Result]:
    """Check how Slack sees the bot; nothing where it is not configured. Never raises."""
    if settings.slack_bot_token is None:
        return
    client = _client(settings, settings.slack_bot_token.get_secret_value())
    try:
        identity = await _call(client, "auth.test")
    except _RefusedError as refused:
        yield refused.about("ボットトークン")
    else:
        yield fine("ボットトークン", f"「{identity.data['team']}」に「{identity.data['user']}」としてつながりました。")
        yield fine("ワークスペース", f"{identity.data.get('team_id')} だけを扱います。ほかからの操作は受け付けません。")
        yield _scopes(identity.scopes)
        if identity.told_at and (late := clock_off(identity.told_at, "Slack")):
            yield late
        chosen = await _chosen_in_slack(settings, str(identity.data.get("team_id")))
        async for result in _channels([*settings.review_channels, *chosen], client):
            yield result
        if not settings.slack_supervisors:
            yield notice(
                "監督者",
                "監督者が指定されていません。承認と、Slackでの設定（/sns-check setup）ができる人がいません。",
                "SNS_CHECK_SUPERVISORS にユーザーIDかユーザーグループIDを指定してください。",
            )
    yield await _delivery(settings)


def _scopes(granted: frozenset[str]) -> Result:
    if missing := sorted(BOT_SCOPES - granted):
        return wrong(
            "権限",
            f"ボットの権限（スコープ）が足りません：{'、'.join(missing)}",
            "deploy/slack/manifest.yaml をアプリの設定に反映し、ワークスペースに入れ直してください。",
        )
    return fine("権限", "必要な権限がそろっています。")


async def _chosen_in_slack(settings: Settings, team: str) -> Sequence[str]:
    """Return the channels that supervisors have set up; none where the database does not open, which was said."""
    try:
        async with open_history(settings) as history:
            return [chosen.channel for chosen in await history.channels.all("slack", team)]
    except (HistoryError, SQLAlchemyError, OSError):
        return ()


async def _channels(channels: Iterable[str], client: AsyncWebClient) -> AsyncIterator[Result]:
    distinct = list(dict.fromkeys(channels))
    if not distinct:
        yield notice(
            "チャンネル",
            "確認するチャンネルが設定されていません。",
            "SNS_CHECK_REVIEW_CHANNELS にチャンネルIDを指定するか（例：C01REV,C02REV=oizumi）、"
            "Slackのチャンネルで監督者の方が /sns-check setup を実行してください。",
        )
    for channel in distinct:
        yield await _channel(client, channel)


async def _channel(client: AsyncWebClient, channel: str) -> Result:
    subject = f"チャンネル {channel}"
    try:
        found = (await _call(client, "conversations.info", {"channel": channel})).data["channel"]
    except _RefusedError as refused:
        return refused.about(subject)
    if found.get("is_archived"):
        return wrong(
            subject, "アーカイブされています。", "復元するか、SNS_CHECK_REVIEW_CHANNELS にあれば外してください。"
        )
    if not found.get("is_member"):
        return wrong(
            subject,
            "ボットが参加していません。",
            f"Slackの #{found.get('name', channel)} で「/invite @SNSチェック」と書いて招待してください。",
        )
    return fine(subject, f"#{found.get('name', channel)} に参加しています。")


async def _delivery(settings: Settings) -> Result:
    """Check how Slack reaches the bot: a socket that could be opened, or requests that it signs."""
    if settings.slack_app_token is not None:
        subject = "ソケットモード"
        try:  # Slack hands out an address; it counts as a connection only once somebody goes there
            await _call(_client(settings, settings.slack_app_token.get_secret_value()), "apps.connections.open")
        except _RefusedError as refused:
            return refused.about(subject)
        return fine(subject, "アプリトークンで接続できます。")
    subject = "署名シークレット"
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    if not _SIGNING_SECRET.fullmatch(secret):
        return notice(
            subject,
            "SLACK_SIGNING_SECRET の形が、Slackのもの（0〜9とa〜fの32文字）と違います。",
            "アプリ管理画面の「Basic Information」にある Signing Secret を写し直してください。",
        )
    return fine(subject, "形に問題はありません。正しいかどうかは、Slackからの最初の配信でわかります。")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What Slack answered, the scopes that it says the token has, and when it was."""

    data: Mapping[str, Any]
    scopes: frozenset[str]
    told_at: datetime | None
    """When Slack says that it answered."""


def _client(settings: Settings, token: str) -> AsyncWebClient:
    client = AsyncWebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=SLACK_SECONDS,
        ssl=tls_context(settings.ca_file),
        retry_handlers=[],
    )
    return directed(client)


async def _call(client: AsyncWebClient, method: str, arguments: Mapping[str, Any] | None = None) -> _Answer:
    """Call a method of Slack. Raises ``_RefusedError``, which knows nothing of tokens."""
    try:
        async with asyncio.timeout(SLACK_SECONDS + 1):
            response = await client.api_call(method, params=dict(arguments or {}))
    except SlackApiError as error:
        raise _refusal(error) from None
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        raise _RefusedError(
            f"Slackにつながりません（{type(error).__name__}）。",
            "ネットワーク、プロキシ（HTTPS_PROXY）、認証局（SNS_CHECK_CA_FILE）、"
            "SNS_CHECK_SLACK_API_URL を確かめてください。",
        ) from None
    data = response.data
    if not isinstance(data, dict):
        raise _not_slack()
    scopes = str(response.headers.get("x-oauth-scopes", ""))
    return _Answer(data, frozenset(scope.strip() for scope in scopes.split(",")), told_at(response.headers))


def _refusal(error: SlackApiError) -> _RefusedError:
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if not isinstance(code, str):
        return _not_slack()
    known = _REFUSALS.get(code)
    return (
        _RefusedError(*known)
        if known
        else _RefusedError(
            f"Slackが受け付けませんでした（{code}）。", "Slackのアプリ管理画面で、アプリの状態を確かめてください。"
        )
    )


def _not_slack() -> _RefusedError:
    return _RefusedError(
        "SlackのAPIとして読めない応答が返りました。",
        "SNS_CHECK_SLACK_API_URL とプロキシを確かめ、Slackの障害情報（status.slack.com）も見てください。",
    )
