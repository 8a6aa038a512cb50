"""A forward proxy as town halls have them: CONNECT for the hosts that it knows, with or without a password."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import quote


class ForwardProxy:
    """Tunnels to ports of this machine. Its clients need not, and cannot, resolve the names that they ask for."""

    def __init__(self, routes: Mapping[str, int], credentials: str = "") -> None:
        """``routes``: ``host:port`` as asked for → port here. ``credentials``: ``user:password``; none: anybody may."""
        self.connected: list[str] = []
        """What tunnels were opened to, in order."""
        self.refused: list[str] = []
        """What somebody asked for in vain, in order: without the password, or of a host that is not known."""
        self._routes = routes
        self._credentials = credentials
        self._tunnels: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server
        self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    @property
    def url(self) -> str:
        """What the environment names, password and all."""
        assert self._server
        port = self._server.sockets[0].getsockname()[1]
        return f"http://{quote(self._credentials, safe=':')}{'@' if self._credentials else ''}127.0.0.1:{port}"

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = asyncio.create_task(self._serve(reader, writer))
        self._tunnels.add(tunnel)
        tunnel.add_done_callback(self._tunnels.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            target = head.split(" ", 2)[1]
            if refusal := self._refusal(head, target):
                self.refused.append(target)
                writer.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            self.connected.append(target)
            await _tunnel(reader, writer, self._routes[target])
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of the two ends has gone
        finally:
            writer.close()

    def _refusal(self, head: str, target: str) -> str:
        sent = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.split("\r\n")[1:]}
        expected = "Basic " + base64.b64encode(self._credentials.encode()).decode()
        if self._credentials and sent.get("proxy-authorization") != expected:
            return '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="town hall"'
        if not head.startswith("CONNECT "):
            return "405 Method Not Allowed"
        return "" if target in self._routes else "502 Bad Gateway"


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_carry(reader, back), _carry(there, writer))
    finally:
        back.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
