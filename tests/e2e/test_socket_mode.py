"""What only Socket Mode has: connections that come and go."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Mode

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "socket"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_asks_the_service_to_connect_anew(
    slack: SlackDouble, review: Room, reason: Literal["warning", "refresh_requested"]
) -> None:
    opened = slack.socket_mode.opened
    await slack.socket_mode.disconnect(reason)
    await slack.until(lambda: slack.socket_mode.opened > opened)
    assert drafts.CALM in (await review.post("U1", drafts.CLEAN).answer()).reading.text


async def test_what_was_on_the_way_when_the_connection_broke_is_answered_later(
    slack: SlackDouble, review: Room
) -> None:
    opened = slack.socket_mode.opened
    slack.socket_mode.half_open()
    post = review.post("U1", drafts.CLEAN)
    await slack.socket_mode.drop()
    await slack.until(lambda: slack.socket_mode.opened > opened, within=30)
    slack.clock.advance(60)
    assert drafts.CALM in (await post.answer()).reading.text
