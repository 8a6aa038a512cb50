"""What is attached to a post: text files (long pastes too) and Word files are fetched and read like the post itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import httpx
from pydantic import SecretStr

from bot.desk import MAX_TEXT, NOTHING_ATTACHED, Attached, Unreadable
from bot.slack.inbound import plain_text, storable
from bot.slack.word import MAX_DOCX_BYTES, NotWord, TooLong, docx_text
from bot.worker import RetryLater

MAX_BYTES: Final = MAX_TEXT * 4 + 3
"""The longest draft in the longest encoding, with a byte order mark."""
TIMEOUT: Final = 15.0
"""Seconds for a whole file."""
RETRY_SECONDS: Final = 30.0

_SLACK_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*slack\.com")
_TEXT_TYPES: Final = {"text", "txt", "markdown", "md", "csv", "post", "space"}
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BUSY: Final = {408, 425, 429, 500, 502, 503, 504}


class FileKind(Enum):
    """What can be done with an attached file."""

    TEXT = "text"
    WORD = "word"
    """.docx; the older .doc is ``OTHER``."""
    PICTURE = "picture"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a post says to the public, and what came with it that nobody has read.

    ``unreadable`` says why there is no text to review; then ``text`` is empty.
    """

    text: str
    attached: Attached = NOTHING_ATTACHED
    unreadable: Unreadable | None = None


class FileRefused(Exception):  # noqa: N818 - reads as what happened
    """A file that cannot be read as a draft; ``reason`` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason


class SlackFiles:
    """Reads posts with their files. The token goes to Slack's own hosts and to nobody else."""

    def __init__(self, http: httpx.AsyncClient, token: SecretStr, api_url: str) -> None:
        """``api_url`` is the configured base of the Web API: files may also lie at its origin."""
        self._http = http
        self._token = token
        self._own_origin = _origin(httpx.URL(api_url))

    async def contents(self, message: Mapping[str, Any]) -> Contents:
        """Read a post: its words, then its files with words. Raises ``RetryLater`` while Slack has no time."""
        texts, refused = [plain_text(message)], set[Unreadable]()
        unread: dict[FileKind, set[str]] = {FileKind.PICTURE: set(), FileKind.OTHER: set()}
        for number, file in enumerate(_files(message)):
            kind, name = kind_of(file), str(file.get("id") or number)
            if kind in unread:
                unread[kind].add(name)
                continue
            try:
                texts.append(await self.text(file, kind))
            except FileRefused as error:
                refused.add(error.reason)
                unread[FileKind.OTHER].add(name)
        attached = Attached(frozenset(unread[FileKind.PICTURE]), frozenset(unread[FileKind.OTHER]))
        return _contents(texts, attached, refused)

    async def text(self, file: Mapping[str, Any], kind: FileKind = FileKind.TEXT) -> str:
        """Fetch one file and read it as what it is.

        Raises ``FileRefused``, or ``RetryLater`` while Slack has no time.
        """
        url = self._allowed(file.get("url_private_download") or file.get("url_private"))
        read, limit = _READ[kind]
        try:
            async with asyncio.timeout(TIMEOUT):
                data = await self._download(url, limit, html=file.get("mimetype") == "text/html")
        except (httpx.TransportError, TimeoutError) as error:
            raise RetryLater(RETRY_SECONDS) from error
        return await asyncio.to_thread(read, data)

    def _allowed(self, address: object) -> httpx.URL:
        """Return the address if the token may be shown there. Raises ``FileRefused``."""
        try:
            url = httpx.URL(address if isinstance(address, str) else "")
        except httpx.InvalidURL:
            raise FileRefused(Unreadable.UNREADABLE_FILE) from None
        of_slack = url.scheme == "https" and url.port is None and _SLACK_HOST.fullmatch(url.host)
        if (of_slack or _origin(url) == self._own_origin) and not url.userinfo:
            return url
        raise FileRefused(Unreadable.UNREADABLE_FILE)

    async def _download(self, url: httpx.URL, limit: int, *, html: bool) -> bytes:
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        async with self._http.stream("GET", url, headers=headers, follow_redirects=False) as response:
            if response.status_code in _BUSY:
                raise RetryLater(_retry_after(response))
            signed_out = response.headers.get("content-type", "").startswith("text/html") and not html
            if response.status_code != httpx.codes.OK or signed_out:
                raise FileRefused(Unreadable.UNREADABLE_FILE)
            data = bytearray()
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > limit:
                    raise FileRefused(Unreadable.TOO_LONG)
            return bytes(data)


def kind_of(file: Mapping[str, Any]) -> FileKind:
    """Tell from what Slack says about a file whether it holds words, pictures or something else."""
    mimetype = str(file.get("mimetype") or "")
    if mimetype.startswith(("image/", "video/")):
        return FileKind.PICTURE
    if mimetype == _WORD_TYPE or file.get("filetype") == "docx":
        return FileKind.WORD
    if file.get("mode") == "snippet" or mimetype.startswith("text/") or file.get("filetype") in _TEXT_TYPES:
        return FileKind.TEXT
    return FileKind.OTHER


def decoded(data: bytes) -> str:
    """Read bytes as UTF-8, as UTF-16 with its mark, or as what Windows in Japan calls Shift_JIS (CP932).

    Raises ``FileRefused`` for anything else. CP932 accepts nearly all bytes, so text that is UTF-8 but for a
    broken place is told apart first: reviewing mojibake would only look like a review.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    try:
        return _strictly(data, "utf-8-sig")
    except FileRefused:
        if _is_broken_utf8(data):
            raise
    return _strictly(data, "cp932")


def word_text(data: bytes) -> str:
    """Read the bytes of a Word file. Raises ``FileRefused``."""
    try:
        return storable(docx_text(data))
    except TooLong:
        raise FileRefused(Unreadable.TOO_LONG) from None
    except NotWord:
        raise FileRefused(Unreadable.UNREADABLE_FILE) from None


_READ: Final[Mapping[FileKind, tuple[Callable[[bytes], str], int]]] = {
    FileKind.TEXT: (decoded, MAX_BYTES),
    FileKind.WORD: (word_text, MAX_DOCX_BYTES),
}
"""What reads a file, and how many bytes of it at most."""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(Unreadable.UNREADABLE_FILE) from None
    if re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]", text):
        raise FileRefused(Unreadable.UNREADABLE_FILE)
    return storable(text.replace("\r\n", "\n"))


def _is_broken_utf8(data: bytes) -> bool:
    """Whether more characters of it are sound UTF-8 than are not (ASCII tells nothing)."""
    beyond_ascii = [character for character in data.decode("utf-8", "replace") if not character.isascii()]
    return beyond_ascii.count("\N{REPLACEMENT CHARACTER}") * 2 < len(beyond_ascii)


def _contents(texts: Sequence[str], attached: Attached, refused: Collection[Unreadable]) -> Contents:
    text = "\n\n".join(text for text in texts if text.strip())
    if Unreadable.TOO_LONG in refused:
        return Contents("", attached, Unreadable.TOO_LONG)
    if text:
        return Contents(text, attached)
    if attached.files:
        return Contents("", attached, Unreadable.UNREADABLE_FILE)
    return Contents("", attached, Unreadable.IMAGE_ONLY if attached.pictures else Unreadable.EMPTY)


def _files(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    files = message.get("files")
    for file in files if isinstance(files, Sequence) and not isinstance(files, str) else ():
        if isinstance(file, Mapping) and file.get("mode") != "tombstone":
            yield file


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,5}", value) else RETRY_SECONDS
