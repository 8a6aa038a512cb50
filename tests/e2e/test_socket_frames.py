"""What comes over the socket: frames of any kind are survived, and the connection with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARK = "ないしょのことば"
FUZZ = examples(
    max_examples=150,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VALUES = st.recursive(
    st.sampled_from([None, True, 0, -1, 1e300, "", MARK, "\0", "\ud800", "{", "9" * 5_000]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "event", "team", "team_id", "user", "actions", "view"]), inner)
    ),
    max_leaves=8,
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["events_api", "interactive", "slash_commands", "hello", "unheard", "", None, 7]),
        "envelope_id": st.sampled_from(["e-1", "", None, 7, {}]),
        "payload": VALUES
        | st.fixed_dictionaries({"type": st.sampled_from(["event_callback", "block_actions"]), "event": VALUES}),
        "accepts_response_payload": st.sampled_from([True, None, "x"]),
        "retry_attempt": VALUES,
    },
)
FRAMES = st.one_of(
    ENVELOPES.map(json.dumps),
    VALUES.map(json.dumps),
    st.text(st.characters(codec="utf-8"), max_size=50),
    st.integers(10, 50_000).map(lambda depth: '{"a":' * depth),
    st.binary(max_size=50),
)


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "socket"


async def send(slack: SlackDouble, frame: str | bytes) -> None:
    socket = slack.socket_mode.connections[0].socket
    await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))


@FUZZ
@given(frame=FRAMES)
@pytest.mark.usefixtures("service")
async def test_any_frame_is_survived(slack: SlackDouble, frame: str | bytes) -> None:
    await send(slack, frame)
    assert len(slack.socket_mode.connections) == 1


async def test_the_same_connection_works_as_before(slack: SlackDouble, service: Service, review: Room) -> None:
    opened = slack.socket_mode.opened
    envelope: dict[str, Any] = {"type": "events_api", "envelope_id": "e-2", "payload": {"type": "event_callback"}}
    await send(slack, json.dumps(envelope))
    assert drafts.CALM in (await review.post("U1", drafts.CLEAN).answer()).reading.text
    assert slack.socket_mode.opened == opened == 1
    assert service.running
