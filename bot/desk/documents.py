"""Files that come with a post: what can be read of them, and what a post says together with them. Pure functions.

How a surface fetches a file is its own affair; what is done with the bytes is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.desk.texts import storable
from bot.desk.word_files import MAX_DOCX_BYTES, NotWord, TooLong, docx_text
from bot.history import NOTHING_ATTACHED, Attached, Unreadable
from rules import MAX_TEXT

MAX_BYTES: Final = MAX_TEXT * 4 + 3
"""The longest draft in the longest encoding, with a byte order mark."""


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


def contents_of(texts: Sequence[str], attached: Attached, refused: Collection[Unreadable]) -> Contents:
    """Put together what a post says: its own words and those of its files, in this order.

    ``attached`` is what nobody has read, ``refused`` why files could not be.
    """
    text = "\n\n".join(text for text in texts if text.strip())
    if Unreadable.TOO_LONG in refused:
        return Contents("", attached, Unreadable.TOO_LONG)
    if text:
        return Contents(text, attached)
    if attached.files:
        return Contents("", attached, Unreadable.UNREADABLE_FILE)
    return Contents("", attached, Unreadable.IMAGE_ONLY if attached.pictures else Unreadable.EMPTY)


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


READ: Final[Mapping[FileKind, tuple[Callable[[bytes], str], int]]] = {
    FileKind.TEXT: (decoded, MAX_BYTES),
    FileKind.WORD: (word_text, MAX_DOCX_BYTES),
}
"""What reads a file, and how many bytes of it at most. Not for the event loop: a Word file may take a second."""


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
