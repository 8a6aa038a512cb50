"""Only public addresses are asked, whatever a link says or a name resolves to."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reach import Address, NoSuchName, NotPublic, PublicTransport, is_public, resolve

LOOPBACK = ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:808:808:0:0:80ff:fffe",
        "168.63.129.16", "192.88.99.1", "fec0::1", "3fff::1", "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:10.0.0.1",
    ],
)  # fmt: skip
def test_an_address_outside_the_public_network_is_told(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_public_network_is_told(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_however_it_is_carried(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped, nat64, sixtofour = 0xFFFF << 32, 0x64FF9B << 96, 0x2002 << 112
    carried = (mapped | number, nat64 | number, sixtofour | (number << 80))
    assert {is_public(ipaddress.IPv6Address(each)) for each in carried} == {is_public(address)}


class Names:
    """A name server of our own: each name has answers for one lookup after the other, the last one for good."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {name.replace("_", "."): list(addresses) for name, addresses in answers.items()}

    async def __call__(self, host: str) -> Sequence[Address]:
        answers = self._answers[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(address) for address in answer.split()]


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that keeps what it is sent."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], received


async def _status(transport: PublicTransport, url: str) -> int:
    response = await transport.handle_async_request(httpx.Request("HEAD", url))
    await response.aclose()
    return response.status_code


async def test_a_private_address_is_not_contacted() -> None:
    async with listening() as (port, received):
        transport = PublicTransport(ports=None)
        for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1", "127.1"):
            with pytest.raises((NotPublic, NoSuchName)):
                await _status(transport, f"http://{host}:{port}/")
        await transport.aclose()
    assert not received


async def test_a_name_with_one_private_address_is_not_contacted() -> None:
    transport = PublicTransport(resolve=Names(two_test=["8.8.8.8 10.0.0.1"]))
    with pytest.raises(NotPublic):
        await _status(transport, "http://two.test/")


async def test_a_name_cannot_change_its_address_between_check_and_use() -> None:
    async with listening() as (port, received):
        names = Names(rebind_test=["127.0.0.1", "127.0.0.2"])
        transport = PublicTransport(resolve=names, may_contact=lambda address: address == LOOPBACK, ports=None)
        assert await _status(transport, f"http://rebind.test:{port}/") == 204
        with pytest.raises(NotPublic):
            await _status(transport, f"http://rebind.test:{port}/")
        await transport.aclose()
    assert len(received) == 1


async def test_another_port_is_not_contacted() -> None:
    transport = PublicTransport(resolve=Names(site_test=["8.8.8.8"]))
    with pytest.raises(NotPublic):
        await _status(transport, "http://site.test:6379/")


async def test_a_request_carries_no_credentials_and_no_cookies() -> None:
    async with listening() as (port, received):
        transport = PublicTransport(resolve=Names(site_test=["127.0.0.1"]), may_contact=lambda _: True, ports=None)
        await _status(transport, f"http://site.test:{port}/a?b")
        await transport.aclose()
    head, *headers = received[0].decode().lower().split("\r\n")
    assert head == "head /a?b http/1.1"
    assert not {header.partition(":")[0] for header in headers} & {"cookie", "authorization", "proxy-authorization"}


async def test_an_unknown_name_is_told_from_a_failing_name_server() -> None:
    with pytest.raises(OSError, match=r".") as failure:
        await resolve("no-such-name.invalid")

    async def fail(_: str) -> Sequence[Address]:
        raise OSError

    async def say_no(_: str) -> Sequence[Address]:
        raise failure.value

    with pytest.raises(httpcore.ConnectError):
        await _status(PublicTransport(resolve=fail), "http://site.test/")
    with pytest.raises((NoSuchName, httpcore.ConnectError)):
        await _status(PublicTransport(resolve=say_no), "http://site.test/")


class TestBehindAProxy:
    """The proxy resolves the names itself."""

    @pytest.fixture
    async def received(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[bytes]]:
        async with listening() as (port, received):
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            yield received

    async def test_a_public_name_is_asked_of_the_proxy(self, received: list[bytes]) -> None:
        transport = PublicTransport()
        assert await _status(transport, "http://www.minasato.jp/page") == 204
        await transport.aclose()
        assert received[0].startswith(b"HEAD http://www.minasato.jp/page HTTP/1.1\r\n")

    async def test_its_credentials_are_given_to_it(
        self, received: list[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = os.environ["HTTP_PROXY"].removeprefix("http://")
        monkeypatch.setenv("HTTP_PROXY", f"http://town:hall@{address}")
        transport = PublicTransport()
        await _status(transport, "http://www.minasato.jp/")
        await transport.aclose()
        assert b"Proxy-Authorization: Basic dG93bjpoYWxs" in received[0]

    async def test_a_secure_page_is_asked_through_a_tunnel(
        self, received: list[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The proxy is told host and port and nothing else; this one opens the tunnel and then says no more."""
        monkeypatch.setenv("HTTPS_PROXY", os.environ["HTTP_PROXY"].replace("http://", "http://town:hall@"))
        transport = PublicTransport()
        with pytest.raises(httpcore.NetworkError):
            await _status(transport, "https://www.minasato.jp/page?secret")
        with pytest.raises(NotPublic):
            await _status(transport, "https://169.254.169.254/latest/meta-data")
        await transport.aclose()
        [asked] = received
        assert asked.startswith(b"CONNECT www.minasato.jp:443 HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic dG93bjpoYWxs" in asked
        assert b"secret" not in asked

    async def test_a_host_of_no_proxy_is_asked_directly_and_has_to_be_public(
        self, received: list[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_PROXY", "intra.minasato.jp")
        transport = PublicTransport(resolve=Names(intra_minasato_jp=["10.0.0.1"]))
        with pytest.raises(NotPublic):
            await _status(transport, "http://intra.minasato.jp/")
        await transport.aclose()
        assert not received

    def test_one_that_is_no_http_proxy_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
        with pytest.raises(ValueError, match="HTTP"):
            PublicTransport()

    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "[::1]",
            "169.254.169.254",
            "2130706433",
            "0x7f000001",
            "intranet",
            "db.internal",
            "nas.local.",
            "x.test",
            "%31%32%37.0.0.1",
            "127.0.0.1%2f.jp",
            "localhost%00.example.com",
        ],
    )
    async def test_what_shows_to_be_private_is_not_asked_of_the_proxy(self, received: list[bytes], host: str) -> None:
        transport = PublicTransport()
        with pytest.raises(NotPublic):
            await _status(transport, f"http://{host}/")
        await transport.aclose()
        assert not received
