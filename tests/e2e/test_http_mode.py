"""What only HTTP has: signatures, and an address that may be down."""

from __future__ import annotations

import json
import time

import pytest

from tests.doubles.slack import Room, SlackDouble
from tests.e2e import drafts
from tests.e2e.service import Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "http"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SNS_CHECK_CATCH_UP": "0"}  # what is refused here must not be fetched after all


@pytest.mark.usefixtures("service")
async def test_the_request_url_is_verified(slack: SlackDouble) -> None:
    assert (await slack.verify_request_url()).status == 200


@pytest.mark.parametrize(("secret", "age"), [("another-secret", 0), ("", 0), (None, 301), (None, -301)])
async def test_forged_and_old_requests_are_refused(
    slack: SlackDouble, service: Service, review: Room, secret: str | None, age: float
) -> None:
    slack.courier.hold()
    post = review.post("U1", drafts.INSULT)
    await slack.courier.release(lambda _: [])
    forged = json.dumps(post.deliveries[0].payload).encode()
    answer = await slack.events_api.post(forged, secret=secret, timestamp=time.time() - age)
    assert answer.status == 401
    await service.caught_up()
    assert post.answers == []


@pytest.mark.usefixtures("service")
async def test_an_unreadable_body_is_refused(slack: SlackDouble) -> None:
    assert (await slack.events_api.post(b"\xff\xfe{")).status in {400, 401}


@pytest.mark.usefixtures("service")
async def test_an_oversized_body_is_refused(slack: SlackDouble) -> None:
    assert (await slack.events_api.post(b" " * 2**20)).status == 413


async def test_what_arrived_nowhere_is_answered_when_slack_tries_again(
    slack: SlackDouble, service: Service, review: Room
) -> None:
    slack.request_url = "http://127.0.0.1:9/slack/events"
    post = review.post("U1", drafts.INSULT)
    await slack.until(lambda: len(post.deliveries[0].attempts) == 2)
    slack.request_url = f"{service.url}/slack/events"
    slack.clock.advance(60)
    assert drafts.INSULT_LABEL in (await post.answer()).reading.text
