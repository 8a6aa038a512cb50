"""What is kept: drafts with their versions, reviews and events, and the inbox of what still has to be done."""

from bot.history.database import HistoryError
from bot.history.inbox import Claim, Inbox, Item, LeaseLost
from bot.history.ledger import Fault, Head, Ledger, Verification
from bot.history.model import (
    NOTHING_ATTACHED,
    Allowance,
    Attached,
    ChannelSettings,
    ClauseFigures,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    Event,
    EventKind,
    Page,
    Place,
    Query,
    Retraction,
    RuleFigures,
    Ruling,
    RulingKind,
    Submission,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from bot.history.retention import Purged
from bot.history.store import History
from bot.history.watermarks import Watermark
from bot.history.withholding import Keeping, is_stand_in

__all__ = [
    "NOTHING_ATTACHED",
    "Allowance",
    "Attached",
    "ChannelSettings",
    "Claim",
    "ClauseFigures",
    "Decision",
    "DecisionKind",
    "Dispute",
    "DraftState",
    "Event",
    "EventKind",
    "Fault",
    "Head",
    "History",
    "HistoryError",
    "Inbox",
    "Item",
    "Keeping",
    "LeaseLost",
    "Ledger",
    "Page",
    "Place",
    "Purged",
    "Query",
    "Retraction",
    "RuleFigures",
    "Ruling",
    "RulingKind",
    "Submission",
    "Summary",
    "Thread",
    "Unreadable",
    "Verification",
    "Version",
    "Watermark",
    "is_stand_in",
]
