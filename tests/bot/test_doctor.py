"""The doctor against a Slack that is well, misconfigured, broken or not there at all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from bot import doctor
from bot.doctor import Mark, Result
from bot.doctor.results import clock_off
from bot.history import ChannelSettings, History
from bot.settings import Settings
from bot.slack.manifest import BOT_SCOPES
from tests.doubles.slack import Credentials, SlackDouble

MANIFESTS = Path(__file__).parents[2] / "deploy" / "slack"


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with SlackDouble(credentials=Credentials(scopes=BOT_SCOPES)) as double:
        yield double


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any settings but a folder for the records, and without proxies."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("API_URL", "REVIEW_CHANNELS", "GUIDELINE", "DATABASE_URL", "SUPERVISORS", "HOST", "METRICS"):
        monkeypatch.delenv(f"SNS_CHECK_{name}", raising=False)
        monkeypatch.delenv(f"SNS_CHECK_SLACK_{name}", raising=False)
    monkeypatch.setenv("SNS_CHECK_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def installed(slack: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> SlackDouble:
    """The app installed for Socket Mode, with one review channel that the bot is in."""
    slack.channel("C01REV", "sns-review")
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.credentials.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", slack.credentials.app_token)
    monkeypatch.setenv("SNS_CHECK_SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("SNS_CHECK_REVIEW_CHANNELS", "C01REV")
    monkeypatch.setenv("SNS_CHECK_SUPERVISORS", "U8BOSS")
    return slack


async def results() -> list[Result]:
    return [result async for result in doctor.examine()]


async def about(subject: str) -> Result:
    """The one result about this."""
    found = [result for result in await results() if result.subject == subject]
    assert len(found) == 1, found
    return found[0]


def wrong(found: list[Result]) -> list[str]:
    return [result.subject for result in found if result.mark is Mark.WRONG]


async def test_a_well_installed_bot(installed: SlackDouble) -> None:
    found = await results()
    assert wrong(found) == []
    by_subject = {result.subject: result for result in found}
    assert list(by_subject) == [
        "辞書",
        "規則",
        "ガイドライン",
        "設定",
        "データベース",
        "公開範囲",
        "ボットトークン",
        "ワークスペース",
        "権限",
        "チャンネル C01REV",
        "ソケットモード",
    ]
    assert by_subject["チャンネル C01REV"].sentence == "#sns-review に参加しています。"
    assert [call.method for call in installed.calls()] == ["auth.test", "conversations.info", "apps.connections.open"]


async def test_without_slack_there_is_nothing_wrong() -> None:
    found = await results()
    assert wrong(found) == []
    assert found[-1].subject == "つなぎ先"


async def test_who_reaches_the_port_and_the_figures_is_told(
    installed: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed.base_url
    result = await about("公開範囲")
    assert result.mark is Mark.FINE
    assert "組織内のネットワークにだけ答えます" in result.sentence
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    monkeypatch.setenv("SNS_CHECK_HOST", "0.0.0.0")  # noqa: S104 - as in a container
    monkeypatch.setenv("SNS_CHECK_METRICS", "false")
    monkeypatch.setenv("SNS_CHECK_LOG_FORMAT", "json")
    result = await about("公開範囲")
    assert result.mark is Mark.NOTICE
    assert "止めてあります。ログはJSONです。" in result.sentence
    assert "/slack/events だけ" in result.remedy


async def test_the_workspace_that_is_served_is_named(installed: SlackDouble) -> None:
    assert installed.identity.team in (await about("ワークスペース")).sentence


@pytest.mark.parametrize(("seconds", "mark"), [(0, None), (50, None), (-90, Mark.NOTICE), (400, Mark.WRONG)])
def test_a_clock_that_is_off_is_told(seconds: int, mark: Mark | None) -> None:
    result = clock_off(datetime.now(UTC) + timedelta(seconds=seconds), "Slack")
    assert (result.mark if result else None) is mark


@pytest.mark.parametrize("name", ["manifest.yaml", "manifest-http.yaml"])
def test_it_asks_for_the_scopes_that_the_manifest_grants(name: str) -> None:
    manifest = yaml.safe_load((MANIFESTS / name).read_text(encoding="utf-8"))
    assert frozenset(manifest["oauth_config"]["scopes"]["bot"]) == BOT_SCOPES


async def test_missing_scopes_are_named(installed: SlackDouble) -> None:
    installed.credentials.scopes = BOT_SCOPES - {"files:read", "chat:write"}
    result = await about("権限")
    assert result.mark is Mark.WRONG
    assert "：chat:write、files:read" in result.sentence
    assert "deploy/slack/manifest.yaml" in result.remedy


async def test_channels_that_cannot_be_used(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.channel("C02OUT", "outside", member=False)
    installed.channel("C03OLD", "old")
    installed.workspace.channels["C03OLD"].archived = True
    monkeypatch.setenv("SNS_CHECK_REVIEW_CHANNELS", "C01REV,C02OUT,C03OLD,C09NONE")
    found = {result.subject: result for result in await results()}
    assert found["チャンネル C01REV"].mark is Mark.FINE
    assert found["チャンネル C02OUT"].sentence == "ボットが参加していません。"
    assert found["チャンネル C03OLD"].sentence == "アーカイブされています。"
    assert "/invite" in found["チャンネル C02OUT"].remedy
    assert found["チャンネル C09NONE"].sentence == "チャンネルが見つからないか、ボットから見えません。"


async def test_channels_that_were_set_up_in_slack_are_looked_at_too(installed: SlackDouble) -> None:
    installed.channel("C02OUT", "outside", member=False)
    assert await results()  # makes the database
    async with History.open(Settings.load().database_url.get_secret_value()) as history:
        for channel in ("C01REV", "C02OUT"):
            settings = ChannelSettings(
                "slack", installed.identity.team, channel, "chiba", None, "U8BOSS", datetime.now(UTC)
            )
            await history.channels.set(settings)
    found = [result for result in await results() if result.subject.startswith("チャンネル")]
    assert [(result.subject, result.mark) for result in found] == [
        ("チャンネル C01REV", Mark.FINE),
        ("チャンネル C02OUT", Mark.WRONG),
    ]


async def test_no_supervisor_is_worth_a_word(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNS_CHECK_SUPERVISORS")
    assert installed.api_url
    assert (await about("監督者")).mark is Mark.NOTICE


async def test_no_channel_is_worth_a_word(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNS_CHECK_REVIEW_CHANNELS")
    assert installed.api_url
    assert (await about("チャンネル")).mark is Mark.NOTICE


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("invalid_auth", "トークンが正しくありません。"),
        ("token_revoked", "トークンが取り消されています。"),
        ("account_inactive", "アプリがこのワークスペースから外されています。"),
        ("something_new", "Slackが受け付けませんでした（something_new）。"),
    ],
)
async def test_a_refused_token(installed: SlackDouble, refusal: str, sentence: str) -> None:
    installed.mischief.refuse("auth.test", refusal)
    found = await results()
    assert wrong(found) == ["ボットトークン"]
    assert sentence in [result.sentence for result in found]
    assert "ソケットモード" in [result.subject for result in found], "the app token is checked all the same"


async def test_an_app_token_of_another_app(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-somebody-elses")
    assert installed.api_url
    result = await about("ソケットモード")
    assert (result.mark, result.sentence) == (Mark.WRONG, "トークンが正しくありません。")


async def test_the_socket_is_not_entered(installed: SlackDouble) -> None:
    assert (await about("ソケットモード")).mark is Mark.FINE
    assert installed.socket_mode.connections == []


async def test_rate_limits_and_broken_answers_are_said(installed: SlackDouble) -> None:
    installed.mischief.rate_limit("auth.test")
    assert (await about("ボットトークン")).sentence == "Slackが混み合っています。"
    installed.mischief.break_down("auth.test")
    assert (await about("ボットトークン")).mark is Mark.WRONG
    installed.mischief.cut("auth.test")
    assert (await about("ボットトークン")).sentence.startswith("Slackにつながりません（")


async def test_an_address_where_nobody_listens(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.api_url
    monkeypatch.setenv("SNS_CHECK_SLACK_API_URL", "http://127.0.0.1:1/api/")
    found = await results()
    assert wrong(found) == ["ボットトークン", "ソケットモード"]
    assert all("SNS_CHECK_SLACK_API_URL" in result.remedy for result in found if result.mark is Mark.WRONG)


async def test_a_proxy_that_is_not_there(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.api_url
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert (await about("ボットトークン")).sentence.startswith("Slackにつながりません（")


async def test_a_page_that_is_not_slack(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    async def login_page(_: web.Request) -> web.Response:
        return web.Response(text="<html>ログイン</html>", content_type="text/html")

    assert installed.api_url
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", login_page)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        monkeypatch.setenv("SNS_CHECK_SLACK_API_URL", f"http://127.0.0.1:{runner.addresses[0][1]}/")
        assert (await about("ボットトークン")).sentence == "SlackのAPIとして読めない応答が返りました。"
    finally:
        await runner.cleanup()


async def test_tokens_are_never_said(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.api_url
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hidden-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-hidden-2")
    found = await results()
    assert wrong(found) == ["ボットトークン", "ソケットモード"]
    assert "hidden" not in repr(found)


async def test_http_needs_a_secret_of_slacks_shape(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.api_url
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef" * 2)
    assert (await about("署名シークレット")).mark is Mark.FINE
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "秘密")
    assert (await about("署名シークレット")).mark is Mark.NOTICE


async def test_settings_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-mixed-up")
    result = await about("設定")
    assert result.mark is Mark.WRONG
    assert "SLACK_BOT_TOKEN" in result.sentence
    assert "mixed-up" not in result.sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SNS_CHECK_RETENSION_DAYS", "SNS_CHECK_RETENTION_DAYS の書き間違いではありませんか。"),
        ("SNS_CHECK_SUPERVISOR", "SNS_CHECK_SUPERVISORS の書き間違いではありませんか。"),
        ("SNS_CHECK_DATABASE_URL_FIEL", "SNS_CHECK_DATABASE_URL_FILE の書き間違いではありませんか。"),
        ("SNS_CHECK_COLOUR", "何にも使っていません。"),
    ],
)
async def test_a_setting_that_nothing_reads_is_told(monkeypatch: pytest.MonkeyPatch, name: str, sentence: str) -> None:
    monkeypatch.setenv(name, "秘密の値")
    (told,) = [result for result in await results() if name in result.sentence]
    assert (told.mark, told.sentence) == (Mark.NOTICE, f"{name} という設定はありません。{sentence}")


async def test_settings_and_their_files_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "days").write_text("365")
    monkeypatch.setenv("SNS_CHECK_RETENTION_DAYS_FILE", str(tmp_path / "days"))
    monkeypatch.setenv("SNS_CHECK_REMIND_AFTER", "3")
    assert [result.mark for result in await results() if result.subject == "設定"] == [Mark.FINE]


async def test_an_unknown_guideline_for_a_channel(installed: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.api_url
    monkeypatch.setenv("SNS_CHECK_REVIEW_CHANNELS", "C01REV=kyoto")
    found = await results()
    assert wrong(found) == ["ガイドライン"]
    assert any("ガイドライン「kyoto」はありません。" in result.sentence for result in found)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sns:open-sesame@127.0.0.1:1/sns",
        "sqlite:////proc/nowhere/sns.sqlite3",
        "sqlite:////dev/null/sns.sqlite3",
    ],
)
async def test_a_database_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SNS_CHECK_DATABASE_URL", url)
    result = await about("データベース")
    assert result.mark is Mark.WRONG
    assert "SNS_CHECK_DATABASE_URL" in result.remedy
    assert "open-sesame" not in repr(result)


async def test_a_file_that_is_no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("これはデータベースではありません。" * 100, encoding="utf-8")
    monkeypatch.setenv("SNS_CHECK_DATABASE_URL", f"sqlite:///{tmp_path / 'notes.txt'}")
    assert (await about("データベース")).mark is Mark.WRONG
