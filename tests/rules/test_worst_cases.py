"""No text takes much longer than ordinary text of its length, however hard it was made."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

import pytest

from benchmarks.worst_cases import PIECES, WORST, longest
from rules import MAX_TEXT, Reviewer
from rules.detectors import DETECTORS
from rules.reviewer import MAX_OF_A_RULE
from rules.rulebook import Rulebook

TODAY = date(2026, 11, 21)
MOST = 3.0
"""Times the review of ordinary text. ``make bench`` prints what it is: 1.0 where a detector is tried hardest."""
TRIES = 3
"""A busy machine may slow one measurement, but not each of several."""


def seconds(reviewer: Reviewer, text: str) -> float:
    begin = time.process_time()
    reviewer.review(text, today=TODAY)
    return time.process_time() - begin


@pytest.fixture(scope="module")
def reviewer() -> Reviewer:
    return Reviewer.load("chiba")


@pytest.fixture(scope="module")
def ordinary(reviewer: Reviewer) -> float:
    """Seconds that the near misses of the rule book take, repeated to the greatest length."""
    posts = "\n".join(example.text for rule in Rulebook.load().rules for example in rule.misses)
    return min(seconds(reviewer, longest(posts)) for _ in range(TRIES))


def test_every_detector_has_its_worst_cases() -> None:
    assert {detector.name for detector in DETECTORS} <= WORST.keys()
    assert all(len(longest(piece)) == MAX_TEXT for piece in PIECES.values())


@pytest.mark.parametrize("name", PIECES)
def test_a_hard_text_takes_at_most_three_times_as_long_as_an_ordinary_one(
    name: str, reviewer: Reviewer, ordinary: float
) -> None:
    text = longest(PIECES[name])
    assert any(seconds(reviewer, text) <= MOST * ordinary for _ in range(TRIES))


def test_a_rule_says_the_same_of_a_draft_only_so_often(reviewer: Reviewer) -> None:
    findings = reviewer.review(longest("無能な職員。"), today=TODAY).findings
    assert 100 < max(Counter(finding.rule for finding in findings).values()) <= MAX_OF_A_RULE
