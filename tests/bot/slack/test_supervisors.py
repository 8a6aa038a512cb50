"""Who decides: named people and groups, what is set for the channel, and what is known while Slack is silent."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import ChannelSettings, Desk, Reviewers
from bot.desk.remit import Remit
from bot.history import History
from bot.slack.client import Slack
from bot.slack.supervisors import FRESH_SECONDS, CannotTell, Supervisors
from bot.slack.transport import web_client
from tests.bot.slack.conftest import OneWord
from tests.doubles.slack import SlackDouble

HERE = ("T1", "C01REV")


class Seconds:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with History.open(f"sqlite+aiosqlite:///{tmp_path / 'history.sqlite3'}") as history:
        yield Desk(history, Reviewers(OneWord), lambda: datetime.now(UTC))


@pytest.fixture
async def supervisors(slack: SlackDouble, desk: Desk, seconds: Seconds) -> AsyncIterator[Supervisors]:
    async with web_client(slack.credentials.bot_token, slack.api_url, logging.getLogger("test.slack")) as web:
        yield Supervisors(Slack(web, seconds), desk, frozenset({"U1", "S1", "S2"}), seconds)


async def test_named_people_and_members_of_named_groups_decide(slack: SlackDouble, supervisors: Supervisors) -> None:
    slack.user_group("S1", "U2")
    slack.user_group("S2", "U3")
    assert [await supervisors.is_supervisor(user, *HERE) for user in ("U1", "U2", "U3", "U4")] == [
        True,
        True,
        True,
        False,
    ]
    assert await supervisors.named(*HERE) == {"U1", "S1", "S2"}


async def test_named_people_need_no_question(slack: SlackDouble, supervisors: Supervisors) -> None:
    assert await supervisors.is_supervisor("U1", *HERE)
    assert slack.calls("usergroups.users.list") == []


async def test_a_group_is_asked_about_again_only_after_a_while(
    slack: SlackDouble, supervisors: Supervisors, seconds: Seconds
) -> None:
    slack.user_group("S1", "U2")
    for _again in range(3):
        assert await supervisors.is_supervisor("U2", *HERE)
    assert len(slack.calls("usergroups.users.list")) == 1
    slack.user_group("S1")
    seconds.now += FRESH_SECONDS
    assert not await supervisors.is_supervisor("U2", *HERE)


async def test_while_slack_is_silent_the_last_answer_holds(
    slack: SlackDouble, supervisors: Supervisors, seconds: Seconds
) -> None:
    slack.user_group("S1", "U2")
    slack.user_group("S2")
    assert await supervisors.is_supervisor("U2", *HERE)
    assert not await supervisors.is_supervisor("U4", *HERE)
    seconds.now += FRESH_SECONDS
    slack.mischief.refuse("usergroups.users.list", "fatal_error", times=99)
    assert await supervisors.is_supervisor("U2", *HERE)
    assert not await supervisors.is_supervisor("U4", *HERE)


async def test_what_was_never_known_is_not_guessed(slack: SlackDouble, supervisors: Supervisors) -> None:
    slack.user_group("S2", "U3")
    slack.mischief.refuse("usergroups.users.list", "missing_scope", times=99, usergroup="S1")
    assert await supervisors.is_supervisor("U3", *HERE)
    with pytest.raises(CannotTell):
        await supervisors.is_supervisor("U4", *HERE)


async def test_a_group_that_is_gone_has_nobody(supervisors: Supervisors) -> None:
    assert not await supervisors.is_supervisor("U4", *HERE)


@pytest.mark.parametrize(("chosen", "decides"), [(frozenset({"U4"}), "U4"), (None, "U1"), (frozenset(), None)])
async def test_what_is_set_for_a_channel_goes_first(
    desk: Desk, supervisors: Supervisors, chosen: frozenset[str] | None, decides: str | None
) -> None:
    await desk.set_channel(ChannelSettings("slack", *HERE, "chiba", chosen, "U1", datetime.now(UTC)))
    assert [user for user in ("U1", "U4") if await supervisors.is_supervisor(user, *HERE)] == (
        [decides] if decides else []
    )
    assert await supervisors.is_supervisor("U1", "T1", "C99OTHER")


async def chosen(desk: Desk, channel: str, *supervisors: str) -> None:
    """Have supervisors chosen for a channel of the town."""
    named = frozenset(supervisors) or None
    await desk.set_channel(ChannelSettings("slack", "T1", channel, "chiba", named, "U1", datetime.now(UTC)))


async def test_who_looks_after_which_drafts(slack: SlackDouble, supervisors: Supervisors, desk: Desk) -> None:
    slack.user_group("S1", "U2")
    slack.user_group("S2")
    slack.user_group("S3", "U6")
    await chosen(desk, "C02REV", "U5", "S3")
    await chosen(desk, "C03REV", "U5")
    await chosen(desk, "C04REV")
    everything, nothing = Remit(everything=True, channels=frozenset()), Remit(everything=False, channels=frozenset())
    assert [await supervisors.remit(user, "T1") for user in ("U1", "U2", "U4")] == [everything, everything, nothing]
    assert await supervisors.remit("U5", "T1") == Remit(everything=False, channels=frozenset({"C02REV", "C03REV"}))
    assert await supervisors.remit("U6", "T1") == Remit(everything=False, channels=frozenset({"C02REV"}))
    assert await supervisors.remit("U5", "T2") == nothing
    assert not nothing
    assert everything.covers("C09REV")
    assert not (await supervisors.remit("U6", "T1")).covers("C03REV")


async def test_who_decides_in_a_channel_name_by_name(slack: SlackDouble, supervisors: Supervisors, desk: Desk) -> None:
    slack.user_group("S1", "U2", "U3")
    slack.user_group("S2", "U3")
    await chosen(desk, "C02REV", "U5")
    assert await supervisors.people("T1", "C01REV") == {"U1", "U2", "U3"}
    assert await supervisors.people("T1", "C02REV") == {"U5"}
    slack.mischief.refuse("usergroups.users.list", "internal_error")
    await chosen(desk, "C03REV", "S9")
    with pytest.raises(CannotTell):
        await supervisors.people("T1", "C03REV")
