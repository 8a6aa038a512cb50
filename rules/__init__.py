"""Text in, findings out: reads a draft against a municipality's social-media guideline.

>>> from datetime import date
>>> from rules import Reviewer
>>> Reviewer.load("chiba").review("お祭りは12月5日（日）です。", today=date(2026, 11, 21)).verdict
<Verdict.WARN: 'warn'>
"""

from rules.detectors.urls import Url
from rules.detectors.urls import pasted as pasted_urls
from rules.guideline import Clause, Guideline
from rules.model import Finding, Level, Review, RulesError, Topic, Verdict, Versions
from rules.reviewer import MAX_TEXT, Reviewer
from rules.text import is_blank

__all__ = [
    "MAX_TEXT",
    "Clause",
    "Finding",
    "Guideline",
    "Level",
    "Review",
    "Reviewer",
    "RulesError",
    "Topic",
    "Url",
    "Verdict",
    "Versions",
    "is_blank",
    "pasted_urls",
]
