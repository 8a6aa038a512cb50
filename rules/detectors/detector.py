"""What a detector is: named checks, a cheap gate, and a search that yields facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules.draft import Detection, Draft


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
