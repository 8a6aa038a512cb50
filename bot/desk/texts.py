"""What people wrote, on its way into a draft's plain text: the same for every surface. Pure functions."""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """``text`` with what no database and no encoding takes made visible: NUL and lone surrogates become U+FFFD."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\0", REPLACEMENT)


def link(url: str, label: str) -> str:
    """Return what a reader has to see of a link: its label and, where that hides the address, the address too."""
    if not label or _bare(label) == _bare(url):
        return label or url.removeprefix("mailto:").removeprefix("tel:")
    return f"{label}（ {url} ）"


def _bare(address: str) -> str:
    """Take from an address what a surface adds when somebody types ``example.jp``, ``a@example.jp`` or a number."""
    return re.sub(r"^(?:https?://|mailto:|tel:)", "", address.strip(), flags=re.IGNORECASE).rstrip("/")
