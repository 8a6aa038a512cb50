"""What ``/sns-check rules`` and ``/sns-check clause`` show, of the guidelines and rules that come with the program."""

from __future__ import annotations

import pytest

from bot.desk.clauses import find_clause
from bot.slack.blocks import Card
from bot.slack.reference import PAGE, clause_card, clauses_card, rules_card
from bot.slack.words import commands as words
from bot.slack.words import thread
from rules.guideline import Guideline
from rules.rulebook import Rulebook
from tests.doubles.slack import Reading
from tests.doubles.slack.blocks import check_message
from tests.doubles.slack.reading import read_message

RULEBOOK = Rulebook.load()
CHIBA, OIZUMI = (Guideline.load(name) for name in ("chiba", "oizumi"))


def seen(card: Card) -> Reading:
    blocks = list(card.blocks)
    check_message(blocks)
    return read_message({"text": card.text, "blocks": blocks})


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("4(6)①", "4(6)①"),
        ("４（６）①", "4(6)①"),
        ("4-6-1", "4(6)①"),
        ("4.6.1", "4(6)①"),
        ("4 6 1", "4(6)①"),
        ("4の6の1", "4(6)①"),
        ("第4の(6)の①", "4(6)①"),
        ("4(6)", "4(6)"),
        ("4(7)③ア", "4(7)③ア"),
        ("４（７）③ｱ", "4(7)③ア"),
        ("4-7-3-あ", "4(7)③ア"),
        ("5", "5"),
    ],
)
def test_a_clause_is_found_however_it_is_written(written: str, label: str) -> None:
    clause = find_clause(OIZUMI, written)
    assert clause is not None
    assert clause.label == label


@pytest.mark.parametrize("written", ["", "4(6)⑩", "461", "99", "お知らせ"])
def test_what_names_no_clause_finds_none(written: str) -> None:
    assert find_clause(OIZUMI, written) is None


@pytest.mark.parametrize("guideline", [CHIBA, OIZUMI], ids=lambda guideline: guideline.id)
def test_every_clause_is_quoted_word_for_word_under_its_guidelines_name(guideline: Guideline) -> None:
    for clause in guideline.clauses:
        assert find_clause(guideline, clause.label) is clause
        reading = seen(clause_card(guideline, clause, RULEBOOK.rules))
        assert reading.text.startswith(f"{guideline.name}\n{clause.label}")
        assert clause.text in reading.text
        assert (clause.unchecked or "") in reading.text
        assert (reading.mentions, reading.links) == ((), ())


def test_a_clause_has_its_topics_and_two_examples_of_its_rules() -> None:
    clause = CHIBA.clause("4(6)①")
    text = seen(clause_card(CHIBA, clause, RULEBOOK.rules)).text
    assert f"{words.CHECKED}侮辱・不敬な言い方" in text
    insults = [rule for rule in RULEBOOK.rules if rule.topic == "insult"][:2]
    for rule in insults:
        assert f"{thread.LEVEL[rule.level]}：{rule.title}" in text
    assert text.count("　⛔") + text.count("　⚠️") + text.count("　💡") == 2


def test_a_clause_that_is_none_is_answered_with_those_there_are() -> None:
    text = seen(clauses_card(CHIBA, "9-9")).text
    assert "見当たりません" in text
    assert all(clause.label in text for clause in CHIBA.clauses)
    assert "見当たりません" not in seen(clauses_card(CHIBA, "")).text


def test_all_rules_stand_on_some_page_under_their_topic() -> None:
    pages = [seen(rules_card(RULEBOOK, page)).text for page in range(-(-len(RULEBOOK.rules) // PAGE))]
    for rule in RULEBOOK.rules:
        line = f"{thread.MARK[rule.level]} {rule.title}"
        assert any(line in page and words.TOPIC[rule.topic] in page for page in pages), line
    assert words.PREVIOUS_PAGE not in pages[0]
    assert words.NEXT_PAGE not in pages[-1]
    assert all(words.NEXT_PAGE in page for page in pages[:-1])
