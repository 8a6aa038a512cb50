"""Whether Microsoft knows the app, gives it tokens, and lets it read the review channels of Teams."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx

from bot.console import is_loopback
from bot.doctor.results import Result, clock_off, fine, notice, told_at, wrong
from bot.egress import tls_context
from bot.settings import Settings
from bot.teams.tokens import BOT_SCOPE

MICROSOFT_SECONDS: Final = 10
"""How long one answer of Microsoft is waited for."""
PACKAGE: Final = Path("dist/sns-check-teams.zip")
"""Where ``make teams-package`` puts the package."""

_NETWORK: Final = (
    "ネットワーク、プロキシ（HTTPS_PROXY）、認証局（SNS_CHECK_CA_FILE）を確かめてください。"
    "SNS_CHECK_TEAMS_LOGIN_URL などのURLを変えているときは、それも確かめてください。"
)
_REFUSALS: Final[Mapping[int, tuple[str, str]]] = {
    7000215: (
        "クライアントシークレットが正しくありません。",
        "Entra管理センターの「証明書とシークレット」で、シークレットIDではなく「値」を写してください。",
    ),
    7000222: (
        "クライアントシークレットの期限が切れています。",
        "Entra管理センターの「証明書とシークレット」で新しく作り、TEAMS_CLIENT_SECRET に指定してください。",
    ),
    700016: (
        "このテナントに、TEAMS_CLIENT_ID のアプリがありません。",
        "Entra管理センターの「アプリの登録」で、アプリケーション (クライアント) ID とテナントを確かめてください。",
    ),
    90002: ("TEAMS_TENANT_ID のテナントがありません。", "Entra管理センターの「概要」でテナントIDを確かめてください。"),
    53003: (
        "条件付きアクセスで止められています。",
        "Microsoft 365 の管理者に、このアプリを除外できるかご相談ください。",
    ),
}
"""By the number of Entra's error: what happened and what to do."""
_NO_PERMISSION: Final = (
    "@SNSチェック を付けた投稿だけを確認します。すべての投稿を確認するには、チームの所有者がアプリを入れ直し、"
    "「このチームのチャネルのメッセージを読み取る」許可に同意してください。"
)


class _RefusedError(Exception):
    """A call of Microsoft failed: what happened and what to do, as sentences."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


async def teams(settings: Settings) -> AsyncIterator[Result]:
    """Check how Microsoft sees the bot; nothing where Teams is not configured. Never raises."""
    if settings.teams is None:
        return
    if settings.teams == "anonymous":
        yield _anonymous(settings)
        return
    limits = httpx.Timeout(MICROSOFT_SECONDS)
    async with httpx.AsyncClient(timeout=limits, verify=tls_context(settings.ca_file)) as http:
        async for result in _signed(settings, http):
            yield result


def _anonymous(settings: Settings) -> Result:
    remedy = "町で使うときは SNS_CHECK_TEAMS_ANONYMOUS を外し、TEAMS_CLIENT_ID などを指定してください。"
    if is_loopback(settings.host):
        return notice(
            "Teams", "だれが送ったかを確かめずに受け付けます。このコンピューターの中での試用のためのものです。", remedy
        )
    return wrong("Teams", f"だれが送ったかを確かめない設定では、{settings.host} で待ち受けられません。", remedy)


async def _signed(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Result]:
    try:
        await _token(settings, http, BOT_SCOPE)
    except _RefusedError as refused:
        yield wrong("Teamsのアプリ", refused.sentence, refused.remedy)
    else:
        yield fine("Teamsのアプリ", "Microsoft Entra ID からトークンを受け取れました。")
        yield fine("テナント", f"{settings.teams_tenant_id} だけを扱います。ほかからの操作は受け付けません。")
        async for result in _channels(settings, http):
            yield result
    async for result in _keys(settings, http):
        yield result
    yield _package(settings)
    for result in _people(settings):
        yield result


def _people(settings: Settings) -> Iterator[Result]:
    if not settings.teams_supervisors:
        yield notice(
            "Teamsの監督者",
            "Teamsの監督者が指定されていません。承認できる人がいません。",
            "SNS_CHECK_SUPERVISORS に、Entra管理センターの「ユーザー」にあるオブジェクトIDを指定してください。",
        )


async def _channels(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Result]:
    """Look whether the app may read each channel, as far as its team is known."""
    if not settings.teams_channels:
        yield notice(
            "Teamsのチャンネル",
            "確認するチャンネルが設定されていません。",
            "SNS_CHECK_TEAMS_CHANNELS に、Teamsで「チャンネルへのリンクを取得」で写したリンクを指定してください。",
        )
        return
    try:
        token = await _token(settings, http, f"{settings.graph_url}/.default")
    except _RefusedError as refused:
        yield wrong("Microsoft Graph", refused.sentence, refused.remedy)
        return
    for channel in settings.teams_channels:
        yield await _channel(settings, http, channel, token)


async def _channel(settings: Settings, http: httpx.AsyncClient, channel: str, token: str) -> Result:
    subject = f"チャンネル {channel}"
    group = settings.teams_groups.get(channel)
    if group is None:
        return notice(
            subject,
            "IDだけでは、どのチームのチャンネルかわからないので、届くかどうかを調べられません。",
            "SNS_CHECK_TEAMS_CHANNELS に、IDの代わりにチャンネルのリンクを指定すると、調べることも、"
            "止まっていた間の投稿をあとから確認することもできます。",
        )
    url = f"{settings.graph_url}/v1.0/teams/{group}/channels/{quote(channel, safe='')}/messages?$top=1"
    try:
        response = await _answered(http, "GET", url, headers={"Authorization": f"Bearer {token}"})
    except _RefusedError as refused:
        return wrong(subject, refused.sentence, refused.remedy)
    return _reading(subject, response.status_code)


def _reading(subject: str, status: int) -> Result:
    if status == httpx.codes.OK:
        return fine(subject, "投稿を読む許可があります。")
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return notice(
            subject, "投稿を読む許可がありません。アプリがチームに入っていないときも、こうなります。", _NO_PERMISSION
        )
    if status == httpx.codes.NOT_FOUND:
        return wrong(
            subject,
            "チャンネルが見つかりません。",
            "Teamsでチャンネルへのリンクを写し直してください。消えていることもあります。",
        )
    return notice(subject, f"Microsoft Graph が応じません（{status}）。", "しばらく待って、もう一度実行してください。")


async def _keys(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Result]:
    """Look whether the keys are to be had by which deliveries prove themselves."""
    subject = "署名の鍵"
    try:
        metadata = await _answered(http, "GET", settings.teams_openid_url)
        keys = await _answered(http, "GET", str(_object(metadata).get("jwks_uri")))
        count = len(_object(keys).get("keys") or ())
    except _RefusedError as refused:
        yield wrong(subject, refused.sentence, refused.remedy)
        return
    if not count:
        yield wrong(subject, "Bot Framework の鍵として読めない応答が返りました。", _NETWORK)
        return
    yield fine(subject, "Bot Framework の鍵を受け取れました。Teamsからの配信を確かめられます。")
    if (at := told_at(metadata.headers)) and (late := clock_off(at, "Microsoft")):
        yield late


def _package(settings: Settings) -> Result:
    """Compare the ids in the package with those of the settings, where one was built here."""
    try:
        with zipfile.ZipFile(PACKAGE) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        ids = {str(bot["botId"]).lower() for bot in manifest["bots"]}
    except FileNotFoundError:
        return fine("Teamsのパッケージ", "ここにはありません。make teams-package で作れます。")
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError):
        return notice("Teamsのパッケージ", f"{PACKAGE} を読み取れません。", "make teams-package で作り直してください。")
    if ids != {str(settings.teams_client_id).lower()}:
        return wrong(
            "Teamsのパッケージ",
            f"{PACKAGE} のボットのIDが、TEAMS_CLIENT_ID と違います。",
            "make teams-package で作り直し、Teams管理センターで更新してください。",
        )
    return fine("Teamsのパッケージ", f"{PACKAGE} のIDは、設定と合っています。")


async def _token(settings: Settings, http: httpx.AsyncClient, scope: str) -> str:
    """Return a token of the app itself. Raises ``_RefusedError``, which knows nothing of secrets."""
    secret = settings.teams_client_secret
    form = {
        "grant_type": "client_credentials",
        "client_id": str(settings.teams_client_id),
        "client_secret": secret.get_secret_value() if secret else "",
        "scope": scope,
    }
    url = f"{settings.teams_login_url}/{settings.teams_tenant_id}/oauth2/v2.0/token"
    response = await _answered(http, "POST", url, data=form)
    answered = _object(response)
    token = answered.get("access_token")
    if response.is_success and isinstance(token, str):
        return token
    raise _refusal(answered)


def _refusal(answered: Mapping[str, Any]) -> _RefusedError:
    codes = answered.get("error_codes")
    numbers = [code for code in codes if isinstance(code, int)] if isinstance(codes, list) else []
    for number in numbers:
        if known := _REFUSALS.get(number):
            return _RefusedError(*known)
    if numbers:
        return _RefusedError(
            f"Microsoft Entra ID が受け付けませんでした（AADSTS{numbers[0]}）。",
            "TEAMS_CLIENT_ID、TEAMS_CLIENT_SECRET、TEAMS_TENANT_ID を確かめてください。",
        )
    return _RefusedError("Microsoft Entra ID の応答として読めません。", _NETWORK)


async def _answered(http: httpx.AsyncClient, method: str, url: str, **arguments: Any) -> httpx.Response:
    """Ask. Raises ``_RefusedError`` where there is no answer at all."""
    try:
        return await http.request(method, url, **arguments)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _RefusedError(f"Microsoftにつながりません（{type(error).__name__}）。", _NETWORK) from None


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        answered = response.json()
    except ValueError:
        return {}
    return answered if isinstance(answered, dict) else {}
