"""How staff mark messages of a review channel: 「連絡：」 is no draft, 「修正版」 is the next version of one."""

from __future__ import annotations

import re
from typing import Final

_NOTICE: Final = re.compile(r"\s*(?:【連絡】|連絡\s*[：:]|[/／]{2})")
"""連絡: what is said in the channel and is not to be published."""
_NEXT_VERSION: Final = re.compile(r"\s*(?:【修正版】|修正版(?:です)?(?=[\s：:。]|$))[\s：:。]*")
"""修正版 as a heading of its own. A sentence that goes on with it is talk: 「修正版見ました」."""


def is_notice(text: str) -> bool:
    """Tell whether what was posted to the channel is marked as no draft."""
    return _NOTICE.match(text) is not None


def is_next_version(text: str) -> bool:
    """Tell whether a reply is the next version of its thread's draft."""
    return _NEXT_VERSION.match(text) is not None


def without_marker(text: str) -> str:
    """Return a version written as a reply without the 「修正版」 at its head."""
    return _NEXT_VERSION.sub("", text, count=1) if _NEXT_VERSION.match(text) else text
