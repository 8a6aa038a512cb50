"""Attached files: which are read, from where, and in which encodings. A real HTTP server stands for Slack's."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp import web
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.desk import MAX_TEXT, Attached, Unreadable
from bot.desk.documents import MAX_BYTES, Contents, FileKind, FileRefused, decoded
from bot.desk.word_files import MAX_DOCX_BYTES
from bot.slack.files import SlackFiles, kind_of
from bot.worker import RetryLater

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENTENCE = "お祭りは十二月五日、市民会館でひらきます。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_the_encodings_of_town_halls_are_read(encoding: str) -> None:
    assert decoded(SENTENCE.encode(encoding)) == SENTENCE


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_utf8_is_always_read_as_what_it_is(text: str) -> None:
    if not any("\uf8f0" <= character <= "\uf8f3" for character in text):
        assert decoded(text.encode("utf-8-sig")) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(FileRefused):
        decoded(data).encode()


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode() + b"\xff" + SENTENCE.encode(),
        SENTENCE.encode()[:-1],
        SENTENCE.encode("utf-16")[:-1],
        b"\xff\xff\xff",
        bytes(range(256)),
        b"PK\x03\x04\x14\x00\x06\x00",
        b"text\x00text",
    ],
)
def test_broken_text_is_refused_not_guessed(data: bytes) -> None:
    with pytest.raises(FileRefused):
        decoded(data)


def test_line_ends_of_windows_are_lines() -> None:
    assert decoded("一行目\r\n二行目".encode("cp932")) == "一行目\n二行目"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"mode": "snippet", "mimetype": "text/plain"}, FileKind.TEXT),
        ({"mode": "hosted", "mimetype": "text/markdown"}, FileKind.TEXT),
        ({"mode": "hosted", "filetype": "text", "mimetype": ""}, FileKind.TEXT),
        ({"mode": "hosted", "mimetype": "text/plain", "filetype": "text", "name": "案.md"}, FileKind.TEXT),
        ({"mode": "hosted", "mimetype": WORD_TYPE, "filetype": "docx"}, FileKind.WORD),
        ({"mode": "hosted", "mimetype": "application/msword", "filetype": "doc"}, FileKind.OTHER),
        ({"mode": "hosted", "mimetype": "image/jpeg"}, FileKind.PICTURE),
        ({"mode": "hosted", "mimetype": "video/mp4"}, FileKind.PICTURE),
        ({"mode": "hosted", "mimetype": "application/pdf", "filetype": "pdf"}, FileKind.OTHER),
        ({}, FileKind.OTHER),
    ],
)
def test_the_kind_of_a_file_is_known_from_its_description(file: dict[str, Any], kind: FileKind) -> None:
    assert kind_of(file) is kind


def docx(text: str) -> bytes:
    document, data = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(data)
    return data.getvalue()


class FileHost:
    """A server with files, which remembers who asked for them and with which token."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[tuple[str, str | None]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization")))
        name = request.path.removeprefix("/")
        if name == "cut":
            assert request.transport is not None
            request.transport.close()
        return {
            "draft.txt": web.Response(body=SENTENCE.encode()),
            "long.txt": web.Response(body=b"a" * (MAX_BYTES + 1)),
            "draft.docx": web.Response(body=docx(SENTENCE)),
            "long.docx": web.Response(body=b"a" * (MAX_DOCX_BYTES + 1)),
            "broken.docx": web.Response(body=docx(SENTENCE)[:-9]),
            "sign-in": web.Response(text="<html>", content_type="text/html"),
            "elsewhere": web.Response(status=302, headers={"Location": f"{self.address}/draft.txt"}),
            "busy": web.Response(status=429, headers={"Retry-After": "7"}),
            "broken": web.Response(status=503),
        }.get(name, web.Response(status=404))


@pytest.fixture
async def host() -> AsyncIterator[FileHost]:
    host = FileHost()
    app = web.Application()
    app.router.add_get("/{name}", host.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


@pytest.fixture
async def files(host: FileHost) -> AsyncIterator[SlackFiles]:
    async with httpx.AsyncClient() as http:
        yield SlackFiles(http, SecretStr("xoxb-1"), f"{host.address}/api/")


def text_file(url: str) -> dict[str, Any]:
    return {"id": "F1", "mode": "snippet", "mimetype": "text/plain", "url_private": url}


async def test_a_text_file_is_fetched_with_the_token(files: SlackFiles, host: FileHost) -> None:
    assert await files.text(text_file(f"{host.address}/draft.txt")) == SENTENCE
    assert host.asked == [("/draft.txt", "Bearer xoxb-1")]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", Unreadable.UNREADABLE_FILE),
        ("sign-in", Unreadable.UNREADABLE_FILE),
        ("elsewhere", Unreadable.UNREADABLE_FILE),
        ("long.txt", Unreadable.TOO_LONG),
    ],
)
async def test_what_is_no_draft_is_refused(files: SlackFiles, host: FileHost, path: str, reason: Unreadable) -> None:
    with pytest.raises(FileRefused) as refused:
        await files.text(text_file(f"{host.address}/{path}"))
    assert refused.value.reason is reason
    assert [asked for asked, _token in host.asked] == [f"/{path}"], "no redirect is followed"


@pytest.mark.parametrize(("path", "seconds"), [("busy", 7), ("broken", 30), ("cut", 30)])
async def test_trouble_of_the_host_is_for_later(files: SlackFiles, host: FileHost, path: str, seconds: float) -> None:
    with pytest.raises(RetryLater) as later:
        await files.text(text_file(f"{host.address}/{path}"))
    assert later.value.seconds == seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://{elsewhere}/draft.txt",
        "http://files.slack.com/draft.txt",
        "https://files.slack.com:8443/draft.txt",
        "https://files.slack.com.evil.example/draft.txt",
        "https://evil-slack.com/draft.txt",
        "https://files.slack.com@{elsewhere}/draft.txt",
        "https://user@files.slack.com/draft.txt",
        "file:///etc/passwd",
        "//files.slack.com/x",
        "",
        "http://[",
        None,
    ],
)
async def test_the_token_is_shown_to_nobody_else(files: SlackFiles, host: FileHost, url: str | None) -> None:
    other_port = int(host.address.rsplit(":", 1)[1]) ^ 1
    with pytest.raises(FileRefused):
        await files.text(text_file(url.format(elsewhere=f"127.0.0.1:{other_port}") if url else url))  # type: ignore[arg-type]
    assert host.asked == []


async def test_slacks_own_hosts_are_asked() -> None:
    asked = []  # the only transport that is not real: these hosts are out of a test's reach

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=SENTENCE.encode())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        files = SlackFiles(http, SecretStr("xoxb-1"), "https://slack.com/api/")
        for url in ("https://files.slack.com/files-pri/T1-F1/a.txt", "https://midori.slack.com/files/a.txt"):
            assert await files.text(text_file(url)) == SENTENCE
    assert len(asked) == 2


def word_file(url: str) -> dict[str, Any]:
    return {"id": "F5", "mode": "hosted", "mimetype": WORD_TYPE, "filetype": "docx", "url_private": url}


async def test_a_word_file_is_read(files: SlackFiles, host: FileHost) -> None:
    attached = [word_file(f"{host.address}/draft.docx"), IMAGE]
    assert await files.contents({"text": "", "files": attached}) == Contents(SENTENCE, POSTER)


@pytest.mark.parametrize(
    ("path", "reason"), [("long.docx", Unreadable.TOO_LONG), ("broken.docx", Unreadable.UNREADABLE_FILE)]
)
async def test_a_word_file_beyond_reading_says_why(
    files: SlackFiles, host: FileHost, path: str, reason: Unreadable
) -> None:
    contents = await files.contents({"text": "", "files": [word_file(f"{host.address}/{path}")]})
    assert contents == Contents("", Attached(files=frozenset({"F5"})), reason)


IMAGE = {"id": "F2", "mode": "hosted", "mimetype": "image/png"}
POSTER = Attached(pictures=frozenset({"F2"}))
PDF = {"id": "F3", "mode": "hosted", "mimetype": "application/pdf"}
BOOKLET = Attached(files=frozenset({"F3"}))


async def test_a_post_is_its_words_and_its_files(files: SlackFiles, host: FileHost) -> None:
    draft, missing = text_file(f"{host.address}/draft.txt"), text_file(f"{host.address}/missing")
    long = text_file(f"{host.address}/long.txt")
    gone = {"id": "F4", "mode": "tombstone", "mimetype": "text/plain"}
    for attached, expected in [
        ([draft], Contents(f"前書き\n\n{SENTENCE}")),
        ([draft, IMAGE], Contents(f"前書き\n\n{SENTENCE}", POSTER)),
        ([PDF, missing, gone], Contents("前書き", Attached(files=frozenset({"F3", "F1"})))),
        ([long], Contents("", Attached(files=frozenset({"F1"})), Unreadable.TOO_LONG)),
    ]:
        assert await files.contents({"text": "前書き", "files": attached}) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"files": [IMAGE]}, Contents("", POSTER, Unreadable.IMAGE_ONLY)),
        ({"files": [PDF]}, Contents("", BOOKLET, Unreadable.UNREADABLE_FILE)),
        ({"files": [PDF, IMAGE]}, Contents("", replace(POSTER, files=BOOKLET.files), Unreadable.UNREADABLE_FILE)),
        ({"text": " \n"}, Contents("", unreadable=Unreadable.EMPTY)),
        ({"files": "?"}, Contents("", unreadable=Unreadable.EMPTY)),
    ],
)
async def test_a_post_without_words_says_why(files: SlackFiles, message: dict[str, Any], expected: Contents) -> None:
    assert await files.contents(message) == expected


def test_the_longest_draft_fits_whatever_its_encoding() -> None:
    assert len(("🎌" * MAX_TEXT).encode("utf-8-sig")) <= MAX_BYTES
    assert len(("🎌" * MAX_TEXT).encode("utf-16")) <= MAX_BYTES
