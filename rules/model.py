"""Value types that everybody shares. Frozen, and free of behaviour that needs anything of ours.

Positions are Unicode code points of the text that the caller handed in, half open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs."""

    BLOCK = "block"
    """発信禁止: the guideline forbids it flatly."""
    WARN = "warn"
    """要確認: a person has to look before it is published."""
    NOTE = "note"
    """参考: advice; it never changes the verdict."""


class Verdict(StrEnum):
    """The highest of ``block`` and ``warn`` among the findings, else ``pass``."""

    BLOCK = "block"
    WARN = "warn"
    PASS = "pass"  # noqa: S105 - a verdict, not a password


class Topic(StrEnum):
    """What a rule is about. A rule has a topic; a guideline says which clauses a topic cites."""

    INSULT = "insult"
    DISCRIMINATION = "discrimination"
    ILLEGAL_ACT = "illegal_act"
    RUMOR = "rumor"
    HARMFUL_LINK = "harmful_link"
    DISRUPTION = "disruption"
    PUBLIC_MORALS = "public_morals"
    CONFIDENTIAL = "confidential"
    PERSONAL_INFO = "personal_info"
    RIGHTS = "rights"
    SECURITY = "security"
    INTERNAL_PROCESS = "internal_process"
    OUTSIDE_DUTY = "outside_duty"
    ACCURACY = "accuracy"
    CONDUCT = "conduct"
    HOSTILE_REPLY = "hostile_reply"


class Scope(StrEnum):
    """How a thing is said. A span without any of these is plainly asserted."""

    DENIED = "denied"
    """否定: 「〜ではありません」「〜という事実はない」."""
    FORBIDDEN = "forbidden"
    """禁止: 「〜してはいけません」「〜は禁止です」."""
    WARNED = "warned"
    """注意喚起: 「〜にご注意ください」「〜をなくそう」, counsel, campaigns."""
    QUOTED = "quoted"
    """引用・題名: words of somebody else, or the title of a work."""
    ASKED = "asked"
    """疑問."""
    HEARSAY = "hearsay"
    """伝聞: 「〜らしい」「〜とのうわさ」."""
    URGED = "urged"
    """勧誘・命令: imperative, volitional, request."""
    SUPPOSED = "supposed"
    """仮定: 「もし〜なら」."""
    DESCRIBED = "described"
    """叙述: a clause that tells a case, a condition or a matter: 「〜した疑いで」「〜した場合は」."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a careful reviewer would point out.

    ``clauses`` are labels as the guideline prints them (``"4(6)①"``); ``quote == text[start:end]``;
    ``message`` says why these words are a problem, ``suggestion`` how to put it instead (both Japanese).
    """

    rule: str
    topic: Topic
    level: Level
    clauses: tuple[str, ...]
    start: int
    end: int
    quote: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What a review was made with, kept beside every stored review."""

    guideline: str
    """Id and edition of the guideline file, e.g. ``chiba 1``."""
    rules: str
    """Version of the rule set with a short digest of its files, e.g. ``2026.11+3f9c2ab1``."""
    dictionary: str
    """SudachiPy and dictionary, e.g. ``SudachiPy 0.7.0 / core 20261015``."""


@dataclass(frozen=True, slots=True)
class Review:
    """The answer to one text: findings ordered by ``start``, and what they were made with."""

    findings: tuple[Finding, ...]
    versions: Versions

    @property
    def verdict(self) -> Verdict:
        """The highest of block and warn, else pass."""
        levels = {finding.level for finding in self.findings}
        if Level.BLOCK in levels:
            return Verdict.BLOCK
        return Verdict.WARN if Level.WARN in levels else Verdict.PASS


class RulesError(Exception):
    """A guideline or rule file that cannot be used, or a text that cannot be read.

    ``str(error)`` is one clear Japanese sentence for the person who has to mend it, with file, rule and line where
    known.
    It never contains draft text.
    """
