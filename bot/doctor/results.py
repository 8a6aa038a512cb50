"""What a check of the doctor finds. Every sentence is for the administrator; none holds a secret or a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

CLOCK_SECONDS = 60
"""How far our clock may be from another's before somebody should look at it."""
SIGNATURE_SECONDS = 300
"""How far it may be before nothing that the other signs is taken (``bot.slack.edge``, and tokens of Bot Framework)."""


class Mark(StrEnum):
    """How much a result matters."""

    FINE = "fine"
    NOTICE = "notice"
    """Works, but perhaps not as meant."""
    WRONG = "wrong"
    """Does not work until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found: about what, what is so, and what to do."""

    mark: Mark
    subject: str
    sentence: str
    remedy: str = ""


def fine(subject: str, sentence: str) -> Result:
    """Make the result of a check that found nothing wrong."""
    return Result(Mark.FINE, subject, sentence)


def notice(subject: str, sentence: str, remedy: str) -> Result:
    """Make a result that somebody should look at."""
    return Result(Mark.NOTICE, subject, sentence, remedy)


def wrong(subject: str, sentence: str, remedy: str) -> Result:
    """Make a result that has to be mended."""
    return Result(Mark.WRONG, subject, sentence, remedy)


def clock_off(told_at: datetime, whose: str) -> Result | None:
    """Compare our clock with another's, as its answer has it to the second; ``None`` where it is near enough."""
    off = abs((datetime.now(UTC) - told_at).total_seconds())
    if off <= CLOCK_SECONDS:
        return None
    return (wrong if off > SIGNATURE_SECONDS else notice)(
        "時計",
        f"このコンピューターの時計が、{whose}の時計と{round(off)}秒ずれています。"
        f"5分を超えると、{whose}からの配信を受け付けられません。",
        "時刻の同期（NTP）を設定してください。",
    )


def told_at(headers: Mapping[str, Any]) -> datetime | None:
    """Return when a server says that it answered; ``None`` if it does not say."""
    try:
        return parsedate_to_datetime(str(headers.get("Date", ""))).replace(tzinfo=UTC)  # HTTP knows no other
    except ValueError:
        return None
