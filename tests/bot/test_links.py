"""Following a draft's links: against a server that does what a hostile one would do."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from bot.links import DEAD, LEADS_ASTRAY, LEADS_TO, MAX_LINKS, MAX_REDIRECTS, End, LinkCheck, Outcome
from bot.reach import Address, PublicTransport
from rules import Finding, Level, Review, Reviewer

LOOPBACK = ipaddress.ip_address("127.0.0.1")
READER = Reviewer.load("chiba")


@dataclass
class Stranger:
    """The server at every public name of these tests; ``asked`` are the requests' first lines."""

    port: int
    asked: list[str]
    stopped: asyncio.Event

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"


def _redirect(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def _status(line: str) -> bytes:
    return f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture
async def stranger() -> AsyncIterator[Stranger]:
    found = Stranger(0, [], asyncio.Event())

    def answer(method: str, path: str) -> bytes | None:
        port = found.port
        answers = {
            "/": _status("200 OK"),
            "/gone": _status("404 Not Found"),
            "/broken": _status("500 Internal Server Error"),
            "/no-head": _status("405 Method Not Allowed" if method == "HEAD" else "200 OK"),
            "/short": _redirect(f"http://page.test:{port}/"),
            "/to-obscene": _redirect(f"http://free-porn-tube.test:{port}/"),
            "/to-fake": _redirect(f"http://city-chiba.test:{port}/"),
            "/to-program": _redirect(f"http://page.test:{port}/map.pdf.exe"),
            "/map.pdf.exe": _status("200 OK"),
            "/relative": _redirect("/"),
            "/loop": _redirect("/loop"),
            "/to-house": _redirect(f"http://house.test:{port}/"),
            "/to-loopback": _redirect(f"http://127.0.0.1:{port}/"),
            "/to-mapped": _redirect(f"http://[::ffff:7f00:2]:{port}/"),
            "/to-file": _redirect("file:///etc/passwd"),
            "/to-gopher": _redirect(f"gopher://page.test:{port}/"),
            "/with-user": _redirect(f"http://me:secret@page.test:{port}/"),
            "/odd": _redirect("http://[/"),
            "/no-name": _redirect("http://xn--zzzzzz---/"),
            "/idn": _redirect(f"http://xn--r8jz45g.test:{port}/"),
            "/noise": b"\0\1\2 not HTTP at all\r\n\r\n",
            "/huge": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000,
            "/huge-head": b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 1_000_000,
            "/hop1": _redirect("/hop2"), "/hop2": _redirect("/hop3"), "/hop3": _redirect("/hop4"),
            "/hop4": _redirect("/hop5"), "/hop5": _redirect("/"),
        }  # fmt: skip
        return answers.get(path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                found.asked.append(f"{method} {path}")
                if (said := answer(method, path)) is None:  # a slow one: a byte, and then nothing
                    writer.write(b"H")
                    await found.stopped.wait()
                    return
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    found.stopped.set()
    server.close()


async def _names(host: str) -> Sequence[Address]:
    """Give every name under .test the stranger's address, but one that leads into the house."""
    if host == "house.test":
        return [ipaddress.ip_address("10.0.0.1")]
    if host.endswith(".test"):
        return [LOOPBACK]
    return [ipaddress.ip_address(host)]


@pytest.fixture
async def transport(stranger: Stranger) -> AsyncIterator[PublicTransport]:
    def is_the_stranger(address: Address) -> bool:
        return address == LOOPBACK

    transport = PublicTransport(resolve=_names, may_contact=is_the_stranger, ports=frozenset({stranger.port}))
    yield transport
    await transport.aclose()


@pytest.fixture
def check(transport: PublicTransport) -> LinkCheck:
    return LinkCheck(transport)


@pytest.mark.parametrize(
    ("path", "end", "host"),
    [
        ("/", End.PAGE, "short.test"),
        ("/short", End.PAGE, "page.test"),
        ("/relative", End.PAGE, "short.test"),
        ("/no-head", End.PAGE, "short.test"),
        ("/huge", End.PAGE, "short.test"),
        ("/hop1", End.PAGE, "short.test"),
        ("/gone", End.NOWHERE, "short.test"),
        ("/broken", End.UNKNOWN, "short.test"),
        ("/loop", End.UNKNOWN, ""),
        ("/to-house", End.UNKNOWN, ""),
        ("/to-mapped", End.UNKNOWN, ""),
        ("/to-file", End.UNKNOWN, ""),
        ("/to-gopher", End.UNKNOWN, ""),
        ("/with-user", End.UNKNOWN, ""),
        ("/odd", End.UNKNOWN, ""),
        ("/no-name", End.UNKNOWN, ""),
        ("/idn", End.PAGE, "xn--r8jz45g.test"),
        ("/noise", End.UNKNOWN, ""),
        ("/huge-head", End.UNKNOWN, ""),
    ],
)
async def test_a_link_is_followed_to_its_end_and_no_further(
    check: LinkCheck, stranger: Stranger, path: str, end: End, host: str
) -> None:
    outcome = await check.follow(stranger.url("short.test", path))
    assert (outcome.end, outcome.host) == (end, host)


async def test_a_loop_ends(check: LinkCheck, stranger: Stranger) -> None:
    await check.follow(stranger.url("short.test", "/loop"))
    assert len(stranger.asked) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("target", ["", "http://", "file:///etc/passwd", "http://me:secret@short.test/", "http://\0/"])
async def test_what_is_no_plain_web_address_is_not_asked(check: LinkCheck, stranger: Stranger, target: str) -> None:
    assert await check.follow(target) == Outcome(End.UNKNOWN)
    assert not stranger.asked


async def test_a_certificate_of_somebody_else_is_no_page() -> None:
    """The server speaks TLS with no certificate that anybody trusts: what is behind it is not known."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:aNULL:@SECLEVEL=0")  # no certificate at all
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        transport = PublicTransport(resolve=_names, may_contact=lambda _: True, ports=None)
        port = server.sockets[0].getsockname()[1]
        assert await LinkCheck(transport).follow(f"https://page.test:{port}/") == Outcome(End.UNKNOWN)
        await transport.aclose()


async def _annotated(check: LinkCheck, text: str) -> tuple[Review, list[Finding]]:
    before = READER.review(text, today=date(2026, 11, 21))
    after = await check.annotate(text, before, READER)
    return before, [finding for finding in after.findings if finding.rule in {LEADS_TO, LEADS_ASTRAY, DEAD}]


async def test_notes_say_where_links_lead_and_cite_the_guideline(check: LinkCheck, stranger: Stranger) -> None:
    short, gone, plain = (stranger.url("short.test", path) for path in ("/short", "/gone", "/"))
    text = f"冬の写真展を図書館で開きます。申し込みは {short} から、地図は {gone} へ。市のページは {plain} です。"
    before, notes = await _annotated(check, text)
    assert [(note.rule, note.quote) for note in notes] == [(LEADS_TO, short), (DEAD, gone)]
    assert all(text[note.start : note.end] == note.quote and note.level is Level.NOTE for note in notes)
    assert notes[0].clauses == READER.guideline.cite(notes[0].topic, LEADS_TO, Level.NOTE)
    assert "page.test" in notes[0].message
    after = await check.annotate(text, before, READER)
    assert after.verdict is before.verdict
    assert list(after.findings) == sorted(after.findings, key=lambda finding: (finding.start, finding.end))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/to-obscene", "「free-porn-tube.test」は、わいせつな内容のサイトを示すアドレスです。"),
        ("/to-fake", "「city-chiba.test」は公的機関や企業のアドレスに似せてありますが"),
        ("/to-program", "map.pdf.exe」は文書や画像に見えますが、開くと動くプログラムです。"),
    ],
)
async def test_what_a_link_leads_to_is_judged_like_a_link(
    check: LinkCheck, stranger: Stranger, path: str, said: str
) -> None:
    before, [found] = await _annotated(
        check, f"冬の写真展を図書館で開きます。申し込みは {stranger.url('short.test', path)} からどうぞ。"
    )
    assert (found.rule, found.level) == (LEADS_ASTRAY, Level.NOTE)
    assert not before.findings
    assert "のページが開きます。" in found.message
    assert said in found.message
    assert found.clauses
    assert not READER.review(found.suggestion, today=date(2026, 11, 21)).findings


async def test_without_a_way_out_no_name_is_called_dead(stranger: Stranger) -> None:
    """A resolver that knows nobody says the same of every name."""

    async def nobody(host: str) -> Sequence[Address]:
        if host == "page.test":
            return [LOOPBACK]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    transport = PublicTransport(resolve=nobody, may_contact=lambda _: True, ports=None)
    check = LinkCheck(transport)
    text = f"{stranger.url('gone.test')} と {stranger.url('page.test')}"
    _, notes = await _annotated(check, stranger.url("gone.test"))
    assert not notes
    _, notes = await _annotated(check, text)
    assert [note.quote for note in notes] == [stranger.url("gone.test")]
    await transport.aclose()


async def test_a_link_written_in_full_width_is_followed(check: LinkCheck, stranger: Stranger) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in stranger.url("short.test", "/gone"))
    _, notes = await _annotated(check, f"詳しくは{wide} をご覧ください。")
    assert [note.quote for note in notes] == [wide]


async def test_a_link_that_must_not_be_published_is_not_visited(check: LinkCheck, stranger: Stranger) -> None:
    before, notes = await _annotated(check, f"続きはこちら {stranger.url('free-porn-tube.test', '/short')}")
    assert before.findings
    assert not notes
    assert not stranger.asked


async def test_a_slow_server_does_not_hold_up_the_answer(transport: PublicTransport, stranger: Stranger) -> None:
    text = f"{stranger.url('short.test', '/slow')} と {stranger.url('short.test', '/gone')}"
    _, notes = await _annotated(LinkCheck(transport, seconds=0.5), text)
    assert [note.quote for note in notes] == [stranger.url("short.test", "/gone")]


async def test_only_the_first_links_are_visited_and_each_once(check: LinkCheck, stranger: Stranger) -> None:
    many = [stranger.url(f"site{number}.test") for number in range(MAX_LINKS + 5)]
    await _annotated(check, " ".join([many[0], *many]))
    assert len(stranger.asked) == MAX_LINKS - 1  # the first of them stands there twice


async def test_a_draft_without_links_asks_nobody(check: LinkCheck, stranger: Stranger) -> None:
    before = READER.review("明日は休館日です。", today=date(2026, 11, 21))
    assert await check.annotate("明日は休館日です。", before, READER) is before
    assert not stranger.asked
