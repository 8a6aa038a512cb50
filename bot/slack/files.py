"""What is attached to a post: text files (long pastes too) and Word files are fetched and read like the post itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import httpx
from pydantic import SecretStr

from bot.desk import Attached, Unreadable
from bot.desk.documents import Contents, FileKind, FileRefused, contents_of
from bot.downloads import file_text
from bot.slack.inbound import plain_text

_SLACK_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*slack\.com")
_TEXT_TYPES: Final = {"text", "txt", "markdown", "md", "csv", "post", "space"}
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
        return contents_of(texts, attached, refused)

    async def text(self, file: Mapping[str, Any], kind: FileKind = FileKind.TEXT) -> str:
        """Fetch one file and read it as what it is.

        Raises ``FileRefused``, or ``RetryLater`` while Slack has no time.
        """
        url = self._allowed(file.get("url_private_download") or file.get("url_private"))
        html = file.get("mimetype") == "text/html"
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        return await file_text(
            self._http, url, kind, headers=headers, is_file=lambda response: html or not _is_html(response)
        )

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


def _files(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    files = message.get("files")
    for file in files if isinstance(files, Sequence) and not isinstance(files, str) else ():
        if isinstance(file, Mapping) and file.get("mode") != "tombstone":
            yield file


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _is_html(response: httpx.Response) -> bool:
    """Whether it is a page, as Slack sends one in place of a file to whoever it does not know."""
    return bool(response.headers.get("content-type", "").startswith("text/html"))
