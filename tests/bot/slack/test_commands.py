"""Which command is meant, what is a text to check, and who helps those who mistype."""

from __future__ import annotations

import pytest

from bot.desk.commands import meant, mistyped
from bot.slack.commands import COMMAND, help_card
from bot.slack.words import commands as words
from bot.slack.words import thread
from tests.bot.slack.conftest import BAD, CHIEFS, Town
from tests.doubles.slack.blocks import MESSAGE_TEXT, check_message
from tests.doubles.slack.mischief import RESPONSE_URL

SOCKET = pytest.mark.parametrize("mode", ["socket"])


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("help", ("help", "")),
        (" Help ", ("help", "")),
        ("ｈｅｌｐ", ("help", "")),
        ("使い方", ("help", "")),
        ("history", ("history", "")),
        ("history　<@U1> 今月", ("history", "<@U1> 今月")),
        ("履歴 先月", ("history", "先月")),
        ("clause 4(6)①", ("clause", "4(6)①")),
        ("rules", ("rules", "")),
        ("words", ("words", "")),
        ("setup", ("setup", "")),
        ("export 2026-11", ("export", "2026-11")),
    ],
)
def test_commands_are_known_by_their_first_word(written: str, command: tuple[str, str]) -> None:
    assert meant(written) == command


@pytest.mark.parametrize(
    "text", ["お知らせです。", "設定 を変えました", "規則 正しい生活を", "Help wanted at the city library", "wordsmith"]
)
def test_a_text_is_no_command(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("histroy 今月", "history"),
        ("hist", "history"),
        ("rule", "rules"),
        ("claus 4-6-1", "clause"),
        ("exports", "export"),
        ("set up", "setup"),
        ("HELPS", "help"),
    ],
)
def test_mistyped_commands_are_guessed(written: str, command: str) -> None:
    assert mistyped(written) == command


@pytest.mark.parametrize(
    "text",
    [
        "お知らせです。",
        "Word 講座を開きます。",
        "sale 10%",
        "library is closed",
        "https://www.example.jp/",
        "help\nwanted",
        f"words {'あ' * 40}",
        "Wordの使い方",
    ],
)
def test_texts_are_not_taken_for_mistyped_commands(text: str) -> None:
    assert mistyped(text) is None


def test_help_names_every_command_and_fits() -> None:
    card = help_card()
    check_message(list(card.blocks))
    assert len(card.text) <= MESSAGE_TEXT
    for command in ("history", "clause", "rules", "words", "export", "setup", "help"):
        assert f"{COMMAND} {command}" in card.text
    for way in (thread.REVISE, "「修正版：」", thread.DISPUTE, "「連絡：」"):
        assert way in card.text


@SOCKET
async def test_a_mistyped_command_is_asked_about_and_a_text_is_checked(town: Town) -> None:
    guessed = await town.room.command("U1", COMMAND, "histroy").response()
    assert "/sns-check history" in guessed.reading.text
    checked = await town.room.command("U1", COMMAND, f"Helpdeskの{BAD}ぶり").response()
    assert "「無能」" in checked.reading.text


@SOCKET
@pytest.mark.parametrize("text", ["history", "export", "words", "setup"])
async def test_while_slack_does_not_say_who_decides_that_is_said(town: Town, text: str) -> None:
    town.slack.mischief.refuse("usergroups.users.list", "internal_error", usergroup=CHIEFS)
    answered = await town.room.command("U1", COMMAND, text).response()
    assert answered.reading.text == thread.CANNOT_TELL


@SOCKET
@pytest.mark.parametrize("text", ["export", "setup"])
async def test_staff_are_told_kindly_what_supervisors_do(town: Town, text: str) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    answered = await town.room.command("U1", COMMAND, text).response()
    assert answered.reading.text == words.SUPERVISORS_ONLY[text]


@pytest.mark.parametrize("trouble", ["busy", "down", "cut"])
async def test_an_answer_that_slack_has_no_time_for_comes_later(town: Town, trouble: str) -> None:
    match trouble:
        case "busy":
            town.slack.mischief.rate_limit(RESPONSE_URL, times=2, retry_after=1)
        case "down":
            town.slack.mischief.break_down(RESPONSE_URL)
        case "cut":
            town.slack.mischief.cut(RESPONSE_URL)
    answered = await town.room.command("U1", COMMAND, "help").response()
    assert answered.reading.text == help_card().text
