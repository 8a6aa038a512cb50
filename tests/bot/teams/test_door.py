"""Who may come in: real tokens from a key server of our own, and whatever else somebody may send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.teams.door import AT_ONCE, MAX_BODY, READ_SECONDS
from tests.bot.running import until
from tests.bot.teams.conftest import Hall, Opening
from tests.doubles.teams import TeamsDouble
from tests.doubles.teams.login import Keys

Json = dict[str, Any]
OTHER_TENANT = "11111111-2222-3333-4444-555555555555"


def draft(hall: Hall, **fields: Any) -> Json:
    """A post as Teams delivers it."""
    given = hall.teams.activity("message", hall.room, hall.staff)
    number = str(time.time_ns() // 1_000_000)
    given["conversation"]["id"] += f";messageid={number}"
    return {**given, "id": number, "text": "明日は休館です", **fields}


async def test_what_is_signed_is_stored(hall: Hall) -> None:
    assert (await hall.teams.send(draft(hall))).status == 200
    assert len(hall.teams.calls("keys")) == 1
    await until(hall.nothing_open)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://sts.windows.net/7c9e6679/"},
        {"iss": "https://login.microsoftonline.com/evil/v2.0", "tid": "evil"},
        {"iss": None},
        {"aud": "another app"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"serviceurl": "https://evil.example"},
        {"serviceurl": None},
    ],
)
async def test_claims_that_are_not_the_bot_frameworks_for_us(hall: Hall, claims: Json) -> None:
    token = hall.teams.login.inbound(hall.teams.service_url, **claims)
    assert (await hall.teams.send(draft(hall), token=token)).status == 401
    assert await hall.nothing_open()


async def test_no_key_is_asked_for_on_behalf_of_a_stranger(hall: Hall) -> None:
    await hall.teams.called("keys")
    strangers = (
        None,
        "nonsense",
        hall.teams.login.inbound(hall.teams.service_url, iss="https://login.microsoftonline.com/x/v2.0", tid="x"),
        jwt.encode({"iss": "https://api.botframework.com"}, "secret" * 8, "HS256", headers={"kid": "x"}),
        jwt.encode({"iss": "https://api.botframework.com"}, "", "none"),
    )
    for token in strangers:
        assert (await hall.teams.send(draft(hall), token=token)).status == 401
    assert len(hall.teams.calls("keys")) == 1


async def test_unknown_keys_make_us_ask_once_in_a_while_only(hall: Hall) -> None:
    await hall.teams.called("keys")
    forged = Keys()
    claims = {"iss": "https://api.botframework.com", "aud": hall.teams.registration.client_id, "exp": time.time() + 60}
    for _attempt in range(5):
        assert (await hall.teams.send(draft(hall), token=forged.sign(claims))).status == 401
    assert len(hall.teams.calls("keys")) == 1


async def test_keys_that_are_new_are_learned(hall: Hall) -> None:
    await hall.teams.called("keys")
    hall.teams.login.keys = Keys()
    assert (await hall.teams.send(draft(hall))).status == 401
    hall.pass_time(600)
    assert (await hall.teams.send(draft(hall))).status == 200


async def test_who_shows_a_known_key_waits_for_no_key_server(hall: Hall) -> None:
    await until(hall.surface.is_connected)
    hall.pass_time(13 * 3600)
    hall.teams.mischief.hang("metadata", times=5)
    token = Keys(kid="unknown").sign(
        {"iss": "https://api.botframework.com", "aud": hall.teams.registration.client_id, "exp": time.time() + 60}
    )
    strangers = [asyncio.create_task(hall.teams.send(draft(hall), token=token)) for _ in range(AT_ONCE + 1)]
    await hall.teams.called("metadata", 2)
    began = time.monotonic()
    assert (await hall.teams.send(draft(hall))).status == 200
    assert time.monotonic() - began < READ_SECONDS
    for stranger in strangers:
        stranger.cancel()
    await asyncio.wait(strangers)


async def test_a_key_of_the_right_name_but_not_the_right_owner_is_worth_nothing(hall: Hall) -> None:
    forged = Keys(kid=hall.teams.login.keys.kid)
    claims = {
        "iss": "https://api.botframework.com",
        "aud": hall.teams.registration.client_id,
        "exp": time.time() + 60,
        "serviceurl": hall.teams.service_url,
    }
    assert (await hall.teams.send(draft(hall), token=forged.sign(claims))).status == 401


async def test_another_tenant_is_not_served(hall: Hall) -> None:
    given = draft(hall)
    given["channelData"]["tenant"] = {"id": OTHER_TENANT}
    assert (await hall.teams.send(given)).status == 403
    assert await hall.nothing_open()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"NaN"])
async def test_what_is_no_json_object_is_not_readable(hall: Hall, body: bytes) -> None:
    assert (await hall.teams.send(body)).status == 400


async def test_too_much_is_too_much(hall: Hall) -> None:
    assert (await hall.teams.send(b" " * (MAX_BODY + 1))).status == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["adaptiveCard/action", "composeExtension/fetchTask", "fileConsent/invoke", "task/fetch", "?"])
KINDS = st.sampled_from(
    ["message", "messageUpdate", "messageDelete", "invoke", "installationUpdate", "conversationUpdate", "typing", "?"]
)
FIELDS = st.sampled_from(
    ["id", "text", "value", "attachments", "entities", "from", "conversation", "recipient", "channelData", "timestamp"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, name=NAMES, fields=st.dictionaries(FIELDS, JSON, max_size=3))
async def test_nothing_that_is_signed_is_an_error_of_ours(hall: Hall, kind: str, name: str, fields: Json) -> None:
    answer = await hall.teams.send({**draft(hall), "type": kind, "name": name, **fields})
    assert answer.status in {200, 400, 403}, answer


async def test_until_keys_are_known_nobody_can_be_told_apart(open_hall: Opening, teams: TeamsDouble) -> None:
    teams.mischief.break_down("metadata", times=1)
    async with open_hall() as hall:
        assert not await hall.surface.is_connected()
        assert (await hall.teams.send(draft(hall))).status == 503
        hall.pass_time(60)
        assert (await hall.teams.send(draft(hall))).status == 200
        assert await hall.surface.is_connected()


# ── anonymous mode ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def anonymous(open_hall: Opening, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    for name in ("TEAMS_CLIENT_ID", "TEAMS_CLIENT_SECRET", "TEAMS_TENANT_ID"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("SNS_CHECK_TEAMS_ANONYMOUS", "true")
    async with open_hall() as hall:
        yield hall


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "rebound.example"}])
async def test_without_signatures_no_web_page_is_answered(anonymous: Hall, headers: dict[str, str]) -> None:
    url = anonymous.teams.messaging_url
    async with httpx.AsyncClient() as http:
        assert (await http.post(url, json=draft(anonymous), headers=headers)).status_code == 403
        assert (await http.post(url, json=draft(anonymous))).status_code == 200


async def test_without_signatures_only_this_machine_is_answered(anonymous: Hall) -> None:
    assert (await anonymous.teams.send(draft(anonymous), token=None)).status == 200
    for elsewhere in ("https://smba.trafficmanager.net/jp", "http://169.254.169.254/", "http://localhost.example/", ""):
        assert (await anonymous.teams.send(draft(anonymous, serviceUrl=elsewhere), token=None)).status == 403
