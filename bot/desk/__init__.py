"""The use cases: submit, withdraw, decide, dispute, rule, look up. Knows no Slack and no HTML.

Surfaces hand in plain text and get value types back; nothing in here ever logs draft text.
"""

from bot.compare import Comparison
from bot.desk.answer import Answer, Receipt
from bot.desk.desk import Desk
from bot.desk.reading import CannotRead, Reader, Reviewers, ReviewFailed
from bot.desk.records import Record
from bot.desk.refusals import Refusal, Refused
from bot.history import (
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
from bot.workhours import JAPAN
from rules import MAX_TEXT

__all__ = [
    "JAPAN",
    "MAX_TEXT",
    "NOTHING_ATTACHED",
    "Allowance",
    "Answer",
    "Attached",
    "CannotRead",
    "ChannelSettings",
    "ClauseFigures",
    "Comparison",
    "Decision",
    "DecisionKind",
    "Desk",
    "Dispute",
    "DraftState",
    "Event",
    "EventKind",
    "Page",
    "Place",
    "Query",
    "Reader",
    "Receipt",
    "Record",
    "Refusal",
    "Refused",
    "Retraction",
    "ReviewFailed",
    "Reviewers",
    "RuleFigures",
    "Ruling",
    "RulingKind",
    "Submission",
    "Summary",
    "Thread",
    "Unreadable",
    "Version",
]
