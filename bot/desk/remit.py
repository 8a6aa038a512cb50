"""Whose drafts a person looks after. Who is a supervisor (監督者) is for each surface to find out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remit:
    """Which channels' drafts a person looks after: all of the town, or those where they are named; none for staff."""

    everything: bool
    channels: frozenset[str]

    def __bool__(self) -> bool:
        """Whether the person is a supervisor at all."""
        return self.everything or bool(self.channels)

    def covers(self, channel: str) -> bool:
        """Whether the drafts of a channel are among them."""
        return self.everything or channel in self.channels
