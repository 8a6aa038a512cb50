"""The text of a Word file (.docx). What a stranger's file may cost is bounded before anything of it is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn

from rules import MAX_TEXT

MAX_DOCX_BYTES: Final = 5_000_000
"""A file as it is downloaded: a draft with a few pictures."""
MAX_XML_BYTES: Final = 8_000_000
"""All XML of a file, unpacked: many times the longest draft with its formatting."""
MAX_UNPACKED_BYTES: Final = 30_000_000
MAX_MEMBERS: Final = 1_000

_XML: Final = re.compile(r"\.(?:xml|rels)$", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_PARAGRAPH: Final = qn("w:p")
_TEXT: Final = qn("w:t")
_SPACES: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOT_READ: Final = {
    qn("w:moveFrom"),  # where moved text stood before
    qn("w:pPr"),
    qn("w:rPr"),
    qn("w:rt"),  # ruby (ふりがな): the characters below it are read
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # the same text box once more
}


class NotWord(Exception):  # noqa: N818 - reads as what it is
    """The bytes are no Word file that can be read, or one that would cost too much to read."""


class TooLong(NotWord):
    """The file holds more text than a draft may have."""


def docx_text(data: bytes) -> str:
    """Return what a reader sees in the body of a Word file, a line for each paragraph, tables and text boxes included.

    Tracked changes are read as accepted. Raises ``NotWord`` or ``TooLong``. Takes a second at most; not for the
    event loop.
    """
    _check_cost(data)
    try:
        body = Document(io.BytesIO(data)).element.body
    except Exception:  # noqa: BLE001 - python-docx lets through whatever zipfile, lxml and its own lookups raise
        raise NotWord from None
    return _joined(_pieces(body))


def _check_cost(data: bytes) -> None:
    """Refuse bombs. ``zipfile`` unpacks no more of a member than its declared size, so the declared sizes count."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            xml = [member for member in members if _XML.search(member.filename)]
            sizes = sum(member.file_size for member in members)
            if len(members) > MAX_MEMBERS or sizes > MAX_UNPACKED_BYTES:
                raise NotWord
            if sum(member.file_size for member in xml) > MAX_XML_BYTES:
                raise TooLong
            if any(_DOCTYPE.search(archive.read(member)) for member in xml):
                raise NotWord
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, zlib.error):
        raise NotWord from None


def _pieces(element: Any) -> Iterator[str]:
    """Walk in the order of reading. Depth is bounded by the parser."""
    for child in element.iterchildren():
        if child.tag in _NOT_READ:
            continue
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _SPACES:
            yield _SPACES[child.tag]
        else:
            if child.tag == _PARAGRAPH:
                yield "\n"
            yield from _pieces(child)


def _joined(pieces: Iterator[str]) -> str:
    """Join, and stop as soon as it is too much."""
    text: list[str] = []
    length = 0
    for piece in pieces:
        text.append(piece)
        length += len(piece.strip())
        if length > MAX_TEXT:
            raise TooLong
    return "".join(text).strip("\n")
