"""The manifests: what the town hall installs is what the code answers to, and enough for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.desk import DecisionKind
from bot.slack.cards import DECIDE, DISPUTE, REVISE
from bot.slack.commands import COMMAND
from bot.slack.edge import EVENTS_PATH
from bot.slack.forms import COMMENT, TEXT
from bot.slack.manifest import BOT_SCOPES
from bot.slack.private import SHORTCUT
from bot.slack.words.commands import HOME_SUPERVISOR, SETUP_DONE, WELCOME
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Town
from tests.doubles.slack import Credentials, SlackDouble

FOLDER = Path(__file__).parents[3] / "deploy" / "slack"
ADDRESS = f"https://sns-check.example.jp{EVENTS_PATH}"


def manifest(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


SOCKET = manifest("manifest.yaml")
HTTP = manifest("manifest-http.yaml")


def test_both_are_the_same_app_but_for_the_transport() -> None:
    expected = manifest("manifest.yaml")
    expected["settings"]["socket_mode_enabled"] = False
    expected["settings"]["event_subscriptions"]["request_url"] = ADDRESS
    expected["settings"]["interactivity"]["request_url"] = ADDRESS
    expected["features"]["slash_commands"][0]["url"] = ADDRESS
    assert expected == HTTP
    assert SOCKET["settings"]["socket_mode_enabled"] is True


def test_they_name_what_the_code_answers_to() -> None:
    assert [command["command"] for command in SOCKET["features"]["slash_commands"]] == [COMMAND]
    assert [(s["type"], s["callback_id"]) for s in SOCKET["features"]["shortcuts"]] == [("message", SHORTCUT)]
    assert SOCKET["settings"]["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "member_joined_channel",
        "message.channels",
        "message.groups",
    ]
    assert SOCKET["features"]["app_home"]["home_tab_enabled"] is True
    assert set(SOCKET["oauth_config"]["scopes"]["bot"]) == BOT_SCOPES
    assert SOCKET["settings"]["interactivity"]["is_enabled"] is True


def test_they_keep_slacks_limits() -> None:
    display, features = SOCKET["display_information"], SOCKET["features"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["slash_commands"][0]["description"]) <= 2000
    assert len(features["shortcuts"][0]["name"]) <= 24
    assert len(features["shortcuts"][0]["description"]) <= 150


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    """A workspace that grants what the manifest asks for, and nothing else."""
    scopes = frozenset(SOCKET["oauth_config"]["scopes"]["bot"])
    async with SlackDouble(credentials=Credentials(scopes=scopes)) as double:
        yield double


@pytest.mark.parametrize("mode", ["socket"])
async def test_the_scopes_are_enough(town: Town) -> None:
    post = town.room.snippet("U1", BAD)
    assert "「無能」" in (await post.answer()).reading.text
    post.shortcut("U1", SHORTCUT)
    await (await town.slack.modal("U1")).shows("発信禁止")
    await town.room.command("U1", COMMAND, "お知らせ").response()
    town.slack.user_group(CHIEFS, "U7CHIEF")
    post.answers[0].click("U7CHIEF", DECIDE[DecisionKind.RETURN])
    await (await town.slack.modal("U7CHIEF")).submit({COMMENT: "直してください"})
    await town.slack.until(lambda: post.reactions == {"repeat"})
    post.answers[0].click("U7CHIEF", REVISE)
    await (await town.slack.modal("U7CHIEF")).submit({TEXT: "お知らせ"})
    await post.answer(4)
    post.answers[0].click("U5", DISPUTE)
    await town.slack.until(lambda: town.slack.whispers("U5"))
    await beside_the_thread(town)
    # A channel that nobody has made yet is looked into as well, which is no matter of scopes.
    refusals = {str(call.response["error"]) for call in town.slack.calls() if call.response and not call.response["ok"]}
    assert refusals <= {"channel_not_found"}


async def beside_the_thread(town: Town) -> None:
    """Use everything that is not done in a draft's thread."""
    town.slack.user(BOSS)
    town.room.join(town.slack.identity.bot_user)
    town.slack.open_home(BOSS)
    await town.slack.home_shows(BOSS, HOME_SUPERVISOR)
    for command in ("history", "words", "rules", "clause 4(6)①", "help", "export"):
        await town.room.command(BOSS, COMMAND, command).response()
    await town.slack.until(lambda: town.slack.direct(BOSS).messages)
    town.room.command(BOSS, COMMAND, "setup")
    form = await town.slack.modal(BOSS)
    await form.submit({})
    await form.shows(SETUP_DONE)
    await town.slack.until(lambda: any(WELCOME[0] in post.reading.text for post in town.room.bot_messages))
