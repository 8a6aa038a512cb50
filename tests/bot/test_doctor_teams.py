"""The doctor against a Microsoft 365 that is well, misconfigured, broken or not there at all."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import doctor
from bot.doctor import Mark, Result
from bot.doctor.teams import teams as of_teams
from bot.settings import Settings
from tests.doubles.teams import TeamsDouble

CHANNEL = "19:review@thread.tacv2"
BOSS = "7a1b2c3d-0000-4000-8000-000000000001"


@pytest.fixture
async def teams(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[TeamsDouble]:
    """A tenant with the app in it, and settings for one channel that is given by its link."""
    for name in [name for name in os.environ if name.startswith(("SLACK_", "SNS_CHECK_", "TEAMS_"))]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    async with TeamsDouble() as double:
        group = double.channel(CHANNEL).conversation.group
        link = f"https://teams.microsoft.com/l/channel/{quote(CHANNEL, safe='')}/x?groupId={group}&tenantId=y"
        settings = {"SNS_CHECK_TEAMS_CHANNELS": link, "SNS_CHECK_SUPERVISORS": BOSS}
        for name, value in {**double.settings, **settings, "SNS_CHECK_DATA_DIR": str(tmp_path)}.items():
            monkeypatch.setenv(name, value)
        yield double


async def results() -> list[Result]:
    """What is found about Teams."""
    return [result async for result in of_teams(Settings.load())]


async def about(subject: str) -> Result:
    """The one result about this."""
    found = [result for result in await results() if result.subject == subject]
    assert len(found) == 1, found
    return found[0]


async def test_a_well_installed_bot(teams: TeamsDouble) -> None:
    assert teams.registration
    found = {result.subject: result.mark async for result in doctor.examine()}
    about_teams = ["Teamsのアプリ", "テナント", f"チャンネル {CHANNEL}", "署名の鍵", "Teamsのパッケージ"]
    assert list(found)[-5:] == about_teams
    assert set(found.values()) == {Mark.FINE}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TEAMS_CLIENT_SECRET", "another", "クライアントシークレットが正しくありません。"),
        ("TEAMS_CLIENT_ID", BOSS, "このテナントに、TEAMS_CLIENT_ID のアプリがありません。"),
        ("TEAMS_TENANT_ID", BOSS, "TEAMS_TENANT_ID のテナントがありません。"),
    ],
)
async def test_an_app_that_entra_refuses(
    teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    result = await about("Teamsのアプリ")
    assert (result.mark, result.sentence) == (Mark.WRONG, sentence)
    assert result.remedy
    assert teams.registration.client_secret not in repr(await results())


async def test_reading_that_is_not_allowed_is_told(teams: TeamsDouble) -> None:
    teams.permitted = False
    result = await about(f"チャンネル {CHANNEL}")
    assert result.mark is Mark.NOTICE
    assert "@SNSチェック" in result.remedy


async def test_a_channel_of_another_team_and_one_without_a_team(
    teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = os.environ["SNS_CHECK_TEAMS_CHANNELS"].replace(teams.channel(CHANNEL).conversation.group, BOSS)
    monkeypatch.setenv("SNS_CHECK_TEAMS_CHANNELS", f"{written},19:b@thread.tacv2")
    assert (await about(f"チャンネル {CHANNEL}")).mark is Mark.WRONG
    assert (await about("チャンネル 19:b@thread.tacv2")).mark is Mark.NOTICE


async def test_no_channel_and_no_supervisor(teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert teams.registration
    monkeypatch.setenv("SNS_CHECK_TEAMS_CHANNELS", "")
    monkeypatch.setenv("SNS_CHECK_SUPERVISORS", "U012AB3CD")
    marks = {result.subject: result.mark for result in await results()}
    assert (marks["Teamsのチャンネル"], marks["Teamsの監督者"]) == (Mark.NOTICE, Mark.NOTICE)


async def test_what_does_not_answer_or_is_not_microsoft(teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    teams.mischief.cut("token")
    assert (await about("Teamsのアプリ")).sentence.startswith("Microsoftにつながりません（")
    teams.mischief.break_down("keys")
    assert (await about("署名の鍵")).mark is Mark.WRONG
    teams.mischief.break_down("messages")
    assert (await about(f"チャンネル {CHANNEL}")).mark is Mark.NOTICE
    monkeypatch.setenv("SNS_CHECK_TEAMS_OPENID_URL", f"{teams.base_url}/nowhere")
    assert (await about("署名の鍵")).mark is Mark.WRONG


@pytest.mark.parametrize(
    ("bot_id", "mark"),
    [("0F4A3C1E-5B7D-4A92-8C63-1D2E3F405162", Mark.FINE), (BOSS, Mark.WRONG), (None, Mark.NOTICE)],
)
async def test_a_package_is_compared(teams: TeamsDouble, tmp_path: Path, bot_id: str | None, mark: Mark) -> None:
    assert teams.registration
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist" / "sns-check-teams.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"bots": [{"botId": bot_id}] if bot_id else None}))
    assert (await about("Teamsのパッケージ")).mark is mark


async def test_an_open_door_is_told(teams: TeamsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    assert teams.registration
    monkeypatch.setenv("SNS_CHECK_HOST", "0.0.0.0")  # noqa: S104 - what is told is about it
    (told,) = [result async for result in doctor.examine() if result.subject == "公開範囲"]
    assert "/api/messages" in told.remedy
    for name in teams.settings:
        if name.startswith("TEAMS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SNS_CHECK_TEAMS_ANONYMOUS", "true")
    assert (await about("Teams")).mark is Mark.WRONG
    monkeypatch.setenv("SNS_CHECK_HOST", "127.0.0.1")
    assert (await about("Teams")).mark is Mark.NOTICE
