"""Drafts that are older than their review channel."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desk import ChannelSettings, DecisionKind, Place, Refusal, Refused
from tests.bot.slack.conftest import BAD, BOSS, BREAKING, Town

SOCKET = pytest.mark.parametrize("mode", ["socket"])
CHANNEL = "C09TALK"


@SOCKET
@pytest.mark.parametrize("first", [f"{BAD}な対応", f"{BREAKING}する文"], ids=["read", "not read"])
async def test_who_began_a_draft_before_the_review_channel_cannot_approve_it(town: Town, first: str) -> None:
    post = town.slack.channel(CHANNEL).post(BOSS, first)
    await town.slack.delivered()
    team = town.slack.identity.team
    await town.desk.set_channel(ChannelSettings("slack", team, CHANNEL, "chiba", None, BOSS, datetime.now(UTC)))
    reply = post.reply("U1", "修正版：分かりにくい対応")
    answer = await post.answer()
    assert "下書き第2版" in answer.reading.text
    record = await town.record(post)
    assert record is not None
    assert [(each.author, each.revision, each.text) for each in record.versions] == [
        (BOSS, post.ts, first),
        ("U1", reply.ts, "分かりにくい対応"),
    ]
    with pytest.raises(Refused) as refused:
        await town.desk.may_decide(
            Place("slack", team, CHANNEL, post.ts), reply.ts, DecisionKind.APPROVE, BOSS, is_supervisor=True
        )
    assert refused.value.reason is Refusal.OWN_DRAFT
    assert len(post.answers) == 1
