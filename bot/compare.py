"""What makes two findings the same, and what came of the findings of a former version."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules import Finding, Review


@dataclass(frozen=True, slots=True)
class FindingKey:
    """The same words under the same rule are the same finding, wherever they stand.

    ``words`` are folded: width, case and white space make no difference. A finding on the whole draft has none.
    """

    rule: str
    words: str

    @classmethod
    def of(cls, finding: Finding) -> FindingKey:
        """Return the key of a finding."""
        return cls.quoting(finding.rule, finding.quote)

    @classmethod
    def quoting(cls, rule: str, quote: str) -> FindingKey:
        """Return the key of any finding of a rule on these words."""
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", quote).casefold())
        return cls(rule, "".join(folded.split()))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is solved (解消), what remains (残り) and what is new (新しい), each in the order of its review.

    ``solved`` are findings of the former version, ``remaining`` and ``new`` those of the later one.
    """

    solved: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    new: tuple[Finding, ...]


def compare(before: Review, after: Review) -> Comparison:
    """Match findings by rule and words, each with one other: where of three one is left, two are solved."""
    _, solved = _matched(before.findings, after.findings)
    remaining, new = _matched(after.findings, before.findings)
    return Comparison(solved, remaining, new)


def _matched(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part findings into those that have a match among the others, and those for which none is left."""
    unmatched = Counter(FindingKey.of(other) for other in others)
    found: list[Finding] = []
    missed: list[Finding] = []
    for finding in findings:
        key = FindingKey.of(finding)
        (found if unmatched[key] > 0 else missed).append(finding)
        unmatched[key] -= 1
    return tuple(found), tuple(missed)
