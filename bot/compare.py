"""What came of the findings of a former version: the answer to 「何が解消したか」."""

from __future__ import annotations

from collections import Counter

from rules import Finding, Review


def solved(before: Review, now: Review) -> tuple[Finding, ...]:
    """Return the findings of the former version that are gone.

    The same words under the same rule are the same finding.
    """
    left = Counter((finding.rule, finding.quote) for finding in now.findings)
    gone = []
    for finding in before.findings:
        left[finding.rule, finding.quote] -= 1
        if left[finding.rule, finding.quote] < 0:
            gone.append(finding)
    return tuple(gone)
