"""What is kept: drafts with their versions, reviews and events, and the inbox of what still has to be done."""

from bot.history.database import HistoryError
from bot.history.inbox import Claim, Inbox, Item, LeaseLost
from bot.history.model import (
    DraftState,
    Event,
    EventKind,
    Place,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from bot.history.store import History

__all__ = [
    "Claim",
    "DraftState",
    "Event",
    "EventKind",
    "History",
    "HistoryError",
    "Inbox",
    "Item",
    "LeaseLost",
    "Place",
    "Submission",
    "Summary",
    "Thread",
    "Unreadable",
    "Version",
]
