"""The lists of the chat: that Teams takes them whatever is in them, and that words of drafts do no harm there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.desk import Allowance, Decision, DecisionKind, DraftState, Page, Place, Summary, Version
from bot.desk.filters import PAGE, REMEMBERED_PAGES, Filter, Leaf
from bot.desk.remit import Remit
from bot.teams import words
from bot.teams.lists import (
    RULES_PAGE,
    WORDS_PAGE,
    clause_card,
    clauses_card,
    help_card,
    history_card,
    not_understood_card,
    rules_card,
    words_card,
)
from rules.guideline import Guideline
from rules.rulebook import Rulebook
from tests.doubles.teams.cards import faults, read_card

SOMEBODY = "10000000-0000-4000-8000-000000000000"
PLACE = Place("teams", SOMEBODY, "19:" + "a" * 60 + "@thread.tacv2", "1763690000000")
AT = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
EVERYTHING = Remit(everything=True, channels=frozenset())

HOSTILE = pytest.mark.parametrize(
    "written",
    ["あ" * 9_000, "\u202e" * 9_000, '"\\' * 4_000, "<at>x</at>[a](https://evil.example) {{DATE(2026-11-21)}} " * 200],
    ids=["long", "turned", "escaped", "marked up"],
)


@HOSTILE
def test_a_page_of_the_history(written: str) -> None:
    latest = Version(1, "1", 1.0, SOMEBODY, "chiba", written, AT)
    decision = Decision(DecisionKind.RETURN, "1", SOMEBODY, AT, written)
    drafts = [Summary(PLACE, DraftState.RETURNED, AT, AT, 3, latest, (SOMEBODY,), decision)] * PAGE
    shown = Filter(SOMEBODY, frozenset(DraftState), date(2026, 1, 1), date(2026, 12, 31))
    leaf = Leaf(shown, ("1000000",) * REMEMBERED_PAGES)
    card = history_card(leaf, Page(tuple(drafts), "999990", 1_000), {SOMEBODY: written}, words.OWN_ONLY)
    assert faults(card) == []
    assert "{{" not in read_card(card).text
    assert all(link.startswith("https://teams.microsoft.com/l/message/") for link in read_card(card).links)


@HOSTILE
def test_a_page_of_the_towns_words(written: str) -> None:
    allowed = [
        Allowance(number, "teams", SOMEBODY, "x.y", written, SOMEBODY, AT, written, None, PLACE)
        for number in range(WORDS_PAGE * 3)
    ]
    card = words_card(allowed, 1, EVERYTHING, {"x.y": "規則の題" * 6}, {SOMEBODY: written}, note="取り消しました。")
    assert faults(card) == []
    assert read_card(card).links == ()
    assert "{{" not in read_card(card).text


@HOSTILE
def test_what_is_repeated_of_a_question(written: str) -> None:
    for card in (not_understood_card([written] * 9), clauses_card(Guideline.load("chiba"), written)):
        assert faults(card) == []
        assert read_card(card).links == ()


@pytest.mark.parametrize("name", ["chiba", "oizumi"])
def test_every_clause_and_every_rule(name: str) -> None:
    guideline, rulebook = Guideline.load(name), Rulebook.load()
    assert [faults(clause_card(guideline, clause, rulebook.rules)) for clause in guideline.clauses] == [
        [] for _ in guideline.clauses
    ]
    pages = [rules_card(rulebook, page) for page in range(-(-len(rulebook.rules) // RULES_PAGE))]
    assert [faults(page) for page in pages] == [[] for _ in pages]
    shown = "\n".join(read_card(page).text for page in pages)
    assert all(rule.title in shown for rule in rulebook.rules)


def test_the_help() -> None:
    assert faults(help_card()) == []
