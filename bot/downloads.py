"""Fetching the files that come with posts: so much of each and so long, and from no other address than the given one.

Which addresses may be asked is for each surface to say: it alone knows whose they are, and what its token opens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from bot.desk import Unreadable
from bot.desk.documents import READ, FileKind, FileRefused
from bot.egress import retry_after
from bot.worker import RetryLater

TIMEOUT: Final = 15.0
"""Seconds for a whole file."""
RETRY_SECONDS: Final = 30.0

_BUSY: Final = {408, 425, 429, 500, 502, 503, 504}
_NO_HEADERS: Final[Mapping[str, str]] = {}


async def file_text(
    http: httpx.AsyncClient,
    url: httpx.URL,
    kind: FileKind,
    *,
    headers: Mapping[str, str] = _NO_HEADERS,
    is_file: Callable[[httpx.Response], bool] = lambda _response: True,
) -> str:
    """Fetch a file of a kind that is read (``READ``), and return its text.

    ``is_file`` tells the file from a page that some servers send in its place. Redirects are not followed. Raises
    ``FileRefused``, or ``RetryLater`` while the server has no time.
    """
    read, limit = READ[kind]
    try:
        async with (
            asyncio.timeout(TIMEOUT),
            http.stream("GET", url, headers=headers, follow_redirects=False) as response,
        ):
            if response.status_code in _BUSY:
                raise RetryLater(retry_after(response) or RETRY_SECONDS)
            if response.status_code != httpx.codes.OK or not is_file(response):
                raise FileRefused(Unreadable.UNREADABLE_FILE)
            data = await _bounded(response, limit)
    except (httpx.TransportError, TimeoutError) as error:
        raise RetryLater(RETRY_SECONDS) from error
    return await asyncio.to_thread(read, data)


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > limit:
            raise FileRefused(Unreadable.TOO_LONG)
    return bytes(data)
