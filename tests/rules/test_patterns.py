"""The pattern language: what each sign of it means, and that the index finds what looking at every rule would find."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.draft import Draft
from rules.lexicon import Lexicon, WordClass
from rules.patterns import Index, Matcher, PatternError, compile_pattern, literal_class, literals
from rules.scope import SCOPE_CLASSES, Scopes

CLASSES = (
    *(WordClass(name, ("＿",)) for name in SCOPE_CLASSES),
    WordClass("fruit", ("りんご", "みかん", "柿"), exceptions=("りんご飴",)),
    WordClass("eat", ("食べる", "かじる", "試食する")),
    WordClass("tasty", ("おいしい", "甘い")),
    WordClass("food", ("@fruit", "パン")),
    WordClass("name", ("<人名>",)),
    WordClass("short", ("のむ", "襲ってくる", "殴られる")),
    WordClass("shunned", ("無能", "殴る", "毒"), disguised=True),
    WordClass("slang", ("~うまうま",)),
    WordClass("cut", ("夜中に泣", "教えちゃ", "目が見えな", "会議で")),
)


def spans(pattern: str, text: str) -> list[str]:
    own = [WordClass(literal_class(choice), tuple(choice.split("|"))) for choice in dict.fromkeys(literals(pattern))]
    lexicon = Lexicon((*CLASSES, *own))
    reading = lexicon.read(Draft(text, date(2026, 11, 21)))
    matcher = Matcher(reading, Scopes(lexicon, reading))
    index = Index([(compile_pattern(pattern, lexicon), None)])
    found = {match[:2] for compiled, _, at in index.candidates(reading) for match in matcher.find(compiled, at)}
    return [text[start:end] for start, end in sorted(found)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("@fruit", "りんごとみかん。", ["りんご", "みかん"]),
        ("@fruit", "りんご飴とみかん。", ["みかん"]),
        ("@food", "パンと柿。", ["パン", "柿"]),
        ("@eat", "もう食べました。柿はかじって、パンは試食しない。", ["食べ", "かじっ", "試食し"]),
        ("@eat:命令形", "早く食べろ。もう食べた。", ["食べろ"]),
        ("@cut", "夜中に泣いたと教えちゃう。目が見えない。", ["夜中に泣い", "教えちゃう", "目が見えない"]),
        ("@cut", "会議できる部屋、会議です。会議で話す。", ["会議で"]),
        ("@fruit を @eat", "柿を食べ、柿は食べず。", ["柿を食べ"]),
        ("@fruit (を|は) @eat", "柿を食べ、柿は食べず。", ["柿を食べ", "柿は食べ"]),
        ("@fruit ~ @tasty", "柿はとても甘い。", ["柿はとても甘い"]),
        ("@fruit ~ @tasty", "柿は、去年の秋に植えた木のものが甘い。", []),
        ("@fruit … @tasty", "柿は、去年の秋に植えた木のものが甘い。", ["柿は、去年の秋に植えた木のものが甘い"]),
        ("@tasty & @fruit", "甘いのは柿です。", ["甘い"]),
        ("@tasty & @fruit", "甘い。柿です。", []),
        ("near: @tasty & @fruit", "甘い。柿です。", ["甘い"]),
        ("draft: @tasty & @fruit", "甘い。そして赤い。これは柿です。", ["甘い"]),
        ("near: @tasty & @slang & @fruit", "うまうま。甘い。柿です。", ["甘い"]),
        ("@short", "水をのまずに茶をのんだが、のどかな野。", ["のま", "のん"]),
        ("@shunned", "むのう、むのうな人、かのう。", ["むのう", "むのう"]),
        ("@shunned", "人をなぐった。なぐさめた。どく。", ["なぐっ"]),
        ("@short", "襲ってきた。", ["襲ってき"]),
        ("@short", "殴られて、殴られた。", ["殴られ", "殴られ"]),
        ("clause: @tasty & @fruit", "甘いけれど、柿ではない。", []),
        ("@fruit & !@tasty", "柿を買う。甘い柿を買う。", ["柿"]),
        ("<人名> … @eat", "佐藤さんが食べた。", ["佐藤さんが食べ"]),
        ("@name (さん|様) … @eat", "佐藤さんが食べた。", ["佐藤さんが食べ"]),
        ("収穫する & @fruit", "柿を収穫した。", ["収穫し"]),
        ("(収穫|摘果) & @fruit", "柿の摘果。", ["摘果"]),
        ("@slang", "これうまうまだよ", ["うまうま"]),
    ],
)
def test_pattern_marks_what_it_means(pattern: str, text: str, found: list[str]) -> None:
    assert spans(pattern, text) == found


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("@nothing", "語群「@nothing」がありません"),
        ("!@fruit", "最初の条件に「!」は付けられません"),
        ("<人名>", "語群か語を少なくとも一つ"),
        ("@fruit & ", "条件が空です"),
        ("@fruit )", "読めません"),
    ],
)
def test_a_line_that_is_no_pattern_is_refused_in_plain_words(pattern: str, complaint: str) -> None:
    with pytest.raises(PatternError, match=complaint):
        compile_pattern(pattern, Lexicon(CLASSES))


def test_letters_inside_another_word_are_no_word() -> None:
    lexicon = Lexicon((*CLASSES, WordClass("outsider", ("外人", "土人"))))
    reading = lexicon.read(Draft("海外人材と土人形の展示。", date(2026, 11, 21)))
    assert reading.occurrences(0, lexicon.number("outsider")) == ()


@given(
    st.lists(
        st.sampled_from(
            [
                "柿",
                "りんご",
                "を",
                "食べる",
                "甘い",
                "。",
                "、",
                "が",
                "は",
                "ない",
                "佐藤さん",
                "\n",
                "パン",
                "うまうま",
            ]
        ),
        max_size=30,
    )
)
@example(["食べる", "が", "、", "柿", "。"])
@example(["柿", "佐藤さん", "は", "ない", "、", "甘い"])
def test_index_finds_what_trying_every_sentence_finds(words: list[str]) -> None:
    text = "".join(words)
    lexicon = Lexicon(CLASSES)
    reading = lexicon.read(Draft(text, date(2026, 11, 21)))
    matcher = Matcher(reading, Scopes(lexicon, reading))
    for line in (
        "@fruit を @eat",
        "@fruit ~ @tasty",
        "@fruit & @tasty",
        "near: @fruit & @tasty & @slang",
        "near: @slang & @fruit を @eat",
        "draft: @fruit & @eat",
        "@name … @eat & !@tasty",
        "@fruit (を|は|が) ~ ない",
        "@fruit ~ (ない|ません) & @tasty",
        "near: @slang & @fruit (は|が) @tasty ない",
        "@fruit <助詞> @eat ~ (を|が) @food",
        "が @fruit を <動詞>",
        "@eat (が|は) ~ @fruit",
    ):
        pattern = compile_pattern(line, lexicon)
        indexed = {
            match for _, _, at in Index([(pattern, None)]).candidates(reading) for match in matcher.find(pattern, at)
        }
        tried = {match for at in range(len(reading.draft.sentences)) for match in matcher.find(pattern, at)}
        assert indexed == tried
