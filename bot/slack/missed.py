"""What supervisors are told about drafts that nobody checked: how many, and in which channel. No texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.slack.blocks import Card, channel, rich_text, section, text
from bot.slack.events import SURFACE
from bot.slack.words import catch_up as words


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not read of a channel after ``since``, which was noted at ``noted``.

    ``drafts``: how many were found too late to be handled; ``None``: the channel cannot be read any more.
    """

    team: str
    channel: str
    since: str
    noted: datetime
    drafts: int | None

    def key(self, user: str) -> str:
        """Name the telling of it to one person: whoever notices the same gap tells of it under the same name."""
        what = "unreadable" if self.drafts is None else "missed"
        return f"{SURFACE}/{what}/{self.team}/{self.channel}/{self.since}/{user}"

    def payload(self) -> dict[str, Any]:
        """Return it as an item holds it."""
        where = {"team": self.team, "channel": self.channel, "since": self.since}
        return {**where, "noted": self.noted.isoformat(), "drafts": self.drafts}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Unread:
        """Read back what ``payload`` returned."""
        noted = datetime.fromisoformat(payload["noted"])
        return cls(payload["team"], payload["channel"], payload["since"], noted, payload["drafts"])


def unread_card(unread: Unread) -> Card:
    """Say how many drafts were found too late and where, or which channel cannot be read any more."""
    head, advice = (
        (words.UNREADABLE, words.UNREADABLE_ADVICE)
        if unread.drafts is None
        else (words.missed(unread.drafts), words.MISSED_ADVICE)
    )
    return Card(head, (rich_text(section(text(f"{head}\n"), channel(unread.channel)), section(text(f"\n{advice}"))),))
