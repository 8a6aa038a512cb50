"""Settings of channels, the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import ChannelSettings
from rules import RulesError
from tests.bot.office import NOW, SUPERVISOR, Office

CHOSEN = ChannelSettings("slack", "T1", "C1", "oizumi", frozenset({"U5", "S7"}), SUPERVISOR, NOW)


async def test_the_last_choice_counts(office: Office) -> None:
    assert await office.desk.channel_settings("slack", "T1", "C1") is None
    await office.desk.set_channel(CHOSEN)
    assert await office.desk.channel_settings("slack", "T1", "C1") == CHOSEN
    changed = replace(CHOSEN, guideline="chiba", supervisors=None, actor="S2", at=NOW + timedelta(hours=1))
    await office.desk.set_channel(changed)
    assert await office.desk.channel_settings("slack", "T1", "C1") == changed


async def test_nobody_is_not_the_same_as_nothing_chosen(office: Office) -> None:
    await office.desk.set_channel(replace(CHOSEN, supervisors=frozenset()))
    chosen = await office.desk.channel_settings("slack", "T1", "C1")
    assert chosen is not None
    assert chosen.supervisors == frozenset()


async def test_channels_are_those_of_one_town(office: Office) -> None:
    others = [replace(CHOSEN, channel="C0"), replace(CHOSEN, team="T2"), replace(CHOSEN, surface="teams")]
    for settings in (CHOSEN, *others):
        await office.desk.set_channel(settings)
    assert await office.desk.channels("slack", "T1") == (others[0], CHOSEN)


async def test_an_unknown_guideline_is_refused(office: Office) -> None:
    with pytest.raises(RulesError):
        await office.desk.set_channel(replace(CHOSEN, guideline="atlantis"))
    assert await office.desk.channel_settings("slack", "T1", "C1") is None
