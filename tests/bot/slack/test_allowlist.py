"""``/sns-check words``: the town's words, who allowed them, and who takes them back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desk import Allowance, Place, RulingKind
from bot.desk.remit import Remit
from bot.slack.allowlist import PAGE, REVOKE, words_card
from bot.slack.commands import COMMAND
from bot.slack.words import commands as words
from bot.slack.words import thread as thread_words
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Town
from tests.bot.slack.test_records import HARM
from tests.conftest import Golden
from tests.doubles.slack.blocks import check_message
from tests.doubles.slack.reading import read_message

SOCKET = pytest.mark.parametrize("mode", ["socket"])
EVERYTHING = Remit(everything=True, channels=frozenset())
TITLES = {"insult.ability": "能力をおとしめる言い方"}
NOTHING = Remit(everything=False, channels=frozenset())
AT = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)


def allowance(number: int = 1, phrase: str = "無能", reason: str = "本の題名です。", channel: str = "C1") -> Allowance:
    origin = Place("slack", "T1", channel, "1.000001")
    return Allowance(number, "slack", "T1", "insult.ability", phrase, "U8BOSS", AT, reason, None, origin)


def test_the_list_looks_as_it_did(golden: Golden) -> None:
    card = words_card([allowance(1), allowance(2, "愚策", "")], 0, EVERYTHING, TITLES, words.REVOKED)
    check_message(list(card.blocks))
    golden("words", {"text": card.text, "blocks": list(card.blocks)})


def test_only_those_who_look_after_the_channel_can_take_back() -> None:
    one = Remit(everything=False, channels=frozenset({"C1"}))
    entries = [allowance(1, channel="C1"), allowance(2, channel="C2")]
    for remit, expected in ((EVERYTHING, 2), (one, 1), (NOTHING, 0)):
        assert str(words_card(entries, 0, remit, TITLES).blocks).count(REVOKE) == expected


def test_many_long_and_harmful_words_harm_nobody_and_fit() -> None:
    entries = [allowance(number, HARM * 100, HARM * 100) for number in range(PAGE * 3)]
    for page in range(3):
        card = words_card(entries, page, EVERYTHING, TITLES, words.REVOKED)
        check_message(list(card.blocks))
        reading = read_message({"text": card.text, "blocks": list(card.blocks)})
        assert reading.links == ()
        assert set(reading.mentions) == {"@U8BOSS"}


# ── in a running town ────────────────────────────────────────────────────────────────────────────────────────────────


async def allowed(town: Town) -> None:
    """Have a supervisor allow the word for the town."""
    post = town.room.post("U1", f"{BAD}という題の本")
    await post.answer()
    place = Place("slack", town.slack.identity.team, "C01REV", post.ts)
    raised, _answer = await town.desk.dispute(place, post.ts, 0, "U1", "本の題名です。")
    await town.desk.rule(raised.id, RulingKind.FOR_TOWN, BOSS, "", is_supervisor=True)


async def test_words_are_listed_and_taken_back(town: Town) -> None:
    await allowed(town)
    shown = await town.room.command(BOSS, COMMAND, "words").response()
    assert "「無能」　insult.ability" in shown.reading.text
    assert f"@{BOSS}{words.ALLOWED_BY}" in shown.reading.text
    assert "本の題名です。" in shown.reading.text
    shown.click(REVOKE)
    await shown.shows(words.REVOKED)
    assert words.NO_WORDS in shown.reading.text
    assert "「無能」" in (await town.room.command("U1", COMMAND, f"{BAD}だ").response()).reading.text


@SOCKET
async def test_of_two_who_take_back_the_second_is_told(town: Town) -> None:
    await allowed(town)
    shown = [await town.room.command(BOSS, COMMAND, "words").response() for _twice in range(2)]
    shown[0].click(REVOKE)
    await shown[0].shows(words.REVOKED)
    shown[1].click(REVOKE)
    await shown[1].shows(words.REVOKED_BEFORE)


@SOCKET
async def test_staff_see_the_words_without_a_button(town: Town) -> None:
    town.slack.user_group(CHIEFS)
    await allowed(town)
    shown = await town.room.command("U1", COMMAND, "words").response()
    assert "「無能」" in shown.reading.text
    assert words.REVOKE not in shown.reading.text


@SOCKET
async def test_who_is_no_supervisor_any_more_is_told_and_nothing_changes(town: Town) -> None:
    town.slack.user_group(CHIEFS, "U7CHIEF")
    await allowed(town)
    shown = await town.room.command("U7CHIEF", COMMAND, "words").response()
    town.slack.user_group(CHIEFS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.slack.supervisors.FRESH_SECONDS", -1.0)
        shown.click(REVOKE)
        await shown.shows(words.SUPERVISORS_ONLY["revoke"])
    team = town.slack.identity.team
    assert len(await town.desk.allowances("slack", team)) == 1


@SOCKET
async def test_words_taken_back_can_be_disputed_again_and_no_ruling_is_made_up(town: Town) -> None:
    await allowed(town)
    (granted,) = await town.desk.allowances("slack", town.slack.identity.team)
    await town.desk.revoke(granted.id, BOSS, is_supervisor=True)
    post = town.slack.post("C01REV", granted.origin.thread)
    post.edit(f"{BAD}という題の新しい本")
    answer = await post.answer(2)
    assert "「無能」" in answer.reading.text
    assert thread_words.DISPUTE_DECLINED not in answer.reading.text
    assert thread_words.DISPUTE in str(answer.body["blocks"])
