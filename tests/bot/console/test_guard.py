"""The guard: who may reach the console, and what every response tells the browser."""

from __future__ import annotations

import httpx
import pytest

from bot.console import is_loopback
from bot.console.guard import HEADERS
from tests.bot.console.conftest import ORIGIN

THREAD = "/threads/0123456789abcdef"
FORM = {"text": "こんにちは。", "guideline": "chiba", "token": "0123456789abcdef"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.4", "example.jp", "localhost.example.jp", "", "127.1"])  # noqa: S104 - refused
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:9000", "[::1]:8080", "127.0.0.1"])
async def test_a_request_under_a_name_of_this_machine_passes(console: httpx.AsyncClient, host: str) -> None:
    assert (await console.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:8080", "127.0.0.1.example", "[::1", ""])
async def test_a_rebound_name_is_refused(console: httpx.AsyncClient, host: str) -> None:
    response = await console.get("/", headers={"Host": host})
    assert response.status_code == 421
    assert "127.0.0.1" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.jp"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://example.jp"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "null"},
    ],
)
async def test_a_form_of_another_page_is_refused(console: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await console.post(THREAD, data=FORM, headers=headers)).status_code == 403
    assert (await console.get(THREAD)).status_code == 404


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, {"Origin": ORIGIN}, {}])
async def test_our_own_form_and_a_script_on_this_machine_pass(
    console: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await console.post(THREAD, data=FORM, headers=headers)).status_code == 303


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/console.css"])
async def test_every_response_has_the_security_headers(console: httpx.AsyncClient, path: str) -> None:
    response = await console.get(path)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    refused = await console.get(path, headers={"Host": "rebound.example"})
    assert {name: refused.headers[name] for name in HEADERS} == HEADERS
