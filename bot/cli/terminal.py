"""What may reach a terminal: a draft's own control characters never do."""

from __future__ import annotations

import re
import unicodedata
from typing import TextIO

from rich.console import Console

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


def console(stream: TextIO) -> Console:
    """Return a console that writes text as it is. Colours only for a terminal that wants them (NO_COLOR, TERM)."""
    written = Console(file=stream, highlight=False, markup=False, emoji=False)
    written.soft_wrap = not written.is_terminal  # in a file or a pipe, a sentence stays on its line
    return written


def _visible(character: str) -> str:
    if character in _SHOWN_AS_IS or unicodedata.category(character) not in _INVISIBLE:
        return character
    return f"<U+{ord(character):04X}>"
