"""A draft while it is being read: the reader's view, its sentences, and tokens and scopes made when first asked for.

All positions in here are code points of ``Draft.text`` (the normalised view), not of the author's text;
the reviewer maps what is found back to the original.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Detection:
    """What a detector found: which check, where, and the facts that fill the rule's message and suggestion.

    A rule file binds a rule to a check with ``detector: dates.weekday``; ``facts`` are the values for the
    placeholders in its message and suggestion, e.g. ``{actual}``. All facts are text in Japanese as a reader would write it.
    """

    check: str
    start: int
    end: int
    facts: Mapping[str, str] = field(default_factory=dict)
