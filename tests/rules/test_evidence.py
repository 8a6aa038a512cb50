"""What the words of a match weigh, and that one rule alone on everyday words only advises."""

from datetime import date
from math import inf
from pathlib import Path

import pytest

from rules import Level, Reviewer, Topic, Verdict
from rules.classifier import Opinion, Weighing
from rules.evidence import CHANCE, COMMON, ENOUGH, PLAIN, SINGLE, SURE, Evidence, OrdinaryPosts, standing, together

TODAY = date(2026, 11, 21)
POSTS = OrdinaryPosts([f"{day}日は窓口を閉めます。" for day in range(1000)])


EVERYDAY, RARE, OTHER = (((0, 2),),), (((3, 5),),), (((6, 8),),)
"""Terms that stand in one place each."""
TEXT = "窓口で甲乙の丙丁"


def test_words_that_ordinary_posts_never_hold_weigh_most() -> None:
    words = POSTS.weigh(TEXT, (EVERYDAY, RARE)).words
    assert words["窓口"] < 1
    assert words["甲乙"] > 10
    assert POSTS.weigh(TEXT, (EVERYDAY, RARE)).bits < POSTS.weigh(TEXT, (RARE, OTHER)).bits


def test_the_heaviest_place_of_a_term_counts() -> None:
    either = (*EVERYDAY, *RARE)
    assert POSTS.weigh(TEXT, (either, OTHER)) == POSTS.weigh(TEXT, (RARE, OTHER))


def test_each_word_that_may_stand_anywhere_is_met_by_chance() -> None:
    in_a_row = POSTS.weigh(TEXT, ((((3, 5), (6, 8)),),))
    apart = POSTS.weigh(TEXT, (RARE, OTHER))
    assert apart.bits == pytest.approx(sum(apart.words.values()) - CHANCE)
    assert in_a_row.bits > sum(in_a_row.words.values()), "words in a row gain by standing close together"


def test_parts_of_speech_say_nothing_and_are_no_chance() -> None:
    assert POSTS.weigh(TEXT, (RARE, OTHER, ((),))) == POSTS.weigh(TEXT, (RARE, OTHER))


def test_a_single_word_is_not_weighed_and_a_phrase_is_plain() -> None:
    assert POSTS.weigh(TEXT, (EVERYDAY,)).bits == POSTS.weigh(TEXT, (RARE,)).bits == SINGLE
    assert POSTS.weigh("幼稚園からやり直せ", ((((0, 9),),),)) == PLAIN


def test_a_grave_word_is_sure() -> None:
    posts = OrdinaryPosts(["部長は馬鹿だ。"] * 9, grave=["馬鹿"])
    assert posts.weigh("部長は馬鹿だ。", ((((0, 2),),), (((3, 5),),))) == SURE


def test_only_other_words_add_to_the_plainest_match() -> None:
    one = Evidence(9.0, {"甲乙": 10.0, "丙": 7.0})
    assert together([one, Evidence(5.0, {"甲": 6.0, "甲乙丙": 7.0})]) == one.bits
    assert together([Evidence(5.0, {"丁": 7.0}), one, one]) == one.bits + 7.0 - COMMON
    assert together([one, Evidence(5.0, {"窓口": COMMON / 2})]) == one.bits
    assert together([one, PLAIN]) == inf


WEAK, STRONG = Evidence(ENOUGH - 1), Evidence(ENOUGH)
BY = Weighing(bias=-1, topic=1, anything=0.5, behind=-0.5, found=1, enough=1, other=-0.5)


def _opinion(anything: float = 0, **odds: float) -> Opinion:
    return Opinion({topic: odds.get(topic, -5.0) for topic in Topic if topic is not Topic.ACCURACY}, anything)


def test_without_an_opinion_words_that_say_enough_stand() -> None:
    assert standing({Topic.INSULT: [STRONG], Topic.RUMOR: [WEAK]}) == {Topic.INSULT}
    assert standing({}) == frozenset()


@pytest.mark.parametrize(
    ("found", "opinion", "warned"),
    [
        ({Topic.INSULT: [STRONG]}, _opinion(insult=-0.5), {Topic.INSULT}),
        ({Topic.INSULT: [STRONG]}, _opinion(insult=-3), set()),
        ({Topic.INSULT: [PLAIN]}, _opinion(insult=-3), set()),
        ({Topic.INSULT: [SURE]}, _opinion(insult=-3), {Topic.INSULT}),
        ({Topic.INSULT: [WEAK]}, _opinion(insult=0.5), {Topic.INSULT}),
        ({Topic.INSULT: [WEAK]}, _opinion(insult=-0.5), set()),
        ({}, _opinion(insult=1.5, anything=0.5), set()),
        ({}, _opinion(insult=1.5, anything=1), {Topic.INSULT}),
        ({Topic.ACCURACY: [STRONG]}, _opinion(), {Topic.ACCURACY}),
        ({Topic.RUMOR: [STRONG]}, _opinion(rumor=0, insult=1), {Topic.RUMOR}),
        ({Topic.RUMOR: [STRONG]}, _opinion(rumor=0, insult=3), {Topic.INSULT}),
    ],
)
def test_the_classifier_backs_and_overrules_what_is_not_sure(
    found: dict[Topic, list[Evidence]], opinion: Opinion, warned: set[Topic]
) -> None:
    assert standing(found, opinion, BY) == warned


@pytest.mark.parametrize(
    "text", ["部長は本当に馬鹿だ。", "課長は無能だ。", "あの議員はクズだ。", "窓口のおばさん、アホか。"]
)
def test_plain_abuse_of_somebody_is_forbidden_by_itself(text: str) -> None:
    assert Reviewer.load("chiba").review(text, today=TODAY).verdict is Verdict.BLOCK


RULES = """
topic: insult
rules:
  - id: insult.one
    title: 一
    level: block
    when: ["@t.place & @t.deed"]
    message: 「{quote}」です。
    suggestion: 直してください。
    examples: {hit: [窓口を閉める。], miss: [窓口です。]}
  - id: insult.two
    title: 二
    level: warn
    when: ["@t.deed & @t.tone", "@t.deed & @t.end"]
    message: 「{quote}」です。
    suggestion: 直してください。
    examples: {hit: [閉めやがる。, 閉めるぜ。], miss: [閉める。]}
"""


@pytest.fixture(scope="module")
def reviewer(tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    folder = tmp_path_factory.mktemp("rules")
    for name in ("rules", "words"):
        (folder / name).mkdir()
    (folder / "rules" / "insult.yaml").write_text(RULES, encoding="utf-8")
    words = "classes:\n  t.place: {words: 窓口 祠}\n  t.deed: {words: 閉める 砕く}\n  t.tone: {words: やがる}\n"
    words += "  t.end: {words: ぜ}\n"
    (folder / "words" / "t.yaml").write_text(words, encoding="utf-8")
    posts = "\n".join(f'{{"text": "{day}日は窓口を閉めます。"}}' for day in range(3000))
    (folder / "ordinary.jsonl").write_text(posts, encoding="utf-8")
    return Reviewer.load("chiba", Path(folder))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("窓口を閉めます。", Level.NOTE),
        ("祠を砕く。", Level.BLOCK),
        ("窓口を閉めやがる。", Level.NOTE),
    ],
)
def test_everyday_words_need_others_beside_them(reviewer: Reviewer, text: str, level: Level) -> None:
    assert reviewer.review(text, today=TODAY).findings[0].level is level


def test_a_rule_that_stands_alone_is_not_weighed() -> None:
    findings = Reviewer.load("chiba").review("昨日は飲酒運転で帰りました。", today=TODAY).findings
    assert [finding.level for finding in findings if finding.rule == "illegal_act.drunk_driving"] == [Level.BLOCK]


def test_enough_is_what_two_words_say_that_no_ordinary_post_holds() -> None:
    reviewer = Reviewer.load("chiba")
    two = reviewer._engine.ordinary.weigh("甲乙丙", ((((0, 1),),), (((1, 2),),)))
    assert 0.9 * two.bits < ENOUGH <= two.bits
