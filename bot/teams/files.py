"""What is attached to a message: text and Word files that Teams lets a bot fetch are read like the message itself.

That is so in the chat with the bot. Of files in channels, which lie in SharePoint, a bot is only told that they are
there; to read them it would need a permission for all files of the town, which this program does not ask for. So it
says that nobody has read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx

from bot.desk import Attached, Unreadable
from bot.desk.documents import READ, Contents, FileKind, FileRefused, contents_of
from bot.downloads import file_text
from bot.teams.events import DOWNLOAD, Written

_HOSTS: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?:sharepoint\.com|svc\.ms|1drv\.com|files\.1drv\.com)")
"""Where Teams keeps files. Addresses come from signed deliveries, and carry their own permission."""
_TEXT: Final = {"txt", "text", "md", "csv"}
_PICTURES: Final = {"png", "jpg", "jpeg", "gif", "bmp", "webp", "heic", "mp4", "mov", "avi", "wmv"}


class TeamsFiles:
    """Reads messages with their files. No token goes along."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def contents(self, written: Written, service_url: str) -> Contents:
        """Read a message: its words, then its files with words. Raises ``RetryLater`` while a server has no time.

        ``service_url`` is that of the delivery: files may also lie at its origin.
        """
        texts, refused = [written.text], set[Unreadable]()
        pictures = {f"picture-{number}" for number in range(written.pictures)}
        unread: set[str] = set()
        for number, file in enumerate(written.files):
            kind, name = kind_of(file), str(file.get("id") or number)
            if kind is FileKind.PICTURE:
                pictures.add(name)
                continue
            try:
                texts.append(await self.text(file, service_url))
            except FileRefused as error:
                unread.add(name)
                refused |= {error.reason} if _is_open(file) else set()
        return contents_of(texts, Attached(frozenset(pictures), frozenset(unread)), refused)

    async def text(self, file: Mapping[str, Any], service_url: str) -> str:
        """Fetch one file and read it as what it is.

        Raises ``FileRefused``, or ``RetryLater`` while its server has no time.
        """
        kind = kind_of(file)
        if kind not in READ or not _is_open(file):
            raise FileRefused(Unreadable.UNREADABLE_FILE)
        url = allowed(file["content"]["downloadUrl"], service_url)
        return await file_text(self._http, url, kind)


def kind_of(file: Mapping[str, Any]) -> FileKind:
    """Tell from what a message says about a file whether it holds words, pictures or something else."""
    content = file.get("content")
    named = str(content.get("fileType") or "") if isinstance(content, Mapping) else ""
    extension = (named or str(file.get("name") or "").rpartition(".")[2]).lower()
    if extension == "docx":
        return FileKind.WORD
    if extension in _TEXT:
        return FileKind.TEXT
    return FileKind.PICTURE if extension in _PICTURES else FileKind.OTHER


def _is_open(file: Mapping[str, Any]) -> bool:
    """Whether Teams has told where the file can be fetched."""
    return file.get("contentType") == DOWNLOAD and bool((file.get("content") or {}).get("downloadUrl"))


def allowed(address: str, service_url: str) -> httpx.URL:
    """Return the address if it is one of Microsoft's, or beside the connector. Raises ``FileRefused``."""
    try:
        url, own = httpx.URL(address), httpx.URL(service_url)
    except httpx.InvalidURL:
        raise FileRefused(Unreadable.UNREADABLE_FILE) from None
    of_microsoft = url.scheme == "https" and url.port is None and _HOSTS.fullmatch(url.host)
    beside = (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port)
    if (of_microsoft or beside) and not url.userinfo:
        return url
    raise FileRefused(Unreadable.UNREADABLE_FILE)
