"""``/sns-check setup``: what supervisors choose for a channel holds at once."""

from __future__ import annotations

import pytest

from bot.slack.commands import COMMAND
from bot.slack.setup import CHANNEL, GUIDELINE, SUPERVISORS, setup_form
from bot.slack.words import commands as words
from rules.guideline import Guideline
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Town
from tests.conftest import Golden
from tests.doubles.slack import Room, Screen
from tests.doubles.slack.blocks import check_view

SOCKET = pytest.mark.parametrize("mode", ["socket"])
GUIDELINES = {name: Guideline.load(name) for name in ("chiba", "oizumi")}


def test_the_form_looks_as_it_did(golden: Golden) -> None:
    for name, view in {
        "setup": setup_form("C1", "oizumi", {"U3", "U2"}, GUIDELINES),
        "setup anew": setup_form("D1", "chiba", (), GUIDELINES),
    }.items():
        check_view(view)
        golden(f"form {name}", view)


async def opened(town: Town, room: Room, user: str = BOSS) -> Screen:
    room.command(user, COMMAND, "setup")
    return await town.slack.modal(user)


async def test_a_channel_becomes_a_review_channel_with_its_own_guideline_and_supervisors(town: Town) -> None:
    room = town.slack.channel("C77NEW")
    form = await opened(town, room)
    await form.submit({GUIDELINE: "oizumi", SUPERVISORS: ["U5"]})
    reading = await form.shows(words.SETUP_DONE)
    assert "大泉町" in reading.text
    assert words.SETUP_INVITE not in reading.text
    assert reading.mentions == ("#C77NEW", "@U5")
    answer = await room.post("U1", f"{BAD}な対応").answer()
    assert "oizumiの手引き" in answer.reading.text
    answer.click("U5", "sns_check_decide_approve")
    assert await town.slack.modal("U5")


@SOCKET
async def test_what_was_chosen_is_filled_in_again_and_can_be_cleared(town: Town) -> None:
    form = await opened(town, town.room)
    await form.submit({SUPERVISORS: ["U5"]})
    await form.shows(words.SETUP_DONE)
    form.close()
    again = await opened(town, town.room)
    assert "U5" in str(again.view["blocks"])
    await again.submit({SUPERVISORS: []})
    assert words.SETUP_BY_DEFAULT in (await again.shows(words.SETUP_DONE)).text
    stored = await town.desk.channel_settings("slack", town.slack.identity.team, "C01REV")
    assert stored is not None
    assert (stored.supervisors, stored.actor) == (None, BOSS)


@SOCKET
async def test_who_changes_one_thing_leaves_the_guideline_that_the_environment_names(town: Town) -> None:
    form = await opened(town, town.slack.channel("C02REV"))
    await form.submit({SUPERVISORS: ["U5"]})
    assert "大泉町" in (await form.shows(words.SETUP_DONE)).text


@SOCKET
async def test_a_supervisor_of_one_channel_cannot_set_another(town: Town) -> None:
    town.slack.user_group(CHIEFS)
    form = await opened(town, town.room)
    await form.submit({SUPERVISORS: ["U5"]})
    own = await opened(town, town.room, "U5")
    await own.submit({CHANNEL: "C02REV", SUPERVISORS: ["U5"]})
    assert own.modal.errors == {CHANNEL: words.SETUP_NOT_YOURS}
    assert await town.desk.channel_settings("slack", town.slack.identity.team, "C02REV") is None
    await own.submit({CHANNEL: "C01REV", SUPERVISORS: []})
    await own.shows(words.SETUP_DONE)


@SOCKET
async def test_a_bot_that_is_not_there_yet_asks_to_be_invited(town: Town) -> None:
    room = town.slack.channel("C77NEW", member=False)
    form = await opened(town, room)
    await form.submit({})
    await form.shows(words.SETUP_INVITE)


@SOCKET
async def test_a_form_that_does_not_open_is_said(town: Town) -> None:
    town.slack.mischief.refuse("views.open", "expired_trigger_id")
    answered = await town.room.command(BOSS, COMMAND, "setup").response()
    assert "もう一度押してください" in answered.reading.text
