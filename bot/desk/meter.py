"""What the desk tells whoever counts its work (``bot.metrics``): kinds and numbers, never a text and never a person."""

from __future__ import annotations

from typing import Protocol

from bot.history import DecisionKind, RulingKind
from rules import Review
from rules.model import Verdict


class Meter(Protocol):
    """Counts. Each method is called once for what really happened, not for what came a second time."""

    def reviewed(self, review: Review, seconds: float) -> None:
        """Note a version that was read, and how long that took."""

    def not_reviewed(self) -> None:
        """Note a version on which the engine broke."""

    def answered(self, verdict: Verdict | None) -> None:
        """Note a version whose answer was posted; ``None`` for one that cannot be reviewed."""

    def decided(self, kind: DecisionKind) -> None:
        """Note a supervisor's decision."""

    def disputed(self) -> None:
        """Note that somebody takes a finding for wrong."""

    def ruled(self, kind: RulingKind) -> None:
        """Note the answer to a dispute."""


class Unmetered:
    """Counts nothing."""

    def reviewed(self, review: Review, seconds: float) -> None:
        """As ``Meter``."""

    def not_reviewed(self) -> None:
        """As ``Meter``."""

    def answered(self, verdict: Verdict | None) -> None:
        """As ``Meter``."""

    def decided(self, kind: DecisionKind) -> None:
        """As ``Meter``."""

    def disputed(self) -> None:
        """As ``Meter``."""

    def ruled(self, kind: RulingKind) -> None:
        """As ``Meter``."""
