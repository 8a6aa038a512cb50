"""What is said around a secret or an address of the house."""

from __future__ import annotations

import re

_REACH = 80
"""Code points on each side that are taken for what is said of it."""


def says(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Tell whether one of ``words`` stands near."""
    return words.search(text, max(0, start - _REACH), min(len(text), end + _REACH)) is not None
