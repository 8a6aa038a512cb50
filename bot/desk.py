"""The use cases: submit, revise, withdraw, read back. Knows no Slack and no HTML.

Surfaces hand in plain text and get value types back; nothing in here ever logs draft text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rules import Guideline, Review, Reviewer

MAX_TEXT = 40_000
"""Longest draft that is read, in code points: Slack's own limit for a message."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft lives, and its identity: one draft a place.

    ``surface`` is ``"slack"``, ``"teams"`` or ``"console"``; ``thread`` is Slack's ``ts`` of the parent message or the like.
    """

    surface: str
    team: str
    channel: str
    thread: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One version of a draft as a surface received it.

    ``revision`` identifies the version within the place (Slack: ``edited.ts``, or ``ts`` for the first), ``order`` sorts versions of a
    place by when they were written (Slack: the same number as a float, seconds). ``text`` is what the public would read.
    """

    place: Place
    revision: str
    order: float
    author: str
    text: str
    received_at: datetime
