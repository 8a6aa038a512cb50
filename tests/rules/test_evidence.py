"""What the words of a match weigh, and that one rule alone on everyday words only advises."""

from datetime import date
from math import inf
from pathlib import Path

import pytest

from rules import Level, Reviewer, Verdict
from rules.evidence import ENOUGH, ENOUGH_IN_COUNSEL, OrdinaryPosts

TODAY = date(2026, 11, 21)
POSTS = OrdinaryPosts([f"{day}日は窓口を閉めます。" for day in range(1000)])


def test_words_that_ordinary_posts_never_hold_weigh_most() -> None:
    text = "窓口で甲乙"
    everyday, rare = (((0, 2),),), (((3, 5),),)
    assert POSTS.bits(text, (everyday, everyday)) < 1 < POSTS.bits(text, (everyday, rare)) < 15
    assert POSTS.bits(text, (rare, rare)) == pytest.approx(2 * POSTS.bits(text, (everyday, rare)), rel=0.1)


def test_the_heaviest_place_of_a_term_counts() -> None:
    text = "窓口で甲乙"
    assert POSTS.bits(text, ((((0, 2),), ((3, 5),)), (((3, 5),),))) == POSTS.bits(text, ((((3, 5),),), (((3, 5),),)))


def test_a_single_word_is_not_weighed() -> None:
    assert POSTS.bits("窓口", ((((0, 2),),),)) == inf


def test_words_that_stand_close_together_say_more() -> None:
    text = "窓口で甲乙"
    apart = POSTS.bits(text, ((((0, 2),),), (((3, 5),),)))
    assert POSTS.bits(text, ((((0, 2), (3, 5)),),)) > apart
    far = "窓口" + "で" * 50 + "甲乙"
    assert POSTS.bits(far, ((((0, 2), (52, 54)),),)) == apart


def test_a_grave_word_is_not_weighed() -> None:
    posts = OrdinaryPosts(["部長は馬鹿だ。"] * 9, grave=["馬鹿"])
    assert posts.bits("部長は馬鹿だ。", ((((0, 2),),), (((3, 5),),))) == inf


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
    when: ["@t.deed & @t.tone"]
    message: 「{quote}」です。
    suggestion: 直してください。
    examples: {hit: [閉めやがる。], miss: [閉める。]}
"""


@pytest.fixture(scope="module")
def reviewer(tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    folder = tmp_path_factory.mktemp("rules")
    for name in ("rules", "words"):
        (folder / name).mkdir()
    (folder / "rules" / "insult.yaml").write_text(RULES, encoding="utf-8")
    words = "classes:\n  t.place: {words: 窓口 祠}\n  t.deed: {words: 閉める 砕く}\n  t.tone: {words: やがる}\n"
    words += "  scope.counsel: {words: 相談窓口}\n"
    (folder / "words" / "t.yaml").write_text(words, encoding="utf-8")
    posts = "\n".join(f'{{"text": "{day}日は窓口を閉めます。"}}' for day in range(3000))
    (folder / "ordinary.jsonl").write_text(posts, encoding="utf-8")
    return Reviewer.load("chiba", Path(folder))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("窓口を閉めます。", Level.NOTE),
        ("祠を砕く。", Level.BLOCK),
        ("祠を砕く。困りごとの相談窓口もあります。", Level.NOTE),
        ("祠を砕きやがる。困りごとの相談窓口もあります。", Level.BLOCK),
        ("祠を砕く。お困りの方は相談窓口へ。", Level.NOTE),
        ("祠を砕きやがる。お困りの方は相談窓口へ。", Level.BLOCK),
        ("窓口を閉めやがる。", Level.BLOCK),
    ],
)
def test_everyday_words_need_a_second_rule(reviewer: Reviewer, text: str, level: Level) -> None:
    assert reviewer.review(text, today=TODAY).findings[0].level is level


def test_a_rule_that_stands_alone_is_not_weighed() -> None:
    findings = Reviewer.load("chiba").review("昨日は飲酒運転で帰りました。", today=TODAY).findings
    assert [finding.level for finding in findings if finding.rule == "illegal_act.drunk_driving"] == [Level.BLOCK]


def test_enough_is_about_two_words_that_no_ordinary_post_holds() -> None:
    reviewer = Reviewer.load("chiba")
    rarest = reviewer._engine.ordinary.bits("甲乙丙", ((((0, 3),),), (((0, 3),),)))
    assert 0.9 * rarest < ENOUGH < rarest < ENOUGH_IN_COUNSEL < 1.5 * rarest
