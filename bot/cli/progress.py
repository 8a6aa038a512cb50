"""A long run says how far it is, on standard error and only once it is long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

PAUSE = 3.0
"""Seconds of silence before the first word, and between two."""

_Item = TypeVar("_Item")


def announced(
    items: Sequence[_Item], say: Callable[[str], object], clock: Callable[[], float] = time.monotonic
) -> Iterator[_Item]:
    """Yield the items, and every few seconds ``say`` how many of them are done."""
    spoken = clock()
    for done, item in enumerate(items):
        if clock() - spoken >= PAUSE:
            spoken = clock()
            say(f"{len(items):,}件のうち{done:,}件を確認しました（{done * 100 // len(items)}％）。")
        yield item
