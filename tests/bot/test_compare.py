"""What is solved, what remains and what is new: matched by rule and words, each finding with one other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compare import Comparison, FindingKey, compare
from rules import Finding, Level, Review, Topic, Versions

VERSIONS = Versions("chiba 1", "1", "1")
SPELLINGS = {"バカ": ("バカ", "ﾊﾞｶ", "バ カ", "バ\nカ"), "SNS": ("SNS", "ｓｎｓ", "Sns"), "": ("", " ", "\u3000")}


def finding(rule: str, quote: str, start: int = 0) -> Finding:
    return Finding(rule, Topic.INSULT, Level.WARN, (), start, start + len(quote), quote, "理由です。", "案です。")


def review(*findings: Finding) -> Review:
    return Review(findings, VERSIONS)


findings = st.builds(
    finding,
    st.sampled_from(["insult.a", "insult.b"]),
    st.sampled_from([spelling for spellings in SPELLINGS.values() for spelling in spellings]),
    st.integers(0, 50),
)
reviews = st.lists(findings, max_size=8).map(lambda found: review(*found))


def keys(found: tuple[Finding, ...]) -> Counter[FindingKey]:
    return Counter(map(FindingKey.of, found))


@given(reviews, reviews)
def test_every_finding_has_one_place_and_as_many_match_as_can(before: Review, after: Review) -> None:
    told = compare(before, after)
    earlier, later = keys(before.findings), keys(after.findings)
    assert keys(told.solved) == earlier - later
    assert keys(told.new) == later - earlier
    assert keys(told.remaining) == earlier & later
    assert Counter(told.remaining + told.new) == Counter(after.findings)
    assert not Counter(told.solved) - Counter(before.findings)


@given(reviews, reviews)
def test_there_and_back_is_the_mirror(before: Review, after: Review) -> None:
    there, back = compare(before, after), compare(after, before)
    assert (keys(there.solved), keys(there.new)) == (keys(back.new), keys(back.solved))


@given(reviews, st.randoms(), st.integers(1, 9))
def test_neither_place_nor_order_nor_message_matters(one: Review, random: object, shift: int) -> None:
    moved = [
        replace(each, start=each.start + shift, end=each.end + shift, message="別の理由です。") for each in one.findings
    ]
    random.shuffle(moved)  # type: ignore[attr-defined]
    assert compare(one, review(*moved)) == Comparison((), tuple(moved), ())


@pytest.mark.parametrize("spellings", SPELLINGS.values())
def test_width_case_and_white_space_do_not_matter(spellings: tuple[str, ...]) -> None:
    assert len({FindingKey.quoting("insult.a", spelling) for spelling in spellings}) == 1


@given(st.text(), st.text())
def test_other_words_or_another_rule_are_another_finding(one: str, other: str) -> None:
    assert FindingKey.quoting("insult.a", one) != FindingKey.quoting("insult.b", one)
    assert FindingKey.quoting("a", f"甲{one}") != FindingKey.quoting("a", f"乙{other}")
