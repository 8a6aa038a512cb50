"""Searches for the highest rate that is borne."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


async def highest(
    is_borne: Callable[[float], Awaitable[bool]], first: float, *, looks: int = 7, precision: float = 0.1
) -> float:
    """Return the highest rate that was seen to be borne, 0 if none was.

    From ``first`` on the rate is doubled until one is too high, then bisected, until both are closer than ``precision``
    of the higher one. Each look takes a while, so there are ``looks`` of them at most.
    """
    borne, too_high = 0.0, 0.0
    rate = first
    for _ in range(looks):
        if await is_borne(rate):
            borne = rate
        else:
            too_high = rate
        if too_high and too_high - borne <= precision * too_high:
            break
        rate = (borne + too_high) / 2 if too_high else 2 * borne
    return borne
