"""Rule files: what is refused, and with which words; and that every listed word is found."""

from datetime import date
from pathlib import Path

import pytest

from rules import Reviewer, RulesError
from rules.draft import Draft
from rules.lexicon import Lexicon
from rules.rulebook import Rulebook
from rules.text import see

WORDS = "classes:\n  fruit:\n    words: りんご 柿\n"
SCOPES = Path(__file__).parents[2] / "rules" / "data" / "words" / "scope.yaml"
RULE = """topic: insult
rules:
  - id: insult.fruit
    title: 果物
    level: warn
    when: "@fruit"
    message: 「{quote}」です。
    suggestion: 野菜にしてください。
    examples:
      hit: [柿だ。]
      miss: [人参だ。]
"""


def folder(tmp_path: Path, rule: str = RULE, words: str = WORDS) -> Path:
    for name, text in (("rules/insult.yaml", rule), ("words/fruit.yaml", words)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "words" / "scope.yaml").write_bytes(SCOPES.read_bytes())
    return tmp_path


def test_own_rules_can_be_loaded_from_a_folder(tmp_path: Path) -> None:
    review = Reviewer.load("chiba", folder(tmp_path)).review("柿と桃。", today=date(2026, 11, 21))
    assert [(finding.rule, finding.quote, finding.message) for finding in review.findings] == [
        ("insult.fruit", "柿", "「柿」です。")
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("      hit: [柿だ。]\n", "", r"insult\.yaml \d+行目.*「hit」"),
        ("      miss: [人参だ。]\n", "      miss: []\n", r"insult\.yaml \d+行目.*「miss」"),
        ("topic: insult", "topic: insults", r"insult\.yaml 1行目.*insults"),
        ("level: warn", "level: severe", r"5行目.*severe"),
        ("@fruit", "@fruits", r"規則「insult\.fruit」：語群「@fruits」がありません"),
        ("id: insult.fruit", "id: rumor.fruit", r"3行目.*「insult\.」で始めて"),
        ("{quote}", "{word}", r"規則「insult\.fruit」：\{word\} は使えません"),
        ("{quote}", "{quote", r"波かっこ"),
        ('when: "@fruit"', "detector: dates.nothing", r"検出器「dates\.nothing」がありません"),
        ('    when: "@fruit"\n', "", r"「when」「detector」「tone」のどれか"),
        ("    message:", "   message:", r"YAMLの書き方"),
        ("title: 果物", "title: 果物\n    titel: 果物", r"「titel」は使えません"),
    ],
)
def test_a_broken_rule_file_is_refused_with_file_rule_and_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in RULE
    with pytest.raises(RulesError, match=complaint):
        Reviewer.load("chiba", folder(tmp_path, RULE.replace(old, new)))


def test_a_rule_id_is_used_once(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / "rules" / "more.yaml").write_text(RULE, "utf-8")
    with pytest.raises(RulesError, match=r"「insult\.fruit」はほかの場所にもあります"):
        Reviewer.load("chiba", place)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("classes:\n  fruit:\n    words: りんご @nuts\n", "語群「@nuts」がありません"),
        ("classes:\n  fruit:\n    words: '@fruit'\n", "自分自身を含んで"),
        ("classes:\n  fruit: {}\n", "「words」"),
    ],
)
def test_a_broken_word_file_is_refused(tmp_path: Path, words: str, complaint: str) -> None:
    with pytest.raises(RulesError, match=complaint):
        Reviewer.load("chiba", folder(tmp_path, words=words))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="規則のファイル"):
        Rulebook.load(tmp_path)


def test_every_listed_word_is_found_where_it_stands() -> None:
    """A word that the tokenizer cuts otherwise than the author of the list thought would never fire."""
    classes = Rulebook.load().classes
    lexicon = Lexicon(classes)
    silent = []
    for word_class in classes:
        number = lexicon.number(word_class.name)
        for word in word_class.words:
            if word.startswith(("<", "@")):
                continue
            contexts = (word.lstrip("~"), f"これは{word}。", f"その人が{word}と言う。", f"{word}です")
            if not any(_occurs(lexicon, number, context) for context in contexts):
                silent.append(f"{word_class.name}: {word}")
    assert silent == []


def _occurs(lexicon: Lexicon, number: int, text: str) -> bool:
    reading = lexicon.read(Draft(see(text.replace("~", "")).text, date(2026, 11, 21)))
    return any(reading.occurrences(index, number) for index in range(len(reading.draft.sentences)))
