"""What a detector is: named checks, a cheap gate, and a search that yields facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.draft import Detection, Draft


class Sign(NamedTuple):
    """What stands in every text in which a detector could find something, cheap to look for.

    ``first`` are characters as inside of a class, the rarer the better; ``behind`` is the expression that goes on
    behind one of them, and may look back.
    """

    first: str
    behind: str


def any_of(*signs: Sign) -> re.Pattern[str]:
    """Compile a search for any of several signs.

    One class of characters begins it, because the engine skips fast to these only; whose character it was is asked
    behind it.
    """
    firsts = "".join(sign.first for sign in signs)
    ways = "|".join(f"(?<=[{sign.first}])(?:{sign.behind})" for sign in signs)
    return re.compile(f"[{firsts}](?:{ways})")


@dataclass(frozen=True, slots=True)
class Detector:
    """A family of checks that arithmetic or well-kept data can settle.

    ``checks`` maps each check's id (``"dates.weekday"``) to the names of the facts that its detections carry: the
    placeholders that a rule bound to the check may use. ``gate`` says quickly whether a text can hold anything of
    interest: ``find`` is called only where it is found. ``find`` takes time linear in the length of the draft.
    """

    name: str
    checks: Mapping[str, frozenset[str]]
    gate: re.Pattern[str]
    find: Callable[[Draft], Iterator[Detection]]
