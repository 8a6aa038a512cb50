"""What the console's forms send: read strictly and with a bound on its size."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console import words

MAX_BODY = 1_048_576
"""Bytes. A draft of the longest kind takes at most 480,000 once its characters are percent-encoded."""

_MAX_DRAINED = 16 * MAX_BODY
"""Bytes that are read and thrown away, since a browser shows the answer only when its upload was not cut off."""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A draft as pasted. ``token`` is new in every page that was served: it tells one submission from the next."""

    text: str
    guideline: str
    token: str


async def read_draft(request: Request) -> DraftForm:
    """Read the form of a draft. Raises ``HTTPException`` with a sentence for the user if it is too large or broken."""
    fields = _fields(await _body(request))
    return DraftForm(
        text=fields.get("text", "").replace("\r\n", "\n"),  # forms send line ends as CRLF
        guideline=fields.get("guideline", ""),
        token=fields.get("token", ""),
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            body += chunk
        elif size > _MAX_DRAINED:
            break
    if size > MAX_BODY:
        raise HTTPException(413, words.TOO_LARGE)
    return bytes(body)


def _fields(body: bytes) -> dict[str, str]:
    """Read a urlencoded form. Bytes that are no UTF-8 are refused, not replaced: no draft is reviewed altered."""
    try:
        values = parse_qs(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=8
        )
    except ValueError as error:
        raise HTTPException(400, words.BAD_FORM) from error
    return {name: given[0] for name, given in values.items()}
