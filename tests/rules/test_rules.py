"""Every rule does what its examples say, with the shipped guidelines."""

from datetime import date

import pytest

from rules import Finding, Level, Reviewer
from rules.rulebook import Example, Rule, Rulebook

TODAY = date(2026, 11, 21)
RULES = Rulebook.load().rules
CHIBA = Reviewer.load("chiba")


def _findings(rule: Rule, example: Example) -> list[Finding]:
    matches = CHIBA.matches(example.text, today=example.today or TODAY)
    return [finding for finding in matches if finding.rule == rule.id]


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(r, e, id=f"{r.id}-{e.text[:20]}") for r in RULES for e in r.hits]
)
def test_hit_example_is_found(rule: Rule, example: Example) -> None:
    found = _findings(rule, example)
    assert found
    if example.quote is not None:
        assert example.quote in [finding.quote for finding in found]


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(r, e, id=f"{r.id}-{e.text[:20]}") for r in RULES for e in r.misses]
)
def test_near_miss_is_left_alone(rule: Rule, example: Example) -> None:
    assert not _findings(rule, example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_near_misses_of_a_rule_are_harmless_to_all_others(rule: Rule) -> None:
    for example in rule.misses:
        findings = CHIBA.review(example.text, today=example.today or TODAY).findings
        assert [(f.rule, f.quote) for f in findings if f.level is not Level.NOTE] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_rule_says_passes_review_itself(rule: Rule) -> None:
    for example in rule.hits:
        for finding in _findings(rule, example):
            review = CHIBA.review(finding.suggestion, today=example.today or TODAY)
            assert [f for f in review.findings if f.level is not Level.NOTE] == []
