"""HTTP to public addresses only: how the program asks about links that strangers may have written (SSRF defence).

Every address that a name resolves to has to be public, and the connection is made to the very address that was
checked, so that a name cannot be public when it is looked up and private when it is used (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from bot.egress import tls_context

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Awaitable[Sequence[Address]]]
"""Gives the addresses of a name. Raises ``OSError``."""

PORTS: Final = frozenset({80, 443})
MAX_CONNECTIONS: Final = 4

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NO_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_ISATAP: Final = 0x5EFE
"""Bits of an interface identifier that carries an IPv4 address (RFC 5214); bit 6 tells whether that one is public."""
_NOT_FOR_US: Final = (
    ipaddress.IPv4Network("168.63.129.16/32"),  # what a virtual machine asks its cloud (Azure)
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4 (RFC 7526)
    ipaddress.IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
"""Addresses that are nobody's public host, and that the standard library takes for global ones."""
_IPV4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


class NotPublic(Exception):  # noqa: N818 - reads as what happened
    """An address that may not be asked: not public, another port, or no name of the public network."""


class NoSuchName(Exception):  # noqa: N818 - as above
    """The name of a host does not exist."""


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public network; one that carries another (NAT64, 6to4, …) is judged by it.

    Registries: IANA's special-purpose addresses, as the standard library has them.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
    if any(address in network for network in _NOT_FOR_US if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    is_isatap = int(address) >> 32 & 0xFDFFFFFF == _ISATAP
    if is_isatap or address in _NAT64 or address in _IPV4_COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def resolve(host: str) -> Sequence[Address]:
    """Ask the system for the addresses of a name. Raises ``OSError``."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(entry[4][0]) for entry in found]


class _PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses. Names are resolved here, once for check and use."""

    def __init__(self, resolve: Resolve, may_contact: Callable[[Address], bool], ports: frozenset[int] | None) -> None:
        self._network = httpcore.AnyIOBackend()
        self._resolve = resolve
        self._may_contact = may_contact
        self._ports = ports

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host. Raises ``NotPublic`` if any of them is not public."""
        if self._ports is not None and port not in self._ports:
            raise NotPublic
        try:
            addresses = await asyncio.wait_for(self._resolve(host), timeout)
        except socket.gaierror as error:
            raise (NoSuchName if error.errno in _NO_NAME else httpcore.ConnectError) from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError from error
        if not addresses or not all(map(self._may_contact, addresses)):
            raise NotPublic
        return await self._network.connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the base class's signature
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - as above
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: a link never leads into this machine."""
        raise NotPublic

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await self._network.sleep(seconds)


class PublicTransport(httpx.AsyncBaseTransport):
    """Sends requests to public addresses, as they are: no redirects, no cookies, no credentials of ours.

    Where the environment names a proxy (``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY``), the proxy resolves the names:
    only what a name or address tells by itself can be refused then. ``resolve``, ``may_contact`` and ``ports``
    (``None``: any) say what is public. Raises ``NotPublic``, ``NoSuchName`` and the errors of httpcore.
    """

    def __init__(
        self,
        resolve: Resolve = resolve,
        may_contact: Callable[[Address], bool] = is_public,
        ports: frozenset[int] | None = PORTS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._may_contact = may_contact
        self._ports = ports
        tls = tls or tls_context(None)
        self._direct = httpcore.AsyncConnectionPool(
            tls, max_connections=MAX_CONNECTIONS, network_backend=_PublicNetwork(resolve, may_contact, ports)
        )
        self._proxies = {
            scheme: _proxy(address, tls) for scheme, address in getproxies().items() if scheme in {"http", "https"}
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. The response's body is read only by who iterates over it, and has to be closed."""
        url = request.url
        answer = await self._pool(url).handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in (self._direct, *self._proxies.values()):
            await pool.aclose()

    def _pool(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        proxy = self._proxies.get(url.scheme)
        if proxy is None or proxy_bypass(url.host):
            return self._direct
        if not self._looks_public(url):
            raise NotPublic
        return proxy

    def _looks_public(self, url: httpx.URL) -> bool:
        """Judge what shows without resolving the name."""
        port = url.port or (443 if url.scheme == "https" else 80)
        if self._ports is not None and port not in self._ports:
            return False
        try:
            address = ipaddress.ip_address(url.host)
        except ValueError:
            name = url.raw_host.decode("ascii", "replace")
            return not (_HOUSE_NAME.search(name) or _NUMERIC.fullmatch(name)) and _NAME.fullmatch(name) is not None
        return self._may_contact(address)


_HOUSE_NAME: Final = re.compile(
    r"^[^.]*\.?$|\.(?:local|localhost|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid|example)\.?$",
    re.IGNORECASE,
)
"""Names that only mean something inside a house: one label, and special-use domains (RFC 6761, 6762, 8375, 9476)."""
_NAME: Final = re.compile(r"[a-z0-9.-]+", re.IGNORECASE)
"""Nothing else stands in a name; a proxy might read what does as it likes."""
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
"""Addresses in the forms that some resolvers still take: 127.1, 0x7f000001, 2130706433."""


class _Body(httpx.AsyncByteStream):
    """A body that is read as it comes."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


def _proxy(address: str, tls: ssl.SSLContext) -> httpcore.AsyncHTTPProxy:
    """Give the proxy that the environment names, with its credentials. Raises ``ValueError`` for another kind."""
    proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    if proxy.url.scheme not in {"http", "https"}:
        raise ValueError("only HTTP proxies can be used to follow links")
    return httpcore.AsyncHTTPProxy(
        httpcore.URL(scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"),
        proxy_auth=proxy.raw_auth,
        ssl_context=tls,
        max_connections=MAX_CONNECTIONS,
    )
