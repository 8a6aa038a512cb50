"""Delivery over Socket Mode: envelopes down a WebSocket, acknowledgements back."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from .clock import Board, Clock
from .delivery import ACKNOWLEDGE_WITHIN, Delivery, Kind, Outcome

Json = dict[str, Any]

CONNECTIONS = 10
"""How many connections Slack allows an app."""


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app."""

    socket: web.WebSocketResponse
    transport: asyncio.WriteTransport
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    draining: bool = False
    """Asked to go: gets nothing new."""
    half_open: bool = False
    """Still there for the network, dead for everything else."""

    def give_up(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("socket closed"))
                future.exception()
        self.waiting.clear()


@dataclass(frozen=True, slots=True)
class Ack:
    """An acknowledgement as it came in."""

    envelope: str
    payload: Any
    at: float


class SocketTransport:
    """The hub: hands each envelope to exactly one connection, in turn."""

    def __init__(self, clock: Clock, board: Board, app: str) -> None:
        self.connections: list[Connection] = []
        self.acks: list[Ack] = []
        self.opened = 0
        self._clock = clock
        self._board = board
        self._app = app
        self._tickets: set[str] = set()
        self._turn = itertools.count()

    def ticket(self) -> str:
        """What ``apps.connections.open`` puts into the address; good for one connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def send(self, delivery: Delivery, number: int, reason: str) -> Outcome:
        ready = [c for c in self.connections if not (c.draining or c.socket.closed)]
        if not ready:
            # Slack keeps nothing for an app that is not there, and repeats only what it could send once.
            return Outcome(acknowledged=False, reason="no_connection", lost=number == 0)
        connection = ready[next(self._turn) % len(ready)]
        envelope = _envelope(delivery, number, reason)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            if not connection.half_open:
                await connection.socket.send_str(json.dumps(envelope))
            body = await self._clock.within(ACKNOWLEDGE_WITHIN, _wait(future))
        except TimeoutError:
            return Outcome(acknowledged=False, reason="timeout")
        except ConnectionError:
            return Outcome(acknowledged=False, reason="connection_closed")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)
        return Outcome(acknowledged=True, body=body)

    async def disconnect(self, reason: Literal["warning", "refresh_requested", "link_disabled"]) -> None:
        """Ask every connection to go, as Slack does every few hours."""
        for connection in list(self.connections):
            connection.draining = reason != "warning"
            frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-double"}}
            await connection.socket.send_str(json.dumps(frame))

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.connections):
            connection.give_up()
            connection.transport.abort()

    def half_open(self) -> None:
        """Let every connection look alive while nothing gets through, in either direction, pings included."""
        for connection in self.connections:
            connection.half_open = True

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket endpoint."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        transport = request.transport
        assert isinstance(transport, asyncio.WriteTransport)
        connection = Connection(socket, transport)
        if len(self.connections) >= CONNECTIONS:
            await socket.send_str(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            await socket.close()
            return socket
        self.connections.append(connection)
        await socket.send_str(json.dumps(self._hello()))
        self.opened += 1
        self._board.announce()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            connection.give_up()
            self._board.announce()
        return socket

    async def close(self) -> None:
        for connection in list(self.connections):
            connection.half_open = False
            await connection.socket.close()

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.half_open:
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._acknowledged(connection, json.loads(frame.data))

    def _acknowledged(self, connection: Connection, ack: Json) -> None:
        envelope = str(ack["envelope_id"])
        self.acks.append(Ack(envelope, ack.get("payload"), self._clock.now()))
        future = connection.waiting.get(envelope)
        if future is not None and not future.done():
            future.set_result(ack.get("payload") or None)
        self._board.announce()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-double", "build_number": 1, "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self._app},
        }


async def _wait(future: asyncio.Future[Any]) -> Any:
    return await future


def _envelope(delivery: Delivery, number: int, reason: str) -> Json:
    envelope: Json = {
        "envelope_id": secrets.token_hex(16),
        "type": delivery.kind.value,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind is not Kind.EVENT,
    }
    if delivery.kind is Kind.EVENT:
        # Slack counts from 0: the first delivery carries a number too.
        envelope |= {"retry_attempt": number, "retry_reason": reason}
    return envelope
