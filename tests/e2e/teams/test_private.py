"""The message action and the chat with the bot: seen by one person alone, and nothing of it kept."""

from __future__ import annotations

import io

import pytest
from docx import Document

from tests.doubles.teams import Room, TeamsDouble
from tests.e2e import drafts
from tests.e2e.teams.service import TeamsService, html

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMAND = "snsCheck"
"""As in ``deploy/teams/manifest.json``."""


async def test_the_message_action_reads_any_message(teams: TeamsDouble, service: TeamsService) -> None:
    assert service.running
    message = teams.channel("19:chat@thread.tacv2").post(teams.person("佐藤"), drafts.INSULT)
    shown = await teams.message_action(teams.person("鈴木"), message, COMMAND)
    assert drafts.INSULT_LABEL in shown.reading.visible
    await service.settled()
    assert message.answers == []


@pytest.mark.parametrize("text", [drafts.INSULT, f"sns-check {drafts.INSULT}", f"sns-check　{drafts.INSULT}"])
async def test_a_text_in_the_chat_is_checked(teams: TeamsDouble, service: TeamsService, text: str) -> None:
    assert service.running
    chat = teams.chat(teams.person(f"佐藤{len(text)}{text[:3]}"))
    chat.say(text)
    answer = await chat.answer()
    assert drafts.INSULT_LABEL in answer.reading.visible
    assert answer.reading.links == ()


@pytest.mark.parametrize("text", ["help", "sns-check help", "使い方", "sns-check"])
async def test_the_chat_explains_itself(teams: TeamsDouble, service: TeamsService, text: str) -> None:
    assert service.running
    chat = teams.chat(teams.person(f"高橋{text}"))
    chat.say(text)
    assert "使い方" in (await chat.answer()).reading.text


async def test_files_in_the_chat_are_read(teams: TeamsDouble, service: TeamsService) -> None:
    assert service.running
    chat = teams.chat(teams.person("伊藤"))
    chat.send_file("下書き.txt", drafts.INSULT.encode("cp932"))
    assert drafts.INSULT_QUOTE in (await chat.answer()).reading.text
    content, document = io.BytesIO(), Document()
    document.add_paragraph(drafts.INSULT)
    document.save(content)
    chat.send_file("下書き.docx", content.getvalue())
    assert drafts.INSULT_QUOTE in (await chat.answer(2)).reading.text


async def test_the_history_is_shown_to_who_may_see_it_and_exported(
    teams: TeamsDouble, service: TeamsService, review: Room
) -> None:
    author = teams.person("渡辺")
    await review.post(author, html(f"りれきまめ。{drafts.CLEAN}")).answer()
    await service.settled()
    own, other, boss = (teams.chat(person) for person in (author, teams.person("山本"), service.boss))
    own.say("履歴")
    assert "1" in (await own.answer()).reading.text
    other.say("履歴")
    assert "りれきまめ" not in (await other.answer()).reading.text
    other.say("書き出し")
    assert "監督者だけ" in (await other.answer(2)).reading.text
    boss.say("sns-check history 判断待ち")
    assert author.name in (await boss.answer()).reading.text
    boss.say("書き出し")
    offer = await boss.answer(2)
    pressed, name = await boss.consent(offer)
    assert pressed.status == 200
    content = await teams.until(lambda: teams.uploads.get(name), 60, "the file")
    assert "りれきまめ" in content.decode("utf-8-sig")


async def test_nothing_of_a_private_check_is_kept(teams: TeamsDouble, service: TeamsService, review: Room) -> None:
    person = teams.person("小林")
    chat = teams.chat(person)
    chat.say(f"ないしょまめ。{drafts.INSULT}")
    await chat.answer()
    message = teams.channel("19:chat@thread.tacv2").post(person, html(f"ないしょまめ。{drafts.INSULT}"))
    await teams.message_action(person, message, COMMAND)
    await review.post(person, html(f"みんなまめ。{drafts.CLEAN}")).answer()
    await service.settled()
    assert service.keeps("みんなまめ")
    assert not service.keeps("ないしょまめ")
