"""What comes in over HTTP from anybody: refused or ignored within bounds, and never answered by a stack trace."""

from __future__ import annotations

import asyncio
import copy
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.doubles.slack import Room, SlackDouble
from tests.doubles.slack.events_api import Answer
from tests.e2e import drafts
from tests.e2e.service import Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MARK = "ないしょのことば"
"""In everything that is sent, and in no log."""
WITHIN = 5.0
"""Seconds that any answer takes at most, on a busy machine."""
FUZZ = examples(
    max_examples=150,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def mode() -> Mode:
    return "http"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SNS_CHECK_SUPERVISORS": "U8BOSS", "SNS_CHECK_CATCH_UP": "0"}


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, trust_env=False, timeout=WITHIN) as client:
        yield client


def refused_or_ignored(service: Service, answer: Answer) -> None:
    """Whether an answer is as it should be. What the log may not hold is looked for at the end of the service."""
    assert answer.status == 200 or 400 <= answer.status < 500, (answer, service.log[-2_000:])
    assert "Traceback" not in answer.text
    assert MARK not in answer.text


async def sent(slack: SlackDouble, body: bytes, content_type: str, **how: Any) -> Answer:
    async with asyncio.timeout(WITHIN):
        return await slack.events_api.post(body, content_type, **how)


# ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/", "/slack/events/", "/healthz/", "/admin", "/.env", "/%00"])
async def test_unknown_paths_are_nowhere(client: httpx.Client, path: str) -> None:
    answer = await asyncio.to_thread(client.get, path)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/slack/events"),
        ("PUT", "/slack/events"),
        ("POST", "/healthz"),
        ("POST", "/readyz"),
        ("PUT", "/metrics"),
    ],
)
async def test_wrong_methods_are_not_allowed(client: httpx.Client, method: str, path: str) -> None:
    answer = await asyncio.to_thread(client.request, method, path)
    assert answer.status_code == 405


async def test_nothing_is_said_about_the_server(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/slack/events"):
        answer = await asyncio.to_thread(client.get, path)
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers


async def test_the_service_is_ready_and_tells_figures_to_neighbours(
    slack: SlackDouble, client: httpx.Client, review: Room
) -> None:
    await review.post("U1", drafts.INSULT).answer()
    await slack.delivered()
    ready = await asyncio.to_thread(client.get, "/readyz")
    assert ready.json() == {"ready": True, "failing": []}
    figures = (await asyncio.to_thread(client.get, "/metrics")).text
    assert 'sns_check_received_total{kind="version"}' in figures
    assert 'sns_check_answered_total{verdict="block"}' in figures
    assert 'sns_check_ready{part="slack"} 1.0' in figures
    assert review.id not in figures


def exchange(service: Service, *pieces: bytes) -> bytes:
    """Send pieces over one connection, and return what came back until the server closed it."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


async def test_who_never_says_what_they_want_is_hung_up_on(service: Service) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
    begun = [(), (b"POST /slack/events HTTP/1.1\r\n", b"Host: a\r\n"), (request + b"\r\n" + request,)]
    answers = await asyncio.gather(*(asyncio.to_thread(exchange, service, *pieces) for pieces in begun))
    assert answers[:2] == [b"", b""]
    assert answers[2].endswith(b"ok\n")


async def test_a_body_that_never_comes_is_not_waited_for(service: Service) -> None:
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Type: {JSON}\r\nContent-Length: 100\r\n"
        f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n\r\n"
    )
    answer = await asyncio.to_thread(exchange, service, head.encode(), b"{")
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"\x16\x03\x01\r\n\r\n"])
async def test_heads_that_are_too_long_or_none_are_refused(service: Service, head: bytes) -> None:
    assert (await asyncio.to_thread(exchange, service, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_body_is_refused_for_its_announced_size_before_it_comes(service: Service) -> None:
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Type: {JSON}\r\nContent-Length: 1000001\r\n"
        f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n\r\n"
    )
    assert (await asyncio.to_thread(exchange, service, head.encode())).startswith(b"HTTP/1.1 413 ")


async def test_a_body_that_turns_out_too_large_is_refused(service: Service) -> None:
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n"
        f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = await asyncio.to_thread(exchange, service, head.encode(), *[chunk] * 16)
    assert answer.startswith(b"HTTP/1.1 413 ")


# ── signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────


@FUZZ
@given(
    signature=st.one_of(
        st.just(""), st.just("v0="), st.just("v0=" + "0" * 64), st.text("v0=abcdefé１ ", max_size=70).map(str.strip)
    ),
    stamp=st.one_of(
        st.just(""), st.just("NaN"), st.just("1e9"), st.just("９９９"), st.just("-1"), st.just("9" * 400),
        st.integers(-2, 2).map(lambda offset: str(int(time.time()) + 301 * offset)),
    ),
)  # fmt: skip
async def test_no_signature_but_slacks_own_comes_in(
    slack: SlackDouble, service: Service, signature: str, stamp: str
) -> None:
    headers = {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": stamp}
    body = json.dumps({"type": "event_callback", "event": {"type": "message", "text": MARK}}).encode()
    answer = await sent(slack, body, JSON, headers=headers)
    assert answer.status == 401
    refused_or_ignored(service, answer)


async def test_a_replayed_request_changes_nothing(slack: SlackDouble, service: Service, review: Room) -> None:
    """Within five minutes a copy is as good as the original, so what it asks for must have been done."""
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    opened = len(slack.calls("views.open"))
    answer.click("U8BOSS", "sns_check_decide_approve")
    await slack.called("views.open", opened + 1)
    form = await slack.modal("U8BOSS")
    await form.submit({"comment": "確認しました"})
    await service.settled()
    said = len(post.answers)
    event = post.deliveries[0].payload
    submission = [each.payload for each in slack.courier.deliveries if each.payload["type"] == "view_submission"][-1]
    assert (await sent(slack, json.dumps(event).encode(), JSON)).status == 200
    assert (await sent(slack, urlencode({"payload": json.dumps(submission)}).encode(), FORM)).status == 200
    await service.settled()
    assert len(post.answers) == said


# ── payloads ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False),
    st.sampled_from(["", MARK, "\0", "\ud800", "{", "[]", "null", "9" * 5_000, "U8BOSS", "<!channel>", "../..", "'--"]),
    st.lists(st.sampled_from([None, 1, MARK, {}, []]), max_size=3),
    st.dictionaries(st.sampled_from(["id", "type", "text", "team_id", "value", MARK]), st.just(MARK), max_size=3),
)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(ODD, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner)).map(
        lambda value: json.dumps(value).encode()
    ),
    st.integers(10, 200_000).map(lambda depth: b"[" * depth),
    st.integers(10, 100_000).map(lambda depth: b'{"a":' * depth),
    st.integers(1, 20_000).map(lambda count: b"&" * count),
    st.just(b'{"type": "event_callback", "type": 1e999999, "event": NaN}'),
    st.just(b"payload=%7B%22type%22%3A%22block_actions%22%7D"),
    st.just(b"payload=%ff%fe&payload=1"),
    st.just(b"command=%2Fsns-check&text=%00%ed%a0%80"),
    st.just(b"ssl_check=1"),
)


@FUZZ
@given(body=BYTES, content_type=st.sampled_from([JSON, FORM, "text/plain", "", "application/json; charset=utf-16"]))
async def test_anything_that_slack_would_never_send(
    slack: SlackDouble, service: Service, body: bytes, content_type: str
) -> None:
    refused_or_ignored(service, await sent(slack, body, content_type))


Path = tuple[str | int, ...]
MISSING = object()


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*here, key))


def changed(payload: dict[str, Any], path: Path, value: Any) -> Any:
    """The payload with one part replaced, or taken away for ``MISSING``."""
    if not path:
        return value
    whole = copy.deepcopy(payload)
    part: Any = whole
    for key in path[:-1]:
        part = part[key]
    if value is MISSING:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return whole


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def originals(
    slack: SlackDouble, service: Service, fresh_channels: Iterator[Room]
) -> list[tuple[str, dict[str, Any]]]:
    """What Slack sent in the course of a draft: content type and payload."""
    review = next(fresh_channels)
    begun = len(slack.courier.deliveries)
    post = review.post("U1", drafts.INSULT)
    answer = await post.answer()
    post.edit(f"{drafts.INSULT}。")
    answer = await post.answer(2)
    for user, action, entered in (
        ("U3", "sns_check_dispute", {"reason": "事実です"}),
        ("U8BOSS", "sns_check_decide_hold", {"comment": "あとで"}),
        ("U1", "sns_check_revise", {"text": drafts.CLEAN}),
    ):
        opened = len(slack.calls("views.open"))
        answer.click(user, action)
        await slack.called("views.open", opened + 1)
        await (await slack.modal(user)).submit(entered)
        await service.settled()
    slack.open_home("U8BOSS")
    await slack.home("U8BOSS")
    post.shortcut("U2", "sns_check_message")
    await slack.modal("U2")
    for text in ("", "history", "setup", "words", drafts.CLEAN):
        review.command("U8BOSS", "/sns-check", text)
    post.delete()
    await service.settled()
    return [
        (JSON if delivery.kind == "events_api" else FORM, delivery.payload)
        for delivery in slack.courier.deliveries[begun:]
    ]


def encoded(content_type: str, payload: Any, original: dict[str, Any]) -> bytes:
    if content_type == JSON:
        return json.dumps(payload).encode()
    if "command" in original:
        fields = payload if isinstance(payload, dict) else {"command": payload}
        return urlencode({name: str(value).encode("utf-8", "replace") for name, value in fields.items()}).encode()
    return urlencode({"payload": json.dumps(payload)}).encode()


@FUZZ
@given(data=st.data())
async def test_what_slack_sends_with_a_part_missing_or_of_another_kind(
    slack: SlackDouble, service: Service, originals: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    content_type, original = data.draw(st.sampled_from(originals))
    path = data.draw(st.sampled_from([*paths(original)]))
    payload = changed(original, path, data.draw(st.one_of(st.just(MISSING), ODD)) if path else data.draw(ODD))
    refused_or_ignored(service, await sent(slack, encoded(content_type, payload, original), content_type))


async def test_all_kinds_were_tried_and_the_service_works_as_before(
    originals: list[tuple[str, dict[str, Any]]], review: Room
) -> None:
    kinds = {payload.get("type", "command") for _, payload in originals}
    assert kinds == {"event_callback", "block_actions", "view_submission", "message_action", "command"}
    assert drafts.CALM in (await review.post("U1", drafts.CLEAN).answer()).reading.text
