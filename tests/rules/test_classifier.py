"""The classifier: what it reads, how it adds up, what it says, and that its file fits the rule book."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import MAX_TEXT, Level, Reviewer, RulesError, Topic
from rules.classifier import PASSAGE, Classifier, Gate, Passage, _code, _Gate, codes, letters, passages, read
from rules.draft import Draft
from rules.lexicon import bits
from rules.rulebook import Rulebook
from rules.telling import _words, telling

TODAY = date(2026, 11, 21)
CHIBA = Reviewer.load("chiba")
ENGINE = CHIBA._engine
SCORN = "窓口に毎週来るあの方、ご自分だけが賢いと思っていらっしゃるようで、こちらは笑いをこらえるのに必死です。"
THANKS = "窓口に毎週来てくださる方から、季節の花をいただきました。玄関に飾っています。"

NAMES = tuple(f"class.{number}" for number in range(40))
steps = st.integers(-63, 63)
gates = st.builds(
    Gate,
    bias=st.floats(-2, 2),
    threshold=st.floats(-2, 2),
    unit=st.floats(0.01, 0.2),
    letters=st.dictionaries(st.text("あい市の。", min_size=1, max_size=2), steps.filter(bool)),
    classes=st.dictionaries(st.sampled_from(NAMES), steps.filter(bool)),
)


@given(st.text(max_size=2000))
def test_passages_cover_a_draft_in_order_with_whole_sentences(text: str) -> None:
    draft = Draft(text, TODAY)
    cut = list(passages(draft))
    assert "".join(text[passage.start : passage.end] for passage in cut) == text
    assert [index for passage in cut for index in range(passage.first, passage.last)] == list(
        range(len(draft.sentences))
    )
    assert all(draft.sentences[passage.first][0] == passage.start for passage in cut)


def test_a_draft_as_people_write_them_is_one_passage_and_a_long_one_is_several() -> None:
    sentence = "明日の朝市は雨でも開きます。"
    assert len(list(passages(Draft(sentence * 18, TODAY)))) == 1
    long = list(passages(Draft(sentence * 200, TODAY)))
    assert all(PASSAGE / 2 < passage.end - passage.start < PASSAGE * 2 for passage in long[:-1])


@given(st.text(max_size=60))
def test_letters_are_all_runs_of_up_to_three(text: str) -> None:
    runs = {text[at : at + length] for at in range(len(text)) for length in (1, 2, 3)}
    assert letters(text) == {run for run in runs if run}


@given(st.text(st.characters(max_codepoint=0xD7FF), max_size=60))
def test_codes_are_letters_and_pairs_as_numbers(text: str) -> None:
    runs = {*text, *(first + second for first, second in pairwise(text))}
    assert codes(text) == {_code(run) for run in runs}


@given(gates, st.text("あい市の。😀", max_size=40), st.integers(0, 2**40 - 1))
def test_a_gate_adds_up_the_weights_of_what_it_knows(gate: Gate, text: str, mask: int) -> None:
    held = [gate.classes[name] for at, name in enumerate(NAMES) if mask >> at & 1 and name in gate.classes]
    found = [gate.letters[run] for run in letters(text) if run in gate.letters]
    odds = gate.bias + gate.unit * sum(sum(known) / sqrt(len(known) or 1) for known in (held, found))
    ready = _Gate(gate, NAMES)
    assert ready.odds(text, mask) == pytest.approx(odds)
    assert ready.lets_through(gate.threshold + 0.1)
    assert not ready.lets_through(gate.threshold - 0.1)


@pytest.mark.parametrize("text", [SCORN, f"{SCORN}\n" + "明日の朝市は雨でも開きます。" * 60])
def test_a_bad_sentence_is_heard_in_a_long_draft_too(text: str) -> None:
    found = [finding for finding in CHIBA.review(text, today=TODAY).findings if finding.level is not Level.NOTE]
    assert {finding.topic for finding in found} <= {Topic.INSULT, Topic.HOSTILE_REPLY}
    assert found
    assert all(finding.end <= len(SCORN) for finding in found)


def test_words_that_are_shared_are_left_alone() -> None:
    assert CHIBA.review(THANKS, today=TODAY).findings == ()


def test_a_finding_of_the_classifier_names_words_of_the_draft() -> None:
    (finding,) = (finding for finding in CHIBA.matches(SCORN, today=TODAY) if finding.rule == "insult.tone")
    reading = ENGINE.lexicon.read(Draft(SCORN, TODAY))
    assert ENGINE.classifier is not None
    whole = Passage(0, len(reading.draft.sentences), 0, len(SCORN))
    named = [SCORN[start:end] for start, end in telling(ENGINE.classifier, reading, whole, Topic.INSULT)]
    assert named
    assert all(f"「{word}」" in finding.message for word in named)
    assert any(word in finding.quote for word in named)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("外国籍の人のことを言うww", ["外国籍"]),
        ("そんなことをしてもばれない。", ["ばれない"]),
        ("正職員3人が帰りました", ["正職員3人", "帰りました"]),
    ],
)
def test_words_that_are_named_say_something(text: str, words: list[str]) -> None:
    draft = Draft(text, TODAY)
    found = [text[start : draft.inflected_end(end)] for start, end in _words(draft.sentence_tokens(0))]
    assert [word for word in words if word in found] == words
    assert not {"こと", "言う", "ww", "し"} & set(found)


@given(st.text("\n 。！?「」あ漢a1😀", min_size=1, max_size=80))
def test_something_can_be_named_in_any_passage(text: str) -> None:
    reading = ENGINE.lexicon.read(Draft(text, TODAY))
    assert ENGINE.classifier is not None
    for passage in passages(reading.draft):
        for start, end in telling(ENGINE.classifier, reading, passage, Topic.RUMOR):
            assert passage.start <= start < end <= passage.end


def test_the_classifier_knows_the_word_classes_of_the_rule_book() -> None:
    weights = Rulebook.load().weights
    assert weights is not None
    known = set(ENGINE.lexicon.names)
    assert len(weights.classes.keys() - known) <= 0.02 * len(weights.classes), "train it again: make classifier"
    assert ENGINE.tones.keys() == set(weights.topics)


def test_a_rule_book_without_a_classifier_works_by_rules_alone() -> None:
    bare = Reviewer(CHIBA.guideline, dataclasses.replace(Rulebook.load(), weights=None))
    assert bare.review(SCORN, today=TODAY).findings == ()
    assert bare.review("部長は馬鹿だ。", today=TODAY).findings


def test_what_is_plain_is_not_searched_unless_somebody_added_words() -> None:
    weights = Rulebook.load().weights
    assert weights is not None
    reading = ENGINE.lexicon.read(Draft("明日の朝市は雨でも開きます。", TODAY))
    (passage,) = passages(reading.draft)
    heard = Classifier(weights, ENGINE.lexicon.names)
    assert heard.is_plain(reading, passage, weights.plain - 0.1)
    assert not heard.is_plain(reading, passage, weights.plain)
    present = {ENGINE.lexicon.names[number] for number in bits(reading.mask)}
    names = [f"{name}.new" if name in present else name for name in ENGINE.lexicon.names]
    assert not Classifier(weights, names).is_plain(reading, passage, weights.plain - 0.1)
    assert not Classifier(weights, ENGINE.lexicon.names, present).is_plain(reading, passage, weights.plain - 0.1)


def test_plain_abuse_is_found_in_the_plainest_post() -> None:
    post = "図書館の休館日は12月7日・14日・21日・28日です。返却ポストはいつでもお使いいただけます。" * 3
    found = CHIBA.review(f"{post}\n職員は馬鹿野郎だ。", today=TODAY).findings
    assert any("馬鹿" in finding.quote for finding in found if finding.level is Level.BLOCK)


def test_the_version_tells_of_the_weights(tmp_path: Path) -> None:
    for name in ("rules", "words"):
        (tmp_path / name).mkdir()
    (tmp_path / "words" / "one.yaml").write_text("classes:\n  one: {words: 柿}\n", encoding="utf-8")
    rule = "{id: insult.one, title: 一, level: warn, when: '@one', message: m, suggestion: s, examples: "
    rule += "{hit: [柿], miss: [梨]}}"
    (tmp_path / "rules" / "insult.yaml").write_text(f"topic: insult\nrules: [{rule}]\n", encoding="utf-8")
    without = Rulebook.load(tmp_path)
    weights = Rulebook.load().weights
    assert weights is not None
    (tmp_path / "classifier.json").write_text(weights.model_dump_json(), encoding="utf-8")
    assert without.weights is None
    assert Rulebook.load(tmp_path).weights == weights
    assert Rulebook.load(tmp_path).version != without.version


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"topics": ["insult"]})])
def test_a_broken_file_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "classifier.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=r"classifier\.json"):
        read(file)


def test_the_longest_text_is_read_in_passages() -> None:
    text = (SCORN * MAX_TEXT)[:MAX_TEXT]
    assert 0.8 * MAX_TEXT / PASSAGE < len(list(passages(Draft(text, TODAY)))) < 1.2 * MAX_TEXT / PASSAGE
