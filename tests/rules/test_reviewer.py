"""The promises of a review: exact spans, same answer every time, no text that breaks it, linear time."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.__main__ import multiplied
from rules import MAX_TEXT, Guideline, Level, Reviewer, RulesError, Topic, Verdict
from rules.draft import Draft
from rules.rulebook import Rulebook

TODAY = date(2026, 11, 21)
CHIBA = Reviewer.load("chiba")
OIZUMI = Reviewer.load("oizumi")
HITS = [example.text for rule in Rulebook.load().rules for example in rule.hits]

ODD_TEXT = st.lists(
    st.one_of(
        st.sampled_from(HITS),
        st.text(max_size=20),
        st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=2),
        st.sampled_from(["\0", "\u202e", "\u200b", "「", "」", "。", "\n\n", "12/5(日)", "https://", "○", "/", "🏳️‍🌈"]),
    ),
    max_size=8,
).map("".join)


@given(ODD_TEXT)
@settings(deadline=None, max_examples=150)
def test_findings_quote_the_author_and_stand_in_order(text: str) -> None:
    findings = CHIBA.review(text, today=TODAY).findings
    assert all(finding.quote == text[finding.start : finding.end] != "" for finding in findings)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)
    assert all(finding.clauses and finding.message and finding.suggestion for finding in findings)


def test_same_text_same_answer_from_many_threads() -> None:
    texts = HITS[:60]
    alone = [CHIBA.review(text, today=TODAY) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: CHIBA.review(text, today=TODAY), texts * 4))
    assert together == alone * 4


@pytest.mark.parametrize(
    "text", ["", " ", "\n\u3000\n", "🎉🎉", "https://www.city.chiba.jp/", "a" * MAX_TEXT, "\0", "\ud800"]
)
def test_odd_but_harmless_text_passes(text: str) -> None:
    assert CHIBA.review(text, today=TODAY).verdict is Verdict.PASS


def test_text_over_the_limit_is_refused_with_a_sentence() -> None:
    with pytest.raises(RulesError, match="文章が長すぎます"):
        CHIBA.review("あ" * (MAX_TEXT + 1), today=TODAY)


def test_the_two_guidelines_find_the_same_and_cite_their_own_clauses() -> None:
    text = next(
        example.text
        for rule in CHIBA.rules
        if rule.topic is Topic.INSULT and rule.level is Level.BLOCK
        for example in rule.hits
    )
    chiba, oizumi = (reviewer.review(text, today=TODAY) for reviewer in (CHIBA, OIZUMI))
    assert [finding.rule for finding in chiba.findings] == [finding.rule for finding in oizumi.findings]
    assert "4(6)①" in chiba.findings[0].clauses
    assert {"4(6)①", "5"} <= set(oizumi.findings[0].clauses)


def test_every_topic_has_rules_and_every_rule_speaks_under_its_own_topic() -> None:
    by_topic = Rulebook.load().by_topic()
    assert [topic for topic, rules in by_topic.items() if not rules] == []


def test_versions_name_guideline_rules_and_dictionary() -> None:
    versions = CHIBA.review("お知らせです。", today=TODAY).versions
    assert versions.guideline.startswith("chiba")
    assert versions.rules.startswith("20")
    assert "Sudachi" in versions.dictionary


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        CHIBA.review(text, today=TODAY)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    "unit",
    [
        "あ",
        "。",
        "「",
        "バ/",
        "○",
        "1",
        "12/5(日)",
        "a.",
        "http://",
        "カー",
        "か ",
        "無能な職員",
        "@",
        "0",
        "(",
        "\n",
        "~",
        *HITS[::80],
    ],
)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    """Ten times the text takes no more than some twenty times as long, for texts made to be hard."""
    short = (unit * MAX_TEXT)[: MAX_TEXT // 20]
    long = (unit * MAX_TEXT)[: MAX_TEXT // 2]
    assert _seconds(long) < 25 * max(_seconds(short), 0.004)


def _looked_at(reviewer: Reviewer, text: str) -> int:
    engine = reviewer._engine
    return sum(1 for _ in engine.index.candidates(engine.lexicon.read(Draft(text, TODAY))))


def test_rules_without_their_words_are_never_looked_at() -> None:
    """More than twice the rules, with words that no draft has: not one more pattern is tried.

    (Ten times the rules would say no more, and take most of a minute to compile. ``make bench`` takes the time for it.)
    """
    crowded = Reviewer(Guideline.load("chiba"), multiplied(Rulebook.load(), 3))
    assert len(crowded.rules) > 2 * len(CHIBA.rules)
    for text in HITS:
        assert _looked_at(crowded, text) == _looked_at(CHIBA, text)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("高橋健太さんは先月離婚しました。", "高橋健太さんは先月離婚"),
        ("落選したのは大河内みさきさんでした。", "落選したのは大河内みさきさん"),
    ],
)
def test_a_name_is_marked_whole(text: str, quote: str) -> None:
    assert quote in [finding.quote for finding in CHIBA.matches(text, today=TODAY)]
