"""How a thing is said: the scopes of a word in a sentence."""

from datetime import date

import pytest

from rules.draft import Draft
from rules.lexicon import Lexicon
from rules.model import Scope
from rules.rulebook import Rulebook
from rules.scope import Scopes
from rules.text import see

LEXICON = Lexicon(Rulebook.load().classes)
D, F, W, Q = Scope.DENIED, Scope.FORBIDDEN, Scope.WARNED, Scope.QUOTED
A, H, U, S = Scope.ASKED, Scope.HEARSAY, Scope.URGED, Scope.SUPPOSED


def scopes(sentence: str, word: str) -> frozenset[Scope]:
    text = see(sentence).text
    reading = LEXICON.read(Draft(text, date(2026, 11, 21)))
    start = text.index(word)
    return Scopes(LEXICON, reading).at(start, start + len(word))


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("還付金詐欺にご注意ください。", "詐欺", {W}),
        ("差別をなくそう！", "差別", {W}),
        ("詐欺が増えています。ご注意ください。", "詐欺", {W}),
        ("差別をしてはいけません。", "差別", {F}),
        ("ここで花火をするな！", "花火", {F}),
        ("飲酒運転はダメ、ゼッタイ。", "飲酒運転", {F}),
        ("市長は無能ではありません。", "無能", {D}),
        ("心の病は怖い病気ではありません。", "怖い", {D}),
        ("差別的な扱いをするつもりは決してありません。", "差別", {D}),
        ("ダムが決壊したという情報は事実ではありません。", "決壊", {D}),
        ("「死ね」と書き込まれたことがあります。", "死ね", {Q}),
        ("映画『馬と鹿』を上映します。", "馬", {Q}),
        ("ダムが決壊したらしい。", "決壊", {H}),
        ("犯人は隣の市の職員みたい", "職員", {H}),
        ("もし地震が起きたら逃げましょう。", "地震", {S}),
        ("みんなで抗議の電話をしよう！", "電話", {U}),
        ("さっさと出て行ってください。", "出て", {U}),
        ("予算は足りていますか。", "予算", {A}),
    ],
)
def test_cue_covers_the_word_before_it(sentence: str, word: str, expected: set[Scope]) -> None:
    assert expected <= scopes(sentence, word)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("市長は無能だ。", "無能"),
        ("無能な職員は要らない。", "無能"),
        ("無能に違いない。", "無能"),
        ("あいつはペテン師だな。", "ペテン師"),
        ("「無能」な市長だ。", "無能"),
        ("予算はまだ決まっていないが、来年度から無料になる。", "無料"),
        ("市民に馬鹿にされたので、対策を講じます。", "馬鹿"),
    ],
)
def test_what_a_cue_does_not_reach_is_plainly_asserted(sentence: str, word: str) -> None:
    assert scopes(sentence, word) == frozenset()


def test_rhetorical_negation_asserts() -> None:
    assert D not in scopes("市長は無能ではないか。", "無能")
    assert D not in scopes("市長は無能じゃないでしょうか。", "無能")


def test_a_scope_ends_with_its_clause() -> None:
    sentence = "飲酒運転は禁止ですが、あの課長は無能だ。"
    assert F in scopes(sentence, "飲酒運転")
    assert scopes(sentence, "無能") == frozenset()
