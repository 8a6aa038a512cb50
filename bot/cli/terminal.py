"""What may reach a terminal: a draft's own control characters never do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

_SHOWN_AS_IS = frozenset("\n\u200d")
"""Line breaks, and the joiner that emoji are made with."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_RAW_IN_JSON = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What ``json.dumps`` leaves alone although it steers a terminal, turns text around or cannot be encoded."""


def harmless(text: str) -> str:
    """Make every control, direction and zero-width character visible: ``<U+001B>``. Other text stays as it is."""
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def harmless_json(text: str) -> str:
    """Escape in JSON text what must not reach a terminal raw; it still means the same."""
    return _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


@dataclass(frozen=True, slots=True)
class Line:
    """A line for people, ``indent`` columns from the left; its text must be ``harmless`` already."""

    text: Text
    indent: int = 0


def write(lines: Iterable[Line], stream: TextIO) -> None:
    """Write lines, coloured and folded for a terminal that wants it (NO_COLOR, TERM), else plain and unfolded."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for line in lines:
        for piece in _folded(line, console):
            console.print(Text(" " * line.indent) + piece, soft_wrap=True)
    stream.flush()


def _folded(line: Line, console: Console) -> Iterable[Text]:
    if not console.is_terminal:  # in a file or a pipe, a sentence stays on its line
        return line.text.split("\n", allow_blank=True)
    return line.text.wrap(console, max(20, console.width - line.indent))


def _visible(character: str) -> str:
    if character in _SHOWN_AS_IS or unicodedata.category(character) not in _INVISIBLE:
        return character
    return f"<U+{ord(character):04X}>"
